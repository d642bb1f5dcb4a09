//! Loops over functions (`for x := range f`, since go1.23). The body of such a loop is a function of its own, which the
//! iterator calls: `f-range1`, and in it `f-range1-range1` (`closureName` in `cmd/compile/internal/ir/func.go`). To the
//! user it is a part of the function around it, and a step over lines goes from one to the other.

use std::rc::Rc;

use adit_process::{Addr, Memory, ThreadId};

use crate::scope::Scope;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// The part of a body's name behind that of the function around it, before its number.
const MARK: &str = "-range";
/// At most so many bodies of one function are known.
const MOST_BODIES: usize = 64;
/// So many frames are searched for the function around a body.
const MOST_FRAMES: usize = 512;
/// Frames larger than this are not searched for the closures that were made in them.
const LARGEST_FRAME: u64 = 1 << 16;

/// The function whose loop has `function` as its body.
fn function_around(function: &str) -> Option<&str> {
    let (around, number) = function.rsplit_once(MARK)?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !around.is_empty()).then_some(around)
}

/// Is this the name of such a body?
pub(crate) fn is_body(function: &str) -> bool {
    function_around(function).is_some()
}

/// The function that is no body, around `function` or that function itself.
pub(crate) fn outermost(mut function: &str) -> &str {
    while let Some(around) = function_around(function) {
        function = around;
    }
    function
}

impl Debugger {
    /// The entries of the bodies of all loops over functions in `function`.
    pub(crate) fn bodies_of(&self, function: &str) -> Rc<[Addr]> {
        if let Some(known) = self.range_bodies.borrow().get(function) {
            return known.clone();
        }
        let mut found = Vec::new();
        self.collect_bodies(function, &mut found);
        let found: Rc<[Addr]> = found.into();
        self.range_bodies.borrow_mut().insert(function.to_owned(), found.clone());
        found
    }

    fn collect_bodies(&self, function: &str, found: &mut Vec<Addr>) {
        let Ok(table) = self.image.binary.pclntab() else { return };
        for number in 1..=MOST_BODIES {
            let name = format!("{function}{MARK}{number}");
            let Some(body) = table.by_name(&name) else { break };
            if found.len() >= MOST_BODIES {
                break;
            }
            found.push(self.image.to_target(body.entry()));
            self.collect_bodies(&name, found);
        }
    }

    /// The frame of the function around the loops in whose bodies the innermost of `frames` is; that one itself if it is
    /// in none.
    pub(crate) fn frame_around(&self, frames: &[Frame]) -> Option<usize> {
        let mut at = frames.iter().position(|frame| !frame.inlined())?;
        while is_body(frames[at].function()) {
            at = self.maker(frames, at)?;
        }
        Some(at)
    }

    /// Is the body in which `thread` is one of a loop in the frame at this offset?
    pub(crate) fn is_in_body_of(&self, thread: ThreadId, offset: i64) -> Result<bool, EngineError> {
        let frames = self.stack_of_thread(thread, MOST_FRAMES)?;
        Ok(self.frame_around(&frames).is_some_and(|at| frames[at].offset == offset))
    }

    /// The whole stack of the selection, as far as bodies and what is around them may be apart.
    pub(crate) fn deep_stack(&self) -> Result<Vec<Frame>, EngineError> {
        self.stack_of_selection(MOST_FRAMES)
    }

    /// The scopes around this one if its code is such a body: those of the bodies that it is nested in, innermost first,
    /// and last that of the function itself. Empty if that is not on the stack any more.
    pub(crate) fn range_scopes(&self, scope: &Scope) -> Vec<Scope> {
        let own = &scope.frame;
        if !is_body(own.function()) {
            return Vec::new();
        }
        let goroutine = scope.goroutine;
        let Ok(frames) = self.stack(goroutine.unwrap_or(-1), MOST_FRAMES) else { return Vec::new() };
        let is_own =
            |frame: &Frame| frame.cfa == own.cfa && frame.pc == own.pc && frame.function() == own.function();
        let Some(mut at) = frames.iter().position(is_own) else { return Vec::new() };
        let mut scopes = Vec::new();
        while is_body(frames[at].function()) {
            let Some(around) = self.maker(&frames, at) else { return Vec::new() };
            at = around;
            scopes.push(self.scope_of_frame(&frames, at, goroutine));
        }
        scopes
    }

    /// The frame that made the closure that frame `at`, a body's, is a call of: the function around it, or the body of
    /// an outer loop of that. Where loops are nested by recursion, it is not always the nearest.
    fn maker(&self, frames: &[Frame], at: usize) -> Option<usize> {
        let function = outermost(frames[at].function());
        let candidates = || (at + 1..frames.len()).filter(|i| outermost(frames[*i].function()) == function);
        let nearest = candidates().find(|i| !is_body(frames[*i].function()))?;
        if candidates().count() == 1 {
            return Some(nearest);
        }
        let Some(closure) = self.closure_pointer(&self.scope_of_frame(frames, at, None)) else {
            return Some(nearest);
        };
        if let Some(holder) = candidates()
            .find(|i| extent(frames, *i).is_some_and(|(low, high)| low <= closure && closure < high))
        {
            return Some(holder);
        }
        // It is on the heap. Its maker still has it, or the state of the loop, which is the first that it captures (the
        // body checks it before all else) and which the maker looks at when the loop is over.
        let state = self.target.read_pointer(closure.offset(i64::from(self.arch().pointer_size))).ok();
        let has = |i: &usize| {
            self.holds(frames, *i, closure) || state.is_some_and(|state| self.holds(frames, *i, state))
        };
        // Frames further out were there before it was made, so they cannot have it.
        candidates().filter(has).last().or(Some(nearest))
    }

    /// Is this pointer in the memory of a frame?
    fn holds(&self, frames: &[Frame], at: usize, wanted: Addr) -> bool {
        let Some((low, high)) = extent(frames, at) else { return false };
        let mut memory = vec![0; (high.0 - low.0) as usize];
        let (size, order) = (usize::from(self.arch().pointer_size).max(1), self.arch().byte_order);
        self.target.read(low, &mut memory).is_ok()
            && memory.chunks_exact(size).any(|word| order.uint(word) == wanted.0)
    }
}

/// The memory of a frame: from its stack pointer to its CFA.
fn extent(frames: &[Frame], at: usize) -> Option<(Addr, Addr)> {
    let frame = &frames[at];
    let low = Addr(frame.registers.sp());
    (low < frame.cfa && frame.cfa.0 - low.0 <= LARGEST_FRAME).then_some((low, frame.cfa))
}

#[cfg(test)]
mod tests {
    use super::{function_around, outermost};

    #[test]
    fn names_tell_what_is_around_a_body() {
        assert_eq!(function_around("main.f-range1"), Some("main.f"));
        assert_eq!(function_around("main.f-range1-range12"), Some("main.f-range1"));
        assert_eq!(function_around("main.f-range1.func2"), None);
        assert_eq!(function_around("main.f"), None);
        assert_eq!(function_around("main.f-range"), None);
        assert_eq!(outermost("main.(*T[...]).m-range2-range1"), "main.(*T[...]).m");
        assert_eq!(outermost("main.f.func1-range1"), "main.f.func1");
    }
}
