//! Floating point numbers as Go's `strconv.FormatFloat` writes them.

/// `value` in one of the formats `e`, `f`, `g`, `b`, `x`, with the given number of digits, or with as many as
/// needed to tell the number from all others. The sign is written only if negative.
pub(super) fn format_float(value: f64, verb: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    match verb {
        'e' | 'E' => exponent(value, precision, verb),
        'f' | 'F' => match precision {
            Some(p) => format!("{value:.p$}"),
            None => format!("{value}"),
        },
        'g' | 'G' => general(value, precision, verb),
        'b' => binary_exponent(value),
        _ => hexadecimal(value, precision, verb),
    }
}

fn exponent(value: f64, precision: Option<usize>, verb: char) -> String {
    let text = match precision {
        Some(p) => format!("{value:.p$e}"),
        None => format!("{value:e}"),
    };
    let e = if verb.is_uppercase() { 'E' } else { 'e' };
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = match exponent.strip_prefix('-') {
                Some(digits) => ('-', digits),
                None => ('+', exponent),
            };
            format!("{mantissa}{e}{sign}{digits:0>2}")
        }
        None => text,
    }
}

fn general(value: f64, precision: Option<usize>, verb: char) -> String {
    let significant = precision.map(|p| p.max(1));
    let scientific = match significant {
        Some(p) => format!("{value:.*e}", p - 1),
        None => format!("{value:e}"),
    };
    let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let mantissa =
        if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    // A number that has more digits before the point than the precision is still written out if those are
    // its own digits (strconv/ftoa.go, %e threshold).
    let mut threshold = significant.unwrap_or(6) as i32;
    if significant.is_some() && threshold > digits as i32 && digits as i32 > power {
        threshold = digits as i32;
    }
    if power < -4 || power >= threshold {
        return exponent(value, Some(digits - 1), if verb == 'G' { 'E' } else { 'e' });
    }
    let decimals = (digits as i32 - 1 - power).max(0) as usize;
    format!("{value:.decimals$}")
}

/// Mantissa and exponent of the bits of a double.
fn parts(value: f64) -> (bool, u64, i32) {
    let bits = value.to_bits();
    let biased = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if biased == 0 {
        (bits >> 63 != 0, fraction, -1074)
    } else {
        (bits >> 63 != 0, fraction | 1 << 52, biased - 1075)
    }
}

fn binary_exponent(value: f64) -> String {
    let (negative, mantissa, power) = parts(value);
    format!("{}{mantissa}p{power:+}", if negative { "-" } else { "" })
}

fn hexadecimal(value: f64, precision: Option<usize>, verb: char) -> String {
    let (negative, mut mantissa, mut power) = parts(value);
    if mantissa == 0 {
        power = 0;
    } else {
        // The leading one comes to bit 60, so that 15 hexadecimal digits follow the point.
        let shift = mantissa.leading_zeros() as i32 - 3;
        mantissa <<= shift;
        power += 60 - shift;
        if let Some(p) = precision.filter(|&p| p < 15) {
            let cut = (15 - p) * 4;
            let half = 1u64 << (cut - 1);
            let rest = mantissa & ((1 << cut) - 1);
            mantissa >>= cut;
            mantissa += u64::from(rest > half || rest == half && mantissa & 1 == 1);
            mantissa <<= cut;
            if mantissa >> 61 != 0 {
                mantissa >>= 1;
                power += 1;
            }
        }
    }
    let mut fraction = format!("{:015x}", mantissa & ((1 << 60) - 1));
    match precision {
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
        Some(p) => {
            fraction.truncate(p);
            while fraction.len() < p {
                fraction.push('0');
            }
        }
    }
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if negative { "-" } else { "" };
    let exponent_sign = if power < 0 { '-' } else { '+' };
    let text =
        format!("{sign}0x{}{point}{fraction}p{exponent_sign}{:02}", mantissa >> 60, power.unsigned_abs());
    if verb == 'X' { text.to_uppercase() } else { text }
}

#[cfg(test)]
mod tests {
    use super::format_float;

    #[test]
    fn like_strconv_format_float() {
        for (value, verb, precision, text) in [
            (1.5, 'e', None, "1.5e+00"),
            (1.5, 'e', Some(6), "1.500000e+00"),
            (1e-7, 'E', None, "1E-07"),
            (1e300, 'e', None, "1e+300"),
            (1.5, 'f', Some(2), "1.50"),
            (1e21, 'f', None, "1000000000000000000000"),
            (1.5, 'g', None, "1.5"),
            (100000.0, 'g', None, "100000"),
            (1000000.0, 'g', None, "1e+06"),
            (1234567.0, 'g', None, "1.234567e+06"),
            (0.0001, 'g', None, "0.0001"),
            (0.00001, 'g', None, "1e-05"),
            (123456.0, 'g', Some(3), "1.23e+05"),
            (100.0, 'g', Some(3), "100"),
            (-0.0, 'g', None, "-0"),
            (0.0, 'g', None, "0"),
            (1.0, 'b', None, "4503599627370496p-52"),
            (1.5, 'x', None, "0x1.8p+00"),
            (0.0, 'x', None, "0x0p+00"),
            (-2.0, 'x', None, "-0x1p+01"),
            (1.9999, 'x', Some(1), "0x1.0p+01"),
            (1.0, 'X', Some(2), "0X1.00P+00"),
            (5e-324, 'x', None, "0x1p-1074"),
            (f64::INFINITY, 'g', None, "+Inf"),
            (f64::NAN, 'e', None, "NaN"),
        ] {
            assert_eq!(format_float(value, verb, precision), text, "{value} %{verb} {precision:?}");
        }
    }
}
