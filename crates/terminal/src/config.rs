//! The prompt's `config.yml`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use adit_api::{AssemblyFlavour, LoadConfig};
use adit_expr::PathRules;

/// A rule that turns paths of the target's machine into paths here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SubstitutePathRule {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// A colour: the number of an SGR code, or a whole escape sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Color {
    Code(i64),
    Escape(String),
}

/// The configuration. What is `None` or empty has the default of the code that uses it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Config {
    #[serde(deserialize_with = "null_as_default")]
    pub(crate) aliases: BTreeMap<String, Vec<String>>,
    #[serde(deserialize_with = "null_as_default")]
    pub(crate) substitute_path: Vec<SubstitutePathRule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_string_len: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_array_values: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_variable_recurse: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disassemble_flavor: Option<String>,
    pub(crate) show_location_expr: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_list_line_color: Option<Color>,
    pub(crate) source_list_arrow_color: String,
    pub(crate) source_list_keyword_color: String,
    pub(crate) source_list_string_color: String,
    pub(crate) source_list_number_color: String,
    pub(crate) source_list_comment_color: String,
    pub(crate) source_list_tab_color: String,
    pub(crate) prompt_color: String,
    pub(crate) stacktrace_function_color: String,
    pub(crate) stacktrace_basename_color: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_list_line_count: Option<i64>,
    #[serde(deserialize_with = "null_as_default")]
    pub(crate) debug_info_directories: Vec<String>,
    pub(crate) position: String,
    pub(crate) tab: String,
    pub(crate) trace_show_timestamp: bool,
    pub(crate) show_raw_strings: bool,
    pub(crate) formatters: bool,
    pub(crate) prompt: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            aliases: BTreeMap::new(),
            substitute_path: Vec::new(),
            max_string_len: None,
            max_array_values: None,
            max_variable_recurse: None,
            disassemble_flavor: None,
            show_location_expr: false,
            source_list_line_color: None,
            source_list_arrow_color: String::new(),
            source_list_keyword_color: String::new(),
            source_list_string_color: String::new(),
            source_list_number_color: String::new(),
            source_list_comment_color: String::new(),
            source_list_tab_color: String::new(),
            prompt_color: String::new(),
            stacktrace_function_color: String::new(),
            stacktrace_basename_color: String::new(),
            source_list_line_count: None,
            debug_info_directories: vec!["/usr/lib/debug/.build-id".to_owned()],
            position: String::new(),
            tab: String::new(),
            trace_show_timestamp: false,
            show_raw_strings: false,
            formatters: true,
            prompt: String::new(),
        }
    }
}

/// A key whose entries are all commented out has the value null.
fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A parameter that `config <name> <value>` sets.
pub(crate) enum Parameter<'a> {
    Text(&'a mut String),
    OptionalText(&'a mut Option<String>),
    Number(&'a mut Option<i64>),
    Switch(&'a mut bool),
    Color(&'a mut Option<Color>),
    /// Not a single value; shown as in Go's `%v`.
    List(String),
}

impl Config {
    /// Reads a configuration.
    pub(crate) fn load(path: &Path) -> Result<Self, String> {
        let failed = |what: &str| format!("Unable to read config file {}: {what}", path.display());
        let text = fs::read_to_string(path).map_err(|e| failed(&e.to_string()))?;
        // A file of comments alone is an empty document.
        let value: Option<Self> = yaml_serde::from_str(&text).map_err(|e| failed(&e.to_string()))?;
        Ok(value.unwrap_or_default())
    }

    /// Makes a file in which every parameter stands as a comment, with what it does, unless there is one.
    pub(crate) fn create(path: &Path) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        match fs::File::create_new(path) {
            Ok(mut file) => file.write_all(Self::template().as_bytes()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// See [`Config::create`].
    fn template() -> String {
        let mut text =
            "# Configuration of adit's prompt. What stands behind # is a comment: the defaults hold.\n\
             # 'config -list' at the prompt shows what holds, and 'config -save' writes it here.\n"
                .to_owned();
        for name in Self::NAMES {
            text.push('\n');
            for line in describe(name).unwrap_or_default().lines() {
                text.push_str(&format!("# {line}\n"));
            }
            for line in example(name).lines() {
                text.push_str(&format!("# {line}\n"));
            }
        }
        text
    }

    /// Writes the configuration, making its folder if need be.
    pub(crate) fn save(&self, path: &Path) -> Result<(), String> {
        let failed = |what: &str| format!("Unable to write config file {}: {what}", path.display());
        if let Some(folder) = path.parent() {
            create_private_folder(folder).map_err(|e| failed(&e.to_string()))?;
        }
        let text = yaml_serde::to_string(self).map_err(|e| failed(&e.to_string()))?;
        fs::write(path, text).map_err(|e| failed(&e.to_string()))
    }

    /// The names of all parameters, in the order they are listed.
    pub(crate) const NAMES: [&'static str; 25] = [
        "aliases",
        "substitute-path",
        "max-string-len",
        "max-array-values",
        "max-variable-recurse",
        "disassemble-flavor",
        "show-location-expr",
        "source-list-line-color",
        "source-list-arrow-color",
        "source-list-keyword-color",
        "source-list-string-color",
        "source-list-number-color",
        "source-list-comment-color",
        "prompt-color",
        "source-list-tab-color",
        "stacktrace-function-color",
        "stacktrace-basename-color",
        "source-list-line-count",
        "debug-info-directories",
        "position",
        "tab",
        "trace-show-timestamp",
        "show-raw-strings",
        "formatters",
        "prompt",
    ];

    /// The parameter of that name.
    pub(crate) fn parameter(&mut self, name: &str) -> Option<Parameter<'_>> {
        use Parameter::{List, Number, OptionalText, Switch, Text};
        Some(match name {
            "aliases" => List(go_map(&self.aliases)),
            "substitute-path" => List(format!(
                "[{}]",
                self.substitute_path
                    .iter()
                    .map(|r| format!("{{{} {}}}", r.from, r.to))
                    .collect::<Vec<_>>()
                    .join(" ")
            )),
            "max-string-len" => Number(&mut self.max_string_len),
            "max-array-values" => Number(&mut self.max_array_values),
            "max-variable-recurse" => Number(&mut self.max_variable_recurse),
            "disassemble-flavor" => OptionalText(&mut self.disassemble_flavor),
            "show-location-expr" => Switch(&mut self.show_location_expr),
            "source-list-line-color" => Parameter::Color(&mut self.source_list_line_color),
            "source-list-arrow-color" => Text(&mut self.source_list_arrow_color),
            "source-list-keyword-color" => Text(&mut self.source_list_keyword_color),
            "source-list-string-color" => Text(&mut self.source_list_string_color),
            "source-list-number-color" => Text(&mut self.source_list_number_color),
            "source-list-comment-color" => Text(&mut self.source_list_comment_color),
            "source-list-tab-color" => Text(&mut self.source_list_tab_color),
            "prompt-color" => Text(&mut self.prompt_color),
            "stacktrace-function-color" => Text(&mut self.stacktrace_function_color),
            "stacktrace-basename-color" => Text(&mut self.stacktrace_basename_color),
            "source-list-line-count" => Number(&mut self.source_list_line_count),
            "debug-info-directories" => List(format!("[{}]", self.debug_info_directories.join(" "))),
            "position" => Text(&mut self.position),
            "tab" => Text(&mut self.tab),
            "trace-show-timestamp" => Switch(&mut self.trace_show_timestamp),
            "show-raw-strings" => Switch(&mut self.show_raw_strings),
            "formatters" => Switch(&mut self.formatters),
            "prompt" => Text(&mut self.prompt),
            _ => return None,
        })
    }

    /// The limits for values shown alone: the defaults with what the configuration says.
    pub(crate) fn load_config(&self) -> LoadConfig {
        LoadConfig {
            max_string_len: self.max_string_len.unwrap_or(LoadConfig::FULL.max_string_len),
            max_array_values: self.max_array_values.unwrap_or(LoadConfig::FULL.max_array_values),
            max_variable_recurse: self.max_variable_recurse.unwrap_or(LoadConfig::FULL.max_variable_recurse),
            ..LoadConfig::FULL
        }
    }

    /// The syntax of disassemblies.
    pub(crate) fn flavour(&self) -> AssemblyFlavour {
        match self.disassemble_flavor.as_deref() {
            Some("gnu") => AssemblyFlavour::GNU,
            Some("go") => AssemblyFlavour::GO,
            _ => AssemblyFlavour::INTEL,
        }
    }

    /// The rules as requests carry them.
    pub(crate) fn path_rules(&self) -> Vec<[String; 2]> {
        self.substitute_path.iter().map(|r| [r.from.clone(), r.to.clone()]).collect()
    }

    /// The path here of a path of the target's machine: the first rule that matches decides.
    pub(crate) fn substitute_path(&self, path: &str) -> String {
        let rules = self.substitute_path.iter().map(|rule| (rule.from.clone(), rule.to.clone()));
        PathRules::new(rules).apply(path).into_owned()
    }
}

/// What a parameter does, for `help config`.
pub(crate) fn describe(parameter: &str) -> Option<&'static str> {
    Some(match parameter {
        "aliases" | "alias" => "Other names for commands.",
        "substitute-path" => {
            "Rules that turn the paths recorded in the program into paths on this machine. The first rule whose left\nside is the path or a parent folder of it is used; an empty left side is for relative paths. -guess makes rules for\nthe modules and the Go version that are here."
        }
        "max-string-len" => "Most bytes of a string that are read (default 64).",
        "max-array-values" => "Most elements of an array, slice or map that are read (default 64).",
        "max-variable-recurse" => "How deep nested structs, arrays and maps are read (default 1).",
        "disassemble-flavor" => "Syntax of disassemblies: intel (default), gnu or go.",
        "show-location-expr" => "Whether whatis shows where the program keeps a variable.",
        "source-list-line-color" => {
            "Colour of line numbers: an SGR code (30-37, 90-97) or an escape sequence."
        }
        "source-list-arrow-color" => "Escape sequence for the arrow in source listings.",
        "source-list-keyword-color" => "Escape sequence for keywords in source listings.",
        "source-list-string-color" => "Escape sequence for strings in source listings.",
        "source-list-number-color" => "Escape sequence for numbers in source listings.",
        "source-list-comment-color" => "Escape sequence for comments in source listings.",
        "source-list-tab-color" => "Escape sequence for tabs in source listings.",
        "prompt-color" => "Escape sequence for the prompt.",
        "stacktrace-function-color" => "Escape sequence for function names in stacks.",
        "stacktrace-basename-color" => "Escape sequence for file names in stacks.",
        "source-list-line-count" => "Lines shown before and after the current one (default 5).",
        "debug-info-directories" => {
            "Folders searched for separate debug information: by build ID (ab/cdef.debug), and above .build-id by debug link."
        }
        "position" => {
            "What is shown at a stop: source, disassembly, or default (instructions after instruction steps)."
        }
        "tab" => "What is printed for a tab in source listings.",
        "trace-show-timestamp" => "Whether the lines of tracepoints begin with the time.",
        "show-raw-strings" => "Whether strings are printed without quotes.",
        "formatters" => {
            "Whether values of well-known types (durations, errors, locks, addresses, big numbers ...) are also shown\nreadably, beside the raw value (default true). A verb, as in print %x, shows the raw value alone."
        }
        "prompt" => {
            "The prompt: $d time, $d{layout} time in a layout of Go, $f frame, $g goroutine, $t thread, $p process, $$ dollar."
        }
        _ => return None,
    })
}

/// How a parameter is written in the file.
fn example(name: &str) -> String {
    let text = match name {
        "aliases" => "aliases:\n  print: [\"show\"]",
        "substitute-path" => "substitute-path:\n  - {from: /build/src, to: /home/me/src}",
        "max-string-len" | "max-array-values" => return format!("{name}: 64"),
        "max-variable-recurse" => "max-variable-recurse: 1",
        "disassemble-flavor" => "disassemble-flavor: intel",
        "show-location-expr" | "trace-show-timestamp" | "show-raw-strings" => {
            return format!("{name}: false");
        }
        "formatters" => "formatters: true",
        "source-list-line-color" => "source-list-line-color: 34",
        "source-list-line-count" => "source-list-line-count: 5",
        "debug-info-directories" => "debug-info-directories: [\"/usr/lib/debug/.build-id\"]",
        "position" => "position: default",
        "tab" => "tab: \"    \"",
        "prompt" => "prompt: \"$d{15:04:05} goroutine $g> \"",
        "source-list-arrow-color" => "source-list-arrow-color: \"\\x1b[33m\"",
        "source-list-string-color" => "source-list-string-color: \"\\x1b[32m\"",
        "source-list-comment-color" => "source-list-comment-color: \"\\x1b[95m\"",
        "source-list-tab-color" => "source-list-tab-color: \"\\x1b[90m\"",
        "stacktrace-function-color" | "stacktrace-basename-color" => return format!("{name}: \"\\x1b[1m\""),
        _ => return format!("{name}: \"\""),
    };
    text.to_owned()
}

fn go_map(map: &BTreeMap<String, Vec<String>>) -> String {
    let entries: Vec<_> = map.iter().map(|(key, list)| format!("{key}:[{}]", list.join(" "))).collect();
    format!("map[{}]", entries.join(" "))
}

/// Makes a folder that only its owner may enter.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn every_listed_parameter_exists() {
        let mut config = Config::default();
        for name in Config::NAMES {
            assert!(config.parameter(name).is_some(), "{name}");
        }
        assert!(config.parameter("").is_none());
    }

    #[test]
    fn the_first_file_changes_nothing_and_says_how_to() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("adit").join("config.yml");
        Config::create(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(format!("{:?}", Config::load(&path).unwrap()), format!("{:?}", Config::default()));
        for name in Config::NAMES {
            // Each parameter alone, without its comment sign, is read.
            let from = text.find(&format!("\n# {name}:")).unwrap_or_else(|| panic!("{name} is missing")) + 1;
            let lines: Vec<_> = text[from..].lines().take_while(|line| line.starts_with("# ")).collect();
            let yaml = lines.iter().map(|line| format!("{}\n", &line[2..])).collect::<String>();
            let read: Result<Config, _> = yaml_serde::from_str(&yaml);
            assert!(read.is_ok(), "{yaml}: {read:?}");
        }
        // One that is there already is the user's.
        std::fs::write(&path, "tab: x\n").unwrap();
        Config::create(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "tab: x\n");
    }

    #[test]
    fn yaml_round_trip() {
        let text = "aliases:\n  print: [\"pp\"]\nsubstitute-path:\n  - {from: /a, to: /b}\nmax-string-len: 100\nsource-list-line-color: 34\ntab: \"... \"\n";
        let config: Config = yaml_serde::from_str(text).unwrap();
        assert_eq!(config.aliases["print"], ["pp"]);
        assert_eq!(config.max_string_len, Some(100));
        let again: Config = yaml_serde::from_str(&yaml_serde::to_string(&config).unwrap()).unwrap();
        assert_eq!(format!("{config:?}"), format!("{again:?}"));
    }
}
