//! What tells one build from another: Go's build id, the GNU build id, Mach-O's UUID.

use adit_arch::ByteOrder;

use super::format::{FileFormat, SegmentKind};
use super::{Binary, Section};

/// Go's own build id (cmd/link/internal/ld/elf.go, ELF_NOTE_GOBUILDID_TAG).
const GO_BUILD_ID: u64 = 4;
/// NT_GNU_BUILD_ID.
const GNU_BUILD_ID: u64 = 3;

/// Without notes, Go's linker puts the build id into a symbol at the start of the code, between these
/// (cmd/link/internal/ld/main.go, textbuildid; cmd/internal/buildid/buildid.go).
const TEXT_START: &[u8] = b"\xff Go build ID: \"";
const TEXT_END: &[u8] = b"\"\n \xff";
/// How far from the start of the code it is looked for.
const TEXT_REACH: u64 = 64 << 10;

impl Binary {
    /// Go's build id: `actionID/.../contentID`.
    pub fn build_id(&self) -> Option<String> {
        let id = match self.layout.format {
            FileFormat::Elf => self.note(".note.go.buildid", b"Go\0", GO_BUILD_ID)?,
            FileFormat::Pe | FileFormat::MachO => self.id_in_text()?,
        };
        String::from_utf8(id).ok().filter(|id| !id.is_empty())
    }

    /// The GNU build id, in hexadecimal.
    pub fn gnu_build_id(&self) -> Option<String> {
        Some(hexadecimal(&self.gnu_build_id_bytes()?))
    }

    pub(crate) fn gnu_build_id_bytes(&self) -> Option<Vec<u8>> {
        self.note(".note.gnu.build-id", b"GNU\0", GNU_BUILD_ID)
    }

    /// Mach-O's UUID, in hexadecimal.
    pub fn uuid(&self) -> Option<String> {
        self.layout.uuid.map(|uuid| hexadecimal(&uuid))
    }

    fn note(&self, section: &str, owner: &[u8], kind: u64) -> Option<Vec<u8>> {
        let order = self.order();
        if let Some(found) = self.section(section).and_then(|notes| find(notes.data(), order, owner, kind)) {
            return Some(found);
        }
        let segments = self.layout.segments.iter().filter(|s| s.kind == SegmentKind::Note);
        segments
            .filter_map(|segment| {
                let notes =
                    Section::of_file(&self.image, segment.offset, segment.file_size, segment.address)?;
                find(notes.data(), order, owner, kind)
            })
            .next()
    }

    fn id_in_text(&self) -> Option<Vec<u8>> {
        let text = self.section(".text")?;
        let text = text.first(TEXT_REACH).unwrap_or(text);
        let start = position(text.data(), TEXT_START)? + TEXT_START.len();
        let rest = text.data().get(start..)?;
        Some(rest[..position(rest, TEXT_END)?].to_vec())
    }
}

fn position(data: &[u8], wanted: &[u8]) -> Option<usize> {
    data.windows(wanted.len()).position(|window| window == wanted)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Walks a list of notes: sizes of owner and description, type, then both, each padded to four bytes.
fn find(mut notes: &[u8], order: ByteOrder, owner: &[u8], kind: u64) -> Option<Vec<u8>> {
    while let Some((header, rest)) = notes.split_at_checked(12) {
        let word = |at: usize| order.uint(&header[at..at + 4]);
        let (name, rest) = rest.split_at_checked(usize::try_from(word(0).next_multiple_of(4)).ok()?)?;
        let size = usize::try_from(word(4)).ok()?;
        let description = rest.get(..size)?;
        if word(8) == kind && name.starts_with(owner) {
            return Some(description.to_vec());
        }
        notes = rest.get(size.next_multiple_of(4)..)?;
    }
    None
}
