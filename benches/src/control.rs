//! What happens at the stops that nobody sees, and what a step costs.
//!
//! All of it on `testdata/e2e/paced`, which does one thing as often as it is told to. Each debugger is told a number that
//! takes it about a second or two; what counts is how often in a second.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use adit_e2e::{Program, Transcript};
use anyhow::{Context, Result, bail, ensure};

use crate::debugger::{Conversation, Run, Tool};
use crate::measure::{Outcome, Unit, each, percentile};
use crate::report::{Bar, Report};

/// How many steps are timed.
const STEPS: usize = 300;

/// Runs of a program of which the fastest counts: whatever else the machine does only ever adds time.
const RUNS: usize = 5;

/// How long a program may take that adit or Delve traces.
const PATIENCE: Duration = Duration::from_secs(300);

/// Hits of breakpoints and watchpoints at which nobody wants to stop.
pub(crate) fn hits(report: &mut Report, tools: &[Tool], program: &Program) {
    let ways = [("one goroutine", "1", false), ("8 goroutines", "8", false), ("one CPU", "1", true)];
    for (way, workers, on_one_cpu) in ways {
        let subject = format!("false conditions, {way}");
        let condition = |tool: &Tool| tool.condition_command("call == 999999999");
        report.add(&subject, breakpoint(tools, program, workers, on_one_cpu, condition));
        report.hold(&subject, "rate", Bar::TimesDelve(if on_one_cpu { 40.0 } else { 20.0 }));
    }
    for (way, workers, on_one_cpu) in ways {
        let subject = format!("hits counted, {way}");
        let count = |tool: &Tool| tool.count_command().to_owned();
        report.add(&subject, breakpoint(tools, program, workers, on_one_cpu, count));
        report.hold(&subject, "rate", Bar::TimesDelve(if on_one_cpu { 40.0 } else { 20.0 }));
    }
    for (way, workers) in [("one goroutine", "1"), ("8 goroutines", "8")] {
        let subject = format!("calls traced, {way}");
        report.add(&subject, traced(tools, program, workers));
        report.hold(&subject, "rate", Bar::TimesDelve(50.0));
    }
    report.add("watched writes shown", watched(tools, program));
    report.hold("watched writes shown", "rate", Bar::TimesDelve(10.0));
}

/// A breakpoint in a function that is called again and again, with something that keeps it from stopping.
fn breakpoint(
    tools: &[Tool],
    program: &Program,
    workers: &str,
    on_one_cpu: bool,
    restrain: impl Fn(&Tool) -> String,
) -> Vec<Outcome> {
    each(tools, |tool| {
        let count = if tool.name == "adit" { 40_000 } else { 2_000 };
        let text = count.to_string();
        let arguments = ["calls", &text, workers];
        let run = Run { on_one_cpu, ..Run::of(program.path(), &arguments) };
        let mut debugger = Conversation::start_run(tool, &run)?;
        debugger.send(&format!("break {}", program.at("work")))?;
        debugger.send(&restrain(tool))?;
        debugger.send(&format!("break {}", program.at("begin")))?;
        debugger.send(&format!("break {}", program.at("done")))?;
        debugger.send(tool.run_command())?;
        let (stop, _) = debugger.send("continue")?;
        ensure!(stop.contains(&format!(":{}", program.line("done"))), "no stop at the end: {stop}");
        Ok(vec![rate(count, elapsed(&stop)?)])
    })
}

/// Each call of a function and its return are told of.
fn traced(tools: &[Tool], program: &Program, workers: &str) -> Vec<Outcome> {
    each(tools, |tool| {
        let count = if tool.name == "adit" { 10_000 } else { 500 };
        let text = count.to_string();
        let arguments = ["calls", &text, workers];
        let run = Run::of(program.path(), &arguments);
        let Some(command) = tool.trace_command(&run, "main.work") else { bail!("has no such command") };
        let said = output(command)?;
        let told = said.lines().filter(|line| line.contains("main.work(")).count();
        // Every worker calls as often as the others.
        let workers: usize = workers.parse()?;
        ensure!(told == count / workers * workers, "{told} of {count} calls told of");
        Ok(vec![rate(count, elapsed(&said)?)])
    })
}

/// A write to a watched variable, the stop shown, and on to the next.
fn watched(tools: &[Tool], program: &Program) -> Vec<Outcome> {
    each(tools, |tool| {
        let stops = if tool.name == "adit" { 2_000 } else { 300 };
        let mut debugger =
            Conversation::start_run(tool, &Run::of(program.path(), &["writes", "1000000", "1"]))?;
        debugger.send(&format!("break {}", program.at("begin")))?;
        debugger.send(tool.run_command())?;
        debugger.send(&tool.watch_command("main.watched"))?;
        debugger.send("continue")?;
        let begun = Instant::now();
        for _ in 0..stops {
            let (stop, _) = debugger.send("continue")?;
            ensure!(stop.contains("main.writes"), "no stop at a write: {stop}");
        }
        Ok(vec![rate(stops, begun.elapsed())])
    })
}

/// `next` over plain lines, with other goroutines in the program.
pub(crate) fn steps(report: &mut Report, tools: &[Tool], program: &Program) {
    let ways =
        [("alone", "0", "0"), ("10,000 parked goroutines", "10000", "0"), ("4 busy goroutines", "0", "4")];
    for (way, parked, busy) in ways {
        let subject = format!("next, {way}");
        report.add(&subject, next(tools, program, parked, busy));
        report.hold(&subject, "median", Bar::TimesDelve(5.0));
        if busy != "0" {
            report.hold(&subject, "p95", Bar::TimesDelve(5.0));
            report.hold(&subject, "p95 to median", Bar::AtMost(3.0));
        }
    }
}

fn next(tools: &[Tool], program: &Program, parked: &str, busy: &str) -> Vec<Outcome> {
    each(tools, |tool| {
        let arguments = ["steps", "1000000", parked, busy];
        let run = Run::of(program.path(), &arguments);
        let mut debugger = Conversation::start_run(tool, &run)?;
        debugger.send(&format!("break {}", program.at("step")))?;
        debugger.send(tool.run_command())?;
        let mut times = Vec::new();
        for _ in 0..STEPS {
            let (stop, time) = debugger.send("next")?;
            ensure!(!stop.contains("exited"), "the program ended: {stop}");
            times.push(time);
        }
        let (median, p95) = (percentile(&mut times, 50), percentile(&mut times, 95));
        Ok(vec![
            ("median", Unit::Milliseconds, median),
            ("p95", Unit::Milliseconds, p95),
            ("p95 to median", Unit::Times, p95 / median),
        ])
    })
}

/// How much slower a program is under a debugger that has nothing to do.
pub(crate) fn slow_down(report: &mut Report, tools: &[Tool], program: &Program) {
    for (subject, arguments, bar) in [
        ("running undisturbed", ["compute", "3000", "4"], 1.05),
        ("threads that come and go", ["threads", "3000", "4"], 2.0),
    ] {
        report.add(subject, slowed_down(tools, program, &arguments));
        report.hold(subject, "to bare", Bar::AtMost(bar));
    }
}

fn slowed_down(tools: &[Tool], program: &Program, arguments: &[&str]) -> Vec<Outcome> {
    each(tools, |tool| {
        let (mut bare, mut debugged) = (Duration::MAX, Duration::MAX);
        // By turns, so that both see the machine alike.
        for _ in 0..RUNS {
            let mut command = Command::new(program.path());
            command.args(arguments);
            bare = bare.min(elapsed(&output(command)?)?);
            let mut debugger = Conversation::start_run(tool, &Run::of(program.path(), arguments))?;
            debugged = debugged.min(elapsed(&debugger.send(tool.run_command())?.0)?);
        }
        let numbers = [("bare", bare), ("debugged", debugged)];
        let numbers = numbers.map(|(name, time)| (name, Unit::Milliseconds, time.as_secs_f64() * 1000.0));
        let times = debugged.as_secs_f64() / bare.as_secs_f64();
        Ok(numbers.into_iter().chain([("to bare", Unit::Times, times)]).collect())
    })
}

fn rate(count: usize, time: Duration) -> (&'static str, Unit, f64) {
    ("rate", Unit::PerSecond, count as f64 / time.as_secs_f64())
}

/// How long the program says that it took.
fn elapsed(said: &str) -> Result<Duration> {
    let number = said.split("elapsed ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let number = number.with_context(|| format!("the program does not say how long it took: {said}"))?;
    Ok(Duration::from_nanos(number.parse()?))
}

/// Runs a command to its end; returns what it and its children said.
fn output(mut command: Command) -> Result<String> {
    let (output, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    drop(command);
    let said = Transcript::of(output);
    let ended = said.wait_for_end(PATIENCE);
    if !ended {
        child.kill()?;
    }
    child.wait()?;
    ensure!(ended, "does not end, only: {}", said.text());
    Ok(said.text())
}
