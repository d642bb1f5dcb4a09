//! `time.Time` as text (`time/time.go`).

/// Bit of `wall` that says that `ext` is a monotonic clock reading.
const HAS_MONOTONIC: u64 = 1 << 63;
/// Seconds from year 1 to 1885, from which `wall` counts.
const WALL_TO_YEAR_ONE: i64 = (1884 * 365 + 1884 / 4 - 1884 / 100 + 1884 / 400) * 86_400;
/// Seconds from year 1 to 1970.
const UNIX_TO_YEAR_ONE: i64 = (1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400) * 86_400;

/// A decoded `time.Time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoTime {
    /// Seconds since 1970 in UTC.
    pub unix_seconds: i64,
    /// Nanoseconds within the second.
    pub nanoseconds: u32,
    /// Nanoseconds on the monotonic clock since the program's start.
    pub monotonic: Option<i64>,
}

impl GoTime {
    /// Decodes the fields `wall` and `ext`.
    pub fn decode(wall: u64, ext: i64) -> GoTime {
        let nanoseconds = (wall & ((1 << 30) - 1)) as u32;
        let has_monotonic = wall & HAS_MONOTONIC != 0;
        let since_year_one = match has_monotonic {
            true => WALL_TO_YEAR_ONE + (wall << 1 >> 31).cast_signed(),
            false => ext,
        };
        GoTime {
            unix_seconds: since_year_one.wrapping_sub(UNIX_TO_YEAR_ONE),
            nanoseconds,
            monotonic: has_monotonic.then_some(ext),
        }
    }

    /// The time in UTC as Go's `time.RFC3339` prints it (without fractions): `2023-11-14T22:13:20Z`.
    pub fn rfc3339(self) -> String {
        self.rfc3339_at(0)
    }

    /// The same in a zone `offset` seconds east of UTC: `2023-11-14T23:13:20+01:00`.
    pub fn rfc3339_at(self, offset: i32) -> String {
        let local = i128::from(self.unix_seconds) + i128::from(offset);
        let (days, seconds) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let zone = match offset {
            0 => "Z".to_owned(),
            _ => {
                let minutes = offset.unsigned_abs() / 60;
                format!("{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
            }
        };
        // Go pads negative years after the sign.
        let sign = if year < 0 { "-" } else { "" };
        let year = year.unsigned_abs();
        format!("{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }
}

/// Year, month and day of the proleptic Gregorian calendar, of a day counted from 1970-01-01.
fn civil(days: i128) -> (i128, i128, i128) {
    // Years here begin in March, so that leap days come last; eras have 400 years.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_both_forms() {
        let unix = GoTime { unix_seconds: 1_700_000_000, nanoseconds: 5, monotonic: None };
        assert_eq!(GoTime::decode(5, 1_700_000_000 + UNIX_TO_YEAR_ONE), unix);
        assert_eq!(unix.rfc3339(), "2023-11-14T22:13:20Z");
        assert_eq!(unix.rfc3339_at(3600), "2023-11-14T23:13:20+01:00");
        assert_eq!(unix.rfc3339_at(-12600), "2023-11-14T18:43:20-03:30");
        let wall = 1 << 63 | ((1_700_000_000 + UNIX_TO_YEAR_ONE - WALL_TO_YEAR_ONE) as u64) << 30 | 7;
        let now = GoTime::decode(wall, 42);
        assert_eq!(now, GoTime { unix_seconds: 1_700_000_000, nanoseconds: 7, monotonic: Some(42) });
        assert_eq!(GoTime::decode(0, 0).rfc3339(), "0001-01-01T00:00:00Z");
        assert_eq!(GoTime::decode(0, 951_782_400 + UNIX_TO_YEAR_ONE).rfc3339(), "2000-02-29T00:00:00Z");
        assert!(!GoTime::decode(u64::MAX, i64::MIN).rfc3339().is_empty());
        assert!(!GoTime::decode(0, i64::MIN).rfc3339().is_empty());
    }
}
