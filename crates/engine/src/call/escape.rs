//! Arguments must not point into the stack: the function may keep them, and the stack may be moved while it runs. Nor
//! must what is allocated.

use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::{Shape, Type};

use crate::eval::{EvalError, fail};
use crate::value::{Loader, Value, ValueError};

/// Arrays and structs are nested this deep at most.
const DEEPEST: usize = 32;

/// What an argument is checked for.
pub(crate) struct EscapeCheck<'a> {
    pub(crate) loader: Loader<'a>,
    /// The stack on which nothing may lie that is pointed to.
    pub(crate) stack: (Addr, Addr),
}

impl EscapeCheck<'_> {
    /// Checks the bytes that are passed as parameter `name` of `function`; `text` is what the user wrote for them.
    pub(crate) fn check(
        &self,
        ty: &Arc<Type>,
        bytes: &[u8],
        text: &str,
        name: &str,
        function: &str,
    ) -> Result<(), EvalError> {
        let value = Value::of_bytes(ty.clone(), bytes);
        match self.points_into_stack(&value, name, 0) {
            Ok(None) => Ok(()),
            Ok(Some(pointer)) => fail(format!(
                "cannot use {text} as argument {name} in function {function}: stack object passed to escaping pointer: \
                 {pointer}"
            )),
            Err(error) => fail(format!("escape check for {name} failed, variable unreadable: {error}")),
        }
    }

    /// Checks the bytes that are kept on the heap; `text` is what the user wrote for them.
    pub(crate) fn check_kept(&self, ty: &Arc<Type>, bytes: &[u8], text: &str) -> Result<(), EvalError> {
        match self.points_into_stack(&Value::of_bytes(ty.clone(), bytes), &ty.name, 0) {
            Ok(None) => Ok(()),
            Ok(Some(pointer)) => {
                fail(format!("cannot allocate {text}: stack object passed to escaping pointer: {pointer}"))
            }
            Err(error) => fail(format!("escape check for {text} failed, variable unreadable: {error}")),
        }
    }

    /// The name of the first pointer in a value that leads into the stack.
    fn points_into_stack(
        &self,
        value: &Value,
        name: &str,
        depth: usize,
    ) -> Result<Option<String>, ValueError> {
        let loader = &self.loader;
        let real = loader.underlying(&value.ty)?;
        let leads_there = |index: u64| {
            let word = loader.word(value, index)?;
            Ok((self.stack.0.0..self.stack.1.0).contains(&word).then(|| name.to_owned()))
        };
        if depth > DEEPEST {
            return Ok(None);
        }
        match &real.shape {
            Shape::Pointer(_)
            | Shape::Map { .. }
            | Shape::Chan { .. }
            | Shape::Func
            | Shape::String
            | Shape::Slice { .. } => leads_there(0),
            Shape::Interface { .. } => leads_there(1),
            Shape::Struct(fields) => {
                for field in fields {
                    let part = loader.field(value, field)?;
                    let name = format!("{name}.{}", field.name);
                    if let Some(found) = self.points_into_stack(&part, &name, depth + 1)? {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
            Shape::Array { elem, count } => {
                let elem = loader.type_of(*elem)?;
                for index in 0..*count {
                    let part = value.part(index.saturating_mul(elem.size), elem.clone());
                    if let Some(found) = self.points_into_stack(&part, name, depth + 1)? {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }
}
