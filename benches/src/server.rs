//! The JSON-RPC API: what clients of a headless server wait for. The client here shares no code with adit.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use adit_e2e::Program;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::debugger::{Conversation, Run, Tool};
use crate::measure::{Outcome, Unit, each, milliseconds, percentile};
use crate::report::{Bar, Report};

/// A short request is sent so often.
const SHORT_RUNS: usize = 500;
const GOROUTINES: &str = "100000";
const POLLING_CLIENTS: usize = 50;

/// Requests over one connection, by the names of what is measured.
pub(crate) fn measure(report: &mut Report, tools: &[Tool], paced: &Program, compiler: &Program) {
    let tools: Vec<Tool> = tools.iter().filter(|tool| tool.is_adit_or_delve()).cloned().collect();
    report.add("requests", each(&tools, |tool| short_requests(tool, paced)));
    report.hold("requests", "Eval", Bar::TimesDelve(5.0));
    report.hold("requests", "State", Bar::TimesDelve(5.0));
    report.add("100,000 goroutines", each(&tools, |tool| many_goroutines(tool, paced)));
    report.hold("100,000 goroutines", "ListGoroutines", Bar::TimesDelve(10.0));
    report.add("goroutines -t, 100,000", each(&tools, |tool| stacks_at_prompt(tool, paced)));
    report.hold("goroutines -t, 100,000", "all", Bar::TimesDelve(30.0));
    report.add("names of cmd/compile", each(&tools, |tool| names(tool, compiler.path())));
    report.hold("names of cmd/compile", "ListFunctions", Bar::TimesDelve(5.0));
    report.hold("names of cmd/compile", "ListPackageVars", Bar::TimesDelve(10.0));
    report.add("50 clients poll State", each(&tools[..1], |tool| polled(tool, paced)));
    report.hold("50 clients poll State", "to unwatched", Bar::AtMost(1.05));
}

/// A headless server.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(tool: &Tool, program: &Path, arguments: &[&str]) -> Result<Server> {
        let mut command = Command::new(tool.program());
        command.args(["exec", "--headless", "--check-go-version=false", "--accept-multiclient"]);
        command.args(["--listen=127.0.0.1:0", "--redirect=stdout:/dev/null"]);
        command.arg(program).arg("--").args(arguments);
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut first = String::new();
        BufReader::new(process.stdout.take().context("no standard output")?).read_line(&mut first)?;
        let (_, address) = first.trim().split_once("listening at: ").context("no address")?;
        Ok(Server { process, address: address.to_owned() })
    }

    fn client(&self) -> Result<Client> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        Ok(Client { reader: BufReader::new(stream.try_clone()?), writer: stream, seq: 0 })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(mut client) = self.client() {
            // It ends by that; if not, by force.
            let _ = client.call("Detach", &json!({"Kill": true}));
        }
        std::thread::sleep(Duration::from_millis(50));
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Client {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    seq: u64,
}

impl Client {
    fn call(&mut self, method: &str, parameter: &Value) -> Result<Value> {
        let mut reply: Value = serde_json::from_str(&self.raw(method, parameter)?.0)?;
        match reply["error"].as_str() {
            Some(error) => bail!("{method}: {error}"),
            None => Ok(reply["result"].take()),
        }
    }

    /// The reply as it came, and how long that took.
    fn raw(&mut self, method: &str, parameter: &Value) -> Result<(String, Duration)> {
        self.seq += 1;
        let request = json!({"method": format!("RPCServer.{method}"), "params": [parameter], "id": self.seq});
        let mut line = String::new();
        let begun = Instant::now();
        self.writer.write_all(request.to_string().as_bytes())?;
        self.reader.read_line(&mut line)?;
        let took = begun.elapsed();
        ensure!(!line.is_empty(), "{method}: the server has gone");
        Ok((line, took))
    }

    fn timed(&mut self, method: &str, parameter: &Value, runs: usize) -> Result<Vec<Duration>> {
        (0..runs).map(|_| Ok(self.raw(method, parameter)?.1)).collect()
    }

    /// Runs to a line.
    fn stop_at(&mut self, program: &Program, mark: &str) -> Result<()> {
        let breakpoint = json!({"file": program.source().join("main.go"), "line": program.line(mark)});
        self.call("CreateBreakpoint", &json!({"Breakpoint": breakpoint}))?;
        self.call("Command", &json!({"name": "continue"})).map(drop)
    }
}

fn short_requests(tool: &Tool, program: &Program) -> Outcome {
    let server = Server::start(tool, program.path(), &["steps", "1000000", "0", "0"])?;
    let mut client = server.client()?;
    client.stop_at(program, "begin")?;
    let limits = json!({"FollowPointers": true, "MaxVariableRecurse": 1, "MaxStringLen": 64,
        "MaxArrayValues": 64, "MaxStructFields": -1});
    let eval = json!({"Scope": {"GoroutineID": -1}, "Expr": "1 + 2", "Cfg": limits});
    ensure!(client.call("Eval", &eval)?["Variable"]["value"] == "3", "a wrong value");
    let mut evals = client.timed("Eval", &eval, SHORT_RUNS)?;
    let mut states = client.timed("State", &json!({"NonBlocking": false}), SHORT_RUNS)?;
    Ok(vec![
        ("Eval", Unit::Milliseconds, percentile(&mut evals, 50)),
        ("State", Unit::Milliseconds, percentile(&mut states, 50)),
    ])
}

fn many_goroutines(tool: &Tool, program: &Program) -> Outcome {
    let server = Server::start(tool, program.path(), &["steps", "1000000", GOROUTINES, "0"])?;
    let mut client = server.client()?;
    client.stop_at(program, "begin")?;
    let (reply, took) = client.raw("ListGoroutines", &json!({"Start": 0, "Count": 0}))?;
    ensure!(reply.matches("\"userCurrentLoc\"").count() >= 100_000, "too few goroutines");
    Ok(vec![("ListGoroutines", Unit::Milliseconds, milliseconds(took))])
}

fn stacks_at_prompt(tool: &Tool, program: &Program) -> Outcome {
    let run = Run::of(program.path(), &["steps", "1000000", GOROUTINES, "0"]);
    let mut debugger = Conversation::start_run(tool, &run)?;
    debugger.send(&format!("break {}", program.at("begin")))?;
    debugger.send(tool.run_command())?;
    let (listed, took) = debugger.send("goroutines -t")?;
    ensure!(listed.matches("Goroutine ").count() >= 100_000, "too few goroutines");
    Ok(vec![("all", Unit::Milliseconds, milliseconds(took))])
}

fn names(tool: &Tool, program: &Path) -> Outcome {
    let server = Server::start(tool, program, &[])?;
    let mut client = server.client()?;
    let mut functions = client.timed("ListFunctions", &json!({"Filter": ""}), 5)?;
    let mut variables = client.timed("ListPackageVars", &json!({"Filter": "", "Cfg": {}}), 3)?;
    Ok(vec![
        ("ListFunctions", Unit::Milliseconds, percentile(&mut functions, 50)),
        ("ListPackageVars", Unit::Milliseconds, percentile(&mut variables, 50)),
    ])
}

/// How long a program runs while many ask how it is, beside how long it runs when nobody does.
fn polled(tool: &Tool, program: &Program) -> Outcome {
    let (mut alone, mut watched) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        alone = alone.min(run_watched(tool, program, 0)?);
        watched = watched.min(run_watched(tool, program, POLLING_CLIENTS)?);
    }
    Ok(vec![
        ("unwatched", Unit::Milliseconds, milliseconds(alone)),
        ("watched", Unit::Milliseconds, milliseconds(watched)),
        ("to unwatched", Unit::Times, watched.as_secs_f64() / alone.as_secs_f64()),
    ])
}

fn run_watched(tool: &Tool, program: &Program, clients: usize) -> Result<Duration> {
    let server = Server::start(tool, program.path(), &["compute", "3000", "1"])?;
    let over = Arc::new(AtomicBool::new(false));
    let mut polling = Vec::new();
    for _ in 0..clients {
        let (mut client, over) = (server.client()?, Arc::clone(&over));
        polling.push(std::thread::spawn(move || -> Result<()> {
            while !over.load(Ordering::SeqCst) {
                client.call("State", &json!({"NonBlocking": true}))?;
                // As an editor does it.
                std::thread::sleep(Duration::from_millis(100));
            }
            Ok(())
        }));
    }
    let mut client = server.client()?;
    let begun = Instant::now();
    let end = client.call("Command", &json!({"name": "continue"}))?;
    let took = begun.elapsed();
    over.store(true, Ordering::SeqCst);
    for thread in polling {
        // An answer that did not come is not the run's.
        drop(thread.join());
    }
    ensure!(end["State"]["exited"] == true, "the program did not end");
    Ok(took)
}
