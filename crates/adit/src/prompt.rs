//! Joins a session to a prompt.

use std::io::{BufReader, IsTerminal, stderr, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use adit_api::{Client, GuessSubstitutePathArgs};
use adit_gobuild::{GoSources, escape_module_path, only_main_package};
use adit_goruntime::{Release, known_wait_reason};
use adit_session::{Config, Download};
use adit_terminal::{Input, LineEditor, LocalSources, Options, PlainInput, Terminal};

use crate::cli::Globals;
use crate::scripts::Scripts;
use crate::signals::Watch;

/// Debugs until the user leaves the prompt; returns the exit status.
pub(crate) fn run(globals: &Globals, watch: Watch, mut config: Config) -> Result<u8, String> {
    config.debug_info_directories = debug_info_directories();
    config.progress = Some(Box::new(show_download));
    let client: Arc<dyn Client> = Arc::new(adit_session::start(config).map_err(|error| error.to_string())?);
    let interrupts = watch.guard_session(&client);
    talk(globals, client, interrupts)
}

/// A prompt for a session, until the user leaves it; returns the exit status.
pub(crate) fn talk(
    globals: &Globals,
    client: Arc<dyn Client>,
    interrupts: Receiver<()>,
) -> Result<u8, String> {
    let mut options = Options::from_environment(globals.identity.prompt(), input()?);
    options.scripts = Some(Scripts::new(&client));
    options.init_file = (!globals.init.is_empty()).then(|| PathBuf::from(&globals.init));
    options.interrupts = Some(interrupts);
    options.ask_before_kill = true;
    options.wait_reason = wait_reason;
    options.local_sources = Box::new(local_sources);
    options.escape_module = escape_module_path;
    // The statuses are 0, 1 and 2.
    Ok(u8::try_from(Terminal::new(client, options).run()).unwrap_or(1))
}

/// The folders for separate debug information that the user's configuration names.
pub(crate) fn debug_info_directories() -> Vec<PathBuf> {
    let nobody = PlainInput::new(BufReader::new(std::io::empty()), std::io::sink());
    Options::from_environment("", Box::new(nobody)).debug_info_directories()
}

/// Says how far a download is: on a terminal in one line that changes, elsewhere only how it begins and ends.
pub(crate) fn show_download(download: Download<'_>) {
    let line = format!("Download debug info for {}: {}", download.path.display(), download.progress);
    if stderr().is_terminal() {
        let end = if download.over { "\n" } else { " (Ctrl-C cancels)" };
        // Back to the beginning, and what was there goes away.
        eprint!("\r\x1b[K{line}{end}");
    } else if download.over {
        eprintln!("{line}");
    }
}

/// Where this machine has Go's sources, as the Go command says it in a folder.
fn local_sources(folder: &Path) -> LocalSources {
    let found = GoSources::find(folder);
    let text = |(module, directory): (String, PathBuf)| (module, directory.display().to_string());
    LocalSources {
        goroot: found.goroot,
        go_version: found.go_version,
        module_cache: found.module_cache,
        modules: found.modules.into_iter().map(text).collect(),
    }
}

/// What `GuessSubstitutePath` wants to know of a client, as JSON.
pub(crate) fn guess_input() -> String {
    let folder = Path::new(".");
    let sources = local_sources(folder);
    let arguments = GuessSubstitutePathArgs {
        import_path_of_main_package: only_main_package(folder),
        client_goroot: sources.goroot,
        client_module_directories: sources.modules,
    };
    // Strings and a map of strings can be written as JSON.
    let text = serde_json::to_string(&arguments).unwrap_or_default();
    format!("{text}\n")
}

/// The text of a goroutine's wait reason, for a version as `Go cmd/compile go1.26.5`.
fn wait_reason(go_version: &str, reason: i64) -> Option<&'static str> {
    let (_, minor) = go_version.split_once("go1.")?;
    let end = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
    let release = Release(minor[..end].parse().ok()?);
    known_wait_reason(release, u8::try_from(reason).ok()?)
}

/// Lines edited on a terminal, plain ones from anything else.
fn input() -> Result<Box<dyn Input>, String> {
    if stdin().is_terminal() && stdout().is_terminal() {
        let editor = LineEditor::new().map_err(|error| format!("could not use the terminal: {error}"))?;
        return Ok(Box::new(editor));
    }
    Ok(Box::new(PlainInput::new(BufReader::new(stdin()), stdout())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wait_reasons_are_those_of_the_version() {
        assert_eq!(wait_reason("go1.27.3", 19), Some("chan receive"));
        assert_eq!(wait_reason("Go cmd/compile go1.26.5 X:jsonv2", 19), Some("chan receive"));
        assert_eq!(wait_reason("go1.27rc1", 19), Some("chan receive"));
        assert_eq!(wait_reason("go1.27.3", 4000), None);
        assert_eq!(wait_reason("devel", 19), None);
    }
}
