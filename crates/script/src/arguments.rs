//! From Starlark to the API: arguments of requests.

use serde_json::{Map, Value as Json};
use starlark::values::dict::DictRef;
use starlark::values::list_or_tuple::UnpackListOrTuple;
use starlark::values::{UnpackValue, Value};

use crate::api_types::{Int, Type, struct_type};
use crate::data::{Data, number, put_json, struct_behind};
use crate::declared::{ApiList, ApiObject, ApiVariable};

/// An integer of up to 64 bits, whatever its sign; larger ones fit no type of the API.
pub(crate) fn integer(value: Value<'_>) -> Option<i128> {
    if value.unpack_bool().is_some() || value.get_type() != "int" {
        return None;
    }
    let signed = i64::unpack_value(value).ok().flatten().map(i128::from);
    signed.or_else(|| u64::unpack_value(value).ok().flatten().map(i128::from))
}

/// The JSON of an argument of that type. Errors are the path of what could not be converted, from `path` on, and why.
pub(crate) fn to_json(value: Value<'_>, wanted: &Type, path: &str) -> Result<Json, (String, String)> {
    let refused = |reason: &str| {
        let given = value.to_repr();
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        (path.to_owned(), format!("can not convert {given} to {wanted}{reason}"))
    };
    if value.is_none() {
        return Ok(Json::Null);
    }
    if let Some(json) = api_value(value, wanted) {
        return Ok(json);
    }
    match wanted {
        Type::Bool => value.unpack_bool().map(Json::Bool).ok_or_else(|| refused("")),
        Type::String => value.unpack_str().map(Json::from).ok_or_else(|| refused("")),
        Type::Int(int) | Type::Named(_, int) => ranged(value, *int).ok_or_else(|| refused("")),
        Type::Pointer(inner) => to_json(value, inner, path),
        Type::Slice(element) | Type::Array(_, element) => {
            let items: Option<UnpackListOrTuple<Value<'_>>> = UnpackValue::unpack_value(value).ok().flatten();
            let items = items.ok_or_else(|| refused(""))?.items;
            if let Type::Array(length, _) = wanted
                && items.len() != *length
            {
                return Err(refused("wrong length"));
            }
            items.into_iter().map(|item| to_json(item, element, path)).collect()
        }
        Type::Struct(name) => {
            let dict = DictRef::from_value(value).ok_or_else(|| refused(""))?;
            let fields = &struct_type(name).fields;
            let mut json = Map::new();
            for (key, value) in dict.iter() {
                let Some(key) = key.unpack_str() else {
                    return Err(refused(&format!("non-string key {:?}", key.to_str())));
                };
                let field = fields.iter().find(|field| field.name == key);
                let field = field.ok_or_else(|| refused(&format!("unknown field {key}")))?;
                let inner = to_json(value, &field.field_type, &format!("{path}.{key}"))?;
                put_json(&mut json, field.json, inner);
            }
            Ok(Json::Object(json))
        }
        Type::Map(element) => {
            let dict = DictRef::from_value(value).ok_or_else(|| refused(""))?;
            let mut json = Map::new();
            for (key, value) in dict.iter() {
                let Some(key) = key.unpack_str() else {
                    return Err(refused(&format!("non-string key {:?}", key.to_str())));
                };
                json.insert(key.to_owned(), to_json(value, element, path)?);
            }
            Ok(Json::Object(json))
        }
        Type::Bytes => Err(refused("")),
    }
}

/// The JSON of a value that came from the API with that type.
fn api_value(value: Value<'_>, wanted: &Type) -> Option<Json> {
    if let Some(api) = ApiObject::from_value(value) {
        let same = struct_behind(wanted) == Some(api.object.object_type.name);
        return same.then(|| Data::Object(api.object.clone()).to_json());
    }
    if let Some(api) = ApiVariable::from_value(value) {
        let same = struct_behind(wanted) == Some(crate::data::VARIABLE);
        return same.then(|| Data::Variable(api.variable.clone()).to_json());
    }
    let api = ApiList::from_value(value)?;
    (api.list.list_type == *wanted).then(|| Data::List(api.list.clone()).to_json())
}

fn ranged(value: Value<'_>, int: Int) -> Option<Json> {
    integer(value).filter(|&value| int.holds(value)).map(number)
}
