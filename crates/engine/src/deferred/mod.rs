//! Deferred calls that have not run yet: whose frame they belong to ([`Debugger::defers_of_frame`]), and what they will be
//! called with ([`arrival`]).

mod arrival;

use adit_arch::disasm;
use adit_process::{Addr, Registers};

use crate::scope::Scope;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// A deferred call that has not run yet.
#[derive(Clone, Copy, Debug)]
pub struct DeferredCall {
    /// The function that will be called.
    pub function: Addr,
    /// The closure that will be called, which holds the variables that it has captured.
    pub closure: Addr,
    /// An address behind the first instruction of the `defer` statement; `None` if the statement is not known.
    pub pc: Option<Addr>,
    /// The stack pointer of the frame that deferred it.
    pub sp: Addr,
}

/// What the code of a function stores into one place of its frame: the instructions behind such stores, in ascending
/// order.
type Stores = Vec<Addr>;

impl Debugger {
    /// The calls that a goroutine has deferred and that the runtime has on its list, latest first.
    fn listed_calls(&self, goroutine: i64) -> Result<Vec<DeferredCall>, EngineError> {
        let id = if goroutine == -1 { self.selection.goroutine } else { Some(goroutine) };
        let raw = self.raw_goroutine(id.ok_or(EngineError::NoGoroutineSelected)?)?;
        let runtime = self.runtime()?;
        let defers =
            runtime.go.defers(&self.target, &raw).map_err(|error| EngineError::Runtime(error.to_string()))?;
        Ok(defers
            .into_iter()
            .map(|defer| DeferredCall {
                function: defer.code,
                closure: defer.closure,
                pc: Some(defer.pc),
                sp: defer.sp,
            })
            .collect())
    }

    /// The deferred calls of one frame, the next to run first: those that were deferred with a stack pointer inside it, and
    /// those that are open-coded in its function.
    pub fn defers_of_frame(
        &self,
        goroutine: i64,
        frames: &[Frame],
        index: usize,
    ) -> Vec<Result<DeferredCall, String>> {
        let frame = &frames[index];
        // No function that defers is inlined (`cmd/compile/internal/inline/inl.go`, go1.27).
        if frame.inlined() {
            return Vec::new();
        }
        match self.open_coded_calls(frame) {
            Ok(None) => {}
            Ok(Some(calls)) => return calls.into_iter().map(Ok).collect(),
            Err(error) => return vec![Err(error)],
        }
        let below = frames[..index]
            .iter()
            .rev()
            .find(|inner| inner.cfa < frame.cfa)
            .map_or(Addr(0), |inner| inner.cfa);
        match self.listed_calls(goroutine) {
            Ok(all) => {
                all.into_iter().filter(|call| below <= call.sp && call.sp < frame.cfa).map(Ok).collect()
            }
            Err(EngineError::NoGoroutineSelected) => Vec::new(),
            Err(error) => vec![Err(error.to_string())],
        }
    }

    /// The deferred calls of a frame whose function has them open-coded; `None` if it has not. All of a function's are
    /// open-coded, or none (`printpanics` of `runtime/panic.go`, go1.27).
    fn open_coded_calls(&self, frame: &Frame) -> Result<Option<Vec<DeferredCall>>, String> {
        let Some(runtime) = &self.runtime else { return Ok(None) };
        let module = self.module_at(frame.lookup);
        let data = module.function(frame.lookup).and_then(|function| function.open_coded_defers());
        let Some(data) = data else { return Ok(None) };
        let defers = runtime.go.open_coded_defers(data);
        let defers = defers.ok_or("what the function says of its open-coded deferred calls is damaged")?;
        // The function's first store there says that nothing waits yet.
        let bits = frame.cfa.offset(defers.bits);
        let begins = self.stores_into_frame(frame, defers.bits).first().copied();
        if bits.0 < frame.registers.sp() || begins.is_some_and(|begins| frame.pc < begins) {
            return Ok(Some(Vec::new()));
        }
        let waiting = runtime.go.waiting_open_coded(&self.target, &defers, frame.cfa);
        let calls = waiting.map_err(|error| error.to_string())?.into_iter().map(|call| DeferredCall {
            function: call.code,
            closure: call.closure,
            pc: self.stores_into_frame(frame, call.slot).last().copied(),
            sp: Addr(frame.registers.sp()),
        });
        Ok(Some(calls.collect()))
    }

    /// Where the function of a frame stores at this distance from its CFA.
    fn stores_into_frame(&self, frame: &Frame, offset: i64) -> Stores {
        let module = self.module_at(frame.lookup);
        let Some(function) = module.function(frame.lookup) else { return Vec::new() };
        let (start, end) = (module.to_target(function.entry()), module.to_target(function.end()));
        let (arch, code) = (self.arch(), self.code(start, end));
        let pushed = if arch.call_pushes_return { i64::from(arch.pointer_size) } else { 0 };
        let mut stores = Stores::new();
        let mut at = 0;
        while at < code.len() {
            let addr = start.offset(at as i64);
            let Some(instruction) = disasm::decode(arch, addr.0, &code[at..]) else { break };
            let next = (at + instruction.len.max(1)).min(code.len());
            let stored = disasm::stack_store(arch, addr.0, &code[at..next]);
            let delta = || function.sp_delta(module.to_file(addr));
            if stored.is_some_and(|stored| delta().is_some_and(|d| stored.offset - d - pushed == offset)) {
                stores.push(start.offset(next as i64));
            }
            at = next;
        }
        stores
    }

    /// The functions that would be called first if the selected goroutine panicked: the latest on the runtime's list,
    /// and the latest that one of these frames, innermost first, has open-coded.
    pub(crate) fn latest_deferred_functions(&self, frames: &[Frame]) -> Vec<Addr> {
        let mut calls: Vec<DeferredCall> =
            self.listed_calls(-1).unwrap_or_default().into_iter().take(1).collect();
        if !self.built_without_optimization() {
            let open = frames.iter().filter(|frame| !frame.inlined());
            let open = open.filter_map(|frame| self.open_coded_calls(frame).ok().flatten());
            calls.extend(open.filter_map(|calls| calls.first().copied()).next());
        }
        calls.iter().map(|call| call.function).filter(|function| function.0 != 0).collect()
    }

    /// A deferred call as a scope: as it would be if it were made now.
    pub fn deferred_scope(
        &self,
        goroutine: i64,
        frame: usize,
        deferred: usize,
    ) -> Result<Scope, EngineError> {
        let frames = self.stack(goroutine, frame.saturating_add(2))?;
        let id = if goroutine == -1 { self.selection.goroutine.unwrap_or(0) } else { goroutine };
        if frame >= frames.len() {
            return Err(EngineError::NoFrame { frame, goroutine: id });
        }
        let calls = self.defers_of_frame(goroutine, &frames, frame);
        let Some(call) = deferred.checked_sub(1).and_then(|at| calls.get(at)) else {
            return Err(EngineError::Runtime(format!(
                "Frame {frame} only has {} deferred calls",
                calls.len()
            )));
        };
        let call = call.clone().map_err(EngineError::Runtime)?;
        let mut scope = self.scope_of_frame(&frames, frame, Some(id));
        scope.callers.insert(0, scope.frame.clone());
        scope.closure = Some(call.closure).filter(|closure| closure.0 != 0);
        let arrival = scope.closure.and_then(|closure| self.arrival(call.function, closure));
        let pc = arrival.as_ref().map_or(call.function, |arrival| Addr(arrival.registers.pc()));
        scope.frame.pc = pc;
        scope.frame.lookup = pc;
        scope.frame.file_pc = self.image.to_file(pc);
        scope.frame.source = self.image.source_frames_anywhere(&self.target, pc).last().cloned();
        // Without a frame nothing is known but what the closure has captured, where debug information says that.
        scope.frame.cfa = arrival.as_ref().map_or(Addr(0), |arrival| arrival.cfa);
        scope.frame.registers =
            arrival.map_or_else(|| Registers::new(self.arch()), |arrival| arrival.registers);
        scope.thread = None;
        Ok(scope)
    }
}
