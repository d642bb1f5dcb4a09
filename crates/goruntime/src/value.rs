//! Headers of values that point elsewhere: interfaces, closures, strings, slices.

use adit_process::{Addr, Memory};

use crate::module::Modules;
use crate::reader::Reader;
use crate::rtype::RuntimeType;
use crate::{Fact, GoRuntime, RuntimeError};

/// A string's or slice's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceHeader {
    /// First element.
    pub data: Addr,
    /// Length in elements. Negative when the header is garbage.
    pub len: i64,
    /// Capacity in elements; of a string, its length.
    pub cap: i64,
}

/// A non-nil interface value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceValue {
    /// The concrete type's descriptor.
    pub typ: RuntimeType,
    /// DW_AT_go_runtime_type of the concrete type: the offset of its descriptor in its module. `None`: the type was
    /// made at run time by package reflect.
    pub type_offset: Option<u64>,
    /// Index of that module in the list of modules.
    pub module: Option<usize>,
    /// Where the concrete value is: the data word itself for direct types, else where it points.
    pub value: Addr,
}

impl GoRuntime {
    /// Reads a string's header at `addr`.
    pub fn string_header(&self, memory: &dyn Memory, addr: Addr) -> Result<SliceHeader, RuntimeError> {
        let word = self.layout.pointer_size();
        let header = Reader::new(memory, self.layout.arch).record(addr, 2 * word)?;
        let len = self.signed(header.pointer(word));
        Ok(SliceHeader { data: header.pointer(0), len, cap: len })
    }

    /// Reads a slice's header at `addr`.
    pub fn slice_header(&self, memory: &dyn Memory, addr: Addr) -> Result<SliceHeader, RuntimeError> {
        let word = self.layout.pointer_size();
        let header = Reader::new(memory, self.layout.arch).record(addr, 3 * word)?;
        let signed = |offset| self.signed(header.pointer(offset));
        Ok(SliceHeader { data: header.pointer(0), len: signed(word), cap: signed(2 * word) })
    }

    /// A word of the target as `int`.
    fn signed(&self, word: Addr) -> i64 {
        let unused = 64 - 8 * u32::from(self.layout.arch.pointer_size);
        (word.0 << unused).cast_signed() >> unused
    }

    /// The concrete type of the interface value at `addr`; zero for nil. `empty`: the interface type has no methods.
    pub fn interface_type(&self, memory: &dyn Memory, addr: Addr, empty: bool) -> Result<Addr, RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        let first = reader.pointer(addr)?;
        if empty || first.0 == 0 {
            return Ok(first);
        }
        reader.pointer(first.offset(self.layout.of(Fact::ItabType)?.cast_signed()))
    }

    /// Reads the interface value at `addr`; `None` for nil. `empty`: the interface type has no methods.
    pub fn interface(
        &self,
        memory: &dyn Memory,
        modules: &Modules,
        addr: Addr,
        empty: bool,
    ) -> Result<Option<InterfaceValue>, RuntimeError> {
        let type_addr = self.interface_type(memory, addr, empty)?;
        if type_addr.0 == 0 {
            return Ok(None);
        }
        let typ = self.runtime_type(memory, modules, type_addr)?;
        let word = addr.offset(self.layout.pointer_size().cast_signed());
        let value = if typ.direct { word } else { Reader::new(memory, self.layout.arch).pointer(word)? };
        let module = modules.0.iter().position(|module| module.type_offset(type_addr).is_some());
        let type_offset = module.and_then(|i| modules.0[i].type_offset(type_addr));
        Ok(Some(InterfaceValue { typ, type_offset, module, value }))
    }

    /// Entry of the code of a function value: of what the word of a `func` variable points to (`runtime.funcval`).
    /// Captured variables follow that word.
    pub fn closure_code(&self, memory: &dyn Memory, funcval: Addr) -> Result<Addr, RuntimeError> {
        Reader::new(memory, self.layout.arch).pointer(funcval)
    }
}
