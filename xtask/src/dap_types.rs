//! `cargo xtask dap-types`: the types of the Debug Adapter Protocol as plain structs, from the protocol's own JSON
//! schema, which lies beside them.
//!
//! Of requests there are the arguments, of responses and events the bodies; the messages around them are written by
//! hand, as they are few. What the schema leaves open (`_enum`) is a `String`, what it closes is an `enum`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::process;

const SCHEMA: &str = "crates/dap/schema/debugAdapterProtocol.json";
const INTO: &str = "crates/dap/src/protocol";

/// The messages' frames and what every message has: not types of their own here.
const BY_HAND: [&str; 5] = ["ProtocolMessage", "Request", "Response", "Event", "ErrorResponse"];

/// What a file uses beside serde.
const VALUE: &str = "use serde_json::Value;\n";
const TYPES: &str = "\nuse super::types::*;\n";

/// Writes the files.
pub(crate) fn run() -> Result<()> {
    let folder = process::workspace().join(INTO);
    for (name, text) in files()? {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
    }
    process::run(process::cargo().args(["fmt", "--package", "adit-dap"]))
}

/// The files by name, before they are formatted.
fn files() -> Result<[(&'static str, String); 4]> {
    let path: PathBuf = process::workspace().join(SCHEMA);
    let text = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    let schema: Value = serde_json::from_str(&text)?;
    let definitions = schema["definitions"].as_object().context("the schema has no definitions")?;
    let mut arguments = Text::new("The arguments of requests", &[VALUE, TYPES].concat());
    let mut responses = Text::new("The bodies of responses", TYPES);
    let mut events = Text::new("The bodies of events", &[VALUE, TYPES].concat());
    let mut types = Text::new("What arguments and bodies are made of", VALUE);
    for (name, definition) in sorted(definitions) {
        if BY_HAND.contains(&name.as_str()) {
            continue;
        }
        if let Some(message) = definition["allOf"].get(1) {
            let text = match definition["allOf"][0]["$ref"].as_str() {
                Some("#/definitions/Response") => &mut responses,
                Some("#/definitions/Event") => &mut events,
                // Its arguments are a definition of their own.
                Some("#/definitions/Request") => continue,
                Some(base) => {
                    let base = &definitions[base.trim_start_matches("#/definitions/")];
                    types.structure(name, &summary(message), &joined(base, message))?;
                    continue;
                }
                None => bail!("{name} is made of what has no name"),
            };
            let body = &message["properties"]["body"];
            if body["properties"].is_object() {
                let about = format!("Body of {name}.");
                text.structure(&format!("{name}Body"), &about, body)?;
            }
        } else if name.ends_with("Arguments") {
            arguments.definition(name, definition)?;
        } else {
            types.definition(name, definition)?;
        }
    }
    Ok([
        ("arguments.rs", arguments.0),
        ("responses.rs", responses.0),
        ("events.rs", events.0),
        ("types.rs", types.0),
    ])
}

/// By name, whatever order the JSON library keeps.
fn sorted(object: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = object.iter().collect();
    entries.sort_unstable_by_key(|(name, _)| name.as_str());
    entries
}

/// A definition that has another's properties too.
fn joined(base: &Value, own: &Value) -> Value {
    let properties = [base, own].into_iter().filter_map(|from| from["properties"].as_object()).flatten();
    let properties: Map<String, Value> =
        properties.map(|(name, value)| (name.clone(), value.clone())).collect();
    serde_json::json!({ "properties": properties })
}

/// A file that is being written.
struct Text(String);

impl Text {
    /// `uses`: the names that the file has from elsewhere.
    fn new(about: &str, uses: &str) -> Text {
        Text(format!(
            "//! {about}, as `cargo xtask dap-types` makes them of the protocol's schema: do not edit.\n\n\
             use serde::{{Deserialize, Serialize}};\n{uses}"
        ))
    }

    fn definition(&mut self, name: &str, definition: &Value) -> Result<()> {
        let about = summary(definition);
        match definition["type"].as_str() {
            Some("string") if definition["enum"].is_array() => self.choice(name, &about, definition),
            // Open: any text may come.
            Some("string") => {
                write!(self.0, "\n/// {about}\npub type {name} = String;\n")?;
                Ok(())
            }
            _ => self.structure(name, &about, definition),
        }
    }

    fn structure(&mut self, name: &str, about: &str, object: &Value) -> Result<()> {
        let properties = object["properties"].as_object().map(sorted).unwrap_or_default();
        let required: Vec<&str> =
            object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut fields = String::new();
        for (field, property) in properties {
            let is_required = required.contains(&field.as_str());
            self.field(&mut fields, name, field, property, is_required)?;
        }
        write!(
            self.0,
            "\n/// {about}\n#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]\n\
             #[serde(default, rename_all = \"camelCase\")]\npub struct {name} {{{fields}\n}}\n"
        )?;
        Ok(())
    }

    fn field(
        &mut self,
        fields: &mut String,
        owner: &str,
        name: &str,
        property: &Value,
        required: bool,
    ) -> Result<()> {
        let snake = snake_case(name);
        let kind = self.kind(owner, name, property)?;
        write!(fields, "\n/// {}\n", summary(property))?;
        if camel_case(&snake) != name {
            writeln!(fields, "#[serde(rename = \"{name}\")]")?;
        }
        let snake = if snake == "type" { "r#type" } else { &snake };
        if required {
            write!(fields, "pub {snake}: {kind},")?;
        } else {
            write!(
                fields,
                "#[serde(skip_serializing_if = \"Option::is_none\")]\npub {snake}: Option<{kind}>,"
            )?;
        }
        Ok(())
    }

    /// The Rust type of a property; what has no name in the schema gets one here.
    fn kind(&mut self, owner: &str, name: &str, property: &Value) -> Result<String> {
        if let Some(reference) = property["$ref"].as_str() {
            let name = reference.trim_start_matches("#/definitions/");
            return Ok(if name == "ProtocolMessage" { "Value".to_owned() } else { name.to_owned() });
        }
        Ok(match property["type"].as_str() {
            Some("integer") => "i64".to_owned(),
            Some("number") => "f64".to_owned(),
            Some("boolean") => "bool".to_owned(),
            Some("array") => format!("Vec<{}>", self.kind(owner, name, &property["items"])?),
            Some("string") if property["enum"].is_array() => {
                let kind = format!("{}{}", owner.trim_end_matches("Body"), capitalised(name));
                self.choice(&kind, &summary(property), property)?;
                kind
            }
            Some("string") => "String".to_owned(),
            Some("object") if property["additionalProperties"].is_object() => {
                let value = self.kind(owner, name, &property["additionalProperties"])?;
                format!("std::collections::BTreeMap<String, {value}>")
            }
            Some("object") => "Value".to_owned(),
            // Several types: whoever uses it looks.
            Some(other) => bail!("{owner}.{name} has the unknown type {other}"),
            None if property["type"] == serde_json::json!(["string", "null"]) => "Option<String>".to_owned(),
            None => "Value".to_owned(),
        })
    }

    fn choice(&mut self, name: &str, about: &str, definition: &Value) -> Result<()> {
        let mut variants = String::new();
        let values = definition["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for (index, value) in values.enumerate() {
            let about = definition["enumDescriptions"][index]
                .as_str()
                .map_or_else(|| format!("`{value}`."), |text| first_line(text).to_owned());
            let default = if index == 0 { "#[default]\n" } else { "" };
            write!(
                variants,
                "/// {about}\n{default}#[serde(rename = \"{value}\")]\n{},\n",
                capitalised(value)
            )?;
        }
        write!(
            self.0,
            "\n/// {about}\n#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]\n\
             pub enum {name} {{{variants}}}\n"
        )?;
        Ok(())
    }
}

/// What the schema says of an item, in its first line.
fn summary(item: &Value) -> String {
    let text = item["description"].as_str().unwrap_or("As its name says.");
    first_line(text).to_owned()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

/// `instructionPointerReference` as `instruction_pointer_reference`, `supportsANSIStyling` as
/// `supports_ansi_styling`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.trim_start_matches('_').chars().collect();
    let mut snake = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let after_small = index > 0 && letters[index - 1].is_lowercase();
        let before_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && index > 0 && (after_small || before_small) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// What serde makes of a field's name under `rename_all = "camelCase"`.
fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &capitalised(word))
}

/// With a capital first letter, and without what a name cannot have: `new session` as `NewSession`.
fn capitalised(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter_map(|word| {
            let (first, rest) = word.split_at_checked(1)?;
            Some(first.to_uppercase() + rest)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names() {
        assert_eq!(snake_case("instructionPointerReference"), "instruction_pointer_reference");
        assert_eq!(snake_case("supportsANSIStyling"), "supports_ansi_styling");
        assert_eq!(snake_case("__restart"), "restart");
        assert_eq!(camel_case("column_number"), "columnNumber");
        assert_eq!(capitalised("string literal"), "StringLiteral");
    }

    /// The types that the tree has are those that the schema has.
    #[test]
    fn the_types_are_those_of_the_schema() {
        for (name, made) in files().unwrap() {
            let path = process::workspace().join(INTO).join(name);
            let there = fs::read_to_string(path).unwrap();
            // Layout is rustfmt's.
            let words = |text: &str| text.split_whitespace().collect::<String>().replace(",}", "}");
            assert_eq!(words(&there), words(&made), "{name}: run `cargo xtask dap-types`");
        }
    }
}
