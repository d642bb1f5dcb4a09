//! Finding a key by its hash, as `mapaccess1` (`runtime/map.go` of go1.23) and `getWithKey`
//! (`internal/runtime/maps/map.go`, `table.go` of go1.24) do.

use adit_process::{Addr, Memory};

use super::shape::{Kind, SLOTS, Slots};
use super::{MapEntry, MapShape, buckets, swiss};
use crate::reader::{Reader, uint_in};
use crate::{Fact, GoRuntime, Layout, RuntimeError};

/// In `hmap.flags`: a goroutine writes to the map (hashWriting).
const WRITING: u64 = 4;
/// A bucket's tophash of a slot behind which all are empty, in the bucket and in those chained to it (emptyRest).
const EMPTY_REST: u8 = 0;
/// A control byte of a slot that never had an entry (ctrlEmpty); probing ends at its group.
const NEVER_USED: u8 = 0x80;
/// Buckets in a chain that are looked at. Chains are a few buckets long.
const MAX_CHAIN: usize = 1 << 12;
/// Candidates beyond this are a sign of corruption: one in 128 of the slots looked at is one by chance.
const MAX_CANDIDATES: usize = 1 << 10;

/// A map whose entries can be found by their keys' hashes.
pub struct MapIndex<'m> {
    reader: Reader<'m>,
    layout: &'m Layout,
    slots: Slots,
    seed: u64,
    table: Table,
}

#[derive(Clone, Copy)]
enum Table {
    /// Without room for entries.
    Empty,
    Buckets {
        array: Addr,
        /// The number of buckets less one.
        mask: u64,
        /// Likewise of the array that the map grows out of.
        old: Option<(Addr, u64)>,
    },
    /// A small Swiss map's group.
    Group(Addr),
    /// A directory, with the logarithm of its length.
    Directory(Addr, u32),
}

impl GoRuntime {
    /// Looks into the map whose header is at `header`. `None` while a goroutine writes to it: it may be inconsistent.
    pub fn map_index<'m>(
        &'m self,
        memory: &'m dyn Memory,
        shape: &MapShape,
        header: Addr,
    ) -> Result<Option<MapIndex<'m>>, RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        let (slots, found) = match &shape.kind {
            Kind::Buckets(slots) => (slots, self.bucket_table(reader, header)?),
            Kind::Swiss(slots) => (slots, self.swiss_table(reader, header)?),
        };
        Ok(found.map(|(seed, table)| MapIndex {
            reader,
            layout: &self.layout,
            slots: slots.clone(),
            seed,
            table,
        }))
    }

    fn bucket_table(&self, reader: Reader<'_>, header: Addr) -> Result<Option<(u64, Table)>, RuntimeError> {
        let layout = &self.layout;
        let hmap = reader.record(header, layout.of(Fact::HmapSize)?)?;
        let flags = hmap.uint(layout.of(Fact::HmapFlags)?, 1);
        if flags & WRITING != 0 {
            return Ok(None);
        }
        let mask = |b: u64| (1_u64 << b) - 1;
        let b = buckets::log_of_count(layout, &hmap)?;
        let array = hmap.pointer(layout.of(Fact::HmapBuckets)?);
        let old = hmap.pointer(layout.of(Fact::HmapOldBuckets)?);
        let old_b = if flags & buckets::SAME_SIZE_GROW != 0 { b } else { b.saturating_sub(1) };
        let table = match array.0 {
            0 => Table::Empty,
            _ => Table::Buckets { array, mask: mask(b), old: (old.0 != 0).then(|| (old, mask(old_b))) },
        };
        Ok(Some((hmap.uint(layout.of(Fact::HmapHash0)?, 4), table)))
    }

    fn swiss_table(&self, reader: Reader<'_>, header: Addr) -> Result<Option<(u64, Table)>, RuntimeError> {
        let layout = &self.layout;
        let map = reader.record(header, layout.of(Fact::SwissSize)?)?;
        if map.uint(layout.of(Fact::SwissWriting)?, 1) != 0 {
            return Ok(None);
        }
        let directory = map.pointer(layout.of(Fact::SwissDirPtr)?);
        let length = swiss::directory_length(layout, &map)?;
        let table = match (directory.0, length) {
            (0, _) => Table::Empty,
            (_, 0) => Table::Group(directory),
            (_, length) if length.is_power_of_two() => Table::Directory(directory, length.ilog2()),
            (_, length) => {
                return Err(RuntimeError::corrupt(
                    "a map",
                    header,
                    format!("its directory has {length} entries"),
                ));
            }
        };
        Ok(Some((map.pointer(layout.of(Fact::SwissSeed)?).0, table)))
    }
}

impl MapIndex<'_> {
    /// What the hashes of this map's keys begin with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The entries whose keys may have this hash: all that do, and by chance a few others.
    pub fn candidates(&self, hash: u64) -> Result<Vec<MapEntry>, RuntimeError> {
        let mut found = Vec::new();
        match self.table {
            Table::Empty => Ok(()),
            Table::Buckets { array, mask, old } => self.search_buckets(&mut found, (array, mask), old, hash),
            Table::Group(group) => self.search_group(&mut found, group, hash).map(drop),
            Table::Directory(directory, log) => {
                let word = self.layout.pointer_size();
                // The topmost bits of the hash say which (directoryIndex).
                let index = hash.checked_shr(8 * word as u32 - log).unwrap_or(0);
                let table = self.reader.pointer(directory.offset((index * word).cast_signed()))?;
                let (groups, count) = swiss::groups_of(self.layout, self.reader, table)?;
                self.probe(&mut found, groups, count - 1, hash)
            }
        }?;
        Ok(found)
    }

    fn search_buckets(
        &self,
        found: &mut Vec<MapEntry>,
        (array, mask): (Addr, u64),
        old: Option<(Addr, u64)>,
        hash: u64,
    ) -> Result<(), RuntimeError> {
        let at =
            |array: Addr, mask: u64| array.offset((hash & mask).wrapping_mul(self.slots.size).cast_signed());
        let mut bucket = at(array, mask);
        if let Some((array, mask)) = old {
            // Until its old bucket is moved, an entry is there.
            let old = at(array, mask);
            if !buckets::EVACUATED.contains(&(self.reader.uint(old, 1)? as u8)) {
                bucket = old;
            }
        }
        let word = u64::from(self.reader.arch.pointer_size);
        let top = (hash >> (8 * word - 8)) as u8;
        let top = if top < buckets::MIN_TOP_HASH { top + buckets::MIN_TOP_HASH } else { top };
        for _ in 0..MAX_CHAIN {
            let bytes = self.reader.bytes(bucket, self.slots.size, self.slots.size)?;
            for slot in 0..SLOTS {
                match bytes[slot as usize] {
                    EMPTY_REST => return Ok(()),
                    byte if byte == top => self.push(found, bucket, &bytes, slot)?,
                    _ => {}
                }
            }
            bucket = Addr(uint_in(self.reader.arch, &bytes, self.slots.size - word, word));
            if bucket.0 == 0 {
                return Ok(());
            }
        }
        Err(RuntimeError::corrupt("a map", bucket, "its chain of overflow buckets does not end"))
    }

    /// Goes through a table's groups in the order that the hash gives (probeSeq).
    fn probe(
        &self,
        found: &mut Vec<MapEntry>,
        groups: Addr,
        mask: u64,
        hash: u64,
    ) -> Result<(), RuntimeError> {
        let mut group = (hash >> 7) & mask;
        for step in 1..=mask + 1 {
            let at = groups.offset(group.wrapping_mul(self.slots.size).cast_signed());
            if self.search_group(found, at, hash)? {
                return Ok(());
            }
            group = (group + step) & mask;
        }
        Err(RuntimeError::corrupt("a map's table", groups, "all of its slots are taken"))
    }

    /// Does the search end with this group, because it has room?
    fn search_group(&self, found: &mut Vec<MapEntry>, group: Addr, hash: u64) -> Result<bool, RuntimeError> {
        let bytes = self.reader.bytes(group, self.slots.size, self.slots.size)?;
        let control = swiss::control_bytes(self.reader.arch, &bytes);
        for (slot, byte) in control.into_iter().enumerate() {
            if u64::from(byte) == hash & 0x7f {
                self.push(found, group, &bytes, slot as u64)?;
            }
        }
        Ok(control.contains(&NEVER_USED))
    }

    fn push(
        &self,
        found: &mut Vec<MapEntry>,
        addr: Addr,
        bytes: &[u8],
        slot: u64,
    ) -> Result<(), RuntimeError> {
        if found.len() >= MAX_CANDIDATES {
            return Err(RuntimeError::corrupt("a map", addr, "too many of its keys seem to have one hash"));
        }
        let (key, elem) = self.slots.entry(self.reader.arch, addr, bytes, slot);
        found.push(MapEntry { key, elem });
        Ok(())
    }
}
