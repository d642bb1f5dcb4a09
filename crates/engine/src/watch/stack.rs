//! Watched variables on the stacks of goroutines.
//!
//! Such a variable has a fixed distance from the upper end of its goroutine's stack, which the runtime may move when
//! the stack must grow, and when the garbage collector halves it. It ends with its frame: by returning, by a panic
//! that is recovered in an outer frame, or by `runtime.Goexit`. Hidden breakpoints, kept only as long as such a
//! variable is watched, tell of all of that.

use adit_arch::disasm::{Flow, decode};
use adit_goruntime::functions;
use adit_process::{Addr, Registers, ThreadId};

use crate::breakpoint::BreakpointId;
use crate::scope::Scope;
use crate::{Debugger, EngineError};

/// What a watched variable on a stack is bound to.
#[derive(Clone, Copy, Debug)]
pub struct StackVariable {
    /// The goroutine's id.
    pub goroutine: i64,
    /// Where its `g` is.
    g: Addr,
    /// The upper end of its stack.
    hi: Addr,
    /// The variable's address minus that.
    pub offset: i64,
    /// The CFA of its frame minus that.
    frame: i64,
    /// Where the goroutine goes on when the frame is gone.
    goes_on: Addr,
}

/// What a hidden breakpoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WatchPoint {
    /// The frame of this watchpoint's variable may have returned.
    Return(BreakpointId),
    /// A stack has been moved.
    Moved,
    /// A panic has been recovered from: the goroutine is about to go on in an outer frame.
    Recovered,
    /// A goroutine is about to end.
    Goexit,
}

/// What has become of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// It is where it was.
    InPlace,
    /// Its stack was moved; it is now watched in its new place.
    Moved,
}

impl Debugger {
    /// What a variable at `addr` is bound to; `None` if it is not on the goroutine's stack.
    pub(super) fn stack_variable(
        &self,
        scope: &Scope,
        addr: Addr,
    ) -> Result<Option<StackVariable>, EngineError> {
        let Some((_, hi)) = scope.stack.bounds.filter(|(lo, hi)| (*lo..*hi).contains(&addr)) else {
            return Ok(None);
        };
        let g = scope.goroutine.and_then(|id| Some((id, self.goroutine_addr(id).ok()?)));
        let Some((goroutine, g)) = g else { return Ok(None) };
        let no_frame = || EngineError::Runtime(format!("no frame has a variable at {addr}"));
        let (cfa, goes_on) = self.frame_of_variable(scope, addr).ok_or_else(no_frame)?;
        let below = |place: Addr| place.0.wrapping_sub(hi.0).cast_signed();
        Ok(Some(StackVariable { goroutine, g, hi, offset: below(addr), frame: below(cfa), goes_on }))
    }

    /// The CFA of the frame that has `addr`, counted from the scope's outwards, and its return address. Arguments belong
    /// to the frame that was called with them, though they stand in its caller's.
    fn frame_of_variable(&self, scope: &Scope, addr: Addr) -> Option<(Addr, Addr)> {
        let frames = || std::iter::once(&scope.frame).chain(&scope.callers);
        let table = self.image.binary.pclntab().ok()?;
        let owner = frames().find(|frame| {
            let function = table.find(frame.file_pc);
            let arguments = function.map_or(0, |function| function.args_size().max(0));
            addr < frame.cfa.offset(arguments.into())
        })?;
        let caller = frames().skip_while(|frame| frame.cfa != owner.cfa).find(|frame| frame.cfa != owner.cfa);
        let goes_on = match caller {
            Some(caller) => caller.pc,
            None if self.arch().call_pushes_return => {
                let word = i64::from(self.arch().pointer_size);
                self.target.read_pointer(owner.cfa.offset(-word)).ok()?
            }
            None => return None,
        };
        Some((owner.cfa, goes_on))
    }

    /// Sets the hidden breakpoints that watched variables on stacks need now.
    pub(crate) fn bind_watches_to_stacks(&mut self) {
        self.breakpoints.clear_watch_points();
        let bound: Vec<(Addr, BreakpointId)> = self
            .breakpoints
            .watches()
            .filter_map(|(id, watched)| Some((watched.stack.as_ref()?.goes_on, id)))
            .collect();
        if bound.is_empty() {
            return;
        }
        let mut points: Vec<(Addr, WatchPoint)> =
            bound.into_iter().map(|(addr, id)| (addr, WatchPoint::Return(id))).collect();
        points
            .extend(self.returns_of(functions::COPYSTACK).into_iter().map(|addr| (addr, WatchPoint::Moved)));
        let recovered = self.calls_in(functions::RECOVERY, functions::GOGO_FUNCTION);
        points.extend(recovered.into_iter().map(|addr| (addr, WatchPoint::Recovered)));
        points.extend(self.entry_of(functions::GOEXIT1).map(|addr| (addr, WatchPoint::Goexit)));
        for (addr, point) in points {
            self.breakpoints.add_watch_point(addr, point);
        }
    }

    fn entry_of(&self, name: &str) -> Option<Addr> {
        let function = self.image.binary.pclntab().ok()?.by_name(name)?;
        Some(self.image.to_target(function.entry()))
    }

    /// The return instructions of a function.
    fn returns_of(&self, name: &str) -> Vec<Addr> {
        self.instructions_of(name, |flow| flow == Flow::Return)
    }

    /// The instructions in a function by which it calls or jumps to another one.
    fn calls_in(&self, name: &str, callee: &str) -> Vec<Addr> {
        let leads_there =
            |target| self.function_at(Addr(target)).is_some_and(|function| function.name() == callee);
        self.instructions_of(name, |flow| match flow {
            Flow::Call(Some(target)) | Flow::Jump(Some(target)) => leads_there(target),
            _ => false,
        })
    }

    fn instructions_of(&self, name: &str, wanted: impl Fn(Flow) -> bool) -> Vec<Addr> {
        let Some((start, end)) = self.entry_of(name).and_then(|entry| self.function_range(entry)) else {
            return Vec::new();
        };
        let code = self.code(start, end);
        let (mut found, mut at) = (Vec::new(), 0);
        while at < code.len() {
            let addr = start.offset(at as i64);
            let Some(instruction) = decode(self.arch(), addr.0, &code[at..]) else { break };
            if wanted(instruction.flow) {
                found.push(addr);
            }
            at += instruction.len.max(1);
        }
        found
    }

    /// A thread reached a hidden breakpoint.
    pub(crate) fn reach_watch_point(
        &mut self,
        point: WatchPoint,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<(), EngineError> {
        if point == WatchPoint::Moved {
            for (id, _) in self.watched_stack_variables() {
                self.follow_stack(id);
            }
            return self.sync_breakpoints();
        }
        let Some(current) = self.thread_goroutine(thread) else { return Ok(()) };
        for (id, _) in self.watched_stack_variables() {
            self.follow_stack(id);
            let variable = self.breakpoints.watched(id).and_then(|watched| watched.stack);
            let Some(variable) = variable.filter(|variable| variable.goroutine == current.id) else {
                continue;
            };
            let cfa = variable.hi.offset(variable.frame);
            match point {
                WatchPoint::Return(of) if of == id && !current.on_system_stack => {
                    if registers.sp() >= cfa.0 {
                        self.end_watch(id, thread)?;
                    }
                }
                WatchPoint::Goexit => self.end_watch(id, thread)?,
                WatchPoint::Recovered => self.follow_recovery(id, &variable, cfa),
                WatchPoint::Return(_) | WatchPoint::Moved => {}
            }
        }
        self.sync_breakpoints()
    }

    /// A panic was recovered from. If that skips the variable's frame, it ends where the goroutine goes on.
    fn follow_recovery(&mut self, id: BreakpointId, variable: &StackVariable, cfa: Addr) {
        let Some((pc, sp, _)) = self.stack_context(variable.g, true).sched else { return };
        if sp < cfa {
            return;
        }
        if let Some(stack) = self.breakpoints.watched_mut(id).and_then(|watched| watched.stack.as_mut()) {
            stack.goes_on = pc;
        }
        self.bind_watches_to_stacks();
    }

    fn watched_stack_variables(&self) -> Vec<(BreakpointId, StackVariable)> {
        self.breakpoints.watches().filter_map(|(id, watched)| Some((id, watched.stack?))).collect()
    }

    /// Looks where a variable's stack is now, and watches it there. What the CPU watches is changed by the next
    /// synchronisation.
    pub(super) fn follow_stack(&mut self, id: BreakpointId) -> Whereabouts {
        let variable = self.breakpoints.watched(id).and_then(|watched| watched.stack);
        let Some(variable) = variable else { return Whereabouts::InPlace };
        let bounds = self.stack_context(variable.g, false).bounds;
        let Some((_, hi)) = bounds.filter(|(_, hi)| hi.0 != 0 && *hi != variable.hi) else {
            return Whereabouts::InPlace;
        };
        if let Some(watched) = self.breakpoints.move_watch(id, hi.offset(variable.offset)) {
            watched.stack = Some(StackVariable { hi, ..variable });
        }
        self.refresh_watched_bytes(id);
        Whereabouts::Moved
    }

    /// The variable of a watchpoint is no more: the watchpoint is cleared, and the user is told.
    fn end_watch(&mut self, id: BreakpointId, thread: ThreadId) -> Result<(), EngineError> {
        let ended = self.breakpoints.remove(id)?;
        self.ended_watches.push(ended);
        self.stops.entry(thread).or_default().watch_ended = true;
        self.bind_watches_to_stacks();
        Ok(())
    }
}
