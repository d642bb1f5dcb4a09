//! What tells a program from all others, for what is kept about it.

use std::io::Read as _;
use std::time::UNIX_EPOCH;

use super::{Binary, Image, SectionSource};
use crate::index::{Cache, Digest, Home, Identity};

/// Sections whose contents an index is made from.
const INDEXED: [&str; 8] = [
    ".debug_info",
    ".debug_abbrev",
    ".debug_str",
    ".debug_line_str",
    ".debug_str_offsets",
    ".debug_addr",
    ".gopclntab",
    ".data.rel.ro.gopclntab",
];

impl Binary {
    /// Where in `cache` the part of this program's index with this name is kept, if anywhere.
    pub(crate) fn index_home(&self, cache: Option<&Cache>, part: &'static str) -> Option<Home> {
        Some(Home { cache: cache?.clone(), part, identity: self.index_identity() })
    }

    fn index_identity(&self) -> Identity {
        let (go, gnu) = (self.build_id(), self.gnu_build_id());
        let mut digest = Digest::default();
        let mut text = |text: &str| {
            digest.add(&(text.len() as u64).to_le_bytes());
            digest.add(text.as_bytes());
        };
        text(go.as_deref().unwrap_or_default());
        text(gnu.as_deref().unwrap_or_default());
        text(self.goos());
        text(self.arch().name);
        for section in &self.layout.sections {
            text(&section.name);
        }
        let numbers = self.layout.sections.iter().flat_map(|s| [s.offset, s.size, s.address]);
        for number in numbers.chain([self.image.len() as u64, self.layout.entry]) {
            digest.add(&number.to_le_bytes());
        }
        let mut more = digest.clone();
        more.add(b"the other half");
        let words = [digest.finish(), more.finish()];
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words.as_flattened()) {
            *place = word.to_le_bytes();
        }
        let source = self.section_source();
        Identity {
            digest: bytes,
            is_strong: match (&go, &gnu) {
                (Some(go), _) => is_go_command(go),
                // The hash of the output, says ld(1) --build-id.
                (None, Some(gnu)) => gnu.len() >= 32,
                (None, None) => false,
            },
            modified: self.modified(),
            contents: Box::new(move || contents(&source)),
        }
    }

    /// When the file was written, in nanoseconds; 0 if unknown.
    fn modified(&self) -> u64 {
        let Image::Mapped(_, file) = &*self.image else { return 0 };
        let file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
    }
}

/// Is this a build id that the go command made, of hashes of what went into the program and of what came out
/// (`cmd/go/internal/work/buildid.go`)? Others (`-ldflags=-buildid=x`) may be the same for any two programs.
fn is_go_command(id: &str) -> bool {
    const HASH: usize = 20;
    let parts: Vec<&str> = id.split('/').collect();
    parts.len() == 4 && parts.iter().all(|part| part.len() >= HASH)
}

fn contents(source: &SectionSource) -> [u64; 2] {
    let mut digest = Digest::default();
    let mut piece = vec![0; 256 << 10];
    for name in INDEXED {
        let Some(mut section) = source.raw_stream(name) else { continue };
        digest.add(name.as_bytes());
        // What can not be read is not in the index either.
        while let Ok(count @ 1..) = section.read(&mut piece) {
            digest.add(&piece[..count]);
        }
    }
    digest.finish()
}
