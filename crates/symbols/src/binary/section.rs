//! Bytes of a binary: slices of the mapped file, and sections that had to be inflated.

use std::fs::File;
use std::io::Read;
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex};

use crate::FileAddr;

/// Where a binary's bytes live.
#[derive(Debug)]
pub(super) enum Image {
    /// The file, mapped; and the file itself, for what is better read piece by piece.
    Mapped(memmap2::Mmap, Mutex<File>),
    /// Bytes that were in memory already.
    Owned(Vec<u8>),
}

impl Deref for Image {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Image::Mapped(map, _) => map,
            Image::Owned(bytes) => bytes,
        }
    }
}

/// The bytes of a section (or of a part of a segment), and where the file says they are loaded. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Section {
    bytes: Bytes,
    address: FileAddr,
}

#[derive(Clone, Debug)]
enum Bytes {
    File(Arc<Image>, Range<usize>),
    Inflated(Arc<Vec<u8>>),
}

impl Section {
    /// A part of the file. `None` if the file has no such part.
    pub(super) fn of_file(image: &Arc<Image>, offset: u64, size: u64, address: u64) -> Option<Section> {
        let start = usize::try_from(offset).ok()?;
        let range = start..start.checked_add(usize::try_from(size).ok()?)?;
        image.get(range.clone())?;
        Some(Section { bytes: Bytes::File(Arc::clone(image), range), address: FileAddr(address) })
    }

    /// The part of this section that starts `skip` bytes in. `None` if it ends before that.
    pub(crate) fn skip(&self, skip: u64) -> Option<Section> {
        let Bytes::File(image, range) = &self.bytes else { return None };
        let size = (range.len() as u64).checked_sub(skip)?;
        Section::of_file(image, range.start as u64 + skip, size, self.address.0.wrapping_add(skip))
    }

    /// The first `size` bytes of it. `None` if it has fewer.
    pub(crate) fn first(&self, size: u64) -> Option<Section> {
        let Bytes::File(image, range) = &self.bytes else { return None };
        let size = Some(size).filter(|size| *size <= range.len() as u64)?;
        Section::of_file(image, range.start as u64, size, self.address.0)
    }

    pub(super) fn inflated(bytes: Vec<u8>, address: u64) -> Section {
        Section { bytes: Bytes::Inflated(Arc::new(bytes)), address: FileAddr(address) }
    }

    /// The bytes.
    pub fn data(&self) -> &[u8] {
        match &self.bytes {
            Bytes::File(image, range) => image.get(range.clone()).unwrap_or_default(),
            Bytes::Inflated(bytes) => bytes,
        }
    }

    /// The address of the first byte; 0 if the section is not loaded.
    pub fn address(&self) -> FileAddr {
        self.address
    }
}

impl AsRef<[u8]> for Section {
    fn as_ref(&self) -> &[u8] {
        self.data()
    }
}

/// How a section is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    /// ELFCOMPRESS_ZLIB, and the older `.zdebug_*` sections.
    Zlib,
    /// ELFCOMPRESS_ZSTD.
    Zstd,
}

/// Deflate cannot shrink anything further than this (zlib's FAQ: 1032 to 1): a header that claims more lies.
/// Zstandard can in theory, but no debug information comes near it.
const MAX_RATIO: u64 = 1040;

/// Inflates `packed` to the `size` bytes that its header promises. `None` if it is damaged or the header lies.
/// Memory grows with what is really produced, never with what a header promises.
pub(super) fn inflate(packed: &[u8], compression: Compression, size: u64) -> Option<Vec<u8>> {
    if size > (packed.len() as u64).saturating_mul(MAX_RATIO).saturating_add(64) {
        return None;
    }
    let mut bytes = Vec::new();
    match compression {
        Compression::Zlib => {
            flate2::read::ZlibDecoder::new(packed).take(size).read_to_end(&mut bytes).ok()?
        }
        Compression::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(packed).ok()?;
            decoder.take(size).read_to_end(&mut bytes).ok()?
        }
    };
    (bytes.len() as u64 == size).then_some(bytes)
}
