//! What is measured.

use std::path::Path;
use std::time::Duration;

use adit_e2e::Program;
use anyhow::{Result, bail, ensure};

use crate::debugger::{Conversation, Tool};

/// Runs of a measurement whose median counts; one more goes before them, for the machine's caches.
const RUNS: usize = 5;

/// What one debugger achieved: each number with its name and unit. An error is why it could not.
pub(crate) type Outcome = Result<Vec<(&'static str, Unit, f64)>>;

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    Mebibytes,
    MebibytesPerSecond,
    PerSecond,
    Count,
    /// How many times another number it is.
    Times,
}

impl Unit {
    /// Is more of it better?
    pub(crate) fn is_rate(self) -> bool {
        matches!(self, Unit::MebibytesPerSecond | Unit::PerSecond)
    }
}

/// From the start of the debugger to the prompt at the first line of main: time, and memory at that point.
pub(crate) fn first_stop(tools: &[Tool], program: &Path) -> Vec<Outcome> {
    first_stop_of(tools, program, |_| RUNS)
}

/// The same on a program so large that other debuggers take many seconds: once is enough of those.
pub(crate) fn first_stop_once(tools: &[Tool], program: &Path) -> Vec<Outcome> {
    first_stop_of(tools, program, |tool| if tool.name == "adit" { RUNS } else { 1 })
}

fn first_stop_of(tools: &[Tool], program: &Path, runs: impl Fn(&Tool) -> usize) -> Vec<Outcome> {
    each(tools, |tool| {
        let (mut ready, mut times) = (Vec::new(), Vec::new());
        let mut memory = 0;
        for run in 0..=runs(tool) {
            let mut debugger = Conversation::start(tool, program)?;
            debugger.send("break main.main")?;
            let set = debugger.age();
            let (stop, _) = debugger.send(tool.run_command())?;
            ensure!(stop.contains("main.main"), "no stop in main.main: {stop}");
            memory = debugger.peak_memory()?.max(memory);
            if run > 0 {
                ready.push(set);
                times.push(debugger.age());
            }
        }
        let memory = memory as f64 / 1024.0;
        Ok(vec![
            ("breakpoint is set", Unit::Milliseconds, percentile(&mut ready, 50)),
            ("time", Unit::Milliseconds, percentile(&mut times, 50)),
            ("peak memory", Unit::Mebibytes, memory),
        ])
    })
}

/// `goroutines` where there are ten thousand, the first time and again.
pub(crate) fn goroutines(tools: &[Tool], program: &Program) -> Vec<Outcome> {
    each(tools, |tool| {
        ensure!(tool.knows_goroutines(), "knows no goroutines");
        let mut debugger = at(tool, program, "parked")?;
        let (list, first) = debugger.send("goroutines")?;
        let listed = list.lines().filter(|line| line.contains("main.park")).count();
        ensure!(listed == 10_000, "{listed} goroutines listed");
        let (_, again) = debugger.send("goroutines")?;
        Ok(vec![
            ("first time", Unit::Milliseconds, milliseconds(first)),
            ("again", Unit::Milliseconds, milliseconds(again)),
        ])
    })
}

/// At the first stop, names looked for at the prompt: the first time, while an index may still be built, and again.
pub(crate) fn names(tools: &[Tool], program: &Path) -> Vec<Outcome> {
    each(tools, |tool| {
        let Some(commands) = tool.name_commands() else { bail!("has no such commands") };
        let mut debugger = Conversation::start(tool, program)?;
        debugger.send("break main.main")?;
        debugger.send(tool.run_command())?;
        let mut times = Vec::new();
        for command in commands.iter().chain(commands) {
            times.push(milliseconds(debugger.send(command)?.1));
        }
        let memory = debugger.peak_memory()? as f64 / 1024.0;
        let aspects =
            ["functions first", "types first", "variables first", "functions", "types", "variables"];
        let numbers = aspects.iter().zip(times).map(|(aspect, time)| (*aspect, Unit::Milliseconds, time));
        Ok(numbers.chain([("peak memory", Unit::Mebibytes, memory)]).collect())
    })
}

/// A debugger, stopped at a marked line.
pub(crate) fn at(tool: &Tool, program: &Program, mark: &str) -> Result<Conversation> {
    let mut debugger = Conversation::start(tool, program.path())?;
    debugger.send(&format!("break {}", program.at(mark)))?;
    debugger.send(tool.run_command())?;
    Ok(debugger)
}

/// The same asked of each debugger.
pub(crate) fn each(tools: &[Tool], measure: impl Fn(&Tool) -> Outcome) -> Vec<Outcome> {
    tools.iter().map(measure).collect()
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A percentile of times, in milliseconds: the value that this share of them does not exceed.
pub(crate) fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(index).copied().map_or(f64::NAN, milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let mut times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut times, 50), 100.0);
        assert_eq!(percentile(&mut times, 95), 190.0);
        assert_eq!(percentile(&mut times[..1], 95), 1.0);
    }
}
