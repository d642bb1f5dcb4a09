//! The runtime's debug-call protocol, from the debugger's side (`runtime/asm_amd64.s` and `runtime/debugcall.go` of
//! go1.27, debugCallV2).
//!
//! The runtime traps each time it wants something, and says in a register what: the arguments, the reading of results,
//! of a panic's value, or of the reason why no call can be made; at last, the restoring of registers.

use adit_goruntime::call_protocol::{self, CallProtocol, Request};
use adit_process::{Addr, Memory as _, Registers, Resume, StopReason, ThreadId};

use super::abi::{Passed, from_registers, to_registers};
use super::pending::Outcome;
use crate::run::Verdict;
use crate::value::{Value, Variable};
use crate::{Debugger, EngineError};

/// Instructions from the last trap to where the call was asked for: it restores the registers, and returns.
const MOST_LAST_STEPS: usize = 64;
/// Longest reason for a refusal, in bytes.
const LONGEST_REASON: u64 = 4096;

impl Debugger {
    /// Answers a trap of the runtime's in a call; `None` if the trap is something else.
    pub(crate) fn judge_call_trap(&mut self, thread: ThreadId) -> Result<Option<Verdict>, EngineError> {
        let Some(index) = self.call_of_thread(thread) else { return Ok(None) };
        let (Some(protocol), Ok(registers)) =
            (call_protocol::protocol(self.arch().name), self.target.all_registers(thread))
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
                self.calls[index].callee = self.goroutine_of_thread(thread);
                self.pass_arguments(thread, index, registers, protocol)?;
            }
            Request::Returned => self.read_results(index, &registers),
            Request::Panicked => self.read_panic(index, &registers, protocol),
            Request::Refused => self.read_refusal(index, &registers, protocol),
            Request::Restore => return self.leave_protocol(thread, index, &registers).map(Some),
        }
        Ok(Some(Verdict::GoOn(None)))
    }

    fn pass_arguments(
        &mut self,
        thread: ThreadId,
        index: usize,
        mut registers: Registers,
        protocol: &CallProtocol,
    ) -> Result<(), EngineError> {
        let arch = self.arch();
        let word = usize::from(arch.pointer_size);
        let Some(injection) = &self.calls[index].current else { return Ok(()) };
        let entry = injection.invocation.entry;
        let (sp, trap) = (registers.sp(), registers.pc());
        let mut writes = Vec::new();
        for (place, (_, bytes)) in injection.frame.params.iter().zip(&injection.invocation.arguments) {
            match place {
                Passed::Registers(parts) => to_registers(parts, bytes, arch, &mut registers),
                Passed::Stack(offset) => writes.push((Addr(sp.wrapping_add(*offset)), bytes.clone())),
            }
        }
        if let Some(closure) = injection.invocation.closure
            && let Some(id) = arch.by_name(protocol.closure)
        {
            registers.set(id, closure.0);
        }
        registers.set_pc(entry.0);
        match arch.lr {
            None => {
                let sp = sp.wrapping_sub(word as u64);
                writes.push((Addr(sp), arch.byte_order.bytes(trap, word)));
                registers.set_sp(sp);
            }
            Some(lr) => registers.set(lr, trap),
        }
        for (addr, bytes) in writes {
            self.target.write(addr, &bytes)?;
        }
        self.target.set_registers(thread, &registers)?;
        Ok(())
    }

    fn read_results(&mut self, index: usize, registers: &Registers) {
        let arch = self.arch();
        let Some(injection) = &self.calls[index].current else { return };
        let mut results = Vec::new();
        for (place, result) in injection.frame.results.iter().zip(&injection.invocation.results) {
            let size = result.ty.size;
            let bytes = match place {
                Passed::Registers(parts) => from_registers(parts, size, arch, registers),
                Passed::Stack(offset) => {
                    let mut bytes = vec![0; size as usize];
                    let at = Addr(registers.sp().wrapping_add(*offset));
                    self.target.read(at, &mut bytes).is_ok().then_some(bytes)
                }
            };
            let value = match bytes {
                Some(bytes) => Value::of_bytes(result.ty.clone(), &bytes),
                None => crate::value::Loader::missing(
                    result.ty.clone(),
                    crate::value::ValueError::Other("the result could not be read".to_owned()),
                ),
            };
            results.push((result.name.clone(), value));
        }
        self.end_injection(index, Outcome::Returned(results));
    }

    fn read_panic(&mut self, index: usize, registers: &Registers, protocol: &CallProtocol) {
        let at = Addr(registers.sp().wrapping_add(protocol.panic));
        let config = self.calls[index].config;
        let loader = self.loader();
        let any = self.find_type("interface {}").ok().flatten();
        let value = match any {
            Some(any) => loader.load_named("~panic", &Value::at(any, at), &config),
            None => Variable {
                name: "~panic".to_owned(),
                unreadable: "the type of the panic's value is not known".to_owned(),
                ..Variable::default()
            },
        };
        self.end_injection(index, Outcome::Panicked(Box::new(value)));
    }

    fn read_refusal(&mut self, index: usize, registers: &Registers, protocol: &CallProtocol) {
        let at = Addr(registers.sp().wrapping_add(protocol.refusal));
        let word = u64::from(self.arch().pointer_size);
        let read = || {
            let text = self.target.read_pointer(at).ok()?;
            let len = self.target.read_pointer(at.offset(word.cast_signed())).ok()?.0;
            let mut bytes = vec![0; len.min(LONGEST_REASON) as usize];
            self.target.read(text, &mut bytes).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let reason = read().unwrap_or_else(|| "the runtime refuses the call".to_owned());
        self.end_injection(index, Outcome::Refused(reason));
    }

    /// The last trap: puts the registers back, and returns to where the call was asked for.
    fn leave_protocol(
        &mut self,
        thread: ThreadId,
        index: usize,
        now: &Registers,
    ) -> Result<Verdict, EngineError> {
        let Some(saved) = self.calls[index].current.as_ref().map(|injection| injection.saved.clone()) else {
            return Ok(Verdict::GoOn(None));
        };
        let arch = self.arch();
        let mut registers = now.clone();
        // The goroutine may have come back on another thread.
        for id in saved.known().filter(|id| *id != arch.pc && *id != arch.sp && !arch.is_thread_bound(*id)) {
            if let Some(bytes) = saved.bytes(id) {
                registers.set_bytes(id, &bytes);
            }
        }
        self.target.set_registers(thread, &registers)?;
        // What follows loads those registers that may hold pointers again, from where the garbage collector and the moving
        // of the stack have seen them, and returns.
        for _ in 0..MOST_LAST_STEPS {
            if self.target.registers(thread)?.pc() == saved.pc() {
                break;
            }
            self.target.resume(thread, Resume::Step, None)?;
            match self.target.wait_thread(thread)?.reason {
                StopReason::Signal(signal) => self.keep_signal(thread, Some(signal)),
                StopReason::Exited(_) => return Ok(Verdict::GoOn(None)),
                _ => {}
            }
        }
        match self.finish_injection(thread, index)? {
            Some(result) => {
                self.stops.entry(thread).or_default().call_return = Some(result);
                Ok(Verdict::Show)
            }
            None => Ok(Verdict::GoOn(None)),
        }
    }
}
