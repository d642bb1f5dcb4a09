//! A stopped process whose memory seems to be damaged: what is read of it is changed on the way.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use adit_process::{
    Addr, Arch, Interrupter, Mapping, Memory, MemoryError, Pid, Process, ProcessError, Registers, Resume,
    Signal, StopEvent, ThreadId,
};

/// Words that programs stumble over.
const EXTREMES: [u64; 16] = [
    0,
    1,
    7,
    8,
    0xff,
    0x1000,
    0x7fff_ffff,
    0xffff_ffff,
    1 << 32,
    1 << 40,
    1 << 47,
    1 << 60,
    i64::MAX as u64,
    1 << 63,
    !7,
    u64::MAX,
];

/// One word in so many is changed.
const RATES: [u64; 4] = [8, 50, 300, 2000];

/// One page in so many cannot be read, where pages are taken away at all.
const LOST_PAGES: u64 = 24;

const PAGE: u64 = 4096;

/// What happens to the memory: the same for the same seed, however often and in whatever pieces it is read.
#[derive(Default)]
pub(crate) struct Damage {
    /// 0: nothing happens.
    seed: Cell<u64>,
    /// Data, stacks, heap, constants: all but code.
    ranges: RefCell<Vec<(u64, u64)>>,
    /// Words that stand in them somewhere.
    words: RefCell<Vec<u64>>,
    /// Bytes that were read.
    pub(crate) read: Cell<u64>,
}

/// SplitMix64: a well-spread number for each number.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Damage {
    /// Other damage from now on.
    pub(crate) fn set(&self, seed: u64) {
        self.seed.set(seed);
    }

    /// What can be damaged in a process.
    fn explore(&self, process: &dyn Process) {
        let mappings = process.mappings().unwrap();
        let data = mappings.iter().filter(|mapping| !mapping.executable && !mapping.path.starts_with("[v"));
        self.ranges.borrow_mut().extend(data.map(|mapping| (mapping.start.0, mapping.end.0)));
        for (start, end) in self.ranges.borrow().iter() {
            for i in 0..64 {
                let at = start + mix(start ^ i) % (end - start) / 8 * 8;
                let mut word = [0; 8];
                if process.read(Addr(at), &mut word).is_ok() {
                    self.words.borrow_mut().push(u64::from_le_bytes(word));
                }
            }
        }
    }

    fn is_lost(&self, addr: u64, len: usize) -> bool {
        let seed = self.seed.get();
        let last = addr.saturating_add(len as u64).saturating_sub(1);
        seed % 3 == 1
            && (addr / PAGE..=last / PAGE)
                .any(|page| self.is_data(page * PAGE) && mix(seed ^ mix(page)).is_multiple_of(LOST_PAGES))
    }

    fn is_data(&self, addr: u64) -> bool {
        self.ranges.borrow().iter().any(|(start, end)| (*start..*end).contains(&addr))
    }

    /// What is kept of the word at `at`, and what is flipped then.
    fn change(&self, at: u64, chance: u64) -> (u64, u64) {
        let pick = mix(chance);
        let somewhere = || {
            let ranges = self.ranges.borrow();
            let (start, end) = ranges[(pick % ranges.len() as u64) as usize];
            start + mix(pick) % (end - start) / 8 * 8
        };
        match chance % 9 {
            0 => (u64::MAX, 1 << (pick % 64)),
            1 => (u64::MAX, pick & 0xff),
            2 => (u64::MAX << 32, pick & 0xffff_ffff),
            3 | 4 => (0, EXTREMES[(pick % EXTREMES.len() as u64) as usize]),
            5 => (0, somewhere()),
            6 => (0, at.wrapping_add_signed((pick % 33) as i64 * 8 - 128)),
            7 => (0, pick),
            _ => {
                let words = self.words.borrow();
                (0, words[(pick % words.len() as u64) as usize])
            }
        }
    }

    fn apply(&self, addr: u64, buf: &mut [u8]) {
        let seed = self.seed.get();
        self.read.set(self.read.get() + buf.len() as u64);
        if seed == 0 || buf.is_empty() {
            return;
        }
        let rate = RATES[(seed % RATES.len() as u64) as usize];
        let last = addr.saturating_add(buf.len() as u64 - 1);
        let mut word = addr / 8 * 8;
        while word <= last {
            let chance = mix(seed ^ mix(word));
            if chance.is_multiple_of(rate) && self.is_data(word) {
                let (kept, flipped) = self.change(word, chance / rate);
                for i in 0..8 {
                    let at = (word + i).wrapping_sub(addr);
                    if let Some(byte) = usize::try_from(at).ok().and_then(|at| buf.get_mut(at)) {
                        *byte = *byte & kept.to_le_bytes()[i as usize] ^ flipped.to_le_bytes()[i as usize];
                    }
                }
            }
            let Some(next) = word.checked_add(8) else { break };
            word = next;
        }
    }
}

/// A process with damage, of which there may be several handles, one after the other.
#[derive(Clone)]
pub(crate) struct Damaged {
    process: Rc<RefCell<Box<dyn Process>>>,
    pub(crate) damage: Rc<Damage>,
}

impl Damaged {
    /// A process that is not damaged yet.
    pub(crate) fn new(process: Box<dyn Process>) -> Damaged {
        Damaged { process: Rc::new(RefCell::new(process)), damage: Rc::default() }
    }

    /// Looks at what there is to be damaged, now that the program has run.
    pub(crate) fn explore(&self) {
        self.damage.explore(&**self.process.borrow());
    }
}

impl Memory for Damaged {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        if self.damage.is_lost(addr.0, buf.len()) {
            let cause = "input/output error".to_owned();
            return Err(MemoryError { addr, len: buf.len(), writing: false, cause });
        }
        self.process.borrow().read(addr, buf)?;
        self.damage.apply(addr.0, buf);
        Ok(())
    }

    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError> {
        self.process.borrow_mut().write(addr, bytes)
    }
}

impl Process for Damaged {
    fn arch(&self) -> &'static Arch {
        self.process.borrow().arch()
    }

    fn pid(&self) -> Pid {
        self.process.borrow().pid()
    }

    fn threads(&self) -> Vec<ThreadId> {
        self.process.borrow().threads()
    }

    fn registers(&self, thread: ThreadId) -> Result<Registers, ProcessError> {
        self.process.borrow().registers(thread)
    }

    fn all_registers(&self, thread: ThreadId) -> Result<Registers, ProcessError> {
        self.process.borrow().all_registers(thread)
    }

    fn set_registers(&mut self, thread: ThreadId, registers: &Registers) -> Result<(), ProcessError> {
        self.process.borrow_mut().set_registers(thread, registers)
    }

    fn tls_base(&self, thread: ThreadId) -> Result<Addr, ProcessError> {
        self.process.borrow().tls_base(thread)
    }

    fn insert_breakpoint(&mut self, addr: Addr) -> Result<(), ProcessError> {
        self.process.borrow_mut().insert_breakpoint(addr)
    }

    fn remove_breakpoint(&mut self, addr: Addr) -> Result<(), ProcessError> {
        self.process.borrow_mut().remove_breakpoint(addr)
    }

    fn resume(&mut self, thread: ThreadId, how: Resume, signal: Option<Signal>) -> Result<(), ProcessError> {
        self.process.borrow_mut().resume(thread, how, signal)
    }

    fn wait(&mut self) -> Result<StopEvent, ProcessError> {
        self.process.borrow_mut().wait()
    }

    fn wait_thread(&mut self, thread: ThreadId) -> Result<StopEvent, ProcessError> {
        self.process.borrow_mut().wait_thread(thread)
    }

    fn stop_all(&mut self) -> Result<Vec<StopEvent>, ProcessError> {
        self.process.borrow_mut().stop_all()
    }

    fn is_stopped(&self, thread: ThreadId) -> bool {
        self.process.borrow().is_stopped(thread)
    }

    fn clear_interrupt(&mut self) {
        self.process.borrow_mut().clear_interrupt();
    }

    fn interrupter(&self) -> Arc<dyn Interrupter> {
        self.process.borrow().interrupter()
    }

    fn detach(&mut self) -> Result<(), ProcessError> {
        self.process.borrow_mut().detach()
    }

    fn kill(&mut self) -> Result<(), ProcessError> {
        self.process.borrow_mut().kill()
    }

    fn executable(&self) -> PathBuf {
        self.process.borrow().executable()
    }

    fn command_line(&self) -> Vec<String> {
        self.process.borrow().command_line()
    }

    fn auxv(&self) -> Result<Vec<(u64, u64)>, ProcessError> {
        self.process.borrow().auxv()
    }

    fn mappings(&self) -> Result<Vec<Mapping>, ProcessError> {
        self.process.borrow().mappings()
    }

    fn is_fatal(&self, signal: Signal) -> bool {
        self.process.borrow().is_fatal(signal)
    }

    fn fault_address(&self, thread: ThreadId) -> Option<Addr> {
        self.process.borrow().fault_address(thread)
    }
}
