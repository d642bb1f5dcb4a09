//! A binary at the place where it was loaded.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use adit_process::{Addr, Process};
use adit_symbols::{Binary, FileAddr, SourceFrame};

use crate::library::Libraries;
use crate::target::Target;

/// `AT_ENTRY` of getauxval(3): where the program's first instruction is.
const AT_ENTRY: u64 = 9;

/// A binary, and how far the loader moved it.
#[derive(Clone)]
pub struct Image {
    /// What the file says.
    pub binary: Arc<Binary>,
    /// Added to every address of the file; 0 unless the binary is position-independent.
    slide: u64,
    /// Source places that were looked up: goroutines wait at the same few places by the thousand.
    places: Places,
    /// The same of libraries, by the addresses in the process.
    library_places: RefCell<HashMap<Addr, Arc<[SourceFrame]>>>,
    /// Package variables that were looked up, with their sizes.
    globals: RefCell<HashMap<&'static str, Option<(Addr, u64)>>>,
    /// The other code in the process.
    pub(crate) libraries: Libraries,
    /// Are all functions optimised, or none? `None`: it is not the same for all, or not known.
    all_optimized: Option<bool>,
    /// Which functions, by their entries, are optimised.
    optimized: RefCell<HashMap<FileAddr, bool>>,
    /// Entries of the runtime's functions that the debugger calls.
    runtime_functions: RefCell<HashMap<&'static str, Option<Addr>>>,
}

type Places = RefCell<HashMap<FileAddr, Arc<[SourceFrame]>>>;

/// The cache of source places starts anew when it has so many.
const MOST_PLACES: usize = 1 << 16;

impl Image {
    /// The executable of `process`: it was moved by the difference between the entry point that the kernel states
    /// and the file's.
    pub fn executable(binary: Arc<Binary>, process: &dyn Process) -> Image {
        let entry =
            process.auxv().ok().and_then(|auxv| auxv.iter().find(|(kind, _)| *kind == AT_ENTRY).map(|e| e.1));
        let slide = match entry {
            Some(entry) if binary.is_pie() => entry.wrapping_sub(binary.entry().0),
            _ => 0,
        };
        let all_optimized = all_optimized(&binary);
        Image {
            binary,
            slide,
            all_optimized,
            libraries: Libraries::default(),
            places: RefCell::default(),
            library_places: RefCell::default(),
            globals: RefCell::default(),
            optimized: RefCell::default(),
            runtime_functions: RefCell::default(),
        }
    }

    /// Where a function of the runtime begins, if the program has it.
    pub(crate) fn runtime_function(&self, name: &'static str) -> Option<Addr> {
        let find = || Some(self.to_target(self.binary.pclntab().ok()?.by_name(name)?.entry()));
        *self.runtime_functions.borrow_mut().entry(name).or_insert_with(find)
    }

    /// Where an address of the file is in the process.
    pub fn to_target(&self, addr: FileAddr) -> Addr {
        Addr(addr.0.wrapping_add(self.slide))
    }

    /// Where an address of the process is in the file.
    pub fn to_file(&self, addr: Addr) -> FileAddr {
        FileAddr(addr.0.wrapping_sub(self.slide))
    }

    /// The source places at `pc`, innermost first; empty if the address is in no known function.
    pub fn source_frames(&self, pc: Addr) -> Arc<[SourceFrame]> {
        let pc = self.to_file(pc);
        let mut places = self.places.borrow_mut();
        if places.len() >= MOST_PLACES {
            places.clear();
        }
        places.entry(pc).or_insert_with(|| self.binary.source_frames(pc).into()).clone()
    }

    /// The same for code that may be a library's. Entries are turned into addresses of the process by
    /// [`Image::to_target`] there, too.
    pub(crate) fn source_frames_anywhere(&self, target: &Target, pc: Addr) -> Arc<[SourceFrame]> {
        let own = self.source_frames(pc);
        if !own.is_empty() {
            return own;
        }
        let Some(library) = self.libraries.at(target, pc) else { return own };
        let mut places = self.library_places.borrow_mut();
        if places.len() >= MOST_PLACES {
            places.clear();
        }
        let find = || {
            let frames = library.source_frames(pc).into_iter();
            let moved = |entry| self.to_file(library.to_target(entry));
            frames.map(|frame| SourceFrame { entry: moved(frame.entry), ..frame }).collect()
        };
        places.entry(pc).or_insert_with(find).clone()
    }

    /// Forgets which source places were looked up, as more is known of them now.
    pub(crate) fn forget_places(&self) {
        self.library_places.borrow_mut().clear();
        self.places.borrow_mut().clear();
    }

    /// Was the function at `pc` compiled with optimisation or inlining? Known from the build settings where they say
    /// so for all packages alike; only else are debug information and its units looked at.
    pub fn is_optimized(&self, pc: Addr) -> bool {
        let pc = self.to_file(pc);
        match (self.all_optimized, self.special(pc)) {
            // The flags that `go build` drops for some packages are those that keep the optimiser from its work.
            (Some(true), _) | (Some(false), Special::Runtime) => return true,
            (Some(false), Special::No) => return false,
            _ => {}
        }
        if let Some(known) = self.optimized.borrow().get(&pc) {
            return *known;
        }
        let function = self.binary.dwarf().ok().and_then(|dwarf| dwarf.function_at(pc).ok().flatten());
        let optimized = function.is_some_and(|function| function.optimized);
        self.optimized.borrow_mut().insert(pc, optimized);
        optimized
    }

    /// Does the function at `pc` belong to a package for which `go build` drops `-N` (`cmd/go/internal/work/gc.go`,
    /// go1.19: those on which the runtime is built)?
    fn special(&self, pc: FileAddr) -> Special {
        let function = self.binary.pclntab().ok().and_then(|table| table.find(pc));
        let name = function.map_or("", |function| function.name());
        // No flag changes what is written in assembly: such code is as the runtime's, wherever it stands.
        let is_assembly = function.is_some_and(|function| function.flags().asm);
        if name.starts_with("runtime.") || is_assembly {
            Special::Runtime
        } else if name.starts_with("runtime/") || name.starts_with("internal/") {
            Special::Perhaps
        } else {
            Special::No
        }
    }

    /// The address of a symbol of the linker's table, in the process.
    pub fn symbol(&self, name: &str) -> Option<Addr> {
        self.binary.symbol(name).map(|symbol| self.to_target(symbol.addr))
    }

    /// The same for variables that are asked for again and again, with their sizes in bytes.
    pub(crate) fn global(&self, name: &'static str) -> Option<(Addr, u64)> {
        let find = || self.binary.symbol(name).map(|symbol| (self.to_target(symbol.addr), symbol.size));
        *self.globals.borrow_mut().entry(name).or_insert_with(find)
    }
}

/// See [`Image::special`].
enum Special {
    No,
    /// Some releases of Go have it among them.
    Perhaps,
    Runtime,
}

/// What the build settings say of optimisation, if the same for all packages: the flags of `go build -gcflags` are
/// for the packages named on its command line, unless it is `-gcflags=all=...`.
fn all_optimized(binary: &Binary) -> Option<bool> {
    let info = binary.build_info()?;
    let flags = info.settings.iter().filter(|(key, _)| key == "-gcflags").map(|(_, value)| value.as_str());
    let mut all = None;
    for value in flags {
        let flags: Vec<&str> = value.strip_prefix("all=").unwrap_or(value).split_whitespace().collect();
        let (optimises, inlines) = (!flags.contains(&"-N"), !flags.contains(&"-l"));
        if !(value.starts_with("all=") || optimises && inlines) {
            return None;
        }
        all = Some(optimises || inlines);
    }
    // Other build systems leave no settings.
    let is_go_build = info.settings.iter().any(|(key, _)| key == "-compiler");
    all.or(is_go_build.then_some(true))
}
