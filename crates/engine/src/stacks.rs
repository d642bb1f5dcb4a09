//! Stacks of many goroutines at once: most of them stand where others do.

use std::collections::HashMap;
use std::ops::ControlFlow;

use adit_process::Addr;

use crate::unwind::{Cursor, Frame, StackContext};
use crate::{Debugger, EngineError};

/// Goroutines whose stacks are read at once.
const AT_ONCE: usize = 1024;

/// What the frames of a stack depend on, a physical frame each. Two stacks that agree in all of it differ at most in
/// what lies in the frames.
#[derive(PartialEq, Eq, Hash)]
struct FrameKey {
    pc: Addr,
    lookup: Addr,
    /// From the upper end of the stack.
    cfa: u64,
    frame_pointer: u64,
    bottom: bool,
    error: Option<String>,
}

impl Debugger {
    /// What `make` makes of the innermost frames, about `most`, of each of these goroutines. It is not called again for
    /// a stack that differs from another only in its place in memory and in what it holds.
    pub fn stacks<T: Clone>(
        &self,
        goroutines: &[i64],
        most: usize,
        mut make: impl FnMut(&[Frame]) -> T,
    ) -> Result<Vec<Result<T, EngineError>>, EngineError> {
        self.check_started()?;
        let running = self.running_goroutines();
        let mut made: HashMap<Vec<FrameKey>, T> = HashMap::new();
        let mut stacks = Vec::with_capacity(goroutines.len());
        for ids in goroutines.chunks(AT_ONCE) {
            let addresses: Vec<_> = ids.iter().map(|id| self.known_goroutine_addr(*id)).collect();
            self.target.prefetch(addresses.iter().flatten().copied());
            let starts: Vec<_> = ids
                .iter()
                .zip(addresses)
                .map(|(id, addr)| {
                    let raw = self.goroutine_at(addr?)?;
                    Ok(self.stack_start(&raw, running.get(id).copied()))
                })
                .collect();
            let readable = starts.iter().filter_map(|start: &Result<_, EngineError>| start.as_ref().ok());
            self.target.prefetch(readable.flat_map(|(cursor, context)| {
                let end = context.bounds.map_or(cursor.sp, |(_, hi)| hi.0);
                crate::target::windows(Addr(cursor.sp), Addr(end))
            }));
            for start in starts {
                stacks.push(start.map(|(start, context)| {
                    let key = self.stack_key(start.clone(), &context, most);
                    let make = || make(&self.unwinder().frames(start, &context, most));
                    made.entry(key).or_insert_with(make).clone()
                }));
            }
        }
        Ok(stacks)
    }

    fn known_goroutine_addr(&self, id: i64) -> Result<Addr, EngineError> {
        let known = self.runtime()?.known.borrow().get(&id).copied();
        known.map_or_else(|| self.goroutine_addr(id), Ok)
    }

    pub(crate) fn goroutine_at(&self, addr: Addr) -> Result<adit_goruntime::Goroutine, EngineError> {
        let found = self.runtime()?.go.goroutine(&self.target, addr);
        found.map_err(|error| EngineError::Runtime(error.to_string()))
    }

    fn stack_key(&self, start: Cursor, context: &StackContext, most: usize) -> Vec<FrameKey> {
        let top = context.bounds.map_or(0, |(_, hi)| hi.0);
        let mut key = Vec::with_capacity(8);
        let mut seen = 0;
        self.unwinder().walk(start, context, &mut |physical| {
            key.push(FrameKey {
                pc: physical.cursor.pc,
                lookup: physical.lookup,
                cfa: physical.cfa.unwrap_or_default().0.wrapping_sub(top),
                frame_pointer: physical.cursor.fp.unwrap_or_default().wrapping_sub(top),
                bottom: physical.bottom,
                error: physical.error.clone(),
            });
            seen += self.image.source_frames_anywhere(&self.target, physical.lookup).len().max(1);
            if seen >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        key
    }
}
