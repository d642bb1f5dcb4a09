//! Where a function that has just returned has left its results, if its debug information does not say.
//!
//! Optimised code has no variables any more at its return instructions. But Go's calling convention says which
//! registers hold the results (`cmd/compile/abi-internal.md` of go1.26, "Function call argument and result passing").

use adit_process::ThreadId;

use crate::Debugger;
use crate::call::abi::{Convention, Passed, from_registers};
use crate::value::{LoadConfig, Place, Value, Variable, flags};

impl Debugger {
    /// What the function returned that the last step left, and the thread on which it did.
    pub fn return_values(&self, config: &LoadConfig) -> Option<(Vec<Variable>, ThreadId)> {
        let (frame, thread) = self.returned_frame()?;
        let mut scope = self.scope_of_frame(std::slice::from_ref(frame), 0, self.selection.goroutine);
        // The results are where the function's last return instruction left them; its frame lies untouched below the
        // stack pointer, and registers are as it left them.
        let name = frame.function().to_owned();
        let returns = self.return_addresses(&name).ok()?;
        let last = returns.last().copied()?;
        scope.frame.lookup = last;
        scope.frame.file_pc = self.image.to_file(last);
        if let Some(source) = self.image.source_frames(last).last() {
            scope.frame.source = Some(source.clone());
        }
        if let Ok(registers) = self.target.all_registers(thread) {
            scope.frame.registers = registers;
        }
        let variables = self.own_variables(&scope).ok()?;
        let loader = self.loader();
        let results: Vec<_> =
            variables.into_iter().filter(|variable| variable.flags & flags::RETURN_ARGUMENT != 0).collect();
        let passables: Result<Vec<_>, _> =
            results.iter().map(|result| loader.passable(&result.value.ty)).collect();
        let word = loader.word_size() as u64;
        let frame = passables.ok().zip(Convention::of(self.arch()));
        let places = frame.map(|(types, convention)| convention.assign(word, &[], &types).results);
        let values = results
            .into_iter()
            .enumerate()
            .map(|(index, mut variable)| {
                let place = places.as_ref().map(|places| &places[index]);
                if let (Place::Missing(_), Some(Passed::Registers(parts))) = (&variable.value.place, place)
                    && let size = variable.value.ty.size
                    && let Some(bytes) = from_registers(parts, size, self.arch(), &scope.frame.registers)
                {
                    variable.value = Value::of_bytes(variable.value.ty.clone(), &bytes);
                }
                let mut loaded = loader.load_named(&variable.name, &variable.value, config);
                loaded.flags |= variable.flags;
                loaded.decl_line = i64::from(variable.decl_line);
                loaded
            })
            .collect();
        Some((values, thread))
    }
}
