//! `initialize`, `launch`, `attach`, `configurationDone`: how a session begins.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use adit_api::requests::FollowExecIn;
use adit_api::{Client, command_name};
use serde_json::json;

use crate::attributes::{Attach, Common, Launch, Mode, OutputMode};
use crate::failure::{Failure, Kind};
use crate::launcher::{BuildError, Output, Start};
use crate::protocol::Request;
use crate::protocol::arguments::InitializeRequestArguments;
use crate::protocol::events::{ExitedEventBody, ProcessEventBody, ProcessEventStartMethod};
use crate::runner::Runner;

use super::running::{halt_command, named};
use super::{Adapter, Answer, Message, Session, Then, arguments};

/// A program that runs without being debugged.
pub(crate) struct Alone {
    pub(super) child: Arc<Mutex<Child>>,
    pub(super) pid: u32,
}

impl Adapter {
    pub(super) fn initialize(&mut self, request: &Request) -> Result<Answer, Failure> {
        let editor: InitializeRequestArguments = arguments(request)?;
        let refuse = |why: String| Err(Kind::Initialize.because(why));
        if let Some(format) =
            editor.path_format.as_deref().filter(|&format| format != "path" && !format.is_empty())
        {
            return refuse(format!("Unsupported 'pathFormat' value '{format}'."));
        }
        if editor.lines_start_at1 == Some(false) {
            return refuse("Only 1-based line numbers are supported.".to_owned());
        }
        if editor.columns_start_at1 == Some(false) {
            return refuse("Only 1-based column numbers are supported.".to_owned());
        }
        self.editor = editor;
        Answer::of(&super::super::protocol::capabilities::offered())
    }

    pub(super) fn launch(&mut self, request: &Request) -> Result<Answer, Failure> {
        if self.session.is_some() || self.host.shared.is_some() {
            let place = &self.host.address;
            let why = format!(
                "debug session already in progress at {place} - use remote attach mode to connect to a server with \
                 an active debug session"
            );
            return Err(Kind::Launch.because(why).shown());
        }
        let launch = Launch::read(&request.arguments).map_err(|why| Kind::Launch.because(why).shown())?;
        if let Some(folder) = &launch.dlv_cwd
            && let Err(error) = std::env::set_current_dir(folder)
        {
            let why = format!("failed to chdir to {:?} - {error}", folder.display().to_string());
            return Err(Kind::Launch.because(why).shown());
        }
        let path = self.program_of(&launch)?;
        if launch.no_debug && matches!(launch.mode, Mode::Debug | Mode::Test | Mode::Exec) {
            return self.run_without_debugging(&launch, path);
        }
        let redirects = self.redirects(&launch);
        let start = redirects.map(|redirects| Start::Launch { path, launch: &launch, redirects });
        let client = start.and_then(|start| self.host.launcher.start(start)).map_err(|why| {
            let heading = format!("Failed to launch {}", launch.subject());
            self.host.launcher.clean();
            Kind::Launch.because(why).headed(heading).shown()
        })?;
        self.settings = launch.common.clone();
        self.begin(client, Some(launch.clone()))?;
        if launch.common.follow_exec {
            self.follow_exec(&launch.common);
        }
        self.tell_process(ProcessEventStartMethod::Launch);
        self.out.bare_event("initialized");
        Answer::empty()
    }

    /// The executable: it is built, if that is to be done.
    pub(super) fn program_of(&mut self, launch: &Launch) -> Result<PathBuf, Failure> {
        let what = match launch.mode {
            Mode::Debug => launch.program.clone(),
            Mode::Test => format!("tests of {}", launch.program),
            _ => return Ok(PathBuf::from(&launch.program)),
        };
        self.out.output("stdout", format!("Building {what}\n"));
        self.host.launcher.build(launch).map_err(|error| match error {
            BuildError::Compiler { command, output, status } => {
                self.out.output("stderr", format!("Build Error: {command}\n{output} ({status})\n"));
                Kind::Launch.because("Build error: Check the debug console for details.")
            }
            BuildError::Other(why) => {
                Kind::Launch.because(why).headed(format!("Failed to launch {}", launch.subject())).shown()
            }
        })
    }

    /// The program's standard streams.
    pub(super) fn redirects(&mut self, launch: &Launch) -> Result<[Option<PathBuf>; 3], String> {
        let mut redirects = launch.redirects.clone();
        if launch.output_mode == OutputMode::Remote {
            let [stdout, stderr] = self.host.launcher.capture(self.captured())?;
            redirects[1] = Some(stdout);
            redirects[2] = Some(stderr);
        }
        Ok(redirects)
    }

    /// Sends the program's output to the editor.
    fn captured(&self) -> Output {
        let out = self.out.clone();
        Arc::new(move |is_error, text| out.output(if is_error { "stderr" } else { "stdout" }, text))
    }

    fn follow_exec(&self, settings: &Common) {
        let request = FollowExecIn { enable: true, regex: settings.follow_exec_regex.clone() };
        if let Err(error) = self.client().and_then(|client| {
            client.follow_exec(&request).map_err(|error| Kind::Launch.because(error.to_string()))
        }) {
            self.out.output("important", format!("Failed to enable follow exec: {}\n", error.details));
        }
    }

    /// Takes a session over, which stands still.
    pub(super) fn begin(&mut self, client: Arc<dyn Client>, launch: Option<Launch>) -> Result<(), Failure> {
        let runner = Runner::start(Arc::clone(&client), self.sender.clone())
            .map_err(|error| Kind::Internal.because(format!("could not start a thread: {error}")))?;
        self.breakpoints.begin(&client, &self.settings);
        self.session = Some(Session { client, runner, running: false, halting: false, launch, ended: false });
        Ok(())
    }

    /// Tells the editor which process it debugs.
    pub(super) fn tell_process(&self, method: ProcessEventStartMethod) {
        let Some(session) = &self.session else { return };
        let state = session.client.state(true).unwrap_or_default();
        if state.pid == 0 {
            return;
        }
        self.out.event(
            "process",
            &ProcessEventBody {
                name: state.target_command_line,
                system_process_id: Some(state.pid),
                is_local_process: Some(true),
                start_method: Some(method),
                ..ProcessEventBody::default()
            },
        );
    }

    pub(super) fn attach(&mut self, request: &Request) -> Result<Answer, Failure> {
        let attach = Attach::read(&request.arguments).map_err(|why| Kind::Attach.because(why).shown())?;
        let shown = request.arguments["token"].as_str().unwrap_or_default();
        if self.host.token.as_ref().is_some_and(|is_token| !is_token(shown)) {
            let why = "this server wants a token: set the attribute 'token' to the one that it printed, or that is in its \
                       --token-file";
            return Err(Kind::Attach.because(why).shown());
        }
        self.settings = attach.common.clone();
        let client = match (&self.host.shared, attach.remote) {
            (Some(_), false) => {
                let place = &self.host.address;
                let why = format!(
                    "debug session already in progress at {place} - use remote mode to connect to a server with an \
                     active debug session"
                );
                return Err(Kind::Attach.because(why).shown());
            }
            (Some(client), true) => Arc::clone(client),
            (None, true) => return Err(Kind::Attach.because("no debugger found").shown()),
            (None, false) => {
                let started = self.host.launcher.start(Start::Attach(&attach));
                started.map_err(|why| Kind::Attach.because(why).shown())?
            }
        };
        if attach.remote {
            client
                .command(&halt_command())
                .map_err(|error| Kind::Attach.because(error.to_string()).shown())?;
        }
        if self.settings.substitute_path.is_empty()
            && let Some(guess) = &attach.guess_substitute_path
        {
            // The program's folders, and the editor's: the other way around.
            let rules = client.guess_substitute_path(guess).unwrap_or_default();
            self.settings.substitute_path =
                rules.into_iter().map(|[server, editor]| [editor, server]).collect();
        }
        let can_terminate = !attach.remote || self.host.accepts_more || client.attached_to_existing_process();
        self.begin(client, None)?;
        if attach.common.follow_exec {
            self.out.output("important", "Follow exec not supported in attach request yet.\n");
        }
        if can_terminate {
            self.out.event("capabilities", &json!({"capabilities": {"supportTerminateDebuggee": true}}));
        }
        self.out.bare_event("initialized");
        Answer::empty()
    }

    pub(super) fn configuration_done(&mut self, _: &Request) -> Result<Answer, Failure> {
        if self.settings.stop_on_entry {
            self.tell_entry();
        }
        self.out.output("console", "Type 'dlv help' for list of commands.\n");
        let answer = Answer::empty()?;
        let is_dead = self
            .session
            .as_ref()
            .is_some_and(|session| matches!(&session.launch, Some(launch) if launch.mode == Mode::Core));
        match self.settings.stop_on_entry || is_dead || self.is_running() {
            true => Ok(answer),
            false => Ok(answer.then(Then::Run(Box::new(named(command_name::CONTINUE))))),
        }
    }

    fn run_without_debugging(&mut self, launch: &Launch, path: PathBuf) -> Result<Answer, Failure> {
        let failed = |error: std::io::Error| {
            Kind::Launch
                .because(error.to_string())
                .headed(format!("Failed to launch {}", launch.subject()))
                .shown()
        };
        let mut command = Command::new(std::path::absolute(&path).unwrap_or(path));
        command.args(&launch.args);
        if let Some(folder) = &launch.cwd {
            command.current_dir(folder);
        }
        for (name, value) in &launch.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let captures = launch.output_mode == OutputMode::Remote;
        if captures {
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
        }
        let mut child = command.spawn().map_err(failed)?;
        let pid = child.id();
        let pipes: [Option<Box<dyn std::io::Read + Send>>; 2] = [
            child.stdout.take().map(|pipe| Box::new(pipe) as _),
            child.stderr.take().map(|pipe| Box::new(pipe) as _),
        ];
        let child = Arc::new(Mutex::new(child));
        let (waited, sender, output) = (Arc::clone(&child), self.sender.clone(), self.captured());
        let wait = move || {
            forward(pipes, &output);
            let status = wait_for(&waited);
            // The adapter may be gone.
            let _ = sender.send(Message::RanAlone(status));
        };
        std::thread::Builder::new().name("program".to_owned()).spawn(wait).map_err(failed)?;
        self.alone = Some(Alone { child, pid });
        Answer::empty()
    }

    /// A program that was not debugged has ended.
    pub(super) fn ran_alone(&mut self, status: i64) {
        let Some(alone) = self.alone.take() else { return };
        self.out.output("console", format!("Process {} has exited with status {status}\n", alone.pid));
        self.out.event("exited", &ExitedEventBody { exit_code: status });
        self.out.bare_event("terminated");
        self.host.launcher.clean();
    }
}

/// Passes on what comes from the pipes, until both are closed.
fn forward(pipes: [Option<Box<dyn std::io::Read + Send>>; 2], output: &Output) {
    let [stdout, stderr] = pipes;
    std::thread::scope(|scope| {
        for (is_error, pipe) in [(false, stdout), (true, stderr)] {
            let Some(mut pipe) = pipe else { continue };
            scope.spawn(move || {
                let mut buffer = [0; 8192];
                while let Ok(count @ 1..) = std::io::Read::read(&mut pipe, &mut buffer) {
                    output(is_error, &String::from_utf8_lossy(&buffer[..count]));
                }
            });
        }
    });
}

/// The exit status of a child; negative for a signal.
fn wait_for(child: &Mutex<Child>) -> i64 {
    loop {
        // Not `wait`: whoever wants to kill it must get at it meanwhile.
        let ended = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait();
        match ended {
            Ok(Some(status)) => return i64::from(status.code().unwrap_or(-1)),
            Ok(None) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(_) => return -1,
        }
    }
}
