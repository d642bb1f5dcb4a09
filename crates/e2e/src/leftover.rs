//! Finding what a session should have taken with it.

use std::fs;
use std::time::{Duration, Instant};

/// A mark in the environment of a session, which every process started from it inherits.
#[derive(Clone, Debug)]
pub struct Marker(String);

/// The variable that carries the mark.
const VARIABLE: &str = "ADIT_E2E_SESSION";

impl Marker {
    /// A mark that no other session has.
    pub fn new() -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        Marker(format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    /// The environment variable to start the session with.
    pub fn variable(&self) -> (&'static str, &str) {
        (VARIABLE, &self.0)
    }

    /// The processes that carry the mark and are alive, by command line. What has ended and was not yet waited
    /// for has no environment any more.
    pub fn processes(&self) -> Vec<(i32, String)> {
        let wanted = format!("{VARIABLE}={}", self.0);
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
                continue;
            };
            let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
            if environment.split(|&byte| byte == 0).any(|variable| variable == wanted.as_bytes()) {
                let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                found.push((pid, String::from_utf8_lossy(&command).replace('\0', " ")));
            }
        }
        found
    }

    /// Waits until no process carries the mark; panics if some still do after the given time.
    pub fn assert_none_left(&self, patience: Duration) {
        let none = wait_until(patience, || self.processes().is_empty());
        assert!(none, "left behind: {:?}", self.processes());
    }
}

impl Default for Marker {
    fn default() -> Self {
        Self::new()
    }
}

/// Asks again and again until the answer is yes, for changes in other processes that nobody announces. Returns
/// whether it came to that in time.
pub fn wait_until(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + patience;
    loop {
        if is_so() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
