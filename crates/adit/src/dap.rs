//! `dap`: one editor, one session.

use std::io::{BufReader, PipeReader, PipeWriter, Read};
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use adit_api::Client;
use adit_dap::attributes::{Attach, Launch, Mode};
use adit_dap::{BuildError, Connection, Ended, Host, Launcher, Output as Sink, Start};
use adit_gobuild::{Build, Flags, Kind, Output, package_directory};
use adit_rpc::server::{DapHook, Stopper};
use adit_rpc::{Address, AddressError, Stream};
use adit_session::{Config, Target};

use crate::cli::{self, Globals};
use crate::launch::{self, Refusal};
use crate::signals::Watch;
use crate::{headless, logging};

pub(crate) fn dap(globals: &Globals, dap: &cli::Dap) -> ExitCode {
    launch::conclude(serve(globals, dap))
}

fn serve(globals: &Globals, dap: &cli::Dap) -> Result<u8, Refusal> {
    let warnings = logging::start(globals.log, &globals.log_output, &globals.log_dest);
    for warning in warnings.map_err(|error| error.to_string())? {
        eprintln!("{warning}");
    }
    warn_of_ignored(globals);
    let watch = Watch::start().map_err(|error| format!("could not watch for signals: {error}"))?;
    let (stream, address) = match &dap.client_addr {
        Some(address) => (connect(address)?, address.clone()),
        None => listen(globals)?,
    };
    let editor = stream.clone();
    watch.guard_server(move || editor.shut_down());
    let host = Host {
        launcher: Box::new(Builder { globals: globals.clone(), output: None, pipes: Vec::new() }),
        shared: None,
        accepts_more: false,
        address,
        token: None,
    };
    adit_dap::serve(connection(&stream), host);
    Ok(0)
}

/// Serves editors that come to a server's session.
pub(crate) fn hook(
    globals: &Globals,
    session: &Arc<dyn Client>,
    address: String,
    stopper: Stopper,
) -> DapHook {
    let (globals, session) = (globals.clone(), Arc::clone(session));
    Box::new(move |stream, token| {
        let token = token.cloned();
        let host = Host {
            launcher: Box::new(Builder { globals: globals.clone(), output: None, pipes: Vec::new() }),
            shared: Some(Arc::clone(&session)),
            accepts_more: globals.accept_multiclient,
            address: address.clone(),
            token: token
                .map(|token| Box::new(move |shown: &str| token.is(shown)) as Box<dyn Fn(&str) -> bool>),
        };
        if adit_dap::serve(connection(&stream), host) == Ended::Session {
            stopper.stop();
        }
    })
}

/// Flags that mean nothing to an editor's session, which says such things itself.
fn warn_of_ignored(globals: &Globals) {
    let ignored = [
        (globals.headless, "Warning: dap mode is always headless"),
        (globals.accept_multiclient, "Warning: accept-multiclient mode not supported with dap"),
        (!globals.init.is_empty(), "Warning: init file ignored with dap"),
        (
            globals.backend != "default",
            "Warning: backend ignored with dap; specify via launch/attach request instead",
        ),
        (
            !globals.build_flags.is_empty(),
            "Warning: build flags ignored with dap; specify via launch/attach request instead",
        ),
        (
            !globals.wd.is_empty(),
            "Warning: working directory ignored with dap: specify via launch request instead",
        ),
    ];
    for (_, warning) in ignored.iter().filter(|(given, _)| *given) {
        eprintln!("{warning}");
    }
}

fn connect(address: &str) -> Result<Stream, Refusal> {
    let failed = |error: String| format!("could not connect to {address}: {error}");
    let parsed: Address = address.parse().map_err(|error: AddressError| failed(error.to_string()))?;
    Stream::connect(&parsed).map_err(|error| failed(error.to_string()))
}

/// Waits for the one editor.
fn listen(globals: &Globals) -> Result<(Stream, String), Refusal> {
    let listener = headless::listener(globals)?;
    let address = listener.address_text();
    headless::announce(globals, &format!("DAP server listening at: {address}\n"))?;
    Ok((listener.accept_one(globals.only_same_user)?, address))
}

fn connection(stream: &Stream) -> Connection {
    let closer = stream.clone();
    Connection {
        reader: Box::new(BufReader::new(stream.clone())),
        writer: Box::new(stream.clone()),
        close: Box::new(move || closer.shut_down()),
    }
}

/// Builds what an editor wants to debug, and begins the session.
struct Builder {
    globals: Globals,
    /// What was built, to be removed.
    output: Option<Output>,
    /// Through which the program writes to the editor, and what hears when all that was written was read.
    pipes: Vec<(PipeWriter, Receiver<()>)>,
}

impl Launcher for Builder {
    fn build(&mut self, launch: &Launch) -> Result<PathBuf, BuildError> {
        let build = build_of(launch);
        let named = launch.output.as_deref().map(Output::named);
        let output = named.unwrap_or_else(|| Output::unnamed(build.kind));
        self.output = Some(output.clone());
        let built = build.run_silently(&output).map_err(|(printed, error)| match error {
            adit_gobuild::BuildError::Failed(_) => BuildError::Compiler {
                command: build.command_line(&output),
                output: printed,
                status: error.to_string(),
            },
            error => BuildError::Other(error.to_string()),
        });
        if built.is_err() {
            self.output = None;
            drop(output.remove_after_failure());
        }
        built.map(|()| output.path().to_owned())
    }

    fn start(&mut self, start: Start<'_>) -> Result<Arc<dyn Client>, String> {
        let config = match start {
            Start::Launch { path, launch, redirects } => self.launched(path, launch, redirects)?,
            Start::Attach(attach) => self.attached(attach)?,
        };
        let client = adit_session::start(config).map_err(|error| error.to_string())?;
        Ok(Arc::new(client))
    }

    fn capture(&mut self, output: Sink) -> Result<[PathBuf; 2], String> {
        Ok([self.pipe(false, &output)?, self.pipe(true, &output)?])
    }

    fn drain(&mut self) {
        for (writer, emptied) in self.pipes.drain(..) {
            drop(writer);
            // A child of the program may hold the pipe open; the editor does not wait for that.
            let _ = emptied.recv_timeout(Duration::from_secs(1));
        }
    }

    fn clean(&mut self) {
        self.pipes.clear();
        if let Some(Err(error)) = self.output.take().map(|output| output.remove()) {
            eprintln!("{error}");
        }
    }
}

impl Builder {
    fn launched(
        &mut self,
        path: PathBuf,
        launch: &Launch,
        redirects: [Option<PathBuf>; 3],
    ) -> Result<Config, String> {
        match launch.mode {
            Mode::Debug | Mode::Test | Mode::Exec => {}
            Mode::Replay => {
                return Err("backend rr not available: rr is not supported on this host".to_owned());
            }
            Mode::Core => return Err("core files can not be debugged by this version".to_owned()),
        }
        let build = build_of(launch);
        let working_dir = launch.cwd.clone().or_else(|| match launch.mode {
            Mode::Test => package_directory(&build),
            _ => None,
        });
        let target = Target::Launch {
            path: launch::absolute(path),
            args: launch.args.clone(),
            working_dir: working_dir.map(launch::absolute),
            environment: launch.env.clone().into_iter().collect(),
            disable_aslr: self.globals.disable_aslr,
            redirects,
            tty: None,
            foreground: false,
        };
        let mut config = launch::config(&self.globals, target);
        if let Some(output) = self.output.clone() {
            config.rebuild = Some(Box::new(move || {
                build.run(&output).map(|()| output.path().to_owned()).map_err(|error| error.to_string())
            }));
        }
        Ok(config)
    }

    fn attached(&self, attach: &Attach) -> Result<Config, String> {
        let pid = match attach.wait_for.as_str() {
            "" => attach.process_id,
            prefix => {
                let interval = std::time::Duration::from_millis(1);
                adit_session::wait_for_process(prefix, interval, None, &mut || true)
                    .ok_or("waitfor duration expired")?
            }
        };
        Ok(launch::config(&self.globals, Target::Attach { pid, executable: None }))
    }

    /// A file to write to which somebody else reads.
    fn pipe(&mut self, is_error: bool, sink: &Sink) -> Result<PathBuf, String> {
        let failed = |error: std::io::Error| format!("could not take the program's output: {error}");
        let (reader, writer) = std::io::pipe().map_err(failed)?;
        let path = format!("/proc/{}/fd/{}", std::process::id(), writer.as_raw_fd());
        let (sink, (done, emptied)) = (Arc::clone(sink), channel());
        std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || {
                forward(reader, is_error, &sink);
                // Nobody waits where the session is over.
                let _ = done.send(());
            })
            .map_err(failed)?;
        self.pipes.push((writer, emptied));
        Ok(path.into())
    }
}

/// Passes on what is written, until nobody can write any more.
fn forward(mut reader: PipeReader, is_error: bool, sink: &Sink) {
    let mut buffer = [0; 8192];
    let mut kept = 0;
    while let Ok(count @ 1..) = reader.read(&mut buffer[kept..]) {
        let have = kept + count;
        // A letter of several bytes may be cut in two.
        let end = whole_letters(&buffer[..have]);
        sink(is_error, &String::from_utf8_lossy(&buffer[..end]));
        buffer.copy_within(end..have, 0);
        kept = have - end;
    }
    if kept > 0 {
        sink(is_error, &String::from_utf8_lossy(&buffer[..kept]));
    }
}

/// How many bytes there are up to the last letter that is whole, or is none.
fn whole_letters(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => error.valid_up_to(),
        _ => bytes.len(),
    }
}

fn build_of(launch: &Launch) -> Build {
    let flags = match (launch.build_flags_are_one_text, launch.build_flags.first()) {
        (true, Some(text)) => Flags::parse(text),
        (true, None) => Flags::List(Vec::new()),
        (false, _) => Flags::List(launch.build_flags.clone()),
    };
    let environment = launch.env.iter().map(|(name, value)| (name.into(), value.as_ref().map(Into::into)));
    Build {
        kind: if launch.mode == Mode::Test { Kind::Test } else { Kind::Program },
        packages: vec![launch.program.clone()],
        flags,
        environment: environment.collect(),
    }
}
