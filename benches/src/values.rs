//! Values and expressions: what is typed after `print` and `call`.

use adit_e2e::Program;
use anyhow::ensure;

use crate::debugger::{Conversation, Tool};
use crate::measure::{Outcome, Unit, at, each, milliseconds, percentile};

/// A short command is given so often.
const SHORT_RUNS: usize = 200;

/// A call, which lets the program run, so often.
const CALLS: usize = 50;

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
