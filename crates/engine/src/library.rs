//! Shared libraries, and the kernel's vdso: their frame tables, their functions and, where there is debug information
//! of them, their lines.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use adit_process::{Addr, Mapping, Memory};
use adit_symbols::{Binary, FileAddr, FunctionInfo, Refused, SourceFrame};

use crate::target::Target;
use crate::{Debugger, EngineError};

/// Name of the kernel's own library in the list of mappings.
const VDSO: &str = "[vdso]";
/// It takes a page or three; a larger one is something else.
const LARGEST_VDSO: u64 = 1 << 20;
/// Addresses whose library is unknown are remembered up to this number of pages.
const MOST_UNKNOWN: usize = 1 << 12;

/// A library where it was loaded.
pub(crate) struct Library {
    pub(crate) binary: Binary,
    /// Which one it is, from 1; 0: there are more than can be told apart.
    pub(crate) number: u8,
    /// Functions in the terms of the executable, by their entries in the file.
    pub(crate) functions: RefCell<HashMap<FileAddr, Arc<FunctionInfo>>>,
    code: (Addr, Addr),
    /// Added to every address of the file.
    pub(crate) slide: u64,
    /// Debug information that was found and is not this library's.
    refused: Vec<Refused>,
}

/// Libraries that were met so far.
#[derive(Clone, Default)]
pub(crate) struct Libraries {
    known: RefCell<Vec<Rc<Library>>>,
    /// Pages that belong to none.
    unknown: RefCell<HashSet<u64>>,
    /// Where separate debug information is looked for.
    directories: RefCell<Vec<PathBuf>>,
    /// The number of the last one.
    last: Cell<u8>,
    /// Debug information that was fetched for a library, by the library's path.
    fetched: RefCell<BTreeMap<PathBuf, PathBuf>>,
}

/// A shared library of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryInfo {
    /// The file.
    pub path: PathBuf,
    /// Where it was loaded.
    pub address: Addr,
    /// Its GNU build ID, in hexadecimal.
    pub build_id: Option<String>,
    /// Is there debug information of it, its own or a separate file's?
    pub has_debug_info: bool,
    /// Why it, or debug information that was found for it, could not be read; empty if all is well.
    pub load_error: String,
}

impl Libraries {
    /// The library whose code is at `pc`.
    pub(crate) fn at(&self, target: &Target, pc: Addr) -> Option<Rc<Library>> {
        let known = |library: &&Rc<Library>| library.code.0 <= pc && pc < library.code.1;
        if let Some(found) = self.known.borrow().iter().find(known) {
            return Some(found.clone());
        }
        let page = pc.0 >> 12;
        if self.unknown.borrow().contains(&page) {
            return None;
        }
        let opened = self.open_at(target, pc).and_then(Result::ok);
        let Some(library) = opened else {
            let mut unknown = self.unknown.borrow_mut();
            if unknown.len() >= MOST_UNKNOWN {
                unknown.clear();
            }
            unknown.insert(page);
            return None;
        };
        let library = Rc::new(library);
        self.known.borrow_mut().push(library.clone());
        Some(library)
    }

    /// Opens what has code at `pc`; `None` if nothing has.
    fn open_at(&self, target: &Target, pc: Addr) -> Option<Result<Library, String>> {
        let mappings = target.mappings().ok()?;
        let code =
            mappings.iter().find(|mapping| mapping.executable && mapping.start <= pc && pc < mapping.end)?;
        if code.path == VDSO {
            let size = code.end.0 - code.start.0;
            let mut bytes = vec![0; size.min(LARGEST_VDSO) as usize];
            target.read(code.start, &mut bytes).ok()?;
            let binary = Binary::from_bytes(Path::new(VDSO), bytes).ok()?;
            return Some(Ok(self.join(binary, (code.start, code.end), code.start.0)));
        }
        // Where a program's own dlopen put it, the file's first mapping is the one that holds its headers.
        let is_first = |mapping: &&Mapping| mapping.path == code.path && mapping.offset == 0;
        let start = mappings.iter().rev().filter(is_first).find(|mapping| mapping.start <= pc)?.start;
        let path = Some(PathBuf::from(&code.path)).filter(|path| path.is_absolute())?;
        // Shared libraries are linked at 0.
        let opened = Binary::open(&path).map(|binary| self.join(binary, (code.start, code.end), start.0));
        Some(opened.map_err(|error| error.to_string()))
    }

    /// The library with its debug information.
    fn join(&self, mut binary: Binary, code: (Addr, Addr), slide: u64) -> Library {
        let directories = self.directories.borrow();
        let fetched = self.fetched.borrow().get(binary.path()).cloned();
        let mut refused = Vec::new();
        if let Some(file) = fetched {
            match binary.with_debug_file(&file, &directories) {
                Ok(joined) => binary = joined,
                Err((bare, reason)) => {
                    binary = *bare;
                    refused.push(reason);
                }
            }
        }
        let (binary, more) = binary.with_separate(&directories);
        refused.extend(more);
        let number = self.last.get().checked_add(1).unwrap_or(0);
        if number != 0 {
            self.last.set(number);
        }
        Library { binary, number, functions: RefCell::default(), code, slide, refused }
    }

    /// The library with this number.
    pub(crate) fn numbered(&self, number: u8) -> Option<Rc<Library>> {
        self.known.borrow().iter().find(|library| library.number == number).cloned()
    }

    /// What was not there before may be now: something was loaded.
    pub(crate) fn expect_new(&self) {
        self.unknown.borrow_mut().clear();
    }

    /// Searches these directories from now on, and anew for libraries that have no debug information yet.
    pub(crate) fn set_directories(&self, directories: Vec<PathBuf>) {
        *self.directories.borrow_mut() = directories;
        self.known.borrow_mut().retain(|library| library.binary.has_debug_info());
    }

    /// For another process of the same program: what was loaded is gone, what was found on disk is not.
    pub(crate) fn of_next_process(&self) -> Libraries {
        Libraries {
            directories: self.directories.clone(),
            fetched: self.fetched.clone(),
            ..Libraries::default()
        }
    }

    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        self.directories.borrow().clone()
    }

    /// All that is mapped now, by path.
    fn all(&self, target: &Target, executable: &Path) -> Vec<(LibraryInfo, Option<Rc<Library>>)> {
        let mappings = target.mappings().unwrap_or_default();
        let own = std::fs::canonicalize(executable).unwrap_or_else(|_| executable.to_owned());
        let mut first: BTreeMap<&str, (Addr, Option<Addr>)> = BTreeMap::new();
        for mapping in &mappings {
            if mapping.path.starts_with('/') && mapping.path.contains(".so") && own != *mapping.path {
                let (_, code) = first.entry(&mapping.path).or_insert((mapping.start, None));
                *code = code.or(mapping.executable.then_some(mapping.start));
            }
        }
        first
            .into_iter()
            .map(|(path, (address, code))| {
                let library = code.and_then(|code| self.at(target, code));
                let load_error = match (&library, code) {
                    (Some(library), _) => library.refused.first().map(ToString::to_string),
                    (None, Some(code)) => self.open_at(target, code).and_then(Result::err),
                    (None, None) => None,
                };
                let info = LibraryInfo {
                    path: PathBuf::from(path),
                    address,
                    build_id: library.as_ref().and_then(|library| library.binary.gnu_build_id()),
                    has_debug_info: library.as_ref().is_some_and(|library| library.binary.has_debug_info()),
                    load_error: load_error.unwrap_or_default(),
                };
                (info, library)
            })
            .collect()
    }
}

impl Library {
    /// The same address as the library's file states it.
    pub(crate) fn to_file(&self, addr: Addr) -> FileAddr {
        FileAddr(addr.0.wrapping_sub(self.slide))
    }

    /// Where an address of the file is in the process.
    pub(crate) fn to_target(&self, addr: FileAddr) -> Addr {
        Addr(addr.0.wrapping_add(self.slide))
    }

    /// Is it Go code, whose variables can be looked at?
    pub(crate) fn is_go(&self) -> bool {
        self.number != 0 && self.binary.has_debug_info() && self.binary.pclntab().is_ok()
    }

    /// Is this address in its code?
    pub(crate) fn has_code_at(&self, addr: Addr) -> bool {
        self.code.0 <= addr && addr < self.code.1
    }

    /// The functions at `pc`, innermost first. Their entries are as the file states them.
    pub(crate) fn source_frames(&self, pc: Addr) -> Vec<SourceFrame> {
        self.binary.source_frames(self.to_file(pc))
    }
}

impl Debugger {
    /// The shared libraries of the process, without the executable, by path.
    pub fn libraries(&self) -> Result<Vec<LibraryInfo>, EngineError> {
        self.check_alive()?;
        let all = self.image.libraries.all(&self.target, self.image.binary.path());
        Ok(all.into_iter().map(|(info, _)| info).collect())
    }

    /// The libraries whose code can be looked at.
    pub(crate) fn open_libraries(&self) -> Vec<Rc<Library>> {
        let all = self.image.libraries.all(&self.target, self.image.binary.path());
        all.into_iter().filter_map(|(_, library)| library).collect()
    }

    /// Uses `file` as the debug information of the library `path`, from now on. The error says why it cannot be.
    pub fn join_library(&mut self, path: &Path, file: &Path) -> Result<(), Refused> {
        let libraries = &self.image.libraries;
        libraries.fetched.borrow_mut().insert(path.to_owned(), file.to_owned());
        let mut known = libraries.known.borrow_mut();
        let Some(at) = known.iter().position(|library| library.binary.path() == path) else { return Ok(()) };
        let (code, slide) = (known[at].code, known[at].slide);
        known.remove(at);
        let Ok(binary) = Binary::open(path) else { return Ok(()) };
        let mut library = libraries.join(binary, code, slide);
        let refused = library.refused.iter().position(|refused| refused.path == file);
        let outcome = match refused {
            Some(at) => Err(library.refused.remove(at)),
            None => Ok(()),
        };
        if outcome.is_err() {
            libraries.fetched.borrow_mut().remove(path);
        }
        known.push(Rc::new(library));
        drop(known);
        self.image.forget_places();
        outcome
    }

    /// Looks for separate debug information of libraries in these directories.
    pub fn search_debug_info_in(&mut self, directories: Vec<PathBuf>) {
        self.image.libraries.set_directories(directories);
    }

    /// Where separate debug information is looked for.
    pub fn debug_info_directories(&self) -> Vec<PathBuf> {
        self.image.libraries.directories()
    }

    /// Looks for separate debug information in these directories from now on, and anew for what has none yet. Returns
    /// the files that could not be used for the executable.
    pub fn set_debug_info_directories(&mut self, directories: Vec<PathBuf>) -> Vec<Refused> {
        self.image.libraries.set_directories(directories.clone());
        self.image.forget_places();
        if self.image.binary.has_debug_info() {
            return Vec::new();
        }
        let Ok(binary) = Binary::open(self.image.binary.path()) else { return Vec::new() };
        let (binary, refused) = binary.with_separate(&directories);
        if binary.has_debug_info() {
            self.replace_binary(binary);
        }
        refused
    }

    /// Uses `file` as the debug information of the executable. The error says why it cannot be.
    pub fn join_executable(&mut self, file: &Path) -> Result<(), Refused> {
        let Ok(binary) = Binary::open(self.image.binary.path()) else { return Ok(()) };
        let joined = binary.with_debug_file(file, &self.image.libraries.directories());
        self.replace_binary(joined.map_err(|(_, refused)| refused)?);
        Ok(())
    }
}
