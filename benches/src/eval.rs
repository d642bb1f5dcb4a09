//! Evaluating simple expressions, inside the library: through the debugger's own engine, without a prompt or a client.
//! In a process of its own, which is this program again.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use adit_engine::Debugger;
use adit_engine::breakpoint::BreakpointPlace;
use adit_engine::value::LoadConfig;
use adit_native::{Launch, launch};
use adit_symbols::Binary;
use anyhow::{Context, Result, ensure};

use crate::measure::{Outcome, Unit};

/// The argument with which this program measures evaluation, and does nothing else.
pub(crate) const ARGUMENT: &str = "--evaluate-in";

/// Each is evaluated this often.
const TIMES: u32 = 100_000;

const EXPRESSIONS: [(&str, &str); 7] = [
    ("variable", "i"),
    ("sum", "x + 1"),
    ("selectors", "s.a.b"),
    ("comparison", "i == 7 && u8 > 100"),
    ("element", "ints[i - 4]"),
    ("package variable", "main.total"),
    ("conversion", "float64(i) / 2"),
];

/// How many evaluations are made in a second, at the line of `program` with this mark.
pub(crate) fn measure(program: &Path, line: u32) -> Outcome {
    let own = std::env::current_exe().context("this program is not found")?;
    let output = Command::new(own).arg(ARGUMENT).arg(program).arg(line.to_string()).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let rates =
        said.split_whitespace().map(|word| word.parse().with_context(|| format!("{word} is no number")));
    EXPRESSIONS.iter().zip(rates).map(|((name, _), rate)| Ok((*name, Unit::PerSecond, rate?))).collect()
}

/// What the process of its own does: prints the numbers.
pub(crate) fn print(program: &Path, line: &str) -> Result<()> {
    let binary = Arc::new(Binary::open(program)?);
    let process = launch(&Launch::new(program))?;
    let mut debugger = Debugger::new(Box::new(process), binary)?;
    let found = debugger.find_location(None, &format!("main.go:{line}"))?;
    let addrs = found.into_iter().flat_map(|location| location.addrs).collect();
    debugger.create_breakpoint(None, Default::default(), BreakpointPlace::default(), addrs)?;
    debugger.continue_()?;
    let goroutine = debugger.selection().goroutine.context("no goroutine has stopped")?;
    let config = LoadConfig::FULL;
    for (_, expression) in EXPRESSIONS {
        let scope = debugger.scope(goroutine, 0)?;
        let begun = Instant::now();
        for _ in 0..TIMES {
            let value = debugger.eval(&scope, expression, &config)?;
            ensure!(value.unreadable.is_empty(), "{expression}: {}", value.unreadable);
        }
        println!("{}", f64::from(TIMES) / begun.elapsed().as_secs_f64());
    }
    debugger.kill()?;
    Ok(())
}
