//! Maps, of both kinds: buckets with overflow chains (Go 1.23 and older, `runtime/map.go`) and Swiss tables (1.24
//! and later, `internal/runtime/maps`).
//!
//! A [`MapShape`] says where keys and elements lie in a map of one type; [`GoRuntime::map_entries`] yields their
//! addresses, in the order in which they lie in memory, which is the same for every reading of the same map. A
//! [`MapIndex`] finds those that may have a key, by the key's hash.

mod buckets;
mod index;
mod shape;
mod swiss;

use adit_process::{Addr, Memory};

pub use index::MapIndex;
pub use shape::{MapShape, SlotSize};

use crate::reader::Reader;
use crate::{Fact, GoRuntime, RuntimeError};
use shape::Kind;

/// Where one entry's key and element are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapEntry {
    /// The key.
    pub key: Addr,
    /// The element.
    pub elem: Addr,
}

/// A stretch of a map's entries.
#[derive(Clone, Debug, Default)]
pub struct MapEntries {
    /// The entries.
    pub entries: Vec<MapEntry>,
    /// Buckets, groups and tables that could not be read; their entries are missing above.
    pub errors: Vec<RuntimeError>,
    /// Were not all of the map's buckets looked at, because there are far too many for its entries?
    pub truncated: bool,
}

/// Buckets, groups and directory entries that are looked at for each entry asked for.
const BUDGET_PER_ENTRY: u64 = 100;
/// Such that are looked at in any case.
const LEAST_BUDGET: u64 = 1 << 20;
/// Bytes read at once.
const CHUNK: u64 = 64 << 10;
/// Errors after which the rest of a map is given up.
const MAX_ERRORS: usize = 3;

/// What is collected while a map is walked.
struct Walk<'m> {
    reader: Reader<'m>,
    skip: u64,
    count: usize,
    /// Entries of the map that are still to be seen.
    left: u64,
    budget: u64,
    found: MapEntries,
}

impl Walk<'_> {
    fn is_done(&self) -> bool {
        self.left == 0
            || self.found.entries.len() >= self.count
            || self.found.truncated
            || self.found.errors.len() >= MAX_ERRORS
    }

    /// Takes one bucket, group or directory entry off the budget.
    fn spend(&mut self) -> bool {
        match self.budget.checked_sub(1) {
            Some(rest) => self.budget = rest,
            None => self.found.truncated = true,
        }
        !self.found.truncated
    }

    fn yield_entry(&mut self, key: Addr, elem: Addr) {
        if self.is_done() {
            return;
        }
        self.left -= 1;
        match self.skip.checked_sub(1) {
            Some(rest) => self.skip = rest,
            None => self.found.entries.push(MapEntry { key, elem }),
        }
    }
}

impl GoRuntime {
    /// Number of entries of the map whose header is at `header`: the value of a `map` variable, not nil.
    pub fn map_len(&self, memory: &dyn Memory, header: Addr) -> Result<u64, RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        match self.layout.get(Fact::SwissUsed) {
            Some(offset) if self.layout.release.0 >= shape::FIRST_SWISS => {
                reader.uint(header.offset(offset.cast_signed()), 8)
            }
            _ => reader
                .pointer(header.offset(self.layout.of(Fact::HmapCount)?.cast_signed()))
                .map(|count| count.0),
        }
    }

    /// Addresses of `count` entries of the map whose header is at `header`, from the `start`th on.
    pub fn map_entries(
        &self,
        memory: &dyn Memory,
        shape: &MapShape,
        header: Addr,
        start: u64,
        count: usize,
    ) -> Result<MapEntries, RuntimeError> {
        let wanted = start.saturating_add(count as u64);
        let mut walk = Walk {
            reader: Reader::new(memory, self.layout.arch),
            skip: start,
            count,
            left: 0,
            budget: wanted.saturating_mul(BUDGET_PER_ENTRY).max(LEAST_BUDGET),
            found: MapEntries::default(),
        };
        match &shape.kind {
            Kind::Buckets(shape) => self.walk_buckets(&mut walk, shape, header)?,
            Kind::Swiss(shape) => self.walk_swiss(&mut walk, shape, header)?,
        }
        Ok(walk.found)
    }
}
