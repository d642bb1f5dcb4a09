//! Steps to a chosen place: into one call of a line that has several, or on to an address.

use adit_arch::disasm::Flow;
use adit_process::Addr;

use super::{FrameIs, Step, StepKind, StepPoint, Who};
use crate::run::StopCause;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// A call of a source line, into which a step can go by [`StepKind::IntoCall`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTarget {
    /// The call instruction; of an inlined call, where its code begins.
    pub addr: Addr,
    /// What is called, past wrappers; `None` if only the call itself tells: through a function value or an interface,
    /// or by a `go` statement.
    pub function: Option<String>,
}

impl Debugger {
    /// The calls of the line at which the selected goroutine is, in the order of the code. Those of the runtime's
    /// internal functions are not among them.
    pub fn step_targets(&self) -> Result<Vec<StepTarget>, EngineError> {
        self.check_started()?;
        let (_, frames) = self.step_start()?;
        let Some(frame) = frames.first() else { return Err(EngineError::NoThreadSelected) };
        let source = frame.source.as_ref().ok_or(EngineError::NoSource(frame.pc))?;
        let (start, _) = self.function_range(frame.lookup).ok_or(EngineError::NoSource(frame.pc))?;
        let mut targets = Vec::new();
        for (from, to) in self.ranges_of_line(start, &source.file, source.line) {
            for (addr, flow) in self.instructions(from, to) {
                match flow {
                    Flow::Call(None) => targets.push(StepTarget { addr, function: None }),
                    Flow::Call(Some(to)) if self.is_go_statement(Addr(to)) => {
                        targets.push(StepTarget { addr, function: None });
                    }
                    Flow::Call(Some(to)) if self.steps_into(Addr(to)) => {
                        let entry = self.wrapped_function(Addr(to)).unwrap_or(Addr(to));
                        let function = self.with_function(entry, |function| function.name().to_owned());
                        targets.push(StepTarget { addr, function });
                    }
                    _ => {}
                }
            }
        }
        self.add_inlined_calls(&frames, &mut targets)?;
        targets.sort_by_key(|target| target.addr);
        Ok(targets)
    }

    /// The calls of the line that were inlined: statements of one more function, which is called from the line.
    fn add_inlined_calls(&self, frames: &[Frame], targets: &mut Vec<StepTarget>) -> Result<(), EngineError> {
        let frame = &frames[0];
        let Some(source) = &frame.source else { return Ok(()) };
        let physical = frames.iter().position(|frame| !frame.inlined()).unwrap_or(0);
        let own: Vec<&str> = frames[..=physical].iter().map(Frame::function).collect();
        let mut before: Option<String> = None;
        for statement in self.statements(frame.lookup)?.iter() {
            let inlined = match statement.chain.split_first() {
                Some((innermost, outer)) if outer == own => {
                    let frames = self.image.source_frames_anywhere(&self.target, statement.addr);
                    let calls = |caller: &adit_symbols::SourceFrame| {
                        caller.line == source.line && caller.file == source.file
                    };
                    frames.get(1).is_some_and(calls).then(|| innermost.clone())
                }
                _ => None,
            };
            if let Some(function) = inlined.clone().filter(|_| inlined != before) {
                targets.push(StepTarget { addr: statement.addr, function: Some(function) });
            }
            before = inlined;
        }
        Ok(())
    }

    /// Sets the temporary breakpoint for the chosen call.
    pub(super) fn plan_chosen(&mut self, chosen: Addr, who: Who, frame: FrameIs) {
        let code = self.instructions(chosen, chosen.offset(16));
        match code.first() {
            Some((_, Flow::Call(target))) => self.plan_call(chosen, target.map(Addr), who, frame),
            // An inlined call begins with its first statement.
            _ => self.add_step_breakpoint(chosen, StepPoint::Stop, who, frame),
        }
    }

    /// Runs until the selected goroutine reaches one of these addresses, or returns from the function in which it is.
    pub fn step_to(&mut self, addrs: &[Addr]) -> Result<StopCause, EngineError> {
        self.check_started()?;
        if self.step.is_some() {
            return Err(EngineError::NextWhileNexting);
        }
        let (who, frames) = self.step_start()?;
        let start = self.start_of(StepKind::Next, &frames).ok_or(EngineError::NoThreadSelected)?;
        let returning = start.way_out.deferred_by.clone();
        let from = Box::new(start.around.clone());
        self.step = Some(Step { who, from, returned: None, returning });
        for addr in addrs {
            self.add_step_breakpoint(*addr, StepPoint::Stop, who, FrameIs::Any);
        }
        self.plan_return(who, &start);
        self.run()
    }
}
