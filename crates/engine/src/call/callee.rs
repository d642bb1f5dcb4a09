//! What a function takes and returns, from its debug information.

use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::{Shape, Type, Variable as Declared, VariableKind};

use super::{Callee, Parameter};
use crate::Debugger;
use crate::eval::{EvalError, fail};
use crate::value::ValueError;

/// The parameter by which generic code gets its dictionary.
const DICTIONARY: &str = ".dict";

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
        let is_dictionary = |variable: &&Declared| &*variable.name == DICTIONARY;
        let generic = function.variables.iter().any(|variable| is_dictionary(&variable));
        let dictionary = generic.then(|| self.dictionary_of(name)).transpose()?;
        for variable in &function.variables {
            match variable.kind {
                VariableKind::Parameter if is_dictionary(&variable) => {
                    callee.dictionary = dictionary.map(|addr| (callee.params.len(), addr));
                }
                VariableKind::Parameter => callee.params.push(self.parameter(variable, dictionary)?),
                VariableKind::Result => callee.results.push(self.parameter(variable, dictionary)?),
                VariableKind::Local => {}
            }
        }
        Ok(callee)
    }

    /// A variable that escapes to the heap is described by a pointer to it, with `&` before its name.
    fn parameter(&self, variable: &Declared, dictionary: Option<Addr>) -> Result<Parameter, EvalError> {
        let no_type = || EvalError(format!("the type of parameter {} is not known", variable.name));
        let loader = self.loader();
        let ty = loader.type_of(variable.type_id.ok_or_else(no_type)?)?;
        let ty = self.instance_type(ty, dictionary)?;
        let Some(name) = variable.name.strip_prefix('&') else {
            return Ok(Parameter { name: variable.name.to_string(), ty });
        };
        match loader.underlying(&ty)?.shape {
            Shape::Pointer(Some(target)) => {
                let ty = self.instance_type(loader.type_of(target)?, dictionary)?;
                Ok(Parameter { name: name.to_owned(), ty })
            }
            _ => Err(no_type()),
        }
    }

    /// What a type in generic code is in the instance with this dictionary.
    fn instance_type(&self, ty: Arc<Type>, dictionary: Option<Addr>) -> Result<Arc<Type>, EvalError> {
        let Some(index) = ty.dict_index else { return Ok(ty) };
        let loader = self.loader();
        let Some(dictionary) = dictionary else {
            // A wrapper for one instance: it needs no dictionary, and what is named there is the type itself.
            return match ty.shape {
                Shape::Typedef(named) => Ok(loader.type_of(named)?),
                _ => Ok(ty),
            };
        };
        let slot = dictionary.0.wrapping_add(index.wrapping_mul(loader.word_size() as u64));
        let descriptor = self.target.read_pointer(Addr(slot)).map_err(ValueError::from)?;
        Ok(loader.type_at(descriptor)?)
    }
}
