//! Breakpoints as users know them, and the addresses at which they are inserted.
//!
//! One [`Breakpoint`] may stand at many addresses (a generic function, an inlined one), and one address may serve many
//! owners (two users' breakpoints and a step in progress). [`Breakpoints`] keeps both sides; the engine inserts an
//! address when its first owner comes and removes it when its last one goes.

mod condition;
mod table;

use std::collections::BTreeMap;

use adit_process::Addr;

pub use condition::{HitCondition, HitOperator};
pub use table::Breakpoints;
pub(crate) use table::Owner;

use crate::value::LoadConfig;
use crate::watch::Watched;

/// Which breakpoint: users' have positive numbers, the debugger's own negative ones, as Delve's clients know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BreakpointId(pub i64);

/// Stops an unrecovered panic before the program dies of it.
pub const UNRECOVERED_PANIC: BreakpointId = BreakpointId(-1);
/// Stops a fatal error of the runtime.
pub const RUNTIME_FATAL_THROW: BreakpointId = BreakpointId(-2);
/// A trap instruction in the program's own text.
pub const HARDCODED: BreakpointId = BreakpointId(-3);

/// What the user wants of a breakpoint. All of it can be changed later.
#[derive(Clone, Debug, Default)]
pub struct BreakpointOptions {
    /// A name instead of the number.
    pub name: String,
    /// A boolean expression of the breakpoint's frame; empty: none.
    pub condition: String,
    /// When hits count, in the user's words (`> 3`); empty: always.
    pub hit_condition: String,
    /// Does the hit condition look at the goroutine's own count?
    pub hit_condition_per_goroutine: bool,
    /// Report the hit and go on.
    pub tracepoint: bool,
    /// The return side of a tracepoint.
    pub trace_return: bool,
    /// Report the goroutine.
    pub goroutine: bool,
    /// Report this many frames.
    pub stacktrace: usize,
    /// Report these expressions.
    pub variables: Vec<String>,
    /// Report the arguments, loaded so.
    pub load_args: Option<LoadConfig>,
    /// Report the local variables, loaded so.
    pub load_locals: Option<LoadConfig>,
    /// Commands that the prompt runs at each hit.
    pub custom_commands: Vec<String>,
    /// Of a trace that follows calls: the function at which it begins.
    pub root_function: String,
    /// Of a trace that follows calls: how deep.
    pub follow_calls: i64,
}

/// Where a breakpoint stands in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakpointPlace {
    /// Source file; empty if unknown.
    pub file: String,
    /// Line; 0 if unknown.
    pub line: u32,
    /// Function; empty if unknown.
    pub function: String,
    /// The location expression by which it was made, so that it can be found anew.
    pub expression: String,
}

/// A breakpoint.
#[derive(Clone, Debug)]
pub struct Breakpoint {
    /// Its number.
    pub id: BreakpointId,
    /// What the user wants of it.
    pub options: BreakpointOptions,
    /// Where it is in the source.
    pub place: BreakpointPlace,
    /// All its addresses; empty while it is disabled or suspended.
    pub addrs: Vec<Addr>,
    /// Its addresses while enabled, to return to.
    pub all_addrs: Vec<Addr>,
    /// Is it in force?
    pub enabled: bool,
    /// How often it was hit with its condition true.
    pub total_hits: u64,
    /// The same, by goroutine id.
    pub goroutine_hits: BTreeMap<i64, u64>,
    /// What it watches, if it is a watchpoint; its address is that of data then.
    pub watched: Option<Watched>,
    /// The hit condition, parsed.
    pub(crate) hit_condition: Option<HitCondition>,
    /// The condition, parsed.
    pub(crate) condition: Option<std::sync::Arc<adit_expr::Tree>>,
}

impl Breakpoint {
    /// What users call it: its name, or its number.
    pub fn title(&self) -> String {
        if self.options.name.is_empty() { self.id.0.to_string() } else { self.options.name.clone() }
    }

    /// Does it wait for code that is not loaded yet?
    pub fn is_suspended(&self) -> bool {
        self.all_addrs.is_empty() && self.watched.is_none()
    }

    /// Is it one of the debugger's own?
    pub fn is_internal(&self) -> bool {
        self.id.0 < 0
    }

    /// Can it stand where another one is to? A call may be inlined where the function around it begins, and a function
    /// may have nothing but a return instruction: all of that can be traced.
    pub(crate) fn may_share(&self, options: &BreakpointOptions, place: &BreakpointPlace) -> bool {
        let traces = |options: &BreakpointOptions| options.tracepoint || options.trace_return;
        traces(options)
            && traces(&self.options)
            && (place.function != self.place.function || options.trace_return != self.options.trace_return)
    }

    /// Counts a hit by `goroutine`, and says whether it is one to stop at.
    pub(crate) fn count_hit(&mut self, goroutine: Option<i64>) -> bool {
        self.total_hits += 1;
        let mut count = self.total_hits;
        if let Some(goroutine) = goroutine {
            let own = self.goroutine_hits.entry(goroutine).or_default();
            *own += 1;
            if self.options.hit_condition_per_goroutine {
                count = *own;
            }
        }
        self.hit_condition.is_none_or(|condition| condition.holds(count))
    }

    /// Has its hit condition become one that no later hit can meet? Counts of single goroutines begin anew with every
    /// goroutine, so they never end.
    pub(crate) fn is_spent(&self) -> bool {
        !self.options.hit_condition_per_goroutine
            && self.hit_condition.is_some_and(|condition| !condition.can_hold_after(self.total_hits))
    }
}

/// Why a breakpoint could not be made or changed. The texts are those that Delve's clients know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakpointError {
    /// There is one already.
    #[error("Breakpoint exists at {file}:{line} at {addr:x}", addr = .addr.0)]
    Exists {
        /// Its file.
        file: String,
        /// Its line.
        line: u32,
        /// Its address.
        addr: Addr,
    },
    /// No such number.
    #[error("no breakpoint with id {id}", id = .0.0)]
    NoId(BreakpointId),
    /// No such name.
    #[error("no breakpoint with name {0}")]
    NoName(String),
    /// Names are not numbers, so that one cannot be taken for the other.
    #[error("breakpoint name can not be a number")]
    NumericName,
    /// Names are letters and digits.
    #[error("invalid character in breakpoint name '{0}'")]
    BadName(char),
    /// Names are unique.
    #[error("breakpoint name already exists")]
    NameTaken,
    /// The hit condition does not parse.
    #[error(
        "unable to parse breakpoint hit condition: {0:?}\nhit conditions should be of the form \"number\" or \"OP number\""
    )]
    HitCondition(String),
    /// The hit condition's operator is none.
    #[error("unable to parse breakpoint hit condition: {0:?}\ninvalid operator: {1:?}")]
    HitOperator(String, String),
    /// The hit condition's number is none.
    #[error("unable to parse breakpoint hit condition: {0:?}\ninvalid number: {1:?}")]
    HitNumber(String, String),
    /// The condition does not parse.
    #[error("{0}")]
    Condition(String),
}

/// How the names begin that an editor's session gives its breakpoints, as Delve's does: other clients of the same
/// session see them. They say what the editor asked for, in more than letters and digits.
const EDITORS_NAMES: [&str; 4] =
    ["sourceBp ", "functionBreakpoint ", "instructionBreakpoint ", "dataBreakpoint "];

/// Checks a breakpoint's name: letters and digits, and not a number.
pub(crate) fn check_name(name: &str) -> Result<(), BreakpointError> {
    if name.is_empty() || EDITORS_NAMES.iter().any(|prefix| name.starts_with(prefix)) {
        return Ok(());
    }
    if name.parse::<i64>().is_ok() {
        return Err(BreakpointError::NumericName);
    }
    match name.chars().find(|c| !c.is_alphanumeric()) {
        Some(c) => Err(BreakpointError::BadName(c)),
        None => Ok(()),
    }
}
