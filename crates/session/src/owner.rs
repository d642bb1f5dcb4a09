//! The thread that owns the process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, Weak};

use adit_api::ClientError;
use adit_engine::run::StopCause;
use adit_engine::{Debugger, EngineError, Notice};
use adit_symbols::Binary;

use crate::client::{Job, RunState};
use crate::debuginfod::Debuginfod;
use crate::events::{self, Events};
use crate::{Config, Rebuild, SessionError, Target};

/// All that belongs to a session. It never leaves its thread.
pub(crate) struct Owner {
    pub(crate) debugger: Debugger,
    /// Why the program stopped last.
    pub(crate) cause: StopCause,
    pub(crate) target: Target,
    pub(crate) rebuild: Option<Rebuild>,
    pub(crate) check_go_version: bool,
    /// The debugger's own.
    pub(crate) version: String,
    /// Where separate debug information is to be looked for; clients may change it while the program runs.
    pub(crate) debug_info_directories: Arc<Mutex<Vec<PathBuf>>>,
    pub(crate) debuginfod: Arc<Debuginfod>,
    pub(crate) run_state: Arc<RunState>,
    pub(crate) events: Arc<Events>,
    /// The program whose names are indexed already, or are being so.
    indexed: Option<Weak<Binary>>,
    /// The session is over: the process was detached from or killed.
    pub(crate) over: bool,
}

impl Owner {
    pub(crate) fn new(
        config: Config,
        run_state: Arc<RunState>,
        debuginfod: Arc<Debuginfod>,
        debug_info_directories: Arc<Mutex<Vec<PathBuf>>>,
        events: Arc<Events>,
    ) -> Result<Owner, SessionError> {
        let (mut debugger, cause) =
            crate::launch::begin(&config.target, config.check_go_version, &config.debug_info_directories)?;
        let told = events.clone();
        debugger.tell_notices(Box::new(move |notice| tell(&told, &notice)));
        debugger.keep_steps_while(Arc::clone(&run_state.keeps_step));
        Ok(Owner {
            debugger,
            cause,
            target: config.target,
            rebuild: config.rebuild,
            check_go_version: config.check_go_version,
            version: config.version,
            debug_info_directories,
            debuginfod,
            run_state,
            events,
            indexed: None,
            over: false,
        })
    }

    /// Does the work that comes, until no more can come. A piece of work that panics is lost; the session is not.
    pub(crate) fn serve(&mut self, queue: &Receiver<Job>) {
        while let Ok(job) = queue.recv() {
            // The last piece of work may have panicked.
            self.debugger.break_off_when(None);
            let done = catch_unwind(AssertUnwindSafe(|| job(self)));
            self.run_state.set(None);
            self.index_in_background();
            if done.is_err() {
                // What it was about has been printed by the panic itself; the one who asked sees its answer missing.
                continue;
            }
            if self.over {
                return;
            }
        }
        self.let_go();
    }

    /// Once the program has come to its first stop, and that was shown, all names are indexed on a thread of its own:
    /// before, it would only delay the stop. A question about names does not wait for this, but begins it itself.
    fn index_in_background(&mut self) {
        let binary = &self.debugger.image().binary;
        let is_begun = self.indexed.as_ref().is_some_and(|indexed| indexed.as_ptr() == Arc::as_ptr(binary));
        if is_begun || matches!(self.cause, StopCause::Launched | StopCause::Exited(_)) {
            return;
        }
        self.indexed = Some(Arc::downgrade(binary));
        let binary = Arc::clone(binary);
        let begun = std::thread::Builder::new().name("index".to_owned()).spawn(move || binary.index_names());
        if let Err(error) = begun {
            tracing::debug!("names are indexed when they are asked for: {error}");
        }
    }

    /// Nobody is left to give orders: a launched process ends, an attached one runs on.
    fn let_go(&mut self) {
        // There is nobody to tell of an error; dropping the process restores what it can.
        let _ = match self.target {
            Target::Launch { .. } | Target::Look { .. } => self.debugger.kill(),
            Target::Attach { .. } => self.debugger.detach(),
        };
    }
}

/// Tells what the engine has to tell. A child that should have been followed is no event that the API has.
fn tell(events: &Events, notice: &Notice) {
    match (events::notice(notice), notice) {
        (Some(event), _) => events.add(event),
        (None, Notice::NotFollowed(reason) | Notice::WithoutRights(reason)) => eprintln!("{reason}"),
        (None, _) => {}
    }
}

pub(crate) fn client_error(error: EngineError) -> ClientError {
    ClientError(error.to_string())
}
