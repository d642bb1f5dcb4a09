//! Deferred calls and panics of a goroutine (`runtime/panic.go`).

use std::collections::HashSet;

use adit_process::{Addr, Memory};

use crate::reader::{Reader, Record};
use crate::{Fact, GoRuntime, Goroutine, RuntimeError};

/// A deferred call that waits. Those which the compiler open-coded in their function are on no list: see
/// [`OpenCodedDefers`](crate::OpenCodedDefers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defer {
    /// Its `runtime._defer`.
    pub addr: Addr,
    /// The closure to call: a `func()`.
    pub closure: Addr,
    /// Entry of the closure's code; zero if there is no closure.
    pub code: Addr,
    /// Stack pointer at the `defer` statement: it belongs to the frame whose CFA is the next above.
    pub sp: Addr,
    /// Return address of the `defer` statement.
    pub pc: Addr,
    /// Was it deferred in the body of a range over a function?
    pub range_func: bool,
}

/// A panic in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panic {
    /// Its `runtime._panic`.
    pub addr: Addr,
    /// Where its argument is: an `any`.
    pub arg: Addr,
    /// Has it been recovered?
    pub recovered: bool,
    /// Is it `runtime.Goexit` at work?
    pub goexit: bool,
}

/// Entries beyond this are not read.
const MAX_DEFERS: usize = 100_000;

impl GoRuntime {
    /// The goroutine's deferred calls, the next to run first. Not among them are one that a panic is just running, which
    /// stays on the runtime's list until it returns (up to go1.21), and the entries by which a panic marks a frame with
    /// open-coded calls there.
    pub fn defers(&self, memory: &dyn Memory, goroutine: &Goroutine) -> Result<Vec<Defer>, RuntimeError> {
        let mut list = Vec::new();
        let mut seen = HashSet::new();
        // Entries to look at, with the entry whose range-over-func list they are on.
        let mut todo: Vec<(Addr, Option<Defer>)> = vec![(goroutine.defers, None)];
        let reader = Reader::new(memory, self.layout.arch);
        while let Some((addr, head)) = todo.pop() {
            if addr.0 == 0 {
                continue;
            }
            if list.len() == MAX_DEFERS || !seen.insert(addr) {
                return Err(RuntimeError::corrupt("the list of deferred calls", addr, "it does not end"));
            }
            let record = reader.record(addr, self.layout.of(Fact::DeferSize)?)?;
            let flag = |fact| self.layout.get(fact).is_some_and(|offset| record.uint(offset, 1) != 0);
            todo.push((record.pointer(self.layout.of(Fact::DeferLink)?), head));
            let mut defer = self.decode_defer(reader, &record)?;
            match (self.range_func_list(reader, &record)?, head) {
                // The entry itself is no call; its list is run before what follows it.
                (Some(first), _) => todo.push((first, Some(defer))),
                (None, Some(head)) => {
                    // The runtime fills these in only when it runs the list (deferconvert).
                    (defer.sp, defer.pc, defer.range_func) = (head.sp, head.pc, true);
                    list.push(defer);
                }
                (None, None) if flag(Fact::DeferOpen) || flag(Fact::DeferStarted) => {}
                (None, None) => list.push(defer),
            }
        }
        Ok(list)
    }

    /// The list of calls deferred in the bodies of ranges over functions, if the entry is one for it (1.23+).
    fn range_func_list(&self, reader: Reader<'_>, record: &Record) -> Result<Option<Addr>, RuntimeError> {
        let (Some(flag), Some(head)) =
            (self.layout.get(Fact::DeferRangeFunc), self.layout.get(Fact::DeferHead))
        else {
            return Ok(None);
        };
        let head = record.pointer(head);
        if record.uint(flag, 1) == 0 || head.0 == 0 {
            return Ok(None);
        }
        reader.pointer(head).map(Some)
    }

    fn decode_defer(&self, reader: Reader<'_>, record: &Record) -> Result<Defer, RuntimeError> {
        let word = |fact| self.layout.of(fact).map(|offset| record.pointer(offset));
        let closure = word(Fact::DeferFn)?;
        Ok(Defer {
            addr: record.addr,
            closure,
            code: if closure.0 == 0 { Addr(0) } else { reader.pointer(closure)? },
            sp: word(Fact::DeferSp)?,
            pc: word(Fact::DeferPc)?,
            range_func: false,
        })
    }

    /// The goroutine's panics, the innermost first. Functions that merely return through their deferred calls are
    /// left out, though the runtime lists them (1.22+).
    pub fn panics(&self, memory: &dyn Memory, goroutine: &Goroutine) -> Result<Vec<Panic>, RuntimeError> {
        let layout = &self.layout;
        let reader = Reader::new(memory, layout.arch);
        let mut list = Vec::new();
        let mut seen = HashSet::new();
        let mut addr = goroutine.panics;
        while addr.0 != 0 {
            if !seen.insert(addr) || seen.len() > MAX_DEFERS {
                return Err(RuntimeError::corrupt("the list of panics", addr, "it does not end"));
            }
            let record = reader.record(addr, layout.of(Fact::PanicSize)?)?;
            let flag = |fact| layout.get(fact).is_some_and(|offset| record.uint(offset, 1) != 0);
            if !flag(Fact::PanicDeferReturn) {
                list.push(Panic {
                    addr,
                    arg: addr.offset(layout.of(Fact::PanicArg)?.cast_signed()),
                    recovered: flag(Fact::PanicRecovered),
                    goexit: flag(Fact::PanicGoexit),
                });
            }
            addr = record.pointer(layout.of(Fact::PanicLink)?);
        }
        Ok(list)
    }
}
