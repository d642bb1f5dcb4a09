//! Which temporary breakpoints a step needs.

use adit_arch::disasm::{Flow, decode};
use adit_process::Addr;

use super::lines::{Statement, is_outer_or_same};
use super::{FrameIs, Step, StepKind, StepPoint, Who};
use crate::run::StopCause;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// How a step that begins inside inlined calls is seen: the frames at one PC, innermost first.
struct Start<'a> {
    /// The innermost frame.
    frame: &'a Frame,
    /// The functions at its PC, innermost first.
    chain: Vec<&'a str>,
    /// The first frame that is a real call away.
    caller: Option<&'a Frame>,
}

impl Debugger {
    /// Sets the temporary breakpoints. `Some`: the step is already over.
    pub(super) fn plan_step(
        &mut self,
        kind: StepKind,
        who: Who,
        frames: &[Frame],
    ) -> Result<Option<StopCause>, EngineError> {
        let physical = frames.iter().position(|frame| !frame.inlined()).unwrap_or(0);
        let Some(frame) = frames.first() else { return Err(EngineError::NoThreadSelected) };
        let start = Start {
            frame,
            chain: frames[..=physical].iter().map(Frame::function).collect(),
            caller: frames.get(physical + 1).filter(|caller| caller.function() != "runtime.goexit"),
        };
        let pc = start.frame.pc;
        self.step = Some(Step { who, from: Box::new(frames[physical].clone()), returned: None, kind });
        let planned = self.plan(kind, who, &start);
        if planned.is_err() {
            self.cancel_step()?;
            planned?;
        }
        // A call at the very instruction where the thread stands is gone before its breakpoint could be hit.
        if kind == StepKind::Into && self.is_call(pc) {
            return self.step_call_at_pc();
        }
        Ok(None)
    }

    fn plan(&mut self, kind: StepKind, who: Who, start: &Start<'_>) -> Result<(), EngineError> {
        if kind == StepKind::Out {
            return self.plan_out(who, start);
        }
        let frame = FrameIs::At(start.frame.offset);
        let source = start.frame.source.as_ref().ok_or(EngineError::NoSource(start.frame.pc))?;
        let (file, line) = (source.file.clone(), source.line);
        let statements = self.statements(start.frame.lookup)?;
        for statement in &statements {
            let other_line = statement.line != line || statement.file != file;
            if other_line && (kind == StepKind::Into || is_outer_or_same(&statement.chain, &start.chain)) {
                self.add_step_breakpoint(statement.addr, StepPoint::Stop, who, frame);
            }
        }
        if kind == StepKind::Into {
            self.plan_calls(&statements, &file, line, who, frame);
        }
        self.plan_return(who, start);
        self.plan_deferred(who);
        Ok(())
    }

    fn plan_out(&mut self, who: Who, start: &Start<'_>) -> Result<(), EngineError> {
        // Out of an inlined call: to the next statement of the function that it is inlined into.
        if start.chain.len() > 1 {
            let outer: Vec<&str> = start.chain[1..].to_vec();
            for statement in self.statements(start.frame.lookup)? {
                if is_outer_or_same(&statement.chain, &outer) {
                    let frame = FrameIs::At(start.frame.offset);
                    self.add_step_breakpoint(statement.addr, StepPoint::Stop, who, frame);
                }
            }
        } else if start.caller.is_none() {
            return Err(EngineError::NothingToStepOutTo);
        }
        self.plan_return(who, start);
        self.plan_deferred(who);
        Ok(())
    }

    fn plan_return(&mut self, who: Who, start: &Start<'_>) {
        if let Some(caller) = start.caller {
            self.add_step_breakpoint(caller.pc, StepPoint::Return, who, FrameIs::At(caller.offset));
        }
    }

    /// A panic runs the goroutine's latest deferred call instead of the next line.
    fn plan_deferred(&mut self, who: Who) {
        let Some(entry) = self.latest_deferred_function() else { return };
        if let Some(addr) = self.after_prologue(entry) {
            self.add_step_breakpoint(addr, StepPoint::Stop, who, FrameIs::Any);
        }
    }

    /// The calls that belong to the current line.
    fn plan_calls(&mut self, statements: &[Statement], file: &str, line: u32, who: Who, frame: FrameIs) {
        let Some((start, _)) = self.function_range(statements.first().map_or(Addr(0), |s| s.addr)) else {
            return;
        };
        for (from, to) in self.ranges_of_line(start, file, line) {
            let code = self.code(from, to);
            let mut at = 0;
            while at < code.len() {
                let addr = from.offset(at as i64);
                let Some(instruction) = decode(self.arch(), addr.0, &code[at..]) else { break };
                if let Flow::Call(target) = instruction.flow {
                    self.plan_call(addr, target.map(Addr), who, frame);
                }
                at += instruction.len.max(1);
            }
        }
    }

    fn plan_call(&mut self, addr: Addr, target: Option<Addr>, who: Who, frame: FrameIs) {
        match target {
            Some(target) if self.is_go_statement(target) => {
                self.add_step_breakpoint(addr, StepPoint::Go, who, frame);
            }
            Some(target) if !self.steps_into(target) => {}
            _ => self.add_step_breakpoint(addr, StepPoint::Call { wrappers: 0 }, who, frame),
        }
    }

    fn is_call(&self, pc: Addr) -> bool {
        let code = self.code(pc, pc.offset(16));
        decode(self.arch(), pc.0, &code).is_some_and(|instruction| matches!(instruction.flow, Flow::Call(_)))
    }
}
