//! An index of names: built once per program, in the background where the debugger sees to it, kept in a file of the
//! user's cache and mapped from there at the next start.
//!
//! [`collect`] takes names as they are found and lays them out as tables, [`format`] puts these into one sequence of
//! bytes, [`sealed`] gives each block of it a checksum that is verified when the block is first touched, [`table`]
//! answers questions from it, [`cache`] keeps the files. An [`IndexCell`] is where a program's index stands when it
//! is there: who asks before that waits, or builds it. An index that proves damaged is built anew, and the question
//! asked again.

mod cache;
mod collect;
mod format;
mod pattern;
mod sealed;
mod table;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub use cache::Cache;
pub(crate) use collect::Room;
pub(crate) use format::{Collected, PACKAGES};
use format::{File, Origin};
pub use pattern::Pattern;
use sealed::Store;
pub(crate) use sealed::{Damaged, Digest};
pub(crate) use table::{Entry, Table, text};

use crate::SymbolError;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A function of Go or C.
    Function,
    /// A type.
    Type,
    /// A variable of a package, or a global variable of C.
    Variable,
    /// A constant of a package.
    Constant,
    /// A function of Go that is inlined somewhere; some have no code of their own.
    Inlined,
}

/// Pairs of numbers that an index holds beside names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// (type, constant), both offsets in `.debug_info`.
    ConstantsByType,
    /// (DW_AT_go_runtime_type, entry).
    RuntimeTypes,
}

/// An index of names.
#[derive(Debug)]
pub(crate) struct NameIndex(File);

impl NameIndex {
    /// The table of one kind of names.
    pub(crate) fn table(&self, kind: NameKind) -> Table<'_> {
        Table::new(&self.0, kind as usize)
    }

    /// The table of packages.
    pub(crate) fn packages(&self) -> Table<'_> {
        Table::new(&self.0, PACKAGES)
    }

    /// The second numbers of the pairs whose first one is `key`, sorted.
    pub(crate) fn listed(&self, list: List, key: u64) -> Result<Vec<u64>, Damaged> {
        const PAIR: usize = 16;
        let part = format::TABLES * 3 + list as usize;
        let count = self.0.len(part) / PAIR;
        let pair = |index: usize| {
            let (keys, values) = self.0.get(part, index * PAIR..(index + 1) * PAIR)?.split_at(8);
            let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).map_err(|_| Damaged);
            Ok((number(keys)?, number(values)?))
        };
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            if pair(middle)?.0 < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut values = Vec::new();
        for index in low..count {
            let (other, value) = pair(index)?;
            if other != key {
                break;
            }
            values.push(value);
        }
        Ok(values)
    }
}

/// What tells a program from all others.
pub(crate) struct Identity {
    /// A digest of build ids, size and section table.
    pub(crate) digest: [u8; 32],
    /// Does the build id follow from the contents? Some build systems give all programs the same.
    pub(crate) is_strong: bool,
    /// When the file was written, in nanoseconds; 0 if unknown.
    pub(crate) modified: u64,
    /// A digest of all that the index is made from: asked only where the rest leaves doubt.
    pub(crate) contents: Box<dyn Fn() -> [u64; 2] + Send + Sync>,
}

/// Where an index is kept.
pub(crate) struct Home {
    pub(crate) cache: Cache,
    /// Which of the program's indices this is.
    pub(crate) part: &'static str,
    pub(crate) identity: Identity,
}

impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Home").field("cache", &self.cache).field("name", &self.name()).finish_non_exhaustive()
    }
}

impl Home {
    fn name(&self) -> String {
        let digest: String = self.identity.digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{digest}-{}", self.part)
    }

    /// The index in the cache, if it is this program's.
    fn load(&self) -> Option<NameIndex> {
        let file = File::open(self.cache.load(&self.name())?);
        let known = file.ok().filter(|file| self.is_of(&file.origin));
        if known.is_none() {
            self.cache.discard(&self.name());
        }
        known.map(NameIndex)
    }

    fn is_of(&self, origin: &Origin) -> bool {
        let identity = &self.identity;
        origin.identity == identity.digest
            && (identity.is_strong && identity.modified != 0 && identity.modified == origin.modified
                || origin.contents == (identity.contents)())
    }

    fn origin(&self) -> Origin {
        let Identity { digest, modified, contents, .. } = &self.identity;
        Origin { identity: *digest, contents: contents(), modified: *modified }
    }
}

/// The place of a program's index.
#[derive(Debug, Default)]
pub(crate) struct IndexCell {
    /// Locked while the index is loaded or built.
    index: Mutex<Option<Arc<NameIndex>>>,
}

impl IndexCell {
    /// Asks the index, which `build` makes unless it is there or `home` has it.
    pub(crate) fn ask<T>(
        &self,
        home: Option<&Home>,
        build: impl Fn() -> Vec<Collected>,
        question: impl Fn(&NameIndex) -> Result<T, Damaged>,
    ) -> Result<T, SymbolError> {
        let index = self.get(home, &build)?;
        if let Ok(answer) = question(&index) {
            return Ok(answer);
        }
        tracing::debug!("a damaged index of names is built anew");
        let index = self.replace(&index, home, &build)?;
        question(&index).map_err(|Damaged| damaged())
    }

    /// Is the index there already?
    pub(crate) fn is_ready(&self) -> bool {
        self.index.try_lock().is_ok_and(|index| index.is_some())
    }

    /// Answers only if the index is there already.
    pub(crate) fn ask_if_ready<T>(&self, question: impl Fn(&NameIndex) -> Result<T, Damaged>) -> Option<T> {
        let index = self.index.try_lock().ok()?.clone()?;
        question(&index).ok()
    }

    fn get(
        &self,
        home: Option<&Home>,
        build: &impl Fn() -> Vec<Collected>,
    ) -> Result<Arc<NameIndex>, SymbolError> {
        let mut known = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let index = match known.take() {
            Some(index) => index,
            None => match home.and_then(Home::load) {
                Some(index) => Arc::new(index),
                None => Arc::new(make(home, build)?),
            },
        };
        *known = Some(Arc::clone(&index));
        Ok(index)
    }

    /// Builds the index anew, unless another thread did already.
    fn replace(
        &self,
        damaged: &Arc<NameIndex>,
        home: Option<&Home>,
        build: &impl Fn() -> Vec<Collected>,
    ) -> Result<Arc<NameIndex>, SymbolError> {
        let mut known = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = known.as_ref().filter(|index| !Arc::ptr_eq(index, damaged)) {
            return Ok(Arc::clone(other));
        }
        let index = Arc::new(make(home, build)?);
        *known = Some(Arc::clone(&index));
        Ok(index)
    }
}

fn make(home: Option<&Home>, build: &impl Fn() -> Vec<Collected>) -> Result<NameIndex, SymbolError> {
    let begun = std::time::Instant::now();
    // What the index belongs to is read from the file while the index is built.
    let (origin, built) = std::thread::scope(|scope| {
        let origin = scope.spawn(|| home.map(Home::origin).unwrap_or_default());
        let built = build();
        (origin.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), built)
    });
    let too_many = || SymbolError::Missing("the program has more names than an index can hold".to_owned());
    let bytes = format::write(built, &origin).ok_or_else(too_many)?;
    tracing::debug!("an index of names, {} bytes, was built in {:?}", bytes.len(), begun.elapsed());
    // The file's pages can be dropped and read again; memory can not. What is mapped may be another debugger's by now.
    let stored = home.and_then(|home| File::open(home.cache.save(&home.name(), &bytes)?).ok());
    match stored.filter(|file| file.origin == origin) {
        Some(file) => Ok(NameIndex(file)),
        None => File::open(Store::Owned(bytes)).map(NameIndex).map_err(|Damaged| damaged()),
    }
}

fn damaged() -> SymbolError {
    SymbolError::Damaged { section: "index of names", offset: 0, what: "it contradicts itself".to_owned() }
}

/// Does all that an index can be asked, on a file with any bytes as its parts: for the fuzzer.
#[doc(hidden)]
pub fn ask_all_of_payload(payload: &[u8], split: &[u16], name: &str) {
    let Some(index) = format::around(payload, split).and_then(|bytes| File::open(Store::Owned(bytes)).ok())
    else {
        return;
    };
    ask_all(&NameIndex(index), name);
}

/// The same with any bytes as the whole file.
#[doc(hidden)]
pub fn ask_all_of_file(bytes: &[u8], name: &str) {
    if let Ok(file) = File::open(Store::Owned(bytes.to_vec())) {
        ask_all(&NameIndex(file), name);
    }
}

fn ask_all(index: &NameIndex, name: &str) {
    let patterns: Vec<Pattern> =
        [name, "^main", "a|b", "[a-z]$"].iter().filter_map(|text| Pattern::new(text).ok()).collect();
    use NameKind::{Constant, Function, Inlined, Type, Variable};
    for kind in [Function, Type, Variable, Constant, Inlined] {
        let table = index.table(kind);
        // Damage is an answer, too: only that there is one counts.
        let _ =
            (table.named(name.as_bytes()), table.starting(name.as_bytes()), table.with_base(name.as_bytes()));
        for pattern in &patterns {
            let _ = table.matching(pattern);
        }
    }
    let _ = (index.listed(List::ConstantsByType, 1), index.listed(List::RuntimeTypes, 1));
}
