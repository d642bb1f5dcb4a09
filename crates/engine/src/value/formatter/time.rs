//! Package `time`: durations, months, weekdays, locations. (`time.Time` itself has its time as its value.)

use super::view::View;
use super::{Family, Formatter, plain};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "Duration" => |_, view| Some(duration(view.int()?)),
        "Month" => |_, view| named(view, &MONTHS, 1),
        "Weekday" => |_, view| named(view, &DAYS, 0),
        "Location" => location,
        _ => return None,
    })
}

/// A name for a number. Where the debug information has the constant, the value says it already.
fn named(view: &View<'_>, names: &[&str], first: i64) -> Option<String> {
    let name = *names.get(usize::try_from(view.int()?.checked_sub(first)?).ok()?)?;
    (!view.scalar_text()?.starts_with(name)).then(|| name.to_owned())
}

/// `time/zoneinfo.go`: the zero `Location` is UTC; that of the machine is `Local`.
fn location(f: &Formatter, view: &View<'_>) -> Option<String> {
    let name = view.field("name")?.text(f.limit)?;
    match name.is_empty() {
        true if view
            .global("time.localLoc")
            .is_some_and(|local| view.value.addr().is_some_and(|a| a.0 == local)) =>
        {
            Some("Local".to_owned())
        }
        true => Some("UTC".to_owned()),
        false => Some(plain(&name)),
    }
}

/// As `time.Duration.String` writes it (`time/time.go`).
pub(super) fn duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let total = nanoseconds.unsigned_abs();
    let (unit, digits) = match total {
        0 => return "0s".to_owned(),
        1..1_000 => ("ns", 0),
        1_000..1_000_000 => ("µs", 3),
        1_000_000..1_000_000_000 => ("ms", 6),
        _ => {
            let (seconds, rest) = (total / 1_000_000_000, total % 1_000_000_000);
            let fraction = fraction(rest, 9);
            let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            return match (hours, minutes) {
                (0, 0) => format!("{sign}{seconds}{fraction}s"),
                (0, _) => format!("{sign}{minutes}m{seconds}{fraction}s"),
                _ => format!("{sign}{hours}h{minutes}m{seconds}{fraction}s"),
            };
        }
    };
    let scale = 10u64.pow(digits);
    format!("{sign}{}{}{unit}", total / scale, fraction(total % scale, digits as usize))
}

/// `.5` of 500 in `digits` digits; nothing of 0.
fn fraction(rest: u64, digits: usize) -> String {
    match rest {
        0 => String::new(),
        _ => format!(".{}", format!("{rest:0digits$}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_written_as_go_writes_them() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (2_200_000, "2.2ms"),
            (-1_500_000_000, "-1.5s"),
            (60_000_000_000, "1m0s"),
            (3_600_000_000_001, "1h0m0.000000001s"),
            (i64::MAX, "2562047h47m16.854775807s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(duration(nanoseconds), text);
        }
    }
}
