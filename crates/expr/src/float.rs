//! Floats as Go prints them.
//!
//! Go and Rust both write the fewest digits that read back as the same number. Where two such texts are equally near,
//! Go takes the one with the even last digit (strconv `ryuFtoaShortest`, go1.26), Rust the upper: 1253638549861290.25
//! is `1253638549861290.2` there.

use std::fmt::{Display, LowerExp};
use std::str::FromStr;

/// A `float64` with the fewest digits that read back as the same, no exponent, infinities as `+Inf` and `-Inf`
/// (`strconv.FormatFloat` with `'f'`, -1, 64).
pub fn format_float64(value: f64) -> String {
    if value.is_finite() { shortest(value) } else { not_finite(value) }
}

/// The same for a `float32`, which fewer digits tell apart.
pub fn format_float32(value: f32) -> String {
    if value.is_finite() { shortest(value) } else { not_finite(value.into()) }
}

fn not_finite(value: f64) -> String {
    let text = match value {
        _ if value.is_nan() => "NaN",
        _ if value > 0.0 => "+Inf",
        _ => "-Inf",
    };
    text.into()
}

fn shortest<F: Copy + LowerExp + Display + FromStr + PartialEq>(value: F) -> String {
    let upper = format!("{value:e}");
    let digits = upper.bytes().take_while(|&b| b != b'e').filter(u8::is_ascii_digit).count();
    // Formatting to a given number of digits rounds the exact value, ties to even.
    let nearest = format!("{value:.*e}", digits - 1);
    if nearest == upper || nearest.parse().ok() != Some(value) {
        return value.to_string();
    }
    without_exponent(&nearest)
}

/// `-1.25e3` as `-1250`, `1.25e-2` as `0.0125`.
fn without_exponent(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    match usize::try_from(exponent + 1) {
        Ok(point) if point >= digits.len() => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
        Ok(point) if point > 0 => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        _ => {
            let zeros = "0".repeat((exponent + 1).unsigned_abs() as usize);
            format!("{sign}0.{zeros}{digits}")
        }
    }
}
