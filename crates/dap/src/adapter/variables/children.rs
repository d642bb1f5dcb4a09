//! The parts of a value: elements, fields, entries, what a pointer points to.

use adit_api::{EvalScope, Kind, LoadConfig, Variable};

use crate::failure::{Failure, Kind as FailureKind};
use crate::protocol::arguments::{VariablesArguments, VariablesArgumentsFilter};
use crate::protocol::types;

use super::super::Adapter;
use super::convert::place_of;
use super::{Named, limits, wants};

/// Keys of maps that are longer are cut where they are names.
const LONGEST_KEY: usize = 64;

/// Which parts are wanted.
pub(super) struct Part {
    filter: Option<VariablesArgumentsFilter>,
    start: i64,
    /// `None`: as many as are loaded.
    count: Option<i64>,
}

impl Part {
    pub(super) fn of(wanted: &VariablesArguments) -> Part {
        Part {
            filter: wanted.filter,
            start: wanted.start.unwrap_or(0).max(0),
            count: wanted.count.filter(|&count| count > 0),
        }
    }
}

impl Adapter {
    pub(super) fn children(
        &mut self,
        named: &Named,
        scope: EvalScope,
        part: &Part,
    ) -> Result<Vec<types::Variable>, Failure> {
        Ok(match named.variable.kind {
            Kind::ARRAY | Kind::SLICE => {
                let mut shown = Vec::new();
                if wants(part.filter, VariablesArgumentsFilter::Named) && is_text(&named.variable) {
                    shown.push(self.as_text(named, scope));
                }
                if wants(part.filter, VariablesArgumentsFilter::Indexed) {
                    shown.extend(self.elements(named, scope, part)?);
                }
                shown
            }
            Kind::MAP => {
                let mut shown = Vec::new();
                if wants(part.filter, VariablesArgumentsFilter::Named) {
                    shown.push(length_of(named));
                }
                if wants(part.filter, VariablesArgumentsFilter::Indexed) {
                    shown.extend(self.entries(named, scope, part)?);
                }
                shown
            }
            _ if part.filter == Some(VariablesArgumentsFilter::Indexed) => Vec::new(),
            Kind::POINTER => self.pointed_to(named, scope),
            Kind::INTERFACE => self.held_by_interface(named, scope),
            Kind::COMPLEX64 | Kind::COMPLEX128 => {
                let parts = ["real", "imaginary"].into_iter().zip(&named.variable.children[..]);
                let parts: Vec<_> = parts.map(|(name, part)| (name, part.clone())).collect();
                let show = |(name, variable): (&str, Variable)| {
                    self.show(&Named { variable, expression: String::new() }, scope, name.to_owned())
                };
                parts.into_iter().map(show).collect()
            }
            _ => self.fields(named, scope),
        })
    }

    fn elements(
        &mut self,
        named: &Named,
        scope: EvalScope,
        part: &Part,
    ) -> Result<Vec<types::Variable>, Failure> {
        let (first, loaded) = self.loaded_range(named, scope, part, 1)?;
        let mut shown = Vec::new();
        for (index, element) in loaded.into_iter().enumerate() {
            let index = first + index as i64;
            let expression = with_suffix(&named.expression, &format!("[{index}]"));
            let element = Named { variable: element, expression };
            shown.push(self.show(&element, scope, format!("[{index}]")));
        }
        Ok(shown)
    }

    /// The children from `part` on, each of `width` variables, loaded if they are not; and the index of the first.
    fn loaded_range(
        &self,
        named: &Named,
        scope: EvalScope,
        part: &Part,
        width: usize,
    ) -> Result<(i64, Vec<Variable>), Failure> {
        let variable = &named.variable;
        let loaded = (variable.children.len() / width) as i64;
        let count = part.count.unwrap_or(loaded).min(variable.len - part.start).max(0);
        let end = part.start + count;
        if end <= loaded {
            let (from, to) = (part.start as usize * width, end as usize * width);
            return Ok((part.start, variable.children[from..to].to_vec()));
        }
        let Some(place) = place_of(named) else {
            return Ok((part.start, Vec::new()));
        };
        let expression = format!("({place})[{}:]", part.start);
        let limits = LoadConfig { max_array_values: count, ..limits(&self.settings) };
        let more = self
            .reload(scope, &expression, limits)
            .map_err(|error| FailureKind::LookupVariable.because(error))?;
        Ok((part.start, more.children.iter().take(count as usize * width).cloned().collect()))
    }

    fn entries(
        &mut self,
        named: &Named,
        scope: EvalScope,
        part: &Part,
    ) -> Result<Vec<types::Variable>, Failure> {
        let (first, loaded) = self.loaded_range(named, scope, part, 2)?;
        let mut shown = Vec::new();
        for (index, entry) in loaded.chunks_exact(2).enumerate() {
            let [key, value] = entry else { continue };
            self.entry(named, scope, first + index as i64, (key, value), &mut shown);
        }
        Ok(shown)
    }

    /// One entry of a map: one variable named by its key, or two where key and value can be opened.
    fn entry(
        &mut self,
        map: &Named,
        scope: EvalScope,
        index: i64,
        (key, value): (&Variable, &Variable),
        shown: &mut Vec<types::Variable>,
    ) {
        let key_expression = match literal(key) {
            Some(literal) => literal,
            None => format!("(*(*{:?})({:#x}))", key.type_name, key.addr),
        };
        let value_expression = with_suffix(&map.expression, &format!("[{key_expression}]"));
        let key_named = Named {
            variable: key.clone(),
            expression: format!("(*(*{:?})({:#x}))", key.type_name, key.addr),
        };
        let value_named = Named { variable: value.clone(), expression: value_expression };
        let mut key_shown = self.show(&key_named, scope, format!("[key {index}]"));
        let mut value_shown = self.show(&value_named, scope, format!("[val {index}]"));
        if key_shown.variables_reference > 0 && value_shown.variables_reference > 0 {
            shown.extend([key_shown, value_shown]);
            return;
        }
        let both = |key: Option<String>, value: Option<String>| Some(format!("{}: {}", key?, value?));
        let kind = both(key_shown.r#type.take(), value_shown.r#type.take());
        let name = key_shown.value.clone();
        let mut one = match key_shown.variables_reference {
            0 => value_shown,
            _ => {
                // The key is what can be opened.
                let value = value_shown.value;
                types::Variable { value, evaluate_name: value_shown.evaluate_name, ..key_shown }
            }
        };
        one.name = match name.char_indices().nth(LONGEST_KEY) {
            Some((end, _)) if key.addr != 0 => format!("{}... @ {:#x}", &name[..end], key.addr),
            _ => name,
        };
        one.r#type = kind;
        shown.push(one);
    }

    fn pointed_to(&mut self, named: &Named, scope: EvalScope) -> Vec<types::Variable> {
        let Some(target) = named.variable.children.first().cloned() else { return Vec::new() };
        let expression = match named.expression.as_str() {
            "" => String::new(),
            expression => format!("(*{expression})"),
        };
        vec![self.show(&Named { variable: target, expression }, scope, String::new())]
    }

    fn held_by_interface(&mut self, named: &Named, scope: EvalScope) -> Vec<types::Variable> {
        let Some(data) = named.variable.children.first().cloned() else { return Vec::new() };
        let expression = with_suffix(&named.expression, ".(data)");
        vec![self.show(&Named { variable: data, expression }, scope, "data".to_owned())]
    }

    fn fields(&mut self, named: &Named, scope: EvalScope) -> Vec<types::Variable> {
        let mut shown = Vec::new();
        for field in named.variable.children.iter().cloned().collect::<Vec<_>>() {
            let expression = with_suffix(&named.expression, &format!(".{}", field.name));
            let name = field.name.clone();
            shown.push(self.show(&Named { variable: field, expression }, scope, name));
        }
        shown
    }

    /// Bytes and runes as the text that they are.
    fn as_text(&mut self, named: &Named, scope: EvalScope) -> types::Variable {
        let value = match place_of(named) {
            Some(place) => {
                let slice = if named.variable.kind == Kind::ARRAY { "[:]" } else { "" };
                let wanted = format!("string(({place}){slice})");
                self.reload(scope, &wanted, limits(&self.settings))
            }
            None => Err("it has no place".to_owned()),
        };
        let value = match value {
            Ok(value) => adit_api::format::single_line(&value),
            Err(error) => format!("(unreadable {error})"),
        };
        types::Variable {
            name: "string()".to_owned(),
            value,
            r#type: (self.editor.supports_variable_type == Some(true)).then(|| "string".to_owned()),
            ..types::Variable::default()
        }
    }
}

/// The length of a map as a variable of its own.
fn length_of(named: &Named) -> types::Variable {
    types::Variable {
        name: "len()".to_owned(),
        value: named.variable.len.to_string(),
        r#type: Some("int".to_owned()),
        evaluate_name: Some(format!("len({})", named.expression)).filter(|_| !named.expression.is_empty()),
        ..types::Variable::default()
    }
}

/// Can its elements be read as a text?
pub(super) fn is_text(variable: &Variable) -> bool {
    let element = variable.real_type.rsplit(']').next().unwrap_or_default();
    matches!(element, "uint8" | "byte" | "int32" | "rune")
}

/// A value that can be written in an expression.
fn literal(variable: &Variable) -> Option<String> {
    match variable.kind {
        Kind::BOOL => Some(variable.value.clone()),
        Kind::STRING if variable.len == variable.value.len() as i64 => Some(format!("{:?}", variable.value)),
        kind if (Kind::INT..=Kind::FLOAT64).contains(&kind) => {
            Some(variable.value.clone()).filter(|value| value.parse::<f64>().is_ok_and(f64::is_finite))
        }
        _ => None,
    }
}

fn with_suffix(expression: &str, suffix: &str) -> String {
    match expression {
        "" => String::new(),
        expression => format!("{expression}{suffix}"),
    }
}
