//! How deep below the function at which a trace begins a call is.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use adit_process::ThreadId;

use super::TraceSite;
use crate::Debugger;
use crate::unwind::Cursor;

/// Frames that are searched for the root. A recursion deeper than this is not followed.
const MOST_FRAMES: usize = 1000;

/// The functions at which a trace that follows calls begins.
pub(crate) enum Roots {
    /// The one with this name.
    One(String),
    /// Those that a regular expression matches.
    Several(HashSet<String>),
}

impl Roots {
    fn has(&self, name: &str) -> bool {
        match self {
            Roots::One(root) => root == name,
            Roots::Several(roots) => roots.contains(name),
        }
    }
}

impl Debugger {
    /// Which frame the traced function's is, counted from the outermost frame of the root function, which is 1. `None`:
    /// the root did not lead here. The root is a function's name, or a regular expression of several.
    pub fn trace_depth(&self, thread: ThreadId, site: &TraceSite, root: &str) -> Option<usize> {
        let roots = self.roots(root);
        let registers = self.target.registers(thread).ok()?;
        let context = self.stack_context_of_thread(thread);
        let mut count = 0;
        let mut depth = None;
        self.unwinder().walk(Cursor::top(registers), &context, &mut |physical| {
            let sources = self.image.source_frames_anywhere(&self.target, physical.lookup);
            // Calls inlined into the traced function where it begins are none of its frames.
            let skipped = if count == 0 { site.inlined_below } else { 0 };
            for source in sources.iter().skip(skipped) {
                count += 1;
                if roots.has(&source.function) {
                    depth = Some(count);
                }
            }
            if count < MOST_FRAMES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        depth
    }

    fn roots(&self, root: &str) -> Rc<Roots> {
        if let Some(known) = self.tracing.roots.borrow().get(root) {
            return known.clone();
        }
        let is_function = self.image.binary.pclntab().is_ok_and(|table| table.by_name(root).is_some())
            || !self.inlined_copies(root).is_empty();
        let roots = match self.functions(root) {
            Ok(several) if !is_function => Roots::Several(several.into_iter().collect()),
            _ => Roots::One(root.to_owned()),
        };
        let roots = Rc::new(roots);
        self.tracing.roots.borrow_mut().insert(root.to_owned(), roots.clone());
        roots
    }
}
