//! The process under the debugger, with a page cache in front of its memory.
//!
//! Between two resumes memory does not change, so each page is read once (0.6 µs for eight bytes, about the same for
//! a page). Whatever lets a thread run, or writes, empties the cache.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use adit_process::{Addr, Memory, MemoryError, Process, ProcessError, Resume, Signal, StopEvent, ThreadId};

const PAGE: u64 = 4096;
/// Larger reads go past the cache: they are made once, by someone who loads a value.
const LARGEST_CACHED_READ: usize = 4 * PAGE as usize;
/// 64 MiB of pages; then the cache starts anew.
const MOST_PAGES: usize = 16 * 1024;

/// What is read at each place that is read ahead, in bytes: the runtime's own frames on top of a waiting goroutine's
/// stack are seldom larger.
const WINDOW: usize = 1024;
/// So much of a goroutine's stack is read ahead when all of it is to be walked, in windows.
const MOST_OF_A_STACK: usize = 4;
/// More places are not read ahead at once.
const MOST_WINDOWS: usize = 4096;
/// More places are not remembered of what is done again and again.
const MOST_RECORDED: usize = 12;

/// Where memory that the program does not have is read, of calls that were not made: no CPU has such addresses.
pub(crate) const IMAGINED: Addr = Addr(0xcafe_0000_0000_0000);

type Page = Box<[u8; PAGE as usize]>;

/// A process and the pages of it that were read since it last ran.
pub struct Target {
    process: Box<dyn Process>,
    /// `None`: this page cannot be read as a whole (it is not mapped).
    pages: RefCell<HashMap<u64, Option<Page>>>,
    /// What was read ahead.
    windows: RefCell<Windows>,
    /// Where was read that was not read ahead, while that is recorded.
    missed: RefCell<Option<Vec<Addr>>>,
    /// What was read, while that is wanted.
    log: RefCell<Option<Vec<(Addr, usize)>>>,
    /// Once set, nothing can be read.
    broken_off: RefCell<Option<Arc<AtomicBool>>>,
    /// What is at [`IMAGINED`].
    imagined: RefCell<Vec<u8>>,
}

/// Small stretches of memory, all of one size, that were read at once.
#[derive(Default)]
struct Windows {
    /// Where they start, in ascending order.
    starts: Vec<u64>,
    bytes: Vec<u8>,
    /// Which of them could be read.
    filled: Vec<bool>,
    /// Which of them were of use.
    used: Vec<bool>,
}

/// Where windows start that have what lies between two addresses, or the beginning of it.
pub(crate) fn windows(from: Addr, to: Addr) -> impl Iterator<Item = Addr> {
    (from.0..to.0.max(from.0.saturating_add(1))).step_by(WINDOW).take(MOST_OF_A_STACK).map(Addr)
}

impl Windows {
    /// Fills `buf` if one window has all of it.
    fn read(&mut self, addr: Addr, buf: &mut [u8]) -> bool {
        let Some(index) = self.starts.partition_point(|start| *start <= addr.0).checked_sub(1) else {
            return false;
        };
        let from = (addr.0 - self.starts[index]) as usize;
        let window = self.bytes.get(index * WINDOW..(index + 1) * WINDOW).unwrap_or_default();
        let bytes = from.checked_add(buf.len()).and_then(|end| window.get(from..end));
        let Some(bytes) = bytes.filter(|_| self.filled.get(index) == Some(&true)) else { return false };
        buf.copy_from_slice(bytes);
        self.used[index] = true;
        true
    }
}

impl Target {
    /// Puts a cache in front of `process`.
    pub fn new(process: Box<dyn Process>) -> Target {
        Target {
            process,
            pages: RefCell::default(),
            windows: RefCell::default(),
            missed: RefCell::default(),
            log: RefCell::default(),
            broken_off: RefCell::default(),
            imagined: RefCell::default(),
        }
    }

    /// See [`crate::Debugger::break_off_when`].
    pub(crate) fn break_off_when(&self, flag: Option<Arc<AtomicBool>>) {
        *self.broken_off.borrow_mut() = flag;
    }

    fn is_broken_off(&self) -> bool {
        self.broken_off.borrow().as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Notes what is read from now on, until [`Target::end_log`].
    pub(crate) fn begin_log(&self) {
        *self.log.borrow_mut() = Some(Vec::new());
    }

    /// Where was read since [`Target::begin_log`], and how many bytes.
    pub(crate) fn end_log(&self) -> Vec<(Addr, usize)> {
        self.log.borrow_mut().take().unwrap_or_default()
    }

    /// Lets `thread` run on, or for one instruction.
    pub fn resume(
        &mut self,
        thread: ThreadId,
        how: Resume,
        signal: Option<Signal>,
    ) -> Result<(), ProcessError> {
        self.forget();
        self.imagined.get_mut().clear();
        self.process.resume(thread, how, signal)
    }

    /// Waits for the next event of any thread.
    pub fn wait(&mut self) -> Result<StopEvent, ProcessError> {
        let event = self.process.wait();
        self.forget();
        event
    }

    /// Waits for the next event of one thread.
    pub fn wait_thread(&mut self, thread: ThreadId) -> Result<StopEvent, ProcessError> {
        let event = self.process.wait_thread(thread);
        self.forget();
        event
    }

    /// Stops all threads.
    pub fn stop_all(&mut self) -> Result<Vec<StopEvent>, ProcessError> {
        let events = self.process.stop_all();
        self.forget();
        events
    }

    /// Empties the cache: memory may have changed.
    pub fn forget(&self) {
        self.pages.borrow_mut().clear();
        *self.windows.borrow_mut() = Windows::default();
    }

    /// Puts bytes at [`IMAGINED`], where they are read until others are put there, or the program runs.
    pub(crate) fn imagine(&self, bytes: Vec<u8>) {
        *self.imagined.borrow_mut() = bytes;
    }

    /// Reads what was imagined.
    fn read_imagined(&self, addr: Addr, buf: &mut [u8]) -> bool {
        let imagined = self.imagined.borrow();
        let from = usize::try_from(addr.0 - IMAGINED.0).ok();
        let bytes = from.and_then(|from| imagined.get(from..from.checked_add(buf.len())?));
        bytes.map(|bytes| buf.copy_from_slice(bytes)).is_some()
    }

    /// Reads an unsigned integer of `size` (1 to 8) bytes in the target's byte order.
    pub fn read_uint(&self, addr: Addr, size: usize) -> Result<u64, MemoryError> {
        let mut bytes = [0; 8];
        let bytes = &mut bytes[..size.clamp(1, 8)];
        self.read(addr, bytes)?;
        Ok(self.process.arch().byte_order.uint(bytes))
    }

    /// Reads a pointer.
    pub fn read_pointer(&self, addr: Addr) -> Result<Addr, MemoryError> {
        self.read_uint(addr, usize::from(self.process.arch().pointer_size)).map(Addr)
    }

    /// Reads a little at each of these addresses, in as few system calls as possible, for those who are about to read
    /// in many places. It is kept until the next call, and as long as the cache.
    pub fn prefetch(&self, addrs: impl Iterator<Item = Addr>) {
        let mut starts: Vec<u64> = addrs.map(|addr| addr.0).collect();
        starts.sort_unstable();
        starts.dedup();
        starts.truncate(MOST_WINDOWS);
        let mut bytes = vec![0; starts.len() * WINDOW];
        let windows = starts.iter().map(|start| Addr(*start)).zip(bytes.chunks_exact_mut(WINDOW));
        let filled = self.process.read_many(&mut windows.collect::<Vec<_>>());
        let used = vec![false; starts.len()];
        *self.windows.borrow_mut() = Windows { starts, bytes, filled, used };
    }

    /// Reads at once what was of use when the same was done before, and records what is of use now, for
    /// [`Target::end_recording`].
    pub(crate) fn begin_recording(&self, before: &[Addr]) {
        if !before.is_empty() {
            self.prefetch(before.iter().copied());
        }
        *self.missed.borrow_mut() = Some(Vec::new());
    }

    /// Where was read since [`Target::begin_recording`].
    pub(crate) fn end_recording(&self) -> Vec<Addr> {
        let Some(mut places) = self.missed.borrow_mut().take() else { return Vec::new() };
        let windows = self.windows.borrow();
        let used = windows.starts.iter().zip(&windows.used).filter(|(_, used)| **used);
        places.extend(used.map(|(start, _)| Addr(*start)));
        places.truncate(MOST_RECORDED);
        places
    }

    fn record(&self, addr: Addr) {
        if let Some(missed) = &mut *self.missed.borrow_mut() {
            let start = Addr(addr.0 & !(WINDOW as u64 - 1));
            if missed.len() < MOST_RECORDED && !missed.contains(&start) {
                missed.push(start);
            }
        }
    }

    fn read_within_page(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        let start = addr.0 & !(PAGE - 1);
        let mut pages = self.pages.borrow_mut();
        if pages.len() >= MOST_PAGES {
            pages.clear();
        }
        let page = pages.entry(start).or_insert_with(|| {
            let mut page: Page = Box::new([0; PAGE as usize]);
            self.process.read(Addr(start), &mut page[..]).is_ok().then_some(page)
        });
        match page {
            Some(page) => {
                let from = (addr.0 - start) as usize;
                buf.copy_from_slice(&page[from..from + buf.len()]);
                Ok(())
            }
            // The target may still be able to read a part of it (a core file's partial page).
            None => self.process.read(addr, buf),
        }
    }
}

impl Memory for Target {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        if self.is_broken_off() {
            let cause = "interrupted".to_owned();
            return Err(MemoryError { addr, len: buf.len(), writing: false, cause });
        }
        if let Some(log) = &mut *self.log.borrow_mut() {
            log.push((addr, buf.len()));
        }
        if addr >= IMAGINED && self.read_imagined(addr, buf) {
            return Ok(());
        }
        if buf.len() > LARGEST_CACHED_READ {
            return self.process.read(addr, buf);
        }
        if self.windows.borrow_mut().read(addr, buf) {
            return Ok(());
        }
        self.record(addr);
        let mut done = 0;
        while done < buf.len() {
            let at = Addr(addr.0.wrapping_add(done as u64));
            let left_in_page = (PAGE - at.0 % PAGE) as usize;
            let len = left_in_page.min(buf.len() - done);
            self.read_within_page(at, &mut buf[done..done + len])?;
            done += len;
        }
        Ok(())
    }

    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError> {
        self.forget();
        self.process.write(addr, bytes)
    }

    fn read_many(&self, reads: &mut [(Addr, &mut [u8])]) -> Vec<bool> {
        self.process.read_many(reads)
    }
}

impl Deref for Target {
    type Target = dyn Process;

    fn deref(&self) -> &Self::Target {
        &*self.process
    }
}

impl DerefMut for Target {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.process
    }
}
