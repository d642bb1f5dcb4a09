//! The API's types as Go declares them, by which scripts know them: `api.EvalScope` with `GoroutineID`, not
//! `goroutineID`.
//!
//! The table is a text, `api_types.txt`; [`struct_type`] finds a struct in it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A type of Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// `bool`.
    Bool,
    /// An integer.
    Int(Int),
    /// An integer of a type of its own, which scripts see as a text: its name and what it is.
    Named(&'static str, Int),
    /// `string`.
    String,
    /// `[]uint8`, which is base64 in JSON.
    Bytes,
    /// `[]T`.
    Slice(Box<Type>),
    /// `[n]T`.
    Array(usize, Box<Type>),
    /// `map[string]T`.
    Map(Box<Type>),
    /// A struct, by name.
    Struct(&'static str),
    /// `*T`.
    Pointer(Box<Type>),
}

/// A type of integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Int {
    pub(crate) name: &'static str,
    pub(crate) signed: bool,
    pub(crate) bits: u32,
}

const INTS: [Int; 6] = [
    Int { name: "int", signed: true, bits: 64 },
    Int { name: "int64", signed: true, bits: 64 },
    Int { name: "uint", signed: false, bits: 64 },
    Int { name: "uint8", signed: false, bits: 8 },
    Int { name: "uint16", signed: false, bits: 16 },
    Int { name: "uint64", signed: false, bits: 64 },
];

impl Int {
    /// Whether a number can be one of this type.
    pub(crate) fn holds(&self, number: i128) -> bool {
        let (low, high) = match self.signed {
            true => (-(1i128 << (self.bits - 1)), (1i128 << (self.bits - 1)) - 1),
            false => (0, (1i128 << self.bits) - 1),
        };
        (low..=high).contains(&number)
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int(int) => f.write_str(int.name),
            Self::Named(name, _) | Self::Struct(name) => f.write_str(name),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("[]uint8"),
            Self::Slice(element) => write!(f, "[]{element}"),
            Self::Array(length, element) => write!(f, "[{length}]{element}"),
            Self::Map(element) => write!(f, "map[string]{element}"),
            Self::Pointer(element) => write!(f, "*{element}"),
        }
    }
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name in Go.
    pub(crate) name: &'static str,
    pub(crate) field_type: Type,
    /// Its name in JSON; `None`: its own fields stand in the place of it.
    pub(crate) json: Option<&'static str>,
}

/// A struct.
#[derive(Debug)]
pub(crate) struct StructType {
    /// With its package: `api.Thread`, `rpc2.StateOut`.
    pub(crate) name: &'static str,
    pub(crate) fields: Vec<Field>,
}

impl StructType {
    /// The place of a field.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

fn table() -> &'static BTreeMap<&'static str, StructType> {
    static TABLE: OnceLock<BTreeMap<&'static str, StructType>> = OnceLock::new();
    TABLE.get_or_init(|| parse(include_str!("api_types.txt")))
}

/// The struct of that name.
pub(crate) fn struct_type(name: &str) -> &'static StructType {
    table().get(name).unwrap_or_else(|| panic!("the table of types has no {name}"))
}

fn parse(text: &'static str) -> BTreeMap<&'static str, StructType> {
    let mut scalars: BTreeMap<&str, Int> = BTreeMap::new();
    let mut structs: BTreeMap<&str, StructType> = BTreeMap::new();
    let mut current = "";
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (line.starts_with(' '), words[..].first().copied(), &words[1..]) {
            (true, Some(name), [field_type, json @ ..]) => {
                let json = match json {
                    [] => Some(name),
                    ["embed"] => None,
                    [json, ..] => Some(*json),
                };
                let field = Field { name, field_type: parse_type(field_type, &scalars), json };
                structs
                    .entry(current)
                    .or_insert_with(|| StructType { name: current, fields: Vec::new() })
                    .fields
                    .push(field);
            }
            (false, Some("scalar"), [name, int]) => {
                let int =
                    INTS.iter().find(|known| known.name == *int).expect("the table names known integers");
                scalars.insert(name, *int);
            }
            (false, Some(name), _) => {
                current = name;
                structs.insert(name, StructType { name, fields: Vec::new() });
            }
            _ => panic!("the table of types has a line {line:?}"),
        }
    }
    structs
}

fn parse_type(text: &'static str, scalars: &BTreeMap<&'static str, Int>) -> Type {
    let inner = |rest: &'static str| Box::new(parse_type(rest, scalars));
    if let Some(int) = INTS.iter().find(|int| int.name == text) {
        return Type::Int(*int);
    }
    if let Some((name, int)) = scalars.get_key_value(text) {
        return Type::Named(name, *int);
    }
    match text {
        "bool" => return Type::Bool,
        "string" => return Type::String,
        "[]uint8" => return Type::Bytes,
        _ => {}
    }
    if let Some(rest) = text.strip_prefix("[]") {
        return Type::Slice(inner(rest));
    }
    if let Some(rest) = text.strip_prefix('*') {
        return Type::Pointer(inner(rest));
    }
    if let Some(rest) = text.strip_prefix("map[string]") {
        return Type::Map(inner(rest));
    }
    if let Some((length, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return Type::Array(length.parse().expect("the table's arrays have a length"), inner(rest));
    }
    Type::Struct(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use adit_api::requests as r;
    use serde_json::Value;

    use super::{Type, struct_type, table};

    fn names(name: &str, into: &mut BTreeSet<&'static str>) {
        for field in &struct_type(name).fields {
            match (field.json, &field.field_type) {
                (Some(json), _) => {
                    into.insert(json);
                }
                (None, Type::Struct(inner)) => names(inner, into),
                (None, Type::Pointer(inner)) => names(&inner.to_string(), into),
                (None, other) => panic!("{other} is embedded"),
            }
        }
    }

    /// Every field that the API's type has when it is empty is in the table.
    fn check<T: Default + serde::Serialize>(name: &str) {
        let mut known = BTreeSet::new();
        names(name, &mut known);
        let Ok(Value::Object(object)) = serde_json::to_value(T::default()) else {
            panic!("{name} is no object")
        };
        for key in object.keys() {
            assert!(known.contains(&**key), "{name} has no {key}");
        }
    }

    #[test]
    fn the_table_has_the_fields_of_the_api() {
        check::<adit_api::Breakpoint>("api.Breakpoint");
        check::<adit_api::Variable>("api.Variable");
        check::<adit_api::DebuggerState>("api.DebuggerState");
        check::<adit_api::Thread>("api.Thread");
        check::<adit_api::Goroutine>("api.Goroutine");
        check::<adit_api::Stackframe>("api.Stackframe");
        check::<adit_api::Function>("api.Function");
        check::<adit_api::DebuggerCommand>("api.DebuggerCommand");
        check::<r::CreateWatchpointOut>("rpc2.CreateWatchpointOut");
        check::<r::ListGoroutinesIn>("rpc2.ListGoroutinesIn");
        check::<r::StacktraceIn>("rpc2.StacktraceIn");
        check::<r::RestartIn>("rpc2.RestartIn");
        check::<r::ExaminedMemoryOut>("rpc2.ExaminedMemoryOut");
    }

    #[test]
    fn every_struct_that_is_named_is_there() {
        fn look(field_type: &Type) {
            match field_type {
                Type::Struct(name) => assert!(table().contains_key(name), "{name}"),
                Type::Slice(inner) | Type::Array(_, inner) | Type::Map(inner) | Type::Pointer(inner) => {
                    look(inner);
                }
                _ => {}
            }
        }
        for struct_type in table().values() {
            for field in &struct_type.fields {
                look(&field.field_type);
            }
        }
    }
}
