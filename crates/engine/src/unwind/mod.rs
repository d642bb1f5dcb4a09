//! Walking a stack.
//!
//! Go code is unwound by pclntab's stack-pointer deltas, which every binary has, however it was stripped; C code by
//! its frame tables, or its frame pointers where there are none. On the way the walk crosses from a thread's system
//! stack to the goroutine's, from a signal handler to the code it interrupted, and between C and Go.

mod cursor;
mod frame_table;
mod switch;

use std::ops::ControlFlow;

use adit_goruntime::Release;
use adit_process::{Addr, Memory, Registers};
use adit_symbols::{FileAddr, Function, SourceFrame};

pub use cursor::Cursor;

use crate::image::Image;
use crate::target::Target;

/// No stack is deeper than this: Go's limit is 1 GB of stack, and the smallest frame with a call has 16 bytes, but a
/// walk this long is a loop in a corrupt stack or of no use to anyone.
const MOST_FRAMES: usize = 10_000_000;

/// What the walk must know of the goroutine whose stack it is.
#[derive(Clone, Copy, Debug)]
pub struct StackContext {
    /// Bounds of the goroutine's stack: the lowest address, and the one above the highest.
    pub bounds: Option<(Addr, Addr)>,
    /// Where the goroutine goes on when it is scheduled again (`g.sched`: pc, sp, bp).
    pub sched: Option<(Addr, Addr, Addr)>,
    /// Does the walk begin on the thread's system stack or signal stack, above the goroutine's own?
    pub on_system_stack: bool,
    /// `g.m.g0.sched.sp`: where the system stack goes on below a callback from C.
    pub g0_sched_sp: Option<Addr>,
    /// The program's Go release.
    pub release: Release,
}

impl Default for StackContext {
    fn default() -> StackContext {
        StackContext {
            bounds: None,
            sched: None,
            on_system_stack: false,
            g0_sched_sp: None,
            release: Release::NEWEST,
        }
    }
}

impl StackContext {
    /// Is this stack pointer within the goroutine's stack?
    fn is_on_goroutine_stack(&self, sp: u64) -> bool {
        self.bounds.is_some_and(|(lo, hi)| lo.0 <= sp && sp <= hi.0)
    }
}

/// One frame of a stack. Calls that were inlined are frames of their own, with the CFA of the function that contains
/// them.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The address at which execution goes on in this frame.
    pub pc: Addr,
    /// The address by which this frame's function, line and variables are found: within the call instruction,
    /// except in the topmost frame and below a fault.
    pub lookup: Addr,
    /// The same address as the executable's file states it.
    pub file_pc: FileAddr,
    /// The canonical frame address: the stack pointer before the call that made this frame.
    pub cfa: Addr,
    /// The registers as they are in this frame, as far as they can be recovered.
    pub registers: Registers,
    /// Function, file and line; `None` if nothing is known of the address.
    pub source: Option<SourceFrame>,
    /// Is it on a thread's system or signal stack, above the goroutine's own?
    pub on_system_stack: bool,
    /// Is it the outermost frame?
    pub bottom: bool,
    /// Why the stack cannot be followed beyond this frame.
    pub error: Option<String>,
    /// CFA minus the upper end of the goroutine's stack, in bytes: it names the frame even when the stack is moved.
    pub offset: i64,
    /// Frame pointer minus the upper end of the goroutine's stack, in bytes.
    pub frame_pointer_offset: i64,
}

impl Frame {
    /// The function's full name; empty if unknown.
    pub fn function(&self) -> &str {
        self.source.as_ref().map_or("", |source| &source.function)
    }

    /// Is this a call that was inlined into the next frame?
    pub fn inlined(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.inlined)
    }
}

/// A frame as the CPU knows it, before inlined calls are told apart.
pub struct PhysicalFrame<'a> {
    /// The registers that Go's code preserves.
    pub cursor: &'a Cursor,
    /// See [`Frame::lookup`].
    pub lookup: Addr,
    /// The Go function, if pclntab knows it.
    pub function: Option<Function<'a>>,
    /// See [`Frame::cfa`]; `None` where it could not be computed.
    pub cfa: Option<Addr>,
    /// See [`Frame::on_system_stack`].
    pub on_system_stack: bool,
    /// See [`Frame::bottom`].
    pub bottom: bool,
    /// See [`Frame::error`].
    pub error: Option<String>,
}

/// Walks stacks of one process.
#[derive(Clone, Copy)]
pub struct Unwinder<'a> {
    /// The process.
    pub target: &'a Target,
    /// Its executable.
    pub image: &'a Image,
}

impl<'a> Unwinder<'a> {
    /// Up to `most` frames, innermost first.
    pub fn frames(&self, start: Cursor, context: &StackContext, most: usize) -> Vec<Frame> {
        let mut frames = Vec::new();
        let top = context.bounds.map_or(0, |(_, hi)| hi.0);
        self.walk(start, context, &mut |physical| {
            self.expand(physical, top, &mut frames);
            if frames.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        frames.truncate(most);
        frames
    }

    /// Adds the frames that `physical` stands for: the calls inlined at its PC, then the function itself.
    fn expand(&self, physical: &PhysicalFrame<'_>, top: u64, frames: &mut Vec<Frame>) {
        let sources = self.image.source_frames_anywhere(self.target, physical.lookup);
        let registers = physical.cursor.registers();
        let cfa = physical.cfa.unwrap_or_default();
        let frame = |source: Option<SourceFrame>, last: bool| Frame {
            pc: physical.cursor.pc,
            lookup: physical.lookup,
            file_pc: self.image.to_file(physical.lookup),
            cfa,
            registers: registers.clone(),
            source,
            on_system_stack: physical.on_system_stack,
            bottom: physical.bottom && last,
            error: physical.error.clone().filter(|_| last),
            offset: cfa.0.wrapping_sub(top).cast_signed(),
            frame_pointer_offset: physical.cursor.fp.unwrap_or_default().wrapping_sub(top).cast_signed(),
        };
        if sources.is_empty() {
            frames.push(frame(None, true));
        }
        let count = sources.len();
        for (i, source) in sources.iter().enumerate() {
            frames.push(frame(Some(source.clone()), i + 1 == count));
        }
    }

    /// Visits the physical frames, innermost first, until the bottom, an error, or `visit` breaks off.
    pub fn walk(
        &self,
        start: Cursor,
        context: &StackContext,
        visit: &mut dyn FnMut(&PhysicalFrame<'_>) -> ControlFlow<()>,
    ) {
        let mut state = switch::State::new(start, context);
        for _ in 0..MOST_FRAMES {
            let lookup = state.lookup();
            let function = self.function(lookup);
            let step = self.step(&mut state, lookup, function);
            let (bottom, error) = match &step.next {
                Ok(next) => (next.is_none(), None),
                Err(error) => (false, Some(error.clone())),
            };
            let physical = PhysicalFrame {
                cursor: &state.cursor,
                lookup,
                function,
                cfa: step.cfa,
                on_system_stack: step.on_system_stack,
                bottom,
                error,
            };
            if visit(&physical).is_break() {
                return;
            }
            match step.next {
                Ok(Some(next)) => state.advance(next),
                _ => return,
            }
        }
    }

    /// The canonical frame address of the innermost frame at `cursor`, without walking further.
    pub fn cfa(&self, cursor: &Cursor) -> Option<Addr> {
        let state = switch::State::new(cursor.clone(), &StackContext::default());
        self.caller(&state, cursor.pc, self.function(cursor.pc)).ok().map(|(cfa, _)| cfa)
    }

    fn function(&self, pc: Addr) -> Option<Function<'a>> {
        self.image.binary.pclntab().ok()?.find(self.image.to_file(pc))
    }

    /// The CFA of the frame at the cursor, and the cursor of its caller.
    fn caller(
        &self,
        state: &switch::State,
        lookup: Addr,
        function: Option<Function<'_>>,
    ) -> Result<(Addr, Cursor), String> {
        match function {
            Some(function) => self.go_caller(state, lookup, function),
            None => self.foreign_caller(state, lookup),
        }
    }

    fn go_caller(
        &self,
        state: &switch::State,
        lookup: Addr,
        function: Function<'_>,
    ) -> Result<(Addr, Cursor), String> {
        let cursor = &state.cursor;
        let arch = self.target.arch();
        let word = i64::from(arch.pointer_size);
        let pc = self.image.to_file(lookup);
        let delta = function
            .sp_delta(pc)
            .ok_or_else(|| format!("no frame size for {} at {lookup}", function.name()))?;
        let sp = Addr(cursor.sp);
        if arch.call_pushes_return {
            let cfa = sp.offset(delta + word);
            let mut slots = [0; 16];
            // The frame pointer is saved just below the return address by every function that has a frame.
            let has_frame = delta >= word;
            let slots = &mut slots[..if has_frame { 2 * word as usize } else { word as usize }];
            self.target.read(cfa.offset(-(slots.len() as i64)), slots).map_err(|error| error.to_string())?;
            let (saved_fp, return_address) = slots.split_at(slots.len() - word as usize);
            // Amid a prologue or epilogue the register still, or again, is the caller's. Assembly may use it otherwise.
            let is_set_up =
                !state.exact || function.flags().asm || cursor.fp == Some(cfa.offset(-2 * word).0);
            let fp = if has_frame && is_set_up { Some(arch.byte_order.uint(saved_fp)) } else { cursor.fp };
            return Ok((cfa, Cursor::caller(arch, arch.byte_order.uint(return_address), cfa.0, fp)));
        }
        self.link_register_caller(cursor, delta, function, pc == function.entry())
    }

    /// On CPUs with a link register the return address is stored at the frame's lowest word, once there is a frame
    /// (`cmd/internal/obj/arm64/obj7.go`, go1.24); before, and in leaf functions, it is still in the register.
    fn link_register_caller(
        &self,
        cursor: &Cursor,
        delta: i64,
        function: Function<'_>,
        at_entry: bool,
    ) -> Result<(Addr, Cursor), String> {
        let arch = self.target.arch();
        let cfa = Addr(cursor.sp).offset(delta);
        if delta == 0 || at_entry {
            let link = cursor.link().ok_or_else(|| format!("no return address for {}", function.name()))?;
            return Ok((cfa, Cursor::caller(arch, link, cfa.0, cursor.fp)));
        }
        let link = self.target.read_pointer(Addr(cursor.sp)).map_err(|error| error.to_string())?;
        let fp = self.target.read_pointer(Addr(cursor.sp).offset(-i64::from(arch.pointer_size))).ok();
        Ok((cfa, Cursor::caller(arch, link.0, cfa.0, fp.map(|fp| fp.0))))
    }

    /// Code that pclntab does not know: by its frame table, else by the frame pointer.
    fn foreign_caller(&self, state: &switch::State, lookup: Addr) -> Result<(Addr, Cursor), String> {
        let cursor = &state.cursor;
        if let Some(found) = self.caller_by_frame_table(cursor, lookup) {
            return Ok(found);
        }
        // C code that keeps no frame pointers still has that of the Go code that called it, which has another stack.
        let is_usable = |fp: &u64| *fp >= cursor.sp || state.is_on_goroutine_stack(*fp);
        let fp = cursor.fp.filter(is_usable).ok_or_else(|| format!("no frame information at {lookup}"))?;
        self.caller_by_frame_pointer(fp)
    }

    /// The CFA and the caller of a frame whose frame pointer is known.
    fn caller_by_frame_pointer(&self, fp: u64) -> Result<(Addr, Cursor), String> {
        let arch = self.target.arch();
        let word = i64::from(arch.pointer_size);
        let saved = self.target.read_pointer(Addr(fp)).map_err(|error| error.to_string())?;
        let link = self.target.read_pointer(Addr(fp).offset(word)).map_err(|error| error.to_string())?;
        let cfa = Addr(fp).offset(2 * word);
        Ok((cfa, Cursor::caller(arch, link.0, cfa.0, Some(saved.0))))
    }
}
