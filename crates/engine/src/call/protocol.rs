//! The runtime's debug-call protocol, from the debugger's side (`runtime/asm_amd64.s` and `runtime/debugcall.go` of
//! go1.27, debugCallV2).
//!
//! The runtime traps each time it wants something, and says in a register what: the arguments, the reading of results,
//! of a panic's value, or of the reason why no call can be made; at last, the restoring of registers. A debugger may
//! have several functions called, one after the other, before it lets the runtime go on.

use adit_goruntime::call_protocol::{self, CallProtocol, Request};
use adit_process::{Addr, Memory as _, Registers, Resume, StopReason, ThreadId};

use crate::run::Verdict;
use crate::{Debugger, EngineError};

/// Instructions from the last trap to where the call was asked for: it restores the registers, and returns.
const MOST_LAST_STEPS: usize = 64;
/// From the runtime's deferred function to the frame of the protocol, when the function that was called has ended its
/// goroutine.
const MOST_FRAMES_OF_GOEXIT: usize = 1000;
/// Longest reason for a refusal, in bytes.
const LONGEST_REASON: u64 = 4096;

impl Debugger {
    /// Answers a trap of the runtime's in a call; `None` if the trap is something else.
    pub(crate) fn judge_call_trap(&mut self, thread: ThreadId) -> Result<Option<Verdict>, EngineError> {
        let Some(index) = self.call_of_thread(thread) else { return Ok(None) };
        let (Some(protocol), Ok(registers)) =
            (call_protocol::protocol(self.arch().name), self.target.registers(thread))
        else {
            return Ok(None);
        };
        let trap = Addr(registers.pc().wrapping_sub(1));
        let is_runtime = self
            .function_at(trap)
            .is_some_and(|function| function.name().trim_start_matches("runtime.").starts_with("debugCall"));
        let says = self.arch().by_name(protocol.register).and_then(|id| registers.get(id));
        let Some(request) = says.and_then(Request::decode).filter(|_| is_runtime) else { return Ok(None) };
        match request {
            Request::Ready => {
                let callee = self.goroutine_of_thread(thread);
                let call = &mut self.calls[index];
                call.callee = callee;
                if let Some(visit) = &mut call.visit {
                    visit.back = Some(registers.pc());
                }
                self.call_next(thread, index, &registers)?;
            }
            Request::Returned => {
                self.call_returned(thread, index, &registers)?;
                self.call_next(thread, index, &registers)?;
            }
            Request::Panicked => {
                if let Some(after) = self.goexit(thread, &registers) {
                    self.target.set_registers(thread, &after)?;
                    self.give_call_up(
                        index,
                        Err("the function that was called ended its goroutine".to_owned()),
                    );
                    return Ok(Some(Verdict::GoOn(None)));
                }
                let value = self.value_of_panic(index, Addr(registers.sp().wrapping_add(protocol.panic)));
                self.give_call_up(index, Ok(vec![value]));
            }
            Request::Refused => {
                let reason = self.refusal(&registers, protocol);
                self.call_refused(index, reason);
            }
            Request::Restore => return self.leave_protocol(thread, index, &registers).map(Some),
        }
        Ok(Some(Verdict::GoOn(None)))
    }

    /// A function that calls `runtime.Goexit` runs the runtime's deferred function as one that panics does, but the
    /// runtime would not come back to the goroutine that asked for the call: it would wait for ever. Returns the registers
    /// with which it does come back, as if the function had returned.
    fn goexit(&self, thread: ThreadId, registers: &Registers) -> Option<Registers> {
        let frames = self.stack_of_thread(thread, MOST_FRAMES_OF_GOEXIT).ok()?;
        let at = |name: &str| frames.iter().position(|frame| frame.function() == name && !frame.inlined());
        let (exits, guarded) = (at("runtime.Goexit")?, at("runtime.debugCallWrap2")?);
        let caller = frames.get(guarded + 1).filter(|frame| frame.function() == "runtime.debugCallWrap1")?;
        // A function that was called by an earlier call of this goroutine's may have a Goexit of its own further up.
        if exits > guarded {
            return None;
        }
        let mut after = registers.clone();
        after.set_pc(caller.pc.0);
        after.set_sp(caller.registers.sp());
        if let (Some(id), Some(fp)) = (self.arch().fp, caller.registers.fp()) {
            after.set(id, fp);
        }
        Some(after)
    }

    fn refusal(&self, registers: &Registers, protocol: &CallProtocol) -> String {
        let at = Addr(registers.sp().wrapping_add(protocol.refusal));
        let word = u64::from(self.arch().pointer_size);
        let read = || {
            let text = self.target.read_pointer(at).ok()?;
            let len = self.target.read_pointer(at.offset(word.cast_signed())).ok()?.0;
            let mut bytes = vec![0; len.min(LONGEST_REASON) as usize];
            self.target.read(text, &mut bytes).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        read().unwrap_or_else(|| "the runtime refuses the call".to_owned())
    }

    /// The last trap: puts the registers back, and returns to where the call was asked for.
    fn leave_protocol(
        &mut self,
        thread: ThreadId,
        index: usize,
        now: &Registers,
    ) -> Result<Verdict, EngineError> {
        let Some(saved) = self.calls[index].visit.as_ref().map(|visit| visit.saved.clone()) else {
            return Ok(Verdict::GoOn(None));
        };
        let arch = self.arch();
        // What follows the trap loads the registers that may hold pointers again, in case that the stack was moved, and
        // returns. Where the stack has stayed, that would change nothing.
        let stayed = self.stack_stayed(thread, index);
        let mut registers = saved.clone();
        // The goroutine may have come back on another thread.
        let is_of_now = |id| arch.is_thread_bound(id) || !stayed && (id == arch.pc || id == arch.sp);
        for id in now.known().filter(|id| is_of_now(*id)) {
            if let Some(bytes) = now.bytes(id) {
                registers.set_bytes(id, &bytes);
            }
        }
        self.target.set_registers(thread, &registers)?;
        if !stayed {
            self.step_back(thread, &saved)?;
        }
        match self.after_visit(thread, index)? {
            true => Ok(Verdict::Show),
            false => Ok(Verdict::GoOn(None)),
        }
    }

    /// Executes what follows the last trap, one instruction after the other.
    fn step_back(&mut self, thread: ThreadId, saved: &Registers) -> Result<(), EngineError> {
        for _ in 0..MOST_LAST_STEPS {
            if self.target.registers(thread)?.pc() == saved.pc() {
                break;
            }
            self.target.resume(thread, Resume::Step, None)?;
            match self.target.wait_thread(thread)?.reason {
                StopReason::Signal(signal) => self.keep_signal(thread, Some(signal)),
                StopReason::Exited(_) => break,
                _ => {}
            }
        }
        Ok(())
    }
}
