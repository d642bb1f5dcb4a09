//! The index as bytes, in memory and in a file of the cache alike. All numbers are little-endian.
//!
//! ```text
//! magic        8 bytes
//! version      u32
//! parts        u32, how many
//! identity     32 bytes, of the program (see [`super::identity`])
//! contents     16 bytes, a digest of what the index was made from
//! modified     u64, when the program was written, in nanoseconds; 0 if unknown
//! payload      u64, its length
//! parts        each: start in the payload u64, length u64
//! block sums   u64 for each block of the payload
//! header sum   u64, of all before
//! payload      the parts
//! ```

use std::ops::Range;

use super::collect::{Found, Laid, lay_out};
use super::sealed::{BLOCK, Damaged, Sealed, Store, block_sums, checksum};

const MAGIC: [u8; 8] = *b"ADITNAME";

/// Counted up with every change of the format or of what is put into an index.
pub(super) const VERSION: u32 = 1;

/// Length of the header's part of fixed size.
const FIXED: usize = 8 + 4 + 4 + 32 + 16 + 8 + 8;

/// Tables of names, in the order of [`super::NameKind`], and [`PACKAGES`]; each has three parts.
pub(super) const TABLES: usize = 6;
/// The table of packages: of each, the import path, a line feed, and the name.
pub(crate) const PACKAGES: usize = 5;
/// Lists of pairs of numbers, each one part.
pub(super) const LISTS: usize = 2;
const PARTS: usize = TABLES * 3 + LISTS;

/// What an index belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) identity: [u8; 32],
    pub(super) contents: [u64; 2],
    pub(super) modified: u64,
}

/// An index whose header was checked.
#[derive(Debug)]
pub(super) struct File {
    sealed: Sealed,
    parts: Vec<Range<usize>>,
    pub(super) origin: Origin,
}

impl File {
    /// Reads the header. What it covers is verified when it is used.
    pub(super) fn open(store: Store) -> Result<File, Damaged> {
        let bytes = store.bytes();
        let mut header = Reader { rest: bytes };
        if header.take(8)? != MAGIC || header.u32()? != VERSION || header.u32()? != PARTS as u32 {
            return Err(Damaged);
        }
        let identity = header.take(32)?.try_into().map_err(|_| Damaged)?;
        let contents = [header.u64()?, header.u64()?];
        let modified = header.u64()?;
        let length = usize::try_from(header.u64()?).map_err(|_| Damaged)?;
        let mut parts = Vec::with_capacity(PARTS);
        for _ in 0..PARTS {
            let start = usize::try_from(header.u64()?).map_err(|_| Damaged)?;
            let size = usize::try_from(header.u64()?).map_err(|_| Damaged)?;
            let end = start.checked_add(size).filter(|end| *end <= length).ok_or(Damaged)?;
            parts.push(start..end);
        }
        let sums = header.take(length.div_ceil(BLOCK).checked_mul(8).ok_or(Damaged)?)?;
        let sums: Vec<u64> = sums.as_chunks::<8>().0.iter().map(|sum| u64::from_le_bytes(*sum)).collect();
        let covered = bytes.len() - header.rest.len();
        if header.u64()? != checksum(bytes.get(..covered).ok_or(Damaged)?) || header.rest.len() != length {
            return Err(Damaged);
        }
        let payload = covered + 8..bytes.len();
        let origin = Origin { identity, contents, modified };
        Ok(File { sealed: Sealed::new(store, payload, sums).ok_or(Damaged)?, parts, origin })
    }

    /// Length of a part in bytes.
    pub(super) fn len(&self, part: usize) -> usize {
        self.parts.get(part).map_or(0, ExactSizeIterator::len)
    }

    /// Bytes of a part, verified.
    pub(super) fn get(&self, part: usize, range: Range<usize>) -> Result<&[u8], Damaged> {
        let part = self.parts.get(part).ok_or(Damaged)?;
        let start = part.start.checked_add(range.start).ok_or(Damaged)?;
        let end = part.start.checked_add(range.end).filter(|end| *end <= part.end).ok_or(Damaged)?;
        self.sealed.get(start..end)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32, Damaged> {
        self.take(4)?.try_into().map(u32::from_le_bytes).map_err(|_| Damaged)
    }

    fn u64(&mut self) -> Result<u64, Damaged> {
        self.take(8)?.try_into().map(u64::from_le_bytes).map_err(|_| Damaged)
    }
}

/// What one thread found, of all kinds.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    /// Names, in the order of [`super::NameKind`], and [`PACKAGES`].
    pub(crate) names: [Found; TABLES],
    /// Pairs, in the order of [`super::List`].
    pub(crate) lists: [Vec<(u64, u64)>; LISTS],
}

impl Collected {
    /// Sorts everything.
    pub(crate) fn sort(&mut self) {
        self.names.iter_mut().for_each(Found::sort);
        self.lists.iter_mut().for_each(|list| list.sort_unstable());
    }
}

/// Writes an index. `None` if there are more names than it can hold.
pub(super) fn write(parts: Vec<Collected>, origin: &Origin) -> Option<Vec<u8>> {
    let mut names: [Vec<Found>; TABLES] = Default::default();
    let mut lists: [Vec<(u64, u64)>; LISTS] = Default::default();
    for part in parts {
        for (all, found) in names.iter_mut().zip(part.names) {
            all.push(found);
        }
        for (all, list) in lists.iter_mut().zip(part.lists) {
            all.extend(list);
        }
    }
    let mut parts: Vec<Vec<u8>> = Vec::with_capacity(PARTS);
    for laid in lay_out_all(names) {
        let Laid { records, text, by_base } = laid?;
        parts.extend([records, text, by_base]);
    }
    for mut list in lists {
        list.sort_unstable();
        let mut bytes = Vec::with_capacity(list.len() * size_of::<[u64; 2]>());
        for (key, value) in list {
            bytes.extend_from_slice(&key.to_le_bytes());
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        parts.push(bytes);
    }
    Some(join(parts, origin))
}

/// The tables are laid out at once, each on a thread of its own.
fn lay_out_all(names: [Vec<Found>; TABLES]) -> Vec<Option<Laid>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = names.into_iter().map(|sorted| scope.spawn(move || lay_out(&sorted))).collect();
        let done = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.map(|laid| laid.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// Puts the parts behind each other, each one's memory given back when it is copied, and the header before them.
fn join(parts: Vec<Vec<u8>>, origin: &Origin) -> Vec<u8> {
    let length = parts.iter().map(Vec::len).sum::<usize>();
    let header = header_length(parts.len(), length);
    let mut bytes = Vec::with_capacity(header + length);
    bytes.resize(header, 0);
    let mut places = Vec::with_capacity(parts.len());
    for part in parts {
        places.push(((bytes.len() - header) as u64, part.len() as u64));
        bytes.extend_from_slice(&part);
    }
    fill_header(&mut bytes, header, &places, origin);
    bytes
}

fn header_length(parts: usize, payload: usize) -> usize {
    FIXED + parts * 16 + payload.div_ceil(BLOCK) * 8 + 8
}

/// Writes the header in front of the payload, where there is room for it.
fn fill_header(bytes: &mut [u8], length: usize, places: &[(u64, u64)], origin: &Origin) {
    let (room, payload) = bytes.split_at_mut(length);
    let mut header = Vec::with_capacity(length);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&VERSION.to_le_bytes());
    header.extend_from_slice(&(places.len() as u32).to_le_bytes());
    header.extend_from_slice(&origin.identity);
    let numbers = [origin.contents[0], origin.contents[1], origin.modified, payload.len() as u64];
    let places = places.iter().flat_map(|(start, size)| [*start, *size]);
    for number in numbers.into_iter().chain(places).chain(block_sums(payload)) {
        header.extend_from_slice(&number.to_le_bytes());
    }
    let sum = checksum(&header);
    header.extend_from_slice(&sum.to_le_bytes());
    room.copy_from_slice(&header);
}

/// An index whose parts are any bytes: for the fuzzer. `split` says where each part starts and ends.
pub(super) fn around(payload: &[u8], split: &[u16]) -> Option<Vec<u8>> {
    let mut bounds = split.iter().map(|bound| u64::from(*bound).min(payload.len() as u64));
    let mut places = Vec::with_capacity(PARTS);
    for _ in 0..PARTS {
        let (start, end) = (bounds.next().unwrap_or(0), bounds.next().unwrap_or(payload.len() as u64));
        places.push((start, end.checked_sub(start)?));
    }
    let header = header_length(PARTS, payload.len());
    let mut bytes = vec![0; header];
    bytes.extend_from_slice(payload);
    fill_header(&mut bytes, header, &places, &Origin::default());
    Some(bytes)
}
