//! How formatters read a value: by the names of fields.

use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::{Field, Shape, Type};

use super::super::{Loader, Value, Variable};
use super::text::Text;

/// Structs in structs that hold one number: `sync/atomic.Bool` of `internal/runtime/atomic.Uint8`.
const MOST_WRAPPERS: usize = 6;

/// A value that is about to be read. Every question is answered with `None` where the value is not as expected.
#[derive(Clone)]
pub(super) struct View<'a> {
    pub(super) loader: &'a Loader<'a>,
    pub(super) value: Value,
}

/// The elements of a slice or an array.
pub(super) struct Elements<'a> {
    first: View<'a>,
    size: u64,
    pub(super) len: u64,
}

impl<'a> Elements<'a> {
    /// One of them.
    pub(super) fn get(&self, index: u64) -> Option<View<'a>> {
        let offset = index.checked_mul(self.size).filter(|_| index < self.len)?;
        let value = self.first.value.part(offset, self.first.value.ty.clone());
        Some(View::new(self.first.loader, value))
    }

    /// The first of them, `most` at most.
    pub(super) fn iter(&self, most: u64) -> impl Iterator<Item = View<'a>> + '_ {
        (0..self.len.min(most)).map_while(|index| self.get(index))
    }

    /// The bytes from `start` on, `most` at most: of a slice or an array of bytes.
    pub(super) fn text(&self, start: u64, most: usize) -> Option<Text> {
        let left = self.len.checked_sub(start).filter(|_| self.size == 1)?;
        let shown = usize::try_from(left).unwrap_or(usize::MAX).min(most);
        let bytes = self.first.loader.bytes(&self.first.value, start, shown).ok()?;
        Some(Text::new(&bytes, left - shown as u64))
    }

    /// All bytes, if there are no more than `most`.
    pub(super) fn bytes(&self, most: usize) -> Option<Vec<u8>> {
        let len = usize::try_from(self.len).ok().filter(|len| *len <= most && self.size == 1)?;
        self.first.loader.bytes(&self.first.value, 0, len).ok()
    }
}

impl<'a> View<'a> {
    pub(super) fn new(loader: &'a Loader<'a>, value: Value) -> View<'a> {
        View { loader, value }
    }

    /// The value of that type at an address.
    pub(super) fn at(&self, ty: Arc<Type>, addr: u64) -> View<'a> {
        View::new(self.loader, Value::at(ty, Addr(addr)))
    }

    /// The type of that name, if the program has it.
    pub(super) fn type_named(&self, name: &str) -> Option<Arc<Type>> {
        self.loader.dwarf().ok()?.type_by_name(name).ok()?
    }

    /// Where a package variable is.
    pub(super) fn global(&self, name: &'static str) -> Option<u64> {
        self.loader.image.global(name).map(|(addr, _)| addr.0)
    }

    /// The pointer in a package variable.
    pub(super) fn global_pointer(&self, name: &'static str) -> Option<u64> {
        let addr = Addr(self.global(name)?);
        self.loader.target.read_pointer(addr).ok().map(|pointer| pointer.0)
    }

    pub(super) fn type_name(&self) -> &str {
        &self.value.ty.name
    }

    /// The type beneath its name.
    pub(super) fn real(&self) -> Option<Arc<Type>> {
        self.loader.underlying(&self.value.ty).ok()
    }

    fn part(&self, choose: impl FnOnce(&[Field]) -> Option<&Field>) -> Option<View<'a>> {
        let real = self.real()?;
        let Shape::Struct(fields) = &real.shape else { return None };
        Some(View::new(self.loader, self.loader.field(&self.value, choose(fields)?).ok()?))
    }

    /// A field of a struct. Embedded generic structs are named with or without their arguments.
    pub(super) fn field(&self, name: &str) -> Option<View<'a>> {
        let named = |field: &&Field| {
            let rest = field.name.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        self.part(|fields| fields.iter().find(named))
    }

    /// A field of a field.
    pub(super) fn path(&self, names: &[&str]) -> Option<View<'a>> {
        names.iter().try_fold(self.clone(), |view, name| view.field(name))
    }

    /// The first of these fields that there is: they were renamed from release to release.
    pub(super) fn any_field(&self, names: &[&str]) -> Option<View<'a>> {
        names.iter().find_map(|name| self.field(name))
    }

    /// The number or pointer that wrappers like those of `sync/atomic` hold: always in their last field.
    pub(super) fn unwrapped(&self) -> Option<View<'a>> {
        let mut view = self.clone();
        for _ in 0..MOST_WRAPPERS {
            match view.part(<[Field]>::last) {
                Some(inner) => view = inner,
                None => return Some(view),
            }
        }
        None
    }

    /// An integer, boolean or pointer, bare or in a wrapper.
    pub(super) fn uint(&self) -> Option<u64> {
        let view = self.unwrapped()?;
        let real = view.real()?;
        let size = usize::try_from(real.size).ok().filter(|size| matches!(size, 1 | 2 | 4 | 8))?;
        matches!(real.shape, Shape::Bool | Shape::Int | Shape::Uint | Shape::Pointer(_))
            .then(|| view.loader.uint(&view.value, 0, size).ok())?
    }

    /// The same with its sign.
    pub(super) fn int(&self) -> Option<i64> {
        let unsigned = self.uint()?;
        let bits = 64 - self.unwrapped()?.real()?.size.clamp(1, 8) as u32 * 8;
        Some((unsigned << bits).cast_signed() >> bits)
    }

    /// A word of the value: strings, slices and interfaces are made of words.
    pub(super) fn word(&self, index: u64) -> Option<u64> {
        self.loader.word(&self.value, index).ok()
    }

    /// The text of a boolean or number.
    pub(super) fn scalar_text(&self) -> Option<String> {
        let real = self.real()?;
        let mut variable = Variable::default();
        match real.shape {
            Shape::Complex => self.loader.fill_complex(&mut variable, &self.value, &real),
            _ => self.loader.fill_scalar(&mut variable, &self.value, &real),
        }
        .ok()?;
        Some(variable.value)
    }

    /// A string, or the bytes of a slice.
    pub(super) fn text(&self, most: usize) -> Option<Text> {
        match self.real()?.shape {
            Shape::String => {
                let (data, len) = self.loader.string_header(&self.value).ok()?;
                let bytes = self.loader.string_bytes(data, len, most).ok()?;
                Some(Text::new(&bytes, len.cast_unsigned() - bytes.len() as u64))
            }
            _ => self.slice()?.text(0, most),
        }
    }

    /// A string field; the empty one where there is no such field.
    pub(super) fn text_field(&self, name: &str, most: usize) -> Option<Text> {
        self.field(name).map_or_else(|| Some(Text::default()), |field| field.text(most))
    }

    /// The elements of a slice or an array.
    pub(super) fn slice(&self) -> Option<Elements<'a>> {
        let real = self.real()?;
        let (elem, first, len) = match real.shape {
            Shape::Slice { elem } => {
                let (base, len) = self.loader.slice_elements(&self.value).ok()?;
                let elem = self.loader.type_of(elem).ok()?;
                (elem.clone(), Value::at(elem, base), u64::try_from(len).ok()?)
            }
            Shape::Array { elem, count } => {
                let elem = self.loader.type_of(elem).ok()?;
                let mut first = self.value.clone();
                first.ty = elem.clone();
                (elem, first, count)
            }
            _ => return None,
        };
        Some(Elements { first: View::new(self.loader, first), size: elem.size, len })
    }

    /// What a pointer, bare or atomic, points to; `Some(None)` if it is nil.
    pub(super) fn pointee(&self) -> Option<Option<View<'a>>> {
        let target = match self.real()?.shape {
            Shape::Pointer(target) => target?,
            // The type's argument is known by the field `_ [0]*T`.
            Shape::Struct(_) => {
                let Shape::Array { elem, .. } = self.field("_")?.real()?.shape else { return None };
                match self.loader.underlying(&self.loader.type_of(elem).ok()?).ok()?.shape {
                    Shape::Pointer(target) => target?,
                    _ => return None,
                }
            }
            _ => return None,
        };
        let addr = self.uint()?;
        if addr == 0 {
            return Some(None);
        }
        Some(Some(self.at(self.loader.type_of(target).ok()?, addr)))
    }

    /// What a pointer that is not nil points to; any other value is itself.
    pub(super) fn behind(self) -> Option<View<'a>> {
        match self.real()?.shape {
            Shape::Pointer(Some(_)) => self.pointee()?,
            _ => Some(self),
        }
    }

    /// What is in an interface; `Some(None)` if it is nil.
    pub(super) fn dynamic(&self) -> Option<Option<View<'a>>> {
        let Shape::Interface { empty } = self.real()?.shape else { return None };
        let inner = self.loader.dynamic_value(&self.value, empty).ok()?;
        Some(inner.map(|value| View::new(self.loader, value)))
    }
}
