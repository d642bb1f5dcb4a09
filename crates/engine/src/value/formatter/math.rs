//! Package `math/big`.

use std::fmt::Write;

use super::view::View;
use super::{Family, Formatter};

/// Bits of a number that is written in full; of larger ones only the size is said.
const MOST_BITS: u64 = 8192;
/// Significant digits of a `big.Float`, as its method `String` has them.
const FLOAT_DIGITS: usize = 10;

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "Int" => |_, view| integer(view),
        "Rat" => |_, view| {
            let (numerator, denominator) = (integer(&view.field("a")?)?, integer(&view.field("b")?)?);
            // The zero value has no denominator: it is 1.
            let denominator = if denominator == "0" { "1" } else { &denominator };
            Some(format!("{numerator}/{denominator}"))
        },
        "Float" => float,
        _ => return None,
    })
}

/// A natural number: digits to the base 2^32, the lowest first, without leading zeros.
#[derive(Clone, Debug, Default, PartialEq)]
struct Natural(Vec<u32>);

impl Natural {
    /// Reads a `nat`, a slice of words; `Err` with the number of bits if there are too many.
    fn read(view: &View<'_>) -> Option<Result<Natural, u64>> {
        let words = view.slice()?;
        let word = view.loader.word_size() as u64;
        let bits = words.len.saturating_mul(word * 8);
        if bits > MOST_BITS {
            // A slice that is not what it should be claims to be large, too.
            words.get(words.len - 1)?.uint()?;
            return Some(Err(bits));
        }
        let mut digits = Vec::new();
        for value in words.iter(words.len) {
            let value = value.uint()?;
            digits.push(value as u32);
            if word == 8 {
                digits.push((value >> 32) as u32);
            }
        }
        let mut number = Natural(digits);
        number.trim();
        Some(Ok(number))
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn bits(&self) -> u64 {
        let top = self.0.last().map_or(0, |top| 32 - top.leading_zeros());
        (self.0.len() as u64).saturating_sub(1) * 32 + u64::from(top)
    }

    fn multiply(&mut self, factor: u32) {
        let mut carry = 0u64;
        for digit in &mut self.0 {
            let product = u64::from(*digit) * u64::from(factor) + carry;
            *digit = product as u32;
            carry = product >> 32;
        }
        if carry != 0 {
            self.0.push(carry as u32);
        }
    }

    fn shift_left(&mut self, bits: usize) {
        self.multiply(1 << (bits % 32));
        if !self.0.is_empty() {
            self.0.splice(0..0, std::iter::repeat_n(0, bits / 32));
        }
    }

    /// Divides by `divisor`, and returns the rest.
    fn divide(&mut self, divisor: u32) -> u32 {
        let mut rest = 0u64;
        for digit in self.0.iter_mut().rev() {
            let value = rest << 32 | u64::from(*digit);
            *digit = (value / u64::from(divisor)) as u32;
            rest = value % u64::from(divisor);
        }
        self.trim();
        rest as u32
    }

    fn decimal(mut self) -> String {
        let mut groups = Vec::new();
        while !self.0.is_empty() {
            groups.push(self.divide(1_000_000_000));
        }
        let mut text = groups.pop().unwrap_or(0).to_string();
        for group in groups.into_iter().rev() {
            let _ = write!(text, "{group:09}");
        }
        text
    }
}

fn sign(view: &View<'_>) -> Option<&'static str> {
    Some(if view.field("neg")?.uint()? != 0 { "-" } else { "" })
}

fn integer(view: &View<'_>) -> Option<String> {
    Some(match Natural::read(&view.field("abs")?)? {
        Ok(number) => format!("{}{}", sign(view)?, number.decimal()),
        Err(bits) => format!("{}number of {bits} bits", sign(view)?),
    })
}

/// 0.mantissa × 2^exp, the mantissa's topmost bit set (`math/big/float.go`).
fn float(_: &Formatter, view: &View<'_>) -> Option<String> {
    let sign = sign(view)?;
    match view.field("form")?.uint()? {
        0 => return Some(format!("{sign}0")),
        1 => {}
        2 => return Some(if sign.is_empty() { "+Inf" } else { "-Inf" }.to_owned()),
        _ => return None,
    }
    let exponent = view.field("exp")?.int()?;
    let mantissa = match Natural::read(&view.field("mant")?)? {
        Ok(mantissa) if mantissa.bits() > 0 => mantissa,
        Ok(_) => return None,
        Err(bits) => return Some(format!("{sign}number of {bits} bits")),
    };
    let power = exponent.checked_sub(mantissa.bits().cast_signed())?;
    if power.unsigned_abs() > MOST_BITS {
        return Some(format!("{sign}about 2^{}", exponent - 1));
    }
    Some(format!("{sign}{}", scaled(mantissa, power)))
}

/// mantissa × 2^power with ten significant digits, as `%.10g` has them.
fn scaled(mut mantissa: Natural, power: i64) -> String {
    let mut decimals = 0;
    match usize::try_from(power) {
        Ok(power) => mantissa.shift_left(power),
        // n / 2^k is n·5^k with k decimals.
        Err(_) => {
            decimals = power.unsigned_abs();
            (0..decimals).for_each(|_| mantissa.multiply(5));
        }
    }
    general(&mantissa.decimal(), decimals.cast_signed())
}

/// Digits, of which the last `decimals` are behind the point, with ten significant ones.
fn general(digits: &str, decimals: i64) -> String {
    let mut exponent = digits.len() as i64 - 1 - decimals;
    let (kept, rest) = digits.split_at(digits.len().min(FLOAT_DIGITS));
    let mut kept: u64 = kept.parse().unwrap_or(0);
    let mut count = digits.len().min(FLOAT_DIGITS);
    let half = format!("5{}", "0".repeat(rest.len().saturating_sub(1)));
    if !rest.is_empty() && (rest > half.as_str() || rest == half && kept % 2 == 1) {
        kept += 1;
        if kept.to_string().len() > count {
            kept /= 10;
            exponent += 1;
        }
    }
    while count > 1 && kept.is_multiple_of(10) {
        kept /= 10;
        count -= 1;
    }
    let digits = kept.to_string();
    let precision = FLOAT_DIGITS as i64;
    if exponent < -4 || exponent >= precision {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{first}{point}{rest}e{sign}{:02}", exponent.unsigned_abs());
    }
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    }
    let whole = exponent as usize + 1;
    match digits.len() > whole {
        true => format!("{}.{}", &digits[..whole], &digits[whole..]),
        false => format!("{digits}{}", "0".repeat(whole - digits.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Natural, general, scaled};

    #[test]
    fn numbers_are_written_in_decimal() {
        assert_eq!(Natural(vec![]).decimal(), "0");
        assert_eq!(Natural(vec![123_456]).decimal(), "123456");
        assert_eq!(Natural(vec![0, 0, 1]).decimal(), "18446744073709551616");
    }

    #[test]
    fn floats_have_ten_digits() {
        for (mantissa, power, text) in [
            (3, -1, "1.5"),
            (1, 0, "1"),
            (1, 40, "1.099511628e+12"),
            (1, 10, "1024"),
            (1, -10, "0.0009765625"),
            (1, -20, "9.536743164e-07"),
            (5, 1, "10"),
        ] {
            assert_eq!(scaled(Natural(vec![mantissa]), power), text);
        }
        assert_eq!(general("99999999995", 0), "1e+11");
        assert_eq!(general("12345678905", 10), "1.23456789");
        assert_eq!(general("10000000000", 0), "1e+10");
    }
}
