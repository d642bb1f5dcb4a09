//! A value as the editor shows it on one line.

use adit_api::format::Format;
use adit_api::{EvalScope, Kind, Variable, VariableFlags};

use crate::protocol::types;

use super::super::Adapter;
use super::{Held, Named, limits};

/// Values that can be opened are cut after so many bytes: what is cut is seen when they are opened.
const LONGEST_EXPANDABLE: usize = 256;

/// A value's text, and how it can be opened.
pub(in super::super) struct Shown {
    pub(in super::super) value: String,
    pub(in super::super) reference: i64,
}

impl Adapter {
    /// The variable as the editor wants it, under the name given.
    pub(in super::super) fn show(
        &mut self,
        named: &Named,
        scope: EvalScope,
        name: String,
    ) -> types::Variable {
        let mut named = named.clone();
        self.load_more(&mut named, scope);
        let Shown { value, reference } = self.text_of(&named, scope, true);
        let (indexed, own) = counts(&named.variable);
        let variable = &named.variable;
        types::Variable {
            name,
            value,
            r#type: self.shown_type(variable),
            evaluate_name: Some(named.expression.clone()).filter(|expression| !expression.is_empty()),
            variables_reference: reference,
            indexed_variables: indexed,
            named_variables: own,
            memory_reference: self.memory_reference(variable),
            value_location_reference: self.declaration(variable),
            ..types::Variable::default()
        }
    }

    /// The type, for editors that show it.
    pub(in super::super) fn shown_type(&self, variable: &Variable) -> Option<String> {
        let wanted = self.editor.supports_variable_type == Some(true);
        wanted.then(|| match (variable.kind, variable.children.first()) {
            (Kind::INTERFACE, Some(data)) if variable.len > 0 || !data.type_name.is_empty() => {
                format!("{}({})", variable.type_name, data.type_name)
            }
            _ => variable.type_name.clone(),
        })
    }

    /// A value of which nothing but its place was loaded, because it lies too deep, is loaded now.
    pub(in super::super) fn load_more(&mut self, named: &mut Named, scope: EvalScope) {
        let variable = &mut named.variable;
        let target = match variable.kind {
            Kind::POINTER => {
                variable.children.first().filter(|child| child.only_addr && child.addr != 0).is_some()
            }
            Kind::INTERFACE => variable.children.first().is_some_and(|child| child.only_addr),
            Kind::STRUCT => variable.children.is_empty() && variable.len > 0,
            Kind::ARRAY | Kind::SLICE | Kind::MAP => variable.children.is_empty() && variable.len > 0,
            _ => variable.only_addr,
        };
        if !target || !variable.unreadable.is_empty() {
            return;
        }
        let Some(expression) = place_of(named) else { return };
        match self.reload(scope, &expression, limits(&self.settings)) {
            Ok(loaded) => named.variable = Variable { name: named.variable.name.clone(), ..loaded },
            Err(error) => named.variable.unreadable = format!("{FAILED}{error}"),
        }
    }

    /// The text of a value, and the number by which it is opened.
    pub(in super::super) fn text_of(&mut self, named: &Named, scope: EvalScope, cuts: bool) -> Shown {
        let variable = &named.variable;
        if let Some(error) = variable.unreadable.strip_prefix(FAILED) {
            let place = Variable { unreadable: String::new(), ..variable.clone() };
            return Shown { value: format!("{} - FAILED TO LOAD: {error}", text(&place)), reference: 0 };
        }
        let mut value = match variable.kind {
            Kind::UINT | Kind::UINT8 | Kind::UINT16 | Kind::UINT32 | Kind::UINT64 | Kind::UINTPTR => {
                with_hex(variable)
            }
            Kind::STRING if self.settings.show_raw_strings => {
                Format { raw_strings: true, short_types: true, ..Format::default() }.text(variable)
            }
            _ => text(variable),
        };
        let reference = match is_expandable(variable) {
            true => self.variables.add(Held::Value(Box::new(named.clone()), scope)),
            false => 0,
        };
        let loaded = loaded_part(variable);
        if let Some((loaded, total)) = loaded
            && (self.editor.supports_variable_paging != Some(true) || variable.kind == Kind::STRUCT)
        {
            value = format!("(loaded {loaded}/{total}) {value}");
        }
        if cuts && reference > 0 && value.len() > LONGEST_EXPANDABLE {
            let end = (0..=LONGEST_EXPANDABLE).rev().find(|&end| value.is_char_boundary(end)).unwrap_or(0);
            value.truncate(end);
            value.push_str("...");
        }
        Shown { value, reference }
    }

    /// Where the function is that a value refers to.
    fn declaration(&mut self, variable: &Variable) -> Option<i64> {
        let is_function =
            variable.kind == Kind::FUNC && !variable.value.is_empty() && variable.value != "nil";
        is_function.then(|| self.declarations.add(variable.value.clone()))
    }

    /// Where the bytes of a string or the elements of a slice are, so that the editor can show memory.
    fn memory_reference(&mut self, variable: &Variable) -> Option<String> {
        if !matches!(variable.kind, Kind::STRING | Kind::SLICE) || variable.base == 0 {
            return None;
        }
        if variable.flags.contains(VariableFlags::CONSTANT) {
            return None;
        }
        self.memory.insert(variable.base, variable.len);
        Some(format!("{:#x}", variable.base))
    }
}

/// What marks a value that could not be loaded when it was wanted.
const FAILED: &str = "failed to load: ";

fn text(variable: &Variable) -> String {
    Format { short_types: true, ..Format::default() }.text(variable)
}

/// `98 = 0x62`
fn with_hex(variable: &Variable) -> String {
    let value = text(variable);
    match variable.value.parse::<u64>() {
        Ok(number) => format!("{value} = {number:#x}"),
        Err(_) => value,
    }
}

/// Has the value parts that can be shown?
fn is_expandable(variable: &Variable) -> bool {
    if !variable.unreadable.is_empty() {
        return false;
    }
    match variable.kind {
        Kind::POINTER => {
            variable.children.first().is_some_and(|child| child.addr != 0 || !child.children.is_empty())
        }
        Kind::INTERFACE => variable.children.first().is_some_and(|child| child.kind != Kind::INVALID),
        Kind::ARRAY | Kind::SLICE | Kind::MAP => variable.len > 0,
        Kind::STRUCT | Kind::CHAN | Kind::FUNC => !variable.children.is_empty(),
        Kind::COMPLEX64 | Kind::COMPLEX128 => variable.children.len() == 2,
        _ => false,
    }
}

/// How many of how many parts were loaded, where it is not all.
fn loaded_part(variable: &Variable) -> Option<(i64, i64)> {
    let loaded = match variable.kind {
        Kind::ARRAY | Kind::SLICE | Kind::STRUCT => variable.children.len() as i64,
        Kind::MAP => variable.children.len() as i64 / 2,
        _ => return None,
    };
    (loaded < variable.len && variable.unreadable.is_empty() && loaded > 0).then_some((loaded, variable.len))
}

/// How many parts have an index, and how many a name.
pub(in super::super) fn counts(variable: &Variable) -> (Option<i64>, Option<i64>) {
    if !is_expandable(variable) {
        return (None, None);
    }
    match variable.kind {
        Kind::ARRAY | Kind::SLICE => (Some(variable.len), super::children::is_text(variable).then_some(1)),
        Kind::MAP => (Some(variable.len), Some(1)),
        _ => (None, None),
    }
}

/// An expression that names the place of a value: its address, or the expression that led to it.
pub(in super::super) fn place_of(named: &Named) -> Option<String> {
    let variable = &named.variable;
    if variable.addr != 0
        && !variable.flags.contains(VariableFlags::FAKE_ADDRESS)
        && !variable.type_name.is_empty()
    {
        return Some(format!("*(*{:?})({:#x})", variable.type_name, variable.addr));
    }
    Some(named.expression.clone()).filter(|expression| !expression.is_empty())
}
