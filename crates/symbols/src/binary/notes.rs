//! Build ids, from ELF notes.

use adit_arch::ByteOrder;

use super::Binary;

/// Go's own build id (cmd/link/internal/ld/elf.go, ELF_NOTE_GOBUILDID_TAG).
const GO_BUILD_ID: u64 = 4;
/// NT_GNU_BUILD_ID.
const GNU_BUILD_ID: u64 = 3;

impl Binary {
    /// Go's build id: `actionID/.../contentID`.
    pub fn build_id(&self) -> Option<String> {
        let id = self.note(".note.go.buildid", b"Go\0", GO_BUILD_ID)?;
        String::from_utf8(id).ok().filter(|id| !id.is_empty())
    }

    /// The GNU build id, in hexadecimal.
    pub fn gnu_build_id(&self) -> Option<String> {
        Some(self.gnu_build_id_bytes()?.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn gnu_build_id_bytes(&self) -> Option<Vec<u8>> {
        self.note(".note.gnu.build-id", b"GNU\0", GNU_BUILD_ID)
    }

    fn note(&self, section: &str, owner: &[u8], kind: u64) -> Option<Vec<u8>> {
        let order = self.order();
        if let Some(found) = self.section(section).and_then(|notes| find(notes.data(), order, owner, kind)) {
            return Some(found);
        }
        let segments = self.layout.segments.iter().filter(|s| s.kind == object::elf::PT_NOTE.0);
        segments
            .filter_map(|segment| {
                let notes =
                    super::Section::of_file(&self.image, segment.offset, segment.file_size, segment.address)?;
                find(notes.data(), order, owner, kind)
            })
            .next()
    }
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
