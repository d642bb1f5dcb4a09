//! Locations in C code, of the program and of its shared libraries: what Go's own table does not know.
//!
//! It is asked last, as it takes debug information to answer.

use std::path::PathBuf;
use std::sync::Arc;

use adit_expr::{MAX_CANDIDATES, Normal, PathRules, file_matches, function_matches, location_ambiguous};
use adit_process::Addr;
use adit_symbols::{Binary, Dwarf, FileAddr, PackageVariable, Pattern, Type};

use crate::Debugger;
use crate::location::{FoundLocation, LocationSpecError, Packages};

/// A binary in the process, and how far the loader moved it.
struct Loaded<'a> {
    binary: &'a Binary,
    slide: u64,
}

impl Loaded<'_> {
    fn addr(&self, addr: FileAddr) -> Addr {
        Addr(addr.0.wrapping_add(self.slide))
    }

    /// Its debug information, if it has more than frame tables.
    fn dwarf(&self) -> Option<&Dwarf> {
        self.binary.has_debug_info().then(|| self.binary.dwarf().ok()).flatten()
    }
}

impl Debugger {
    /// Calls `visit` with the executable and, until it has found something, with the libraries.
    fn in_all<T>(&self, mut visit: impl FnMut(&Loaded<'_>) -> Vec<T>) -> Vec<T> {
        let slide = self.image.to_target(FileAddr(0)).0;
        let mut found = visit(&Loaded { binary: &self.image.binary, slide });
        if found.is_empty() {
            for library in self.open_libraries() {
                found.extend(visit(&Loaded { binary: &library.binary, slide: library.slide }));
            }
        }
        found
    }

    /// A file and line, or a function, of C.
    pub(crate) fn find_foreign(
        &self,
        text: &str,
        normal: &Normal,
        rules: &[[String; 2]],
    ) -> Result<Option<FoundLocation>, LocationSpecError> {
        let mut files = self.foreign_files(&normal.base, rules);
        files.truncate(MAX_CANDIDATES);
        let functions = if files.is_empty() { self.foreign_functions(normal) } else { Vec::new() };
        let mut names: Vec<&str> = functions.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        match (&files[..], &names[..], normal.line) {
            ([], [], _) => Ok(None),
            ([file], [], Some(line)) => match &self.foreign_line(file, line)[..] {
                [] => Err(LocationSpecError::NoStatement { file: file.clone(), line }),
                addrs => Ok(Some(self.location_of(addrs.to_vec()))),
            },
            ([_], [], None) => Err(LocationSpecError::Spec(adit_expr::NO_LINE_OFFSET.to_owned())),
            ([], [_], None | Some(0)) => {
                let addrs = functions.iter().map(|(_, body)| *body).collect();
                Ok(Some(self.location_of(addrs)))
            }
            ([], [name], Some(offset)) => {
                let place = functions.first().map(|(_, body)| self.place_of(*body)).unwrap_or_default();
                let declared = self.declared_line(name).unwrap_or(place.line);
                let line = declared.saturating_add(offset);
                match &self.foreign_line(&place.file, line)[..] {
                    [] => Err(LocationSpecError::NoStatement { file: place.file, line }),
                    addrs => Ok(Some(self.location_of(addrs.to_vec()))),
                }
            }
            _ => {
                let candidates = files.iter().map(String::as_str).chain(names.iter().copied());
                Err(LocationSpecError::Spec(location_ambiguous(text, candidates)))
            }
        }
    }

    /// Source files of C code that a specification may mean.
    fn foreign_files(&self, base: &str, rules: &[[String; 2]]) -> Vec<String> {
        let rules = PathRules::new(rules.iter().map(|[from, to]| (from.clone(), to.clone())));
        let mut found = self.in_all(|loaded| {
            let files = loaded.dwarf().map(Dwarf::foreign_files).unwrap_or_default();
            let matching = files.iter().filter(|file| {
                let seen = rules.apply(file);
                seen == *base || file_matches(base, &seen)
            });
            matching.map(ToString::to_string).collect()
        });
        found.sort_unstable();
        found.dedup();
        if let Some(exact) = found.iter().position(|file| rules.apply(file) == *base) {
            return vec![found.swap_remove(exact)];
        }
        found
    }

    /// Functions of C that a specification may mean, with the addresses where their bodies begin, by name. Those of
    /// which only the linker's table knows have to be named exactly, and are stopped at where they begin.
    fn foreign_functions(&self, normal: &Normal) -> Vec<(String, Addr)> {
        let Some(spec) = &normal.function else { return Vec::new() };
        let packages = Packages(self);
        let mut found = self.in_all(|loaded| {
            let Some(dwarf) = loaded.dwarf() else { return Vec::new() };
            let functions = dwarf.foreign_functions().iter();
            let matching = functions.filter(|function| {
                function.name.ends_with(spec.name.as_str())
                    && function_matches(spec, &function.name, &packages)
            });
            matching
                .map(|function| (function.name.clone(), loaded.addr(dwarf.foreign_body(function.entry))))
                .collect()
        });
        if found.is_empty() {
            found = self.in_all(|loaded| {
                let symbol = loaded.binary.symbol(&normal.base).filter(|symbol| symbol.is_function);
                symbol.map(|symbol| (symbol.name, loaded.addr(symbol.addr))).into_iter().collect()
            });
        }
        found.sort_unstable();
        found
    }

    /// The variable that C code at `pc` means by this name, or one of any other C code: a static one of the same file
    /// before others of its name.
    pub(crate) fn foreign_variable(&self, name: &str, pc: FileAddr) -> Option<PackageVariable> {
        let dwarf = self.foreign_dwarf()?;
        let exact = Pattern::new(&format!("^{}$", regex::escape(name))).ok()?;
        let mut found = dwarf.package_variables_matching(&exact).ok()?;
        let own = dwarf.function_at(pc).ok().flatten().filter(|function| !function.is_go);
        let own = own.and_then(|function| function.decl_file.clone());
        // What is visible everywhere is not marked; the file says enough.
        found.sort_by_key(|variable| variable.decl_file != own);
        found.into_iter().next()
    }

    /// Where the C function `name` begins; with the addresses of all that have this name.
    pub(crate) fn foreign_function(&self, name: &str) -> Vec<Addr> {
        self.in_all(|loaded| {
            let Some(dwarf) = loaded.dwarf() else { return Vec::new() };
            let functions = dwarf.foreign_functions().iter().filter(|function| function.name == name);
            functions.map(|function| loaded.addr(dwarf.foreign_body(function.entry))).collect()
        })
    }

    /// Where a line of C code begins.
    pub(crate) fn foreign_line(&self, file: &str, line: u32) -> Vec<Addr> {
        self.in_all(|loaded| {
            let Some(dwarf) = loaded.dwarf() else { return Vec::new() };
            dwarf.foreign_pcs_of_line(file, line).into_iter().map(|addr| loaded.addr(addr)).collect()
        })
    }

    /// Has any C code this source file?
    pub(crate) fn is_foreign_file(&self, file: &str) -> bool {
        let is_it =
            |loaded: &Loaded<'_>| loaded.dwarf()?.foreign_files().into_iter().find(|known| **known == *file);
        !self.in_all(|loaded| is_it(loaded).into_iter().collect()).is_empty()
    }

    /// A C type by the name that it has in Go code: `C.struct_point`, `C.int` (cmd/cgo's documentation, "Go references
    /// to C"). In the program it is a type of the package whose `import "C"` it came by, mostly, or of C units alone.
    pub(crate) fn c_type(&self, name: &str) -> Option<Arc<Type>> {
        let name = name.strip_prefix("C.")?;
        let dwarf = self.image.binary.dwarf().ok()?;
        let tagged = ["struct", "union", "enum"].iter().find_map(|keyword| {
            let tag = name.strip_prefix(keyword)?.strip_prefix('_')?;
            Some(format!("{keyword} {tag}"))
        });
        let names = tagged.into_iter().chain([format!("main._Ctype_{name}"), name.to_owned()]);
        names.into_iter().find_map(|name| dwarf.type_by_name(&name).ok().flatten())
    }

    /// The file that was built from a source file, and its GNU build ID.
    pub fn holder_of_source(&self, file: &str) -> Option<(PathBuf, String)> {
        let is_go =
            |binary: &Binary| binary.pclntab().is_ok_and(|table| table.files().any(|known| known == file));
        let holders = self.in_all(|loaded| {
            let of_c = || {
                loaded.dwarf().is_some_and(|dwarf| dwarf.foreign_files().iter().any(|known| **known == *file))
            };
            let built = is_go(loaded.binary) || of_c();
            let id = built.then(|| loaded.binary.gnu_build_id()).flatten();
            id.map(|id| (loaded.binary.path().to_owned(), id)).into_iter().collect()
        });
        holders.into_iter().next()
    }

    /// The line on which the C function `name` is declared.
    fn declared_line(&self, name: &str) -> Option<u32> {
        let lines = self.in_all(|loaded| {
            let Some(dwarf) = loaded.dwarf() else { return Vec::new() };
            let functions = dwarf.foreign_functions().iter().filter(|function| function.name == name);
            let declared = functions.filter_map(|function| dwarf.function_at(function.entry).ok().flatten());
            declared.map(|function| function.decl_line).filter(|line| *line != 0).collect()
        });
        lines.first().copied()
    }
}
