//! The types that the evaluator must know. They are declared in one place because its derives declare, in what the
//! language calls an unsafe implementation, that a type is the same for all lifetimes; what the types do is elsewhere.

#![allow(
    unsafe_code,
    reason = "the derive of ProvidesStaticType is an unsafe implementation, correct by construction"
)]

use std::cell::RefCell;
use std::sync::Arc;

use adit_api::Variable;
use allocative::Allocative;
use starlark::starlark_simple_value;
use starlark::values::{NoSerialize, ProvidesStaticType, StarlarkPagablePanic};

use crate::builtins::Which;
use crate::data::{List, Object};
use crate::host::Host;
use crate::session::Session;
use crate::time::{Function, Instant};
use crate::value::ProgramValue;

/// Declares a type of values that refer to no others of Starlark's, and that cannot be keys of dicts.
macro_rules! value_type {
    ($(#[$docs:meta])* $name:ident { $($field:ident: $field_type:ty),* $(,)? }) => {
        $(#[$docs])*
        #[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
        #[allocative(skip)]
        pub(crate) struct $name { $(pub(crate) $field: $field_type),* }

        starlark_simple_value!($name);

        // The evaluator's memory has no place for values that want more.
        const _: () = assert!(align_of::<$name>() <= 8);
    };
}

value_type!(
    /// A struct of the API.
    ApiObject { session: Arc<Session>, object: Arc<Object> }
);

value_type!(
    /// A slice or an array of the API.
    ApiList { session: Arc<Session>, list: Arc<List> }
);

value_type!(
    /// A variable, as the API gives it.
    ApiVariable { session: Arc<Session>, variable: Arc<Variable> }
);

value_type!(
    /// A value of the program with parts.
    ProgramObject { value: Arc<ProgramValue> }
);

value_type!(
    /// A method of a map of the program.
    MapMethod { value: Arc<ProgramValue>, name: &'static str }
);

value_type!(
    /// `tgt`, whose attributes are the variables of the current scope.
    Target { session: Arc<Session> }
);

value_type!(
    /// A point in time.
    Moment { instant: Instant }
);

value_type!(
    /// A length of time, in nanoseconds.
    Duration { nanoseconds: i64 }
);

value_type!(
    /// A function of the module `time`.
    TimeFunction { function: Function }
);

/// A function that scripts find.
#[derive(ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
#[allocative(skip)]
pub(crate) struct Builtin {
    pub(crate) session: Arc<Session>,
    pub(crate) which: Which,
}

starlark_simple_value!(Builtin);

/// The prompt at which a script runs, for the builtins that it calls.
#[derive(ProvidesStaticType)]
pub(crate) struct AtPrompt<'h> {
    pub(crate) host: RefCell<&'h mut (dyn Host + 'h)>,
}

impl<'h> AtPrompt<'h> {
    pub(crate) fn new(host: &'h mut (dyn Host + 'h)) -> Self {
        Self { host: RefCell::new(host) }
    }
}
