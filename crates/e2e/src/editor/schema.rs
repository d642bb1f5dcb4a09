//! Holding messages to the protocol's own JSON schema.

use std::sync::OnceLock;

use serde_json::Value;

/// The schema of the Debug Adapter Protocol, and what of JSON Schema (draft 4) it uses.
pub(super) struct Schema(Value);

impl Schema {
    /// The one that the debugger's types are made from.
    pub(super) fn get() -> &'static Schema {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| {
            let text = include_str!("../../../dap/schema/debugAdapterProtocol.json");
            Schema(serde_json::from_str(text).unwrap())
        })
    }

    /// What is wrong with a message; nothing if it is as the protocol has it.
    pub(super) fn faults(&self, message: &Value, command: &str) -> Vec<String> {
        let name = match message["type"].as_str() {
            Some("request") => format!("{}Request", capitalised(command)),
            Some("event") => format!("{}Event", capitalised(message["event"].as_str().unwrap_or_default())),
            Some("response") if message["success"] == true => format!("{}Response", capitalised(command)),
            Some("response") => "ErrorResponse".to_owned(),
            _ => return vec![format!("neither request, response nor event: {message}")],
        };
        let definition = &self.0["definitions"][&name];
        if definition.is_null() {
            return vec![format!("the protocol has no {name}")];
        }
        let mut faults = Vec::new();
        self.check(definition, message, &name, &mut faults);
        faults
    }

    fn check(&self, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.trim_start_matches("#/definitions/");
            return self.check(&self.0["definitions"][name], value, place, faults);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.check(part, value, place, faults);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let fits = |choice: &&Value| {
                let mut wrong = Vec::new();
                self.check(choice, value, place, &mut wrong);
                wrong.is_empty()
            };
            if choices.iter().filter(fits).count() == 0 {
                faults.push(format!("{place} is none of its choices: {value}"));
            }
        }
        if !has_type(&schema["type"], value) {
            faults.push(format!("{place} is no {}: {value}", schema["type"]));
            return;
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            faults.push(format!("{place} can not be {value}"));
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if value.get(name).is_none() {
                faults.push(format!("{place} has no {name}"));
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = value.get(name) {
                self.check(property, value, &format!("{place}.{name}"), faults);
            }
        }
        if schema["items"].is_object() {
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                self.check(&schema["items"], item, &format!("{place}[{index}]"), faults);
            }
        }
        if schema["additionalProperties"].is_object() {
            for (name, item) in value.as_object().into_iter().flatten() {
                self.check(&schema["additionalProperties"], item, &format!("{place}.{name}"), faults);
            }
        }
    }
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => false,
    };
    match wanted {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_are_found() {
        let faults = |message: Value, command| Schema::get().faults(&message, command);
        let good = json!({"seq": 1, "type": "event", "event": "exited", "body": {"exitCode": 0}});
        assert_eq!(faults(good, ""), Vec::<String>::new());
        let bad = json!({"seq": 1, "type": "event", "event": "exited", "body": {"exitCode": "0"}});
        assert_eq!(faults(bad, "").len(), 1);
        let bad = json!({"seq": 1, "type": "event", "event": "exited"});
        assert_eq!(faults(bad, "").len(), 1);
        let bad = json!({"seq": 1, "type": "event", "event": "unheard"});
        assert_eq!(faults(bad, "").len(), 1);
        let bad = json!({"seq": 1, "type": "response", "success": true, "command": "threads", "request_seq": 1,
                         "body": {"threads": [{"id": 1}]}});
        assert_eq!(faults(bad, "threads"), ["ThreadsResponse.body.threads[0] has no name"]);
    }
}
