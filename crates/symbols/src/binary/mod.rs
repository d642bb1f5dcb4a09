//! A mapped executable: its sections, segments, symbols and identity.

mod build_id;
mod error;
mod fixups;
mod format;
mod headers;
mod identity;
mod names;
mod relocations;
mod section;
mod source;
mod stream;
mod symbols;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use adit_arch::{Arch, ByteOrder};

use crate::index::{Cache, Home, IndexCell};
use crate::separate::{Joined, split};
use crate::{BuildInfo, Dwarf, FileAddr, GoVersion, Pclntab, SectionBytes, SectionLoader, SymbolError};
pub use error::OpenError;
use format::Layout;
pub use format::{FatSlice, FileFormat};
pub use headers::SectionHeader;
pub use relocations::RelocatedWord;
use section::Image;
pub use section::Section;
pub use symbols::Symbol;
use symbols::SymbolIndex;

/// The initial image of the thread-local variables (ELF's PT_TLS, PE's TLS directory, Mach-O's `__thread_data`
/// and `__thread_bss`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlsSegment {
    /// Where the image is, as the file states it.
    pub addr: FileAddr,
    /// Size of each thread's copy in bytes.
    pub memsz: u64,
    /// Alignment of each copy in bytes.
    pub align: u64,
}

/// An executable file. Opening it maps the file and reads its headers; everything else is read when asked for.
#[derive(Debug)]
pub struct Binary {
    path: PathBuf,
    image: Arc<Image>,
    layout: Arc<Layout>,
    inflated: Arc<Mutex<HashMap<usize, Option<Section>>>>,
    build_info: OnceLock<Option<BuildInfo>>,
    version_variable: OnceLock<Option<GoVersion>>,
    pclntab: OnceLock<Result<Pclntab, SymbolError>>,
    dwarf: OnceLock<Result<Dwarf, SymbolError>>,
    symbols: OnceLock<SymbolIndex>,
    joined: Joined,
    /// Pointers that the loader fills in, by address.
    pointers: OnceLock<Vec<RelocatedWord>>,
    /// Names of Go's functions.
    functions: IndexCell,
    functions_home: OnceLock<Option<Home>>,
    /// See [`Binary::may_have_foreign_code`].
    foreign_code: OnceLock<bool>,
    /// Where indices are kept.
    cache: Option<Cache>,
}

impl Binary {
    /// Maps the file at `path` and reads its headers. Of a universal binary it takes the first program that Go made.
    pub fn open(path: &Path) -> Result<Binary, OpenError> {
        Binary::new(path, open_image(path)?, None)
    }

    /// Like [`Binary::open`], and of a universal binary takes the program for `arch`, Go's name of it. The files of
    /// other formats have but one program, which is taken whatever it is for.
    pub fn open_slice(path: &Path, arch: &str) -> Result<Binary, OpenError> {
        Binary::new(path, open_image(path)?, Some(arch))
    }

    /// Opens a file that other files' debug information refers to (dwz), which need not be a program.
    pub(crate) fn open_supplementary(path: &Path) -> Result<Binary, OpenError> {
        let image = open_image(path)?;
        let layout = format::parse_supplementary(&image)?;
        Ok(Binary::of_layout(path, image, layout))
    }

    /// The programs of a universal binary, in the order of the file; empty for any other file.
    pub fn slices(path: &Path) -> Result<Vec<FatSlice>, OpenError> {
        format::slices(&open_image(path)?)
    }

    /// A binary whose bytes are in memory already, such as the kernel's vDSO. `path` is only its name.
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<Binary, OpenError> {
        Binary::new(path, Image::Owned(bytes), None)
    }

    fn new(path: &Path, image: Image, arch: Option<&str>) -> Result<Binary, OpenError> {
        let layout = format::parse(&image, format::choose(&image, arch)?)?;
        Ok(Binary::of_layout(path, image, layout))
    }

    fn of_layout(path: &Path, image: Image, layout: Layout) -> Binary {
        Binary {
            path: path.to_owned(),
            image: Arc::new(image),
            layout: Arc::new(layout),
            inflated: Arc::default(),
            build_info: OnceLock::new(),
            version_variable: OnceLock::new(),
            pclntab: OnceLock::new(),
            dwarf: OnceLock::new(),
            symbols: OnceLock::new(),
            joined: Joined::default(),
            pointers: OnceLock::new(),
            functions: IndexCell::default(),
            functions_home: OnceLock::new(),
            foreign_code: OnceLock::new(),
            cache: None,
        }
    }

    /// What other files add to it.
    pub(crate) fn joined(&self) -> &Joined {
        &self.joined
    }

    /// The same binary with something more joined to it. What was read of it already and may change is forgotten.
    pub(crate) fn joining(mut self, join: impl FnOnce(&mut Joined)) -> Binary {
        join(&mut self.joined);
        self.dwarf = OnceLock::new();
        self.symbols = OnceLock::new();
        self
    }

    /// All of the file.
    pub(crate) fn file_bytes(&self) -> &[u8] {
        &self.image
    }

    /// Does the file itself have debug information, whole?
    pub(crate) fn has_own_debug_info(&self) -> bool {
        self.section_source().holds(".debug_info")
    }

    /// What is the same in this file and in those that were split off it, and in no other: its GNU build ID, or
    /// Mach-O's UUID.
    pub(crate) fn identity(&self) -> Option<Vec<u8>> {
        self.gnu_build_id_bytes().or_else(|| Some(self.layout.uuid?.to_vec()))
    }

    /// The same binary, whose indices of names are kept in `cache` (by default nowhere).
    #[must_use]
    pub fn with_cache(mut self, cache: Option<Cache>) -> Binary {
        self.cache = cache;
        self
    }

    /// Where its indices of names are kept, if anywhere.
    pub fn cache(&self) -> Option<&Cache> {
        self.cache.as_ref()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The architecture that it runs on.
    pub fn arch(&self) -> &'static Arch {
        self.layout.arch
    }

    /// The format of the file.
    pub fn format(&self) -> FileFormat {
        self.layout.format
    }

    /// The operating system that it runs on, as Go names it. Headers cannot tell all of them apart: what Go's build
    /// settings say counts more.
    pub fn goos(&self) -> &'static str {
        self.build_info().and_then(BuildInfo::goos).unwrap_or(self.layout.goos)
    }

    /// Was it made by Go's toolchain? C programs with a Go library in them count.
    pub fn is_go(&self) -> bool {
        self.build_info().is_some()
            || [".gopclntab", ".data.rel.ro.gopclntab"].iter().any(|name| self.has_section(name))
            || self.build_id().is_some()
            || self.pclntab().is_ok()
    }

    /// Where it starts.
    pub fn entry(&self) -> FileAddr {
        FileAddr(self.layout.entry)
    }

    /// May the loader place it anywhere?
    pub fn is_pie(&self) -> bool {
        self.layout.is_pie
    }

    /// If the file was cut off: how long it must be for all that the loader maps, and how long it is, in bytes. What
    /// is there can still be looked at.
    pub fn cut_off(&self) -> Option<(u64, u64)> {
        let ends = self.loaded().map(|segment| segment.offset.saturating_add(segment.file_size));
        let (needed, have) = (ends.max().unwrap_or(0), self.image.len() as u64);
        (needed > have).then_some((needed, have))
    }

    /// What the Go toolchain recorded of the build (`go version -m`).
    pub fn build_info(&self) -> Option<&BuildInfo> {
        self.build_info.get_or_init(|| crate::buildinfo::find(self)).as_ref()
    }

    /// The version of Go that built it. Without build information it is still known if there are symbols.
    pub fn go_version(&self) -> Option<GoVersion> {
        match self.build_info() {
            Some(info) => GoVersion::parse(&info.go_version),
            None => *self.version_variable.get_or_init(|| crate::buildinfo::version_variable(self)),
        }
    }

    /// Go's own table of functions and lines.
    pub fn pclntab(&self) -> Result<&Pclntab, SymbolError> {
        self.pclntab.get_or_init(|| Pclntab::find_in(self)).as_ref().map_err(Clone::clone)
    }

    /// The debug information; an error if it was stripped.
    pub fn dwarf(&self) -> Result<&Dwarf, SymbolError> {
        let open = || {
            if !self.has_debug_info() && !self.has_section(".eh_frame") {
                return Err(SymbolError::Missing("the binary has no debug information".to_owned()));
            }
            let own = self.section_source();
            let separate = self.joined.debug.as_ref().map(|debug| debug.section_source());
            let loader = move |name: &str| {
                // What debug information there is in both would not go together.
                let is_debug = name.starts_with(".debug_") || name == ".gnu_debugaltlink";
                let debug = separate.as_ref().filter(|_| is_debug);
                let section = debug.and_then(|debug| debug.section(name)).or_else(|| own.section(name))?;
                let address = section.address().0;
                Some(SectionBytes { data: Box::new(section), address })
            };
            let dwarf = Dwarf::open(Box::new(loader), self.order(), self.arch().pointer_size);
            // The file that has the debug information is the one that is read for the index, and by which it is kept.
            let holder = self.joined.debug.as_deref().unwrap_or(self);
            let source = holder.section_source();
            let stream = move |name: &str| source.stream(name);
            let dwarf = dwarf.with_index(Box::new(stream), holder.index_home(self.cache.as_ref(), "debug"));
            Ok(self.with_other_files(dwarf))
        };
        self.dwarf.get_or_init(open).as_ref().map_err(Clone::clone)
    }

    /// The sections of this file, which was not linked, as debug information is read from. A compiler puts each type
    /// that other files may have, too, in a section of its own, all of the same name.
    pub(crate) fn unlinked_loader(&self) -> SectionLoader {
        let source = self.section_source();
        Box::new(move |name| {
            let named = source.layout.sections.iter().enumerate().filter(|(_, entry)| entry.name == name);
            let mut parts: Vec<Section> = named.filter_map(|(index, _)| source.section_at(index)).collect();
            let data: Box<dyn AsRef<[u8]> + Send + Sync> = match parts.len() {
                0 => return None,
                1 => Box::new(parts.remove(0)),
                _ => Box::new(parts.iter().map(Section::data).collect::<Vec<_>>().concat()),
            };
            Some(SectionBytes { data, address: 0 })
        })
    }

    /// The sections of this file alone, as debug information is read from.
    pub(crate) fn section_loader(&self) -> SectionLoader {
        let source = self.section_source();
        Box::new(move |name| {
            let section = source.section(name)?;
            let address = section.address().0;
            Some(SectionBytes { data: Box::new(section), address })
        })
    }

    /// Tells debug information where the files are that parts of it were put in.
    fn with_other_files(&self, dwarf: Dwarf) -> Dwarf {
        let holder = self.joined.debug.as_deref().unwrap_or(self).path();
        let (of_unit, of_package) = (holder.to_owned(), holder.to_owned());
        let mut dwarf = dwarf
            .with_split_files(Box::new(move |link| split::split_file(link, &of_unit)))
            .with_package(Box::new(move || split::package(&of_package)));
        if let Some(supplementary) = &self.joined.supplementary {
            let supplementary = Arc::clone(supplementary);
            // That it is the one that the link names was checked when it was joined.
            dwarf = dwarf.with_supplementary(Box::new(move |_| Some(supplementary.section_loader())));
        }
        dwarf
    }

    /// The section named `name`, inflated; `.debug_*` is found as `.zdebug_*` too. `None` if there is none, or it
    /// takes no room in the file, or it cannot be inflated.
    pub fn section(&self, name: &str) -> Option<Section> {
        self.section_source().section(name)
    }

    pub(crate) fn has_section(&self, name: &str) -> bool {
        self.layout.find_section(name).is_some()
    }

    fn section_source(&self) -> SectionSource {
        SectionSource {
            image: Arc::clone(&self.image),
            layout: Arc::clone(&self.layout),
            inflated: Arc::clone(&self.inflated),
        }
    }

    pub(crate) fn order(&self) -> ByteOrder {
        self.layout.order()
    }

    /// The image of thread-local variables, if it has any.
    pub fn tls_segment(&self) -> Option<TlsSegment> {
        self.layout.tls
    }

    /// Reads what the loader puts at `addr` when it loads the image where the file says: pointers are file addresses,
    /// those into other images zero, and so is what has no bytes in the file (`.bss`). False, and `buf` undefined, if
    /// some of it is in no segment.
    pub fn read(&self, addr: FileAddr, buf: &mut [u8]) -> bool {
        let mut done = 0;
        while done < buf.len() {
            let Some(at) = addr.0.checked_add(done as u64) else { return false };
            let Some(segment) = self.loaded().find(|s| at >= s.address && at - s.address < s.memory_size)
            else {
                return false;
            };
            let count =
                (segment.memory_size - (at - segment.address)).min((buf.len() - done) as u64) as usize;
            let part = &mut buf[done..done + count];
            if !self.read_part(segment, at - segment.address, part) {
                return false;
            }
            self.fill_in_pointers(segment, at, part);
            done += count;
        }
        true
    }

    /// Reads what is `skip` bytes into a segment, and lies in it whole.
    fn read_part(&self, segment: &format::Segment, skip: u64, part: &mut [u8]) -> bool {
        let stored = segment.file_size.saturating_sub(skip).min(part.len() as u64) as usize;
        let (from_file, zeros) = part.split_at_mut(stored);
        zeros.fill(0);
        if stored == 0 {
            return true;
        }
        let start = segment.offset.checked_add(skip).and_then(|at| usize::try_from(at).ok());
        let bytes = start.and_then(|start| self.image.get(start..start.checked_add(stored)?));
        bytes.map(|bytes| from_file.copy_from_slice(bytes)).is_some()
    }

    /// The file's bytes from `addr` to the end of its segment.
    pub(crate) fn bytes_from(&self, addr: FileAddr) -> Option<Section> {
        let segment = self.loaded().find(|s| addr.0 >= s.address && addr.0 - s.address < s.file_size)?;
        let present = (self.image.len() as u64).checked_sub(segment.offset)?;
        let size = segment.file_size.min(present);
        Section::of_file(&self.image, segment.offset, size, segment.address)?.skip(addr.0 - segment.address)
    }

    fn loaded(&self) -> impl Iterator<Item = &format::Segment> {
        self.layout.loaded()
    }

    /// The parts of the writable segments that are in the file.
    pub(crate) fn writable_segments(&self) -> impl Iterator<Item = Section> + '_ {
        let wanted = self.loaded().filter(|segment| segment.writable);
        wanted.filter_map(|segment| self.bytes_from(FileAddr(segment.address)))
    }

    /// The parts of the loadable segments that are in the file, those without code first.
    pub(crate) fn segments(&self) -> impl Iterator<Item = Section> + '_ {
        let (code, data): (Vec<_>, Vec<_>) = self.loaded().partition(|segment| segment.executable);
        let all = data.into_iter().chain(code);
        all.filter_map(|segment| self.bytes_from(FileAddr(segment.address)))
    }

    /// Go's code: `runtime.text` to `runtime.etext`; without Go's tables, the `.text` section.
    pub fn text_range(&self) -> (FileAddr, FileAddr) {
        if let Ok(table) = self.pclntab() {
            return table.text_range();
        }
        match self.layout.find_section(".text").and_then(|index| self.layout.sections.get(index)) {
            Some(text) => (FileAddr(text.address), FileAddr(text.address.saturating_add(text.size))),
            None => (FileAddr(0), FileAddr(0)),
        }
    }
}

/// What sections are read from, apart from the [`Binary`] so that [`Dwarf`] can own it.
struct SectionSource {
    image: Arc<Image>,
    layout: Arc<Layout>,
    inflated: Arc<Mutex<HashMap<usize, Option<Section>>>>,
}

impl SectionSource {
    /// Does the file have the section's bytes, as they are stored?
    fn holds(&self, name: &str) -> bool {
        let entry = self.layout.find_section(name).and_then(|index| self.layout.sections.get(index));
        entry.is_some_and(|entry| {
            entry.in_file && Section::of_file(&self.image, entry.offset, entry.size, entry.address).is_some()
        })
    }

    fn section(&self, name: &str) -> Option<Section> {
        self.section_at(self.layout.find_section(name)?)
    }

    fn section_at(&self, index: usize) -> Option<Section> {
        let entry = self.layout.sections.get(index)?;
        if !entry.in_file {
            return None;
        }
        let raw = Section::of_file(&self.image, entry.offset, entry.size, entry.address)?;
        if !entry.is_packed() {
            return Some(raw);
        }
        // The lock is held while inflating, so that two threads do not both do it.
        let mut inflated = self.inflated.lock().unwrap_or_else(PoisonError::into_inner);
        inflated.entry(index).or_insert_with(|| self.inflate(entry, &raw)).clone()
    }

    fn inflate(&self, entry: &format::SectionEntry, raw: &Section) -> Option<Section> {
        let packed = self.packed(entry, raw)?;
        let bytes = section::inflate(packed.data, packed.compression, packed.size)?;
        Some(Section::inflated(bytes, entry.address))
    }
}

fn open_image(path: &Path) -> Result<Image, OpenError> {
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => OpenError::NotFound(path.to_owned()),
        _ => OpenError::Io { path: path.to_owned(), error },
    };
    // Asked before opening: opening a FIFO would wait for a writer.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(OpenError::NotRegular(path.to_owned()));
    }
    let file = std::fs::File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.len() == 0 {
        return Err(OpenError::Empty);
    }
    let map = map(&file).map_err(io)?;
    Ok(Image::Mapped(map, Mutex::new(file)))
}

/// Maps a whole file for reading.
#[allow(unsafe_code)] // The one place of this crate: there is no safe way to map a file.
pub(crate) fn map(file: &std::fs::File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the mapping is private and read-only, and its bytes are only ever parsed as hostile data, so what
    // another process writes to the file can at worst change an answer. Linkers replace a program, they do not
    // rewrite it; a file that is truncated while mapped raises SIGBUS, as it would in the program itself.
    unsafe { memmap2::Mmap::map(file) }
}
