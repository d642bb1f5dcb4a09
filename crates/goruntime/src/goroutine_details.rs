//! What only some commands ask of a goroutine: its profiler labels and its ancestors.

use adit_process::{Addr, Memory};

use crate::map::{MapShape, SlotSize};
use crate::reader::Reader;
use crate::{Fact, GoRuntime, Goroutine, RuntimeError};

/// From this minor release on, labels are a slice of pairs rather than a map (`runtime/pprof/label.go`).
const FIRST_LABEL_LIST: u16 = 24;
/// Labels of one goroutine beyond this are not read.
const MAX_LABELS: u64 = 1000;
/// Longest label that is read, in bytes.
const MAX_LABEL: u64 = 4096;
/// More ancestors than `GODEBUG=tracebackancestors` can sensibly be set to.
const MAX_ANCESTORS: u64 = 10_000;

/// A goroutine that led to another one (`runtime.ancestorInfo`), if the program keeps track of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Its id.
    pub id: i64,
    /// Return address of the `go` statement that made it.
    pub go_pc: Addr,
    /// Its stack when it executed the `go` statement: return addresses, innermost first.
    pub pcs: Vec<Addr>,
}

impl GoRuntime {
    /// The goroutine's profiler labels, sorted by key.
    pub fn labels(
        &self,
        memory: &dyn Memory,
        goroutine: &Goroutine,
    ) -> Result<Vec<(String, String)>, RuntimeError> {
        if goroutine.labels.0 == 0 {
            return Ok(Vec::new());
        }
        let reader = Reader::new(memory, self.layout.arch);
        let at = self.label_addresses(memory, goroutine.labels)?;
        let mut labels = Vec::with_capacity(at.len());
        for (key, value) in at {
            labels.push((reader.string(key, MAX_LABEL)?, reader.string(value, MAX_LABEL)?));
        }
        labels.sort();
        Ok(labels)
    }

    /// Where the strings of the labels are.
    fn label_addresses(&self, memory: &dyn Memory, labels: Addr) -> Result<Vec<(Addr, Addr)>, RuntimeError> {
        let word = self.layout.pointer_size();
        let string = SlotSize { size: 2 * word, align: word };
        if self.layout.release.0 >= FIRST_LABEL_LIST {
            let list = self.slice_header(memory, labels)?;
            let label = |i: u64| {
                let key = list.data.offset((i * 4 * word).cast_signed());
                (key, key.offset((2 * word).cast_signed()))
            };
            return Ok((0..list.len.clamp(0, MAX_LABELS as i64).cast_unsigned()).map(label).collect());
        }
        // *labelMap, which is a pointer to the map variable.
        let map = Reader::new(memory, self.layout.arch).pointer(labels)?;
        let shape = MapShape::computed(&self.layout, string, string);
        let (Some(shape), true) = (shape, map.0 != 0) else { return Ok(Vec::new()) };
        let found = self.map_entries(memory, &shape, map, 0, MAX_LABELS as usize)?;
        Ok(found.entries.into_iter().map(|entry| (entry.key, entry.elem)).collect())
    }

    /// The goroutine's ancestors, its creator first. Empty unless the program runs with
    /// `GODEBUG=tracebackancestors=N`.
    pub fn ancestors(
        &self,
        memory: &dyn Memory,
        goroutine: &Goroutine,
    ) -> Result<Vec<Ancestor>, RuntimeError> {
        if goroutine.ancestors.0 == 0 {
            return Ok(Vec::new());
        }
        let layout = &self.layout;
        let reader = Reader::new(memory, layout.arch);
        let list = self.slice_header(memory, goroutine.ancestors)?;
        let size = layout.of(Fact::AncestorSize)?;
        let mut ancestors = Vec::new();
        for i in 0..list.len.clamp(0, MAX_ANCESTORS as i64).cast_unsigned() {
            let info = reader.record(list.data.offset((i * size).cast_signed()), size)?;
            let pcs = layout.of(Fact::AncestorPcs)?;
            ancestors.push(Ancestor {
                id: info.uint(layout.of(Fact::AncestorGoid)?, 8).cast_signed(),
                go_pc: info.pointer(layout.of(Fact::AncestorGoPc)?),
                pcs: reader.pointers(
                    info.pointer(pcs),
                    info.pointer(pcs + layout.pointer_size()).0,
                    MAX_ANCESTORS,
                )?,
            });
        }
        Ok(ancestors)
    }
}
