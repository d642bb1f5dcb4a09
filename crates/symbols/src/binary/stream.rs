//! A section read from the file piece by piece: what is needed once, such as all of the debug information for an
//! index, should not stay in memory, neither inflated nor as pages of the mapping.

use std::io::{self, Read, Seek as _, SeekFrom};
use std::sync::{Arc, PoisonError};

use super::section::{Compression, Image, Section};
use super::{SectionSource, format};

/// Bytes that are read from the file at once.
const PIECE: usize = 256 << 10;

/// Reads a part of the file.
struct FilePart {
    image: Arc<Image>,
    at: u64,
    end: u64,
}

impl Read for FilePart {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = rest.min(buf.len());
        let read = match &*self.image {
            Image::Mapped(_, file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(self.at))?;
                file.read(&mut buf[..count])?
            }
            Image::Owned(bytes) => {
                let start = usize::try_from(self.at).map_or(bytes.len(), |at| at.min(bytes.len()));
                (&bytes[start..]).read(&mut buf[..count])?
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl SectionSource {
    /// A section's bytes as they are in the file.
    pub(super) fn raw_stream(&self, name: &str) -> Option<Box<dyn Read + Send>> {
        let entry =
            self.layout.sections.get(self.layout.find_section(name)?).filter(|entry| entry.in_file)?;
        Some(self.part(entry.offset, entry.size))
    }

    /// A section's bytes, inflated on the way.
    pub(super) fn stream(&self, name: &str) -> Option<Box<dyn Read + Send>> {
        let entry =
            self.layout.sections.get(self.layout.find_section(name)?).filter(|entry| entry.in_file)?;
        let raw = Section::of_file(&self.image, entry.offset, entry.size, entry.address)?;
        if !entry.is_packed() {
            return Some(self.part(entry.offset, entry.size));
        }
        let packed = self.packed(entry, &raw)?;
        let (start, size) = (entry.size - packed.data.len() as u64, packed.data.len() as u64);
        let part = self.part(entry.offset + start, size);
        Some(match packed.compression {
            Compression::Zlib => Box::new(flate2::read::ZlibDecoder::new(part).take(packed.size)),
            Compression::Zstd => {
                Box::new(ruzstd::decoding::StreamingDecoder::new(part).ok()?.take(packed.size))
            }
        })
    }

    fn part(&self, offset: u64, size: u64) -> Box<dyn Read + Send> {
        let part = FilePart { image: Arc::clone(&self.image), at: offset, end: offset.saturating_add(size) };
        Box::new(io::BufReader::with_capacity(PIECE, part))
    }

    /// The compressed contents of a section.
    pub(super) fn packed<'a>(
        &self,
        entry: &format::SectionEntry,
        raw: &'a Section,
    ) -> Option<format::PackedSection<'a>> {
        use adit_arch::ByteOrder;
        if entry.compressed {
            return format::compression(raw.data(), self.layout.arch.pointer_size, self.layout.order());
        }
        // GNU's older form: "ZLIB", the size as eight big-endian bytes, a zlib stream.
        let (size, data) = raw.data().strip_prefix(b"ZLIB")?.split_at_checked(8)?;
        Some(format::PackedSection { compression: Compression::Zlib, size: ByteOrder::Big.uint(size), data })
    }
}
