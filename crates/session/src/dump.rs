//! Writing core files. The thread that owns the process writes, while clients ask how far it is, or call it off.

use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use adit_api::{ClientError, DumpState, Result};
use adit_corefile::{Destination, Progress, WriteError};

use crate::owner::{Owner, client_error};

/// How far the latest core file is. Shared between the thread that writes it and those that ask.
#[derive(Default)]
pub(crate) struct Dump {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    state: DumpState,
    canceled: bool,
}

impl Dump {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is a core file being written?
    pub(crate) fn is_running(&self) -> bool {
        self.lock().state.dumping
    }

    /// Fails while another is being written.
    pub(crate) fn begin(&self) -> Result<()> {
        let mut inner = self.lock();
        if inner.state.dumping {
            return Err(ClientError("core dump in progress".to_owned()));
        }
        *inner = Inner { state: DumpState { dumping: true, ..DumpState::default() }, canceled: false };
        Ok(())
    }

    /// What is known now, or, if it is not over yet, after this time.
    pub(crate) fn wait(&self, time: Duration) -> DumpState {
        let inner = self.lock();
        let waited = self.changed.wait_timeout_while(inner, time, |inner| inner.state.dumping);
        waited.unwrap_or_else(PoisonError::into_inner).0.state.clone()
    }

    /// Has it end early.
    pub(crate) fn cancel(&self) {
        let mut inner = self.lock();
        inner.canceled = inner.state.dumping;
    }

    fn advance(&self, progress: Progress) -> bool {
        let mut inner = self.lock();
        (inner.state.mem_done, inner.state.mem_total) = (progress.done, progress.total);
        !inner.canceled
    }

    fn end(&self, outcome: std::result::Result<Progress, WriteError>) {
        let mut inner = self.lock();
        inner.state.dumping = false;
        match outcome {
            Ok(progress) => {
                inner.state.all_done = true;
                (inner.state.mem_done, inner.state.mem_total) = (progress.done, progress.total);
            }
            Err(WriteError::Canceled) => {}
            Err(error) => inner.state.err = error.to_string(),
        }
        self.changed.notify_all();
    }
}

impl Dump {
    /// There is nobody who could write it.
    pub(crate) fn give_up(&self) {
        drop(Ending(self));
    }
}

/// Whatever happens to the one who writes, nobody waits for a core file that nobody writes.
struct Ending<'a>(&'a Dump);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.lock().state.dumping = false;
        self.0.changed.notify_all();
    }
}

impl Owner {
    /// Writes a core file of the program. `begun` is called when it is clear that there will be one.
    pub(crate) fn dump(&mut self, dump: &Dump, path: &Path, begun: impl FnOnce(Result<DumpState>)) {
        let _ending = Ending(dump);
        let record = match self.debugger.core_record() {
            Ok(record) => record,
            Err(error) => return begun(Err(client_error(error))),
        };
        let destination = match Destination::open(path) {
            Ok(destination) => destination,
            Err(error) => return begun(Err(ClientError(error.to_string()))),
        };
        let state = {
            let mut inner = dump.lock();
            let threads = i64::try_from(record.threads.len()).unwrap_or(i64::MAX);
            (inner.state.threads_done, inner.state.threads_total) = (threads, threads);
            inner.state.mem_total = record.segments.iter().map(|segment| segment.len).sum();
            inner.state.clone()
        };
        begun(Ok(state));
        let target = self.debugger.target();
        let written = adit_corefile::write(destination, target.arch(), &record, target, &mut |progress| {
            dump.advance(progress)
        });
        dump.end(written);
    }
}
