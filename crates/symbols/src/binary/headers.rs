//! What the headers say besides what is needed to find code and data.

use object::Object;

use super::{Binary, format};
use crate::FileAddr;

/// A section's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionHeader {
    /// Its name, as the format has it: `.text`, `__text`.
    pub name: String,
    /// Where it is loaded; 0 if it is not.
    pub addr: FileAddr,
    /// Its size in bytes, as it stands in the file or is in memory.
    pub size: u64,
    /// Has it bytes in the file? `.bss` has none.
    pub in_file: bool,
}

impl Binary {
    /// The sections that have a name, in the order of the file.
    pub fn section_headers(&self) -> impl Iterator<Item = SectionHeader> + '_ {
        self.layout.sections.iter().filter(|section| !section.name.is_empty()).map(|section| SectionHeader {
            name: section.name.clone(),
            addr: FileAddr(section.address),
            size: section.size,
            in_file: section.in_file,
        })
    }

    /// The libraries that the loader is told to load with it, each once, in the order of the file; as many as can be
    /// read of a damaged list.
    pub fn needed_libraries(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let slice = format::choose(&self.image, Some(self.arch().name)).ok();
        let file = slice.and_then(|slice| object::File::parse(self.image.get(slice)?).ok());
        let Some(libraries) = file.as_ref().and_then(|file| file.import_libraries().ok()) else {
            return names;
        };
        for library in libraries.map_while(Result::ok) {
            let name = String::from_utf8_lossy(library.name()).into_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
