//! From an address to source code.

use super::Binary;
use crate::{FileAddr, SourceFrame};

impl Binary {
    /// The functions at `pc`, innermost first: inlined calls, then the function that contains the code. For code
    /// that Go's table does not know (C), what debug information says, or else the name alone, from the symbol table.
    /// For a return address, ask for the address before it. Empty if nothing is known.
    pub fn source_frames(&self, pc: FileAddr) -> Vec<SourceFrame> {
        let Some(function) = self.pclntab().ok().and_then(|table| table.find(pc)) else {
            return self.foreign_frames(pc);
        };
        let entry = function.entry();
        let (mut file, mut line) = function.file_line(pc).unwrap_or(("", 0));
        let mut frames = Vec::new();
        for call in function.inlined(pc) {
            frames.push(SourceFrame {
                function: call.name.to_owned(),
                file: file.to_owned(),
                line,
                entry,
                inlined: true,
            });
            (file, line) = (call.call_file, call.call_line);
        }
        let name = function.name().to_owned();
        frames.push(SourceFrame { function: name, file: file.to_owned(), line, entry, inlined: false });
        frames
    }

    fn foreign_frames(&self, pc: FileAddr) -> Vec<SourceFrame> {
        // An address of elsewhere is no reason to read debug information.
        if !self
            .loaded()
            .any(|segment| pc.0.checked_sub(segment.address).is_some_and(|at| at < segment.file_size))
        {
            return Vec::new();
        }
        let frames = self.dwarf().map(|dwarf| dwarf.foreign_frames(pc)).unwrap_or_default();
        if frames.is_empty() { self.symbol_frame(pc).into_iter().collect() } else { frames }
    }

    fn symbol_frame(&self, pc: FileAddr) -> Option<SourceFrame> {
        let symbol = self.symbol_at(pc).filter(|symbol| symbol.is_function)?;
        Some(SourceFrame {
            function: symbol.name,
            file: String::new(),
            line: 0,
            entry: symbol.addr,
            inlined: false,
        })
    }
}
