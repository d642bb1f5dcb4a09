//! What is in an interface.

use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::Type;

use super::{LoadConfig, Loader, Value, ValueError, Variable};

impl Loader<'_> {
    pub(super) fn fill_interface(
        &self,
        variable: &mut Variable,
        value: &Value,
        empty: bool,
        config: &LoadConfig,
        depth: usize,
    ) -> Result<(), ValueError> {
        variable.len = 1;
        let child = match self.dynamic_value(value, empty)? {
            None => Variable { only_addr: true, ..Variable::default() },
            Some(inner) if depth > config.max_variable_recurse => {
                let mut child = self.unloaded(&inner);
                child.only_addr = true;
                child.summary = self.summary_behind(&inner, config);
                child
            }
            // No interface holds an interface: what it holds costs no level of its own.
            Some(inner) => self.load_at(&inner, config, depth),
        };
        variable.children.push(Variable { name: "data".to_owned(), ..child });
        Ok(())
    }

    /// The value in an interface; `None` if it is nil.
    pub fn dynamic_value(&self, value: &Value, empty: bool) -> Result<Option<Value>, ValueError> {
        let first = self.word(value, 0)?;
        if first == 0 {
            return Ok(None);
        }
        let runtime =
            self.runtime.ok_or_else(|| ValueError::Other("the Go runtime is unknown".to_owned()))?;
        let type_addr = if empty { Addr(first) } else { runtime.itab_type(self.target, Addr(first))? };
        let descriptor = runtime.descriptor(self.target, type_addr)?;
        let ty = self.type_at(type_addr)?;
        let word = self.word_size() as u64;
        if descriptor.direct {
            return Ok(Some(value.part(word, ty)));
        }
        Ok(Some(Value::at(ty, Addr(self.word(value, 1)?))))
    }

    /// The type that a runtime type descriptor describes.
    pub fn type_at(&self, descriptor: Addr) -> Result<Arc<Type>, ValueError> {
        let runtime =
            self.runtime.ok_or_else(|| ValueError::Other("the Go runtime is unknown".to_owned()))?;
        if let Ok(dwarf) = self.dwarf() {
            let known = match runtime.type_offset(self.target, descriptor) {
                Some((offset, None)) => dwarf.type_by_runtime_offset(offset)?,
                Some((offset, Some(code))) => self.type_of_module(code, offset),
                None => None,
            };
            if let Some(ty) = known {
                return Ok(ty);
            }
            // Of another module, perhaps: the same type by name.
            let name = runtime.descriptor(self.target, descriptor)?.name;
            if let Some(ty) = name.as_deref().and_then(|name| dwarf.type_by_name(name).ok().flatten()) {
                return Ok(ty);
            }
        }
        self.type_from_descriptor(descriptor)
    }
}
