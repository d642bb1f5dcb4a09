//! Hashes of map keys, by their types: what of a key goes into its hash, in which order.
//!
//! A map type's hash function is made by the compiler; what interfaces hold is hashed by `runtime.typehash`
//! (`runtime/alg.go`). For structs and arrays the two differ in how memory is taken together, and so do releases.

use std::cell::Cell;
use std::sync::Arc;

use adit_goruntime::{MapHasher, Release};
use adit_process::Addr;
use adit_symbols::{Field, Shape, Type};

use super::{Loader, Value, ValueError};

/// Types within each other, and interfaces, are followed this deep.
const DEEPEST: usize = 16;
/// Types that are looked at for one key.
const MOST_TYPES: usize = 1 << 16;
/// Parts that one key may have.
const MOST_PARTS: usize = 1 << 14;
/// Interfaces that are followed for one key: damaged ones may hold themselves.
const MOST_INTERFACES: usize = 1 << 10;
/// Longest string, and largest key, that is hashed, in bytes.
const LONGEST: usize = 1 << 20;
/// Elements of an array that are hashed in one turn of the compiled loop have this many bytes or fewer.
const UNROLLED: u64 = 32;

/// How plain memory in structs and arrays goes into the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joining {
    /// `genhash` up to Go 1.26: neighbours in one struct together (`cmd/compile/internal/reflectdata/alg.go`).
    Neighbours,
    /// `genhash` since Go 1.27: all that has nothing between, whatever it is within (`eqSignature`, same file).
    Signature,
    /// `typehash`: each field by itself.
    Fields,
}

impl Joining {
    /// How map types' hash functions may do: the compiler's, and for those that package reflect makes, `typehash`.
    pub(crate) fn of_maps(release: Release) -> [Joining; 2] {
        let compiled = if release < Release(27) { Joining::Neighbours } else { Joining::Signature };
        [compiled, Joining::Fields]
    }
}

/// What is hashed at once. Offsets and lengths are in bytes.
#[derive(Clone, Debug)]
enum Part {
    Memory { offset: u64, len: u64, sized: bool },
    Float { offset: u64, len: u64 },
    String { offset: u64 },
    Interface { offset: u64, ty: Arc<Type>, empty: bool },
}

/// The hash function of one type.
pub(crate) struct KeyHash<'a> {
    loader: Loader<'a>,
    hasher: &'a MapHasher,
    ty: Arc<Type>,
    size: usize,
    parts: Vec<Part>,
}

impl<'a> KeyHash<'a> {
    /// `None` if keys cannot be of this type, or are too large.
    pub(crate) fn of_type(
        loader: Loader<'a>,
        hasher: &'a MapHasher,
        joining: Joining,
        ty: &Arc<Type>,
    ) -> Result<Option<KeyHash<'a>>, ValueError> {
        let Some(size) = usize::try_from(ty.size).ok().filter(|size| *size <= LONGEST) else {
            return Ok(None);
        };
        let mut split = Split { loader, joining, parts: Vec::new(), types_left: MOST_TYPES, joins: false };
        let known = split.add(ty, 0, 0)?;
        Ok(known.map(|()| KeyHash { loader, hasher, ty: ty.clone(), size, parts: split.parts }))
    }

    /// The hash of a key. `None` if it has none that is known: it has a NaN in it, or something unhashable in an
    /// interface.
    pub(crate) fn of(&self, key: &Value, seed: u64) -> Result<Option<u64>, ValueError> {
        self.of_nested(key, seed, 0, &Cell::new(MOST_INTERFACES))
    }

    /// The hash of the key that these bytes are.
    pub(crate) fn of_bytes(&self, bytes: &[u8], seed: u64) -> Result<Option<u64>, ValueError> {
        self.of(&Value::of_bytes(self.ty.clone(), bytes), seed)
    }

    /// The hash of a string that is not in the program, as a key of type string.
    pub(crate) fn of_string(&self, text: &[u8], seed: u64) -> Option<u64> {
        matches!(*self.parts, [Part::String { .. }]).then(|| self.hasher.memory(seed, text))
    }

    /// `left` counts the interfaces that may still be followed.
    fn of_nested(
        &self,
        key: &Value,
        seed: u64,
        depth: usize,
        left: &Cell<usize>,
    ) -> Result<Option<u64>, ValueError> {
        let bytes = self.loader.bytes(key, 0, self.size)?;
        let within = |offset: u64, len: u64| bytes.get(offset as usize..offset.saturating_add(len) as usize);
        let mut hash = seed;
        for part in &self.parts {
            let next = match part {
                Part::Memory { offset, len, sized } => within(*offset, *len).map(|data| match sized {
                    true => self.hasher.sized_memory(hash, data),
                    false => self.hasher.memory(hash, data),
                }),
                Part::Float { offset, len } => {
                    within(*offset, *len).and_then(|data| self.hasher.float(hash, data))
                }
                Part::String { offset } => {
                    let word = self.loader.word_size();
                    let order = self.loader.target.arch().byte_order;
                    let Some(header) = within(*offset, 2 * word as u64) else { return Ok(None) };
                    let (data, len) = header.split_at(word);
                    self.string(hash, Addr(order.uint(data)), order.uint(len))?
                }
                Part::Interface { offset, ty, empty } => {
                    let value = key.part(*offset, ty.clone());
                    self.interface(hash, &value, *empty, (depth, left))?
                }
            };
            let Some(next) = next else { return Ok(None) };
            hash = next;
        }
        Ok(Some(hash))
    }

    fn string(&self, seed: u64, data: Addr, len: u64) -> Result<Option<u64>, ValueError> {
        if len > LONGEST as u64 {
            return Ok(None);
        }
        let text = self.loader.string_bytes(data, len.cast_signed(), LONGEST)?;
        Ok(Some(self.hasher.memory(seed, &text)))
    }

    fn interface(
        &self,
        seed: u64,
        value: &Value,
        empty: bool,
        (depth, left): (usize, &Cell<usize>),
    ) -> Result<Option<u64>, ValueError> {
        let Some(held) = self.loader.dynamic_value(value, empty)? else { return Ok(Some(seed)) };
        match left.get().checked_sub(1) {
            Some(fewer) if depth <= DEEPEST => left.set(fewer),
            _ => return Ok(None),
        }
        let Some(hash) = KeyHash::of_type(self.loader, self.hasher, Joining::Fields, &held.ty)? else {
            return Ok(None);
        };
        MapHasher::interface(seed, |seed| hash.of_nested(&held, seed, depth + 1, left))
    }
}

/// Splits a type into parts. Methods return `None` for what is no type of a key.
struct Split<'a> {
    loader: Loader<'a>,
    joining: Joining,
    parts: Vec<Part>,
    types_left: usize,
    /// With [`Joining::Signature`]: does memory right behind the last part belong to it?
    joins: bool,
}

impl Split<'_> {
    fn add(&mut self, ty: &Arc<Type>, offset: u64, depth: usize) -> Result<Option<()>, ValueError> {
        let Some(real) = self.visit(ty, depth)? else { return Ok(None) };
        if self.joining != Joining::Signature {
            match self.is_plain(&real, depth)? {
                // memhash0 of the compiler's leaves the hash as it is.
                Some(true) if real.size == 0 && self.joining == Joining::Neighbours => return Ok(Some(())),
                Some(true) => return Ok(self.push(Part::Memory { offset, len: real.size, sized: true })),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        Ok(match &real.shape {
            Shape::Float => self.push(Part::Float { offset, len: real.size }),
            Shape::Complex => {
                let len = real.size / 2;
                self.push(Part::Float { offset, len });
                self.push(Part::Float { offset: offset.saturating_add(len), len })
            }
            Shape::String => self.push(Part::String { offset }),
            Shape::Interface { empty } => {
                self.push(Part::Interface { offset, ty: real.clone(), empty: *empty })
            }
            Shape::Array { elem, count } => {
                let elem = self.loader.type_of(*elem)?;
                return self.add_array(&real, &elem, *count, offset, depth);
            }
            Shape::Struct(fields) if self.joining == Joining::Neighbours => {
                return self.add_neighbours(&real, fields, offset, depth);
            }
            Shape::Struct(fields) => {
                for field in fields.iter().filter(|field| !is_blank(field)) {
                    let ty = self.loader.type_of(field.type_id)?;
                    if self.add(&ty, offset.saturating_add(field.offset), depth + 1)?.is_none() {
                        return Ok(None);
                    }
                }
                Some(())
            }
            _ if is_word_like(&real.shape) => self.extend(offset, real.size),
            _ => None,
        })
    }

    /// An array of what is not plain memory, or with [`Joining::Signature`] of anything.
    fn add_array(
        &mut self,
        array: &Arc<Type>,
        elem: &Arc<Type>,
        count: u64,
        offset: u64,
        depth: usize,
    ) -> Result<Option<()>, ValueError> {
        let (mut singly, mut at_once) = (count, 1);
        if self.joining == Joining::Signature {
            match self.is_plain(array, depth)? {
                Some(true) => return Ok(self.extend(offset, array.size)),
                Some(false) => {}
                None => return Ok(None),
            }
            if elem.size == 0 {
                return Ok(Some(()));
            }
            // The first elements one by one, until a whole number of turns of the loop is left, if more than one.
            at_once = (UNROLLED / elem.size).max(1);
            singly = if count / at_once > 1 { count % at_once } else { count };
        }
        for i in 0..count {
            if i >= singly && (i - singly) % at_once == 0 {
                self.joins = false;
            }
            if self.add(elem, offset.saturating_add(i.saturating_mul(elem.size)), depth + 1)?.is_none() {
                return Ok(None);
            }
        }
        if singly < count {
            self.joins = false;
        }
        Ok(Some(()))
    }

    /// A struct's fields, plain ones without anything between them together (`compare.Memrun`).
    fn add_neighbours(
        &mut self,
        real: &Type,
        fields: &[Field],
        offset: u64,
        depth: usize,
    ) -> Result<Option<()>, ValueError> {
        let mut run: Option<(u64, u64)> = None;
        for (i, field) in fields.iter().enumerate() {
            let ty = self.loader.type_of(field.type_id)?;
            let plain = !is_blank(field) && {
                let Some(plain) = self.is_plain(&ty, depth + 1)? else { return Ok(None) };
                plain
            };
            let end = field.offset.saturating_add(ty.size);
            if plain {
                let start = run.map_or(field.offset, |(start, _)| start);
                run = Some((start, end));
            }
            let next = fields.get(i + 1).map_or(real.size, |next| next.offset);
            // Blank fields and gaps end a run, as what is not plain does.
            if (!plain || end != next || i + 1 == fields.len())
                && let Some((start, end)) = run.take()
            {
                let (offset, len) = (offset.saturating_add(start), end.saturating_sub(start));
                if self.push(Part::Memory { offset, len, sized: false }).is_none() {
                    return Ok(None);
                }
            }
            if !plain
                && !is_blank(field)
                && self.add(&ty, offset.saturating_add(field.offset), depth + 1)?.is_none()
            {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    /// Are values of the type hashed as the memory that they are, without gaps (AMEM of
    /// `cmd/compile/internal/types/alg.go`, and `TFlagRegularMemory`)?
    fn is_plain(&mut self, ty: &Arc<Type>, depth: usize) -> Result<Option<bool>, ValueError> {
        let Some(real) = self.visit(ty, depth)? else { return Ok(None) };
        match &real.shape {
            Shape::Float | Shape::Complex | Shape::String | Shape::Interface { .. } => Ok(Some(false)),
            Shape::Array { elem, count } => {
                let elem = self.loader.type_of(*elem)?;
                Ok(self.is_plain(&elem, depth + 1)?.map(|plain| plain || *count == 0))
            }
            Shape::Struct(fields) => {
                let mut all = true;
                for (i, field) in fields.iter().enumerate() {
                    let ty = self.loader.type_of(field.type_id)?;
                    let Some(plain) = self.is_plain(&ty, depth + 1)? else { return Ok(None) };
                    let next = fields.get(i + 1).map_or(real.size, |next| next.offset);
                    let padded = field.offset.saturating_add(ty.size) != next;
                    all &= plain && !is_blank(field) && !padded;
                }
                Ok(Some(all))
            }
            shape => Ok(is_word_like(shape).then_some(true)),
        }
    }

    /// The type behind typedefs; `None` if there were too many types already.
    fn visit(&mut self, ty: &Arc<Type>, depth: usize) -> Result<Option<Arc<Type>>, ValueError> {
        match self.types_left.checked_sub(1) {
            Some(left) if depth <= DEEPEST => self.types_left = left,
            _ => return Ok(None),
        }
        self.loader.underlying(ty).map(Some)
    }

    fn push(&mut self, part: Part) -> Option<()> {
        (self.parts.len() < MOST_PARTS).then(|| self.parts.push(part))
    }

    /// Memory that belongs to what is right before it.
    fn extend(&mut self, offset: u64, len: u64) -> Option<()> {
        if len == 0 {
            return Some(());
        }
        let joins = std::mem::replace(&mut self.joins, true);
        match self.parts.last_mut() {
            Some(Part::Memory { offset: start, len: before, .. })
                if joins && start.saturating_add(*before) == offset =>
            {
                *before = before.saturating_add(len);
                Some(())
            }
            _ => self.push(Part::Memory { offset, len, sized: true }),
        }
    }
}

fn is_blank(field: &Field) -> bool {
    &*field.name == "_"
}

/// Numbers without a second zero or NaN, and addresses that are compared as such.
fn is_word_like(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Bool | Shape::Int | Shape::Uint | Shape::Enum(_) | Shape::Pointer(_) | Shape::Chan { .. }
    )
}
