//! `scopes`, `variables`: what a frame has, and what values are made of.
//!
//! A value is loaded as deep as is shown; what lies deeper is loaded when the editor opens it, by an expression that
//! names its place: `*(*"T")(0xaddr)`.

mod children;
mod convert;
mod scopes;

pub(super) use convert::counts;

use adit_api::{EvalScope, LoadConfig, Variable};

use crate::attributes::Common;
use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{VariablesArguments, VariablesArgumentsFilter};
use crate::protocol::responses::VariablesResponseBody;
use crate::protocol::types;

use super::{Adapter, Answer, arguments};

/// What a number that stands for variables means.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    /// The variables of a scope.
    Scope(Vec<Named>, EvalScope),
    /// The registers of a frame.
    Registers(Vec<types::Variable>),
    /// What a value consists of.
    Value(Box<Named>, EvalScope),
}

/// A value, and the expression that names it; empty if there is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(super) variable: Variable,
    pub(super) expression: String,
}

/// How much of a value is loaded at once.
pub(super) fn limits(settings: &Common) -> LoadConfig {
    LoadConfig {
        follow_pointers: true,
        max_variable_recurse: 1,
        max_string_len: settings.max_string_len,
        max_array_values: settings.max_array_values,
        max_struct_fields: -1,
    }
}

impl Adapter {
    pub(super) fn variables(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: VariablesArguments = arguments(request)?;
        let Some(held) = self.variables.get(wanted.variables_reference).cloned() else {
            let reference = wanted.variables_reference;
            return Err(Kind::LookupVariable.because(format!("unknown reference {reference}")));
        };
        let variables = match held {
            Held::Scope(variables, scope) => {
                let show = |named: &Named| self.show(named, scope, named.variable.name.clone());
                variables.iter().map(show).collect()
            }
            Held::Registers(registers) => registers,
            Held::Value(named, scope) => {
                let part = children::Part::of(&wanted);
                self.children(&named, scope, &part)?
            }
        };
        Answer::of(&VariablesResponseBody { variables })
    }

    /// All parts of a value that are loaded.
    pub(super) fn children_of(
        &mut self,
        named: &Named,
        scope: EvalScope,
    ) -> Result<Vec<types::Variable>, Failure> {
        self.children(named, scope, &children::Part::of(&VariablesArguments::default()))
    }

    /// Evaluates an expression that names a place of the target.
    fn reload(
        &self,
        scope: EvalScope,
        expression: &str,
        limits: LoadConfig,
    ) -> std::result::Result<Variable, String> {
        let client = self.client().map_err(|failure| failure.text())?;
        let value = client.eval(scope, expression, Some(limits)).map_err(|error| error.to_string())?;
        match value.unreadable.is_empty() {
            true => Ok(value),
            false => Err(value.unreadable),
        }
    }
}

/// Which of the parts of a value an editor asks for.
fn wants(filter: Option<VariablesArgumentsFilter>, kind: VariablesArgumentsFilter) -> bool {
    filter.is_none_or(|filter| filter == kind)
}
