//! The table and the file of results.

use std::path::Path;

use adit_e2e::Go;
use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::debugger::Tool;
use crate::measure::{Outcome, Unit};

/// Results as they come in.
pub(crate) struct Report {
    tools: Vec<(String, String)>,
    go: String,
    rows: Vec<Row>,
    bars: Vec<(String, bool)>,
    failures: Vec<String>,
}

/// What adit is to reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bar {
    /// Its number is this many times better than Delve's.
    TimesDelve(f64),
    /// Its number is this at most.
    AtMost(f64),
}

/// One number of each debugger, in the order of the tools; `None` where it could not.
struct Row {
    subject: String,
    aspect: &'static str,
    unit: Unit,
    values: Vec<Option<f64>>,
}

impl Report {
    pub(crate) fn new(go: &Go, tools: &[Tool]) -> Self {
        let tools = tools.iter().map(|tool| (tool.name.to_owned(), tool.version.clone())).collect();
        Report {
            tools,
            go: go.version().to_owned(),
            rows: Vec::new(),
            bars: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Adds one measurement's outcomes, one of each tool.
    pub(crate) fn add(&mut self, subject: &str, outcomes: Vec<Outcome>) {
        for ((tool, _), outcome) in self.tools.iter().zip(&outcomes) {
            if let Err(error) = outcome {
                self.failures.push(format!("{subject}, {tool}: {error:#}"));
            }
        }
        let Some(aspects) = outcomes.iter().find_map(|outcome| outcome.as_ref().ok()) else { return };
        for (index, &(aspect, unit, _)) in aspects.iter().enumerate() {
            let number = |outcome: &Outcome| Some(outcome.as_ref().ok()?.get(index)?.2);
            let mut values: Vec<Option<f64>> = outcomes.iter().map(number).collect();
            // What only adit was asked.
            values.resize(self.tools.len(), None);
            self.rows.push(Row { subject: subject.to_owned(), aspect, unit, values });
        }
    }

    /// Holds a number that was added to a bar.
    pub(crate) fn hold(&mut self, subject: &str, aspect: &str, bar: Bar) {
        let Some(row) = self.rows.iter().find(|row| row.subject == subject && row.aspect == aspect) else {
            return self.failures.push(format!("{subject}: {aspect}: not measured"));
        };
        let delve = self.tools.iter().position(|(name, _)| name == "dlv");
        let (reached, wanted) = match bar {
            Bar::TimesDelve(times) => {
                let advantage = delve.and_then(|index| advantage(row, index));
                let Some(advantage) = advantage else { return };
                (advantage >= times, format!("{advantage:.1} times Delve's, bar {times}"))
            }
            Bar::AtMost(most) => {
                let Some(value) = row.values[0] else { return };
                (value <= most, format!("{}, bar {}", with_unit(value, row.unit), with_unit(most, row.unit)))
            }
        };
        let verdict = if reached { "reached" } else { "MISSED" };
        self.bars.push((format!("{verdict:<8} {subject}: {aspect}: {wanted}"), reached));
    }

    /// Says that a program could not be had.
    pub(crate) fn left_out(&mut self, subject: &str, reason: &anyhow::Error) {
        self.failures.push(format!("{subject}: left out: {reason:#}"));
    }

    pub(crate) fn print(&self) {
        println!("\nprograms built with go {}\n", self.go);
        print!("{:<56}", "");
        for (tool, version) in &self.tools {
            print!("{:>22}", shortened(&format!("{tool} {version}")));
        }
        println!();
        for row in &self.rows {
            print!("{:<56}", format!("{}: {}", row.subject, row.aspect));
            for (index, value) in row.values.iter().enumerate() {
                let times = advantage(row, index).map_or(String::new(), |times| format!(" ({times:.1}x)"));
                let shown =
                    value.map_or("-".to_owned(), |value| format!("{}{times}", with_unit(value, row.unit)));
                print!("{shown:>22}");
            }
            println!();
        }
        if !self.bars.is_empty() {
            println!();
        }
        for line in self.bars.iter().map(|(line, _)| line).chain(&self.failures) {
            println!("{line}");
        }
    }

    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.row_json(row)).collect();
        let tools: Vec<Value> =
            self.tools.iter().map(|(name, version)| json!({ "name": name, "version": version })).collect();
        let bars: Vec<Value> =
            self.bars.iter().map(|(bar, reached)| json!({ "bar": bar, "reached": reached })).collect();
        let report = json!({
            "go": self.go, "tools": tools, "results": rows, "bars": bars, "failures": self.failures,
        });
        let text = serde_json::to_string_pretty(&report).context("the results are no JSON")?;
        std::fs::write(path, text + "\n").with_context(|| format!("could not write {}", path.display()))
    }

    fn row_json(&self, row: &Row) -> Value {
        let named = |number: &dyn Fn(usize) -> Option<f64>| -> Value {
            self.tools
                .iter()
                .enumerate()
                .map(|(index, (name, _))| (name.clone(), json!(number(index))))
                .collect()
        };
        json!({
            "subject": row.subject,
            "aspect": row.aspect,
            "unit": match row.unit {
                Unit::Milliseconds => "ms",
                Unit::Mebibytes => "MiB",
                Unit::MebibytesPerSecond => "MiB/s",
                Unit::PerSecond => "/s",
                Unit::Count => "",
                Unit::Times => "x",
            },
            "values": named(&|index| row.values[index]),
            "adit_is_better_by": named(&|index| advantage(row, index)),
        })
    }
}

/// How many times better than another's adit's number is: longer the other takes, or more of it adit does in a second.
/// adit is the first.
fn advantage(row: &Row, index: usize) -> Option<f64> {
    let adit = row.values[0]?;
    let other = row.values[index]?;
    let (worse, better) = if row.unit.is_rate() { (adit, other) } else { (other, adit) };
    (index > 0 && better > 0.0).then(|| worse / better)
}

fn with_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds if value < 10.0 => format!("{value:.2} ms"),
        Unit::Milliseconds => format!("{value:.0} ms"),
        Unit::Mebibytes => format!("{value:.0} MiB"),
        Unit::MebibytesPerSecond => format!("{value:.0} MiB/s"),
        Unit::PerSecond => format!("{value:.0}/s"),
        Unit::Count => format!("{value:.0}"),
        Unit::Times => format!("{value:.2}x"),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(21).collect()
}
