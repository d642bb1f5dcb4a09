//! Function values: the function, and what it has captured.

use adit_process::Addr;

use super::{LoadConfig, Loader, Value, ValueError, Variable};

impl Loader<'_> {
    /// A function value points to a closure, whose first word is the code's address.
    pub(super) fn fill_func(
        &self,
        variable: &mut Variable,
        value: &Value,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        if self.underlying(&value.ty)?.go_kind.is_none() {
            return value.addr().map_or(Ok(()), |entry| self.fill_c_function(variable, entry));
        }
        let closure = self.word(value, 0)?;
        if closure == 0 {
            return Ok(());
        }
        let entry = self.target.read_pointer(Addr(closure))?;
        variable.base = entry.0;
        let frames = self.image.source_frames_anywhere(self.target, entry);
        match frames.last() {
            Some(frame) => variable.value = self.instance_name(&frame.function, entry),
            None => return Err(ValueError::Other(format!("could not find function for {:#x}", entry.0))),
        }
        if depth <= config.max_variable_recurse && config.follow_pointers {
            for (name, value) in self.captured(value).unwrap_or_default() {
                variable.children.push(Variable { name, ..self.load_at(&value, config, depth) });
            }
            variable.len = variable.children.len() as i64;
        }
        Ok(())
    }

    /// The full name of a function that pclntab calls `name`: until go1.20, it leaves out which instance of a generic
    /// function it is (`cmd/link/internal/ld/pcln.go`).
    fn instance_name(&self, name: &str, entry: Addr) -> String {
        let full = || {
            let dwarf = self.dwarf().ok().filter(|_| name.contains("[...]"))?;
            Some(dwarf.function_at(self.image.to_file(entry)).ok()??.name.to_string())
        };
        full().unwrap_or_else(|| name.to_owned())
    }

    /// The variables that a closure has captured, by name. Go 1.23 and later say where in the closure they are
    /// (DW_AT_go_closure_offset, `cmd/internal/dwarf`); those captured by reference are named `&x`.
    pub(crate) fn captured(&self, value: &Value) -> Result<Vec<(String, Value)>, ValueError> {
        let closure = self.word(value, 0)?;
        if closure == 0 {
            return Ok(Vec::new());
        }
        let entry = self.target.read_pointer(Addr(closure))?;
        let Ok(dwarf) = self.dwarf() else { return Ok(Vec::new()) };
        let Some(function) = dwarf.function_at(self.image.to_file(entry))? else { return Ok(Vec::new()) };
        let mut captured = Vec::new();
        for variable in &function.variables {
            let (Some(offset), Some(ty)) = (variable.closure_offset, variable.type_id) else { continue };
            // The receiver of a method value is captured as `.this`.
            if variable.name.starts_with('.') {
                continue;
            }
            let place = Value::at(self.type_of(ty)?, Addr(closure.wrapping_add(offset)));
            captured.push(match variable.name.strip_prefix('&') {
                Some(name) => (name.to_owned(), self.dereference(&place)?),
                None => (variable.name.to_string(), place),
            });
        }
        Ok(captured)
    }
}
