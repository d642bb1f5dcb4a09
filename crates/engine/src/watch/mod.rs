//! Watchpoints: stops at the accesses to a place in memory.
//!
//! A watchpoint is a [`Breakpoint`](crate::breakpoint::Breakpoint) with a [`Watched`]. The CPU watches if it has room
//! ([`Means::Slots`]); otherwise writes, but not reads, are found by single-stepping all threads and comparing
//! ([`stepping`]), thousands of times slower. A variable on a goroutine's stack moves with the stack, and is watched
//! until its frame is gone ([`stack`]).

mod hit;
mod stack;
mod stepping;

use std::sync::Arc;

use adit_process::{Addr, Memory, ProcessError, ThreadId, Watch, WatchKind};
use adit_symbols::{Shape, Type};

use crate::breakpoint::{Breakpoint, BreakpointError, BreakpointId, BreakpointOptions};
use crate::eval::{EvalError, Evaluator, Operand};
use crate::scope::Scope;
use crate::value::{LoadConfig, Place, Value, Variable};
use crate::{Debugger, EngineError};

pub use stack::StackVariable;
pub(crate) use stack::WatchPoint;

/// Longest value that is watched, in bytes: it is compared after each instruction of the program.
const LONGEST: u64 = 1 << 16;

/// Which accesses a watchpoint stops at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accesses {
    /// Reads. No CPU can tell them from writes, so these are reported too.
    pub read: bool,
    /// Writes, of whatever value.
    pub write: bool,
}

/// What a watchpoint watches, and how.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The expression, with what is said of interfaces.
    pub expression: String,
    /// The first byte.
    pub addr: Addr,
    /// How many bytes.
    pub len: u64,
    /// Which accesses.
    pub accesses: Accesses,
    /// How.
    pub means: Means,
    /// What is watched is of this type; `None` of what is in an interface.
    pub(crate) ty: Option<Arc<Type>>,
    /// What was there when it was last looked at.
    pub(crate) bytes: Vec<u8>,
    /// What it is bound to, if it is on a goroutine's stack.
    pub stack: Option<StackVariable>,
}

/// How memory is watched.
#[derive(Clone, Debug)]
pub enum Means {
    /// By the CPU, in these slots: one each for the parts that [`Watch::cover`] makes.
    Slots(Vec<usize>),
    /// By single-stepping, and comparing with what it was.
    Stepping,
}

/// What an access did to watched memory.
#[derive(Clone, Debug)]
pub(crate) struct WatchedChange {
    pub(crate) watchpoint: BreakpointId,
    /// What was there when it was last looked at: before the program was let run, or at the access before this one.
    pub(crate) before: Vec<u8>,
    /// What was there right after the access.
    pub(crate) after: Vec<u8>,
}

impl Watched {
    /// The parts that are watched by the CPU, with their slots.
    fn parts(&self) -> Vec<(usize, Watch)> {
        match &self.means {
            Means::Slots(slots) => slots.iter().copied().zip(self.cover()).collect(),
            Means::Stepping => Vec::new(),
        }
    }

    fn cover(&self) -> Vec<Watch> {
        let kind = if self.accesses.read { WatchKind::ReadWrite } else { WatchKind::Write };
        Watch::cover(self.addr, self.len, kind)
    }
}

/// Why something is not watched. The texts are those that Delve's clients know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// Nothing was asked for.
    #[error("at least one of read and write must be set for watchpoint")]
    NoAccess,
    /// It has no address.
    #[error("can not watch {0:?}")]
    NoPlace(String),
    /// It is kept nowhere.
    #[error("expression {0:?} is unreadable: {1}")]
    Unreadable(String, String),
    /// It has no bytes, or too many.
    #[error("can not watch variable of type {0}")]
    Type(String),
    /// The runtime reads all of a stack when it moves it.
    #[error("can not watch stack allocated variable for reads")]
    StackRead,
    /// The CPU can watch no more, and reads can be watched by nothing else.
    #[error("hardware breakpoints exhausted")]
    Exhausted,
    /// Watchpoints are set and cleared.
    #[error("can not disable watchpoints")]
    Disable,
}

/// A place that an expression names.
struct Found {
    expression: String,
    type_name: String,
    /// `None`: what is in an interface.
    ty: Option<Arc<Type>>,
    addr: Addr,
    len: u64,
}

impl Debugger {
    /// Watches what an expression stands for.
    pub fn create_watchpoint(
        &mut self,
        scope: &Scope,
        text: &str,
        accesses: Accesses,
    ) -> Result<Breakpoint, EngineError> {
        self.check_started()?;
        if !accesses.read && !accesses.write {
            return Err(WatchError::NoAccess.into());
        }
        let found = self.find_watched(scope, text)?;
        let stack = self.stack_variable(scope, found.addr)?;
        if stack.is_some() && accesses.read {
            return Err(WatchError::StackRead.into());
        }
        let taken = self.breakpoints.watches().any(|(_, watched)| watched.addr == found.addr);
        if taken {
            let exists = BreakpointError::Exists { file: String::new(), line: 0, addr: found.addr };
            return Err(exists.into());
        }
        let mut watched = Watched {
            expression: found.expression,
            addr: found.addr,
            len: found.len,
            accesses,
            means: Means::Slots(Vec::new()),
            ty: found.ty,
            bytes: self.watched_bytes(found.addr, found.len).unwrap_or_default(),
            stack,
        };
        watched.means = self.means_for(&watched, &found.type_name)?;
        self.add_watchpoint(None, text, watched)
    }

    fn find_watched(&self, scope: &Scope, text: &str) -> Result<Found, EngineError> {
        let tree = adit_expr::parse(text).map_err(|error| EvalError(error.to_string()))?;
        let evaluator = Evaluator::new(self, scope, &tree);
        let operand = evaluator.eval(tree.root())?;
        let no_place = || WatchError::NoPlace(text.to_owned());
        let (Operand::Value(value) | Operand::Variable { value, .. }) = &operand else {
            return Err(no_place().into());
        };
        let addr = match &value.place {
            Place::Memory(addr) => *addr,
            Place::Bytes(_) => return Err(no_place().into()),
            Place::Missing(error) => {
                return Err(WatchError::Unreadable(text.to_owned(), error.to_string()).into());
            }
        };
        let type_name = value.ty.name.to_string();
        if self.is_interface(value)? {
            // The second word says what is in it; the first, of which type that is, may stay the same.
            let word = self.loader().word_size() as u64;
            let expression = format!("{text} (interface data)");
            return Ok(Found { expression, type_name, ty: None, addr: Addr(addr.0 + word), len: word });
        }
        let ty = Some(value.ty.clone());
        Ok(Found { expression: text.to_owned(), type_name, ty, addr, len: value.ty.size })
    }

    fn is_interface(&self, value: &Value) -> Result<bool, EngineError> {
        let real = self.loader().underlying(&value.ty).map_err(EvalError::from)?;
        Ok(matches!(real.shape, Shape::Interface { .. }))
    }

    /// How it is to be watched: by the CPU if it has room, otherwise, if only writes are asked for, by single-stepping.
    fn means_for(&self, watched: &Watched, type_name: &str) -> Result<Means, EngineError> {
        if watched.len == 0 || watched.len > LONGEST {
            return Err(WatchError::Type(type_name.to_owned()).into());
        }
        let used: Vec<usize> =
            self.breakpoints.watches().flat_map(|(_, other)| other.parts()).map(|(slot, _)| slot).collect();
        let slots: Vec<usize> = (0..self.target.watch_slots()).filter(|slot| !used.contains(slot)).collect();
        let wanted = watched.cover().len();
        match slots.get(..wanted) {
            Some(slots) => Ok(Means::Slots(slots.to_vec())),
            None if watched.accesses.read => Err(WatchError::Exhausted.into()),
            None => self.watched_bytes(watched.addr, watched.len).map(|_| Means::Stepping),
        }
    }

    fn watched_bytes(&self, addr: Addr, len: u64) -> Result<Vec<u8>, EngineError> {
        let mut bytes = vec![0; len.min(LONGEST) as usize];
        self.target.read(addr, &mut bytes)?;
        Ok(bytes)
    }

    /// Adds a watchpoint to the table, and sets it. The expression is its name, if that is free.
    fn add_watchpoint(
        &mut self,
        wanted: Option<BreakpointId>,
        name: &str,
        watched: Watched,
    ) -> Result<Breakpoint, EngineError> {
        let name = if self.breakpoints.by_name(name).is_some() { String::new() } else { name.to_owned() };
        let options = BreakpointOptions { name, ..BreakpointOptions::default() };
        let id = self.breakpoints.take_id(wanted)?;
        let breakpoint = self.breakpoints.add_watch(id, options, watched).clone();
        self.bind_watches_to_stacks();
        if let Err(error) = self.sync_breakpoints() {
            // Cannot fail: it was just added.
            let _ = self.breakpoints.remove(id);
            self.bind_watches_to_stacks();
            self.sync_breakpoints()?;
            return Err(error);
        }
        Ok(breakpoint)
    }

    /// What a thread's access to a watchpoint's memory did at this stop: the value before, as far as it was known, and the
    /// value right after.
    pub fn watched_values(
        &self,
        thread: ThreadId,
        id: BreakpointId,
        config: &LoadConfig,
    ) -> Option<(Variable, Variable)> {
        let change = self.stops.get(&thread)?.changes.iter().find(|change| change.watchpoint == id)?;
        let ty = self.breakpoints.watched(id)?.ty.clone()?;
        let loader = self.loader();
        let load = |name: &str, bytes: &[u8]| {
            let place = Place::Bytes(bytes.iter().copied().map(Some).collect());
            loader.load_named(name, &Value { ty: ty.clone(), place }, config)
        };
        Some((load("old value", &change.before), load("new value", &change.after)))
    }

    /// Makes the CPU watch what the table says.
    pub(crate) fn sync_watches(&mut self) -> Result<(), ProcessError> {
        let mut wanted: Vec<Option<Watch>> = vec![None; self.target.watch_slots()];
        for (slot, watch) in self.breakpoints.watches().flat_map(|(_, watched)| watched.parts()) {
            if let Some(place) = wanted.get_mut(slot) {
                *place = Some(watch);
            }
        }
        self.watch_slots.resize(wanted.len(), None);
        for (slot, watch) in wanted.into_iter().enumerate() {
            if self.watch_slots[slot] != watch {
                self.target.set_watch(slot, watch)?;
                self.watch_slots[slot] = watch;
            }
        }
        Ok(())
    }

    /// Watches in a new process what was watched in the one before. Only what belongs to no frame is still there.
    pub(crate) fn adopt_watchpoint(
        &mut self,
        before: &Breakpoint,
        watched: &Watched,
    ) -> Result<(), EngineError> {
        let text = watched.expression.strip_suffix(" (interface data)").unwrap_or(&watched.expression);
        let scope = Scope::without_frame(self.arch());
        let found = self.find_watched(&scope, text)?;
        let mut watched = Watched {
            addr: found.addr,
            len: found.len,
            ty: found.ty,
            bytes: self.watched_bytes(found.addr, found.len).unwrap_or_default(),
            stack: None,
            ..watched.clone()
        };
        watched.means = self.means_for(&watched, &found.type_name)?;
        let made = self.add_watchpoint(Some(before.id), text, watched)?;
        let options = BreakpointOptions { name: made.options.name, ..before.options.clone() };
        self.amend_breakpoint(before.id, options)
    }
}
