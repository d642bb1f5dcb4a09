//! Taking hold of a process: symbols first, so that it stands still for as short as possible.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adit_engine::Debugger;
use adit_engine::run::StopCause;
use adit_native::{Launch, attach, launch};
use adit_process::{Pid, Process};
use adit_symbols::{Binary, Cache, OpenError, Refused};

use crate::{SessionError, Target};

/// Launches or attaches.
pub(crate) fn begin(
    target: &Target,
    check_go_version: bool,
    debug_info_directories: &[PathBuf],
) -> Result<(Debugger, StopCause), SessionError> {
    match target {
        Target::Look { path, reason } => look(path, reason.clone()),
        Target::Launch { path, .. } => {
            if let Some(reason) = why_not_here(path) {
                return look(path, reason);
            }
            let (process, binary) = start_process(target, path, check_go_version, debug_info_directories)?;
            let mut debugger = Debugger::new(process, binary).map_err(|error| could_not_launch(&error))?;
            debugger.search_debug_info_in(debug_info_directories.to_vec());
            Ok((debugger, StopCause::Launched))
        }
        Target::Attach { pid, executable } => {
            let failed = |error: &dyn std::fmt::Display| {
                SessionError(format!("could not attach to pid {pid}: {error}"))
            };
            let binary = match executable {
                Some(path) => open(path).map_err(|error| failed(&error))?,
                None => open(Path::new(&format!("/proc/{pid}/exe"))).map_err(|error| {
                    // A process that is not there has no executable either: say the former.
                    match attach(Pid(*pid)) {
                        Err(reason) => failed(&reason),
                        Ok(_) => failed(&error),
                    }
                })?,
            };
            check_platform(&binary).map_err(|error| failed(&error))?;
            let binary = with_separate(binary, debug_info_directories);
            let process = attach(Pid(*pid)).map_err(|error| failed(&error))?;
            let mut debugger =
                Debugger::new(Box::new(process), Arc::new(binary)).map_err(|error| failed(&error))?;
            debugger.search_debug_info_in(debug_info_directories.to_vec());
            debugger.select_after_attach();
            Ok((debugger, StopCause::Attached))
        }
    }
}

/// Opens a program without running it.
fn look(path: &Path, reason: String) -> Result<(Debugger, StopCause), SessionError> {
    let binary = open(path).map_err(|error| match error {
        OpenError::NotFound(_) => SessionError(error.to_string()),
        other => SessionError(format!("could not open {}: {other}", path.display())),
    })?;
    // A version that is not known makes a warning; nothing that could go wrong runs.
    crate::state::check_go_version(&binary, false).map_err(SessionError)?;
    let reason = match binary.cut_off() {
        Some((needed, have)) => format!("{reason}; its file is incomplete: it has {have} bytes of {needed}"),
        None => reason,
    };
    Ok((Debugger::looking_at(Arc::new(binary), reason), StopCause::Launched))
}

/// Why a program that can be opened can not be run: it is another platform's, or may not be executed. A file that is no
/// program at all is left to those who try to launch it, and say so.
fn why_not_here(path: &Path) -> Option<String> {
    let binary = Binary::open(path).ok()?;
    let theirs = (binary.goos(), binary.arch().name);
    if let Some(host) = adit_native::PLATFORM.filter(|host| *host != theirs) {
        return Some(format!(
            "this is a {}/{} program; it is opened for looking and can not be run on {}/{}",
            theirs.0, theirs.1, host.0, host.1
        ));
    }
    (!adit_native::may_execute(path))
        .then(|| format!("{} is not executable; it is opened for looking and can not be run", path.display()))
}

/// Opens the executable and starts it, stopped at its first instruction.
pub(crate) fn start_process(
    target: &Target,
    path: &Path,
    check_go_version: bool,
    debug_info_directories: &[PathBuf],
) -> Result<(Box<dyn Process>, Arc<Binary>), SessionError> {
    let Target::Launch { args, working_dir, environment, disable_aslr, redirects, tty, foreground, .. } =
        target
    else {
        return Err(SessionError("cannot restart process Delve did not create".to_owned()));
    };
    // Most likely not the file that was meant. Whatever else is wrong with it is found where it is opened.
    if !adit_native::may_execute(path) {
        return Err(SessionError(format!("{} is not executable", path.display())));
    }
    let binary = open(path).map_err(|error| could_not_launch(&error))?;
    if let Some((needed, have)) = binary.cut_off() {
        let what = format!("the executable is incomplete: it has {have} bytes of {needed}");
        return Err(could_not_launch(&what));
    }
    check_platform(&binary).map_err(|error| could_not_launch(&error))?;
    crate::state::check_go_version(&binary, check_go_version).map_err(|error| could_not_launch(&error))?;
    let binary = with_separate(binary, debug_info_directories);
    let [stdin, stdout, stderr] = redirects.clone();
    let mut request = Launch::new(path);
    request.argv.extend(args.iter().map(OsString::from));
    let process = launch(&Launch {
        working_dir: working_dir.clone(),
        env: (!environment.is_empty()).then(|| with_changes(environment)),
        disable_aslr: *disable_aslr,
        stdin,
        stdout,
        stderr,
        tty: tty.clone(),
        foreground: *foreground,
        ..request
    })
    .map_err(|error| could_not_launch(&error))?;
    if let Some(reason) = process.withheld_rights() {
        eprintln!("{}: {reason}", path.display());
    }
    Ok((Box::new(process), Arc::new(binary)))
}

/// The debugger's own environment, changed.
fn with_changes(changes: &[(String, Option<String>)]) -> Vec<(OsString, OsString)> {
    let is_changed = |name: &OsString| changes.iter().any(|(changed, _)| name == changed.as_str());
    let own = std::env::vars_os().filter(|(name, _)| !is_changed(name));
    let set = changes.iter().filter_map(|(name, value)| Some((name.into(), value.as_ref()?.into())));
    own.chain(set).collect()
}

/// The binary with its separate debug information, if it has any. A file that is another program's is no reason not to
/// start, but to be told of.
fn with_separate(binary: Binary, directories: &[PathBuf]) -> Binary {
    let (binary, refused) = binary.with_separate(directories);
    warn_of(&refused);
    binary
}

pub(crate) fn warn_of(refused: &[Refused]) {
    for refused in refused {
        tracing::warn!(target: "debugger", "{refused}");
    }
}

/// Opens an executable, whose index of names the user's cache keeps.
fn open(path: &Path) -> Result<Binary, OpenError> {
    let cache = Cache::of_user(|variable| std::env::var_os(variable));
    Binary::open(path).map(|binary| binary.with_cache(cache))
}

fn could_not_launch(error: &dyn std::fmt::Display) -> SessionError {
    SessionError(format!("could not launch process: {error}"))
}

/// A program of another platform can be looked at, but not run here.
fn check_platform(binary: &Binary) -> Result<(), String> {
    let theirs = (binary.goos(), binary.arch().name);
    let Some(host) = adit_native::PLATFORM.filter(|host| *host != theirs) else { return Ok(()) };
    Err(format!(
        "{} is a program for {}/{}, and this is {}/{}: it can not be run here",
        binary.path().display(),
        theirs.0,
        theirs.1,
        host.0,
        host.1
    ))
}
