//! `time.Time`, shown as a time.

use adit_goruntime::GoTime;
use adit_process::Addr;
use adit_symbols::{Field, Shape};

use super::{Loader, Value, Variable};

/// Most zones and transitions of a `time.Location` that are looked at.
const MOST_ZONES: i64 = 4096;

impl Loader<'_> {
    /// Adds the time to the fields that are shown of a `time.Time`: `2023-11-14T22:13:20Z`, with the monotonic clock's
    /// reading if it has one.
    pub(super) fn fill_time(&self, variable: &mut Variable, value: &Value, fields: &[Field]) {
        let field = |name: &str| {
            let field = fields.iter().find(|field| &*field.name == name)?;
            self.uint(value, field.offset, 8).ok()
        };
        let (Some(wall), Some(ext)) = (field("wall"), field("ext")) else { return };
        let time = GoTime::decode(wall, ext.cast_signed());
        let offset = self.zone_offset(value, fields, time.unix_seconds).unwrap_or(0);
        let text = time.rfc3339_at(offset);
        variable.value = match time.monotonic {
            Some(monotonic) => format!("{text}, +{monotonic}"),
            None => text,
        };
    }

    /// Seconds east of UTC, at this time, of the time's own zone: its `*time.Location` remembers the last one used
    /// (`time/zoneinfo.go`, `cacheZone`).
    fn zone_offset(&self, value: &Value, fields: &[Field], now: i64) -> Option<i32> {
        let loc = fields.iter().find(|field| &*field.name == "loc")?;
        let pointer = self.field(value, loc).ok()?;
        if self.word(&pointer, 0).ok()? == 0 {
            return Some(0);
        }
        let location = self.dereference(&pointer).ok()?;
        let parts = match &self.underlying(&location.ty).ok()?.shape {
            Shape::Struct(parts) => parts.clone(),
            _ => return None,
        };
        let part = |name: &str| {
            let part = parts.iter().find(|part| &*part.name == name)?;
            self.field(&location, part).ok()
        };
        let number = |name: &str| Some(self.uint(&part(name)?, 0, 8).ok()?.cast_signed());
        let zone = part("cacheZone")?;
        if (number("cacheStart")?..number("cacheEnd")?).contains(&now) && self.word(&zone, 0).ok()? != 0 {
            return self.zone_at(Addr(self.word(&zone, 0).ok()?));
        }
        let (zones, count, _) = self.slice_header(&part("zone")?).ok()?;
        if count == 0 || count > MOST_ZONES { Some(0) } else { self.zone_at(zones) }
    }

    /// The offset in a `time.zone`, which follows the zone's name.
    fn zone_at(&self, zone: Addr) -> Option<i32> {
        let word = self.word_size();
        let offset = self.target.read_uint(zone.offset(2 * word as i64), word).ok()?;
        i32::try_from(offset.cast_signed()).ok()
    }
}

/// A time as Go's `time.RFC3339` prints it, in UTC.
pub fn rfc3339(unix_seconds: i64, nanoseconds: u32) -> String {
    GoTime { unix_seconds, nanoseconds, monotonic: None }.rfc3339()
}
