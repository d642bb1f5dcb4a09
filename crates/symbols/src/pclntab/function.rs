//! One function of the table (runtime/runtime2.go, _func).

use std::collections::HashSet;

use super::header::Format;
use super::pcvalue::Runs;
use super::{FuncId, Pclntab};
use crate::FileAddr;

/// Properties of a function (internal/abi/symtab.go, FuncFlag).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FuncFlags {
    /// Nothing called it: a stack ends with it.
    pub top_frame: bool,
    /// It writes to SP in ways that the table cannot describe.
    pub sp_write: bool,
    /// It is written in assembly.
    pub asm: bool,
}

/// A function. All that it is asked is read from the table at that moment.
#[derive(Clone, Copy, Debug)]
pub struct Function<'a> {
    table: &'a Pclntab,
    index: usize,
    /// Where its record starts in the table, in bytes.
    record: usize,
}

/// One call that was inlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inlined<'a> {
    /// Full name of the function that was inlined.
    pub name: &'a str,
    /// Which special function it is.
    pub func_id: FuncId,
    /// File of the call.
    pub call_file: &'a str,
    /// Line of the call.
    pub call_line: u32,
    /// Line of the inlined function's `func`; known since Go 1.20.
    pub start_line: Option<u32>,
}

// Words of 32 bits in _func.
const NAME: usize = 1;
const ARGS: usize = 2;
const DEFERRETURN: usize = 3;
const PCSP: usize = 4;
const PCFILE: usize = 5;
const PCLN: usize = 6;
const NPCDATA: usize = 7;
const UNIT: usize = 8;
/// Since Go 1.20; what follows moved by a word.
const START_LINE: usize = 9;

// Indices of PCDATA and FUNCDATA (internal/abi/symtab.go).
const PCDATA_UNSAFE_POINT: usize = 0;
const PCDATA_INL_TREE_INDEX: usize = 2;
const FUNCDATA_INL_TREE: usize = 3;
const FUNCDATA_OPEN_CODED_DEFER_INFO: usize = 4;
const UNSAFE_POINT_SAFE: i32 = -1;

/// Deeper than the compiler inlines: a longer chain is a loop.
const MAX_INLINE_DEPTH: usize = 500;

/// The linker marks an entry of the file table that has no code so.
const NO_FILE: u32 = u32::MAX;

/// One record of an inline tree (runtime/symtabinl.go, inlinedCall; before Go 1.20, runtime/symtab.go).
struct InlineRecord {
    id: u8,
    /// Where the callee's name is in the table of names.
    name: u32,
    /// Offset, from the function's entry, of the address that stands for the call.
    parent: u32,
    /// The callee's first line, since Go 1.20.
    start_line: Option<u32>,
}

impl<'a> Function<'a> {
    pub(super) fn new(table: &'a Pclntab, index: usize) -> Function<'a> {
        let header = &table.header;
        let half = header.entry_size() / 2;
        let start = header.function_table.saturating_add(index.saturating_mul(2 * half).saturating_add(half));
        let offset = table.data().get(start..start.saturating_add(half)).map(|bytes| table.order.uint(bytes));
        let offset = offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(usize::MAX);
        Function { table, index, record: header.records.saturating_add(offset) }
    }

    /// Its place in the table.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its full name: `main.(*Stack[...]).Push`. Empty if the table is damaged.
    pub fn name(&self) -> &'a str {
        self.word(NAME).map_or("", |offset| self.table.text_at(self.table.header.names, offset))
    }

    /// Is its name at one of these offsets in the table of names?
    pub(super) fn has_name_at(&self, offsets: &[u32]) -> bool {
        !offsets.is_empty() && self.word(NAME).is_some_and(|offset| offsets.contains(&offset))
    }

    /// Where its inline tree starts in the module's function data, in bytes.
    pub(super) fn inline_tree(&self) -> Option<u32> {
        self.funcdata_offset(FUNCDATA_INL_TREE)
    }

    /// Where it keeps the deferred calls that the compiler open-coded, if it has such (FUNCDATA_OpenCodedDeferInfo, in the
    /// form of the program's release). What follows it in the file is not its own.
    pub fn open_coded_defers(&self) -> Option<&'a [u8]> {
        self.funcdata(FUNCDATA_OPEN_CODED_DEFER_INFO)
    }

    /// Its first address.
    pub fn entry(&self) -> FileAddr {
        FileAddr(self.table.boundary(self.index))
    }

    /// The address after its last, padding included.
    pub fn end(&self) -> FileAddr {
        FileAddr(self.table.boundary(self.index + 1))
    }

    /// Which special function it is.
    pub fn func_id(&self) -> FuncId {
        self.table.numbering.id(self.byte(0).unwrap_or(0))
    }

    /// Its properties.
    pub fn flags(&self) -> FuncFlags {
        let bits = self.byte(1).unwrap_or(0);
        FuncFlags { top_frame: bits & 1 != 0, sp_write: bits & 2 != 0, asm: bits & 4 != 0 }
    }

    /// The line of its `func`; known since Go 1.20.
    pub fn start_line(&self) -> Option<u32> {
        (self.table.header.format >= Format::Go120).then(|| self.word(START_LINE)).flatten()
    }

    /// Size of its arguments and results on the stack in bytes; `i32::MIN` if unknown (assembly).
    pub fn args_size(&self) -> i32 {
        self.word(ARGS).unwrap_or(0).cast_signed()
    }

    /// Where it resumes after a recovered panic: the call of `runtime.deferreturn`; known since Go 1.16.
    pub fn deferreturn(&self) -> Option<FileAddr> {
        if self.table.header.format < Format::Go116 {
            return None;
        }
        let offset = self.word(DEFERRETURN).filter(|offset| *offset != 0)?;
        Some(FileAddr(self.entry().0.wrapping_add(u64::from(offset))))
    }

    /// File and line of `pc`, in the innermost inlined call.
    pub fn file_line(&self, pc: FileAddr) -> Option<(&'a str, u32)> {
        let offset = self.offset(pc)?;
        let line = u32::try_from(self.runs(PCLN)?.at(offset)?).ok()?;
        let file = self.file(self.runs(PCFILE)?.at(offset)?)?;
        Some((file, line))
    }

    /// How far SP is below the slot of the return address at `pc`, in bytes.
    pub fn sp_delta(&self, pc: FileAddr) -> Option<i64> {
        self.runs(PCSP)?.at(self.offset(pc)?).map(i64::from)
    }

    /// Whether a goroutine can be stopped asynchronously at `pc`: PCDATA_UnsafePoint. -1: yes; -2: no; less:
    /// restartable sequences (internal/abi/symtab.go).
    pub fn unsafe_point(&self, pc: FileAddr) -> i32 {
        self.pcdata(PCDATA_UNSAFE_POINT, pc).unwrap_or(UNSAFE_POINT_SAFE)
    }

    /// The calls that were inlined at `pc`, innermost first; known since Go 1.18.
    pub fn inlined(&self, pc: FileAddr) -> Vec<Inlined<'a>> {
        let mut calls = Vec::new();
        let mut pc = pc;
        let Some(tree) = self.funcdata(FUNCDATA_INL_TREE) else { return calls };
        while calls.len() < MAX_INLINE_DEPTH {
            let index = self.pcdata(PCDATA_INL_TREE_INDEX, pc).and_then(|index| usize::try_from(index).ok());
            let Some((call, parent)) = index.and_then(|index| self.inlined_call(tree, index)) else { break };
            calls.push(call);
            // Within one function parents come before their children, so a PC that stays is a loop.
            if parent == pc {
                break;
            }
            pc = parent;
        }
        calls
    }

    /// Every call that was inlined into it, nested ones too: the callee's full name, and the first address of its code.
    pub fn inlined_calls(&self) -> Vec<(&'a str, FileAddr)> {
        let mut found = Vec::new();
        let Some(tree) = self.funcdata(FUNCDATA_INL_TREE) else { return found };
        if PCDATA_INL_TREE_INDEX >= self.word(NPCDATA).unwrap_or(0) as usize {
            return found;
        }
        let Some(runs) = self.runs(self.fixed_words() + PCDATA_INL_TREE_INDEX) else { return found };
        // In ascending order of PC, to look up the callers of nested calls.
        let size = self.end().0.saturating_sub(self.entry().0);
        let runs: Vec<(u64, u64, i32)> = runs.take_while(|run| run.0 < size).collect();
        let index_at = |offset: u64| {
            let run = runs.get(runs.partition_point(|run| run.1 <= offset))?;
            usize::try_from(run.2).ok()
        };
        let mut seen = HashSet::new();
        for &(start, _, index) in &runs {
            let start = FileAddr(self.entry().0.wrapping_add(start));
            let mut next = usize::try_from(index).ok();
            // A call whose code begins with that of a call nested in it begins where that does.
            while let Some(index) = next.filter(|index| seen.insert(*index)) {
                let Some(record) = self.inline_record(tree, index) else { break };
                found.push((self.table.text_at(self.table.header.names, record.name), start));
                next = index_at(u64::from(record.parent));
            }
        }
        found
    }

    /// Record `index` of an inline tree, and the address that stands for its call.
    fn inlined_call(&self, tree: &[u8], index: usize) -> Option<(Inlined<'a>, FileAddr)> {
        let record = self.inline_record(tree, index)?;
        let parent = FileAddr(self.entry().0.wrapping_add(u64::from(record.parent)));
        let (call_file, call_line) = self.file_line(parent).unwrap_or(("", 0));
        let call = Inlined {
            name: self.table.text_at(self.table.header.names, record.name),
            func_id: self.table.numbering.id(record.id),
            call_file,
            call_line,
            start_line: record.start_line,
        };
        Some((call, parent))
    }

    fn inline_record(&self, tree: &[u8], index: usize) -> Option<InlineRecord> {
        let new = self.table.header.format >= Format::Go120;
        let size = if new { 16 } else { 20 };
        let start = index.checked_mul(size)?;
        let record = tree.get(start..start.checked_add(size)?)?;
        let word = |at: usize| self.table.order.uint(&record[at..at + 4]) as u32;
        Some(match new {
            true => {
                InlineRecord { id: record[0], name: word(4), parent: word(8), start_line: Some(word(12)) }
            }
            false => InlineRecord { id: record[2], name: word(12), parent: word(16), start_line: None },
        })
    }

    /// The decoded line table: first address, address after the last, file, line. Inlined code is part of it;
    /// parts without a position are left out.
    pub fn line_entries(&self) -> Vec<(FileAddr, FileAddr, &'a str, u32)> {
        let mut entries = Vec::new();
        self.each_line(|start, end, file, line| {
            if let Some(file) = self.file(file) {
                entries.push((FileAddr(start), FileAddr(end), file, line));
            }
        });
        entries
    }

    /// Calls `visit` with first address, end, number of the file in its unit, and line of every run.
    pub(super) fn each_line(&self, mut visit: impl FnMut(u64, u64, i32, u32)) {
        let (Some(mut files), Some(lines)) = (self.runs(PCFILE), self.runs(PCLN)) else { return };
        let (entry, size) = (self.entry().0, self.end().0.wrapping_sub(self.entry().0));
        let mut file = files.next();
        for (start, end, line) in lines {
            let mut at = start;
            let end = end.min(size);
            while at < end {
                let Some((_, file_end, number)) = file else { return };
                if file_end <= at {
                    file = files.next();
                    continue;
                }
                let until = end.min(file_end);
                if let Ok(line) = u32::try_from(line) {
                    visit(entry.wrapping_add(at), entry.wrapping_add(until), number, line);
                }
                at = until;
            }
        }
    }

    /// Does any of its code come from the file with this number in its unit?
    pub(super) fn uses_file(&self, number: i32) -> bool {
        self.runs(PCFILE).is_some_and(|mut runs| runs.any(|run| run.2 == number))
    }

    /// Where the files of its unit start in the table of units, in entries. Before Go 1.16, the program is one unit.
    pub(super) fn unit(&self) -> Option<u32> {
        if self.table.header.format < Format::Go116 {
            return Some(0);
        }
        self.word(UNIT)
    }

    fn file(&self, number: i32) -> Option<&'a str> {
        let entry = (self.unit()? as usize).checked_add(usize::try_from(number).ok()?)?;
        let offset = self.table.u32_at(self.table.header.units, entry.checked_mul(4)?)?;
        if offset == NO_FILE {
            return None;
        }
        Some(self.table.text_at(self.table.header.files, offset))
    }

    fn offset(&self, pc: FileAddr) -> Option<u64> {
        (pc >= self.entry() && pc < self.end()).then(|| pc.0 - self.entry().0)
    }

    /// The table whose offset is in a word of the record; 0 says that there is none.
    fn runs(&self, word: usize) -> Option<Runs<'a>> {
        let offset = self.word(word).filter(|offset| *offset != 0)?;
        let start = self.table.header.pc_values.checked_add(offset as usize)?;
        let header = &self.table.header;
        let end = if header.format < Format::Go116 { self.table.data().len() } else { header.function_table };
        Some(Runs::new(self.table.data().get(start..end)?, header.quantum))
    }

    fn pcdata(&self, number: usize, pc: FileAddr) -> Option<i32> {
        if number >= self.word(NPCDATA)? as usize {
            return None;
        }
        self.runs(self.fixed_words() + number)?.at(self.offset(pc)?)
    }

    fn funcdata(&self, number: usize) -> Option<&'a [u8]> {
        // Before Go 1.18 there are pointers here, and no part of the file that offsets count from.
        self.table.function_data.as_ref()?.data().get(self.funcdata_offset(number)? as usize..)
    }

    fn funcdata_offset(&self, number: usize) -> Option<u32> {
        if number >= usize::from(self.byte(3)?) {
            return None;
        }
        let word = self.fixed_words().checked_add(self.word(NPCDATA)? as usize)?.checked_add(number)?;
        self.word(word).filter(|offset| *offset != u32::MAX)
    }

    /// Words before the offsets of PCDATA.
    fn fixed_words(&self) -> usize {
        match self.table.header.format {
            Format::Go12 => 9,
            Format::Go116 | Format::Go118 => 10,
            Format::Go120 => 11,
        }
    }

    /// A word of the record. The first, the entry point, was a pointer before Go 1.18.
    fn word(&self, index: usize) -> Option<u32> {
        self.table.u32_at(self.record, index.checked_mul(4)?.checked_add(self.wider())?)
    }

    /// The last word before PCDATA is four bytes: id, flags, padding, number of FUNCDATA.
    fn byte(&self, index: usize) -> Option<u8> {
        let offset = (self.fixed_words() - 1) * 4 + self.wider();
        self.table.data().get(self.record.checked_add(offset)?.checked_add(index)?).copied()
    }

    /// How many bytes more than four the entry point takes.
    fn wider(&self) -> usize {
        let header = &self.table.header;
        if header.format < Format::Go118 { header.pointer_size - 4 } else { 0 }
    }
}
