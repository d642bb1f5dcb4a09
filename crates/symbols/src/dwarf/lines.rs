//! Line programs: which address belongs to which line.

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

use gimli::{AttributeValue, ColumnType, DwAt, Reader as _, SectionId};

use super::entry::Entry;
use super::files::{Contributions, FileId};
use super::sections::Slice;
use super::units::UnitRef;
use super::{Dwarf, damaged, gimli_error};
use crate::{FileAddr, SymbolError};

/// No header of a line table is longer than this, in bytes. One that says so would have room made for its names.
const MAX_HEADER: usize = 1 << 21;

/// Line tables of different units overlap in no producer's output: a row takes a byte, so that there are at most as many
/// rows as bytes. This many times as many are read.
const MAX_OVERLAP: usize = 4;

/// A unit's files by their index in its line program.
pub(super) type FileNames = Arc<[Arc<str>]>;

/// What was read of all line tables.
#[derive(Debug, Default)]
pub(super) struct LineTables {
    /// How many rows.
    rows: AtomicUsize,
    /// How many bytes of headers.
    headers: AtomicUsize,
    /// Files by where their table is (whether in the binary itself, and offset) and what they are relative to. A unit
    /// shares its table with the type units that were taken out of it.
    names: Mutex<HashMap<NamesKey, FileNames>>,
}

/// A file and an offset in its `.debug_line`; the unit's directory and name.
type NamesKey = (FileId, usize, Arc<str>, Arc<str>);

/// One row of the line table: holds from its address up to the next row's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// The first address.
    pub addr: FileAddr,
    /// Source file, as the compiler recorded it, made absolute with the unit's directory where that is known.
    pub file: Arc<str>,
    /// Line; 0 for code that belongs to none.
    pub line: u32,
    /// Column in bytes from 1; 0 if unknown.
    pub column: u32,
    /// Is it a good place for a breakpoint?
    pub is_stmt: bool,
    /// Is it where the function's prologue ends?
    pub prologue_end: bool,
    /// Is it where the function's epilogue begins?
    pub epilogue_begin: bool,
    /// Tells apart blocks of code that come from the same position in the source; 0 if there is but one.
    pub discriminator: u32,
    /// Is it no row but the address after the last one of a sequence?
    pub end_sequence: bool,
}

/// A row of a unit's line table. Its file is an index into the unit's file names.
#[derive(Clone, Copy, Debug)]
pub(super) struct CompactRow {
    addr: u64,
    file: u32,
    line: u32,
    column: u32,
    discriminator: u32,
    flags: u8,
}

const IS_STMT: u8 = 1;
const PROLOGUE_END: u8 = 2;
const END_SEQUENCE: u8 = 4;
const EPILOGUE_BEGIN: u8 = 8;

/// A source file that some code comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFile {
    /// Its path, as [`LineRow::file`] has it.
    pub path: Arc<str>,
    /// The MD5 digest of its contents when it was compiled, if recorded (DWARF 5, by clang).
    pub md5: Option<[u8; 16]>,
}

impl Dwarf {
    /// The rows with addresses in `low..high`, sorted by address; a sequence's end at `high` is included. Only the
    /// units that have code in the range are read; an error is that of a damaged one, if no other has rows.
    pub fn line_rows(&self, low: FileAddr, high: FileAddr) -> Result<Vec<LineRow>, SymbolError> {
        let mut rows = Vec::new();
        let mut failure = None;
        for info in self.units().overlapping(low.0, high.0) {
            let table = self.unit(info).and_then(|unit| Ok((unit.rows()?, unit.file_names()?)));
            match table {
                Ok((all, files)) => {
                    rows.extend(within(all, low.0, high.0).map(|row| row.with_files(files)));
                }
                Err(error) => failure = Some(error),
            }
        }
        if let (true, Some(error)) = (rows.is_empty(), failure) {
            return Err(error);
        }
        rows.sort_by_key(|row| (row.addr, !row.end_sequence));
        Ok(rows)
    }

    /// All source files that the line tables of all units name, sorted by path. Units that are damaged are left out.
    pub fn source_files(&self) -> Vec<SourceFile> {
        let mut files = Vec::new();
        for info in &self.units().list {
            if let Ok(unit) = self.unit(info) {
                files.extend(unit.source_files().unwrap_or_default());
            }
        }
        // Of several entries of the same file, one that has a digest.
        files.sort_unstable_by(|a, b| (&a.path, b.md5).cmp(&(&b.path, a.md5)));
        files.dedup_by(|later, first| later.path == first.path);
        files
    }

    /// The file that a DW_AT_decl_file or DW_AT_call_file means.
    pub(super) fn file_of(&self, unit: &UnitRef<'_>, entry: &Entry<'_>, name: DwAt) -> Option<Arc<str>> {
        let index = usize::try_from(entry.unsigned(name)?).ok()?;
        unit.file_names().ok()?.get(index).filter(|file| !file.is_empty()).map(Arc::clone)
    }
}

fn within(rows: &[CompactRow], low: u64, high: u64) -> impl Iterator<Item = &CompactRow> {
    let first = rows.partition_point(|row| row.addr < low);
    let is_within =
        move |row: &&CompactRow| row.addr < high || row.addr == high && row.flags & END_SEQUENCE != 0;
    rows[first..].iter().take_while(is_within)
}

impl CompactRow {
    fn with_files(&self, files: &[Arc<str>]) -> LineRow {
        LineRow {
            addr: FileAddr(self.addr),
            file: files.get(self.file as usize).map_or_else(|| Arc::from(""), Arc::clone),
            line: self.line,
            column: self.column,
            is_stmt: self.flags & IS_STMT != 0,
            prologue_end: self.flags & PROLOGUE_END != 0,
            epilogue_begin: self.flags & EPILOGUE_BEGIN != 0,
            discriminator: self.discriminator,
            end_sequence: self.flags & END_SEQUENCE != 0,
        }
    }
}

impl<'a> UnitRef<'a> {
    /// The rows of the unit's line program, sorted by address, from when they are first needed.
    fn rows(&self) -> Result<&'a [CompactRow], SymbolError> {
        self.info.rows.get_or_init(|| self.read_rows()).as_deref().map_err(SymbolError::clone)
    }

    /// The unit's file names by their index in the line program, from when they are first needed.
    fn file_names(&self) -> Result<&'a [Arc<str>], SymbolError> {
        self.info.files.get_or_init(|| self.shared_file_names()).as_deref().map_err(SymbolError::clone)
    }

    fn shared_file_names(&self) -> Result<FileNames, SymbolError> {
        let Some(offset) = self.root.line_offset else { return Ok(Arc::from([])) };
        let file = if self.has_line_table_in_main() { FileId::Main } else { self.info.within.file };
        // In a package, offsets count from each unit's part.
        let start = if file == FileId::Main { 0 } else { self.part_start(SectionId::DebugLine) };
        let offset_in_file = start.saturating_add(offset);
        let key = (file, offset_in_file, Arc::clone(&self.root.comp_dir), Arc::clone(&self.root.name));
        let tables = &self.units.line_tables;
        if let Some(known) = tables.names.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let size = self.line_header_length(offset).unwrap_or(0);
        let limit = self.line_section().len().saturating_mul(MAX_OVERLAP).saturating_add(1 << 24);
        if tables.headers.fetch_add(size, Relaxed) > limit {
            return Err(damaged(SectionId::DebugLine, offset, "line tables that overlap each other"));
        }
        let names: FileNames = self.read_file_names()?.into();
        tables.names.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&names));
        Ok(names)
    }

    /// The files that have rows.
    pub(super) fn files_with_code(&self) -> Vec<Arc<str>> {
        let (Ok(rows), Ok(files)) = (self.rows(), self.file_names()) else { return Vec::new() };
        let mut used: Vec<u32> = rows.iter().map(|row| row.file).collect();
        used.sort_unstable();
        used.dedup();
        used.into_iter().filter_map(|index| files.get(index as usize).cloned()).collect()
    }

    /// The addresses at which a statement of a line begins, after one of another line.
    pub(super) fn statements_of(&self, file: &str, line: u32) -> Vec<FileAddr> {
        let (Ok(rows), Ok(files)) = (self.rows(), self.file_names()) else { return Vec::new() };
        // Names may be in the table several times.
        let wanted: Vec<bool> = files.iter().map(|name| **name == *file).collect();
        let is_here = |row: &CompactRow| {
            row.line == line && row.flags & END_SEQUENCE == 0 && wanted.get(row.file as usize) == Some(&true)
        };
        let begins = |index: usize| {
            let row = &rows[index];
            row.flags & IS_STMT != 0 && is_here(row) && (index == 0 || !is_here(&rows[index - 1]))
        };
        (0..rows.len()).filter(|index| begins(*index)).map(|index| FileAddr(rows[index].addr)).collect()
    }

    fn read_rows(&self) -> Result<Vec<CompactRow>, SymbolError> {
        let Some(program) = self.line_program()? else { return Ok(Vec::new()) };
        let limit = self.line_section().len().saturating_mul(MAX_OVERLAP).saturating_add(1 << 20);
        let mut rows = Vec::new();
        let mut running = program.rows();
        // Damage ends the table where it is: what was read before is kept if there is anything.
        loop {
            match running.next_row() {
                Ok(Some(_)) if self.units.line_tables.rows.fetch_add(1, Relaxed) > limit => {
                    let at = self.root.line_offset.unwrap_or(0);
                    return Err(damaged(SectionId::DebugLine, at, "line tables that overlap each other"));
                }
                Ok(Some((_, row))) => rows.push(CompactRow::from(row)),
                Ok(None) => break,
                Err(error) if rows.is_empty() => return Err(self.line_error(error)),
                Err(_) => break,
            }
        }
        rows.sort_by_key(|row| (row.addr, row.flags & END_SEQUENCE == 0));
        Ok(rows)
    }

    /// The unit's files with their digests.
    fn source_files(&self) -> Result<Vec<SourceFile>, SymbolError> {
        let names = self.file_names()?;
        let Some(program) = self.line_program()? else { return Ok(Vec::new()) };
        let header = program.header();
        let first = usize::from(header.version() < 5);
        let files = names.iter().enumerate().filter(|(_, path)| !path.is_empty());
        let files = files.map(|(index, path)| {
            let entry = index.checked_sub(first).and_then(|index| header.file_names().get(index));
            let md5 = entry.filter(|_| header.file_has_md5()).map(|file| *file.md5());
            SourceFile { path: Arc::clone(path), md5 }
        });
        Ok(files.collect())
    }

    fn line_program(&self) -> Result<Option<gimli::IncompleteLineProgram<Slice<'a>>>, SymbolError> {
        let Some(offset) = self.root.line_offset else { return Ok(None) };
        let section = gimli::DebugLine::from(self.line_section());
        if self.line_header_length(offset).is_none_or(|length| length > MAX_HEADER) {
            return Err(damaged(SectionId::DebugLine, offset, "a line table header of an absurd length"));
        }
        let address_size = self.unit.encoding().address_size;
        let program = section.program(gimli::DebugLineOffset(offset), address_size, None, None);
        program.map(Some).map_err(|error| self.line_error(error))
    }

    /// `.debug_line`: of a unit that was split off, the binary's own (DWARF 5 §7.3.2.2); of a type unit that was,
    /// that of its file.
    fn line_section(&self) -> Slice<'a> {
        if self.has_line_table_in_main() {
            return self.main.slice(SectionId::DebugLine);
        }
        self.part(SectionId::DebugLine)
    }

    fn has_line_table_in_main(&self) -> bool {
        let is_split = self.dwarf.file_type == gimli::DwarfFileType::Dwo;
        self.info.within.file == FileId::Main || is_split && self.root.signature.is_none()
    }

    /// The header's own statement of its length (DWARF 5 §6.2.4).
    fn line_header_length(&self, offset: usize) -> Option<usize> {
        let mut reader = self.line_section();
        reader.skip(offset).ok()?;
        let (_, format) = reader.read_initial_length().ok()?;
        if reader.read_u16().ok()? >= 5 {
            reader.skip(2).ok()?;
        }
        reader.read_length(format).ok()
    }

    fn line_error(&self, error: gimli::Error) -> SymbolError {
        gimli_error(SectionId::DebugLine, self.root.line_offset.unwrap_or(0), error)
    }

    fn read_file_names(&self) -> Result<Vec<Arc<str>>, SymbolError> {
        let Some(program) = self.line_program()? else { return Ok(Vec::new()) };
        let header = program.header();
        // A unit that was split off has its texts in another file than the binary has its line table's.
        let texts = (self.has_line_table_in_main() && self.info.within.file != FileId::Main)
            .then(|| self.units.dwarf(self.main, FileId::Main, &Contributions::default()));
        let texts = texts.as_ref().unwrap_or(&self.dwarf);
        let text = |value: AttributeValue<Slice<'a>>| {
            let text = texts.attr_string(&self.unit, value);
            text.map(|text| String::from_utf8_lossy(text.slice())).unwrap_or_default()
        };
        let mut names = Vec::new();
        if header.version() < 5 {
            // Index 0 is the unit's primary file (DWARF 4 §6.2.4).
            names.push(join(&self.root.comp_dir, "", &self.root.name));
        }
        for file in header.file_names() {
            let directory = match file.directory_index() {
                0 if header.version() < 5 => Default::default(),
                index => header.directory(index).map(text).unwrap_or_default(),
            };
            // Since DWARF 5, directory 0 is the unit's own (§6.2.4), not one below it.
            let is_own = header.version() >= 5 && file.directory_index() == 0;
            let unit_directory = if is_own { "" } else { &*self.root.comp_dir };
            names.push(join(unit_directory, &directory, &text(file.path_name())));
        }
        Ok(names)
    }
}

impl From<&gimli::LineRow> for CompactRow {
    fn from(row: &gimli::LineRow) -> CompactRow {
        let column = match row.column() {
            ColumnType::LeftEdge => 0,
            ColumnType::Column(column) => u32::try_from(column.get()).unwrap_or(0),
        };
        let flag = |is_set, flag| if is_set { flag } else { 0 };
        CompactRow {
            addr: row.address(),
            file: u32::try_from(row.file_index()).unwrap_or(u32::MAX),
            line: row.line().and_then(|line| u32::try_from(line.get()).ok()).unwrap_or(0),
            column,
            discriminator: u32::try_from(row.discriminator()).unwrap_or(0),
            flags: flag(row.is_stmt(), IS_STMT)
                | flag(row.prologue_end(), PROLOGUE_END)
                | flag(row.epilogue_begin(), EPILOGUE_BEGIN)
                | flag(row.end_sequence(), END_SEQUENCE),
        }
    }
}

/// Joins a unit's directory, a file's directory and a file's name. Go's names are absolute already, or (with
/// `-trimpath`, and `<autogenerated>`) relative to nothing: its unit directory is ".".
fn join(unit_directory: &str, directory: &str, name: &str) -> Arc<str> {
    let mut path = String::new();
    for part in [unit_directory, directory, name] {
        if is_absolute(part) {
            path.clear();
        }
        if part.is_empty() || part == "." {
            continue;
        }
        if !path.is_empty() && !path.ends_with(['/', '\\']) {
            path.push('/');
        }
        path.push_str(part);
    }
    path.into()
}

/// Is a path absolute, on the system where the program was built (which may be Windows)?
fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with(['/', '\\'])
        || matches!(bytes, [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn joins_paths_as_go_and_c_record_them() {
        assert_eq!(&*join(".", "/usr/lib/go/src/runtime", "proc.go"), "/usr/lib/go/src/runtime/proc.go");
        assert_eq!(&*join(".", ".", "<autogenerated>"), "<autogenerated>");
        assert_eq!(&*join(".", "example.com/m@v1.2.3/p", "f.go"), "example.com/m@v1.2.3/p/f.go");
        assert_eq!(&*join("/build/x", "inc", "a.h"), "/build/x/inc/a.h");
        assert_eq!(&*join("/build", "", "C:/go/src/a.go"), "C:/go/src/a.go");
    }
}
