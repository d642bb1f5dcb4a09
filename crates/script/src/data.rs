//! Values of the API's types: from JSON, to JSON, and as Go's `%#v` writes them.

use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adit_api::format::quote;
use adit_api::{Children, Kind, Variable, decode_base64, encode_base64, one_level_deeper};
use serde_json::{Map, Value};

use crate::api_types::{StructType, Type, struct_type};

/// What Go would print for a pointer: the same for all, since there is nothing behind it.
const POINTER: &str = "0xc000000000";

/// The struct that is a value of the program, and is kept as what it is.
pub(crate) const VARIABLE: &str = "api.Variable";

/// A value of one of the API's types.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    /// A pointer to nothing.
    Nil,
    Bool(bool),
    Int(i128),
    String(Arc<str>),
    List(Arc<List>),
    Map(Arc<Vec<(String, Data)>>),
    Object(Arc<Object>),
    Variable(Arc<Variable>),
}

/// A slice or an array.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) list_type: Type,
    /// Whether there is no array at all.
    pub(crate) nil: bool,
    pub(crate) items: Vec<Data>,
}

/// A struct. Scripts that hold it see each other's changes.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) object_type: &'static StructType,
    fields: Mutex<Vec<Data>>,
}

impl List {
    /// The type of its elements.
    pub(crate) fn element(&self) -> Type {
        match &self.list_type {
            Type::Slice(element) | Type::Array(_, element) => (**element).clone(),
            _ => BYTE,
        }
    }
}

const BYTE: Type = Type::Int(crate::api_types::Int { name: "uint8", signed: false, bits: 8 });

impl Object {
    /// The struct whose type and fields are given.
    pub(crate) fn new(object_type: &'static StructType, fields: Vec<Data>) -> Object {
        Object { object_type, fields: Mutex::new(fields) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Data>> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A field and its type; fields of an embedded struct count as those of the outer one.
    pub(crate) fn get(&self, name: &str) -> Option<(Data, &'static Type)> {
        let Some(position) = self.object_type.position(name) else {
            return self.embedded().iter().find_map(|inner| inner.get(name));
        };
        let value = self.lock().get(position).cloned()?;
        Some((value, &self.object_type.fields[position].field_type))
    }

    fn embedded(&self) -> Vec<Arc<Object>> {
        let fields = self.lock();
        let embedded =
            self.object_type.fields.iter().zip(fields.iter()).filter(|(field, _)| field.json.is_none());
        let object = |(_, value): (_, &Data)| match value {
            Data::Object(object) => Some(Arc::clone(object)),
            _ => None,
        };
        embedded.filter_map(object).collect()
    }

    /// Replaces a field that is there.
    pub(crate) fn set(&self, name: &str, value: Data) {
        if let Some(position) = self.object_type.position(name)
            && let Some(field) = self.lock().get_mut(position)
        {
            *field = value;
            return;
        }
        if let Some(inner) = self.embedded().iter().find(|inner| inner.get(name).is_some()) {
            inner.set(name, value);
        }
    }
}

impl Data {
    /// The value of type `data_type` that is `json`; what is missing or of another shape is the type's zero.
    pub(crate) fn from_json(json: Value, data_type: &Type) -> Data {
        match (data_type, json) {
            (Type::Bool, json) => Data::Bool(json.as_bool().unwrap_or_default()),
            (Type::Int(_) | Type::Named(..), json) => Data::Int(integer(&json)),
            (Type::String, Value::String(text)) => Data::String(text.into()),
            (Type::String, _) => Data::String("".into()),
            (Type::Bytes, json) => {
                let bytes = json.as_str().and_then(decode_base64);
                let items = bytes.iter().flatten().map(|&byte| Data::Int(byte.into())).collect();
                Data::List(Arc::new(List { list_type: Type::Bytes, nil: bytes.is_none(), items }))
            }
            (Type::Slice(element) | Type::Array(_, element), json) => {
                let (nil, items) = match json {
                    Value::Array(items) => (false, items),
                    _ => (true, Vec::new()),
                };
                let items = items.into_iter().map(|item| Data::from_json(item, element)).collect();
                Data::List(Arc::new(List { list_type: data_type.clone(), nil, items }))
            }
            (Type::Map(element), Value::Object(entries)) => {
                let entries = entries.into_iter().map(|(key, value)| (key, Data::from_json(value, element)));
                Data::Map(Arc::new(entries.collect()))
            }
            (Type::Map(_), _) => Data::Map(Arc::default()),
            (Type::Pointer(_), Value::Null) => Data::Nil,
            (Type::Pointer(inner), json) => Data::from_json(json, inner),
            (Type::Struct(VARIABLE), json) => Data::Variable(Arc::new(variable(json))),
            (Type::Struct(name), json) => {
                let mut fields = match json {
                    Value::Object(fields) => fields,
                    _ => Map::new(),
                };
                Data::object(&mut fields, struct_type(name))
            }
        }
    }

    /// The struct whose fields are taken out of `json`.
    fn object(json: &mut Map<String, Value>, object_type: &'static StructType) -> Data {
        let fields = object_type.fields.iter().map(|field| match (field.json, &field.field_type) {
            (Some(name), field_type) => Data::from_json(json.remove(name).unwrap_or_default(), field_type),
            (None, field_type) => match struct_behind(field_type) {
                Some(inner) => Data::object(json, struct_type(inner)),
                None => Data::Nil,
            },
        });
        let fields = fields.collect();
        Data::Object(Arc::new(Object::new(object_type, fields)))
    }

    /// The value as JSON.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Data::Nil => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Int(value) => number(*value),
            Data::String(text) => Value::String(text.to_string()),
            Data::List(list) if list.nil => Value::Null,
            Data::List(list) if list.list_type == Type::Bytes => {
                let bytes: Vec<u8> = list.items.iter().map(Data::byte).collect();
                Value::String(encode_base64(&bytes))
            }
            Data::List(list) => Value::Array(list.items.iter().map(Data::to_json).collect()),
            Data::Map(entries) => {
                Value::Object(entries.iter().map(|(key, value)| (key.clone(), value.to_json())).collect())
            }
            Data::Object(object) => {
                let mut json = Map::new();
                for (field, value) in object.object_type.fields.iter().zip(object.lock().iter()) {
                    put_json(&mut json, field.json, value.to_json());
                }
                Value::Object(json)
            }
            Data::Variable(variable) => serde_json::to_value(&**variable).unwrap_or_default(),
        }
    }

    fn byte(&self) -> u8 {
        match self {
            Data::Int(value) => u8::try_from(*value).unwrap_or_default(),
            _ => 0,
        }
    }

    /// The value as Go's `%#v` writes it; pointers only show that they are some.
    pub(crate) fn go_syntax(&self, data_type: &Type) -> String {
        let mut text = String::new();
        self.write(data_type, &mut text);
        text
    }

    fn write(&self, data_type: &Type, out: &mut String) {
        // Writing to a text does not fail.
        let _ = match (self, data_type) {
            (Data::Nil, _) => write!(out, "({data_type})(nil)"),
            (_, Type::Pointer(_)) => write!(out, "({data_type})({POINTER})"),
            (Data::Bool(value), _) => write!(out, "{value}"),
            (Data::Int(value), Type::Int(int) | Type::Named(_, int)) if !int.signed => {
                write!(out, "{value:#x}")
            }
            (Data::Int(value), _) => write!(out, "{value}"),
            (Data::String(text), _) => write!(out, "{}", quote(text.as_bytes())),
            (Data::List(list), _) if list.nil => write!(out, "{data_type}(nil)"),
            (Data::List(list), _) => {
                let element = list.element();
                write_list(out, data_type, list.items.iter(), |out, item| item.write(&element, out));
                Ok(())
            }
            (Data::Map(entries), Type::Map(element)) => {
                write_list(out, data_type, entries.iter(), |out, (key, value)| {
                    out.push_str(&quote(key.as_bytes()));
                    out.push(':');
                    value.write(element, out);
                });
                Ok(())
            }
            (Data::Map(_), _) => Ok(()),
            (Data::Object(object), _) => {
                let fields = object.object_type.fields.iter();
                let values = object.lock();
                write_list(
                    out,
                    &object.object_type.name,
                    fields.zip(values.iter()),
                    |out, (field, value)| {
                        out.push_str(field.name);
                        out.push(':');
                        value.write(&field.field_type, out);
                    },
                );
                Ok(())
            }
            (Data::Variable(variable), _) => {
                let fields = struct_type(VARIABLE).fields.iter();
                one_level_deeper(|| {
                    write_list(out, &VARIABLE, fields, |out, field| {
                        out.push_str(field.name);
                        out.push(':');
                        if let Some(value) = variable_field(variable, field.name) {
                            value.write(&field.field_type, out);
                        }
                    });
                });
                Ok(())
            }
        };
    }
}

/// A list is as deep as it is long, and so are the structs that scripts may build: they are dropped without recursion.
impl Drop for Object {
    fn drop(&mut self) {
        let fields = self.fields.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut pending = std::mem::take(fields);
        while let Some(data) = pending.pop() {
            if let Data::Object(object) = data
                && let Some(mut object) = Arc::into_inner(object)
            {
                pending.append(object.fields.get_mut().unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

fn write_list<T>(
    out: &mut String,
    list_type: &impl std::fmt::Display,
    items: impl Iterator<Item = T>,
    mut write_item: impl FnMut(&mut String, T),
) {
    out.push_str(&list_type.to_string());
    out.push('{');
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_item(out, item);
    }
    out.push('}');
}

/// Puts a field into a struct's JSON: under its name, or, if it is embedded, its own fields.
pub(crate) fn put_json(json: &mut Map<String, Value>, name: Option<&str>, value: Value) {
    match (name, value) {
        (Some(name), value) => {
            json.insert(name.to_owned(), value);
        }
        (None, Value::Object(inner)) => json.extend(inner),
        (None, _) => {}
    }
}

/// The struct that a type is or points to.
pub(crate) fn struct_behind(data_type: &Type) -> Option<&'static str> {
    match data_type {
        Type::Struct(name) => Some(name),
        Type::Pointer(inner) => struct_behind(inner),
        _ => None,
    }
}

fn integer(json: &Value) -> i128 {
    let signed = json.as_i64().map(i128::from);
    signed.or_else(|| json.as_u64().map(i128::from)).unwrap_or_default()
}

/// A number as JSON; it is 0 if it is one that no type of the API holds.
pub(crate) fn number(value: i128) -> Value {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => value.into(),
        (_, Ok(value)) => value.into(),
        _ => 0.into(),
    }
}

/// A variable from JSON. Its children are as deep as lists are long: the stack grows with them.
fn variable(mut json: Value) -> Variable {
    let children = match json.get_mut("children") {
        Some(Value::Array(children)) => std::mem::take(children),
        _ => Vec::new(),
    };
    let mut result: Variable = serde_json::from_value(json).unwrap_or_default();
    result.children =
        children.into_iter().map(|child| one_level_deeper(|| variable(child))).collect::<Children>();
    result
}

/// A plain field of a variable, by its name in Go.
pub(crate) fn variable_field(variable: &Variable, name: &str) -> Option<Data> {
    let text = |text: &str| Data::String(text.into());
    let list =
        |list_type: Type, items: Vec<Data>| Data::List(Arc::new(List { list_type, nil: false, items }));
    Some(match name {
        "Name" => text(&variable.name),
        "Addr" => Data::Int(variable.addr.into()),
        "OnlyAddr" => Data::Bool(variable.only_addr),
        "Type" => text(&variable.type_name),
        "RealType" => text(&variable.real_type),
        "Flags" => Data::Int(variable.flags.0.into()),
        "Kind" => Data::Int(variable.kind.0.into()),
        "Value" => text(&variable.value),
        "StringValueBytes" => list(
            Type::Bytes,
            variable.string_value_bytes.iter().map(|&byte| Data::Int(byte.into())).collect(),
        ),
        "Len" => Data::Int(variable.len.into()),
        "Cap" => Data::Int(variable.cap.into()),
        "Children" => list(
            Type::Slice(Box::new(Type::Struct(VARIABLE))),
            variable.children.iter().map(|child| Data::Variable(Arc::new(child.clone()))).collect(),
        ),
        "Base" => Data::Int(variable.base.into()),
        "Unreadable" => text(&variable.unreadable),
        "LocationExpr" => text(&variable.location_expr),
        "DeclLine" => Data::Int(variable.decl_line.into()),
        _ => return None,
    })
}

/// The name of a kind of values in Go's `reflect`.
pub(crate) fn kind_name(kind: Kind) -> String {
    const NAMES: [&str; 27] = [
        "invalid",
        "bool",
        "int",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "uintptr",
        "float32",
        "float64",
        "complex64",
        "complex128",
        "array",
        "chan",
        "func",
        "interface",
        "map",
        "ptr",
        "slice",
        "string",
        "struct",
        "unsafe.Pointer",
    ];
    let name = usize::try_from(kind.0).ok().and_then(|number| NAMES.get(number));
    name.map_or_else(|| format!("kind{}", kind.0), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Data;
    use crate::api_types::Type;

    #[test]
    fn structs_are_written_as_go_does() {
        let scope = json!({"GoroutineID": -1, "Frame": 2});
        let scope = Data::from_json(scope, &Type::Struct("api.EvalScope"));
        assert_eq!(
            scope.go_syntax(&Type::Struct("api.EvalScope")),
            "api.EvalScope{GoroutineID:-1, Frame:2, DeferredCall:0}"
        );
        let location = json!({"pc": 255, "file": "a\"b", "line": 3, "function": {"name": "f"}, "pcs": [1]});
        let frame = Data::from_json(location, &Type::Struct("api.Stackframe"));
        let text = frame.go_syntax(&Type::Struct("api.Stackframe"));
        assert!(
            text.starts_with(
                r#"api.Stackframe{Location:api.Location{PC:0xff, File:"a\"b", Line:3, Function:(*api.Function)(0xc000000000), PCs:[]uint64{0x1}, PCPids:[]int(nil)}, Locals:[]api.Variable(nil)"#
            ),
            "{text}"
        );
    }

    #[test]
    fn values_survive_json() {
        let frame =
            json!({"pc": u64::MAX, "file": "f", "Locals": [{"name": "x", "children": [{"name": "y"}]}]});
        let data = Data::from_json(frame, &Type::Struct("api.Stackframe"));
        let back = data.to_json();
        assert_eq!((&back["pc"], &back["file"]), (&json!(u64::MAX), &json!("f")));
        assert_eq!(back["Locals"][0]["children"][0]["name"], json!("y"));
        assert_eq!(back["Arguments"], json!(null));
        let memory = Data::from_json(json!({"Mem": "/wA="}), &Type::Struct("rpc2.ExaminedMemoryOut"));
        assert_eq!(memory.to_json()["Mem"], json!("/wA="));
        assert!(memory.go_syntax(&Type::Struct("")).contains("[]uint8{0xff, 0x0}"));
    }
}
