//! The module `time` of scripts: points in time and durations, as Go's Starlark has them. Times are in UTC.

mod calendar;
mod duration;

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

use starlark::collections::StarlarkHasher;
use starlark::environment::GlobalsBuilder;
use starlark::eval::{Arguments, Evaluator};
use starlark::values::float::UnpackFloat;
use starlark::values::{Heap, StarlarkValue, UnpackValue, Value, starlark_value};

use crate::arguments::integer;
use crate::declared::{Duration, Moment, TimeFunction};
use crate::objects::{failure, type_name};
use calendar::{Civil, RFC3339};

const SECOND: i128 = 1_000_000_000;

/// The durations that have names.
const CONSTANTS: [(&str, i64); 6] = [
    ("nanosecond", 1),
    ("microsecond", 1_000),
    ("millisecond", 1_000_000),
    ("second", 1_000_000_000),
    ("minute", 60_000_000_000),
    ("hour", 3_600_000_000_000),
];

/// A point in time. The evaluator's memory has no place for numbers of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instant {
    seconds: i64,
    /// Below a second.
    nanosecond: i64,
}

impl Instant {
    /// So many nanoseconds after the epoch; those too far away are the farthest there are.
    fn new(nanoseconds: i128) -> Instant {
        let seconds = nanoseconds.div_euclid(SECOND).clamp(i64::MIN.into(), i64::MAX.into());
        Instant {
            seconds: i64::try_from(seconds).unwrap_or_default(),
            nanosecond: i64::try_from(nanoseconds.rem_euclid(SECOND)).unwrap_or_default(),
        }
    }

    fn nanoseconds(self) -> i128 {
        i128::from(self.seconds) * SECOND + i128::from(self.nanosecond)
    }
}

/// A function of the module, or a method of a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    FromTimestamp,
    IsValidTimezone,
    Now,
    ParseDuration,
    ParseTime,
    Time,
    Format(Instant),
    InLocation(Instant),
}

impl Function {
    fn name(self) -> &'static str {
        match self {
            Self::FromTimestamp => "from_timestamp",
            Self::IsValidTimezone => "is_valid_timezone",
            Self::Now => "now",
            Self::ParseDuration => "parse_duration",
            Self::ParseTime => "parse_time",
            Self::Time => "time",
            Self::Format(_) => "format",
            Self::InLocation(_) => "in_location",
        }
    }

    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::FromTimestamp => &["sec", "nsec"],
            Self::IsValidTimezone => &["loc"],
            Self::Now => &[],
            Self::ParseDuration => &["d"],
            Self::ParseTime => &["x", "format", "location"],
            Self::Time => &["year", "month", "day", "hour", "minute", "second", "nanosecond", "location"],
            Self::Format(_) => &["format"],
            Self::InLocation(_) => &["name"],
        }
    }
}

/// Gives scripts the module.
pub(crate) fn register(builder: &mut GlobalsBuilder) {
    builder.namespace("time", |builder| {
        for (name, nanoseconds) in CONSTANTS {
            builder.set(name, Duration { nanoseconds });
        }
        for function in [
            Function::FromTimestamp,
            Function::IsValidTimezone,
            Function::Now,
            Function::ParseDuration,
            Function::ParseTime,
            Function::Time,
        ] {
            builder.set(function.name(), TimeFunction { function });
        }
    });
}

/// A location's name is one that is known: this machine's tables of time zones are not read.
fn check_location(name: &str) -> Result<(), String> {
    match name {
        "" | "UTC" | "Local" => Ok(()),
        _ => Err(format!("unknown time zone {name}")),
    }
}

/// What was given to a function, by parameter.
struct Given<'v> {
    function: Function,
    values: Vec<Option<Value<'v>>>,
}

impl<'v> Given<'v> {
    fn new(function: Function, args: &Arguments<'v, '_>, heap: Heap<'v>) -> starlark::Result<Self> {
        let (name, parameters) = (function.name(), function.parameters());
        let mut values: Vec<Option<Value<'v>>> = args.positions(heap)?.map(Some).collect();
        if values.len() > parameters.len() {
            let (given, most) = (values.len(), parameters.len());
            return Err(failure(format!("{name}: got {given} arguments, want at most {most}")));
        }
        values.resize(parameters.len(), None);
        for (keyword, value) in args.names_map()? {
            let keyword = keyword.as_str();
            let position = parameters.iter().position(|parameter| *parameter == keyword);
            let place = position.and_then(|position| values.get_mut(position));
            *place.ok_or_else(|| failure(format!("{name}: unexpected keyword argument {keyword:?}")))? =
                Some(value);
        }
        Ok(Given { function, values })
    }

    fn refused(&self, index: usize, wanted: &str) -> starlark::Error {
        let parameter = self.function.parameters()[index];
        let given = self.values[index].map_or_else(|| "nothing".to_owned(), type_name);
        failure(format!("{}: for parameter {parameter}: got {given}, want {wanted}", self.function.name()))
    }

    fn int(&self, index: usize, default: i64) -> starlark::Result<i64> {
        match self.values[index] {
            None => Ok(default),
            Some(value) => integer(value)
                .and_then(|value| i64::try_from(value).ok())
                .ok_or_else(|| self.refused(index, "int")),
        }
    }

    fn text(&self, index: usize, default: Option<&'v str>) -> starlark::Result<&'v str> {
        match self.values[index] {
            None => default,
            Some(value) => value.unpack_str(),
        }
        .ok_or_else(|| self.refused(index, "string"))
    }
}

impl fmt::Display for TimeFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<built-in function {}>", self.function.name())
    }
}

#[starlark_value(type = "builtin_function_or_method")]
impl<'v> StarlarkValue<'v> for TimeFunction {
    fn name_for_call_stack(&self, _me: Value<'v>) -> String {
        self.function.name().to_owned()
    }

    fn invoke(
        &self,
        _me: Value<'v>,
        args: &Arguments<'v, '_>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let heap = eval.heap();
        let given = Given::new(self.function, args, heap)?;
        let moment = |nanoseconds| Ok(heap.alloc(Moment { instant: Instant::new(nanoseconds) }));
        match self.function {
            Function::Now => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                moment(i128::try_from(now.as_nanos()).unwrap_or(i128::MAX))
            }
            Function::FromTimestamp => {
                let seconds = i128::from(given.int(0, 0)?);
                moment(seconds * SECOND + i128::from(given.int(1, 0)?))
            }
            Function::IsValidTimezone => Ok(Value::new_bool(check_location(given.text(0, None)?).is_ok())),
            Function::ParseDuration => match given.values[0] {
                Some(value) if Duration::from_value(value).is_some() => Ok(value),
                _ => {
                    let nanoseconds = duration::parse(given.text(0, None)?).map_err(failure)?;
                    Ok(heap.alloc(Duration { nanoseconds }))
                }
            },
            Function::ParseTime => {
                check_location(given.text(2, Some("UTC"))?).map_err(failure)?;
                let (text, layout) = (given.text(0, None)?, given.text(1, Some(RFC3339))?);
                moment(Civil::parse(layout, text).map_err(failure)?)
            }
            Function::Time => {
                check_location(given.text(7, Some("UTC"))?).map_err(failure)?;
                moment(civil(&given)?.nanoseconds())
            }
            Function::Format(instant) => {
                Ok(heap.alloc(Civil::at(instant.nanoseconds()).format(given.text(0, None)?)))
            }
            Function::InLocation(instant) => {
                check_location(given.text(0, None)?).map_err(failure)?;
                moment(instant.nanoseconds())
            }
        }
    }
}

fn civil(given: &Given<'_>) -> starlark::Result<Civil> {
    /// Years beyond these are no dates, and too large to be counted in nanoseconds.
    const YEARS: i64 = 1_000_000;
    const PARTS: i64 = 1_000_000_000_000;
    let part = |index: usize, default: i64| {
        let value = given.int(index, default)?;
        let most = if index == 0 { YEARS } else { PARTS };
        if value.abs() > most {
            return Err(given.refused(index, "a smaller int"));
        }
        Ok(value)
    };
    Ok(Civil {
        year: part(0, 1)?,
        month: part(1, 1)?,
        day: part(2, 1)?,
        hour: part(3, 0)?,
        minute: part(4, 0)?,
        second: part(5, 0)?,
        nanosecond: part(6, 0)?,
    })
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Civil::at(self.instant.nanoseconds()).format("2006-01-02 15:04:05.999999999 -0700 MST"))
    }
}

const MOMENT_ATTRIBUTES: [&str; 11] = [
    "day",
    "format",
    "hour",
    "in_location",
    "minute",
    "month",
    "nanosecond",
    "second",
    "unix",
    "unix_nano",
    "year",
];

#[starlark_value(type = "time.time")]
impl<'v> StarlarkValue<'v> for Moment {
    fn get_attr(&self, name: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        let civil = Civil::at(self.instant.nanoseconds());
        let function = |function| Some(heap.alloc(TimeFunction { function }));
        Some(heap.alloc(match name {
            "year" => civil.year,
            "month" => civil.month,
            "day" => civil.day,
            "hour" => civil.hour,
            "minute" => civil.minute,
            "second" => civil.second,
            "nanosecond" => civil.nanosecond,
            "unix" => self.instant.seconds,
            "unix_nano" => i64::try_from(self.instant.nanoseconds()).ok()?,
            "format" => return function(Function::Format(self.instant)),
            "in_location" => return function(Function::InLocation(self.instant)),
            _ => return None,
        }))
    }

    fn dir_attr(&self) -> Vec<String> {
        MOMENT_ATTRIBUTES.map(str::to_owned).into()
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(Moment::from_value(other).is_some_and(|other| self.instant == other.instant))
    }

    fn compare(&self, other: Value<'v>) -> starlark::Result<Ordering> {
        match Moment::from_value(other) {
            Some(other) => Ok(self.instant.cmp(&other.instant)),
            None => Err(failure(format!("time.time < {} not implemented", type_name(other)))),
        }
    }

    fn write_hash(&self, hasher: &mut StarlarkHasher) -> starlark::Result<()> {
        hasher.write_u64(hash(self.instant.nanoseconds()));
        Ok(())
    }

    fn add(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        let duration = i128::from(Duration::from_value(other)?.nanoseconds);
        Some(Ok(heap.alloc(Moment { instant: Instant::new(self.instant.nanoseconds() + duration) })))
    }

    fn sub(&self, other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        if let Some(other) = Duration::from_value(other) {
            let nanoseconds = self.instant.nanoseconds() - i128::from(other.nanoseconds);
            return Ok(heap.alloc(Moment { instant: Instant::new(nanoseconds) }));
        }
        match Moment::from_value(other) {
            Some(other) => new_duration(self.instant.nanoseconds() - other.instant.nanoseconds(), heap),
            None => Err(failure(format!("unknown binary op: time.time - {}", type_name(other)))),
        }
    }
}

fn hash(nanoseconds: i128) -> u64 {
    let mut hasher = DefaultHasher::new();
    nanoseconds.hash(&mut hasher);
    hasher.finish()
}

/// A duration; longer ones than there are become the longest, as in Go.
fn new_duration<'v>(nanoseconds: i128, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
    let clamped = nanoseconds.clamp(i64::MIN.into(), i64::MAX.into());
    let nanoseconds = i64::try_from(clamped).unwrap_or_default();
    Ok(heap.alloc(Duration { nanoseconds }))
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&duration::text(self.nanoseconds))
    }
}

#[starlark_value(type = "time.duration")]
impl<'v> StarlarkValue<'v> for Duration {
    fn get_attr(&self, name: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        let (_, unit) = CONSTANTS.iter().find(|(constant, _)| name.strip_suffix('s') == Some(constant))?;
        Some(match name {
            "hours" | "minutes" | "seconds" => heap.alloc(self.nanoseconds as f64 / *unit as f64),
            _ => heap.alloc(self.nanoseconds / unit),
        })
    }

    fn dir_attr(&self) -> Vec<String> {
        CONSTANTS.iter().map(|(name, _)| format!("{name}s")).collect()
    }

    fn to_bool(&self) -> bool {
        self.nanoseconds != 0
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(Duration::from_value(other).is_some_and(|other| self.nanoseconds == other.nanoseconds))
    }

    fn compare(&self, other: Value<'v>) -> starlark::Result<Ordering> {
        match Duration::from_value(other) {
            Some(other) => Ok(self.nanoseconds.cmp(&other.nanoseconds)),
            None => Err(failure(format!("time.duration < {} not implemented", type_name(other)))),
        }
    }

    fn write_hash(&self, hasher: &mut StarlarkHasher) -> starlark::Result<()> {
        hasher.write_u64(hash(self.nanoseconds.into()));
        Ok(())
    }

    fn add(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        let nanoseconds = i128::from(self.nanoseconds);
        if let Some(moment) = Moment::from_value(other) {
            let instant = Instant::new(moment.instant.nanoseconds() + nanoseconds);
            return Some(Ok(heap.alloc(Moment { instant })));
        }
        Some(new_duration(nanoseconds + i128::from(Duration::from_value(other)?.nanoseconds), heap))
    }

    fn sub(&self, other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        match Duration::from_value(other) {
            Some(other) => new_duration(i128::from(self.nanoseconds) - i128::from(other.nanoseconds), heap),
            None => Err(failure(format!("unknown binary op: time.duration - {}", type_name(other)))),
        }
    }

    fn mul(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        Some(new_duration(i128::from(self.nanoseconds).checked_mul(integer(other)?)?, heap))
    }

    fn rmul(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        self.mul(other, heap)
    }

    fn div(&self, other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        let refused = || failure(format!("unknown binary op: time.duration / {}", type_name(other)));
        let zero = || failure("time.duration division by zero");
        if let Some(other) = Duration::from_value(other) {
            return match other.nanoseconds {
                0 => Err(zero()),
                divisor => Ok(heap.alloc(self.nanoseconds as f64 / divisor as f64)),
            };
        }
        let divisor = UnpackFloat::unpack_value(other)?.ok_or_else(refused)?.0;
        if divisor == 0.0 {
            return Err(zero());
        }
        new_duration((self.nanoseconds as f64 / divisor) as i128, heap)
    }

    fn floor_div(&self, other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        match Duration::from_value(other).map(|other| other.nanoseconds) {
            Some(0) => Err(failure("time.duration division by zero")),
            Some(divisor) => {
                let (dividend, divisor) = (i128::from(self.nanoseconds), i128::from(divisor));
                let below = dividend % divisor != 0 && (dividend < 0) != (divisor < 0);
                let floor = dividend / divisor - i128::from(below);
                Ok(heap.alloc(i64::try_from(floor).unwrap_or(i64::MAX)))
            }
            None => Err(failure(format!("unknown binary op: time.duration // {}", type_name(other)))),
        }
    }
}
