//! Which temporary breakpoints a step needs.

use adit_arch::disasm::{Flow, decode};
use adit_goruntime::functions;
use adit_process::Addr;

use super::lines::is_outer_or_same;
use super::{FrameIs, Step, StepKind, StepPoint, Who, deferred};
use crate::range_body;
use crate::run::StopCause;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// How a step that begins inside inlined calls is seen: the frames at one PC, innermost first.
pub(super) struct Start<'a> {
    /// The innermost frame.
    frame: &'a Frame,
    /// The frame in which the step stays: that of the code at the PC, or the one around the loops over functions in
    /// whose bodies that is.
    pub(super) around: &'a Frame,
    /// The functions at its PC, innermost first, from the one on in which the step stays.
    chain: Vec<&'a str>,
    pub(super) way_out: WayOut<'a>,
    /// All frames that are known, innermost first.
    frames: &'a [Frame],
}

/// Where execution goes on when a function is left.
#[derive(Default)]
pub(super) struct WayOut<'a> {
    /// The first frame that is a real call away and not compiler-made, and what its reaching means: the results of a
    /// function can be shown where it returned to its immediate caller.
    returns_to: Option<(&'a Frame, StepPoint)>,
    /// Of a function that a panic or `runtime.Goexit` calls: the frames of which one is returned to if it recovers.
    recovers_to: Vec<&'a Frame>,
    /// Is it such a function?
    unwinding: bool,
    /// The offsets of frames that run this one as a deferred call while they return, or perhaps will run others.
    pub(super) deferred_by: Vec<i64>,
}

impl<'a> WayOut<'a> {
    /// Where a function returns to, of its `callers`: past wrappers that have no source, and past the runtime's loops
    /// over deferred calls.
    fn of(callers: &'a [Frame], is_wrapper: impl Fn(&Frame) -> bool) -> WayOut<'a> {
        let passed = callers.iter().take_while(|caller| is_wrapper(caller)).count();
        let Some((caller, outer)) = callers[passed..].split_first() else { return WayOut::default() };
        match caller.function() {
            "runtime.goexit" => WayOut::default(),
            functions::DEFERRETURN => WayOut {
                returns_to: outer.first().map(|returning| (returning, StepPoint::Stop)),
                deferred_by: outer.first().map(|returning| returning.offset).into_iter().collect(),
                ..WayOut::default()
            },
            name if deferred::is_unwinder(name) => {
                // A function that recovers returns to its caller; who panicked is not returned to.
                let is_own = |frame: &&Frame| !functions::is_unexported_runtime(frame.function());
                let frames = outer.iter().filter(|frame| !frame.inlined()).filter(is_own);
                WayOut {
                    recovers_to: frames.clone().skip(1).collect(),
                    unwinding: true,
                    deferred_by: frames.map(|frame| frame.offset).collect(),
                    ..WayOut::default()
                }
            }
            _ => {
                let point = if passed == 0 { StepPoint::Return } else { StepPoint::Stop };
                WayOut { returns_to: Some((caller, point)), ..WayOut::default() }
            }
        }
    }
}

impl Start<'_> {
    /// Is code with these functions, innermost first, where a step over lines stops?
    fn stays_in(&self, chain: &[String]) -> bool {
        if is_outer_or_same(chain, &self.chain) {
            return true;
        }
        // The body of a loop over a function that was inlined, like that function, into the one around it.
        let [innermost, .., _] = chain else { return false };
        let outer = &chain[chain.len().saturating_sub(self.chain.len())..];
        range_body::is_body(innermost)
            && self.chain.first() == Some(&range_body::outermost(innermost))
            && is_outer_or_same(outer, &self.chain)
    }
}

impl Debugger {
    /// Sets the temporary breakpoints. `Some`: the step is already over.
    pub(super) fn plan_step(
        &mut self,
        kind: StepKind,
        who: Who,
        frames: &[Frame],
    ) -> Result<Option<StopCause>, EngineError> {
        let Some(start) = self.start_of(kind, frames) else { return Err(EngineError::NoThreadSelected) };
        let pc = start.frame.pc;
        let own = (kind == StepKind::Into).then_some(start.frame.offset);
        let from = Box::new(start.around.clone());
        let returning = own.into_iter().chain(start.way_out.deferred_by.iter().copied()).collect();
        self.step = Some(Step { who, from, returned: None, returning });
        let planned = self.plan(kind, who, &start);
        if planned.is_err() {
            self.cancel_step();
            planned?;
        }
        // A call at the very instruction where the thread stands is gone before its breakpoint could be hit.
        if (kind == StepKind::Into || kind == StepKind::IntoCall(pc)) && self.is_call(pc) {
            return self.step_call_at_pc();
        }
        Ok(None)
    }

    /// How a step that begins in these frames, innermost first, is seen.
    pub(super) fn start_of<'a>(&self, kind: StepKind, frames: &'a [Frame]) -> Option<Start<'a>> {
        let physical = frames.iter().position(|frame| !frame.inlined()).unwrap_or(0);
        let frame = frames.first()?;
        let names = frames[..=physical].iter().map(Frame::function);
        let innermost = range_body::outermost(frame.function());
        let inner = names.clone().position(|name| name == innermost).unwrap_or(0);
        // A step into calls goes back to the iterator; one over lines takes body and function for one.
        let around = match kind {
            StepKind::Into => physical,
            _ => self.frame_around(frames).unwrap_or(physical),
        };
        let mut way_out = WayOut::of(&frames[around + 1..], |frame| self.is_passed_on_return(frame));
        // At the program's entry point the number of arguments stands where others have a return address.
        way_out.returns_to = way_out.returns_to.filter(|(caller, _)| self.is_readable(caller.pc));
        Some(Start { frame, around: &frames[around], chain: names.skip(inner).collect(), way_out, frames })
    }

    fn plan(&mut self, kind: StepKind, who: Who, start: &Start<'_>) -> Result<(), EngineError> {
        if kind == StepKind::Out {
            return self.plan_out(who, start);
        }
        let source = start.frame.source.as_ref().ok_or(EngineError::NoSource(start.frame.pc))?;
        // Assembly does to the stack pointer what it likes (`runtime.rt0_go` aligns it): its frames have no name.
        let frame = if source.file.ends_with(".s") { FrameIs::Any } else { FrameIs::At(start.frame.offset) };
        let (file, line) = (source.file.clone(), source.line);
        let in_body = start.around.offset != start.frame.offset;
        let statements = self.statements(start.frame.lookup)?;
        for statement in statements.iter().filter(|_| !in_body) {
            let other_line = statement.line != line || statement.file != file;
            if other_line && (kind == StepKind::Into || start.stays_in(&statement.chain)) {
                self.add_step_breakpoint(statement.addr, StepPoint::Stop, who, frame);
            }
        }
        match kind {
            StepKind::Into => self.plan_calls(start.frame.lookup, &file, line, who, frame),
            _ => self.plan_bodies(start.around, in_body, (&file, line), who)?,
        }
        if let StepKind::IntoCall(call) = kind {
            self.plan_chosen(call, who, frame);
        }
        self.plan_return(who, start);
        self.plan_deferred(who, start);
        Ok(())
    }

    /// A step over lines goes through the bodies of loops over functions as through other lines.
    fn plan_bodies(
        &mut self,
        around: &Frame,
        in_body: bool,
        (file, line): (&str, u32),
        who: Who,
    ) -> Result<(), EngineError> {
        let entries = self.bodies_of(around.function());
        let bodies = entries.iter().map(|entry| (*entry, FrameIs::BodyOf(around.offset)));
        let own = in_body.then_some((around.lookup, FrameIs::At(around.offset)));
        for (code, frame) in bodies.chain(own) {
            for statement in self.statements(code)?.iter() {
                let other_line = statement.line != line || statement.file != file;
                let [innermost] = &statement.chain[..] else { continue };
                if other_line && range_body::outermost(innermost) == around.function() {
                    self.add_step_breakpoint(statement.addr, StepPoint::Stop, who, frame);
                }
            }
        }
        Ok(())
    }

    fn plan_out(&mut self, who: Who, start: &Start<'_>) -> Result<(), EngineError> {
        // Out of an inlined call: to the next statement of the function that it is inlined into.
        if start.chain.len() > 1 {
            let outer: Vec<&str> = start.chain[1..].to_vec();
            for statement in self.statements(start.frame.lookup)?.iter() {
                if is_outer_or_same(&statement.chain, &outer) {
                    let frame = FrameIs::At(start.frame.offset);
                    self.add_step_breakpoint(statement.addr, StepPoint::Stop, who, frame);
                }
            }
        } else if start.way_out.returns_to.is_none() && !start.way_out.unwinding {
            return Err(EngineError::NothingToStepOutTo);
        }
        self.plan_return(who, start);
        self.plan_deferred(who, start);
        Ok(())
    }

    pub(super) fn plan_return(&mut self, who: Who, start: &Start<'_>) {
        if let Some((caller, point)) = start.way_out.returns_to {
            if self.is_coroutine_machinery(caller.lookup) {
                self.follow_end_of_coroutine(who);
                return;
            }
            self.add_step_breakpoint(caller.pc, point, who, FrameIs::At(caller.offset));
        }
        for frame in &start.way_out.recovers_to {
            self.add_step_breakpoint(frame.pc, StepPoint::Stop, who, FrameIs::At(frame.offset));
        }
    }

    /// A panic runs the goroutine's latest deferred call instead of the next line.
    fn plan_deferred(&mut self, who: Who, start: &Start<'_>) {
        for entry in self.latest_deferred_functions(start.frames) {
            let entry = self.wrapped_function(entry).unwrap_or(entry);
            if let Some(addr) = self.after_prologue(entry) {
                self.add_step_breakpoint(addr, StepPoint::Deferred, who, FrameIs::Any);
            }
        }
    }

    /// The calls that belong to the current line of the function around `pc`, and the jumps by which it ends in another
    /// function: assembly has such.
    fn plan_calls(&mut self, pc: Addr, file: &str, line: u32, who: Who, frame: FrameIs) {
        let Some((start, end)) = self.function_range(pc) else { return };
        for (from, to) in self.ranges_of_line(start, file, line) {
            for (addr, flow) in self.instructions(from, to) {
                match flow {
                    Flow::Call(target) => self.plan_call(addr, target.map(Addr), who, frame),
                    Flow::Jump(Some(target)) if !(start.0..end.0).contains(&target) => {
                        self.plan_call(addr, Some(Addr(target)), who, frame);
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn plan_call(&mut self, addr: Addr, target: Option<Addr>, who: Who, frame: FrameIs) {
        match target {
            Some(target) if self.is_go_statement(target) => {
                self.add_step_breakpoint(addr, StepPoint::Go, who, frame);
            }
            Some(target) if !self.steps_into(target) => {}
            _ => self.add_step_breakpoint(addr, StepPoint::Call { wrappers: 0 }, who, frame),
        }
    }

    fn is_readable(&self, pc: Addr) -> bool {
        !self.code(pc, pc.offset(1)).is_empty()
    }

    fn is_call(&self, pc: Addr) -> bool {
        let code = self.code(pc, pc.offset(16));
        decode(self.arch(), pc.0, &code)
            .is_some_and(|instruction| matches!(instruction.flow, Flow::Call(_) | Flow::Jump(_)))
    }
}
