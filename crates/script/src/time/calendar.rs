//! Points in time as people write them, in UTC, by the layouts of Go's package `time`.

/// Nanoseconds of a second and of a day.
const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

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

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The layout of RFC 3339, the usual one.
pub(crate) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";

/// A date and a time of day, in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1, as the day.
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) nanosecond: i64,
}

impl Civil {
    /// The date and time so many nanoseconds after the epoch.
    pub(crate) fn at(nanoseconds: i128) -> Civil {
        let (days, of_day) = (nanoseconds.div_euclid(DAY) as i64, nanoseconds.rem_euclid(DAY));
        let (seconds, nanosecond) = ((of_day / SECOND) as i64, (of_day % SECOND) as i64);
        // The calendar repeats after 400 years of 146,097 days; years that begin in March have the leap day last.
        let days = days + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            nanosecond,
        }
    }

    /// Nanoseconds after the epoch; parts that are too large carry over, as they do in Go.
    pub(crate) fn nanoseconds(self) -> i128 {
        let months = i128::from(self.month) - 1;
        let (year, month) = (i128::from(self.year) + months.div_euclid(12), months.rem_euclid(12) + 1);
        let year = year - i128::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i128::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds = i128::from(self.hour) * 3600 + i128::from(self.minute) * 60 + i128::from(self.second);
        days * DAY + seconds * SECOND + i128::from(self.nanosecond)
    }

    fn weekday(self) -> &'static str {
        let days = self.nanoseconds().div_euclid(DAY) + 4;
        WEEKDAYS[days.rem_euclid(7) as usize]
    }

    fn month_name(self) -> &'static str {
        let month = usize::try_from(self.month - 1).unwrap_or_default();
        MONTHS.get(month).copied().unwrap_or_default()
    }

    /// The time in a layout of Go's.
    pub(crate) fn format(self, layout: &str) -> String {
        let mut out = String::new();
        let mut rest = layout;
        while !rest.is_empty() {
            let (element, length) = element(rest);
            self.write(element, &rest[..length], &mut out);
            rest = &rest[length..];
        }
        out
    }

    fn write(self, element: Element, text: &str, out: &mut String) {
        let hour12 = (self.hour + 11) % 12 + 1;
        let written = match element {
            Element::Text => text.to_owned(),
            Element::LongYear => format!("{:04}", self.year),
            Element::Year => format!("{:02}", self.year.rem_euclid(100)),
            Element::LongMonth => self.month_name().to_owned(),
            Element::ShortMonth => self.month_name().get(..3).unwrap_or_default().to_owned(),
            Element::LongWeekday => self.weekday().to_owned(),
            Element::ShortWeekday => self.weekday().get(..3).unwrap_or_default().to_owned(),
            Element::Month(width) => padded(self.month, width),
            Element::Day(width) => padded(self.day, width),
            Element::SpacedDay => format!("{:2}", self.day),
            Element::Hour => padded(self.hour, 2),
            Element::Hour12(width) => padded(hour12, width),
            Element::Minute(width) => padded(self.minute, width),
            Element::Second(width) => padded(self.second, width),
            Element::UpperNoon => if self.hour < 12 { "AM" } else { "PM" }.to_owned(),
            Element::LowerNoon => if self.hour < 12 { "am" } else { "pm" }.to_owned(),
            Element::Zone => "UTC".to_owned(),
            Element::Offset { utc_is_z: true, .. } => "Z".to_owned(),
            Element::Offset { colon, .. } => if colon { "+00:00" } else { "+0000" }.to_owned(),
            Element::Fraction { digits, trimmed } => {
                let all = format!("{:09}", self.nanosecond);
                let kept = all.get(..digits).unwrap_or(&all);
                let kept = if trimmed { kept.trim_end_matches('0') } else { kept };
                if kept.is_empty() { String::new() } else { format!("{}{kept}", &text[..1]) }
            }
        };
        out.push_str(&written);
    }

    /// The time that `text` names in a layout of Go's, in nanoseconds after the epoch.
    pub(crate) fn parse(layout: &str, text: &str) -> Result<i128, String> {
        let refused = || format!("parsing time {text:?} as {layout:?}: cannot parse");
        let mut civil = Civil { year: 0, month: 1, day: 1, ..Civil::default() };
        let (mut format, mut rest) = (layout, text);
        let (mut afternoon, mut offset) = (None, 0);
        while !format.is_empty() {
            let (element, length) = element(format);
            let element_text = &format[..length];
            rest =
                civil.read(element, element_text, rest, &mut afternoon, &mut offset).ok_or_else(refused)?;
            format = &format[length..];
            // A fraction may follow the seconds even where the layout has none.
            if matches!(element, Element::Second(_))
                && !format.starts_with(['.', ','])
                && let Some(digits) = rest.strip_prefix(['.', ','])
            {
                rest = civil.read_fraction(digits).unwrap_or(rest);
            }
        }
        if let Some(afternoon) = afternoon {
            civil.hour = civil.hour % 12 + if afternoon { 12 } else { 0 };
        }
        let in_range = (1..=12).contains(&civil.month)
            && (1..=31).contains(&civil.day)
            && civil.hour < 24
            && civil.minute < 60
            && civil.second < 60;
        let nanoseconds = civil.nanoseconds();
        if !rest.is_empty() || !in_range || Civil::at(nanoseconds).day != civil.day {
            return Err(refused());
        }
        Ok(nanoseconds - i128::from(offset) * SECOND)
    }

    /// Reads one element of a layout, and returns what follows it.
    fn read<'a>(
        &mut self,
        element: Element,
        layout: &str,
        text: &'a str,
        afternoon: &mut Option<bool>,
        offset: &mut i64,
    ) -> Option<&'a str> {
        let into = |place: &mut i64, least: usize, most: usize| {
            let (number, rest) = number(text, least, most)?;
            *place = number;
            Some(rest)
        };
        match element {
            Element::Text => text.strip_prefix(layout),
            Element::LongYear => into(&mut self.year, 4, 4),
            Element::Year => {
                let rest = into(&mut self.year, 2, 2)?;
                self.year += if self.year >= 69 { 1900 } else { 2000 };
                Some(rest)
            }
            Element::LongMonth => named(text, &MONTHS, usize::MAX, |month| self.month = month + 1),
            Element::ShortMonth => named(text, &MONTHS, 3, |month| self.month = month + 1),
            Element::LongWeekday => named(text, &WEEKDAYS, usize::MAX, |_| {}),
            Element::ShortWeekday => named(text, &WEEKDAYS, 3, |_| {}),
            Element::Month(width) => into(&mut self.month, width, 2),
            Element::Day(width) => into(&mut self.day, width, 2),
            Element::SpacedDay => {
                let (day, rest) = number(text.trim_start_matches(' '), 1, 2)?;
                self.day = day;
                Some(rest)
            }
            Element::Hour => into(&mut self.hour, 2, 2),
            Element::Hour12(width) => into(&mut self.hour, width, 2),
            Element::Minute(width) => into(&mut self.minute, width, 2),
            Element::Second(width) => into(&mut self.second, width, 2),
            Element::UpperNoon | Element::LowerNoon => {
                let noon = text.get(..2)?;
                *afternoon = Some(match noon.to_ascii_uppercase().as_str() {
                    "AM" => false,
                    "PM" => true,
                    _ => return None,
                });
                text.get(2..)
            }
            Element::Zone => text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")),
            Element::Offset { utc_is_z, colon } => {
                if let Some(rest) = text.strip_prefix('Z').filter(|_| utc_is_z) {
                    return Some(rest);
                }
                let sign = match text.chars().next()? {
                    '+' => 1,
                    '-' => -1,
                    _ => return None,
                };
                let (hours, rest) = number(&text[1..], 2, 2)?;
                let rest = if colon { rest.strip_prefix(':')? } else { rest };
                let (minutes, rest) = number(rest, 2, 2)?;
                *offset = sign * (hours * 3600 + minutes * 60);
                Some(rest)
            }
            Element::Fraction { trimmed, .. } => match text.strip_prefix(['.', ',']) {
                Some(digits) => self.read_fraction(digits),
                None => trimmed.then_some(text),
            },
        }
    }

    /// Reads the digits behind the point.
    fn read_fraction<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let digits = text.get(..end.min(9)).filter(|digits| !digits.is_empty())?;
        self.nanosecond = format!("{digits:0<9}").parse().ok()?;
        text.get(end..)
    }
}

/// A part of a layout.
#[derive(Clone, Copy)]
enum Element {
    Text,
    LongYear,
    Year,
    LongMonth,
    ShortMonth,
    LongWeekday,
    ShortWeekday,
    Month(usize),
    Day(usize),
    SpacedDay,
    Hour,
    Hour12(usize),
    Minute(usize),
    Second(usize),
    UpperNoon,
    LowerNoon,
    Zone,
    Offset { utc_is_z: bool, colon: bool },
    Fraction { digits: usize, trimmed: bool },
}

/// The element that a layout begins with, and how long it is.
fn element(layout: &str) -> (Element, usize) {
    const ELEMENTS: [(&str, Element); 25] = [
        ("January", Element::LongMonth),
        ("Jan", Element::ShortMonth),
        ("Monday", Element::LongWeekday),
        ("Mon", Element::ShortWeekday),
        ("MST", Element::Zone),
        ("2006", Element::LongYear),
        ("Z07:00", Element::Offset { utc_is_z: true, colon: true }),
        ("Z0700", Element::Offset { utc_is_z: true, colon: false }),
        ("-07:00", Element::Offset { utc_is_z: false, colon: true }),
        ("-0700", Element::Offset { utc_is_z: false, colon: false }),
        ("01", Element::Month(2)),
        ("02", Element::Day(2)),
        ("03", Element::Hour12(2)),
        ("04", Element::Minute(2)),
        ("05", Element::Second(2)),
        ("06", Element::Year),
        ("15", Element::Hour),
        ("PM", Element::UpperNoon),
        ("pm", Element::LowerNoon),
        ("_2", Element::SpacedDay),
        ("1", Element::Month(1)),
        ("2", Element::Day(1)),
        ("3", Element::Hour12(1)),
        ("4", Element::Minute(1)),
        ("5", Element::Second(1)),
    ];
    if let Some(digits) = layout.strip_prefix(['.', ',']) {
        for (digit, trimmed) in [('0', false), ('9', true)] {
            let count = digits.len() - digits.trim_start_matches(digit).len();
            let ends = !digits[count..].starts_with(|c: char| c.is_ascii_digit());
            if (1..=9).contains(&count) && ends {
                return (Element::Fraction { digits: count, trimmed }, count + 1);
            }
        }
    }
    let found = ELEMENTS.iter().find(|(name, _)| layout.starts_with(name));
    match found {
        Some((name, element)) => (*element, name.len()),
        None => (Element::Text, layout.chars().next().map_or(0, char::len_utf8)),
    }
}

fn padded(number: i64, width: usize) -> String {
    format!("{number:0width$}")
}

fn number(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let end = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if end < least {
        return None;
    }
    Some((text.get(..end)?.parse().ok()?, text.get(end..)?))
}

fn named<'a>(text: &'a str, names: &[&str], length: usize, take: impl FnOnce(i64)) -> Option<&'a str> {
    let short = |name: &&str| name.len().min(length);
    let position = names.iter().position(|name| {
        let given = text.get(..short(name));
        given.is_some_and(|given| given.eq_ignore_ascii_case(&name[..short(name)]))
    })?;
    take(i64::try_from(position).unwrap_or_default());
    text.get(short(&names[position])..)
}

#[cfg(test)]
mod tests {
    use super::{Civil, RFC3339};

    #[test]
    fn dates_and_nanoseconds() {
        for (seconds, date) in [
            (0i64, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (1_763_755_164, "2025-11-21T19:59:24Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"),
        ] {
            let nanoseconds = i128::from(seconds) * 1_000_000_000;
            assert_eq!(Civil::at(nanoseconds).format(RFC3339), date);
            assert_eq!(Civil::parse(RFC3339, date), Ok(nanoseconds));
        }
        let carried = Civil { year: 2024, month: 14, day: 30, hour: 25, ..Civil::default() };
        assert_eq!(Civil::at(carried.nanoseconds()).format(RFC3339), "2025-03-03T01:00:00Z");
    }

    #[test]
    fn layouts() {
        let time = Civil::at(1_763_755_164_012_000_000);
        for (layout, text) in [
            ("Mon Jan _2 15:04:05 2006", "Fri Nov 21 19:59:24 2025"),
            ("Monday, 02-January-06 3:04PM MST", "Friday, 21-November-25 7:59PM UTC"),
            ("2006-01-02 15:04:05.999999999 -0700 MST", "2025-11-21 19:59:24.012 +0000 UTC"),
            ("15:04:05.000 1/2", "19:59:24.012 11/21"),
            ("at é", "at é"),
        ] {
            assert_eq!(time.format(layout), text);
        }
        let parsed = Civil::parse("2006-01-02 3:04 pm -07:00", "2025-11-21 7:59 PM +01:30").unwrap();
        assert_eq!(Civil::at(parsed).format("15:04"), "18:29");
        assert_eq!(Civil::parse(RFC3339, "2025-11-21T19:59:24.5Z").unwrap() % 1_000_000_000, 500_000_000);
        for bad in
            ["2025-02-30T00:00:00Z", "2025-11-21", "2025-11-21T19:59:24Zx", "2025-13-01T00:00:00Z", "é"]
        {
            assert!(Civil::parse(RFC3339, bad).is_err(), "{bad}");
        }
    }
}
