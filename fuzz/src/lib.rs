//! What the fuzz targets have in common.
//!
//! [`ask`] asks a binary everything and follows the answers; [`Wrapped`] puts a part of a Go program, whose parser is
//! under test, into an ELF file that is sound otherwise. `fuzz/seeds/<target>` has small real inputs: libraries and
//! programs of C for PE and Mach-O; parts of Go programs, cut down to a few functions, for the others.

use std::path::Path;

use adit_symbols::{Binary, FileAddr};

/// Opens `bytes` and asks everything.
pub fn ask(bytes: &[u8]) {
    if let Ok(binary) = Binary::from_bytes(Path::new("fuzzed"), bytes.to_vec()) {
        ask_binary(&binary);
    }
}

fn ask_binary(binary: &Binary) {
    let _ = (binary.is_go(), binary.go_version(), binary.goos(), binary.build_id(), binary.gnu_build_id());
    let _ = (binary.uuid(), binary.tls_segment(), binary.text_range(), binary.relocated_words().len());
    for name in [".debug_info", ".debug_line", ".debug_str_offsets", ".text", ".data"] {
        let _ = binary.section(name).map(|section| section.data().len());
    }
    let known = ["main", "pair", "value"].iter().filter_map(|name| binary.symbol(name));
    let mut places: Vec<FileAddr> = known.map(|symbol| symbol.addr).collect();
    places.extend([FileAddr(0), binary.entry(), FileAddr(u64::MAX - 5)]);
    places.extend(binary.relocated_words().iter().take(8).map(|word| word.place));
    let mut buffer = [0; 40];
    for place in places {
        binary.read(place, &mut buffer);
        binary.read(FileAddr(place.0.wrapping_sub(4)), &mut buffer);
        let _ = (binary.symbol_at(place), binary.source_frames(place));
    }
    if let Ok(dwarf) = binary.dwarf() {
        let _ = (dwarf.package_variable("pair").is_ok(), dwarf.type_by_name("pair").is_ok());
    }
    ask_table(binary);
}

fn ask_table(binary: &Binary) {
    let Ok(table) = binary.pclntab() else { return };
    let _ = (table.by_name("main.main"), table.text_range());
    let files: Vec<&str> = table.files().take(4).collect();
    for file in files {
        let lines = table.lines_of_file(file);
        let _ = lines.first().map(|(line, _)| table.pcs_for_line(file, *line));
    }
    for function in table.functions().take(64) {
        let _ = (function.name(), function.func_id(), function.flags(), function.start_line());
        let _ = (function.args_size(), function.deferreturn(), function.end(), function.line_entries());
        let _ = function.inlined_calls();
        for pc in [function.entry(), FileAddr(function.entry().0.wrapping_add(9))] {
            let _ = (function.file_line(pc), function.sp_delta(pc), function.unsafe_point(pc));
            let _ = (function.inlined(pc), table.find(pc), binary.source_frames(pc));
        }
    }
}

/// Where the wrapped section is loaded.
const ADDRESS: u64 = 0x40_0000;

/// An ELF file of three sections: one with the input, one that may point to it, and the names.
pub struct Wrapped<'a> {
    /// The name of the section with the input.
    pub name: &'a str,
    /// The input.
    pub data: &'a [u8],
    /// 4 or 8.
    pub pointer_size: usize,
    /// Is it for a big-endian machine?
    pub big: bool,
}

impl Wrapped<'_> {
    fn number(&self, value: u64, size: usize) -> Vec<u8> {
        match self.big {
            true => value.to_be_bytes()[8 - size..].to_vec(),
            false => value.to_le_bytes()[..size].to_vec(),
        }
    }

    /// The file: header, one segment that is all of it, section headers, names, moduledata, the input.
    pub fn to_elf(&self) -> Vec<u8> {
        let word = self.pointer_size;
        let wide = word == 8;
        let (header, segment, section) = if wide { (64, 56, 64) } else { (52, 32, 40) };
        let names = format!("\0.shstrtab\0.go.module\0{}\0", self.name);
        let names_at = header + segment + 4 * section;
        let module_at = (names_at + names.len()).next_multiple_of(16);
        let data_at = (module_at + 48 * word).next_multiple_of(16);
        let size = (data_at + self.data.len()) as u64;
        let mut out = vec![0x7f, b'E', b'L', b'F', if wide { 2 } else { 1 }, if self.big { 2 } else { 1 }, 1];
        out.resize(16, 0);
        let machine = match (wide, self.big) {
            (true, false) => 62,
            (true, true) => 22,
            (false, false) => 3,
            (false, true) => 8,
        };
        let mut put = |value: u64, size: usize| out.extend(self.number(value, size));
        put(2, 2);
        put(machine, 2);
        put(1, 4);
        put(ADDRESS, word);
        put(header as u64, word);
        put((header + segment) as u64, word);
        put(0, 4);
        for value in [header, segment, 1, section, 4, 1] {
            put(value as u64, 2);
        }
        self.put_segment(&mut put, size);
        for (name, at, size) in [
            (0, 0, 0),
            (1, names_at, names.len()),
            (11, module_at, 48 * word),
            (22, data_at, self.data.len()),
        ] {
            put(name, 4);
            put(u64::from(at > 0), 4);
            put(0, word);
            put(ADDRESS + at as u64, word);
            put(at as u64, word);
            put(size as u64, word);
            put(0, 8);
            put(0, word);
            put(0, word);
        }
        out.extend(names.as_bytes());
        out.resize(module_at, 0);
        out.extend(self.moduledata(ADDRESS + data_at as u64));
        out.resize(data_at, 0);
        out.extend(self.data);
        out
    }

    fn put_segment(&self, put: &mut impl FnMut(u64, usize), size: u64) {
        let word = self.pointer_size;
        put(1, 4);
        if word == 8 {
            put(6, 4);
        }
        for value in [0, ADDRESS, ADDRESS, size, size] {
            put(value, word);
        }
        if word == 4 {
            put(6, 4);
        }
        put(0x1000, word);
    }

    /// What go1.27's linker writes, as far as it is read: the tables, the code, and function data, which here is the
    /// input, too. The input says where its names are, and how many parts the code has.
    fn moduledata(&self, table: u64) -> Vec<u8> {
        let word = self.pointer_size;
        let at = 8 + 3 * word;
        let names = self.data.get(at..at + word).unwrap_or_default();
        let names = names.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let names = if self.big { names.swap_bytes() >> (64 - 8 * word) } else { names };
        let parts = u64::from(self.data.last().copied().unwrap_or(0) % 8);
        let mut words = [0; 48];
        for (index, value) in [
            (0, table),
            (1, table.wrapping_add(names)),
            (22, ADDRESS),
            (23, ADDRESS + 0x10_0000),
            (37, ADDRESS),
            (39, ADDRESS + 1),
            (43, table),
            (45, table),
            (46, parts),
            (47, parts),
        ] {
            words[index] = value;
        }
        words.iter().flat_map(|value| self.number(*value, word)).collect()
    }
}
