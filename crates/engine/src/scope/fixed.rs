//! Variables that are in the same place in each frame of a function.

use std::sync::Arc;

use adit_symbols::{Shape, Type};

use super::Scope;
use crate::Debugger;

/// A variable of unoptimised code, by what finds it in any frame that stands at the same address.
pub(crate) struct FixedVariable {
    /// Its location expression at that address, and the function's frame base.
    pub(crate) expression: Vec<u8>,
    pub(crate) base: Vec<u8>,
    pub(crate) ty: Arc<Type>,
    /// Is a pointer to it what is there? So if it escaped to the heap.
    pub(crate) is_pointer: bool,
}

impl Debugger {
    /// The innermost visible variable of this name, if its place and type depend on nothing but the address at which
    /// the frame stands.
    pub(crate) fn fixed_variable(&self, scope: &Scope, name: &str) -> Option<FixedVariable> {
        self.declared_named(scope, name, |function, variable, _| {
            // What a type of a generic function is, a dictionary says.
            let is_generic = function.name.contains('[');
            let is_fixed = function.is_go && !function.optimized && !is_generic;
            if !is_fixed || scope.closure.is_some() || scope.frame.inlined() {
                return None;
            }
            let pc = self.image.to_file(scope.frame.lookup);
            let loader = self.loader();
            let declared = loader.type_of(variable.type_id?).ok().filter(|ty| ty.dict_index.is_none())?;
            let is_pointer = variable.name.starts_with('&');
            let ty = match (is_pointer, &loader.underlying(&declared).ok()?.shape) {
                (false, _) => declared,
                (true, Shape::Pointer(Some(target))) => loader.type_of(*target).ok()?,
                (true, _) => return None,
            };
            let expression = variable.location_at(pc)?.to_vec();
            Some(FixedVariable { expression, base: function.frame_base_at(pc).to_vec(), ty, is_pointer })
        })
    }
}
