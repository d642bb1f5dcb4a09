//! Maps of Go 1.24 and later: a directory of tables of groups with eight slots each, or for a small map one group.

use std::collections::HashSet;

use adit_arch::Arch;
use adit_process::Addr;

use super::shape::{SLOTS, Slots};
use super::{CHUNK, Walk};
use crate::reader::{Reader, Record, uint_in};
use crate::{Fact, GoRuntime, Layout, RuntimeError};

/// In a control byte: the slot holds no entry (ctrlEmpty, ctrlDeleted; `internal/runtime/maps/group.go`).
const FREE: u8 = 0x80;
/// Longer directories than this cannot be in any memory.
const MAX_DIRECTORY: u64 = 1 << 32;
/// Entries of the directory read at once.
const DIRECTORY_BATCH: u64 = 4096;
/// A table splits before it has more groups than this (maxTableCapacity, 1024 slots; generously).
const MAX_TABLE_GROUPS: u64 = 1 << 16;

impl GoRuntime {
    pub(super) fn walk_swiss(
        &self,
        walk: &mut Walk<'_>,
        slots: &Slots,
        header: Addr,
    ) -> Result<(), RuntimeError> {
        let layout = &self.layout;
        let map = walk.reader.record(header, layout.of(Fact::SwissSize)?)?;
        walk.left = map.uint(layout.of(Fact::SwissUsed)?, 8);
        let directory = map.pointer(layout.of(Fact::SwissDirPtr)?);
        let length = directory_length(layout, &map)?;
        if directory.0 == 0 {
            return match walk.left {
                0 => Ok(()),
                count => Err(RuntimeError::corrupt(
                    "a map",
                    header,
                    format!("it has {count} entries and no table"),
                )),
            };
        }
        if length == 0 {
            walk_groups(walk, slots, directory, 1);
            return Ok(());
        }
        // A table stands in the directory as often in a row as the map has more of the hash's bits than the table.
        let (mut index, mut last, mut seen) = (0, Addr(0), HashSet::new());
        while index < length && !walk.is_done() {
            let take = DIRECTORY_BATCH.min(length - index);
            let at = directory.offset(index.wrapping_mul(layout.pointer_size()).cast_signed());
            for table in walk.reader.pointers(at, take, DIRECTORY_BATCH)? {
                if walk.is_done() || !walk.spend() {
                    return Ok(());
                }
                if table == last {
                    continue;
                }
                last = table;
                if !seen.insert(table) {
                    let why = "it stands in several places of its map's directory";
                    walk.found.errors.push(RuntimeError::corrupt("a map's table", table, why));
                    continue;
                }
                match groups_of(layout, walk.reader, table) {
                    Ok((groups, count)) => walk_groups(walk, slots, groups, count),
                    Err(error) => walk.found.errors.push(error),
                }
            }
            index += take;
        }
        Ok(())
    }
}

/// The length of the directory; 0 of a small map.
pub(super) fn directory_length(layout: &Layout, map: &Record) -> Result<u64, RuntimeError> {
    match map.pointer(layout.of(Fact::SwissDirLen)?).0 {
        length @ ..=MAX_DIRECTORY => Ok(length),
        length => {
            let why = format!("its directory has {length} entries");
            Err(RuntimeError::corrupt("a map", map.addr, why))
        }
    }
}

/// Where a table's groups are, and how many: a power of two.
pub(super) fn groups_of(
    layout: &Layout,
    reader: Reader<'_>,
    table: Addr,
) -> Result<(Addr, u64), RuntimeError> {
    let record = reader.record(table, layout.of(Fact::TableSize)?)?;
    let groups = layout.of(Fact::TableGroups)?;
    let count = record.uint(groups + layout.of(Fact::GroupsLengthMask)?, 8).saturating_add(1);
    if count > MAX_TABLE_GROUPS || !count.is_power_of_two() {
        return Err(RuntimeError::corrupt("a map's table", table, format!("it has {count} groups")));
    }
    Ok((record.pointer(groups + layout.of(Fact::GroupsData)?), count))
}

/// The control bytes of a group's slots: those of a number whose low byte is slot 0's.
pub(super) fn control_bytes(arch: &Arch, group: &[u8]) -> [u8; SLOTS as usize] {
    uint_in(arch, group, 0, SLOTS).to_le_bytes()
}

fn walk_groups(walk: &mut Walk<'_>, slots: &Slots, array: Addr, count: u64) {
    let arch = walk.reader.arch;
    let at_once = (CHUNK / slots.size).max(1);
    let mut index = 0;
    while index < count && !walk.is_done() {
        let take = at_once.min(count - index);
        let at = array.offset(index.wrapping_mul(slots.size).cast_signed());
        index += take;
        let bytes = match walk.reader.bytes(at, take * slots.size, CHUNK.max(slots.size)) {
            Ok(bytes) => bytes,
            Err(error) => {
                walk.found.errors.push(error);
                continue;
            }
        };
        for (i, group) in bytes.chunks_exact(slots.size as usize).enumerate() {
            if !walk.spend() {
                return;
            }
            let addr = at.offset((i as u64 * slots.size).cast_signed());
            for (slot, byte) in control_bytes(arch, group).into_iter().enumerate() {
                if byte & FREE == 0 {
                    let (key, elem) = slots.entry(arch, addr, group, slot as u64);
                    walk.yield_entry(key, elem);
                }
            }
        }
    }
}
