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
    failures: Vec<String>,
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
        Report { tools, go: go.version().to_owned(), rows: Vec::new(), failures: Vec::new() }
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
                let ratio = ratio(row, index).map_or(String::new(), |ratio| format!(" ({ratio:.1}x)"));
                let shown =
                    value.map_or("-".to_owned(), |value| format!("{}{ratio}", with_unit(value, row.unit)));
                print!("{shown:>22}");
            }
            println!();
        }
        for failure in &self.failures {
            println!("{failure}");
        }
    }

    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.row_json(row)).collect();
        let tools: Vec<Value> =
            self.tools.iter().map(|(name, version)| json!({ "name": name, "version": version })).collect();
        let report = json!({ "go": self.go, "tools": tools, "results": rows, "failures": self.failures });
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
            },
            "values": named(&|index| row.values[index]),
            "times_adit": named(&|index| ratio(row, index)),
        })
    }
}

/// How many times adit's number another's is; adit is the first.
fn ratio(row: &Row, index: usize) -> Option<f64> {
    let adit = row.values[0]?;
    let other = row.values[index]?;
    (index > 0 && adit > 0.0).then(|| other / adit)
}

fn with_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds if value < 10.0 => format!("{value:.2} ms"),
        Unit::Milliseconds => format!("{value:.0} ms"),
        Unit::Mebibytes => format!("{value:.0} MiB"),
        Unit::MebibytesPerSecond => format!("{value:.0} MiB/s"),
        Unit::PerSecond => format!("{value:.0}/s"),
        Unit::Count => format!("{value:.0}"),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(21).collect()
}
