//! The text of the prompt.

use std::time::{SystemTime, UNIX_EPOCH};

/// What the escapes of a prompt stand for.
pub(crate) struct PromptValues {
    pub(crate) frame: i64,
    pub(crate) goroutine: Option<i64>,
    pub(crate) thread: Option<i64>,
    pub(crate) pid: Option<i64>,
}

/// Replaces `$d` (time), `$f` (frame), `$g` (goroutine), `$t` (thread), `$p` (process id) and `$$`.
pub(crate) fn expand(template: &str, values: &PromptValues) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        let Some(escape) = rest.chars().next() else {
            out.push_str("<malformed escape>");
            break;
        };
        rest = &rest[escape.len_utf8()..];
        let number = |n: Option<i64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
        match escape {
            '$' => out.push('$'),
            'f' => out.push_str(&values.frame.to_string()),
            'g' => out.push_str(&number(values.goroutine)),
            't' => out.push_str(&number(values.thread)),
            'p' => out.push_str(&number(values.pid)),
            'd' => {
                let layout = rest.strip_prefix('{').and_then(|r| r.split_once('}'));
                match layout {
                    Some((layout, after)) => {
                        out.push_str(&Time::now().go_layout(layout));
                        rest = after;
                    }
                    None if rest.starts_with('{') => out.push_str("<malformed escape>"),
                    None => out.push_str(&Time::now().rfc3339(false)),
                }
            }
            _ => out.push_str("<malformed escape>"),
        }
    }
    out.push_str(rest);
    out
}

/// A time as RFC 3339 with nanoseconds, in UTC.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    Time::at(time).rfc3339(true)
}

/// A moment in UTC.
struct Time {
    year: i64,
    month: i64,
    day: i64,
    seconds: i64,
    nanoseconds: u32,
}

impl Time {
    fn now() -> Self {
        Self::at(SystemTime::now())
    }

    fn at(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_unix(since.as_secs() as i64, since.subsec_nanos())
    }

    /// Days to civil date in the proleptic Gregorian calendar, with years that start in March so that the leap
    /// day comes last.
    fn from_unix(unix: i64, nanoseconds: u32) -> Self {
        let days = unix.div_euclid(86400) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Self {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            seconds: unix.rem_euclid(86400),
            nanoseconds,
        }
    }

    fn rfc3339(&self, nanoseconds: bool) -> String {
        let mut fraction = String::new();
        if nanoseconds && self.nanoseconds != 0 {
            fraction = format!(".{:09}", self.nanoseconds).trim_end_matches('0').to_owned();
        }
        format!("{}{fraction}Z", self.go_layout("2006-01-02T15:04:05"))
    }

    /// The time in a layout of Go's `time` package, as far as it is made of numbers.
    fn go_layout(&self, layout: &str) -> String {
        let (hour, minute, second) = (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60);
        let fields = [
            ("2006", format!("{:04}", self.year)),
            ("01", format!("{:02}", self.month)),
            ("02", format!("{:02}", self.day)),
            ("15", format!("{hour:02}")),
            ("03", format!("{:02}", (hour + 11) % 12 + 1)),
            ("04", format!("{minute:02}")),
            ("05", format!("{second:02}")),
            ("06", format!("{:02}", self.year % 100)),
            ("PM", if hour < 12 { "AM" } else { "PM" }.to_owned()),
        ];
        let mut out = String::new();
        let mut rest = layout;
        while let Some(c) = rest.chars().next() {
            match fields.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    out.push_str(value);
                    rest = &rest[name.len()..];
                }
                None => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{PromptValues, Time, expand};

    #[test]
    fn escapes() {
        let values = PromptValues { frame: 2, goroutine: Some(7), thread: None, pid: Some(40) };
        assert_eq!(expand("$p/$g:$f$$ $t> ", &values), "40/7:2$ ?> ");
        assert_eq!(expand("$x", &values), "<malformed escape>");
        assert_eq!(expand("$", &values), "<malformed escape>");
        assert_eq!(expand("$d{06", &values), "<malformed escape>{06");
    }

    #[test]
    fn dates() {
        let time = Time::from_unix(1_700_000_000, 120_000_000);
        assert_eq!(time.rfc3339(true), "2023-11-14T22:13:20.12Z");
        assert_eq!(time.go_layout("02.01.06 03:04 PM"), "14.11.23 10:13 PM");
        assert_eq!(Time::from_unix(951_782_400, 0).rfc3339(true), "2000-02-29T00:00:00Z");
    }
}
