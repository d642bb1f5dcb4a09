//! Maps of Go 1.24 and later: a directory of tables of groups with eight slots each, or for a small map one group.

use std::collections::HashSet;

use adit_process::Addr;

use super::shape::{SLOTS, Slots};
use super::{CHUNK, Walk};
use crate::{Fact, GoRuntime, RuntimeError};

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
        let length = map.pointer(layout.of(Fact::SwissDirLen)?).0;
        if length > MAX_DIRECTORY {
            return Err(RuntimeError::corrupt(
                "a map",
                header,
                format!("its directory has {length} entries"),
            ));
        }
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
                self.walk_table(walk, slots, table)?;
            }
            index += take;
        }
        Ok(())
    }

    fn walk_table(&self, walk: &mut Walk<'_>, slots: &Slots, addr: Addr) -> Result<(), RuntimeError> {
        let layout = &self.layout;
        let table = match walk.reader.record(addr, layout.of(Fact::TableSize)?) {
            Ok(table) => table,
            Err(error) => {
                walk.found.errors.push(error);
                return Ok(());
            }
        };
        let groups = layout.of(Fact::TableGroups)?;
        let count = table.uint(groups + layout.of(Fact::GroupsLengthMask)?, 8).saturating_add(1);
        if count > MAX_TABLE_GROUPS || !count.is_power_of_two() {
            let why = format!("it has {count} groups");
            walk.found.errors.push(RuntimeError::corrupt("a map's table", addr, why));
            return Ok(());
        }
        walk_groups(walk, slots, table.pointer(groups + layout.of(Fact::GroupsData)?), count);
        Ok(())
    }
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
            for slot in 0..SLOTS {
                // The control word is a number whose low byte is slot 0's.
                let byte = (arch.byte_order.uint(&group[..8]) >> (8 * slot)) as u8;
                if byte & FREE == 0 {
                    let (key, elem) = slots.entry(arch, addr, group, slot);
                    walk.yield_entry(key, elem);
                }
            }
        }
    }
}
