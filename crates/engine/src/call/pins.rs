//! Keeping alive what calls have returned, while more calls are made.
//!
//! Nothing in the program refers to it, so that the garbage collector would free it. Go 1.25 and later, and late patches
//! of go1.23 and go1.24, have a function for debuggers that makes a `runtime.Pinner`, which keeps itself
//! (`runtime/debug.go`, debugPinnerV1); what it pins is not freed before [`UNPIN`] was called.

use std::sync::Arc;

use adit_goruntime::call_protocol::{PIN, PINNER, UNPIN};
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::{Answers, Invocation};
use crate::Debugger;
use crate::eval::EvalError;
use crate::value::{Loader, Value, ValueError};

/// Arrays and structs are nested this deep at most.
const DEEPEST: usize = 32;
/// No more than this many pointers of one result are pinned: each is a call.
const MOST: usize = 64;

impl Debugger {
    /// Can the program keep alive what calls have returned?
    pub(crate) fn can_pin(&self) -> bool {
        self.image.runtime_function(PINNER).is_some()
    }

    pub(super) fn make_pinner(&self) -> Result<Invocation, EvalError> {
        self.runtime_call(PINNER, &[], true)
    }

    /// `pinner.Pin(unsafe.Pointer(addr))`.
    pub(super) fn pin(&self, pinner: Addr, addr: Addr) -> Result<Invocation, EvalError> {
        let word = u64::from(self.arch().pointer_size);
        let pointer = self.find_type("unsafe.Pointer")?;
        let descriptor = pointer.and_then(|ty| self.descriptor_of_type(&ty));
        let descriptor =
            descriptor.ok_or_else(|| EvalError("the program does not know unsafe.Pointer".to_owned()))?;
        self.runtime_call(PIN, &[pinner.0, descriptor.0, addr.0].map(|value| (value, word)), false)
    }

    pub(super) fn unpin(&self, pinner: Addr) -> Result<Invocation, EvalError> {
        self.runtime_call(UNPIN, &[(pinner.0, u64::from(self.arch().pointer_size))], false)
    }
}

impl Answers {
    /// What must be kept alive for these answers to stay true.
    pub(super) fn pointers(&self, loader: &Loader<'_>) -> Vec<Addr> {
        let mut pointers: Vec<Addr> = self.addresses.borrow().values().copied().collect();
        for (_, value) in self.calls.borrow().values().flatten() {
            // What cannot be read is not kept.
            let _ = add_pointers(loader, value, 0, &mut pointers);
        }
        pointers.retain(|addr| addr.0 != 0);
        pointers.sort_unstable();
        pointers.dedup();
        pointers
    }
}

fn add_pointers(
    loader: &Loader<'_>,
    value: &Value,
    depth: usize,
    pointers: &mut Vec<Addr>,
) -> Result<(), ValueError> {
    if depth > DEEPEST || pointers.len() > MOST {
        return Ok(());
    }
    match &loader.underlying(&value.ty)?.shape {
        Shape::Pointer(_)
        | Shape::Map { .. }
        | Shape::Chan { .. }
        | Shape::Func
        | Shape::String
        | Shape::Slice { .. } => pointers.push(Addr(loader.word(value, 0)?)),
        Shape::Interface { .. } => pointers.push(Addr(loader.word(value, 1)?)),
        Shape::Struct(fields) => {
            for field in fields {
                add_pointers(loader, &loader.field(value, field)?, depth + 1, pointers)?;
            }
        }
        Shape::Array { elem, count } => {
            let elem: Arc<Type> = loader.type_of(*elem)?;
            for index in 0..(*count).min(MOST as u64) {
                let part = value.part(index.saturating_mul(elem.size), elem.clone());
                add_pointers(loader, &part, depth + 1, pointers)?;
            }
        }
        _ => {}
    }
    Ok(())
}
