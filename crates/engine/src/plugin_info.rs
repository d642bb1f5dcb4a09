//! Debug information of plugins, put in the terms of the executable's: its addresses as if the executable's file had them
//! (what [`Image::to_target`](crate::image::Image::to_target) leads to the process with), and its types with ids that say
//! which library they are of. Whoever looks at variables need not know where their function is.

use std::rc::Rc;
use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::{
    Dwarf, FileAddr, FunctionInfo, InlinedCall, Location, LocationContext, LocationError, PackageVariable,
    Pattern, Piece, PiecePlace, ScopeBlock, Shape, SymbolError, Type, TypeId, Variable,
};

use crate::Debugger;
use crate::eval::{EvalError, fail};
use crate::library::Library;
use crate::plugin::Module;
use crate::value::descriptor::is_built;
use crate::value::{Loader, Value, ValueError};

/// Where a type's id has the number of its library; 0 is the executable. Above it are marks of types without an entry of
/// their own, below it the entry's place in `.debug_info`, of which nobody has a terabyte.
const NUMBER_SHIFT: u32 = 40;
const NUMBER: u64 = 0xff << NUMBER_SHIFT;

/// A variable's full name, and its value or why it has none.
pub(crate) type NamedValue = (String, Result<Value, EvalError>);

/// More typedefs of typedefs are taken for a cycle.
const MOST_TYPEDEFS: usize = 64;

/// The number of the library whose debug information has this type; `None`: the executable's, or nobody's.
pub(crate) fn library_of(id: TypeId) -> Option<u8> {
    let number = (id.0 & NUMBER) >> NUMBER_SHIFT;
    u8::try_from(number).ok().filter(|number| *number != 0 && !is_built(id))
}

fn numbered(id: TypeId, number: u8) -> TypeId {
    TypeId(id.0 | u64::from(number) << NUMBER_SHIFT)
}

impl Loader<'_> {
    /// A type of a library.
    pub(crate) fn type_of_library(&self, id: TypeId, number: u8) -> Result<Arc<Type>, ValueError> {
        let gone = || ValueError::Other("the type's library is not loaded any more".to_owned());
        let library = self.image.libraries.numbered(number).ok_or_else(gone)?;
        let ty = library.binary.dwarf()?.type_of(TypeId(id.0 & !NUMBER))?;
        Ok(self.adopt_type(&ty, number))
    }

    /// The type beneath a chain of typedefs that begins in a library.
    pub(crate) fn underlying_of_library(&self, ty: &Arc<Type>) -> Result<Arc<Type>, ValueError> {
        let mut ty = ty.clone();
        for _ in 0..MOST_TYPEDEFS {
            match ty.shape {
                Shape::Typedef(target) => ty = self.type_of(target)?,
                _ => return Ok(ty),
            }
        }
        Err(ValueError::Other(format!("the type {} has no end", ty.name)))
    }

    /// The type that the runtime's descriptor at this offset describes, in the plugin with code at `code`.
    pub(crate) fn type_of_module(&self, code: Addr, offset: u64) -> Option<Arc<Type>> {
        let library = self.image.libraries.at(self.target, code).filter(|library| library.is_go())?;
        let ty = library.binary.dwarf().ok()?.type_by_runtime_offset(offset).ok()??;
        Some(self.adopt_type(&ty, library.number))
    }

    /// The executable's type, if it has the same one: a program has each package once.
    fn adopt_type(&self, ty: &Type, number: u8) -> Arc<Type> {
        let is_whole = ty.go_kind.is_some() && ty.dict_index.is_none();
        let known = self.dwarf().ok().filter(|_| is_whole);
        let known = known.and_then(|dwarf| dwarf.type_by_name(&ty.name).ok().flatten());
        if let Some(known) = known.filter(|known| known.size == ty.size && known.go_kind == ty.go_kind) {
            return known;
        }
        let mut own = ty.clone();
        own.id = numbered(ty.id, number);
        match &mut own.shape {
            Shape::Pointer(Some(id)) | Shape::Typedef(id) | Shape::Array { elem: id, .. } => {
                *id = numbered(*id, number);
            }
            Shape::Slice { elem } => *elem = numbered(*elem, number),
            Shape::Map { key, elem, header } => {
                for id in [key, elem, header] {
                    *id = numbered(*id, number);
                }
            }
            Shape::Chan { elem, header } => {
                for id in [elem, header] {
                    *id = numbered(*id, number);
                }
            }
            Shape::Struct(fields) | Shape::Union(fields) => {
                for field in fields {
                    field.type_id = numbered(field.type_id, number);
                }
            }
            _ => {}
        }
        Arc::new(own)
    }
}

/// How far addresses of a library are moved to be the executable's, and the library's number.
#[derive(Clone, Copy)]
struct Move {
    by: u64,
    number: u8,
}

impl Move {
    fn addr(self, addr: &mut FileAddr) {
        addr.0 = addr.0.wrapping_add(self.by);
    }

    fn ranges(self, ranges: &mut [(FileAddr, FileAddr)]) {
        for (low, high) in ranges {
            self.addr(low);
            self.addr(high);
        }
    }

    fn list(self, list: &mut [(FileAddr, FileAddr, Vec<u8>)]) {
        for (low, high, _) in list {
            self.addr(low);
            self.addr(high);
        }
    }

    fn variables(self, variables: &mut [Variable]) {
        for variable in variables {
            variable.type_id = variable.type_id.map(|id| numbered(id, self.number));
            if let Location::List(list) = &mut variable.location {
                self.list(list);
            }
        }
    }

    fn blocks(self, blocks: &mut [ScopeBlock]) {
        for block in blocks {
            self.ranges(&mut block.ranges);
            self.variables(&mut block.variables);
            self.blocks(&mut block.blocks);
        }
    }

    fn inlined(self, calls: &mut [InlinedCall]) {
        for call in calls {
            self.ranges(&mut call.ranges);
            self.variables(&mut call.variables);
            self.blocks(&mut call.blocks);
            self.inlined(&mut call.inlined);
        }
    }

    fn function(self, function: &FunctionInfo) -> FunctionInfo {
        let mut moved = function.clone();
        self.addr(&mut moved.low);
        self.addr(&mut moved.high);
        self.ranges(&mut moved.ranges);
        self.list(&mut moved.frame_bases);
        self.variables(&mut moved.variables);
        self.blocks(&mut moved.blocks);
        self.inlined(&mut moved.inlined);
        // Go records none.
        moved.call_sites.clear();
        moved
    }
}

impl Debugger {
    /// The function at `pc`, of the executable or a plugin.
    pub(crate) fn function_info(&self, pc: Addr) -> Result<Option<Arc<FunctionInfo>>, SymbolError> {
        let own = self.image.binary.dwarf().and_then(|dwarf| dwarf.function_at(self.image.to_file(pc)));
        match own {
            Ok(Some(own)) => Ok(Some(own)),
            other => match self.module_at(pc) {
                Module::Library(library) if self.is_plugin(&library) => {
                    self.function_of_library(&library, pc)
                }
                _ => other,
            },
        }
    }

    /// Is it a plugin with debug information, and not the executable once more?
    fn is_plugin(&self, library: &Library) -> bool {
        library.is_go() && library.binary.path() != self.image.binary.path()
    }

    fn function_of_library(
        &self,
        library: &Library,
        pc: Addr,
    ) -> Result<Option<Arc<FunctionInfo>>, SymbolError> {
        let Some(function) = library.binary.dwarf()?.function_at(library.to_file(pc))? else {
            return Ok(None);
        };
        if let Some(known) = library.functions.borrow().get(&function.low) {
            return Ok(Some(known.clone()));
        }
        let moved = self.image.to_file(library.to_target(FileAddr(0)));
        let moved = Arc::new(Move { by: moved.0, number: library.number }.function(&function));
        library.functions.borrow_mut().insert(function.low, moved.clone());
        Ok(Some(moved))
    }

    /// The plugins with debug information, and that.
    fn with_plugin_info<T>(&self, mut visit: impl FnMut(&Library, &Dwarf) -> Option<T>) -> Option<T> {
        let plugins: Vec<Rc<Library>> = self.plugins();
        plugins.iter().filter(|plugin| plugin.number != 0).find_map(|plugin| {
            let dwarf = plugin.binary.dwarf().ok().filter(|_| plugin.binary.has_debug_info())?;
            visit(plugin, dwarf)
        })
    }

    /// A package variable that only a plugin has, by its full name.
    pub(crate) fn plugin_variable(&self, name: &str) -> Option<Result<Value, EvalError>> {
        self.with_plugin_info(|plugin, dwarf| {
            let variable = dwarf.package_variable(name).ok().flatten()?;
            Some(self.value_in_plugin(plugin, dwarf, &variable))
        })
    }

    /// A constant of a package that only a plugin has, with its type.
    pub(crate) fn plugin_constant(&self, name: &str) -> Option<(i64, Arc<Type>)> {
        self.with_plugin_info(|plugin, dwarf| {
            let constant = dwarf.package_constant(name).ok().flatten()?;
            let ty = self.loader().type_of(numbered(constant.type_id?, plugin.number)).ok()?;
            Some((constant.value, ty))
        })
    }

    /// The package variables of plugins whose full names match.
    pub(crate) fn plugin_variables(&self, filter: &Pattern) -> Vec<NamedValue> {
        let mut all = Vec::new();
        self.with_plugin_info(|plugin, dwarf| -> Option<()> {
            let found = dwarf.package_variables_matching(filter).unwrap_or_default();
            let values = found
                .iter()
                .map(|variable| (variable.name.to_string(), self.value_in_plugin(plugin, dwarf, variable)));
            // Of a package that the executable has too, the executable's variables are the ones in use.
            let own = |name: &str| {
                self.image.binary.dwarf().is_ok_and(|own| matches!(own.package_variable(name), Ok(Some(_))))
            };
            all.extend(values.filter(|(name, _)| !own(name)));
            None
        });
        all
    }

    /// A type that only a plugin has, by its full name.
    pub(crate) fn plugin_type(&self, name: &str) -> Option<Arc<Type>> {
        self.with_plugin_info(|plugin, dwarf| {
            let ty = dwarf.type_by_name(name).ok().flatten()?;
            Some(self.loader().adopt_type(&ty, plugin.number))
        })
    }

    fn value_in_plugin(
        &self,
        plugin: &Library,
        dwarf: &Dwarf,
        variable: &PackageVariable,
    ) -> Result<Value, EvalError> {
        let id = variable.type_id.ok_or_else(|| EvalError(format!("{} has no type", variable.name)))?;
        let ty = self.loader().type_of(numbered(id, plugin.number)).map_err(EvalError::from)?;
        match dwarf.evaluate(&variable.location, &[], &InPlugin { debugger: self, plugin }) {
            Ok(pieces) => match pieces[..] {
                [Piece { place: PiecePlace::Memory(addr), .. }] => Ok(Value::at(ty, Addr(addr))),
                _ => Ok(Loader::missing(ty, ValueError::OptimizedOut)),
            },
            Err(LocationError::OptimizedOut) => Ok(Loader::missing(ty, ValueError::OptimizedOut)),
            Err(error) => fail(error.to_string()),
        }
    }
}

/// Where a plugin's package variables are, whatever the frame.
struct InPlugin<'a> {
    debugger: &'a Debugger,
    plugin: &'a Library,
}

impl LocationContext for InPlugin<'_> {
    fn register(&self, _: u16) -> Option<u64> {
        None
    }

    fn cfa(&self) -> Option<u64> {
        None
    }

    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        self.debugger.target().read_uint(Addr(addr), usize::from(size)).ok()
    }

    fn relocate(&self, addr: FileAddr) -> u64 {
        self.plugin.to_target(addr).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_of_which_library_a_type_is() {
        let plain = TypeId(0x1234);
        assert_eq!(library_of(plain), None);
        assert_eq!(library_of(numbered(plain, 7)), Some(7));
        // A pointer that the program does not have keeps both its mark and its library.
        let pointer = TypeId(0x8001 << 48 | 0x1234);
        assert_eq!(library_of(numbered(pointer, 255)), Some(255));
        assert_eq!(numbered(pointer, 255).0 & !NUMBER, pointer.0);
        // What follows the mark of a descriptor is an address.
        assert_eq!(library_of(TypeId(0x4000 << 48 | 0x7f12_3456_7890)), None);
    }
}
