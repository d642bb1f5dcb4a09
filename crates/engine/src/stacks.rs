//! Stacks of many goroutines at once: most of them stand where others do.
//!
//! A walk over a stack depends on where it starts and on the words of the stack that it reads, and on nothing else. So
//! these are kept of each walk: a goroutine whose stack has the same words in the same places has the same frames, and
//! is not walked. A word that points into the stack counts by its distance from the stack's upper end.

use std::collections::HashMap;

use adit_process::Addr;

use crate::target::Target;
use crate::unwind::{Cursor, Frame};
use crate::{Debugger, EngineError};

/// Goroutines whose stacks are read at once.
const AT_ONCE: usize = 1024;
/// So many different walks are kept of those that start alike; more are made each time.
const MOST_ALIKE: usize = 64;
/// Deeper walks than this are not kept, in words.
const MOST_WORDS: usize = 256;

/// A word of a stack, or a register.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Word {
    /// It points into the stack, so many bytes below the upper end.
    Inside(u64),
    Other(u64),
}

impl Word {
    fn new(value: u64, (lo, hi): (Addr, Addr)) -> Word {
        if (lo.0..=hi.0).contains(&value) { Word::Inside(hi.0 - value) } else { Word::Other(value) }
    }
}

/// A walk that was made: what it read, as the distance below the stack's upper end and the word there, and what was
/// made of its frames.
struct Walk<T> {
    read: Vec<(u64, Word)>,
    made: T,
}

/// Walks by where they start: the address, and the stack and frame pointers.
type Walks<T> = HashMap<(Addr, Word, Option<Word>), Vec<Walk<T>>>;

impl Debugger {
    /// What `make` makes of the innermost frames, about `most`, of each of these goroutines. It is not called again for
    /// a stack that differs from another only in its place in memory and in what lies in the frames.
    pub fn stacks<T: Clone>(
        &self,
        goroutines: &[i64],
        most: usize,
        make: impl Fn(&[Frame]) -> T,
    ) -> Result<Vec<Result<T, EngineError>>, EngineError> {
        self.check_started()?;
        let running = self.running_goroutines();
        let mut walks = Walks::new();
        let mut stacks = Vec::with_capacity(goroutines.len());
        for ids in goroutines.chunks(AT_ONCE) {
            let starts: Vec<_> = ids
                .iter()
                .map(|id| {
                    let thread = running.get(id).copied();
                    let raw = self.listed_goroutine(*id)?;
                    let (start, context) = self.stack_start(&raw, thread);
                    // On a thread there are more registers, and maybe another stack.
                    Ok((start, context, thread.is_none()))
                })
                .collect();
            let readable = starts.iter().filter_map(|start: &Result<_, EngineError>| start.as_ref().ok());
            self.target.prefetch(readable.flat_map(|(cursor, context, _)| {
                let end = context.bounds.map_or(cursor.sp, |(_, hi)| hi.0);
                crate::target::windows(Addr(cursor.sp), Addr(end))
            }));
            stacks.extend(starts.into_iter().map(|start| {
                let (start, context, is_parked) = start?;
                let make = |start| make(&self.unwinder().frames(start, &context, most));
                match context.bounds.filter(|_| is_parked) {
                    Some(bounds) => Ok(self.walk_once(&mut walks, start, bounds, make)),
                    None => Ok(make(start)),
                }
            }));
        }
        Ok(stacks)
    }

    fn walk_once<T: Clone>(
        &self,
        walks: &mut Walks<T>,
        start: Cursor,
        bounds: (Addr, Addr),
        make: impl FnOnce(Cursor) -> T,
    ) -> T {
        let fp = start.fp.map(|fp| Word::new(fp, bounds));
        let known = walks.entry((start.pc, Word::new(start.sp, bounds), fp)).or_default();
        if let Some(walk) = known.iter().find(|walk| walk.is_of(&self.target, bounds)) {
            return walk.made.clone();
        }
        self.target.begin_log();
        let made = make(start);
        let read = words_read(&self.target, &self.target.end_log(), bounds);
        if let Some(read) = read.filter(|_| known.len() < MOST_ALIKE) {
            known.push(Walk { read, made: made.clone() });
        }
        made
    }
}

impl<T> Walk<T> {
    /// Does this stack have the words that the walk has read?
    fn is_of(&self, target: &Target, bounds: (Addr, Addr)) -> bool {
        let size = usize::from(target.arch().pointer_size);
        self.read.iter().all(|(below, word)| {
            let at = Addr(bounds.1.0.wrapping_sub(*below));
            target.read_uint(at, size).is_ok_and(|value| Word::new(value, bounds) == *word)
        })
    }
}

/// The words that were read at these places; `None` if a place is not on the stack, or cannot be read.
fn words_read(target: &Target, log: &[(Addr, usize)], bounds: (Addr, Addr)) -> Option<Vec<(u64, Word)>> {
    let size = usize::from(target.arch().pointer_size);
    let mut words = Vec::new();
    for (addr, len) in log {
        for at in (0..*len).step_by(size) {
            let at = Addr(addr.0.checked_add(at as u64)?);
            if at < bounds.0 || at >= bounds.1 || len % size != 0 || words.len() >= MOST_WORDS {
                return None;
            }
            words.push((bounds.1.0 - at.0, Word::new(target.read_uint(at, size).ok()?, bounds)));
        }
    }
    Some(words)
}
