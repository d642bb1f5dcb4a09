//! What a core file needs of a process besides the contents of its memory.

use std::ops::Range;

use crate::ThreadId;

/// One ELF note (gABI, "Note Section"): its owner's name, its type, its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `CORE`, `LINUX`.
    pub owner: &'static str,
    /// `NT_PRSTATUS` and so on.
    pub kind: u32,
    /// In the target's layout and byte order.
    pub contents: Vec<u8>,
}

/// One mapping, as a core file records it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its addresses.
    pub addrs: Range<u64>,
    /// May it be read, written, executed?
    pub rights: [bool; 3],
    /// How many of its bytes, from the first on, belong in the file.
    pub len: u64,
    /// Where in these there is something. The rest is zero, and need not be read.
    pub present: Vec<Range<u64>>,
}

/// What a core file records of a process.
#[derive(Clone, Debug, Default)]
pub struct CoreRecord {
    /// Of the process as a whole: who it is, its auxiliary vector, its mapped files.
    pub process: Vec<Note>,
    /// Of each thread: its registers, and what stopped it.
    pub threads: Vec<(ThreadId, Vec<Note>)>,
    /// Its mappings.
    pub segments: Vec<Segment>,
}
