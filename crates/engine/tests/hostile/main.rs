//! Whatever is in the memory of the program and whatever the user types: an answer, soon, and no panic.
//!
//! `ADIT_FUZZ_SECONDS` is how long each of these tests goes on with new seeds (without it: a fixed number of them);
//! `ADIT_FUZZ_SEED` is the only seed that is tried.

#![allow(clippy::unwrap_used)]

mod damage;
mod expressions;
mod look;
#[path = "../stacks/program.rs"]
#[allow(dead_code, reason = "shared with the tests of stacks")]
mod program;
mod random;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use adit_engine::Debugger;
use adit_native::{Launch, launch};
use adit_process::ThreadId;
use adit_symbols::Binary;

use damage::Damaged;
use look::{assert_modest, look};
use program::{Built, DEBUG, Go, Session};

/// A program, stopped in `main.ready`.
pub(crate) struct Stopped {
    binary: Arc<Binary>,
    process: Damaged,
    thread: ThreadId,
    _first: Session,
    _built: Built,
}

impl Stopped {
    fn start(go: &Go, flavour: &[&str]) -> Stopped {
        let built = go.build("values", flavour);
        let mut request = Launch::new(&built.path);
        // The same damage for the same seed.
        request.disable_aslr = true;
        request.stdout = Some("/dev/null".into());
        request.stderr = Some("/dev/null".into());
        let binary = Arc::new(Binary::open(&built.path).unwrap());
        let process = Damaged::new(Box::new(launch(&request).unwrap()));
        let mut first = Session(Debugger::new(Box::new(process.clone()), binary.clone()).unwrap());
        first.run_to("main.ready");
        process.explore();
        Stopped { binary, process, thread: first.thread(), _first: first, _built: built }
    }

    /// A debugger that has seen nothing of the program yet. With `late`, what it looks at first is not damaged.
    pub(crate) fn debugger(&self, seed: u64, late: bool) -> Debugger {
        self.process.damage.set(if late { 0 } else { seed });
        let mut debugger = Debugger::new(Box::new(self.process.clone()), self.binary.clone()).unwrap();
        debugger.select_thread(self.thread).unwrap();
        self.process.damage.set(seed);
        debugger.target().forget();
        debugger
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.process.damage.read.get()
    }
}

/// Calls `check` with one seed after the other; the seed is named where that panics.
pub(crate) fn for_each_seed(count: u64, mut check: impl FnMut(u64)) {
    struct Named(u64);
    impl Drop for Named {
        fn drop(&mut self) {
            if std::thread::panicking() {
                println!("ADIT_FUZZ_SEED={}", self.0);
            }
        }
    }
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    if let Some(seed) = number("ADIT_FUZZ_SEED") {
        let _named = Named(seed);
        return check(seed);
    }
    let until = number("ADIT_FUZZ_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    // Those that are always tried, or others every time.
    let first = until.map_or(1, |_| 1000 * SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs());
    for seed in first.. {
        if until.map_or(seed - first >= count, |until| Instant::now() > until) {
            println!("{} seeds", seed - first);
            break;
        }
        let _named = Named(seed);
        check(seed);
    }
}

#[test]
fn damaged_memory_is_looked_at() {
    for go in Go::all() {
        println!("Go 1.{}", go.minor);
        let stopped = Stopped::start(&go, DEBUG);
        for_each_seed(12, |seed| look(&stopped, seed));
    }
    assert_modest();
}

#[test]
fn damaged_memory_of_a_program_without_debug_information_is_looked_at() {
    for go in Go::all() {
        println!("Go 1.{}", go.minor);
        let stopped = Stopped::start(&go, &["-ldflags=-s -w"]);
        for_each_seed(8, |seed| look(&stopped, seed));
    }
    assert_modest();
}
