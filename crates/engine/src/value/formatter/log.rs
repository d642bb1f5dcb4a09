//! Package `log/slog`: levels, values, attributes.

use adit_goruntime::GoTime;

use super::text::Text;
use super::time::duration;
use super::view::View;
use super::{Family, Formatter, plain};

/// Attributes of a group that are shown.
const MOST_ATTRIBUTES: u64 = 8;

pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "Level" => |_, view| Some(level(view.int()?)),
        "LevelVar" => |_, view| Some(level(view.field("val")?.int()?)),
        "Value" => value,
        "Attr" => attribute,
        _ => return None,
    })
}

/// `log/slog/level.go`: the names are four apart.
fn level(level: i64) -> String {
    let (name, base) = match level {
        ..0 => ("DEBUG", -4),
        0..4 => ("INFO", 0),
        4..8 => ("WARN", 4),
        _ => ("ERROR", 8),
    };
    match level.wrapping_sub(base) {
        0 => name.to_owned(),
        above => format!("{name}{above:+}"),
    }
}

fn attribute(f: &Formatter, view: &View<'_>) -> Option<String> {
    let key = plain(&view.field("Key")?.text(f.limit)?);
    Some(format!("{key}={}", f.nested(|| value(f, &view.field("Value")?))?))
}

/// A number in `num`, or a pointer in `any`, whose type says which (`log/slog/value.go`).
fn value(f: &Formatter, view: &View<'_>) -> Option<String> {
    let number = view.field("num")?.uint()?;
    let Some(any) = view.field("any")?.dynamic()? else { return Some("nil".to_owned()) };
    match any.type_name() {
        "log/slog.Kind" => kind_text(any.uint()?, number),
        "log/slog.stringptr" => {
            let data = adit_process::Addr(any.uint()?);
            let len = i64::try_from(number).ok()?;
            let bytes = view.loader.string_bytes(data, len, f.limit).ok()?;
            Some(Text::new(&bytes, number - bytes.len() as u64).quoted())
        }
        "log/slog.groupptr" => {
            let Some(first) = any.pointee()? else { return Some("[]".to_owned()) };
            let size = first.value.ty.size;
            let mut shown = Vec::new();
            for index in 0..number.min(MOST_ATTRIBUTES) {
                let addr = first.value.addr()?.0.checked_add(index.checked_mul(size)?)?;
                let member = first.at(first.value.ty.clone(), addr);
                shown.push(f.nested(|| attribute(f, &member))?);
            }
            if number > MOST_ATTRIBUTES {
                shown.push("...".to_owned());
            }
            Some(format!("[{}]", shown.join(" ")))
        }
        "log/slog.timeLocation" if any.uint()? == 0 => Some("0001-01-01T00:00:00Z".to_owned()),
        "log/slog.timeLocation" => {
            let total = number.cast_signed();
            let unix_seconds = total.div_euclid(1_000_000_000);
            let nanoseconds = total.rem_euclid(1_000_000_000) as u32;
            Some(GoTime { unix_seconds, nanoseconds, monotonic: None }.rfc3339())
        }
        _ => f.nested(|| f.brief(&any)),
    }
}

/// The kinds whose values are in `num`.
fn kind_text(kind: u64, number: u64) -> Option<String> {
    Some(match kind {
        1 => (number != 0).to_string(),
        2 => duration(number.cast_signed()),
        3 => adit_expr::format_float64(f64::from_bits(number)),
        4 => number.cast_signed().to_string(),
        7 => number.to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn levels_are_named_from_the_one_below() {
        let names: Vec<String> = [-8, -4, -1, 0, 3, 4, 8, 12].into_iter().map(level).collect();
        assert_eq!(names, ["DEBUG-4", "DEBUG", "DEBUG+3", "INFO", "INFO+3", "WARN", "ERROR", "ERROR+4"]);
        assert_eq!(level(i64::MIN), "DEBUG-9223372036854775804");
    }
}
