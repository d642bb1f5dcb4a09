//! `--headless`: a session is served to clients instead of having a prompt.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use adit_api::Client;
use adit_rpc::Address;
use adit_rpc::server::{self, BindError, Listener, Stopper, Token};
use adit_session::Config;

use crate::cli::Globals;
use crate::dap;
use crate::launch::Refusal;
use crate::logging;
use crate::prompt;
use crate::signals::Watch;

/// How the refusal of an address is told from one of the program.
const NO_LISTENER: &str = "couldn't start listener: ";

/// What is wrong with the flags of the server, if anything is. Nothing has been built or started yet.
pub(crate) fn check(globals: &Globals) -> Result<(), Refusal> {
    let address = address(globals)?;
    if address.is_remote() && !globals.allow_remote {
        return Err(format!(
            "--listen={} would let other machines connect, and who connects can run anything here. Listen on \
             127.0.0.1 and forward the port (ssh -L, kubectl port-forward), or on a unix socket; or add --allow-remote, \
             and clients have to show a token",
            globals.listen
        ));
    }
    token(globals, false).map(|_| ())
}

fn address(globals: &Globals) -> Result<Address, Refusal> {
    globals.listen.parse().map_err(|error| {
        // Clients look for this on standard output, as they look for the address.
        say(&format!("{NO_LISTENER}listen tcp: {error}\n"));
        String::new()
    })
}

/// What clients have to show: the token of the file, a new one for remote clients, or nothing.
fn token(globals: &Globals, remote: bool) -> Result<Option<Token>, Refusal> {
    let token = match &globals.token_file {
        Some(file) => Some(Token::from_file(file)),
        None => remote.then(Token::generate),
    };
    token.transpose().map_err(|error| error.to_string())
}

/// A server that listens, and has no session yet.
pub(crate) struct Server {
    listener: Listener,
    token: Option<Token>,
    run_on: bool,
    stopper: Stopper,
}

impl Server {
    /// Listens, and says where. Signals end the server from then on.
    pub(crate) fn open(globals: &Globals, run_on: bool, watch: &Watch) -> Result<Server, Refusal> {
        let listener = listener(globals)?;
        let token = token(globals, listener.is_remote())?;
        let stopper = Stopper::default();
        let ends = stopper.clone();
        watch.guard_server(move || ends.stop());
        announce(globals, &format!("API server listening at: {}\n", listener.address_text()))?;
        if listener.is_remote() {
            tracing::warn!(
                target: "rpc",
                "Listening for remote connections (connections are authenticated by a token but not encrypted)"
            );
        }
        if let (Some(token), None) = (&token, &globals.token_file) {
            eprintln!(
                "Clients have to show the token {} (--token-file of '{} connect')",
                token.text(),
                globals.identity.command()
            );
        }
        Ok(Server { listener, token, run_on, stopper })
    }

    /// Begins the session and serves it until it ends.
    pub(crate) fn run(self, globals: &Globals, mut config: Config) -> Result<u8, Refusal> {
        let stopper = self.stopper.clone();
        let mut options = server::Options {
            accept_multiclient: globals.accept_multiclient,
            only_same_user: globals.only_same_user,
            token: self.token,
            continue_at_start: self.run_on,
            stack_text: Some(Box::new(adit_terminal::stack_text)),
            stopper: self.stopper,
            ..server::Options::default()
        };
        let address = self.listener.address_text();
        config.debug_info_directories = prompt::debug_info_directories();
        config.progress = Some(Box::new(prompt::show_download));
        let session: Arc<dyn Client> =
            Arc::new(adit_session::start(config).map_err(|error| error.to_string())?);
        options.dap = Some(dap::hook(globals, &session, address, stopper));
        tracing::debug!(target: "rpc", "API server pid =  {}", std::process::id());
        server::serve(self.listener, session, options);
        Ok(0)
    }
}

/// Listens where the flags say.
pub(crate) fn listener(globals: &Globals) -> Result<Listener, Refusal> {
    Listener::bind(&address(globals)?).map_err(|error| {
        say(&format!("{NO_LISTENER}{}\n", bind_error(&error)));
        String::new()
    })
}

/// Says where the server listens: on standard output, or where the log goes.
pub(crate) fn announce(globals: &Globals, line: &str) -> Result<(), Refusal> {
    let written = match globals.log_dest.as_str() {
        "" => io::stdout().write_all(line.as_bytes()).and_then(|()| io::stdout().flush()),
        log => logging::open(log).map_err(|error| error.to_string())?.write_all(line.as_bytes()),
    };
    written.map_err(|error| format!("could not say where the server listens: {error}"))
}

/// Prints a reason to end; if nobody reads it, the exit status says enough.
fn say(line: &str) {
    let _ = io::stdout().write_all(line.as_bytes());
}

/// `listen tcp 127.0.0.1:80: bind: permission denied`, as Go's programs say it.
fn bind_error(error: &BindError) -> String {
    let place = match &error.address {
        Address::Tcp { host, port } => {
            let address = format!("{host}:{port}");
            format!("tcp {}", address.parse::<SocketAddr>().map_or(address, |address| address.to_string()))
        }
        Address::Unix(path) => format!("unix {}", path.display()),
    };
    let text = error.error.to_string();
    let reason = text.split(" (os error").next().unwrap_or(&text).to_lowercase();
    format!("listen {place}: bind: {reason}")
}
