//! `evaluate`, `setVariable`: expressions, calls, and assignments.

use adit_api::{
    DebuggerCommand, EvalScope, Kind as ValueKind, LoadConfig, Variable, command_name, stop_reason,
};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{EvaluateArguments, SetExpressionArguments, SetVariableArguments};
use crate::protocol::responses::{EvaluateResponseBody, SetExpressionResponseBody, SetVariableResponseBody};
use crate::protocol::types;

use super::stack::FrameKey;
use super::variables::{Held, Named, limits};
use super::{Adapter, Answer, arguments};

/// So much of a string is shown where the user asked for it alone.
const LONGEST_STRING: i64 = 4096;

impl Adapter {
    pub(super) fn evaluate(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: EvaluateArguments = arguments(request)?;
        let context = wanted.context.as_deref().unwrap_or_default();
        let is_quiet = matches!(context, "watch" | "repl" | "hover");
        let outcome = self.try_evaluate(&wanted, context);
        let body = outcome.map_err(|failure| if is_quiet { failure } else { failure.shown() })?;
        Answer::of(&body)
    }

    fn try_evaluate(
        &mut self,
        wanted: &EvaluateArguments,
        context: &str,
    ) -> Result<EvaluateResponseBody, Failure> {
        let expression = wanted.expression.trim();
        let scope = match wanted.frame_id {
            None | Some(0) => EvalScope::CURRENT,
            Some(id) => self.frames.get(id).map_or(EvalScope::CURRENT, FrameKey::scope),
        };
        if let Some(command) = expression.strip_prefix("dlv ") {
            let result = self.console_command(command.trim())?;
            return Ok(EvaluateResponseBody { result, ..EvaluateResponseBody::default() });
        }
        if let Some(call) = expression.strip_prefix("call ") {
            return self.evaluate_call(scope, call.trim());
        }
        let mut limits = limits(&self.settings);
        if matches!(context, "repl" | "variables" | "hover" | "clipboard") {
            limits.max_string_len = limits.max_string_len.max(LONGEST_STRING);
        }
        let client = self.client()?;
        let value = client
            .eval(scope, expression, Some(limits))
            .map_err(|error| Kind::Evaluate.because(error.to_string()))?;
        if !value.unreadable.is_empty() {
            return Err(Kind::Evaluate.because(value.unreadable));
        }
        let cuts = !matches!(context, "clipboard" | "variables");
        let named = Named { variable: value, expression: format!("({expression})") };
        Ok(self.evaluated(named, scope, cuts))
    }

    fn evaluated(&mut self, named: Named, scope: EvalScope, cuts: bool) -> EvaluateResponseBody {
        let shown = self.text_of(&named, scope, cuts);
        let (indexed_variables, named_variables) = super::variables::counts(&named.variable);
        EvaluateResponseBody {
            result: shown.value,
            r#type: self.shown_type(&named.variable),
            variables_reference: shown.reference,
            indexed_variables,
            named_variables,
            ..EvaluateResponseBody::default()
        }
    }

    /// Calls a function of the target; the target runs meanwhile.
    fn evaluate_call(&mut self, scope: EvalScope, call: &str) -> Result<EvaluateResponseBody, Failure> {
        if scope.frame != 0 {
            return Err(Kind::Evaluate.because("call is only supported with topmost stack frame"));
        }
        let returned = self.call(scope, call)?;
        let Some(values) = returned else { return Err(Kind::Evaluate.because("call stopped")) };
        let texts: Vec<String> = values.iter().map(adit_api::format::single_line).collect();
        let named = values.into_iter().map(|variable| {
            let name = if variable.name.is_empty() { "~r0".to_owned() } else { variable.name.clone() };
            Named { variable: Variable { name, ..variable }, expression: String::new() }
        });
        let named: Vec<Named> = named.collect();
        let variables_reference = match named.is_empty() {
            true => 0,
            false => self.variables.add(Held::Scope(named, scope)),
        };
        Ok(EvaluateResponseBody {
            result: texts.join(", "),
            variables_reference,
            ..EvaluateResponseBody::default()
        })
    }

    /// The results of a call; `None` if the target stopped for something else, of which the editor was told.
    fn call(&mut self, scope: EvalScope, call: &str) -> Result<Option<Vec<Variable>>, Failure> {
        let client = self.client()?;
        let command = DebuggerCommand {
            name: command_name::CALL.to_owned(),
            expr: call.to_owned(),
            goroutine_id: scope.goroutine_id.max(0),
            return_info_load_config: Some(limits(&self.settings)),
            ..DebuggerCommand::default()
        };
        self.calling.set(Some(std::sync::Arc::clone(&client)));
        let outcome = client.command(&command);
        self.calling.set(None);
        let state = outcome.map_err(|error| Kind::Evaluate.because(error.to_string()))?;
        // Stacks may have moved, and values changed: what was loaded before is shown as it was.
        if state.stop_reason == stop_reason::CALL_RETURNED {
            let values = state.threads.into_iter().find(|thread| thread.call_return);
            return Ok(Some(values.map(|thread| thread.return_values).unwrap_or_default()));
        }
        self.forget_stop();
        self.ran(Ok(state));
        Ok(None)
    }

    pub(super) fn set_variable(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: SetVariableArguments = arguments(request)?;
        let (expression, scope) = self.child_expression(wanted.variables_reference, &wanted.name)?;
        self.assign(scope, &expression, &wanted.value)?;
        let client = self.client()?;
        let kind = client
            .eval(scope, &expression, Some(LoadConfig::SHORT))
            .ok()
            .and_then(|value| self.shown_type(&value));
        if self.editor.supports_invalidated_event == Some(true) {
            self.out.event("invalidated", &serde_json::json!({"areas": ["all"]}));
        }
        Answer::of(&SetVariableResponseBody {
            value: wanted.value,
            r#type: kind,
            ..SetVariableResponseBody::default()
        })
    }

    pub(super) fn set_expression(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: SetExpressionArguments = arguments(request)?;
        let frame = wanted.frame_id.and_then(|id| self.frames.get(id));
        let scope = frame.map_or(EvalScope::CURRENT, FrameKey::scope);
        self.assign(scope, &wanted.expression, &wanted.value)?;
        let client = self.client()?;
        let value = client
            .eval(scope, &wanted.expression, Some(limits(&self.settings)))
            .map_err(|error| Kind::SetVariable.because(error.to_string()))?;
        let shown = self.evaluated(Named { variable: value, expression: wanted.expression }, scope, true);
        Answer::of(&SetExpressionResponseBody {
            value: shown.result,
            r#type: shown.r#type,
            variables_reference: Some(shown.variables_reference),
            indexed_variables: shown.indexed_variables,
            named_variables: shown.named_variables,
            ..SetExpressionResponseBody::default()
        })
    }

    /// The expression that names a part of what the editor holds.
    pub(super) fn child_expression(
        &mut self,
        reference: i64,
        name: &str,
    ) -> Result<(String, EvalScope), Failure> {
        let failed = |why: &str| Kind::SetVariable.because(why);
        let held = self.variables.get(reference).cloned();
        let held = held.ok_or_else(|| failed(&format!("unknown reference {reference}")))?;
        let (children, scope): (Vec<types::Variable>, EvalScope) = match held {
            Held::Registers(registers) => (registers, EvalScope::CURRENT),
            Held::Scope(variables, scope) => {
                let show = |named: &Named| self.show(named, scope, named.variable.name.clone());
                (variables.iter().map(show).collect(), scope)
            }
            Held::Value(named, scope) => (self.children_of(&named, scope)?, scope),
        };
        let child = children.into_iter().find(|child| child.name.trim() == name.trim());
        let child = child.ok_or_else(|| failed("failed to find the named variable"))?;
        let expression = child.evaluate_name.filter(|expression| !expression.is_empty());
        Ok((expression.ok_or_else(|| failed("cannot set the variable without evaluate name"))?, scope))
    }

    /// Assigns; strings must be made by the target itself.
    pub(super) fn assign(&mut self, scope: EvalScope, expression: &str, value: &str) -> Result<(), Failure> {
        let client = self.client()?;
        let failed = |why: String| Kind::SetVariable.because(why);
        let target = client
            .eval(scope, expression, Some(LoadConfig::SHORT))
            .map_err(|error| failed(error.to_string()))?;
        if target.kind != ValueKind::STRING {
            return client.set(scope, expression, value).map_err(|error| failed(error.to_string()));
        }
        match self.call(scope, &format!("{expression} = {value}")) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(failed("interrupted".to_owned())),
            Err(failure) => Err(failed(failure.details)),
        }
    }
}
