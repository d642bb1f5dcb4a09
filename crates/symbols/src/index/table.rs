//! One table of names, as it lies in the index: looked up whole, by its start, by its last part, by pattern.
//!
//! Three parts: records sorted by name, each with the name's place in the text and a value; the text, all names one
//! behind the other in the same order, equal ones once; the numbers of the records, sorted by the names' last parts.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use super::Pattern;
use super::collect::{RECORD, base_name};
use super::format::File;
use super::sealed::Damaged;

/// Names that are matched by one thread at a time.
const BATCH: usize = 4096;

/// One table of an index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    file: &'a File,
    records: usize,
}

/// A name, and what it stands for.
pub(crate) type Entry<'a> = (&'a [u8], u64);

impl<'a> Table<'a> {
    pub(super) fn new(file: &'a File, number: usize) -> Table<'a> {
        Table { file, records: number * 3 }
    }

    /// How many names there are, equal ones counted each.
    pub(crate) fn len(&self) -> usize {
        self.file.len(self.records) / RECORD
    }

    fn record(&self, index: usize) -> Result<(Range<usize>, u64), Damaged> {
        let at = index.checked_mul(RECORD).ok_or(Damaged)?;
        let record = self.file.get(self.records, at..at.checked_add(RECORD).ok_or(Damaged)?)?;
        let &[a, b, c, d, e, f, g, h, ref value @ ..] = record else { return Err(Damaged) };
        let start = u32::from_le_bytes([a, b, c, d]) as usize;
        let end = start.checked_add(u32::from_le_bytes([e, f, g, h]) as usize).ok_or(Damaged)?;
        Ok((start..end, value.try_into().map(u64::from_le_bytes).map_err(|_| Damaged)?))
    }

    /// The name and value of a record.
    pub(crate) fn get(&self, index: usize) -> Result<Entry<'a>, Damaged> {
        let (text, value) = self.record(index)?;
        Ok((self.file.get(self.records + 1, text)?, value))
    }

    /// The first record of which `is_before` is not true.
    fn partition(&self, is_before: impl Fn(&[u8]) -> bool) -> Result<usize, Damaged> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(self.get(middle)?.0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The records with exactly this name.
    pub(crate) fn named(&self, name: &[u8]) -> Result<Vec<u64>, Damaged> {
        let mut values = Vec::new();
        for index in self.partition(|other| other < name)?..self.len() {
            let (other, value) = self.get(index)?;
            if other != name {
                break;
            }
            values.push(value);
        }
        Ok(values)
    }

    /// The records whose names start so.
    pub(crate) fn starting(&self, prefix: &[u8]) -> Result<Range<usize>, Damaged> {
        let first = self.partition(|name| name < prefix)?;
        let end = self.partition(|name| name < prefix || name.starts_with(prefix))?;
        Ok(first..end.max(first))
    }

    /// The records whose names' last part ([`base_name`]) is this, by name.
    pub(crate) fn with_base(&self, base: &[u8]) -> Result<Vec<Entry<'a>>, Damaged> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if base_name(self.get(self.nth_by_base(middle)?)?.0) < base {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut found = Vec::new();
        for nth in low..self.len() {
            let entry = self.get(self.nth_by_base(nth)?)?;
            if base_name(entry.0) != base {
                break;
            }
            found.push(entry);
        }
        Ok(found)
    }

    fn nth_by_base(&self, nth: usize) -> Result<usize, Damaged> {
        let at = nth.checked_mul(4).ok_or(Damaged)?;
        let number = self.file.get(self.records + 2, at..at.checked_add(4).ok_or(Damaged)?)?;
        Ok(number.try_into().map(u32::from_le_bytes).map_err(|_| Damaged)? as usize)
    }

    /// The records whose names match, by name.
    pub(crate) fn matching(&self, pattern: &Pattern) -> Result<Vec<Entry<'a>>, Damaged> {
        let range = match pattern.prefix() {
            [] => 0..self.len(),
            prefix => self.starting(prefix)?,
        };
        match pattern.required() {
            Some(required) if range.len() > BATCH => self.matching_text(range, required, pattern),
            _ if range.len() > BATCH * 4 => self.matching_each_in_parallel(range, pattern),
            _ => self.matching_each(range, pattern),
        }
    }

    fn matching_each(&self, range: Range<usize>, pattern: &Pattern) -> Result<Vec<Entry<'a>>, Damaged> {
        let mut found = Vec::new();
        for index in range {
            let entry = self.get(index)?;
            if pattern.matches_bytes(entry.0) {
                found.push(entry);
            }
        }
        Ok(found)
    }

    fn matching_each_in_parallel(
        &self,
        range: Range<usize>,
        pattern: &Pattern,
    ) -> Result<Vec<Entry<'a>>, Damaged> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (next, is_damaged) = (AtomicUsize::new(range.start), AtomicBool::new(false));
        let relaxed = std::sync::atomic::Ordering::Relaxed;
        let work = || {
            // A regular expression that threads share waits for its own caches.
            let pattern = pattern.clone();
            let mut found = Vec::new();
            loop {
                let start = next.fetch_add(BATCH, relaxed);
                if start >= range.end || is_damaged.load(relaxed) {
                    return found;
                }
                match self.matching_each(start..range.end.min(start + BATCH), &pattern) {
                    Ok(batch) => found.push((start, batch)),
                    Err(Damaged) => is_damaged.store(true, relaxed),
                }
            }
        };
        let mut batches = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut batches = work();
            for other in others {
                batches.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            batches
        });
        if is_damaged.into_inner() {
            return Err(Damaged);
        }
        batches.sort_unstable_by_key(|(start, _)| *start);
        Ok(batches.into_iter().flat_map(|(_, batch)| batch).collect())
    }

    /// Looks for the required texts in all names at once, and matches only those that have one.
    fn matching_text(
        &self,
        range: Range<usize>,
        required: &regex::bytes::Regex,
        pattern: &Pattern,
    ) -> Result<Vec<Entry<'a>>, Damaged> {
        let mut found = Vec::new();
        let Some(last) = range.end.checked_sub(1) else { return Ok(found) };
        let (from, until) = (self.record(range.start)?.0.start, self.record(last)?.0.end);
        let text = self.file.get(self.records + 1, from..until)?;
        let (mut at, mut index) = (0, range.start);
        while let Some(hit) = required.find_at(text, at) {
            // The name with the first byte of the hit, and its equals.
            index = self.containing(index..range.end, from + hit.start())?;
            let (place, _) = self.record(index)?;
            let name = self.file.get(self.records + 1, place.clone())?;
            let matches = pattern.matches_bytes(name);
            while index < range.end {
                let (other, value) = self.record(index)?;
                if other != place {
                    break;
                }
                if matches {
                    found.push((name, value));
                }
                index += 1;
            }
            let next = place.end.checked_sub(from).ok_or(Damaged)?;
            if index >= range.end || next > text.len() {
                break;
            }
            at = next;
        }
        Ok(found)
    }

    /// The first record of a range whose name's place contains or follows `at`. Near the start in most cases.
    fn containing(&self, range: Range<usize>, at: usize) -> Result<usize, Damaged> {
        let mut step = 1;
        let mut low = range.start;
        let mut high = range.end;
        while low + step < range.end {
            if self.record(low + step)?.0.end > at {
                high = low + step + 1;
                break;
            }
            low += step;
            step *= 2;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.record(middle)?.0.end.cmp(&at) == Ordering::Greater {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if low < range.end { Ok(low) } else { Err(Damaged) }
    }
}

/// A name as text.
pub(crate) fn text(name: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(name)
}
