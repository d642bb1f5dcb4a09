//! What a session says, as it says it.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// The output of a process, collected by a thread of its own.
#[derive(Clone, Debug)]
pub struct Transcript(Arc<(Mutex<Said>, Condvar)>);

#[derive(Debug, Default)]
struct Said {
    text: Vec<u8>,
    ended: bool,
}

impl Transcript {
    /// Collects from a pipe or terminal until it ends.
    pub fn of(mut source: impl Read + Send + 'static) -> Self {
        let transcript = Transcript(Arc::default());
        let shared = transcript.0.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            loop {
                // A terminal whose other side is closed is an error to read from, and the end of it.
                let count = source.read(&mut buffer).unwrap_or(0);
                let mut said = shared.0.lock().unwrap();
                said.text.extend_from_slice(&buffer[..count]);
                said.ended = count == 0;
                shared.1.notify_all();
                if said.ended {
                    return;
                }
            }
        });
        transcript
    }

    /// Everything that was said up to now.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.0.lock().unwrap().text).into_owned()
    }

    /// How many bytes were said up to now.
    pub fn len(&self) -> usize {
        self.0.0.lock().unwrap().text.len()
    }

    /// Whether nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until what was said after the first `from` bytes satisfies a condition, and returns it. The error
    /// is what was said in vain, up to the end or for as long as patience lasted.
    pub fn wait(
        &self,
        from: usize,
        patience: Duration,
        is_enough: impl Fn(&str) -> bool,
    ) -> Result<String, String> {
        self.wait_for_bytes(from, patience, |bytes| is_enough(&String::from_utf8_lossy(bytes)))
    }

    /// The same for the end of what was said, which takes no longer when there is much of it.
    pub fn wait_for_suffix(&self, from: usize, patience: Duration, suffix: &str) -> Result<String, String> {
        self.wait_for_bytes(from, patience, |bytes| bytes.ends_with(suffix.as_bytes()))
    }

    pub(crate) fn wait_for_bytes(
        &self,
        from: usize,
        patience: Duration,
        is_enough: impl Fn(&[u8]) -> bool,
    ) -> Result<String, String> {
        let deadline = Instant::now() + patience;
        let (said, changed) = &*self.0;
        let mut said = said.lock().unwrap();
        loop {
            let bytes = &said.text[from..];
            if is_enough(bytes) {
                return Ok(String::from_utf8_lossy(bytes).into_owned());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if said.ended || left.is_zero() {
                return Err(String::from_utf8_lossy(bytes).into_owned());
            }
            said = changed.wait_timeout(said, left).unwrap().0;
        }
    }

    /// Waits for the end of the output; returns whether it came in time.
    pub fn wait_for_end(&self, patience: Duration) -> bool {
        let (said, changed) = &*self.0;
        let said = said.lock().unwrap();
        changed.wait_timeout_while(said, patience, |said| !said.ended).unwrap().0.ended
    }
}
