//! `scopes`: the variables of a frame.

use adit_api::requests::ListRegistersIn;
use adit_api::{EvalScope, Variable, VariableFlags};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::ScopesArguments;
use crate::protocol::responses::ScopesResponseBody;
use crate::protocol::types::{self, Scope};

use super::super::{Adapter, Answer, arguments};
use super::{Held, Named, limits};

impl Adapter {
    pub(in super::super) fn scopes(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: ScopesArguments = arguments(request)?;
        let Some(&frame) = self.frames.get(wanted.frame_id) else {
            return Err(Kind::ListLocals.because(format!("unknown frame id {}", wanted.frame_id)));
        };
        let scope = frame.scope();
        let client = self.client()?;
        let limits = limits(&self.settings);
        let arguments = client
            .list_function_args(scope, limits)
            .map_err(|error| Kind::ListArguments.because(error.to_string()))?;
        let locals = client
            .list_local_vars(scope, limits)
            .map_err(|error| Kind::ListLocals.because(error.to_string()))?;
        let suffix = if frame.optimized { " (warning: optimized function)" } else { "" };
        let mut scopes =
            vec![self.scope(format!("Locals{suffix}"), arguments.into_iter().chain(locals), scope)];
        if self.settings.show_global_variables {
            scopes.push(self.globals(scope)?);
        }
        if self.settings.show_registers {
            scopes.push(self.registers(scope)?);
        }
        Answer::of(&ScopesResponseBody { scopes })
    }

    fn scope(&mut self, name: String, variables: impl Iterator<Item = Variable>, scope: EvalScope) -> Scope {
        let named = variables.map(|variable| {
            // Results without a name have one that cannot be written.
            let expression =
                if variable.name.starts_with('~') { String::new() } else { variable.name.clone() };
            let mut variable = variable;
            if variable.flags.contains(VariableFlags::SHADOWED) {
                variable.name = format!("({})", variable.name);
            }
            Named { variable, expression }
        });
        let variables_reference = self.variables.add(Held::Scope(named.collect(), scope));
        Scope { name, variables_reference, ..Scope::default() }
    }

    /// The variables of the package of the frame's function.
    fn globals(&mut self, scope: EvalScope) -> Result<Scope, Failure> {
        let client = self.client()?;
        let failed = |why: String| Kind::ListGlobals.because(why);
        let frames = client.stacktrace(&adit_api::requests::StacktraceIn {
            id: scope.goroutine_id,
            depth: scope.frame,
            ..Default::default()
        });
        let frames = frames.map_err(|error| failed(error.to_string()))?;
        let function =
            usize::try_from(scope.frame).ok().and_then(|index| frames.get(index)?.location.function.as_ref());
        let function = function.ok_or_else(|| failed("Unable to find enclosing function".to_owned()))?;
        let package = package_of(&function.name);
        let pattern = format!("^{}[.]", package.replace('.', "[.]"));
        let found = client
            .list_package_vars(&pattern, limits(&self.settings))
            .map_err(|error| failed(error.to_string()))?;
        let own = format!("{package}.");
        let variables = found.into_iter().map(|variable| {
            let bare = variable.name.strip_prefix(&own).unwrap_or(&variable.name).to_owned();
            let expression = variable.name.clone();
            Named { variable: Variable { name: bare, ..variable }, expression }
        });
        let held = Held::Scope(variables.collect(), scope);
        let variables_reference = self.variables.add(held);
        Ok(Scope { name: format!("Globals (package {package})"), variables_reference, ..Scope::default() })
    }

    fn registers(&mut self, scope: EvalScope) -> Result<Scope, Failure> {
        let client = self.client()?;
        let request = ListRegistersIn { scope: Some(scope), ..ListRegistersIn::default() };
        let listed = client
            .list_registers(&request)
            .map_err(|error| Kind::ListRegisters.because(error.to_string()))?;
        let registers = listed.regs.into_iter().map(|register| types::Variable {
            name: format!("{:>6}", register.name.to_lowercase()),
            value: register.value,
            evaluate_name: Some(format!("_{}", register.name.to_uppercase())),
            r#type: Some("int16".to_owned()),
            ..types::Variable::default()
        });
        let variables_reference = self.variables.add(Held::Registers(registers.collect()));
        let presentation_hint = Some("registers".to_owned());
        Ok(Scope { name: "Registers".to_owned(), variables_reference, presentation_hint, ..Scope::default() })
    }
}

/// The path of the package in a function's full name: `a.b/c` of `a.b/c.(*T).F`.
fn package_of(function: &str) -> &str {
    let bare = &function[..function.find('[').unwrap_or(function.len())];
    let name = bare.rfind('/').map_or(0, |slash| slash + 1);
    match bare[name..].find('.') {
        Some(dot) => &bare[..name + dot],
        None => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_in_names() {
        assert_eq!(package_of("a.b/c.(*T).F"), "a.b/c");
        assert_eq!(package_of("main.main"), "main");
        assert_eq!(package_of("x/y.F[go.shape.a/b.c]"), "x/y");
    }
}
