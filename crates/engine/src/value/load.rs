//! Loading: from a lazy value to the tree of texts that is shown.

use std::cell::Cell;
use std::sync::Arc;

use adit_process::{Addr, Memory};
use adit_symbols::{Dwarf, Shape, Type, TypeId};

use super::budget::Budget;
use super::descriptor::{descriptor_of, is_built};
use super::{FAKE_ADDRESS, Kind, LoadConfig, Place, Value, ValueError, Variable, flags};
use crate::goroutine::Runtime;
use crate::image::Image;
use crate::plugin_info::library_of;
use crate::target::Target;

/// The deepest nesting that is loaded, whatever the configuration says: a list that is its own tail has no end.
const DEEPEST: usize = 20_000;

/// Stack that one level of a value needs, generously, and by how much it grows when there is less, in bytes.
const STACK_OF_LEVEL: usize = 128 << 10;
const STACK_GROWTH: usize = 8 << 20;

/// Reads values of one process.
#[derive(Clone, Copy)]
pub struct Loader<'a> {
    /// The process.
    pub target: &'a Target,
    /// Its executable.
    pub image: &'a Image,
    /// What is known of its Go runtime.
    pub runtime: Option<&'a Runtime>,
    /// How much more may be loaded for the present request.
    pub(crate) budget: &'a Budget,
    /// Is what is being loaded in a channel?
    pub(crate) in_channel: &'a Cell<bool>,
}

impl<'a> Loader<'a> {
    pub(crate) fn dwarf(&self) -> Result<&'a Dwarf, ValueError> {
        Ok(self.image.binary.dwarf()?)
    }

    /// The type with this id.
    pub fn type_of(&self, id: TypeId) -> Result<Arc<Type>, ValueError> {
        if is_built(id) {
            return match descriptor_of(id) {
                // Debug information is preferred: it knows names and marks that descriptors do not have.
                Some(descriptor) => self.type_at(descriptor),
                None => self.built_type(id),
            };
        }
        match library_of(id) {
            Some(number) => self.type_of_library(id, number),
            None => Ok(self.dwarf()?.type_of(id)?),
        }
    }

    /// The type beneath a chain of typedefs.
    pub fn underlying(&self, ty: &Arc<Type>) -> Result<Arc<Type>, ValueError> {
        match ty.shape {
            Shape::Typedef(_) if library_of(ty.id).is_some() => self.underlying_of_library(ty),
            Shape::Typedef(_) => Ok(self.dwarf()?.resolve(ty.id)?),
            _ => Ok(ty.clone()),
        }
    }

    /// Bytes `offset .. offset + len` of a value.
    pub fn bytes(&self, value: &Value, offset: u64, len: usize) -> Result<Vec<u8>, ValueError> {
        match &value.place {
            Place::Missing(error) => Err(error.clone()),
            Place::Memory(addr) => {
                let mut bytes = vec![0; len];
                self.target.read(Addr(addr.0.wrapping_add(offset)), &mut bytes)?;
                Ok(bytes)
            }
            Place::Bytes(bytes) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                let part = bytes.get(from..from.saturating_add(len)).ok_or(ValueError::OptimizedOut)?;
                part.iter().copied().collect::<Option<Vec<u8>>>().ok_or(ValueError::OptimizedOut)
            }
        }
    }

    /// The unsigned integer of `size` (at most eight) bytes at `offset`.
    pub fn uint(&self, value: &Value, offset: u64, size: usize) -> Result<u64, ValueError> {
        Ok(self.target.arch().byte_order.uint(&self.bytes(value, offset, size.min(8))?))
    }

    /// The `index`th word of a value: strings, slices and interfaces are made of words.
    pub fn word(&self, value: &Value, index: u64) -> Result<u64, ValueError> {
        let size = self.word_size();
        self.uint(value, index * size as u64, size)
    }

    pub(crate) fn word_size(&self) -> usize {
        usize::from(self.target.arch().pointer_size)
    }

    /// Loads a value under a name.
    pub fn load_named(&self, name: &str, value: &Value, config: &LoadConfig) -> Variable {
        Variable { name: name.to_owned(), ..self.load(value, config) }
    }

    /// Loads a value.
    pub fn load(&self, value: &Value, config: &LoadConfig) -> Variable {
        self.budget.renew();
        self.load_at(value, config, 0)
    }

    /// Loads elements that are nowhere in the program, as a slice of them.
    pub(crate) fn load_elements(
        &self,
        elem: &Arc<Type>,
        bytes: &[u8],
        slice: &Arc<Type>,
        config: &LoadConfig,
    ) -> Variable {
        let count = bytes.len() as u64 / elem.size.max(1);
        let mut variable = Variable {
            type_name: slice.name.to_string(),
            real_type: slice.name.to_string(),
            kind: Kind::SLICE,
            len: count.cast_signed(),
            cap: count.cast_signed(),
            base: FAKE_ADDRESS,
            flags: flags::FAKE_ADDRESS,
            ..Variable::default()
        };
        self.budget.renew();
        self.fill_elements(&mut variable, &Value::of_bytes(elem.clone(), bytes), elem, count, config, 0);
        variable
    }

    /// Loads a map without its first `skipped` entries.
    pub(crate) fn load_map_rest(
        &self,
        map: &Value,
        skipped: u64,
        config: &LoadConfig,
    ) -> Result<Variable, ValueError> {
        self.budget.renew();
        let mut variable = self.unloaded(map);
        if let Shape::Map { key, elem, header } = self.underlying(&map.ty)?.shape {
            self.fill_map(&mut variable, map, (key, elem, header), skipped, config, 0)?;
        }
        Ok(variable)
    }

    /// A value of which nothing is loaded.
    pub(crate) fn unloaded(&self, value: &Value) -> Variable {
        let real = self.underlying(&value.ty);
        let mut variable = Variable {
            addr: value.addr().map_or(FAKE_ADDRESS, |addr| addr.0),
            type_name: value.ty.name.to_string(),
            real_type: real.as_ref().map_or_else(|_| value.ty.name.to_string(), |real| real.name.to_string()),
            kind: real.as_ref().map_or(Kind::INVALID, |real| kind_of(real)),
            ..Variable::default()
        };
        match (&value.place, real) {
            (Place::Missing(error), _) => variable.unreadable = error.to_string(),
            (_, Err(error)) => variable.unreadable = error.to_string(),
            (Place::Bytes(_), Ok(_)) => variable.flags |= flags::FAKE_ADDRESS,
            (Place::Memory(_), Ok(_)) => {}
        }
        variable
    }

    pub(super) fn load_at(&self, value: &Value, config: &LoadConfig, depth: usize) -> Variable {
        let mut variable = self.unloaded(value);
        if !variable.unreadable.is_empty() || depth > DEEPEST || !self.budget.take_value(depth) {
            return variable;
        }
        let filled = self.underlying(&value.ty).and_then(|real| {
            stacker::maybe_grow(STACK_OF_LEVEL, STACK_GROWTH, || {
                self.fill(&mut variable, value, &real, config, depth)
            })
        });
        match filled {
            Ok(()) => variable.summary = self.summary(value, config),
            Err(error) => variable.unreadable = error.to_string(),
        }
        variable
    }

    fn fill(
        &self,
        variable: &mut Variable,
        value: &Value,
        real: &Arc<Type>,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        match &real.shape {
            Shape::Void => Ok(()),
            Shape::Bool | Shape::Int | Shape::Uint | Shape::Float | Shape::Enum(_) => {
                self.fill_scalar(variable, value, real)
            }
            Shape::Complex => self.fill_complex(variable, value, real),
            Shape::String => self.fill_string(variable, value, config),
            Shape::Pointer(target) => self.fill_pointer(variable, value, *target, config, depth),
            Shape::Struct(fields) | Shape::Union(fields) => {
                self.fill_struct(variable, value, fields, config, depth);
                if &*value.ty.name == "time.Time" {
                    self.fill_time(variable, value, fields);
                }
                Ok(())
            }
            Shape::Array { elem, count } => {
                let elem = self.type_of(*elem)?;
                variable.len = i64::try_from(*count).unwrap_or(i64::MAX);
                variable.base = variable.addr;
                let start = value.clone();
                self.fill_elements(variable, &start, &elem, *count, config, depth);
                Ok(())
            }
            Shape::Slice { elem } => self.fill_slice(variable, value, *elem, config, depth),
            Shape::Map { key, elem, header } => {
                self.fill_map(variable, value, (*key, *elem, *header), 0, config, depth)
            }
            Shape::Chan { elem, header } => self.fill_chan(variable, value, (*elem, *header), config),
            Shape::Interface { empty } => self.fill_interface(variable, value, *empty, config, depth),
            Shape::Func => self.fill_func(variable, value, config, depth),
            Shape::Typedef(_) => Err(ValueError::Other(format!("type {} refers to itself", real.name))),
        }
    }
}

/// A type's kind: Go's own, or what a C type comes nearest to.
pub fn kind_of(ty: &Type) -> Kind {
    if let Some(kind) = ty.go_kind {
        return Kind(kind.0);
    }
    let sized = |first: Kind| match ty.size {
        1 => Kind(first.0),
        2 => Kind(first.0 + 1),
        4 => Kind(first.0 + 2),
        8 => Kind(first.0 + 3),
        _ => Kind::INVALID,
    };
    match &ty.shape {
        Shape::Bool => Kind::BOOL,
        Shape::Int | Shape::Enum(_) => sized(Kind::INT8),
        Shape::Uint => sized(Kind::UINT8),
        Shape::Float if ty.size == 4 => Kind::FLOAT32,
        Shape::Float => Kind::FLOAT64,
        Shape::Complex if ty.size == 8 => Kind::COMPLEX64,
        Shape::Complex => Kind::COMPLEX128,
        Shape::Pointer(Some(_)) => Kind::POINTER,
        Shape::Pointer(None) => Kind::UNSAFE_POINTER,
        Shape::Struct(_) | Shape::Union(_) => Kind::STRUCT,
        Shape::Array { .. } => Kind::ARRAY,
        Shape::String => Kind::STRING,
        Shape::Slice { .. } => Kind::SLICE,
        Shape::Map { .. } => Kind::MAP,
        Shape::Chan { .. } => Kind::CHAN,
        Shape::Interface { .. } => Kind::INTERFACE,
        Shape::Func => Kind::FUNC,
        Shape::Void | Shape::Typedef(_) => Kind::INVALID,
    }
}
