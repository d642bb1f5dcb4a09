//! The program replaced itself by another one (execve(2)).

use adit_symbols::Binary;
use std::sync::Arc;

use crate::image::Image;
use crate::{Debugger, EngineError};

impl Debugger {
    /// Opens the new program's symbols and finds the breakpoints anew in it. If the new program cannot be read, it runs
    /// on without breakpoints.
    pub(crate) fn reload_after_exec(&mut self) -> Result<(), EngineError> {
        self.breakpoints.clear_steps();
        self.step = None;
        self.breakpoints.forget_addresses();
        let Ok(binary) = Binary::open(&self.target.executable()) else { return Ok(()) };
        let binary = binary.with_cache(self.image.binary.cache().cloned());
        let directories = self.image.libraries.directories();
        let binary = binary.with_separate(&directories).0;
        self.image = Image::executable(Arc::new(binary), &*self.target);
        self.image.libraries.set_directories(directories);
        self.statements.get_mut().clear();
        self.range_bodies.get_mut().clear();
        self.inlined_functions.take();
        self.conditions.clear();
        self.open_runtime();
        self.rebind_breakpoints();
        self.sync_breakpoints()
    }

    /// Puts the same program in the place of the one there is, with debug information that it did not have.
    pub(crate) fn replace_binary(&mut self, binary: Binary) {
        let libraries = std::mem::take(&mut self.image.libraries);
        self.image = Image::executable(Arc::new(binary), &*self.target);
        self.image.libraries = libraries;
        self.statements.get_mut().clear();
        self.range_bodies.get_mut().clear();
        self.inlined_functions.take();
        self.conditions.clear();
        self.open_runtime();
    }
}
