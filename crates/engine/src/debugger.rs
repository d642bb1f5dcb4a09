//! The debugger's state, and how it takes hold of a process.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use adit_process::{Addr, CoreRecord, ExitStatus, Interrupter, Pid, Process, Signal, ThreadId, Watch};
use adit_symbols::{Binary, FileAddr};

use crate::EngineError;
use crate::breakpoint::{Breakpoint, Breakpoints};
use crate::call::PendingCall;
use crate::condition::CompiledConditions;
use crate::goroutine::Runtime;
use crate::group::Group;
use crate::image::Image;
use crate::notices::Notices;
use crate::run::ThreadStop;
use crate::scope::{FrameStores, KnownBindings};
use crate::signals::SignalPolicies;
use crate::step::{Statement, Step};
use crate::target::Target;
use crate::thread::ThreadGoroutine;
use crate::trace::Tracing;
use crate::unstarted::Unstarted;
use crate::unwind::Unwinder;
use crate::value::budget::Budget;

/// One process under the debugger.
pub struct Debugger {
    pub(crate) target: Target,
    pub(crate) image: Image,
    /// What is known of the Go runtime; `None`: this is not a Go program, or it says nothing.
    pub(crate) runtime: Option<Runtime>,
    pub(crate) breakpoints: Breakpoints,
    /// The addresses at which a breakpoint instruction is inserted.
    pub(crate) inserted: BTreeSet<Addr>,
    /// What the process watches, by slots.
    pub(crate) watch_slots: Vec<Option<Watch>>,
    /// The one thread that executes instructions, while memory is watched by comparing.
    pub(crate) traced: Option<ThreadId>,
    /// The watchpoints whose variables went out of scope since the program was last let run.
    pub(crate) ended_watches: Vec<Breakpoint>,
    /// What happened to each thread at the last stop.
    pub(crate) stops: BTreeMap<ThreadId, ThreadStop>,
    /// Signals that arrived and are to be delivered when their threads are resumed.
    pub(crate) kept_signals: BTreeMap<ThreadId, VecDeque<Signal>>,
    /// What is done with signals; the same in all processes of a session.
    pub(crate) signal_policies: Rc<RefCell<SignalPolicies>>,
    /// Where it is left what the user should know; the same, too.
    pub(crate) notices: Rc<Notices>,
    pub(crate) selection: Selection,
    pub(crate) step: Option<Step>,
    pub(crate) finished_step: Option<Step>,
    /// Does a step wait, to be continued, where somebody stops the program in the middle of it? Otherwise it is given up.
    pub(crate) keeps_step: Arc<AtomicBool>,
    /// Calls under way that the user asked for, the innermost last.
    pub(crate) calls: Vec<PendingCall>,
    pub(crate) ended: Option<Ended>,
    /// Why there is no process, in a program that was opened for looking.
    pub(crate) not_started: Option<String>,
    /// Which goroutine each thread runs, as far as it was asked since the last stop.
    pub(crate) thread_goroutines: RefCell<HashMap<ThreadId, Option<ThreadGoroutine>>>,
    /// The statements of functions in which steps were made, by the functions' first addresses.
    pub(crate) statements: RefCell<HashMap<Addr, Rc<[Statement]>>>,
    /// The bodies of loops over functions, by the functions that they are in.
    pub(crate) range_bodies: RefCell<HashMap<String, Rc<[Addr]>>>,
    /// What optimised functions store in their frames, by the functions' first addresses.
    pub(crate) frame_stores: RefCell<HashMap<FileAddr, Rc<FrameStores>>>,
    pub(crate) bindings: RefCell<KnownBindings>,
    /// Functions that are inlined somewhere, found when first asked for.
    pub(crate) inlined_functions: OnceCell<BTreeMap<String, Vec<Addr>>>,
    /// The other processes of the session, if this is the selected one.
    pub(crate) group: Group,
    /// How many processes came before this one.
    pub(crate) nth: usize,
    /// How much more may be loaded for the present request.
    pub(crate) budget: Budget,
    /// Is a part of a channel being loaded?
    pub(crate) in_channel: Cell<bool>,
    pub(crate) tracing: Tracing,
    pub(crate) conditions: CompiledConditions,
}

/// What commands without an explicit goroutine or thread refer to.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// The selected thread: the one that runs the selected goroutine, if one does.
    pub thread: ThreadId,
    /// The selected goroutine.
    pub goroutine: Option<i64>,
}

/// Why there is no process any more.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended {
    Exited(ExitStatus),
    Detached,
}

impl Debugger {
    /// What a core file records of the program, the selected thread first: it is opened at that.
    pub fn core_record(&self) -> Result<CoreRecord, EngineError> {
        self.check_started()?;
        let mut record = self.target.core_record()?;
        let selected = record.threads.iter().position(|(thread, _)| *thread == self.selection.thread);
        record.threads[..selected.map_or(0, |index| index + 1)].rotate_right(selected.map_or(0, |_| 1));
        Ok(record)
    }

    /// Takes over a stopped process, whose executable is `binary`.
    pub fn new(process: Box<dyn Process>, binary: Arc<Binary>) -> Result<Debugger, EngineError> {
        let thread = process.threads().first().copied().ok_or(EngineError::NoThreadSelected)?;
        let mut debugger = Debugger::unselected(process, binary, None);
        debugger.set_internal_breakpoints();
        debugger.sync_breakpoints()?;
        debugger.select_thread_unchecked(thread);
        Ok(debugger)
    }

    /// Opens a program for looking, without a process: what is known of it before it runs. What needs a process is
    /// refused with `reason`, a clause for people.
    pub fn looking_at(binary: Arc<Binary>, reason: String) -> Debugger {
        let process = Box::new(Unstarted::new(binary.clone()));
        Debugger::unselected(process, binary, Some(reason))
    }

    pub(crate) fn unselected(
        process: Box<dyn Process>,
        binary: Arc<Binary>,
        not_started: Option<String>,
    ) -> Debugger {
        let image = Image::executable(binary, &*process);
        let mut debugger = Debugger {
            target: Target::new(process),
            image,
            runtime: None,
            breakpoints: Breakpoints::default(),
            inserted: BTreeSet::new(),
            watch_slots: Vec::new(),
            traced: None,
            ended_watches: Vec::new(),
            stops: BTreeMap::new(),
            kept_signals: BTreeMap::new(),
            signal_policies: Rc::default(),
            notices: Rc::default(),
            selection: Selection { thread: ThreadId(0), goroutine: None },
            step: None,
            finished_step: None,
            keeps_step: Arc::default(),
            calls: Vec::new(),
            ended: None,
            not_started,
            thread_goroutines: RefCell::default(),
            statements: RefCell::default(),
            range_bodies: RefCell::default(),
            frame_stores: RefCell::default(),
            bindings: RefCell::default(),
            inlined_functions: OnceCell::new(),
            group: Group::default(),
            nth: 0,
            budget: Budget::default(),
            in_channel: Cell::default(),
            tracing: Tracing::default(),
            conditions: CompiledConditions::default(),
        };
        debugger.open_runtime();
        debugger
    }

    /// Replaces the process by a new one of the same or a rebuilt program, keeping breakpoints. Returns those that
    /// could not be found in it, with the reason.
    pub fn restart(
        &mut self,
        process: Box<dyn Process>,
        binary: Arc<Binary>,
    ) -> Result<Vec<(crate::breakpoint::Breakpoint, String)>, EngineError> {
        let mut next = Debugger::new(process, binary)?;
        next.image.libraries = self.image.libraries.of_next_process();
        let discarded = next.adopt_breakpoints(&self.breakpoints);
        next.tracing = std::mem::take(&mut self.tracing);
        next.keeps_step = Arc::clone(&self.keeps_step);
        next.sync_breakpoints()?;
        next.continue_group(&mut self.group);
        next.signal_policies = Rc::clone(&self.signal_policies);
        next.notices = Rc::clone(&self.notices);
        *self = next;
        Ok(discarded)
    }

    /// Attaching is done by stopping a process where it is: select what is worth looking at.
    pub fn select_after_attach(&mut self) {
        let threads = self.target.threads();
        let running = threads.iter().copied().find(|thread| self.goroutine_of_thread(*thread).is_some());
        if let Some(thread) = running.or_else(|| threads.first().copied()) {
            self.select_thread_unchecked(thread);
        }
    }

    /// The process id.
    pub fn pid(&self) -> Pid {
        self.target.pid()
    }

    /// The command line of the process.
    pub fn command_line(&self) -> Vec<String> {
        self.target.command_line()
    }

    /// The executable, where it was loaded.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The process's memory and threads.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// A handle with which another thread can stop the program.
    pub fn interrupter(&self) -> Arc<dyn Interrupter> {
        self.target.interrupter()
    }

    /// Has `keeps` say whether a step waits where somebody stops the program in the middle of it.
    pub fn keep_steps_while(&mut self, keeps: Arc<AtomicBool>) {
        self.keeps_step = keeps;
    }

    /// Drops a stop request that came too late.
    pub fn clear_interrupt(&mut self) {
        self.target.clear_interrupt();
    }

    /// What is selected.
    pub fn selection(&self) -> Selection {
        self.selection
    }

    /// What happened to each thread at the last stop.
    pub fn stops(&self) -> &BTreeMap<ThreadId, ThreadStop> {
        &self.stops
    }

    /// The watchpoints whose variables went out of scope since the program was last let run.
    pub fn ended_watches(&self) -> &[Breakpoint] {
        &self.ended_watches
    }

    /// How the process ended, if it did.
    pub fn exit_status(&self) -> Option<ExitStatus> {
        match self.ended {
            Some(Ended::Exited(status)) => Some(status),
            _ => None,
        }
    }

    /// Why the program does not run, if it was opened for looking.
    pub fn not_started(&self) -> Option<&str> {
        self.not_started.as_deref()
    }

    /// An error if there is no process: none any more, or none yet.
    pub fn check_started(&self) -> Result<(), EngineError> {
        match &self.not_started {
            Some(reason) => Err(EngineError::NotStarted(reason.clone())),
            None => self.check_alive(),
        }
    }

    /// An error if there is no memory any more: the process ended. That of a program opened for looking can be read.
    pub fn check_alive(&self) -> Result<(), EngineError> {
        match self.ended {
            None => Ok(()),
            Some(Ended::Exited(status)) => Err(EngineError::Exited(self.pid(), status)),
            Some(Ended::Detached) => Err(EngineError::Detached),
        }
    }

    pub(crate) fn has_exited(&mut self, status: ExitStatus) {
        self.ended = Some(Ended::Exited(status));
        self.stops.clear();
        self.step = None;
        self.calls.clear();
        self.breakpoints.clear_steps();
        self.inserted.clear();
        self.watch_slots.clear();
        self.forget_stop_caches();
    }

    /// Lets the process, and those that are debugged with it, run on without the debugger, with nothing of it left
    /// behind.
    pub fn detach(&mut self) -> Result<(), EngineError> {
        let others = self.end_others(Debugger::detach);
        if self.ended.is_none() {
            self.finish_calls()?;
        }
        if self.ended.is_none() {
            self.ended = Some(Ended::Detached);
            self.deliver_kept_signals();
            self.target.detach()?;
        }
        others
    }

    /// Ends the process, and those that are debugged with it.
    pub fn kill(&mut self) -> Result<(), EngineError> {
        let others = self.end_others(Debugger::kill);
        if self.ended.is_none() {
            self.target.kill()?;
            for mut child in self.target.take_followed().into_iter().flatten() {
                child.kill()?;
            }
            self.has_exited(ExitStatus::Killed(Signal(9)));
        }
        others
    }

    /// Signals that the debugger still holds reach their threads before it goes away.
    fn deliver_kept_signals(&mut self) {
        for (thread, signals) in std::mem::take(&mut self.kept_signals) {
            for signal in signals {
                // A thread that is gone needs none.
                let _ = self.target.resume(thread, adit_process::Resume::Run, Some(signal));
            }
        }
    }

    /// From now on reads of the process fail once this flag is set; `None`: they do not any more. For work that changes
    /// nothing, after which [`Debugger::forget_what_was_read`] is to be called if the flag was set.
    pub fn break_off_when(&self, flag: Option<Arc<AtomicBool>>) {
        self.target.break_off_when(flag);
    }

    /// Forgets all that was found by reading the process, as reads may have failed that need not.
    pub fn forget_what_was_read(&self) {
        self.target.forget();
        self.forget_stop_caches();
        if let Some(runtime) = &self.runtime {
            runtime.forget_places();
        }
        self.image.forget_places();
        self.image.libraries.expect_new();
    }

    pub(crate) fn unwinder(&self) -> Unwinder<'_> {
        Unwinder { target: &self.target, image: &self.image }
    }

    pub(crate) fn forget_stop_caches(&self) {
        self.thread_goroutines.borrow_mut().clear();
        if let Some(runtime) = &self.runtime {
            runtime.forget();
        }
    }

    pub(crate) fn begin_instruction(&mut self) {
        self.forget_stops();
        self.traced = None;
        self.ended_watches.clear();
        self.finished_step = None;
        self.forget_stop_caches();
        self.refresh_all_watched();
    }
}
