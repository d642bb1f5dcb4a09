//! `connect`: a prompt for a session that a server has.

use std::process::ExitCode;
use std::sync::Arc;

use adit_api::{Client, DebuggerCommand, command_name};
use adit_rpc::Address;
use adit_rpc::client::RemoteClient;

use crate::cli::{Connect, Globals};
use crate::launch::{Refusal, Wants, conclude, prepare, usage};
use crate::prompt;

pub(crate) fn connect(globals: &Globals, connect: &Connect) -> ExitCode {
    let Some(address) = &connect.address else {
        return usage(globals.identity, "connect", "you must provide an address as the first argument");
    };
    conclude(run(globals, address))
}

fn run(globals: &Globals, address: &str) -> Result<u8, Refusal> {
    if address.is_empty() {
        return Err(
            "An empty address was provided. You must provide an address as the first argument.".to_owned()
        );
    }
    let globals = Globals { headless: false, ..globals.clone() };
    let watch = prepare(&globals, false, Wants::Terminal)?;
    let address: Address = address.parse().map_err(|error| format!("could not connect: {error}"))?;
    let token = globals.token_file.as_deref().map(adit_rpc::server::Token::from_file).transpose();
    let token = token.map_err(|error| error.to_string())?;
    let client = RemoteClient::connect(&address, token.as_ref()).map_err(|error| error.to_string())?;
    pause_shared_target(&client)?;
    // What a signal ends is this client. The session is the server's business.
    prompt::talk(&globals, Arc::new(client), watch.interrupts())
}

/// At the prompt the program stands still, also where it runs because others let it.
fn pause_shared_target(client: &RemoteClient) -> Result<(), Refusal> {
    if !client.is_multiclient() {
        return Ok(());
    }
    let state = client.state(true).map_err(|error| error.to_string())?;
    if state.running {
        let halt = DebuggerCommand { name: command_name::HALT.to_owned(), ..DebuggerCommand::default() };
        client.command(&halt).map_err(|error| format!("could not halt: {error}"))?;
    }
    Ok(())
}
