//! Sending a goroutine into the runtime's debug-call protocol, and calling functions once it is there.

use adit_goruntime::call_protocol::{self, CallProtocol, MAX_FRAME};
use adit_process::{Addr, Memory as _, Registers, ThreadId};

use super::abi::{CallFrame, Convention, Passed, from_registers, to_registers};
use super::{Invocation, Parameter, Passable};
use crate::eval::{EvalError, fail};
use crate::scope::Scope;
use crate::value::{Loader, Value, ValueError};
use crate::{Debugger, EngineError};

/// Room for arguments and results that is asked for at least, in bytes: enough for most calls that may follow.
const ROOM: u64 = 1024;

impl Debugger {
    /// Where the runtime's protocol begins.
    pub(super) fn call_entry(&self) -> Option<Addr> {
        // The older one speaks with another register.
        self.image.runtime_function(call_protocol::ENTRIES[0].0)
    }

    /// Where a call's arguments and results are.
    pub(super) fn call_frame(&self, invocation: &Invocation) -> Result<CallFrame, EvalError> {
        let loader = self.loader();
        let results: Result<Vec<Passable>, _> =
            invocation.results.iter().map(|result| loader.passable(&result.ty)).collect();
        let params: Vec<Passable> = invocation.arguments.iter().map(|(param, _)| param.clone()).collect();
        let convention = match invocation.on_stack {
            true => Some(Convention::on_stack()),
            false => Convention::of(self.arch()),
        };
        let Some(convention) = convention else { return fail("backend does not support function calls") };
        let frame = convention.assign(u64::from(self.arch().pointer_size), &params, &results?);
        if frame.size > MAX_FRAME { fail("call frame too large") } else { Ok(frame) }
    }

    /// Sends the thread into the runtime's `debugCallV2`, as if the code where it stands had called it, and asks for room
    /// for calls with frames of `size` bytes. Returns how much room there will be, and the registers before.
    pub(super) fn inject(
        &mut self,
        thread: ThreadId,
        scope: &Scope,
        size: u64,
    ) -> Result<(u64, Registers), EngineError> {
        let refuse = |text: &str| Err(EngineError::Eval(EvalError(text.to_owned())));
        let Some(protocol) = call_protocol::protocol(self.arch().name) else {
            return refuse("backend does not support function calls");
        };
        let Some(entry) = self.call_entry() else {
            return refuse("function calls not supported by this version of Go");
        };
        let saved = self.target.all_registers(thread)?;
        let low = scope.stack.bounds.map_or(0, |(low, _)| low.0);
        if saved.sp().saturating_sub(protocol.stack) < low {
            return refuse("not enough stack space");
        }
        let room = size.max(ROOM);
        self.enter_protocol(thread, &saved, protocol, entry, room)?;
        Ok((room, saved))
    }

    fn enter_protocol(
        &mut self,
        thread: ThreadId,
        saved: &Registers,
        protocol: &CallProtocol,
        entry: Addr,
        frame_size: u64,
    ) -> Result<(), EngineError> {
        let order = self.arch().byte_order;
        let word = usize::from(self.arch().pointer_size);
        let mut registers = saved.clone();
        let sp = match self.arch().lr {
            None => {
                let sp = saved.sp().wrapping_sub(word as u64);
                self.target.write(Addr(sp), &order.bytes(saved.pc(), word))?;
                sp
            }
            Some(lr) => {
                let sp = saved.sp().wrapping_sub(protocol.frame_size_below);
                self.target.write(Addr(sp), &order.bytes(saved.get(lr).unwrap_or(0), word))?;
                registers.set(lr, saved.pc());
                sp
            }
        };
        let below = Addr(sp.wrapping_sub(protocol.frame_size_below));
        self.target.write(below, &order.bytes(frame_size, word))?;
        registers.set_sp(sp);
        registers.set_pc(entry.0);
        self.target.set_registers(thread, &registers)?;
        self.forget_stop_caches();
        Ok(())
    }

    /// Sends the thread, which stands at one of the protocol's traps, into a function. It will come back to `back`.
    pub(super) fn dispatch(
        &mut self,
        thread: ThreadId,
        general: &Registers,
        invocation: &Invocation,
        frame: &CallFrame,
        back: u64,
    ) -> Result<(), EngineError> {
        let arch = self.arch();
        let word = usize::from(arch.pointer_size);
        let mut registers = match frame.passes_floats() {
            true => self.target.all_registers(thread)?,
            false => general.clone(),
        };
        let sp = registers.sp();
        let mut writes = Vec::new();
        for (place, (_, bytes)) in frame.params.iter().zip(&invocation.arguments) {
            match place {
                Passed::Registers(parts) => to_registers(parts, bytes, arch, &mut registers),
                Passed::Stack(offset) => writes.push((Addr(sp.wrapping_add(*offset)), bytes.clone())),
            }
        }
        let closure = call_protocol::protocol(arch.name).and_then(|protocol| arch.by_name(protocol.closure));
        if let (Some(closure), Some(id)) = (invocation.closure, closure) {
            registers.set(id, closure.0);
        }
        registers.set_pc(invocation.entry.0);
        match arch.lr {
            None => {
                let sp = sp.wrapping_sub(word as u64);
                writes.push((Addr(sp), arch.byte_order.bytes(back, word)));
                registers.set_sp(sp);
            }
            Some(lr) => registers.set(lr, back),
        }
        for (addr, bytes) in writes {
            self.target.write(addr, &bytes)?;
        }
        self.target.set_registers(thread, &registers)?;
        Ok(())
    }

    /// What a function has returned, when the thread stands at the trap behind it.
    pub(super) fn results(
        &self,
        invocation: &Invocation,
        frame: &CallFrame,
        registers: &Registers,
    ) -> Vec<(String, Value)> {
        let arch = self.arch();
        let result = |(place, result): (&Passed, &Parameter)| {
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
                None => {
                    let error = ValueError::Other("the result could not be read".to_owned());
                    Loader::missing(result.ty.clone(), error)
                }
            };
            (result.name.clone(), value)
        };
        frame.results.iter().zip(&invocation.results).map(result).collect()
    }

    /// A call of one of the runtime's functions, whose arguments are these integers (value and size in bytes), and which
    /// returns a word if `returns`.
    pub(crate) fn runtime_call(
        &self,
        name: &'static str,
        arguments: &[(u64, u64)],
        returns: bool,
    ) -> Result<Invocation, EvalError> {
        let Some(entry) = self.image.runtime_function(name) else {
            return fail(format!("the program does not have {name}, which is needed for this"));
        };
        let order = self.arch().byte_order;
        let argument =
            |&(value, size): &(u64, u64)| (Passable::integer(size), order.bytes(value, size as usize));
        let result = || Parameter { name: String::new(), ty: self.loader().word_type() };
        Ok(Invocation {
            entry,
            closure: None,
            arguments: arguments.iter().map(argument).collect(),
            results: returns.then(result).into_iter().collect(),
            on_stack: false,
        })
    }

    /// `mallocgc(size, type, true)`: memory for values of the type with this descriptor, 0 for a type without pointers.
    pub(crate) fn allocation(&self, size: u64, descriptor: Addr) -> Result<Invocation, EvalError> {
        let word = u64::from(self.arch().pointer_size);
        self.runtime_call("runtime.mallocgc", &[(size, word), (descriptor.0, word), (1, 1)], true)
    }
}
