//! Where keys and elements lie in the buckets or groups of a map of one type.

use std::sync::Arc;

use adit_process::{Addr, Memory};
use adit_symbols::{Shape, Type, TypeId};

use crate::layout::Layout;
use crate::reader::Reader;
use crate::{Fact, GoRuntime, RuntimeError};

/// The first minor release whose maps are Swiss tables by default.
pub(super) const FIRST_SWISS: u16 = 24;
/// Slots in a bucket and in a group (`internal/abi/map*.go`).
pub(super) const SLOTS: u64 = 8;
/// Keys and elements larger than this are kept as pointers (MapMaxKeyBytes, MapMaxElemBytes).
const MAX_INLINE: u64 = 128;
/// Bytes before the keys of a bucket (the tophashes) and the slots of a group (the control word).
pub(super) const HEAD: u64 = 8;
/// Larger buckets and groups than this there are none: eight keys and elements of 128 bytes and their heads.
const MAX_GROUP: u64 = 4096;
/// Flags of a map type's descriptor: indirect key and element, in old maps (`runtime/type.go` of go1.19).
const OLD_INDIRECT: (u64, u64) = (1 << 0, 1 << 1);
/// The same in Swiss maps' (`internal/abi/map.go`, MapIndirectKey, MapIndirectElem).
const SWISS_INDIRECT: (u64, u64) = (1 << 2, 1 << 3);

/// How entries lie in a map of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapShape {
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Buckets(Slots),
    Swiss(Slots),
}

/// Keys and elements of a bucket or a group, in bytes from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slots {
    /// Size of the whole bucket or group.
    pub(super) size: u64,
    /// Offset of the first key, and distance to the next.
    pub(super) keys: (u64, u64),
    /// Offset of the first element, and distance to the next.
    pub(super) elems: (u64, u64),
    /// Does a slot hold the key's address?
    pub(super) indirect_key: bool,
    /// Does a slot hold the element's address?
    pub(super) indirect_elem: bool,
}

/// Size and alignment of a key or an element, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotSize {
    /// Size of a value.
    pub size: u64,
    /// Its alignment.
    pub align: u64,
}

impl SlotSize {
    fn in_slot(self, layout: &Layout) -> (SlotSize, bool) {
        let word = layout.pointer_size();
        match self.size > MAX_INLINE {
            true => (SlotSize { size: word, align: word }, true),
            false => (SlotSize { size: self.size, align: self.align.max(1) }, false),
        }
    }
}

impl MapShape {
    /// The shape that the compiler gives to a map with such keys and elements, without experiments
    /// (`cmd/compile/internal/reflectdata/map*.go`). `None` if the sizes are not those of Go types.
    pub fn computed(layout: &Layout, key: SlotSize, elem: SlotSize) -> Option<MapShape> {
        let valid = |s: SlotSize| s.align <= 64 && s.align.max(1).is_power_of_two() && s.size < 1 << 40;
        if !valid(key) || !valid(elem) {
            return None;
        }
        let ((key, indirect_key), (elem, indirect_elem)) = (key.in_slot(layout), elem.in_slot(layout));
        if layout.release.0 < FIRST_SWISS {
            let elems = HEAD + SLOTS * key.size;
            let size =
                (elems + SLOTS * elem.size).next_multiple_of(layout.pointer_size()) + layout.pointer_size();
            let slots = Slots {
                size,
                keys: (HEAD, key.size),
                elems: (elems, elem.size),
                indirect_key,
                indirect_elem,
            };
            return Some(MapShape { kind: Kind::Buckets(slots) });
        }
        let offset = key.size.next_multiple_of(elem.align);
        // A struct that ends in a field without size is padded by one byte, lest a pointer to it point behind.
        let padding = u64::from(elem.size == 0 && key.size > 0);
        let stride = (offset + elem.size + padding).next_multiple_of(key.align.max(elem.align));
        // Likewise a group without anything in its slots.
        let size = if stride == 0 { HEAD + layout.pointer_size() } else { HEAD + SLOTS * stride };
        let elems = (HEAD + offset, stride);
        Some(MapShape {
            kind: Kind::Swiss(Slots { size, keys: (HEAD, stride), elems, indirect_key, indirect_elem }),
        })
    }

    /// The shape that the map type's DWARF states: `header` is the struct behind the map's pointer
    /// ([`Shape::Map`]'s `header`), `type_of` reads a type. Right for programs built with experiments too. `None` if
    /// the types are not as any release's.
    pub fn from_dwarf(
        layout: &Layout,
        key: TypeId,
        elem: TypeId,
        header: TypeId,
        type_of: impl Fn(TypeId) -> Option<Arc<Type>>,
    ) -> Option<MapShape> {
        let types = Types(&type_of);
        let sizes = (types.plain(key)?.size, types.plain(elem)?.size);
        let indirect =
            |stored: TypeId, size| size > MAX_INLINE && types.plain(stored).is_some_and(|t| t.size < size);
        let header = types.plain(header)?;
        if let Some((_, buckets)) = types.field(&header, "buckets") {
            let bucket = types.pointee(buckets)?;
            let (keys_at, keys) = types.array(&bucket, "keys")?;
            let (elems_at, elems) =
                types.array(&bucket, "values").or_else(|| types.array(&bucket, "elems"))?;
            let slots = Slots {
                size: bucket.size,
                keys: (keys_at, types.plain(keys)?.size),
                elems: (elems_at, types.plain(elems)?.size),
                indirect_key: indirect(keys, sizes.0),
                indirect_elem: indirect(elems, sizes.1),
            };
            return slots.is_sane(layout).then_some(MapShape { kind: Kind::Buckets(slots) });
        }
        // dirPtr **table -> groups groupReference -> data *group.
        let directory = types.pointee(types.field(&header, "dirPtr")?.1)?;
        let table = types.pointee(directory.id)?;
        let groups = types.plain(types.field(&table, "groups")?.1)?;
        let group = types.pointee(types.field(&groups, "data")?.1)?;
        let (keys, elems, stored) = match types.array(&group, "slots") {
            Some((at, slot)) => {
                let slot = types.plain(slot)?;
                let ((key_at, key), (elem_at, elem)) =
                    (types.field(&slot, "key")?, types.field(&slot, "elem")?);
                ((at + key_at, slot.size), (at + elem_at, slot.size), (key, elem))
            }
            // GOEXPERIMENT=mapsplitgroup
            None => {
                let ((keys_at, key), (elems_at, elem)) =
                    (types.array(&group, "keys")?, types.array(&group, "elems")?);
                ((keys_at, types.plain(key)?.size), (elems_at, types.plain(elem)?.size), (key, elem))
            }
        };
        let slots = Slots {
            size: group.size,
            keys,
            elems,
            indirect_key: indirect(stored.0, sizes.0),
            indirect_elem: indirect(stored.1, sizes.1),
        };
        slots.is_sane(layout).then_some(MapShape { kind: Kind::Swiss(slots) })
    }
}

impl GoRuntime {
    /// The shape that the map type's descriptor at `typ` states: for maps without DWARF. `key` and `elem` are the
    /// sizes of its key and element types.
    pub fn map_shape(
        &self,
        memory: &dyn Memory,
        typ: Addr,
        key: SlotSize,
        elem: SlotSize,
    ) -> Result<MapShape, RuntimeError> {
        let layout = &self.layout;
        let corrupt = |why: &str| RuntimeError::corrupt("a map's type descriptor", typ, why);
        let mut shape =
            MapShape::computed(layout, key, elem).ok_or_else(|| corrupt("its sizes are out of bounds"))?;
        let header = Reader::new(memory, layout.arch).record(typ, layout.of(Fact::MapTypeSize)?)?;
        let flags = header.uint(layout.of(Fact::MapFlags)?, 4);
        let word = |fact| layout.get(fact).map(|offset| header.pointer(offset).0);
        let (slots, indirect) = match &mut shape.kind {
            Kind::Buckets(slots) => {
                slots.size = header.uint(layout.of(Fact::MapBucketSize)?, 2);
                (slots, OLD_INDIRECT)
            }
            Kind::Swiss(slots) => {
                slots.size = word(Fact::MapGroupSize).unwrap_or(slots.size);
                if let (Some(stride), Some(elem)) = (word(Fact::MapSlotSize), word(Fact::MapElemOff)) {
                    (slots.keys, slots.elems) = ((HEAD, stride), (HEAD.saturating_add(elem), stride));
                }
                if let (Some(at), Some(stride)) = (word(Fact::MapKeysOff), word(Fact::MapKeyStride)) {
                    slots.keys = (at, stride);
                }
                if let (Some(at), Some(stride)) = (word(Fact::MapElemsOff), word(Fact::MapElemStride)) {
                    slots.elems = (at, stride);
                }
                (slots, SWISS_INDIRECT)
            }
        };
        slots.indirect_key = flags & indirect.0 != 0;
        slots.indirect_elem = flags & indirect.1 != 0;
        match slots.is_sane(layout) {
            true => Ok(shape),
            false => Err(corrupt("its slots are outside its groups")),
        }
    }
}

impl Slots {
    /// Do all slots lie within the bucket or group, behind its head?
    fn is_sane(&self, layout: &Layout) -> bool {
        let within = |(first, stride): (u64, u64)| {
            let last = stride.checked_mul(SLOTS - 1).and_then(|all| first.checked_add(all));
            first >= HEAD && last.is_some_and(|last| last <= self.size)
        };
        (HEAD + layout.pointer_size()..=MAX_GROUP).contains(&self.size)
            && within(self.keys)
            && within(self.elems)
    }

    /// Where the key and the element of slot `i` of the bucket or group `bytes` at `addr` are.
    pub(super) fn entry(&self, arch: &adit_arch::Arch, addr: Addr, bytes: &[u8], i: u64) -> (Addr, Addr) {
        let place = |(first, stride): (u64, u64), indirect: bool| {
            let offset = first + i * stride;
            match indirect {
                true => Addr(crate::reader::uint_in(arch, bytes, offset, u64::from(arch.pointer_size))),
                false => addr.offset(offset.cast_signed()),
            }
        };
        (place(self.keys, self.indirect_key), place(self.elems, self.indirect_elem))
    }
}

/// Walks through DWARF types.
struct Types<'a>(&'a dyn Fn(TypeId) -> Option<Arc<Type>>);

impl Types<'_> {
    /// The type behind typedefs.
    fn plain(&self, mut id: TypeId) -> Option<Arc<Type>> {
        for _ in 0..32 {
            let found = (self.0)(id)?;
            match found.shape {
                Shape::Typedef(of) => id = of,
                _ => return Some(found),
            }
        }
        None
    }

    /// What a pointer type points to.
    fn pointee(&self, id: TypeId) -> Option<Arc<Type>> {
        match self.plain(id)?.shape {
            Shape::Pointer(Some(to)) => self.plain(to),
            _ => None,
        }
    }

    fn field(&self, structure: &Type, name: &str) -> Option<(u64, TypeId)> {
        let Shape::Struct(fields) = &structure.shape else { return None };
        fields.iter().find(|field| &*field.name == name).map(|field| (field.offset, field.type_id))
    }

    /// An array field's offset and the type of its elements.
    fn array(&self, structure: &Type, name: &str) -> Option<(u64, TypeId)> {
        let (offset, id) = self.field(structure, name)?;
        match self.plain(id)?.shape {
            Shape::Array { elem, .. } => Some((offset, elem)),
            _ => None,
        }
    }
}
