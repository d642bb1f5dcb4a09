//! The types of requests, and how Go fits JSON into them.
//!
//! Names of fields are matched without regard to case, unknown ones are passed over, `null` changes nothing. Errors read
//! as those of `encoding/json` of go1.27 (`UnmarshalTypeError.Error` in `v2_decode.go`): the first counts, and its path
//! begins with `.0`, the place of the request in `params`.

use serde_json::{Map, Value as Json};

use super::json::Value;

/// A Go type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Bool,
    String,
    /// An integer of 64 bits, and its name.
    Signed(&'static str),
    /// An integer without sign: its name, and its bits.
    Unsigned(&'static str, u32),
    /// A slice or, with a length, an array; how Go writes the type.
    List(&'static str, &'static Shape, Option<usize>),
    /// A map with strings for keys.
    Map(&'static str, &'static Shape),
    Struct(&'static Struct),
}

/// A Go struct.
#[derive(Debug)]
pub(super) struct Struct {
    /// With its package.
    pub(super) name: &'static str,
    pub(super) fields: &'static [(&'static str, Shape)],
}

/// Fits `params` of a request into the struct that its method takes; the error is the text after
/// `malformed request body: `.
pub(super) fn fit(shape: &'static Struct, params: &Value<'_>) -> Result<Json, String> {
    let list = match params {
        Value::Null => return Err("jsonrpc: request body missing params".to_owned()),
        Value::Array(list) => list,
        other => {
            return Err(format!(
                "json: cannot unmarshal {} into Go value of type [1]interface {{}}",
                kind_of(other)
            ));
        }
    };
    let mut fitting = Fitting { path: ".0".to_owned(), error: None };
    let request = fitting.structure(shape, list.first().unwrap_or(&Value::Null));
    match fitting.error {
        Some(error) => Err(error),
        None => Ok(request),
    }
}

/// What Go calls a JSON value that it did not expect.
fn kind_of(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Shape {
    fn go_name(self) -> &'static str {
        match self {
            Shape::Bool => "bool",
            Shape::String => "string",
            Shape::Signed(name) | Shape::Unsigned(name, _) | Shape::List(name, ..) | Shape::Map(name, _) => {
                name
            }
            Shape::Struct(shape) => shape.name,
        }
    }

    /// Go's zero value.
    fn zero(self) -> Json {
        match self {
            Shape::Bool => Json::Bool(false),
            Shape::String => Json::String(String::new()),
            Shape::Signed(_) | Shape::Unsigned(..) => Json::from(0),
            Shape::List(_, element, Some(length)) => (0..length).map(|_| element.zero()).collect(),
            Shape::List(_, _, None) => Json::Array(Vec::new()),
            Shape::Map(..) | Shape::Struct(_) => Json::Object(Map::new()),
        }
    }
}

struct Fitting {
    path: String,
    error: Option<String>,
}

impl Fitting {
    fn mismatch(&mut self, what: &str, shape: Shape) {
        let last = self.path.rsplit('.').next().unwrap_or_default();
        let into = if last.bytes().all(|byte| byte.is_ascii_digit()) { "" } else { "Go struct field " };
        let (path, name) = (&self.path, shape.go_name());
        self.error
            .get_or_insert_with(|| format!("json: cannot unmarshal {what} into {into}{path} of type {name}"));
    }

    fn within<T>(&mut self, step: &str, fit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push('.');
        self.path.push_str(step);
        let fitted = fit(self);
        self.path.truncate(length);
        fitted
    }

    /// `None`: Go leaves what was there.
    fn value(&mut self, shape: Shape, value: &Value<'_>) -> Option<Json> {
        match (shape, value) {
            (_, Value::Null) => None,
            (Shape::Bool, Value::Bool(value)) => Some(Json::Bool(*value)),
            (Shape::String, Value::String(text)) => Some(Json::String(text.clone().into_owned())),
            (Shape::Signed(_), Value::Number(text)) => self.number(shape, text, text.parse::<i64>().ok()),
            (Shape::Unsigned(_, bits), Value::Number(text)) => {
                let number = text.parse::<u64>().ok().filter(|number| *number <= u64::MAX >> (64 - bits));
                self.number(shape, text, number)
            }
            (Shape::List(_, element, length), Value::Array(list)) => Some(self.list(*element, length, list)),
            (Shape::Map(_, element), Value::Object(members)) => {
                let mut map = Map::new();
                for (key, value) in members {
                    let fitted = self.within(key, |fitting| fitting.value(*element, value));
                    map.insert(key.clone().into_owned(), fitted.unwrap_or_else(|| element.zero()));
                }
                Some(Json::Object(map))
            }
            (Shape::Struct(shape), value @ Value::Object(_)) => Some(self.structure(shape, value)),
            (shape, other) => {
                self.mismatch(kind_of(other), shape);
                None
            }
        }
    }

    fn number<T: Into<Json>>(&mut self, shape: Shape, text: &str, number: Option<T>) -> Option<Json> {
        if number.is_none() {
            self.mismatch(&format!("number {text}"), shape);
        }
        number.map(Into::into)
    }

    /// An array has its length whatever comes: what is missing is zero, what is too much is dropped.
    fn list(&mut self, element: Shape, length: Option<usize>, list: &[Value<'_>]) -> Json {
        let mut fitted: Vec<Json> = Vec::with_capacity(list.len());
        for (index, value) in list.iter().take(length.unwrap_or(list.len())).enumerate() {
            let value = self.within(&index.to_string(), |fitting| fitting.value(element, value));
            fitted.push(value.unwrap_or_else(|| element.zero()));
        }
        fitted.resize_with(length.unwrap_or(fitted.len()), || element.zero());
        Json::Array(fitted)
    }

    fn structure(&mut self, shape: &'static Struct, value: &Value<'_>) -> Json {
        let mut map = Map::new();
        match value {
            Value::Null => {}
            Value::Object(members) => {
                for (key, value) in members {
                    let exact = shape.fields.iter().find(|(name, _)| name == key);
                    let field = exact
                        .or_else(|| shape.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)));
                    let Some((name, field)) = field else { continue };
                    if let Some(fitted) = self.within(key, |fitting| fitting.value(*field, value)) {
                        merge(&mut map, name, fitted);
                    }
                }
            }
            other => self.mismatch(kind_of(other), Shape::Struct(shape)),
        }
        Json::Object(map)
    }
}

/// A field that comes twice is what it was last; of an object, what was not said again remains.
fn merge(map: &mut Map<String, Json>, name: &str, value: Json) {
    match (map.get_mut(name), value) {
        (Some(Json::Object(old)), Json::Object(new)) => {
            for (key, value) in new {
                merge(old, &key, value);
            }
        }
        (_, value) => drop(map.insert(name.to_owned(), value)),
    }
}
