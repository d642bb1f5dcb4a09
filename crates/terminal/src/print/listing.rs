//! Source listings.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use adit_expr::{LineScanner, Piece, PieceKind};

use crate::config::Color;
use crate::terminal::Terminal;

pub(crate) const DEFAULT_LINES: i64 = 5;
const RESET: &str = "\x1b[0m";
/// Sources larger than this are not listed.
const MAX_SOURCE: u64 = 256 << 20;

/// Source files that are read as they are asked for.
pub(crate) struct Sources<'a> {
    terminal: &'a mut Terminal,
    files: HashMap<String, Vec<String>>,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(terminal: &'a mut Terminal) -> Self {
        Self { terminal, files: HashMap::new() }
    }

    /// A line of a file; `None` if it cannot be had.
    pub(crate) fn line(&mut self, file: &str, line: i64) -> Option<String> {
        if !self.files.contains_key(file) {
            let read = self.terminal.read_source(file).map(|(text, _)| text).unwrap_or_default();
            self.files.insert(file.to_owned(), read.lines().map(str::to_owned).collect());
        }
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        self.files.get(file)?.get(index).cloned()
    }
}

impl Terminal {
    /// The text of a source file, and when it was changed last. `file` is the path that the program has.
    fn read_source(&mut self, file: &str) -> Result<(String, Option<SystemTime>), String> {
        let mut path = self.source_path(file);
        if !std::path::Path::new(&path).exists()
            && let Ok(Some(copy)) = self.client.source_file(file)
        {
            path = copy.display().to_string();
        }
        let failed = |e: &std::io::Error| format!("open {path}: {}", crate::terminal::os_text(e));
        let metadata = std::fs::metadata(&path).map_err(|e| failed(&e))?;
        if metadata.len() > MAX_SOURCE {
            return Err(format!("open {path}: file too large to list"));
        }
        let bytes = std::fs::read(&path).map_err(|e| failed(&e))?;
        Ok((String::from_utf8_lossy(&bytes).into_owned(), metadata.modified().ok()))
    }

    /// Prints the lines around `line` of `file`, with an arrow at it if `arrow`.
    pub(crate) fn list_source(&mut self, file: &str, line: i64, arrow: bool) -> Result<(), String> {
        if file.is_empty() {
            return Ok(());
        }
        let (source, modified) = self.read_source(file)?;
        if self.is_newer_than_executable(modified) {
            self.println("Warning: listing may not match stale executable");
        }
        let count = self.config.source_list_line_count.unwrap_or(DEFAULT_LINES);
        let text = self.listing(&source, line, count, arrow);
        self.out.print(&text);
        Ok(())
    }

    fn is_newer_than_executable(&mut self, modified: Option<SystemTime>) -> bool {
        let Some(source) = modified else { return false };
        // Most sources are older than what was built of them: the session is asked once, not at each stop.
        if self.built.1.is_none_or(|built| source > built) {
            self.built.1 = self.client.last_modified().ok().and_then(|text| parse_rfc3339(&text));
        }
        self.built.1.is_some_and(|built| source > built)
    }

    fn listing(&self, source: &str, line: i64, count: i64, arrow: bool) -> String {
        let mut scanner = LineScanner::new();
        let mut out = String::new();
        for (index, text) in source.lines().enumerate() {
            let number = index as i64 + 1;
            if number > line.saturating_add(count) {
                break;
            }
            // Lines before the first one shown matter too: a comment may begin there.
            let plain = || vec![Piece { kind: PieceKind::Other, range: 0..text.len() }];
            let pieces = if self.color { scanner.line(text) } else { plain() };
            if number < line.saturating_sub(count) {
                continue;
            }
            let mark = if arrow && number == line { "=>" } else { "  " };
            out.push_str(&self.line_head(mark, number));
            for piece in pieces {
                out.push_str(&self.paint(piece.kind, text.get(piece.range).unwrap_or_default()));
            }
            out.push('\n');
        }
        out
    }

    fn line_head(&self, mark: &str, number: i64) -> String {
        if !self.color {
            return format!("{mark}{number:4}:\t");
        }
        let arrow = or_default(&self.config.source_list_arrow_color, "\x1b[33m");
        let color = match &self.config.source_list_line_color {
            None => "\x1b[34m".to_owned(),
            Some(Color::Code(code)) => format!("\x1b[{code}m"),
            Some(Color::Escape(escape)) => escape.clone(),
        };
        format!("{arrow}{mark}{RESET}{color}{number:4}:\t{RESET}")
    }

    fn paint(&self, kind: PieceKind, text: &str) -> String {
        let tab = if self.config.tab.is_empty() { "\t" } else { &self.config.tab };
        if !self.color {
            return text.replace('\t', tab);
        }
        let config = &self.config;
        let color = match kind {
            PieceKind::Other => "",
            PieceKind::Keyword => config.source_list_keyword_color.as_str(),
            PieceKind::String => or_default(&config.source_list_string_color, "\x1b[32m"),
            PieceKind::Number => config.source_list_number_color.as_str(),
            PieceKind::Comment => or_default(&config.source_list_comment_color, "\x1b[95m"),
        };
        let tab = format!("{}{tab}{RESET}{color}", or_default(&config.source_list_tab_color, "\x1b[90m"));
        let text = text.replace('\t', &tab);
        if color.is_empty() { text } else { format!("{color}{text}{RESET}") }
    }
}

fn or_default<'a>(color: &'a str, default: &'a str) -> &'a str {
    if color.is_empty() { default } else { color }
}

/// A moment as RFC 3339 has it, to the second.
fn parse_rfc3339(text: &str) -> Option<SystemTime> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone.split_at_checked(1)? {
        ("Z", _) => 0,
        (sign, rest) => {
            let (hours, minutes) = rest.split_once(':')?;
            let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            if sign == "-" { -seconds } else { seconds }
        }
    };
    // Days since the epoch, with years that start in March so that the leap day comes last.
    let shifted = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = shifted * 365 + shifted.div_euclid(4) - shifted.div_euclid(100)
        + shifted.div_euclid(400)
        + day_of_year
        - 719_468;
    let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
    // A file written in the same second is not newer.
    Some(UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).ok()? + 1))
}

#[cfg(test)]
mod tests {
    use super::parse_rfc3339;
    use std::time::UNIX_EPOCH;

    #[test]
    fn moments() {
        for (text, unix) in [
            ("2023-11-14T22:13:20Z", Some(1_700_000_000)),
            ("2023-11-14T23:13:20.5+01:00", Some(1_700_000_000)),
            ("2000-02-29T00:00:00Z", Some(951_782_400)),
            ("", None),
            ("2023-11-14", None),
        ] {
            let seconds = parse_rfc3339(text).map(|t| t.duration_since(UNIX_EPOCH).unwrap().as_secs() - 1);
            assert_eq!(seconds, unix, "{text}");
        }
    }
}
