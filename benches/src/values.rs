//! Values and expressions: what is typed after `print` and `call`, and what that takes inside the library.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use adit_e2e::Program;
use adit_engine::Debugger;
use adit_engine::breakpoint::{BreakpointOptions, BreakpointPlace};
use adit_engine::value::LoadConfig;
use adit_native::{Launch, launch};
use adit_symbols::Binary;
use anyhow::{Context, Result, bail, ensure};

use crate::debugger::{Conversation, Tool};
use crate::measure::{Outcome, Unit, at, each, milliseconds, percentile};

/// The argument with which this program measures evaluation in the library, and does nothing else.
pub(crate) const ARGUMENT: &str = "--evaluations-of";

/// A short command is given so often.
const SHORT_RUNS: usize = 200;

/// A call, which lets the program run, so often.
const CALLS: usize = 50;

/// How long expressions are evaluated in the library.
const EVALUATING: Duration = Duration::from_secs(2);

/// What is printed at once, and what must be in the answer.
struct Print {
    name: &'static str,
    limits: &'static [&'static str],
    expression: &'static str,
    expected: &'static str,
    /// Others take minutes, or never end.
    only_adit: bool,
}

const PRINTS: [Print; 5] = [
    Print {
        name: "print 1,000,000 ints",
        limits: &["max-array-values 1000000"],
        expression: "slice",
        expected: "999998,999999]",
        only_adit: false,
    },
    Print {
        name: "print a map of 100,000",
        limits: &["max-array-values 100000"],
        expression: "dict",
        expected: "99999: 199998, ",
        only_adit: false,
    },
    Print {
        name: "print a map of 100,000 strings",
        limits: &["max-array-values 100000"],
        expression: "words",
        expected: "\"key 99999\": 99999, ",
        only_adit: false,
    },
    Print {
        name: "print a list 1,000 deep",
        limits: &["max-variable-recurse 1001"],
        expression: "shallow",
        expected: "Value: 0,",
        only_adit: false,
    },
    Print {
        name: "print a list 10,000 deep",
        limits: &["max-variable-recurse 10001"],
        expression: "deep",
        expected: "Value: 0,",
        only_adit: true,
    },
];

/// Short questions, and what must be in the answer.
const QUESTIONS: [(&str, &str, &str); 4] = [
    ("evaluate number + 1", "print number + 1", "43"),
    ("print one map element by int key", "print dict[77777]", "155554"),
    ("print one map element by string key", "print words[\"key 77777\"]", "77777"),
    ("print slice[500000]", "print slice[500000]", "500000"),
];

/// Calls of a small function.
const CALLED: [(&str, &str, &str); 2] =
    [("call f(1)", "call double(1)", "2"), ("call f(1) + f(2)", "call double(1) + double(2)", "6")];

/// All of them on one program, by name.
pub(crate) fn measure(tools: &[Tool], program: &Program) -> Vec<(String, Vec<Outcome>)> {
    let mut measured = Vec::new();
    for print in &PRINTS {
        measured.push((print.name.to_owned(), each(tools, |tool| printed(tool, program, print))));
    }
    for (name, command, expected) in QUESTIONS {
        let outcome = each(tools, |tool| repeated(tool, program, command, expected, SHORT_RUNS));
        measured.push((name.to_owned(), outcome));
    }
    for (name, command, expected) in CALLED {
        let outcome = each(tools, |tool| repeated(tool, program, command, expected, CALLS));
        measured.push((name.to_owned(), outcome));
    }
    measured.push(("evaluate in the library".to_owned(), vec![in_library(program)]));
    measured
}

fn printed(tool: &Tool, program: &Program, print: &Print) -> Outcome {
    ensure!(tool.is_adit_or_delve(), "has other limits");
    ensure!(!print.only_adit || tool.name == "adit", "left out: it takes minutes");
    let mut debugger = at(tool, program, "made")?;
    for limit in print.limits {
        debugger.send(&format!("config {limit}"))?;
    }
    let before = debugger.peak_memory()?;
    let (text, time) = debugger.send(&format!("print {}", print.expression))?;
    let start: String = text.chars().take(200).collect();
    ensure!(text.contains(print.expected), "printed {} bytes: {start}", text.len());
    let memory = debugger.peak_memory()?;
    Ok(vec![
        ("time", Unit::Milliseconds, milliseconds(time)),
        ("peak memory", Unit::Mebibytes, memory as f64 / 1024.0),
        ("of it for this", Unit::Mebibytes, memory.saturating_sub(before) as f64 / 1024.0),
    ])
}

/// One command again and again.
fn repeated(tool: &Tool, program: &Program, command: &str, expected: &str, count: usize) -> Outcome {
    ensure!(tool.is_adit_or_delve(), "speaks another language");
    let mut debugger: Conversation = at(tool, program, "made")?;
    let (text, first) = debugger.send(command)?;
    ensure!(text.contains(expected), "{command}: {text}");
    let mut times = Vec::new();
    for _ in 0..count {
        times.push(debugger.send(command)?.1);
    }
    Ok(vec![
        ("first", Unit::Milliseconds, milliseconds(first)),
        ("median", Unit::Milliseconds, percentile(&mut times, 50)),
        ("p95", Unit::Milliseconds, percentile(&mut times, 95)),
        ("peak memory", Unit::Mebibytes, debugger.peak_memory()? as f64 / 1024.0),
    ])
}

/// Evaluations per second, in a process of its own.
fn in_library(program: &Program) -> Outcome {
    let own = std::env::current_exe().context("this program is not found")?;
    let line = program.at("made");
    let output = Command::new(own).arg(ARGUMENT).arg(program.path()).arg(line).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let last = said.lines().last().unwrap_or_default();
    let rates: Vec<f64> = last.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [sum, member, element] = rates[..] else { bail!("no numbers: {said}") };
    Ok(vec![
        ("number + 1", Unit::PerSecond, sum),
        ("deep.Next.Next.Value", Unit::PerSecond, member),
        ("dict[77777]", Unit::PerSecond, element),
    ])
}

/// What the process of its own does: prints the numbers, behind what the program prints.
pub(crate) fn print(program: &Path, line: &str) -> Result<()> {
    let binary = Arc::new(Binary::open(program)?);
    let mut debugger = Debugger::new(Box::new(launch(&Launch::new(program))?), binary)?;
    let places = debugger.find_location(None, line)?;
    let addrs = places.iter().flat_map(|place| place.addrs.clone()).collect();
    debugger.create_breakpoint(None, BreakpointOptions::default(), BreakpointPlace::default(), addrs)?;
    debugger.continue_()?;
    let scope = debugger.scope(-1, 0)?;
    let mut rates = Vec::new();
    for (text, expected) in
        [("number + 1", "43"), ("deep.Next.Next.Value", "9997"), ("dict[77777]", "155554")]
    {
        let (begun, mut count) = (Instant::now(), 0_u32);
        while begun.elapsed() < EVALUATING {
            let value = debugger.eval(&scope, text, &LoadConfig::FULL)?;
            ensure!(value.value == expected, "{text} is {}", value.value);
            count += 1;
        }
        rates.push(format!("{}", f64::from(count) / begun.elapsed().as_secs_f64()));
    }
    debugger.kill()?;
    println!("{}", rates.join(" "));
    Ok(())
}
