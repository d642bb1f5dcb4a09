//! From an address to source code.

use super::Binary;
use crate::{FileAddr, SourceFrame};

impl Binary {
    /// The functions at `pc`, innermost first: inlined calls, then the function that contains the code. For code
    /// that Go's table does not know (C), the name alone, from the symbol table. For a return address, ask for the
    /// address before it. Empty if nothing is known.
    pub fn source_frames(&self, pc: FileAddr) -> Vec<SourceFrame> {
        let Some(function) = self.pclntab().ok().and_then(|table| table.find(pc)) else {
            return self.symbol_frame(pc).into_iter().collect();
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
