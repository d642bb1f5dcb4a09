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
        self.image = Image::executable(Arc::new(binary), &*self.target);
        self.statements.get_mut().clear();
        self.inlined_functions.take();
        self.open_runtime();
        self.rebind_breakpoints();
        self.sync_breakpoints()
    }
}
