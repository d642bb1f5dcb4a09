//! All types that a program has descriptors of, without any debug information: from the lists that the linker keeps
//! for package reflect, and whatever those lead to.

use std::collections::BTreeSet;

use adit_process::{Addr, Memory};

use crate::module::{Module, Modules};
use crate::reader::Reader;
use crate::{Fact, GoRuntime, Kind, RuntimeError, RuntimeShape, RuntimeType};

/// Descriptors beyond this are not followed: no program has as many.
const MAX_TYPES: usize = 1 << 22;
/// Bytes of itabs that are looked at, at most.
const MAX_ITAB_BYTES: u64 = 256 << 20;

impl GoRuntime {
    /// Every type of which the modules have a descriptor that reflection could reach, by address. Descriptors that
    /// are damaged are left out, with all that only they lead to.
    pub fn all_types(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
    ) -> Result<Vec<RuntimeType>, RuntimeError> {
        let mut walk =
            TypeWalk { runtime: self, memory, modules, seen: BTreeSet::new(), waiting: Vec::new() };
        for module in &modules.0 {
            walk.add_links(module)?;
        }
        Ok(walk.follow())
    }

    /// The descriptor of pointers to a type, if the program has one.
    pub fn pointer_to_type(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        typ: Addr,
    ) -> Result<Option<Addr>, RuntimeError> {
        let at = typ.offset(self.layout.of(Fact::TypePtrToThis)?.cast_signed());
        let offset = Reader::new(memory, self.layout.arch).uint(at, 4)?;
        let module = modules.of_type(typ).filter(|_| offset != 0);
        Ok(module.and_then(|module| module.type_address(offset)))
    }
}

/// A walk over type descriptors.
struct TypeWalk<'a> {
    runtime: &'a GoRuntime,
    memory: &'a dyn Memory,
    modules: &'a Modules,
    seen: BTreeSet<Addr>,
    waiting: Vec<Addr>,
}

impl TypeWalk<'_> {
    fn add(&mut self, addr: Addr) {
        // Only a module's own types: others were made by package reflect, and anything else is damage.
        let own = self.modules.of_type(addr).is_some();
        if own && self.seen.len() < MAX_TYPES && self.seen.insert(addr) {
            self.waiting.push(addr);
        }
    }

    /// What the module lists itself.
    fn add_links(&mut self, module: &Module) -> Result<(), RuntimeError> {
        let layout = &self.runtime.layout;
        match (layout.get(Fact::ModuleTypeLinks), layout.get(Fact::ModuleTypeDescLen)) {
            (Some(links), _) => {
                self.add_type_links(module, links)?;
                self.add_itab_links(module, layout.of(Fact::ModuleItabLinks)?)
            }
            (None, Some(len)) => {
                self.add_descriptors(module, len)?;
                self.add_itabs(module)
            }
            (None, None) => Ok(()),
        }
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(self.memory, self.runtime.layout.arch)
    }

    /// The slice (address and length) at `offset` of a module.
    fn slice(&self, module: &Module, offset: u64) -> Result<(Addr, u64), RuntimeError> {
        let at = module.addr.offset(offset.cast_signed());
        let word = self.runtime.layout.pointer_size();
        Ok((self.reader().pointer(at)?, self.reader().pointer(at.offset(word.cast_signed()))?.0))
    }

    /// `moduledata.typelinks`: offsets of four bytes each, up to Go 1.26.
    fn add_type_links(&mut self, module: &Module, field: u64) -> Result<(), RuntimeError> {
        let (array, count) = self.slice(module, field)?;
        let bytes = self.reader().bytes(array, count.saturating_mul(4), 4 * MAX_TYPES as u64)?;
        for offset in bytes.chunks_exact(4) {
            let offset = self.runtime.layout.arch.byte_order.uint(offset);
            self.add(module.type_address(offset).unwrap_or_default());
        }
        Ok(())
    }

    /// `moduledata.itablinks`: pointers to itabs, up to Go 1.26.
    fn add_itab_links(&mut self, module: &Module, field: u64) -> Result<(), RuntimeError> {
        let (array, count) = self.slice(module, field)?;
        let itabs = self.reader().pointers(array, count, MAX_TYPES as u64)?;
        for itab in itabs {
            for field in [Fact::ItabInter, Fact::ItabType] {
                let offset = self.runtime.layout.of(field)?;
                if let Ok(typ) = self.reader().pointer(itab.offset(offset.cast_signed())) {
                    self.add(typ);
                }
            }
        }
        Ok(())
    }

    /// Since Go 1.27 the listed descriptors follow one another (`runtime/type.go`, moduleTypelinks).
    fn add_descriptors(&mut self, module: &Module, len_field: u64) -> Result<(), RuntimeError> {
        let word = self.runtime.layout.pointer_size();
        let len = self.reader().pointer(module.addr.offset(len_field.cast_signed()))?.0;
        let start = module.types.0.0;
        let end = start.saturating_add(len).min(module.types.1.0);
        let mut at = start.saturating_add(word);
        while at < end {
            at = at.next_multiple_of(word);
            let Ok(size) = self.descriptor_size(Addr(at)) else { break };
            self.add(Addr(at));
            at = at.saturating_add(size);
        }
        Ok(())
    }

    /// The bytes that a descriptor takes, with what follows it (`internal/abi/type.go` of go1.27, DescriptorSize).
    fn descriptor_size(&self, addr: Addr) -> Result<u64, RuntimeError> {
        let layout = &self.runtime.layout;
        let typ = self.runtime.runtime_type(self.memory, self.modules, addr)?;
        let word = layout.pointer_size();
        let count_at = |fact| {
            let len = addr.offset((layout.of(fact)? + word).cast_signed());
            self.reader().pointer(len).map(|count| count.0)
        };
        let (own, members) = match typ.kind {
            Kind::ARRAY => (Fact::ArrayTypeSize, 0),
            Kind::CHAN => (Fact::ChanTypeSize, 0),
            Kind::FUNC => match self.runtime.runtime_shape(self.memory, self.modules, &typ)? {
                RuntimeShape::Func { params, results, .. } => {
                    (Fact::FuncTypeSize, (params.len() + results.len()) as u64 * word)
                }
                _ => (Fact::FuncTypeSize, 0),
            },
            Kind::INTERFACE => {
                let methods = count_at(Fact::InterfaceMethods)?;
                (Fact::InterfaceTypeSize, methods.saturating_mul(layout.of(Fact::ImethodSize)?))
            }
            Kind::MAP => (Fact::MapTypeSize, 0),
            Kind::POINTER => (Fact::PtrTypeSize, 0),
            Kind::SLICE => (Fact::SliceTypeSize, 0),
            Kind::STRUCT => {
                let fields = count_at(Fact::StructFields)?;
                (Fact::StructTypeSize, fields.saturating_mul(layout.of(Fact::FieldSize)?))
            }
            _ => (Fact::TypeHeaderSize, 0),
        };
        let methods = self.runtime.uncommon_size(self.memory, &typ)?;
        Ok(layout.of(own)?.saturating_add(members).saturating_add(methods))
    }

    /// The types that the itabs name. Since Go 1.27 itabs follow the descriptors, one another, and each has as many
    /// words as its interface has methods: every word that points to a descriptor is one that an itab names, since
    /// methods are in the code.
    fn add_itabs(&mut self, module: &Module) -> Result<(), RuntimeError> {
        let layout = &self.runtime.layout;
        let field = |fact| self.reader().pointer(module.addr.offset(layout.of(fact)?.cast_signed()));
        let (offset, size) = (field(Fact::ModuleItabOffset)?.0, field(Fact::ModuleItabSize)?.0);
        let Some(start) = module.type_address(offset).filter(|_| size > 0) else { return Ok(()) };
        let words = self.reader().pointers(start, size / layout.pointer_size(), MAX_ITAB_BYTES)?;
        for word in words.into_iter().filter(|word| (module.types.0..start).contains(word)) {
            self.add(word);
        }
        Ok(())
    }

    /// All that can be reached from what is waiting.
    fn follow(mut self) -> Vec<RuntimeType> {
        let mut found = Vec::new();
        while let Some(addr) = self.waiting.pop() {
            let Ok(typ) = self.runtime.runtime_type(self.memory, self.modules, addr) else { continue };
            if let Ok(Some(pointer)) = self.runtime.pointer_to_type(self.memory, self.modules, addr) {
                self.add(pointer);
            }
            if let Ok(shape) = self.runtime.runtime_shape(self.memory, self.modules, &typ) {
                shape.parts().into_iter().for_each(|part| self.add(part));
            }
            if let Ok(methods) = self.runtime.runtime_methods(self.memory, self.modules, &typ) {
                methods.into_iter().filter_map(|method| method.typ).for_each(|typ| self.add(typ));
            }
            found.push(typ);
        }
        found.sort_by_key(|typ| typ.addr);
        found
    }
}

impl RuntimeShape {
    /// The descriptors of the types that it is made of.
    fn parts(self) -> Vec<Addr> {
        match self {
            RuntimeShape::Basic => Vec::new(),
            RuntimeShape::Array { elem, .. }
            | RuntimeShape::Chan { elem, .. }
            | RuntimeShape::Pointer { elem }
            | RuntimeShape::Slice { elem } => vec![elem],
            RuntimeShape::Map { key, elem } => vec![key, elem],
            RuntimeShape::Func { params, results, .. } => [params, results].concat(),
            RuntimeShape::Interface { methods } => methods.into_iter().filter_map(|(_, typ)| typ).collect(),
            RuntimeShape::Struct(fields) => fields.into_iter().map(|field| field.typ).collect(),
        }
    }
}
