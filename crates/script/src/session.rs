//! What all values of a script share: the session they ask, and whether they still may.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adit_api::{Client, EvalScope, LoadConfig, Variable};

use crate::docstring::docstrings;
use crate::source::Source;

/// What is loaded of a value's parts when a script comes to them.
const PARTS: LoadConfig = LoadConfig {
    follow_pointers: false,
    max_variable_recurse: 1,
    max_string_len: 1024,
    max_array_values: CHUNK,
    max_struct_fields: -1,
};

/// How many elements are loaded at once.
pub(crate) const CHUNK: i64 = 64;

/// What a script is told after Ctrl-C.
pub(crate) const INTERRUPTED: &str = "user interrupt";

/// The session of a script's values.
pub(crate) struct Session {
    pub(crate) client: Arc<dyn Client>,
    scope: Mutex<EvalScope>,
    interrupted: Mutex<Arc<AtomicBool>>,
    /// Why an attribute could not be had: the evaluator only knows that it is not there.
    attribute_error: Mutex<Option<String>>,
    /// Set while the evaluator makes a script's functions constant. It takes attributes of constants for constants,
    /// which values of a running program are not.
    dormant: AtomicBool,
    sources: Mutex<BTreeMap<String, Arc<Source>>>,
    docstrings: Mutex<BTreeMap<String, String>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    /// The session of `client`.
    pub(crate) fn new(client: Arc<dyn Client>) -> Session {
        Session {
            client,
            scope: Mutex::new(EvalScope::CURRENT),
            interrupted: Mutex::default(),
            attribute_error: Mutex::default(),
            dormant: AtomicBool::new(false),
            sources: Mutex::default(),
            docstrings: Mutex::default(),
        }
    }

    /// Where expressions are evaluated.
    pub(crate) fn scope(&self) -> EvalScope {
        *lock(&self.scope)
    }

    pub(crate) fn set_scope(&self, scope: EvalScope) {
        *lock(&self.scope) = scope;
    }

    /// Takes the flag that Ctrl-C sets.
    pub(crate) fn set_interrupted(&self, flag: Arc<AtomicBool>) {
        *lock(&self.interrupted) = flag;
    }

    /// The flag that Ctrl-C sets.
    pub(crate) fn interrupted(&self) -> Arc<AtomicBool> {
        Arc::clone(&lock(&self.interrupted))
    }

    /// An error once Ctrl-C was pressed.
    pub(crate) fn check_interrupted(&self) -> Result<(), String> {
        match self.interrupted().load(Ordering::SeqCst) {
            true => Err(INTERRUPTED.to_owned()),
            false => Ok(()),
        }
    }

    /// Evaluates an expression that names a value's parts.
    pub(crate) fn load(&self, expr: &str) -> Result<Variable, String> {
        self.check_interrupted()?;
        self.client.eval(self.scope(), expr, Some(PARTS)).map_err(|error| error.0)
    }

    /// Remembers why there is no such attribute.
    pub(crate) fn no_attribute(&self, why: String) {
        *lock(&self.attribute_error) = Some(why);
    }

    /// Why there was no such attribute, if one was asked for in vain.
    pub(crate) fn take_attribute_error(&self) -> Option<String> {
        lock(&self.attribute_error).take()
    }

    /// Whether values have to keep still.
    pub(crate) fn dormant(&self) -> bool {
        self.dormant.load(Ordering::SeqCst)
    }

    /// Does something during which values have to keep still.
    pub(crate) fn keeping_still<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.dormant.swap(true, Ordering::SeqCst);
        let result = work();
        self.dormant.store(before, Ordering::SeqCst);
        result
    }

    /// Keeps a source for the sake of errors, and returns the name by which the evaluator is to know it: functions of
    /// an earlier source of the same name may still be there.
    pub(crate) fn add_source(&self, source: Source) -> (String, Arc<Source>) {
        let mut sources = lock(&self.sources);
        let key = match sources.contains_key(&source.name) {
            true => format!("{}#{}", source.name, sources.len()),
            false => source.name.clone(),
        };
        let source = Arc::new(source);
        lock(&self.docstrings).extend(docstrings(&source.text));
        sources.insert(key.clone(), Arc::clone(&source));
        (key, source)
    }

    /// A text of the evaluator with functions called by their names alone; it calls them by their source as well.
    pub(crate) fn without_sources(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for key in lock(&self.sources).keys().rev() {
            let prefix = format!("{key}.");
            if text.contains(&prefix) {
                text = text.replace(&prefix, "");
            }
        }
        text
    }

    /// The source that the evaluator knows by that name.
    pub(crate) fn source(&self, key: &str) -> Option<Arc<Source>> {
        lock(&self.sources).get(key).cloned()
    }

    /// What a script says of its function of that name.
    pub(crate) fn docstring(&self, function: &str) -> Option<String> {
        lock(&self.docstrings).get(function).cloned()
    }
}
