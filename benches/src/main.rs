//! adit side by side with the other debuggers of this machine, on the same programs in the same run:
//! `cargo xtask bench`.
//!
//! Each [`debugger::Tool`] is driven through its prompt as a person would, so what is measured is what a
//! person waits for. The results go to a table and, as JSON with the ratios, to `target/bench.json`.

mod attach;
mod control;
mod debugger;
mod eval;
mod generated;
mod index;
mod large;
mod measure;
mod report;
mod values;

use std::path::{Path, PathBuf};

use adit_e2e::{Flavour, Go, Program};
use anyhow::{Context, Result, ensure};

use crate::debugger::Tool;
use crate::report::Report;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if let [argument, program, cache] = arguments.as_slice()
        && argument.as_os_str() == index::ARGUMENT
    {
        return index::print(program, cache);
    }
    if let [argument, program, line] = arguments.as_slice()
        && argument.as_os_str() == eval::ARGUMENT
    {
        return eval::print(program, &line.to_string_lossy());
    }
    let parts: Vec<&Part> = match arguments.as_slice() {
        [] => PARTS.iter().collect(),
        [name] => PARTS.iter().filter(|part| Path::new(part.name) == name).collect(),
        _ => Vec::new(),
    };
    ensure!(!parts.is_empty(), "what is measured: {}, or all", PARTS.map(|part| part.name).join(", "));
    // The other debuggers may know no newer Go than the oldest that adit is tested with.
    let go = Go::oldest().context("there is no Go toolchain to build the programs with")?;
    let tools = debugger::all()?;
    let mut report = Report::new(&go, &tools);
    for part in parts {
        (part.measure)(&mut report, &tools, &go)?;
    }
    report.print();
    report.save(&target_directory().join("bench.json"))
}

/// What can be measured by itself.
struct Part {
    name: &'static str,
    measure: fn(&mut Report, &[Tool], &Go) -> Result<()>,
}

const PARTS: [Part; 3] = [
    Part { name: "control", measure: control },
    Part { name: "values", measure: all_values },
    Part { name: "large", measure: large_programs },
];

/// Starting, stepping, stopping.
fn control(report: &mut Report, tools: &[Tool], go: &Go) -> Result<()> {
    let hello = Program::build("hello", go);
    report.add("first stop, hello world", measure::first_stop(tools, hello.path()));
    let source = compiler_source(go)?;
    let compiler = Program::build_in(&source, go, Flavour::Debug);
    report.add("first stop, cmd/compile", measure::first_stop(tools, compiler.path()));
    report.add("10,000 goroutines listed", measure::goroutines(tools, &Program::build("many", go)));
    let paced = Program::build("paced", go);
    control::hits(report, tools, &paced);
    control::steps(report, tools, &paced);
    control::slow_down(report, tools, &paced);
    attach::measure(report, tools, go, &source, &target_directory())
}

/// Values and expressions.
fn all_values(report: &mut Report, tools: &[Tool], go: &Go) -> Result<()> {
    let expressions = Program::build("expressions", go);
    report.add("evaluations", vec![eval::measure(expressions.path(), line_of(&expressions, "main")?)]);
    for (name, outcomes) in values::measure(tools, &Program::build("values", go)) {
        report.add(&name, outcomes);
    }
    if let Some(newest) = Go::newest().filter(|newest| newest.version() != go.version()) {
        for (name, outcomes) in values::measure(&tools[..1], &Program::build("values", &newest)) {
            report.add(&format!("{name}, go {}", newest.version()), outcomes);
        }
    }
    Ok(())
}

/// Programs of hundreds of megabytes.
fn large_programs(report: &mut Report, tools: &[Tool], _: &Go) -> Result<()> {
    for program in large::programs(&target_directory()) {
        match program.built {
            Ok(path) => {
                let first = format!("{}: first stop", program.name);
                report.add(&first, measure::first_stop_once(tools, &path));
                report.add(&format!("{}: names", program.name), measure::names(tools, &path));
                report.add(&format!("{}: index", program.name), vec![index::measure(&path)]);
            }
            Err(reason) => report.left_out(&program.name, &reason),
        }
    }
    Ok(())
}

/// The line of a program with this mark.
fn line_of(program: &Program, mark: &str) -> Result<u32> {
    let place = program.at(mark);
    let (_, line) = place.rsplit_once(':').context("no line")?;
    Ok(line.parse()?)
}

/// The source of the Go compiler, the largest program that every toolchain brings along.
fn compiler_source(go: &Go) -> Result<PathBuf> {
    let root = go.command().args(["env", "GOROOT"]).output().context("go env does not run")?;
    let root = String::from_utf8(root.stdout).context("GOROOT is no text")?;
    Ok(PathBuf::from(root.trim()).join("src/cmd/compile"))
}

fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from)
}
