//! The log: which components are in it, where it goes, what a line looks like.
//!
//! A component ("layer" in a line) is the target of a log record, or stands for the crate that the record
//! comes from. Warnings are always written, anything less only of the components that were asked for.

use std::fmt::{self, Write as _};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use thiserror::Error;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The component that `--log` alone turns on.
const DEFAULT: &str = "debugger";

/// Every component there is.
const COMPONENTS: [&str; 9] =
    [DEFAULT, "gdbwire", "lldbout", "debuglineerr", "rpc", "dap", "fncall", "minidump", "stack"];

/// The component of records that name none, by the crate they come from.
const CRATES: [(&str, &str); 5] = [
    ("adit_gdbremote", "gdbwire"),
    ("adit_symbols", "debuglineerr"),
    ("adit_rpc", "rpc"),
    ("adit_dap", "dap"),
    ("adit_corefile", "minidump"),
];

/// The log flags contradict each other, or the log has no place to go.
#[derive(Debug, Error)]
pub(crate) enum LogError {
    #[error("--log-output specified without --log")]
    OutputWithoutLog,
    #[error("could not open the log {path}: {error}")]
    Destination { path: PathBuf, error: io::Error },
}

/// Starts logging for the rest of the program's life, as the flags `--log`, `--log-output` and `--log-dest`
/// ask. Returns a warning for each component that does not exist.
pub(crate) fn start(log: bool, output: &str, destination: &str) -> Result<Vec<String>, LogError> {
    if !log && !output.is_empty() {
        return Err(LogError::OutputWithoutLog);
    }
    let mut unknown = Vec::new();
    let mut wanted = Vec::new();
    for name in output.split(',').filter(|name| !name.is_empty()) {
        match COMPONENTS.iter().find(|&&component| component == name) {
            Some(component) => wanted.push(*component),
            None => unknown
                .push(format!("Warning: unknown log output value \"{name}\", run 'dlv help log' for usage.")),
        }
    }
    if log && output.is_empty() {
        wanted.push(DEFAULT);
    }
    let writer = match destination {
        "" => BoxMakeWriter::new(io::stderr),
        destination => {
            if destination.parse::<i32>().is_err() {
                // A log is of one run.
                File::create(destination)
                    .map_err(|error| LogError::Destination { path: destination.into(), error })?;
            }
            BoxMakeWriter::new(Mutex::new(open(destination)?))
        }
    };
    let is_wanted = move |metadata: &Metadata<'_>| {
        *metadata.level() <= Level::WARN
            || (*metadata.level() <= Level::DEBUG && wanted.contains(&component(metadata.target())))
    };
    let layer = tracing_subscriber::fmt::layer().with_writer(writer).event_format(Line);
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(filter_fn(is_wanted)));
    // Only a second call could fail, and the first one's log is as good.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(unknown)
}

/// Opens a file at its end, or by its number a file that whoever started us left open for us: a pipe or a socket too.
pub(crate) fn open(destination: &str) -> Result<File, LogError> {
    let opened = match destination.parse() {
        Ok(number) => adit_native::inherited_file(number),
        Err(_) => OpenOptions::new().append(true).create(true).open(destination),
    };
    opened.map_err(|error| LogError::Destination { path: destination.into(), error })
}

fn component(target: &str) -> &str {
    if COMPONENTS.contains(&target) {
        return target;
    }
    let source = target.split("::").next().unwrap_or(target);
    CRATES.iter().find(|(name, _)| *name == source).map_or(DEFAULT, |(_, component)| component)
}

/// `2026-11-21T03:30:27Z debug layer=rpc,kind=in message`.
struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let level = metadata.level().as_str().to_ascii_lowercase();
        write!(writer, "{} {level} layer={}", rfc3339(now.as_secs()), component(metadata.target()))?;
        if !fields.kind.is_empty() {
            write!(writer, ",kind={}", fields.kind)?;
        }
        writeln!(writer, " {}{}", fields.message, fields.others)
    }
}

/// The fields of a record: its text, its kind, and the others as ` name=value`.
#[derive(Default)]
struct Fields {
    message: String,
    kind: String,
    others: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            "kind" => write!(self.kind, "{value:?}"),
            name => write!(self.others, " {name}={value:?}"),
        };
    }
}

/// The time in UTC, from seconds since 1970-01-01.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Counting years from March makes the leap day the last of a year; 719468 days are from 0000-03-01 to
    // 1970-01-01, and 146097 are 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_231_827), "2026-11-21T03:30:27Z");
        assert_eq!(rfc3339(4_107_542_400), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn records_belong_to_the_component_they_name_or_their_crates() {
        assert_eq!(component("stack"), "stack");
        assert_eq!(component("adit_rpc::server"), "rpc");
        assert_eq!(component("adit_engine::step"), DEFAULT);
    }

    #[test]
    fn an_output_without_a_log_is_an_error() {
        let error = start(false, "rpc", "").unwrap_err();
        assert_eq!(error.to_string(), "--log-output specified without --log");
    }

    #[test]
    fn a_log_that_cannot_be_opened_is_an_error() {
        let folder = std::env::temp_dir();
        let error = start(true, "", folder.to_str().unwrap()).unwrap_err();
        assert!(error.to_string().starts_with("could not open the log "), "{error}");
    }
}
