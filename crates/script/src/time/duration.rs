//! Lengths of time as Go writes and reads them: `1h2m3.5s`.

const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The text of a number of nanoseconds.
pub(crate) fn text(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    let fraction = |of: u64, unit: &str| {
        let digits = of.to_string().len() - 1;
        let rest = format!("{:0digits$}", all % of);
        let rest = rest.trim_end_matches('0');
        let point = if rest.is_empty() || of == 1 { String::new() } else { format!(".{rest}") };
        format!("{}{point}{unit}", all / of)
    };
    let written = match all {
        0 => return "0s".to_owned(),
        1..1_000 => format!("{all}ns"),
        1_000..1_000_000 => fraction(1_000, "µs"),
        1_000_000..1_000_000_000 => fraction(1_000_000, "ms"),
        _ => {
            let minutes = all / 60_000_000_000;
            let of_minute = all % 60_000_000_000;
            let rest = format!("{:09}", of_minute % 1_000_000_000);
            let rest = rest.trim_end_matches('0');
            let point = if rest.is_empty() { String::new() } else { format!(".{rest}") };
            let seconds = format!("{}{point}s", of_minute / 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => seconds,
                (0, minutes) => format!("{minutes}m{seconds}"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
            }
        }
    };
    format!("{sign}{written}")
}

/// The nanoseconds of a text such as `1h2m` or `-1.5s`.
pub(crate) fn parse(text: &str) -> Result<i64, String> {
    let refused = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(refused());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        let unit_end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit_end);
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refused)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || number.len() > 40 {
            return Err(refused());
        }
        let digits = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<i128>() };
        let fraction = fraction.get(..fraction.len().min(18)).unwrap_or_default();
        let scale = 10i128.pow(u32::try_from(fraction.len()).unwrap_or_default());
        let parts = (digits(whole), digits(fraction));
        let (Ok(whole), Ok(fraction)) = parts else { return Err(refused()) };
        let product = whole.checked_mul(*unit).ok_or_else(refused)?;
        total = total.checked_add(product + fraction * unit / scale).ok_or_else(refused)?;
        rest = behind;
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::{parse, text};

    #[test]
    fn texts_and_back() {
        for (nanoseconds, written) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (2_000_000, "2ms"),
            (1_500_000_000, "1.5s"),
            (-90_000_000_000, "-1m30s"),
            (3_600_000_000_000, "1h0m0s"),
            (i64::MIN + 1, "-2562047h47m16.854775807s"),
        ] {
            assert_eq!(text(nanoseconds), written);
            assert_eq!(parse(written), Ok(nanoseconds));
        }
        assert_eq!(parse("1.5h"), Ok(5_400_000_000_000));
        assert_eq!(parse(".5s"), Ok(500_000_000));
        for bad in ["", "-", "1", "1x", "s", ".s", "1..2s", "9999999999h", "é"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
