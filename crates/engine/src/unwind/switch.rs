//! Where a walk leaves one stack for another.
//!
//! The rules are those of the runtime's own traceback (`runtime/traceback.go`) and assembly
//! (`runtime/asm_amd64.s`), go1.18 to go1.27; see `goruntime` for the functions concerned.

use adit_goruntime::functions::{self, Unwinding};
use adit_process::{Addr, Memory, Registers};
use adit_symbols::Function;

use super::{Cursor, StackContext, Unwinder};

/// What the walk carries besides the registers.
pub(super) struct State {
    pub(super) cursor: Cursor,
    context: StackContext,
    /// Is the PC itself in question, rather than the call before it? So in the innermost frame and below a fault.
    pub(super) exact: bool,
    /// Is this the frame in which the walk began?
    innermost: bool,
    on_system_stack: bool,
}

/// Where the walk goes on.
pub(super) struct Next {
    cursor: Cursor,
    exact: bool,
    on_system_stack: bool,
    g0_sched_sp: Option<Addr>,
}

/// One step of a walk.
pub(super) struct Step {
    pub(super) cfa: Option<Addr>,
    pub(super) on_system_stack: bool,
    /// `Ok(None)`: this is the bottom of the stack.
    pub(super) next: Result<Option<Next>, String>,
}

impl State {
    pub(super) fn new(cursor: Cursor, context: &StackContext) -> State {
        let on_system_stack = match context.bounds {
            // What the thread-local g says is ahead of, or behind, the stack pointer while stacks are switched.
            Some(_) => !context.is_on_goroutine_stack(cursor.sp),
            None => context.on_system_stack,
        };
        State { cursor, context: *context, exact: true, innermost: true, on_system_stack }
    }

    /// The address by which the frame's function is found.
    pub(super) fn lookup(&self) -> Addr {
        if self.exact { self.cursor.pc } else { self.cursor.pc.offset(-1) }
    }

    pub(super) fn is_on_goroutine_stack(&self, sp: u64) -> bool {
        self.context.is_on_goroutine_stack(sp)
    }

    pub(super) fn advance(&mut self, next: Next) {
        self.cursor = next.cursor;
        self.innermost = false;
        self.exact = next.exact;
        self.on_system_stack = next.on_system_stack;
        self.context.g0_sched_sp = next.g0_sched_sp;
    }
}

impl Unwinder<'_> {
    pub(super) fn step(&self, state: &mut State, lookup: Addr, function: Option<Function<'_>>) -> Step {
        let name = function.map_or("", |function| function.name());
        let caller = self.caller(state, lookup, function);
        let cfa = caller.as_ref().ok().map(|(cfa, _)| *cfa);
        let next = match self.switch(state, name, function, cfa) {
            Some(next) => next,
            None if is_bottom(function) => Ok(None),
            None => match caller {
                Ok((cfa, cursor)) => self.plain_caller(state, name, cfa, cursor),
                // C code of a library: what called it is on the goroutine's stack, at a place that is kept.
                Err(error) if function.is_none() && state.on_system_stack => {
                    self.sched_in_systemstack_switch(state).map(Some).ok_or(error)
                }
                Err(error) => Err(error),
            },
        };
        Step { cfa, on_system_stack: state.on_system_stack, next }
    }

    /// The caller on the same stack; `None` if there is none.
    fn plain_caller(
        &self,
        state: &State,
        name: &str,
        cfa: Addr,
        cursor: Cursor,
    ) -> Result<Option<Next>, String> {
        if cursor.pc.0 == 0 {
            return Ok(None);
        }
        let on_system_stack = !(state.context.bounds.is_some()
            && state.context.is_on_goroutine_stack(cursor.sp))
            && state.on_system_stack;
        // A stack grows downwards, and is left for another one only by those functions that do so.
        if on_system_stack == state.on_system_stack && cfa.0 < state.cursor.sp {
            return Err(format!("the stack is corrupt: the caller's frame, at {cfa}, is below its callee's"));
        }
        // These are not called: the signal handler makes the faulting or interrupted instruction "call" them; and the
        // kernel makes the trampoline "call" the handler.
        let exact = matches!(
            name,
            "runtime.sigpanic"
                | "runtime.sigpanic0"
                | "runtime.asyncPreempt"
                | "runtime.sigtramp"
                | "runtime.cgoSigtramp"
        );
        Ok(Some(Next { cursor, exact, on_system_stack, g0_sched_sp: state.context.g0_sched_sp }))
    }

    /// Does the walk leave this stack at function `name`? `None`: no.
    fn switch(
        &self,
        state: &State,
        name: &str,
        function: Option<Function<'_>>,
        cfa: Option<Addr>,
    ) -> Option<Result<Option<Next>, String>> {
        if is_signal_return(name) || function.is_none() && self.is_signal_return_code(state.cursor.pc) {
            return Some(self.interrupted(state).map(Some));
        }
        if name == functions::GOGO && !state.on_system_stack {
            return Some(Ok(self.gogo_destination(state)));
        }
        match functions::unwinding(name)? {
            Unwinding::Bottom => Some(Ok(None)),
            // Before they switch stacks, and after they switched back, these unwind as any function does.
            Unwinding::Systemstack if state.innermost && !self.is_at_base(state) => None,
            Unwinding::Switch | Unwinding::Systemstack if state.on_system_stack => {
                Some(Ok(self.goroutine_sched(state)))
            }
            Unwinding::SwitchIfSystemstack => Some(Ok(self.sched_in_systemstack_switch(state))),
            Unwinding::AsmCgoCall if state.on_system_stack => Some(self.below_asmcgocall(state, function?)),
            Unwinding::CgoCallback if !state.on_system_stack => Some(self.below_cgocallback(state)),
            Unwinding::VdsoCall if state.on_system_stack => self.below_vdso_call(state, cfa?).map(Ok),
            // Signal handlers are left at the trampoline to which they return.
            _ => None,
        }
    }

    /// Is the stack pointer where the goroutine left the system stack, so that the function came from it?
    fn is_at_base(&self, state: &State) -> bool {
        state.on_system_stack && state.context.g0_sched_sp.is_none_or(|base| base.0 == state.cursor.sp)
    }

    /// The end of `gogo`: it has the stack of the goroutine that it is about to jump into.
    fn gogo_destination(&self, state: &State) -> Option<Next> {
        let (pc, _, _) = state.context.sched.filter(|(pc, ..)| pc.0 != 0)?;
        Some(Next {
            cursor: Cursor::caller(self.target.arch(), pc.0, state.cursor.sp, state.cursor.fp),
            exact: true,
            on_system_stack: false,
            g0_sched_sp: state.context.g0_sched_sp,
        })
    }

    /// A function that aligned the stack, or left the goroutine's stack for the system stack, to call the kernel's vdso:
    /// its frame pointer still points to its own frame (`runtime/sys_linux_amd64.s`, nanotime1).
    fn below_vdso_call(&self, state: &State, cfa: Addr) -> Option<Option<Next>> {
        /// SUBQ $24, SP; MOVQ BP, 16(SP); LEAQ 16(SP), BP
        const PROLOGUE: u64 = 14;
        let word = u64::from(self.target.arch().pointer_size);
        let entry = self.image.to_target(self.function(state.lookup())?.entry());
        if state.lookup().0.wrapping_sub(entry.0) < PROLOGUE {
            return None;
        }
        let own = cfa.0.wrapping_sub(2 * word);
        // Room for the results and the alignment; in the epilogue, the register is the caller's as the frame has it.
        let is_aligned = |fp: u64| {
            (own..=own + 3 * word).contains(&fp)
                && self.target.read_pointer(Addr(own)).is_ok_and(|saved| saved.0 != fp)
        };
        let is_own = |fp: &u64| is_aligned(*fp) || state.is_on_goroutine_stack(*fp);
        let fp = state.cursor.fp.filter(is_own)?;
        let (_, cursor) = self.caller_by_frame_pointer(fp).ok()?;
        let on_system_stack = !state.is_on_goroutine_stack(fp);
        let g0_sched_sp = state.context.g0_sched_sp;
        Some(Some(Next { cursor, exact: false, on_system_stack, g0_sched_sp }))
    }

    fn goroutine_sched(&self, state: &State) -> Option<Next> {
        let (pc, sp, bp) = state.context.sched.filter(|(pc, sp, _)| pc.0 != 0 && sp.0 != 0)?;
        Some(Next {
            cursor: Cursor::caller(self.target.arch(), pc.0, sp.0, Some(bp.0)),
            exact: true,
            on_system_stack: false,
            g0_sched_sp: state.context.g0_sched_sp,
        })
    }

    fn sched_in_systemstack_switch(&self, state: &State) -> Option<Next> {
        let (pc, _, _) = state.context.sched?;
        let function = self.function(pc)?;
        if function.name() == functions::SYSTEMSTACK_SWITCH { self.goroutine_sched(state) } else { None }
    }

    /// A C function was called on the system stack; `asmcgocall` keeps how deep the goroutine's stack was. If it was
    /// called on the system stack itself, it keeps the stack pointer there instead.
    fn below_asmcgocall(&self, state: &State, function: Function<'_>) -> Result<Option<Next>, String> {
        let Some((lo, hi)) = state.context.bounds else { return Ok(None) };
        let arch = self.target.arch();
        let word = i64::from(arch.pointer_size);
        let frame = functions::asmcgocall_frame(state.context.release, arch.name)
            .ok_or_else(|| format!("the frame of runtime.asmcgocall on {} is not known", arch.name))?;
        let read = |addr| self.target.read_pointer(addr).map_err(|error| error.to_string());
        let saved = read(Addr(state.cursor.sp).offset(frame.depth.cast_signed()))?;
        let from_goroutine = saved.0 <= hi.0.wrapping_sub(lo.0);
        let sp = if from_goroutine { hi.offset(-saved.0.cast_signed()) } else { saved };
        // The table does not follow it to the other stack: what it says holds for the stack that it left.
        let link_at = match function.sp_delta(self.image.to_file(state.lookup())) {
            Some(delta) if arch.call_pushes_return => sp.offset(delta),
            _ => sp.offset(frame.return_address.cast_signed()),
        };
        let has_frame = arch.call_pushes_return && link_at > sp;
        let fp = if has_frame { read(link_at.offset(-word)).ok() } else { None };
        let link = read(link_at)?;
        let caller_sp = link_at.offset(word);
        // Without a frame of its own, it left the caller's frame pointer to be preserved by the C code.
        let fp = fp.map(|fp| fp.0).or(state.cursor.fp);
        Ok(Some(Next {
            cursor: Cursor::caller(arch, link.0, caller_sp.0, fp),
            exact: false,
            on_system_stack: !from_goroutine,
            g0_sched_sp: state.context.g0_sched_sp,
        }))
    }

    /// Go code that C called back: below it the walk goes on at the system stack, where `cgocallback` left it.
    fn below_cgocallback(&self, state: &State) -> Result<Option<Next>, String> {
        let Some(sp) = state.context.g0_sched_sp else { return Ok(None) };
        let arch = self.target.arch().name;
        let saved = functions::cgocallback_saved_sp(arch)
            .ok_or_else(|| format!("the frame of runtime.cgocallback on {arch} is not known"))?;
        let before =
            self.target.read_pointer(sp.offset(saved.cast_signed())).map_err(|error| error.to_string())?;
        Ok(Some(Next {
            cursor: Cursor::caller(self.target.arch(), state.cursor.pc.0, sp.0, state.cursor.fp),
            exact: state.exact,
            on_system_stack: true,
            g0_sched_sp: Some(before),
        }))
    }

    /// Is this the C library's trampoline to which signal handlers return: `mov $SYS_rt_sigreturn, %rax; syscall`?
    fn is_signal_return_code(&self, pc: Addr) -> bool {
        const CODE: [u8; 9] = [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05];
        let mut code = [0; CODE.len()];
        self.target.arch().name == "amd64" && self.target.read(pc, &mut code).is_ok() && code == CODE
    }

    /// A signal handler returns to this trampoline, with the kernel's `struct ucontext` on top of the stack: the
    /// registers of the interrupted code are in it (`arch/x86/include/uapi/asm/sigcontext.h`).
    fn interrupted(&self, state: &State) -> Result<Next, String> {
        const GREGS: i64 = 40;
        const ORDER: [&str; 18] = [
            "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15", "Rdi", "Rsi", "Rbp", "Rbx", "Rdx", "Rax",
            "Rcx", "Rsp", "Rip", "Rflags",
        ];
        let arch = self.target.arch();
        if arch.name != "amd64" {
            return Err(format!("the frame of a signal handler on {} is not known", arch.name));
        }
        let mut bytes = [0; 8 * ORDER.len()];
        self.target
            .read(Addr(state.cursor.sp).offset(GREGS), &mut bytes)
            .map_err(|error| error.to_string())?;
        let mut registers = Registers::new(arch);
        for (name, value) in ORDER.iter().zip(bytes.chunks_exact(8)) {
            if let Some(id) = arch.by_name(name) {
                registers.set(id, arch.byte_order.uint(value));
            }
        }
        let sp = registers.sp();
        Ok(Next {
            cursor: Cursor::top(registers),
            exact: true,
            on_system_stack: !state.context.is_on_goroutine_stack(sp),
            g0_sched_sp: state.context.g0_sched_sp,
        })
    }
}

/// Does no Go code call this function? `runtime.goexit` is what every goroutine would return to. The signal trampoline
/// is marked likewise, but what it interrupted can be found.
fn is_bottom(function: Option<Function<'_>>) -> bool {
    function.is_some_and(|function| function.flags().top_frame && function.name() != "runtime.sigtramp")
}

/// Is this where a signal handler returns to?
fn is_signal_return(name: &str) -> bool {
    matches!(name, "runtime.sigreturn__sigaction" | "runtime.sigreturn")
}
