//! The attributes of `launch` and `attach`: what a user writes into an editor's debug configuration.
//!
//! They are read by hand, because the texts about wrong ones are those of Go's JSON decoder, which users and editors
//! have seen before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use adit_api::GuessSubstitutePathArgs;
use serde_json::{Map, Value};

/// What is wrong with a configuration; the text is for people.
pub(crate) type Wrong = String;

/// How a program comes to be debugged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Build a package, debug it.
    #[default]
    Debug,
    /// Build the tests of a package, debug them.
    Test,
    /// Debug a program that is built already.
    Exec,
    /// Debug a recording.
    Replay,
    /// Look at a core file.
    Core,
}

/// Where the output of the program goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputMode {
    /// Where the debugger's own goes.
    #[default]
    Local,
    /// To the editor.
    Remote,
}

/// The attributes of `launch`.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// How it is started.
    pub mode: Mode,
    /// A package, a file or a binary.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Where it runs.
    pub cwd: Option<PathBuf>,
    /// Flags of the build.
    pub build_flags: Vec<String>,
    /// Are they one text, to be split as a shell does?
    pub build_flags_are_one_text: bool,
    /// The file that is built.
    pub output: Option<PathBuf>,
    /// Run it without debugging it.
    pub no_debug: bool,
    /// The recording.
    pub trace_dir_path: PathBuf,
    /// The core file.
    pub core_file_path: PathBuf,
    /// Where the debugger works.
    pub dlv_cwd: Option<PathBuf>,
    /// Variables of the environment to set, or to unset.
    pub env: BTreeMap<String, Option<String>>,
    /// Where its output goes.
    pub output_mode: OutputMode,
    /// Files for standard input, output and error.
    pub redirects: [Option<PathBuf>; 3],
    /// The way of debugging.
    pub backend: String,
    /// Those that `attach` has too.
    pub common: Common,
}

/// The attributes of `attach`.
#[derive(Clone, Debug, Default)]
pub struct Attach {
    /// Is it a session that the server has already?
    pub remote: bool,
    /// The process; 0 for none.
    pub process_id: i64,
    /// Or how its name begins.
    pub wait_for: String,
    /// Where the editor's sources are, so that substitutePath can be guessed.
    pub guess_substitute_path: Option<GuessSubstitutePathArgs>,
    /// The way of debugging.
    pub backend: String,
    /// Those that `launch` has too.
    pub common: Common,
}

/// The attributes of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// Stop before the program runs.
    pub stop_on_entry: bool,
    /// How many frames of a stack are shown at once.
    pub stack_trace_depth: i64,
    /// How many bytes of a string are shown.
    pub max_string_len: i64,
    /// How many elements are shown.
    pub max_array_values: i64,
    /// Show the variables of the package.
    pub show_global_variables: bool,
    /// Show the registers.
    pub show_registers: bool,
    /// Leave out goroutines of the runtime.
    pub hide_system_goroutines: bool,
    /// Arguments of the prompt's `goroutines`.
    pub goroutine_filters: String,
    /// Keys of labels shown with goroutines.
    pub show_pprof_labels: Vec<String>,
    /// Pairs of the editor's and the program's folders.
    pub substitute_path: Vec<[String; 2]>,
    /// Debug children too.
    pub follow_exec: bool,
    /// Those whose command line matches.
    pub follow_exec_regex: String,
    /// Show strings without quotes.
    pub show_raw_strings: bool,
}

impl Default for Common {
    fn default() -> Common {
        Common {
            stop_on_entry: false,
            stack_trace_depth: 50,
            max_string_len: 512,
            max_array_values: 64,
            show_global_variables: false,
            show_registers: false,
            hide_system_goroutines: false,
            goroutine_filters: String::new(),
            show_pprof_labels: Vec::new(),
            substitute_path: Vec::new(),
            follow_exec: false,
            follow_exec_regex: String::new(),
            show_raw_strings: false,
        }
    }
}

impl Launch {
    /// Reads them; an error is without its heading.
    pub(crate) fn read(arguments: &Value) -> Result<Launch, Wrong> {
        let read = || -> Result<(Launch, String, String), Wrong> {
            let given = Given::of(arguments)?;
            let (build_flags, build_flags_are_one_text) = given.build_flags()?;
            let launch = Launch {
                mode: Mode::Debug,
                program: given.text("program")?,
                args: given.texts("args")?,
                cwd: given.path("cwd")?,
                build_flags,
                build_flags_are_one_text,
                output: given.path("output")?,
                no_debug: given.flag("noDebug")?,
                trace_dir_path: given.text("traceDirPath")?.into(),
                core_file_path: given.text("coreFilePath")?.into(),
                dlv_cwd: given.path("dlvCwd")?,
                env: given.environment()?,
                output_mode: OutputMode::Local,
                redirects: [given.path("stdinFrom")?, given.path("stdoutTo")?, given.path("stderrTo")?],
                backend: given.text("backend")?,
                common: given.common()?,
            };
            Ok((launch, given.text("mode")?, given.text("outputMode")?))
        };
        let invalid = |why: Wrong| format!("invalid debug configuration - {why}");
        let (mut launch, mode, output_mode) = read().map_err(invalid)?;
        launch.mode = match mode.as_str() {
            "" | "debug" => Mode::Debug,
            "test" => Mode::Test,
            "exec" => Mode::Exec,
            "replay" => Mode::Replay,
            "core" => Mode::Core,
            other => return Err(invalid(format!("unsupported 'mode' attribute {other:?}"))),
        };
        launch.output_mode = match output_mode.as_str() {
            "" | "local" => OutputMode::Local,
            "remote" => OutputMode::Remote,
            other => return Err(invalid(format!("unsupported 'outputMode' attribute {other:?}"))),
        };
        launch.check()?;
        Ok(launch)
    }

    fn check(&self) -> Result<(), Wrong> {
        let missing = |name| Err(format!("The '{name}' attribute is missing in debug configuration."));
        if self.mode == Mode::Replay && self.trace_dir_path.as_os_str().is_empty() {
            return missing("traceDirPath");
        }
        if self.mode == Mode::Core && self.core_file_path.as_os_str().is_empty() {
            return missing("coreFilePath");
        }
        if self.program.is_empty() && self.mode != Mode::Replay {
            return Err("The program attribute is missing in debug configuration.".to_owned());
        }
        if self.output_mode == OutputMode::Remote && self.redirects[1..].iter().any(Option::is_some) {
            return Err("output == \"remote\" can not be used together with stdoutTo or stderrTo".to_owned());
        }
        Ok(())
    }

    /// What follows `Failed to launch` in the heading of a failure.
    pub(crate) fn subject(&self) -> String {
        match self.mode {
            Mode::Test => format!("tests of {}", self.program),
            Mode::Core => format!("core file {}", self.core_file_path.display()),
            Mode::Replay => format!("recording {}", self.trace_dir_path.display()),
            _ => self.program.clone(),
        }
    }
}

impl Attach {
    /// Reads them; an error is without its heading.
    pub(crate) fn read(arguments: &Value) -> Result<Attach, Wrong> {
        let read = || -> Result<(Attach, String), Wrong> {
            let given = Given::of(arguments)?;
            let attach = Attach {
                remote: false,
                process_id: given.number("processId")?,
                wait_for: given.text("waitFor")?,
                guess_substitute_path: given
                    .0
                    .get("guessSubstitutePath")
                    .filter(|value| !value.is_null())
                    .map(|value| serde_json::from_value(value.clone()).map_err(|error| error.to_string()))
                    .transpose()?,
                backend: given.text("backend")?,
                common: given.common()?,
            };
            Ok((attach, given.text("mode")?))
        };
        let invalid = |why: Wrong| format!("invalid debug configuration - {why}");
        let (mut attach, mode) = read().map_err(invalid)?;
        attach.remote = match mode.as_str() {
            "" | "local" => false,
            "remote" => true,
            other => return Err(invalid(format!("unsupported 'mode' attribute {other:?}"))),
        };
        match (attach.process_id != 0, !attach.wait_for.is_empty()) {
            _ if attach.remote => Ok(attach),
            (true, true) => {
                Err("'processId' and 'waitFor' are mutually exclusive, and can't be specified at the \
                                 same time"
                    .to_owned())
            }
            (false, false) => {
                Err("The 'processId' or 'waitFor' attribute is missing in debug configuration".to_owned())
            }
            _ => Ok(attach),
        }
    }
}

/// The attributes as they were given.
struct Given<'a>(&'a Map<String, Value>);

/// What Go's decoder calls a JSON value.
fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn mismatch(value: &Value, name: &str, kind: &str) -> Wrong {
    format!("cannot unmarshal {} into {name:?} of type {kind}", json_kind(value))
}

impl<'a> Given<'a> {
    fn of(arguments: &'a Value) -> Result<Given<'a>, Wrong> {
        arguments
            .as_object()
            .map(Given)
            .ok_or_else(|| format!("cannot use a {} as arguments", json_kind(arguments)))
    }

    /// One attribute, by a function that takes the values it can have. Absent and `null` are the default.
    fn get<T: Default>(
        &self,
        name: &str,
        kind: &str,
        take: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Wrong> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(T::default()),
            Some(value) => take(value).ok_or_else(|| mismatch(value, name, kind)),
        }
    }

    fn text(&self, name: &str) -> Result<String, Wrong> {
        self.get(name, "string", |value| value.as_str().map(str::to_owned))
    }

    fn path(&self, name: &str) -> Result<Option<PathBuf>, Wrong> {
        Ok(Some(self.text(name)?).filter(|text| !text.is_empty()).map(PathBuf::from))
    }

    fn flag(&self, name: &str) -> Result<bool, Wrong> {
        self.get(name, "bool", Value::as_bool)
    }

    fn number(&self, name: &str) -> Result<i64, Wrong> {
        self.get(name, "int", Value::as_i64)
    }

    /// A number, or another where it says nothing.
    fn number_or(&self, name: &str, default: i64) -> Result<i64, Wrong> {
        Ok(Some(self.number(name)?).filter(|&number| number > 0).unwrap_or(default))
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Wrong> {
        let list = self.get(name, "[]string", |value| value.as_array().cloned())?;
        let text =
            |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| mismatch(value, name, "string"));
        list.iter().map(text).collect()
    }

    fn build_flags(&self) -> Result<(Vec<String>, bool), Wrong> {
        let kind = "[]string or string";
        match self.0.get("buildFlags") {
            None | Some(Value::Null) => Ok((Vec::new(), true)),
            Some(Value::String(text)) => Ok((vec![text.clone()], true)),
            Some(value @ Value::Array(_)) => {
                let flags = self.texts("buildFlags");
                flags.map(|flags| (flags, false)).map_err(|_| mismatch(value, "buildFlags", kind))
            }
            Some(value) => Err(mismatch(value, "buildFlags", kind)),
        }
    }

    fn environment(&self) -> Result<BTreeMap<String, Option<String>>, Wrong> {
        let map = self.get("env", "map[string]*string", |value| value.as_object().cloned())?;
        let entry = |(name, value): (String, Value)| match value {
            Value::Null => Ok((name, None)),
            Value::String(text) => Ok((name, Some(text))),
            other => Err(mismatch(&other, "env", "string")),
        };
        map.into_iter().map(entry).collect()
    }

    fn substitute_path(&self) -> Result<Vec<[String; 2]>, Wrong> {
        let list = self.get("substitutePath", "[]SubstitutePath", |value| value.as_array().cloned())?;
        let rule = |value: &Value| {
            let object = value.as_object().ok_or_else(|| {
                format!("cannot use {value} as 'substitutePath' of type {{\"from\":string, \"to\":string}}")
            })?;
            let side = |name| object.get(name).map(|side| side.as_str().map(str::to_owned));
            match (side("from"), side("to")) {
                (Some(Some(from)), Some(Some(to))) => Ok([from, to]),
                (None, _) | (_, None) => {
                    Err("'substitutePath' requires both 'from' and 'to' entries".to_owned())
                }
                _ => Err(format!(
                    "cannot use {value} as 'substitutePath' of type {{\"from\":string, \"to\":string}}"
                )),
            }
        };
        list.iter().map(rule).collect()
    }

    fn common(&self) -> Result<Common, Wrong> {
        let defaults = Common::default();
        Ok(Common {
            stop_on_entry: self.flag("stopOnEntry")?,
            stack_trace_depth: self.number_or("stackTraceDepth", defaults.stack_trace_depth)?,
            max_string_len: self.number_or("maxStringLen", defaults.max_string_len)?,
            max_array_values: self.number_or("maxArrayValues", defaults.max_array_values)?,
            show_global_variables: self.flag("showGlobalVariables")?,
            show_registers: self.flag("showRegisters")?,
            hide_system_goroutines: self.flag("hideSystemGoroutines")?,
            goroutine_filters: self.text("goroutineFilters")?,
            show_pprof_labels: self.texts("showPprofLabels")?,
            substitute_path: self.substitute_path()?,
            follow_exec: self.flag("followExec")?,
            follow_exec_regex: self.text("followExecRegex")?,
            show_raw_strings: self.flag("showRawStrings")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_said_has_its_default() {
        let launch = Launch::read(&json!({"program": "."})).unwrap();
        assert_eq!((launch.mode, launch.common), (Mode::Debug, Common::default()));
        let common = Launch::read(&json!({"program": ".", "stackTraceDepth": -1})).unwrap().common;
        assert_eq!(common.stack_trace_depth, 50);
    }

    #[test]
    fn wrong_configurations_are_refused_as_delve_refuses_them() {
        let wrong = |arguments| Launch::read(&arguments).unwrap_err();
        assert_eq!(
            wrong(json!({"program": "p", "stackTraceDepth": "x"})),
            "invalid debug configuration - cannot unmarshal string into \"stackTraceDepth\" of type int"
        );
        assert_eq!(
            wrong(json!({"program": "p", "mode": "foo"})),
            "invalid debug configuration - unsupported 'mode' attribute \"foo\""
        );
        assert_eq!(wrong(json!({})), "The program attribute is missing in debug configuration.");
        assert_eq!(
            wrong(json!({"program": "p", "mode": "core"})),
            "The 'coreFilePath' attribute is missing in debug configuration."
        );
        assert_eq!(
            wrong(json!({"program": "p", "buildFlags": 3})),
            "invalid debug configuration - cannot unmarshal number into \"buildFlags\" of type []string or string"
        );
        assert_eq!(
            wrong(json!({"program": "p", "substitutePath": [{"from": "a"}]})),
            "invalid debug configuration - 'substitutePath' requires both 'from' and 'to' entries"
        );
        let wrong = |arguments| Attach::read(&arguments).unwrap_err();
        assert_eq!(
            wrong(json!({})),
            "The 'processId' or 'waitFor' attribute is missing in debug configuration"
        );
        assert!(wrong(json!({"processId": 1, "waitFor": "x"})).contains("mutually exclusive"));
    }
}
