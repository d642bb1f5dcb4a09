//! What a function takes and returns, from its debug information.

use adit_process::Addr;
use adit_symbols::{Shape, Variable as Declared, VariableKind};

use super::{Callee, Parameter};
use crate::Debugger;
use crate::eval::{EvalError, fail};

impl Debugger {
    /// The function at `entry`, which users know as `name`.
    pub(crate) fn callee(&self, name: &str, entry: Addr) -> Result<Callee, EvalError> {
        let binary = &self.image.binary;
        let no_entry = || EvalError(format!("could not find DIE for function {name:?}"));
        let dwarf = binary.dwarf().map_err(|_| no_entry())?;
        let at = self.image.to_file(entry);
        let function = dwarf.function_at(at)?.ok_or_else(no_entry)?;
        let known = binary.pclntab().ok().and_then(|table| table.find(at));
        let Some(known) = known.filter(|_| function.is_go) else { return fail("not a Go function") };
        let on_stack = known.flags().asm;
        if function.optimized && !on_stack {
            return fail(format!("can not call optimized function {name} when regabi is in use"));
        }
        let mut callee = Callee {
            name: name.to_owned(),
            entry,
            params: Vec::new(),
            results: Vec::new(),
            dictionary: None,
            on_stack,
        };
        for variable in &function.variables {
            match variable.kind {
                VariableKind::Parameter if &*variable.name == ".dict" => {
                    callee.dictionary = Some(callee.params.len());
                }
                VariableKind::Parameter => callee.params.push(self.parameter(variable)?),
                VariableKind::Result => callee.results.push(self.parameter(variable)?),
                VariableKind::Local => {}
            }
        }
        Ok(callee)
    }

    /// A variable that escapes to the heap is described by a pointer to it, with `&` before its name.
    fn parameter(&self, variable: &Declared) -> Result<Parameter, EvalError> {
        let no_type = || EvalError(format!("the type of parameter {} is not known", variable.name));
        let loader = self.loader();
        let ty = loader.type_of(variable.type_id.ok_or_else(no_type)?)?;
        let Some(name) = variable.name.strip_prefix('&') else {
            return Ok(Parameter { name: variable.name.to_string(), ty });
        };
        match loader.underlying(&ty)?.shape {
            Shape::Pointer(Some(target)) => {
                Ok(Parameter { name: name.to_owned(), ty: loader.type_of(target)? })
            }
            _ => Err(no_type()),
        }
    }
}
