//! Tracepoints that stop nothing: a thread that hits one is looked at while all others run, and runs on.
//!
//! A front end that can take hits at any time gives the debugger a [`Tracer`]. What is known of an address at which
//! hits are reported, a [`TraceSite`], is found out at its first hit; after that a hit costs no more than finding the
//! goroutine and reading what is shown.

mod depth;
mod site;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::SystemTime;

use adit_process::{Addr, Registers, ThreadId};

pub(crate) use self::depth::Roots;
pub use self::site::TraceSite;
use crate::breakpoint::{Breakpoint, BreakpointId};
use crate::scope::Scope;
use crate::{Debugger, EngineError};

/// Is told of hits of tracepoints, each while the thread that made it stands still.
pub trait Tracer {
    /// Are hits of this tracepoint to be told here? If not, they end the run as those of other breakpoints do.
    fn wants(&self, breakpoint: &Breakpoint) -> bool;

    /// The program is about to run; tracepoints may be others than before.
    fn begin(&mut self);

    /// A tracepoint was hit.
    fn hit(&mut self, debugger: &Debugger, hit: &TracedHit<'_>);
}

/// A hit of a tracepoint.
pub struct TracedHit<'a> {
    /// When it was seen.
    pub time: SystemTime,
    /// The tracepoint.
    pub breakpoint: &'a Breakpoint,
    /// The thread, which stands still.
    pub thread: ThreadId,
    /// The frame of the function that is traced.
    pub scope: &'a Scope,
    /// What is known of the address.
    pub site: &'a TraceSite,
    /// See [`Debugger::trace_depth`].
    pub depth: Option<usize>,
}

/// Who is told of hits, and what is known of where they happen.
#[derive(Default)]
pub(crate) struct Tracing {
    tracer: Option<Box<dyn Tracer>>,
    /// A place where calls were inlined may belong to several tracepoints.
    sites: RefCell<HashMap<(Addr, BreakpointId), Rc<TraceSite>>>,
    roots: RefCell<HashMap<String, Rc<Roots>>>,
    /// Where was read at the last hit of each address by each thread: most of it is read at the next one, too.
    habits: HashMap<(Addr, ThreadId), Vec<Addr>>,
}

/// Habits are forgotten when there are so many.
const MOST_HABITS: usize = 1 << 14;

impl Debugger {
    /// Has hits of tracepoints told to `tracer` from now on.
    pub fn set_tracer(&mut self, tracer: Option<Box<dyn Tracer>>) {
        self.tracing.tracer = tracer;
    }

    /// Forgets what may be different in the next run.
    pub(crate) fn begin_tracing(&mut self) {
        self.tracing.sites.get_mut().clear();
        self.tracing.roots.get_mut().clear();
        self.tracing.habits.clear();
        if let Some(tracer) = &mut self.tracing.tracer {
            tracer.begin();
        }
    }

    /// A thread stands at a breakpoint: if it is likely to be a tracepoint's, reads at once what that is likely to want.
    pub(crate) fn begin_hit(&self, pc: Addr, thread: ThreadId) {
        if let Some(before) = self.tracing.habits.get(&(pc, thread)) {
            self.target.begin_recording(before);
        }
    }

    /// Remembers what was read of the hit, if it was `told` of.
    pub(crate) fn end_hit(&mut self, pc: Addr, thread: ThreadId, told: bool) {
        let places = self.target.end_recording();
        if told {
            if self.tracing.habits.len() >= MOST_HABITS {
                self.tracing.habits.clear();
            }
            self.tracing.habits.insert((pc, thread), places);
        }
    }

    /// Tells of the hit of a tracepoint. `false`: it is to be shown as any other breakpoint's.
    pub(crate) fn trace_hit(&mut self, id: BreakpointId, thread: ThreadId, registers: &Registers) -> bool {
        let Some(breakpoint) = self.breakpoints.get(id) else { return false };
        let is_tracepoint = breakpoint.options.tracepoint || breakpoint.options.trace_return;
        let tracer = self.tracing.tracer.take_if(|tracer| is_tracepoint && tracer.wants(breakpoint));
        let Some(mut tracer) = tracer else { return false };
        // Fails if the thread is no more.
        let _ = self.tell(&mut *tracer, id, thread, registers);
        self.tracing.tracer = Some(tracer);
        true
    }

    fn tell(
        &self,
        tracer: &mut dyn Tracer,
        id: BreakpointId,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<(), EngineError> {
        let Some(breakpoint) = self.breakpoints.get(id) else { return Ok(()) };
        let (site, scope) = self.traced_scope_at(breakpoint, thread, registers)?;
        let options = &breakpoint.options;
        let follows = options.follow_calls > 0;
        let depth = if follows { self.trace_depth(thread, &site, &options.root_function) } else { None };
        // Calls are followed from the root on; it was not the root that led here.
        if follows && depth.is_none() {
            return Ok(());
        }
        let time = SystemTime::now();
        tracer.hit(self, &TracedHit { time, breakpoint, thread, scope: &scope, site: &site, depth });
        Ok(())
    }

    /// What is known of the address at which a thread hit a tracepoint, and the frame of the function that is traced.
    pub fn traced_scope(
        &self,
        breakpoint: &Breakpoint,
        thread: ThreadId,
    ) -> Result<(Rc<TraceSite>, Scope), EngineError> {
        self.traced_scope_at(breakpoint, thread, &self.target.registers(thread)?)
    }

    fn traced_scope_at(
        &self,
        breakpoint: &Breakpoint,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<(Rc<TraceSite>, Scope), EngineError> {
        let pc = Addr(registers.pc());
        let key = (pc, breakpoint.id);
        let known = self.tracing.sites.borrow().get(&key).cloned();
        let site = match known {
            Some(site) => site,
            None => {
                let site = Rc::new(self.find_trace_site(breakpoint, pc));
                self.tracing.sites.borrow_mut().insert(key, site.clone());
                site
            }
        };
        let scope = self.scope_at_site(&site, thread, registers)?;
        Ok((site, scope))
    }
}
