//! Names over the whole program, from the index.

use std::collections::HashSet;

use super::Binary;
use crate::index::{Collected, Damaged, Entry, NameIndex, NameKind, Pattern, Room, Table, text};
use crate::{Pclntab, SymbolError};

/// Fewer functions are not worth a second thread.
const PER_THREAD: usize = 20_000;

impl Binary {
    /// Builds or loads the index of names, which takes a while on a large program: for a thread in the background.
    /// Whoever asks the index meanwhile waits.
    pub fn index_names(&self) {
        let functions = || {
            if self.pclntab().is_ok()
                && let Err(error) = self.ask_functions(|_| Ok(()))
            {
                tracing::debug!("no index of functions: {error}");
            }
        };
        // Each has parts that one thread does alone: together they leave no core without work.
        std::thread::scope(|scope| {
            scope.spawn(functions);
            if let Ok(dwarf) = self.dwarf()
                && let Err(error) = dwarf.ask_names(|_| Ok(()))
            {
                tracing::debug!("no index of debug information: {error}");
            }
        });
    }

    /// All names of a kind that match, sorted, each once.
    pub fn names_matching(&self, kind: NameKind, pattern: &Pattern) -> Result<Vec<String>, SymbolError> {
        if kind == NameKind::Function && !self.may_have_foreign_code() && !self.functions.is_ready() {
            // Looking through Go's own table is quicker than making an index of it.
            let table = self.pclntab()?;
            let names = table.functions().map(|function| function.name());
            let mut found: Vec<&str> =
                names.filter(|name| !name.is_empty() && pattern.matches(name)).collect();
            found.sort_unstable();
            found.dedup();
            return Ok(found.into_iter().map(str::to_owned).collect());
        }
        self.list(kind, |table| table.matching(pattern))
    }

    /// May there be code of other languages? In a Go program, only with the way into Go from it, which package
    /// runtime/cgo has (`runtime/cgo/asm_*.s`).
    pub fn may_have_foreign_code(&self) -> bool {
        let has_way_in = || self.pclntab().map_or(true, |table| table.by_name("crosscall2").is_some());
        *self.foreign_code.get_or_init(has_way_in)
    }

    /// The first `most` names of a kind that start with `prefix`, sorted, each once: for completion.
    pub fn names_starting(
        &self,
        kind: NameKind,
        prefix: &str,
        most: usize,
    ) -> Result<Vec<String>, SymbolError> {
        let mut names = self.list(kind, |table| {
            let mut found: Vec<Entry<'_>> = Vec::new();
            let mut different = 0;
            for index in table.starting(prefix.as_bytes())? {
                let entry = table.get(index)?;
                different += usize::from(found.last().is_none_or(|last| last.0 != entry.0));
                if different > most {
                    break;
                }
                found.push(entry);
            }
            Ok(found)
        })?;
        names.truncate(most);
        Ok(names)
    }

    /// All names of a kind whose last part, type arguments aside, is `base` (`m` of `main.(*T[int]).m`), sorted, each
    /// once: those that a name with its package or receiver left out can mean.
    pub fn names_with_base(&self, kind: NameKind, base: &str) -> Result<Vec<String>, SymbolError> {
        self.list(kind, |table| table.with_base(base.as_bytes()))
    }

    /// Is there such a name?
    pub fn has_name(&self, kind: NameKind, name: &str) -> Result<bool, SymbolError> {
        let found = self.list(kind, |table| {
            Ok(table.named(name.as_bytes())?.into_iter().map(|value| (&b"found"[..], value)).collect())
        })?;
        Ok(!found.is_empty())
    }

    /// Go's functions whose names' last part, type arguments aside, is `base`: those with code by address, then those
    /// that are only inlined. `None` if the index is not there yet; looking through all is quicker than building it.
    pub fn functions_with_base(&self, base: &str) -> Option<Vec<String>> {
        self.functions_if_ready(|table| table.with_base(base.as_bytes()))
    }

    /// Go's functions whose names match, in the same order. `None` if the index is not there yet.
    pub fn functions_matching(&self, pattern: &Pattern) -> Option<Vec<String>> {
        self.functions_if_ready(|table| table.matching(pattern))
    }

    fn functions_if_ready(
        &self,
        find: impl for<'t> Fn(Table<'t>) -> Result<Vec<Entry<'t>>, Damaged>,
    ) -> Option<Vec<String>> {
        self.functions.ask_if_ready(|index| {
            let mut names: Vec<String> = Vec::new();
            for kind in [NameKind::Function, NameKind::Inlined] {
                let mut found = find(index.table(kind))?;
                found.sort_by_key(|(_, place)| *place);
                names.extend(found.into_iter().map(|(name, _)| text(name).into_owned()));
            }
            let mut seen = HashSet::new();
            names.retain(|name| seen.insert(name.clone()));
            Ok(names)
        })
    }

    /// The answers of Go's table and of the debug information, which has C's functions.
    fn list(
        &self,
        kind: NameKind,
        find: impl for<'t> Fn(Table<'t>) -> Result<Vec<Entry<'t>>, Damaged>,
    ) -> Result<Vec<String>, SymbolError> {
        let names = |index: &NameIndex| {
            let mut found = find(index.table(kind))?;
            found.sort_unstable();
            found.dedup_by(|later, first| later.0 == first.0);
            Ok(found.into_iter().map(|(name, _)| text(name).into_owned()).collect::<Vec<String>>())
        };
        match kind {
            NameKind::Function => {}
            NameKind::Inlined => return self.ask_functions(names),
            _ => return self.dwarf()?.ask_names(names),
        }
        let own = self.ask_functions(names);
        let others = match self.dwarf() {
            _ if own.is_ok() && !self.may_have_foreign_code() => return own,
            Ok(dwarf) => dwarf.ask_names(names),
            Err(error) => Err(error),
        };
        match (own, others) {
            (Ok(mut own), Ok(others)) if !others.is_empty() => {
                own.extend(others);
                own.sort_unstable();
                own.dedup();
                Ok(own)
            }
            (Ok(names), _) | (Err(_), Ok(names)) => Ok(names),
            (Err(error), Err(_)) => Err(error),
        }
    }

    fn ask_functions<T>(
        &self,
        question: impl Fn(&NameIndex) -> Result<T, Damaged>,
    ) -> Result<T, SymbolError> {
        let table = self.pclntab()?;
        let home = self.functions_home.get_or_init(|| self.index_home(self.cache.as_ref(), "functions"));
        self.functions.ask(home.as_ref(), || collect_functions(table), question)
    }
}

/// The names of Go's functions, with their places in the table.
fn collect_functions(table: &Pclntab) -> Vec<Collected> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = table.len().div_ceil(threads).max(PER_THREAD);
    let work = |first: usize| {
        let mut collected = Collected::default();
        let mut inlined = HashSet::new();
        // In a damaged table names may overlap, and would take more memory together than the table does.
        let mut room = Room::new(table.data().len());
        for index in first..table.len().min(first + share) {
            let function = table.function(index);
            let name = function.name().as_bytes();
            if room.take(name) {
                collected.names[NameKind::Function as usize].add(name, index as u64);
            }
            for (name, _) in function.inlined_calls() {
                // A name stands in the table once.
                if inlined.insert(name.as_ptr()) && room.take(name.as_bytes()) {
                    collected.names[NameKind::Inlined as usize].add(name.as_bytes(), 0);
                }
            }
        }
        collected.sort();
        collected
    };
    std::thread::scope(|scope| {
        let shares: Vec<_> =
            (0..table.len()).step_by(share).map(|first| scope.spawn(move || work(first))).collect();
        let done = shares.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}
