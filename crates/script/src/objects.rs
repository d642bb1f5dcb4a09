//! The API's values and the program's, as values of Starlark.

use std::fmt;
use std::sync::Arc;

use adit_api::format::single_line;
use adit_api::{Kind, Variable};
use starlark::eval::{Arguments, Evaluator};
use starlark::values::dict::AllocDict;
use starlark::values::float::UnpackFloat;
use starlark::values::{Heap, StarlarkValue, UnpackValue, Value, starlark_value};

use crate::api_types::Type;
use crate::arguments::integer;
use crate::data::{Data, kind_name, variable_field};
use crate::declared::{ApiList, ApiObject, ApiVariable, MapMethod, ProgramObject, Target};
use crate::session::Session;
use crate::value::{Converted, Key, ProgramValue, convert, expression};

/// Why a script failed, in words.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// The evaluator's error with this text.
pub(crate) fn failure(text: impl Into<String>) -> starlark::Error {
    starlark::Error::new_other(Failure(text.into()))
}

/// A value of the API as Starlark has it.
pub(crate) fn from_data<'v>(
    session: &Arc<Session>,
    data: Data,
    data_type: &Type,
    heap: Heap<'v>,
) -> Value<'v> {
    match data {
        Data::Nil => Value::new_none(),
        Data::Bool(value) => Value::new_bool(value),
        Data::Int(value) => match data_type {
            Type::Named("reflect.Kind", _) => {
                heap.alloc(kind_name(Kind(u32::try_from(value).unwrap_or_default())))
            }
            Type::Named(..) => heap.alloc(value.to_string()),
            _ => from_int(value, heap),
        },
        Data::String(text) => heap.alloc(&*text),
        Data::List(list) => heap.alloc(ApiList { session: Arc::clone(session), list }),
        Data::Object(object) => heap.alloc(ApiObject { session: Arc::clone(session), object }),
        Data::Variable(variable) => heap.alloc(ApiVariable { session: Arc::clone(session), variable }),
        Data::Map(entries) => match data_type {
            Type::Map(element) if matches!(**element, Type::Int(_)) => {
                let entry = |(key, value): &(String, Data)| {
                    (key.clone(), from_data(session, value.clone(), element, heap))
                };
                heap.alloc(AllocDict(entries.iter().map(entry)))
            }
            _ => heap.alloc(map_text(&entries)),
        },
    }
}

/// A map as Go's `%v` writes it.
fn map_text(entries: &[(String, Data)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(key, value)| match value {
            Data::String(text) => format!("{key}:{text}"),
            other => format!("{key}:{}", other.go_syntax(&Type::String)),
        })
        .collect();
    format!("map[{}]", entries.join(" "))
}

fn from_int(value: i128, heap: Heap<'_>) -> Value<'_> {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => heap.alloc(value),
        (_, Ok(value)) => heap.alloc(value),
        _ => heap.alloc(value.to_string()),
    }
}

/// A variable's value as Starlark has it.
pub(crate) fn variable_value<'v>(
    session: &Arc<Session>,
    variable: Arc<Variable>,
    heap: Heap<'v>,
) -> Result<Value<'v>, String> {
    Ok(match convert(session, variable)? {
        Converted::None => Value::new_none(),
        Converted::Bool(value) => Value::new_bool(value),
        Converted::Int(value) => from_int(value, heap),
        Converted::Float(value) => heap.alloc(value),
        Converted::String(text) => heap.alloc(text),
        Converted::Parts(value) => heap.alloc(ProgramObject { value: Arc::new(value) }),
    })
}

/// The attribute, or `None` after the reason was remembered.
fn attribute<'v>(session: &Session, value: Result<Value<'v>, String>) -> Option<Value<'v>> {
    value.map_err(|why| session.no_attribute(why)).ok()
}

/// What `type` says of one of these values; `None` of others.
pub(crate) fn type_of(value: Value<'_>) -> Option<String> {
    if let Some(api) = ApiObject::from_value(value) {
        return Some(api.object.object_type.name.to_owned());
    }
    if let Some(api) = ApiList::from_value(value) {
        return Some(api.list.list_type.to_string());
    }
    if let Some(api) = ApiVariable::from_value(value) {
        return Some(format!("Variable<{}>", api.variable.type_name));
    }
    ProgramObject::from_value(value).map(|program| program.value.type_name().to_owned())
}

/// The name that errors have for a value's type.
pub(crate) fn type_name(value: Value<'_>) -> String {
    type_of(value).unwrap_or_else(|| match value.get_type() {
        "function" if value.documentation_is_native() => "builtin_function_or_method".to_owned(),
        name => name.to_owned(),
    })
}

trait Native {
    fn documentation_is_native(&self) -> bool;
}

impl Native for Value<'_> {
    /// Functions of the evaluator itself have no place in a script.
    fn documentation_is_native(&self) -> bool {
        crate::builtins::is_builtin(*self)
    }
}

/// An index counted from the start, of a sequence of that length and type.
fn index_of(index: Value<'_>, length: i64, sequence: &str) -> starlark::Result<i64> {
    let Some(given) = integer(index) else {
        return Err(failure(format!("{sequence} index: got {}, want int", type_name(index))));
    };
    let from_start = if given < 0 { given + i128::from(length) } else { given };
    match i64::try_from(from_start) {
        Ok(index) if (0..length).contains(&index) => Ok(index),
        _ if length == 0 => Err(failure(format!("index {given} out of range: empty {sequence}"))),
        _ => {
            let range = format!("[{}:{}]", -length, length - 1);
            Err(failure(format!("{sequence} index {given} out of range {range}")))
        }
    }
}

impl fmt::Display for ApiObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object_type = Type::Struct(self.object.object_type.name);
        f.write_str(&Data::Object(Arc::clone(&self.object)).go_syntax(&object_type))
    }
}

#[starlark_value(type = "struct")]
impl<'v> StarlarkValue<'v> for ApiObject {
    fn get_attr(&self, attribute: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        if self.session.dormant() {
            return None;
        }
        match self.object.get(attribute) {
            Some((data, data_type)) => Some(from_data(&self.session, data, data_type, heap)),
            None => {
                let owner = self.object.object_type.name;
                self.session.no_attribute(format!("no field named {attribute:?} in {owner}"));
                None
            }
        }
    }

    fn dir_attr(&self) -> Vec<String> {
        self.object.object_type.fields.iter().map(|field| field.name.to_owned()).collect()
    }

    fn set_attr(&self, attribute: &str, new: Value<'v>) -> starlark::Result<()> {
        let owner = self.object.object_type.name;
        let refused = || failure(format!("can't assign to .{attribute} field of {owner}"));
        let (_, field_type) = self.object.get(attribute).ok_or_else(refused)?;
        if !matches!(field_type, Type::Bool | Type::Int(_) | Type::Named(..) | Type::String) {
            return Err(refused());
        }
        let json = crate::arguments::to_json(new, field_type, "").map_err(|(_, why)| failure(why))?;
        self.object.set(attribute, Data::from_json(json, field_type));
        Ok(())
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(ApiObject::from_value(other).is_some_and(|other| Arc::ptr_eq(&self.object, &other.object)))
    }
}

impl fmt::Display for ApiList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Data::List(Arc::clone(&self.list)).go_syntax(&self.list.list_type))
    }
}

#[starlark_value(type = "slice")]
impl<'v> StarlarkValue<'v> for ApiList {
    fn at(&self, index: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        let length = i64::try_from(self.list.items.len()).unwrap_or(i64::MAX);
        let index = index_of(index, length, &self.list.list_type.to_string())?;
        let item = usize::try_from(index).ok().and_then(|index| self.list.items.get(index));
        let item = item.cloned().unwrap_or(Data::Nil);
        Ok(from_data(&self.session, item, &self.list.element(), heap))
    }

    fn slice(
        &self,
        _: Option<Value<'v>>,
        _: Option<Value<'v>>,
        _: Option<Value<'v>>,
        _: Heap<'v>,
    ) -> starlark::Result<Value<'v>> {
        Err(failure(format!("invalid slice operand {}", self.list.list_type)))
    }

    fn iterate_collect(&self, heap: Heap<'v>) -> starlark::Result<Vec<Value<'v>>> {
        let element = self.list.element();
        Ok(self
            .list
            .items
            .iter()
            .map(|item| from_data(&self.session, item.clone(), &element, heap))
            .collect())
    }

    fn length(&self) -> starlark::Result<i32> {
        Ok(i32::try_from(self.list.items.len()).unwrap_or(i32::MAX))
    }
}

impl fmt::Display for ApiVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Variable<{}>", single_line(&self.variable))
    }
}

#[starlark_value(type = "Variable")]
impl<'v> StarlarkValue<'v> for ApiVariable {
    fn get_attr(&self, name: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        if self.session.dormant() {
            return None;
        }
        match name {
            "Value" => {
                let value = variable_value(&self.session, Arc::clone(&self.variable), heap);
                return attribute(&self.session, value);
            }
            "Expr" => return Some(heap.alloc(expression(&self.variable))),
            _ => {}
        }
        let object_type = crate::api_types::struct_type(crate::data::VARIABLE);
        let field = object_type.position(name).and_then(|position| object_type.fields.get(position));
        let Some((field, data)) = field.zip(variable_field(&self.variable, name)) else {
            self.session.no_attribute(format!("no field named {name:?} in {}", object_type.name));
            return None;
        };
        Some(from_data(&self.session, data, &field.field_type, heap))
    }

    fn dir_attr(&self) -> Vec<String> {
        let object_type = crate::api_types::struct_type(crate::data::VARIABLE);
        object_type.fields.iter().map(|field| field.name).chain(["Expr"]).map(str::to_owned).collect()
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(ApiVariable::from_value(other).is_some_and(|other| self.variable == other.variable))
    }
}

impl ProgramObject {
    fn convert<'v>(&self, variable: Option<Arc<Variable>>, heap: Heap<'v>) -> Result<Value<'v>, String> {
        match variable {
            Some(variable) => variable_value(&self.value.session, variable, heap),
            None => Ok(Value::new_none()),
        }
    }

    /// The key of a map's entry that a script gave.
    fn key(key: Value<'_>) -> starlark::Result<Key> {
        if let Some(value) = key.unpack_bool() {
            return Ok(Key::Bool(value));
        }
        if let Some(value) = integer(key) {
            return Ok(Key::Int(value));
        }
        if let Some(text) = key.unpack_str() {
            return Ok(Key::String(text.to_owned()));
        }
        match ProgramObject::from_value(key) {
            Some(program) if program.value.kind() == Kind::STRUCT => {
                Ok(Key::Struct(program.value.address(), program.value.text()))
            }
            None if key.get_type() == "float" => {
                Ok(Key::Float(UnpackFloat::unpack_value(key)?.map_or(f64::NAN, |float| float.0)))
            }
            _ => Err(failure(format!("key type not supported {}", type_name(key)))),
        }
    }

    /// The part of a pointer, an interface or a struct that `key` names.
    fn part<'v>(&self, key: Value<'v>, heap: Heap<'v>) -> Result<Value<'v>, String> {
        let value = &self.value;
        if value.kind() != Kind::STRUCT && integer(key) == Some(0) {
            return self.convert(value.target()?, heap);
        }
        let field = match key.unpack_str() {
            Some(name) => value.field(name)?,
            None => None,
        };
        match field {
            Some(field) => self.convert(Some(field), heap),
            None => Err(format!("key {} not in {}", key.to_repr(), value.type_name())),
        }
    }

    /// The keys and values of a map.
    fn entries<'v>(value: &ProgramValue, heap: Heap<'v>) -> starlark::Result<Vec<(Value<'v>, Value<'v>)>> {
        let mut entries = Vec::new();
        let mut failed = None;
        let convert = |variable: &Variable| variable_value(&value.session, Arc::new(variable.clone()), heap);
        let visited = value.visit_entries(&mut |key, entry| {
            match convert(key).and_then(|key| Ok((key, convert(entry)?))) {
                Ok(entry) => entries.push(entry),
                Err(why) => failed = Some(why),
            }
            failed.is_none()
        });
        match visited.err().or(failed) {
            Some(why) => Err(failure(why)),
            None => Ok(entries),
        }
    }
}

impl fmt::Display for ProgramObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value.text())
    }
}

/// The methods of maps.
const MAP_METHODS: [&str; 3] = ["items", "keys", "values"];

#[starlark_value(type = "value")]
impl<'v> StarlarkValue<'v> for ProgramObject {
    fn get_attr(&self, name: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        let value = &self.value;
        if value.session.dormant() {
            return None;
        }
        if value.kind() == Kind::MAP
            && let Some(&name) = MAP_METHODS.iter().find(|&&method| method == name)
        {
            return Some(heap.alloc(MapMethod { value: Arc::clone(value), name }));
        }
        let field = value.field(name).and_then(|field| match field {
            Some(field) => self.convert(Some(field), heap),
            None => Err(format!("{} has no .{name} field or method", value.type_name())),
        });
        attribute(&value.session, field)
    }

    fn dir_attr(&self) -> Vec<String> {
        match self.value.kind() {
            Kind::MAP => MAP_METHODS.map(str::to_owned).into(),
            _ => self.value.field_names(),
        }
    }

    fn at(&self, index: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        let value = &self.value;
        let part = match value.kind() {
            Kind::SLICE | Kind::ARRAY => {
                let index = index_of(index, value.len(), value.type_name())?;
                value.element(index).and_then(|element| self.convert(Some(element), heap))
            }
            Kind::MAP => value.entry(&Self::key(index)?).and_then(|entry| self.convert(entry, heap)),
            _ => self.part(index, heap),
        };
        part.map_err(failure)
    }

    fn slice(
        &self,
        _: Option<Value<'v>>,
        _: Option<Value<'v>>,
        _: Option<Value<'v>>,
        _: Heap<'v>,
    ) -> starlark::Result<Value<'v>> {
        Err(failure(format!("invalid slice operand {}", self.value.type_name())))
    }

    fn iterate_collect(&self, heap: Heap<'v>) -> starlark::Result<Vec<Value<'v>>> {
        let value = &self.value;
        match value.kind() {
            Kind::SLICE | Kind::ARRAY => (0..value.len())
                .map(|index| {
                    let element = value.element(index).and_then(|element| self.convert(Some(element), heap));
                    element.map_err(failure)
                })
                .collect(),
            Kind::MAP => Ok(Self::entries(value, heap)?.into_iter().map(|(key, _)| key).collect()),
            _ => Err(failure(format!("{} value is not iterable", value.type_name()))),
        }
    }

    fn length(&self) -> starlark::Result<i32> {
        match self.value.kind() {
            Kind::SLICE | Kind::ARRAY | Kind::MAP => Ok(i32::try_from(self.value.len()).unwrap_or(i32::MAX)),
            _ => Err(failure(format!("len: value of type {} has no len", self.value.type_name()))),
        }
    }

    fn is_in(&self, other: Value<'v>) -> starlark::Result<bool> {
        match self.value.kind() {
            Kind::MAP => Ok(self.value.entry(&Self::key(other)?).map_err(failure)?.is_some()),
            _ => {
                let name = self.value.type_name();
                Err(failure(format!("unknown binary op: {} in {name}", type_name(other))))
            }
        }
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(ProgramObject::from_value(other).is_some_and(|other| Arc::ptr_eq(&self.value, &other.value)))
    }
}

impl fmt::Display for MapMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<built-in method {} of {} value>", self.name, self.value.type_name())
    }
}

#[starlark_value(type = "builtin_function_or_method")]
impl<'v> StarlarkValue<'v> for MapMethod {
    fn invoke(
        &self,
        _me: Value<'v>,
        args: &Arguments<'v, '_>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let heap = eval.heap();
        if args.len()? > 0 {
            return Err(failure(format!("{}: got {} arguments, want 0", self.name, args.len()?)));
        }
        let entries = ProgramObject::entries(&self.value, heap)?;
        Ok(match self.name {
            "keys" => heap.alloc(entries.into_iter().map(|(key, _)| key).collect::<Vec<_>>()),
            "values" => heap.alloc(entries.into_iter().map(|(_, value)| value).collect::<Vec<_>>()),
            _ => heap.alloc(entries),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tgt")
    }
}

#[starlark_value(type = "tgt")]
impl<'v> StarlarkValue<'v> for Target {
    fn get_attr(&self, name: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        let session = &self.session;
        if session.dormant() {
            return None;
        }
        let found = session
            .client
            .eval(session.scope(), name, Some(adit_api::LoadConfig::FULL))
            .map_err(|error| format!("could not find variable {name:?}: {error}"))
            .and_then(|variable| variable_value(session, Arc::new(variable), heap));
        attribute(session, found)
    }
}
