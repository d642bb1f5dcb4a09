//! All goroutines of a program, as the runtime's scheduler knows them.

use std::collections::HashMap;

use adit_process::{Addr, Memory, ThreadId};

use crate::reader::{Reader, Record};
use crate::{Fact, GoRuntime, RuntimeError};

/// A goroutine's status without the scan bit (`runtime/runtime2.go`, `_Gidle` and following).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status(pub u32);

impl Status {
    /// Just allocated, not yet initialised.
    pub const IDLE: Status = Status(0);
    /// On a run queue.
    pub const RUNNABLE: Status = Status(1);
    /// Executing Go code on a thread.
    pub const RUNNING: Status = Status(2);
    /// In a system call on a thread.
    pub const SYSCALL: Status = Status(3);
    /// Blocked in the runtime.
    pub const WAITING: Status = Status(4);
    /// Unused: exited, or being initialised.
    pub const DEAD: Status = Status(6);
    /// Its stack is being moved.
    pub const COPYSTACK: Status = Status(8);
    /// Stopped itself for a preemption.
    pub const PREEMPTED: Status = Status(9);
    /// Found by the garbage collector to wait forever (1.26 and later).
    pub const LEAKED: Status = Status(10);
    /// Dead, and kept for a thread that C will make call Go (1.26 and later).
    pub const DEAD_EXTRA: Status = Status(11);

    /// Set beside the status while the garbage collector scans the stack (`_Gscan`).
    pub const SCAN_BIT: u32 = 0x1000;

    /// Is there no goroutine in this `g`?
    pub fn is_dead(self) -> bool {
        matches!(self, Status::DEAD | Status::DEAD_EXTRA)
    }

    /// Is a thread bound to it, so that its registers are the thread's?
    pub fn is_on_thread(self) -> bool {
        matches!(self, Status::RUNNING | Status::SYSCALL)
    }
}

/// Registers of a goroutine that does not run (`runtime.gobuf`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sched {
    /// Program counter.
    pub pc: Addr,
    /// Stack pointer.
    pub sp: Addr,
    /// Frame pointer; zero where the port keeps none.
    pub bp: Addr,
    /// Link register; zero where there is none.
    pub lr: Addr,
}

/// A goroutine at the moment of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goroutine {
    /// Its id; zero for g0 and gsignal, which are no goroutines of the program.
    pub id: i64,
    /// Address of its `runtime.g`.
    pub addr: Addr,
    /// Its status.
    pub status: Status,
    /// Is the garbage collector scanning its stack?
    pub scanned: bool,
    /// Number of the reason why it waits; [`crate::wait_reason`] has the text. Valid while it waits.
    pub wait_reason: u8,
    /// When it began to wait, in nanoseconds of the runtime's clock (`runtime.nanotime`); 0: unknown.
    pub wait_since: i64,
    /// Its registers, if no thread runs it.
    pub sched: Sched,
    /// Where it entered the system call in which it is: pc, sp, bp. Zero outside system calls.
    pub syscall: Sched,
    /// Its stack: lowest address, first address above.
    pub stack: (Addr, Addr),
    /// Return address of the `go` statement that made it; zero: made by the runtime's start.
    pub go_pc: Addr,
    /// Entry of its function.
    pub start_pc: Addr,
    /// Id of the goroutine that made it (1.21 and later).
    pub parent_id: Option<i64>,
    /// The `runtime.m` bound to it; zero: none.
    pub m: Addr,
    /// The thread that runs it.
    pub thread: Option<ThreadId>,
    /// Head of its deferred calls; zero: none. See [`GoRuntime::defers`].
    pub defers: Addr,
    /// Head of its panics; zero: none. See [`GoRuntime::panics`].
    pub panics: Addr,
    /// Its profiler labels, to be read by [`GoRuntime::labels`]; zero: none.
    pub labels: Addr,
    /// Address of `[]ancestorInfo`, to be read by [`GoRuntime::ancestors`]; zero: none.
    pub ancestors: Addr,
}

/// A stretch of the list of all goroutines.
#[derive(Clone, Debug, Default)]
pub struct GoroutinePage {
    /// The goroutines, in the order of `runtime.allgs`. Dead ones are left out.
    pub goroutines: Vec<Goroutine>,
    /// Entries that could not be read: their index in `allgs`, and why.
    pub errors: Vec<(u64, RuntimeError)>,
    /// Index in `allgs` from which to read on; `None`: this was the end.
    pub next: Option<u64>,
}

/// Entries of `allgs` beyond this are taken for corruption.
const MAX_GOROUTINES: u64 = 1 << 26;
/// When so many of them cannot be read, the list itself is not what it should be.
const MAX_ERRORS: usize = 1000;
/// Goroutines read at once: bounds the memory that reading takes.
const BATCH: usize = 2048;

impl GoRuntime {
    /// Number of entries in `runtime.allgs`, dead ones included.
    pub fn goroutine_count(&self, memory: &dyn Memory) -> Result<u64, RuntimeError> {
        self.allgs(memory).map(|(_, count)| count)
    }

    /// The array of all goroutines, and its length.
    fn allgs(&self, memory: &dyn Memory) -> Result<(Addr, u64), RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        let word = self.layout.pointer_size();
        let slice = self.globals.allgs.ok_or(RuntimeError::NoSymbol("runtime.allgs"))?;
        let header = reader.record(slice, 3 * word)?;
        // While allgadd appends, the length of the slice is behind or ahead of allglen; both arrays hold this many.
        let count = match self.globals.allglen {
            Some(at) => reader.pointer(at)?.0.min(header.pointer(word).0),
            None => header.pointer(word).0,
        };
        if count > MAX_GOROUTINES {
            return Err(RuntimeError::corrupt("runtime.allgs", slice, format!("its length is {count}")));
        }
        Ok((header.pointer(0), count))
    }

    /// Reads goroutines from index `start` of `allgs` on, until `count` live ones were found.
    pub fn goroutines(
        &self,
        memory: &dyn Memory,
        start: u64,
        count: usize,
    ) -> Result<GoroutinePage, RuntimeError> {
        let (array, total) = self.allgs(memory)?;
        let mut page = GoroutinePage::default();
        let mut index = start;
        let reader = Reader::new(memory, self.layout.arch);
        while index < total && page.goroutines.len() < count && page.errors.len() < MAX_ERRORS {
            let wanted = (count - page.goroutines.len()).min(BATCH) as u64;
            let take = wanted.min(total - index);
            let at = array.offset((index * self.layout.pointer_size()).cast_signed());
            let addrs = reader.pointers(at, take, BATCH as u64)?;
            for (i, goroutine) in self.read_batch(memory, &addrs)?.into_iter().enumerate() {
                match goroutine {
                    Ok(goroutine) if goroutine.status.is_dead() => {}
                    Ok(goroutine) => page.goroutines.push(goroutine),
                    Err(error) => page.errors.push((index + i as u64, error)),
                }
            }
            index += take;
        }
        self.fill_threads(memory, &mut page.goroutines)?;
        if page.errors.len() >= MAX_ERRORS {
            let why = format!("so many of its {total} entries cannot be read that the rest is left out");
            page.errors.push((index, RuntimeError::corrupt("runtime.allgs", array, why)));
            index = total;
        }
        page.next = (index < total).then_some(index);
        Ok(page)
    }

    /// Reads the goroutine whose `runtime.g` is at `addr`, dead or alive.
    pub fn goroutine(&self, memory: &dyn Memory, addr: Addr) -> Result<Goroutine, RuntimeError> {
        let record = Reader::new(memory, self.layout.arch).record(addr, self.layout.of(Fact::GSize)?)?;
        let mut goroutine = self.decode_g(&record)?;
        self.fill_threads(memory, std::slice::from_mut(&mut goroutine))?;
        Ok(goroutine)
    }

    fn read_batch(
        &self,
        memory: &dyn Memory,
        addrs: &[Addr],
    ) -> Result<Vec<Result<Goroutine, RuntimeError>>, RuntimeError> {
        let records = read_records(memory, self.layout.arch, addrs, self.layout.of(Fact::GSize)?);
        Ok(records.into_iter().map(|record| record.and_then(|record| self.decode_g(&record))).collect())
    }

    fn decode_g(&self, g: &Record) -> Result<Goroutine, RuntimeError> {
        let layout = &self.layout;
        let word = |fact| layout.of(fact).map(|offset| g.pointer(offset));
        let optional = |fact| layout.get(fact).map_or(Addr(0), |offset| g.pointer(offset));
        let (sched, stack) = (layout.of(Fact::GSched)?, layout.of(Fact::GStack)?);
        let in_sched = |fact| layout.get(fact).map_or(Addr(0), |offset| g.pointer(sched + offset));
        let status = g.uint(layout.of(Fact::GAtomicStatus)?, 4) as u32;
        Ok(Goroutine {
            id: g.uint(layout.of(Fact::GGoid)?, 8).cast_signed(),
            addr: g.addr,
            status: Status(status & !Status::SCAN_BIT),
            scanned: status & Status::SCAN_BIT != 0,
            wait_reason: g.uint(layout.of(Fact::GWaitReason)?, 1) as u8,
            wait_since: g.uint(layout.of(Fact::GWaitSince)?, 8).cast_signed(),
            sched: Sched {
                pc: in_sched(Fact::GobufPc),
                sp: in_sched(Fact::GobufSp),
                bp: in_sched(Fact::GobufBp),
                lr: in_sched(Fact::GobufLr),
            },
            syscall: Sched {
                pc: word(Fact::GSyscallPc)?,
                sp: word(Fact::GSyscallSp)?,
                bp: optional(Fact::GSyscallBp),
                lr: Addr(0),
            },
            stack: (
                g.pointer(stack + layout.of(Fact::StackLo)?),
                g.pointer(stack + layout.of(Fact::StackHi)?),
            ),
            go_pc: word(Fact::GGoPc)?,
            start_pc: word(Fact::GStartPc)?,
            parent_id: layout.get(Fact::GParentGoid).map(|offset| g.uint(offset, 8).cast_signed()),
            m: word(Fact::GM)?,
            thread: None,
            defers: word(Fact::GDefer)?,
            panics: word(Fact::GPanic)?,
            labels: optional(Fact::GLabels),
            ancestors: optional(Fact::GAncestors),
        })
    }

    /// Fills in the threads of those goroutines that have an m. An m that cannot be read leaves them without.
    fn fill_threads(&self, memory: &dyn Memory, goroutines: &mut [Goroutine]) -> Result<(), RuntimeError> {
        let mut ms: Vec<Addr> = goroutines.iter().map(|g| g.m).filter(|m| m.0 != 0).collect();
        ms.sort_unstable();
        ms.dedup();
        let proc_id = self.layout.of(Fact::MProcId)?;
        let records = read_records(memory, self.layout.arch, &ms, proc_id + 8);
        let thread =
            |record: Record| Some(ThreadId(record.uint(proc_id, 8).cast_signed())).filter(|id| id.0 != 0);
        let threads: HashMap<Addr, Option<ThreadId>> =
            ms.into_iter().zip(records).map(|(m, record)| (m, record.ok().and_then(thread))).collect();
        for goroutine in goroutines {
            goroutine.thread = threads.get(&goroutine.m).copied().flatten();
        }
        Ok(())
    }
}

/// Reads structs of one size in as few system calls as possible, each with its own error.
pub(crate) fn read_records(
    memory: &dyn Memory,
    arch: &'static adit_arch::Arch,
    addrs: &[Addr],
    size: u64,
) -> Vec<Result<Record, RuntimeError>> {
    let mut buffer = vec![0; addrs.len() * size as usize];
    if addrs.is_empty() || size == 0 {
        return Vec::new();
    }
    let mut reads: Vec<_> = addrs.iter().copied().zip(buffer.chunks_exact_mut(size as usize)).collect();
    let done = memory.read_many(&mut reads);
    let record = |(i, addr): (usize, &Addr)| {
        let reader = Reader::new(memory, arch);
        if done.get(i) != Some(&true) {
            // Read again for the error's text.
            return reader.record(*addr, size);
        }
        let bytes = buffer[i * size as usize..][..size as usize].to_vec();
        Ok(Record { addr: *addr, arch, bytes })
    };
    addrs.iter().enumerate().map(record).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use adit_arch::{AMD64, Arch, ByteOrder};
    use adit_process::MemoryError;

    use super::*;
    use crate::{Globals, Layout, Release};

    static MIPS: Arch = Arch { name: "mips", pointer_size: 4, byte_order: ByteOrder::Big, ..AMD64 };
    const BASE: u64 = 0x10000;

    /// One stretch of memory that counts the calls to it.
    struct Stretch {
        bytes: Vec<u8>,
        calls: Cell<usize>,
    }

    impl Stretch {
        fn fill(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
            let (len, cause) = (buf.len(), "bad address".to_owned());
            let start = addr.0.wrapping_sub(BASE) as usize;
            match self.bytes.get(start..start.saturating_add(len)) {
                Some(bytes) => buf.copy_from_slice(bytes),
                None => return Err(MemoryError { addr, len, writing: false, cause }),
            }
            Ok(())
        }

        fn put(&mut self, arch: &Arch, addr: u64, value: u64, size: usize) {
            let start = (addr - BASE) as usize;
            self.bytes[start..start + size].copy_from_slice(&arch.byte_order.bytes(value, size));
        }
    }

    impl Memory for Stretch {
        fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
            self.calls.set(self.calls.get() + 1);
            self.fill(addr, buf)
        }

        fn write(&mut self, _: Addr, _: &[u8]) -> Result<(), MemoryError> {
            unreachable!("nothing writes")
        }

        fn read_many(&self, reads: &mut [(Addr, &mut [u8])]) -> Vec<bool> {
            self.calls.set(self.calls.get() + 1);
            reads.iter_mut().map(|(addr, buf)| self.fill(*addr, buf).is_ok()).collect()
        }
    }

    /// Memory with `count` goroutines, of which number 7 is dead and number 9's address is wild.
    fn program(arch: &'static Arch, count: u64) -> (Stretch, GoRuntime) {
        let layout = Layout::of_release(Release(27), arch);
        let (word, size) = (layout.pointer_size(), layout.of(Fact::GSize).unwrap());
        let (array, gs) = (BASE + 64, BASE + 64 + count * word);
        let mut memory =
            Stretch { bytes: vec![0; (64 + count * (word + size)) as usize], calls: Cell::new(0) };
        for (i, value) in [array, count, count, count].into_iter().enumerate() {
            memory.put(arch, BASE + i as u64 * word, value, word as usize);
        }
        for i in 0..count {
            let g = if i == 9 { 4 } else { gs + i * size };
            memory.put(arch, array + i * word, g, word as usize);
            memory.put(arch, gs + i * size + layout.of(Fact::GGoid).unwrap(), i + 1, 8);
            let status = if i == 7 { 6 } else { 0x1004 };
            memory.put(arch, gs + i * size + layout.of(Fact::GAtomicStatus).unwrap(), status, 4);
            memory.put(arch, gs + i * size + layout.of(Fact::GStartPc).unwrap(), 0x4000 + i, word as usize);
        }
        let allglen = Some(Addr(BASE + 3 * word));
        let globals = Globals { allgs: Some(Addr(BASE)), allglen, ..Globals::default() };
        (memory, GoRuntime { layout, globals })
    }

    #[test]
    fn many_goroutines_take_few_calls() {
        for arch in [&AMD64, &MIPS] {
            let (memory, runtime) = program(arch, 10_000);
            let page = runtime.goroutines(&memory, 0, usize::MAX).unwrap();
            assert!(memory.calls.get() < 24, "{} calls", memory.calls.get());
            assert_eq!((page.goroutines.len(), page.errors.len(), page.next), (9_998, 1, None));
            assert_eq!(page.errors[0].0, 9);
            let last = page.goroutines.last().unwrap();
            assert_eq!((last.id, last.start_pc), (10_000, Addr(0x4000 + 9_999)));
            assert!(last.scanned && last.status == Status::WAITING);
        }
    }

    #[test]
    fn nonsense_lengths_are_refused() {
        let (mut memory, runtime) = program(&AMD64, 10);
        for i in 1..4 {
            memory.put(&AMD64, BASE + 8 * i, u64::MAX / 2, 8);
        }
        assert!(matches!(runtime.goroutines(&memory, 0, 1), Err(RuntimeError::Corrupt { .. })));
        // A length beyond the array: the pointers cannot be read.
        for i in 1..4 {
            memory.put(&AMD64, BASE + 8 * i, 1 << 20, 8);
        }
        assert!(matches!(runtime.goroutines(&memory, 0, usize::MAX), Err(RuntimeError::Memory(_))));
    }
}
