//! Writing an ELF core file (gABI "Program Header"; Linux, fs/binfmt_elf.c, `elf_core_dump`).
//!
//! The file holds the headers, then the notes, then the contents of the mappings, each beginning on a page. Stretches
//! of zeros become holes: the file is as long as the process is large, but takes only the room of what is in it.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use adit_arch::Arch;
use adit_process::{Addr, ByteOrder, CoreRecord, Memory, Note, Segment};
use object::elf;
use object::endian::{Endianness, U16, U32, U64};
use object::pod::bytes_of;

/// Contents begin at multiples of this, as debuggers map them.
const PAGE: u64 = 4096;
/// Bytes read and written at once.
const CHUNK: usize = 1 << 20;
/// Bytes that are looked at together to be left out.
const BLOCK: usize = 64 << 10;

/// How far the writing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of memory that are in the file, or that are known to be zero.
    pub done: u64,
    /// Bytes of memory that belong in it.
    pub total: u64,
}

/// Why there is no core file.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file could not be made or written.
    #[error("{doing} {path}: {}", words(.cause))]
    File {
        /// `open`, `write`.
        doing: &'static str,
        /// The file.
        path: String,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The one who watches the progress does not want it any more. The file is gone.
    #[error("canceled")]
    Canceled,
}

/// An error of the operating system as it says it itself, in lower case and without its number.
fn words(cause: &io::Error) -> String {
    let text = cause.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
}

/// A core file that is to be written, open already.
pub struct Destination {
    path: PathBuf,
    file: File,
}

impl Destination {
    /// Makes the file, or empties it. What was in the memory of a process is nobody else's business: only its owner may
    /// read it.
    pub fn open(path: &Path) -> Result<Destination, WriteError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(file) => Ok(Destination { path: path.to_owned(), file }),
            Err(cause) => Err(WriteError::File { doing: "open", path: path.display().to_string(), cause }),
        }
    }

    fn error(&self, cause: io::Error) -> WriteError {
        WriteError::File { doing: "write", path: self.path.display().to_string(), cause }
    }
}

/// Writes the core file of a process of architecture `arch` that is stopped. `watch` is told of the progress, and
/// returns whether to go on. Memory that cannot be read is zero in the file, and missing in the progress that is
/// returned.
pub fn write(
    mut to: Destination,
    arch: &Arch,
    record: &CoreRecord,
    memory: &dyn Memory,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Result<Progress, WriteError> {
    let layout = Layout::of(arch, record);
    let result = write_all(&mut to.file, &layout, record, memory, watch);
    match result {
        Ok(Some(progress)) => Ok(progress),
        Ok(None) => {
            // Nothing more can be done about half a file that cannot be removed.
            let _ = std::fs::remove_file(&to.path);
            Err(WriteError::Canceled)
        }
        Err(cause) => Err(to.error(cause)),
    }
}

/// Everything in front of the contents of memory, and where these go.
struct Layout {
    head: Vec<u8>,
    /// Offset in the file of each segment's contents.
    offsets: Vec<u64>,
    len: u64,
}

impl Layout {
    fn of(arch: &Arch, record: &CoreRecord) -> Layout {
        let order = match arch.byte_order {
            ByteOrder::Little => Endianness::Little,
            ByteOrder::Big => Endianness::Big,
        };
        let notes = notes(order, record);
        let count = record.segments.len() + 1;
        let headers = size_of::<elf::FileHeader64<Endianness>>()
            + count * size_of::<elf::ProgramHeader64<Endianness>>();
        // Only with as many mappings is there a section header, which counts them.
        let many = count >= usize::from(elf::PN_XNUM);
        let section = if many { size_of::<elf::SectionHeader64<Endianness>>() } else { 0 };
        let notes_at = (headers + section) as u64;
        let mut next = (notes_at + notes.len() as u64).next_multiple_of(PAGE);
        let offsets: Vec<u64> = record
            .segments
            .iter()
            .map(|segment| {
                let at = next;
                next += segment.len.next_multiple_of(PAGE);
                at
            })
            .collect();
        let mut head = Vec::new();
        head.extend(bytes_of(&file_header(order, machine(arch), count, headers as u64)));
        head.extend(bytes_of(&note_segment(order, notes_at, notes.len() as u64)));
        for (segment, offset) in record.segments.iter().zip(&offsets) {
            head.extend(bytes_of(&load_segment(order, segment, *offset)));
        }
        if many {
            head.extend(bytes_of(&counting_section(order, count)));
        }
        head.extend(notes);
        Layout { head, offsets, len: next }
    }
}

fn machine(arch: &Arch) -> elf::Machine {
    match arch.name {
        "amd64" => elf::EM_X86_64,
        "arm64" => elf::EM_AARCH64,
        "ppc64" | "ppc64le" => elf::EM_PPC64,
        "s390x" => elf::EM_S390,
        "riscv64" => elf::EM_RISCV,
        "loong64" => elf::EM_LOONGARCH,
        "mips64" | "mips64le" => elf::EM_MIPS,
        _ => elf::EM_NONE,
    }
}

fn file_header(
    order: Endianness,
    machine: elf::Machine,
    count: usize,
    end: u64,
) -> elf::FileHeader64<Endianness> {
    let many = count >= usize::from(elf::PN_XNUM);
    elf::FileHeader64 {
        e_ident: elf::Ident {
            magic: elf::ELFMAG,
            class: elf::ELFCLASS64,
            data: if order == Endianness::Little { elf::ELFDATA2LSB } else { elf::ELFDATA2MSB },
            version: elf::EV_CURRENT,
            os_abi: elf::ELFOSABI_NONE,
            abi_version: 0,
            padding: [0; 7],
        },
        e_type: U16::new(order, elf::ET_CORE),
        e_machine: U16::new(order, machine),
        e_version: U32::new(order, elf::EV_CURRENT.0.into()),
        e_entry: U64::new(order, 0),
        e_phoff: U64::new(order, size_of::<elf::FileHeader64<Endianness>>() as u64),
        e_shoff: U64::new(order, if many { end } else { 0 }),
        e_flags: U32::new(order, elf::FileFlags(0)),
        e_ehsize: U16::new(order, size_of::<elf::FileHeader64<Endianness>>() as u16),
        e_phentsize: U16::new(order, size_of::<elf::ProgramHeader64<Endianness>>() as u16),
        e_phnum: U16::new(order, if many { elf::PN_XNUM } else { count as u16 }),
        e_shentsize: U16::new(
            order,
            if many { size_of::<elf::SectionHeader64<Endianness>>() as u16 } else { 0 },
        ),
        e_shnum: U16::new(order, many.into()),
        e_shstrndx: U16::new(order, elf::SHN_UNDEF),
    }
}

fn note_segment(order: Endianness, offset: u64, len: u64) -> elf::ProgramHeader64<Endianness> {
    elf::ProgramHeader64 {
        p_type: U32::new(order, elf::PT_NOTE),
        p_flags: U32::new(order, elf::ProgramFlags(0)),
        p_offset: U64::new(order, offset),
        p_vaddr: U64::new(order, 0),
        p_paddr: U64::new(order, 0),
        p_filesz: U64::new(order, len),
        p_memsz: U64::new(order, 0),
        p_align: U64::new(order, 4),
    }
}

fn load_segment(order: Endianness, segment: &Segment, offset: u64) -> elf::ProgramHeader64<Endianness> {
    let flags = [elf::PF_R, elf::PF_W, elf::PF_X];
    let flags =
        flags.iter().zip(segment.rights).filter(|(_, has)| *has).fold(0, |all, (flag, _)| all | flag.0);
    elf::ProgramHeader64 {
        p_type: U32::new(order, elf::PT_LOAD),
        p_flags: U32::new(order, elf::ProgramFlags(flags)),
        p_offset: U64::new(order, offset),
        p_vaddr: U64::new(order, segment.addrs.start),
        p_paddr: U64::new(order, 0),
        p_filesz: U64::new(order, segment.len),
        p_memsz: U64::new(order, segment.addrs.end.saturating_sub(segment.addrs.start)),
        p_align: U64::new(order, PAGE),
    }
}

/// The section header that says how many program headers there are, if the file header has no room for the number.
fn counting_section(order: Endianness, count: usize) -> elf::SectionHeader64<Endianness> {
    let zero = U64::new(order, 0);
    elf::SectionHeader64 {
        sh_name: U32::new(order, 0),
        sh_type: U32::new(order, elf::SHT_NULL),
        sh_flags: U64::new(order, elf::SectionFlags(0)),
        sh_addr: zero,
        sh_offset: zero,
        sh_size: U64::new(order, 1),
        sh_link: U32::new(order, 0),
        sh_info: U32::new(order, u32::try_from(count).unwrap_or(u32::MAX)),
        sh_addralign: zero,
        sh_entsize: zero,
    }
}

/// All notes: the first thread's status, then what concerns the process, then the first thread's other notes and those
/// of the other threads, as Linux orders them.
fn notes(order: Endianness, record: &CoreRecord) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut threads = record.threads.iter().map(|(_, notes)| notes.as_slice());
    let first = threads.next().unwrap_or_default();
    let (status, rest) = first.split_at(first.len().min(1));
    for note in status.iter().chain(&record.process).chain(rest).chain(threads.flatten()) {
        push_note(&mut bytes, order, note);
    }
    bytes
}

fn push_note(bytes: &mut Vec<u8>, order: Endianness, note: &Note) {
    let word = |number: usize| U32::new(order, u32::try_from(number).unwrap_or(u32::MAX));
    bytes.extend(bytes_of(&word(note.owner.len() + 1)));
    bytes.extend(bytes_of(&word(note.contents.len())));
    bytes.extend(bytes_of(&word(note.kind as usize)));
    bytes.extend(note.owner.as_bytes());
    bytes.push(0);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes.extend(&note.contents);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// `None`: called off.
fn write_all(
    file: &mut File,
    layout: &Layout,
    record: &CoreRecord,
    memory: &dyn Memory,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> io::Result<Option<Progress>> {
    let mut progress = Progress { done: 0, total: record.segments.iter().map(|segment| segment.len).sum() };
    file.write_all(&layout.head)?;
    let mut buffer = vec![0; CHUNK];
    for (segment, offset) in record.segments.iter().zip(&layout.offsets) {
        // What is not present is zero already.
        let present: u64 = segment.present.iter().map(|range| range.end - range.start).sum();
        progress.done += segment.len.saturating_sub(present);
        for range in &segment.present {
            for chunk in chunks(range) {
                if !watch(progress) {
                    return Ok(None);
                }
                let bytes = &mut buffer[..(chunk.end - chunk.start) as usize];
                progress.done += read_what_can_be(memory, chunk.start, bytes);
                let at = offset + (chunk.start - segment.addrs.start);
                write_without_zeros(file, at, bytes)?;
            }
        }
    }
    file.set_len(layout.len)?;
    watch(progress);
    Ok(Some(progress))
}

fn chunks(range: &Range<u64>) -> impl Iterator<Item = Range<u64>> + use<> {
    let end = range.end;
    (range.start..end).step_by(CHUNK).map(move |start| start..end.min(start + CHUNK as u64))
}

/// Reads page by page what cannot be read at once; the rest is zero. Returns how many bytes were read.
fn read_what_can_be(memory: &dyn Memory, start: u64, bytes: &mut [u8]) -> u64 {
    if memory.read(Addr(start), bytes).is_ok() {
        return bytes.len() as u64;
    }
    let mut read = 0;
    for (index, page) in bytes.chunks_mut(PAGE as usize).enumerate() {
        match memory.read(Addr(start + index as u64 * PAGE), page) {
            Ok(()) => read += page.len() as u64,
            Err(_) => page.fill(0),
        }
    }
    read
}

/// Writes `bytes` at an offset, leaving holes where there are only zeros.
fn write_without_zeros(file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    let mut position = None;
    for (index, block) in bytes.chunks(BLOCK).enumerate() {
        let offset = at + (index * BLOCK) as u64;
        if block.iter().all(|byte| *byte == 0) {
            continue;
        }
        if position != Some(offset) {
            file.seek(SeekFrom::Start(offset))?;
        }
        file.write_all(block)?;
        position = Some(offset + block.len() as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use adit_process::{Addr, CoreRecord, Memory, MemoryError, Note, Segment, ThreadId};
    use object::read::elf::{FileHeader, ProgramHeader};
    use object::{Endianness, elf};

    use super::{Destination, Progress, WriteError, write};

    /// Memory that is its own addresses, with one page missing.
    struct Counting;

    const MISSING: u64 = 0x12_000;

    impl Memory for Counting {
        fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
            let range = addr.0..addr.0 + buf.len() as u64;
            if range.start < MISSING + 0x1000 && MISSING < range.end {
                let cause = "input/output error".to_owned();
                return Err(MemoryError { addr, len: buf.len(), writing: false, cause });
            }
            for (byte, addr) in buf.iter_mut().zip(range) {
                *byte = (addr >> 12) as u8;
            }
            Ok(())
        }

        fn write(&mut self, _: Addr, _: &[u8]) -> Result<(), MemoryError> {
            Ok(())
        }
    }

    fn record(segments: usize) -> CoreRecord {
        let status = |kind| vec![Note { owner: "CORE", kind, contents: vec![1, 2, 3] }];
        let large = Segment {
            addrs: 0x10_000..0x20_000,
            rights: [true, true, false],
            len: 0x10_000,
            present: vec![0x11_000..0x12_000, 0x12_000..0x14_000],
        };
        let small = Segment { len: 0, present: Vec::new(), ..large.clone() };
        let mut segments = vec![small; segments - 1];
        segments.push(large);
        CoreRecord {
            process: status(3),
            threads: vec![(ThreadId(1), status(1)), (ThreadId(2), status(1))],
            segments,
        }
    }

    fn written(segments: usize) -> (Progress, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("core");
        let to = Destination::open(&path).unwrap();
        let progress = write(to, &adit_arch::AMD64, &record(segments), &Counting, &mut |_| true).unwrap();
        (progress, std::fs::read(path).unwrap())
    }

    #[test]
    fn a_core_file_has_notes_and_memory_and_says_what_is_missing() {
        let (progress, bytes) = written(1);
        assert_eq!(progress, Progress { done: 0xf000, total: 0x10_000 });
        let header = elf::FileHeader64::<Endianness>::parse(&*bytes).unwrap();
        let segments = header.program_headers(Endianness::Little, &*bytes).unwrap();
        let mut notes = segments[0].notes(Endianness::Little, &*bytes).unwrap().unwrap();
        let mut kinds = Vec::new();
        while let Some(note) = notes.next().unwrap() {
            assert_eq!((note.name(), note.desc()), (&b"CORE"[..], &[1, 2, 3][..]));
            kinds.push(note.n_type(Endianness::Little).0);
        }
        assert_eq!(kinds, [1, 3, 1]);
        let memory = segments[1].data(Endianness::Little, &*bytes).unwrap();
        assert_eq!(memory.len(), 0x10_000);
        let at = |addr: usize| memory[addr - 0x10_000];
        assert_eq!(
            [at(0x10_000), at(0x11_000), at(0x12_000), at(0x13_fff), at(0x14_000)],
            [0, 0x11, 0, 0x13, 0]
        );
    }

    #[test]
    fn more_mappings_than_the_file_header_can_count_are_counted_elsewhere() {
        let (_, bytes) = written(70_000);
        let header = elf::FileHeader64::<Endianness>::parse(&*bytes).unwrap();
        assert_eq!(header.program_headers(Endianness::Little, &*bytes).unwrap().len(), 70_001);
    }

    #[test]
    fn a_file_that_nobody_wants_any_more_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("core");
        let to = Destination::open(&path).unwrap();
        let outcome = write(to, &adit_arch::AMD64, &record(1), &Counting, &mut |_| false);
        assert!(matches!(outcome, Err(WriteError::Canceled)) && !path.exists());
    }
}
