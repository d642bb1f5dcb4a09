//! The functions that scripts find, beyond those of Starlark itself.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use serde_json::Map;
use starlark::eval::{Arguments, Evaluator};
use starlark::values::{Heap, StarlarkValue, Value, starlark_value};

use crate::api_types::{Type, struct_type};
use crate::arguments::to_json;
use crate::data::{Data, put_json};
use crate::declared::Builtin;
use crate::host::{Host, HostError, with_host};
use crate::methods::{Default, METHODS, Method, command_reply, command_request};
use crate::objects::{failure, from_data, type_name, type_of};
use crate::session::Session;
use crate::traceback::call_position;

type Run = for<'v, 'a, 'e> fn(
    &Arc<Session>,
    &Arguments<'v, '_>,
    &mut Evaluator<'v, 'a, 'e>,
) -> starlark::Result<Value<'v>>;

/// A function that is no method of the API.
pub(crate) struct Plain {
    name: &'static str,
    parameters: &'static str,
    help: &'static str,
    run: Run,
}

const PLAIN: &[Plain] = &[
    Plain {
        name: "append_file",
        parameters: "path, value",
        help: "Writes a value to the end of a file, which is made if it does not exist.",
        run: append_file,
    },
    Plain {
        name: "cur_scope",
        parameters: "",
        help: "The goroutine and frame that commands apply to.",
        run: cur_scope,
    },
    Plain {
        name: "default_load_config",
        parameters: "",
        help: "How much of values print loads.",
        run: default_load_config,
    },
    Plain {
        name: "dlv_command",
        parameters: "command, ...",
        help: "Carries out a command of the prompt. If that ends the process, the result says so.",
        run: dlv_command,
    },
    Plain {
        name: "help",
        parameters: "object",
        help: "Lists the builtins, or shows what is known of one.",
        run: help,
    },
    Plain { name: "print", parameters: "value, ..., sep=\" \"", help: "Prints values.", run: print },
    Plain { name: "read_file", parameters: "path", help: "The text of a file.", run: read_file },
    Plain { name: "type", parameters: "value", help: "The name of a value's type.", run: type_builtin },
    Plain {
        name: "write_file",
        parameters: "path, value",
        help: "Writes a value to a file, in place of what was there.",
        run: write_file,
    },
];

/// Which function a builtin is.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    Method(&'static Method),
    Plain(&'static Plain),
}

/// All of them.
pub(crate) fn all(session: &Arc<Session>) -> impl Iterator<Item = Builtin> + '_ {
    let methods = METHODS.iter().map(Which::Method);
    methods.chain(PLAIN.iter().map(Which::Plain)).map(|which| Builtin { session: Arc::clone(session), which })
}

/// Whether a value is a function of ours.
pub(crate) fn is_builtin(value: Value<'_>) -> bool {
    Builtin::from_value(value).is_some()
}

impl Builtin {
    pub(crate) fn name(&self) -> &'static str {
        match self.which {
            Which::Method(method) => method.name,
            Which::Plain(plain) => plain.name,
        }
    }

    fn help(&self) -> String {
        let (parameters, help) = match self.which {
            Which::Method(method) => {
                let fields = &struct_type(method.request).fields;
                (fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", "), method.help)
            }
            Which::Plain(plain) => (plain.parameters.to_owned(), plain.help),
        };
        format!("builtin {}({parameters})\n\n{help}\n", self.name())
    }
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<built-in function {}>", self.name())
    }
}

#[starlark_value(type = "builtin_function_or_method")]
impl<'v> StarlarkValue<'v> for Builtin {
    fn name_for_call_stack(&self, _me: Value<'v>) -> String {
        self.name().to_owned()
    }

    fn invoke(
        &self,
        _me: Value<'v>,
        args: &Arguments<'v, '_>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        match self.which {
            Which::Method(method) => call_method(&self.session, method, args, eval),
            Which::Plain(plain) => (plain.run)(&self.session, args, eval),
        }
    }
}

/// An error that says where the call is.
fn placed(session: &Session, eval: &Evaluator<'_, '_, '_>, text: &str) -> starlark::Error {
    match call_position(session, eval) {
        Some(position) => failure(format!("{position}: {text}")),
        None => failure(text),
    }
}

fn call_method<'v>(
    session: &Arc<Session>,
    method: &'static Method,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    let fields = &struct_type(method.request).fields;
    let mut given: Vec<Option<Value<'v>>> = vec![None; fields.len()];
    for (position, value) in args.positions(eval.heap())?.enumerate() {
        match given.get_mut(position) {
            Some(place) => *place = Some(value),
            None => return Err(placed(session, eval, "wrong number of arguments")),
        }
    }
    for (name, value) in args.names_map()? {
        let Some(position) = fields.iter().position(|field| field.name == name.as_str()) else {
            return Err(placed(session, eval, &format!("unknown argument {:?}", name.as_str())));
        };
        given[position] = Some(value);
    }
    let mut json = Map::new();
    for (field, value) in fields.iter().zip(given) {
        let value = match value.filter(|value| !value.is_none()) {
            Some(value) => to_json(value, &field.field_type, field.name).map_err(|(path, why)| {
                placed(session, eval, &format!("error setting argument {path:?}: {why}"))
            })?,
            None => match method.default(field.name) {
                Default::Zero => continue,
                Default::Scope => serde_json::to_value(with_host(eval, |host| host.scope())?),
                Default::LoadConfig => serde_json::to_value(with_host(eval, |host| host.load_config())?),
            }
            .map_err(|error| failure(error.to_string()))?,
        };
        put_json(&mut json, field.json, value);
    }
    session.check_interrupted().map_err(failure)?;
    let json = json.into();
    let reply = match method.call {
        Some(call) => call(&*session.client, json),
        None => command_request(json).and_then(|command| {
            let state = with_host(eval, |host| host.resume(&command));
            command_reply(state.map_err(|error| error.to_string())??)
        }),
    };
    session.set_scope(with_host(eval, |host| host.scope())?);
    let reply_type = Type::Struct(method.reply);
    let reply = Data::from_json(reply.map_err(|error| failure(error.0))?, &reply_type);
    Ok(from_data(session, reply, &reply_type, eval.heap()))
}

fn positional<'v>(args: &Arguments<'v, '_>, heap: Heap<'v>) -> starlark::Result<Vec<Value<'v>>> {
    args.no_named_args()?;
    Ok(args.positions(heap)?.collect())
}

fn dlv_command<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    let words: Option<Vec<&str>> =
        positional(args, eval.heap())?.into_iter().map(Value::unpack_str).collect();
    let words = words.ok_or_else(|| failure("argument of dlv_command is not a string"))?;
    session.check_interrupted().map_err(failure)?;
    let outcome = with_host(eval, |host| host.command(&words.join(" ")))?;
    session.set_scope(with_host(eval, |host| host.scope())?);
    session.set_interrupted(with_host(eval, |host| host.interrupted())?);
    match outcome {
        Ok(()) => Ok(Value::new_none()),
        Err(HostError::Exit) => Err(failure("the session is over")),
        Err(HostError::Failed(text)) if is_end_of_process(&text) => Ok(eval.heap().alloc(text)),
        Err(HostError::Failed(text)) => Err(placed(session, eval, &text)),
    }
}

/// Whether a command failed because the process has ended.
fn is_end_of_process(text: &str) -> bool {
    text.starts_with("Process ") && text.contains(" has exited with status ")
}

fn cur_scope<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    from_host(session, "cur_scope", "api.EvalScope", args, eval, |host| serde_json::to_value(host.scope()))
}

fn default_load_config<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    from_host(session, "default_load_config", "api.LoadConfig", args, eval, |host| {
        serde_json::to_value(host.load_config())
    })
}

/// What the prompt says, as a struct of the API.
fn from_host<'v>(
    session: &Arc<Session>,
    function: &str,
    name: &'static str,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
    ask: impl FnOnce(&mut dyn Host) -> serde_json::Result<serde_json::Value>,
) -> starlark::Result<Value<'v>> {
    if args.len()? > 0 {
        return Err(failure(format!("{function}: got {} arguments, want 0", args.len()?)));
    }
    let json = with_host(eval, ask)?.map_err(|error| failure(error.to_string()))?;
    let name = Type::Struct(name);
    Ok(from_data(session, Data::from_json(json, &name), &name, eval.heap()))
}

fn print<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    let mut separator = " ".to_owned();
    for (name, value) in args.names_map()? {
        match (name.as_str(), value.unpack_str()) {
            ("sep", Some(text)) => separator = text.to_owned(),
            ("sep", None) => {
                return Err(failure(format!(
                    "print: for parameter sep: got {}, want string",
                    type_name(value)
                )));
            }
            (name, _) => return Err(failure(format!("print: unexpected keyword argument {name:?}"))),
        }
    }
    let texts: Vec<String> = args.positions(eval.heap())?.map(Value::to_str).collect();
    let line = format!("{}\n", session.without_sources(&texts.join(&separator)));
    with_host(eval, |host| host.print(&line))?;
    Ok(Value::new_none())
}

fn type_builtin<'v>(
    _: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    match positional(args, eval.heap())?[..] {
        [value] => Ok(eval.heap().alloc(type_of(value).unwrap_or_else(|| type_name(value)))),
        ref others => Err(failure(format!("type: got {} arguments, want exactly 1", others.len()))),
    }
}

/// Reading a file is reading all of it into memory; a script that needs more than this wants something else.
const LARGEST_FILE: u64 = 1 << 30;

fn read_file<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    let [path] = positional(args, eval.heap())?[..] else {
        return Err(placed(session, eval, "wrong number of arguments"));
    };
    let Some(path) = path.unpack_str() else {
        return Err(placed(session, eval, "argument of read_file was not a string"));
    };
    let too_large = std::fs::metadata(path).is_ok_and(|meta| meta.len() > LARGEST_FILE);
    if too_large {
        return Err(placed(session, eval, &format!("read {path}: file too large")));
    }
    match std::fs::read(path) {
        Ok(bytes) => Ok(eval.heap().alloc(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) => Err(placed(session, eval, &file_error(path, &error))),
    }
}

fn write_file<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    write(session, args, eval, "write_file", std::fs::OpenOptions::new().truncate(true).write(true))
}

fn append_file<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    write(session, args, eval, "append_file", std::fs::OpenOptions::new().append(true))
}

fn write<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
    name: &str,
    how: &mut std::fs::OpenOptions,
) -> starlark::Result<Value<'v>> {
    let [path, value] = positional(args, eval.heap())?[..] else {
        return Err(placed(session, eval, "wrong number of arguments"));
    };
    let Some(path) = path.unpack_str() else {
        return Err(placed(session, eval, &format!("first argument of {name} was not a string")));
    };
    private(how);
    let text = value.to_str();
    match how.create(true).open(path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(Value::new_none()),
        Err(error) => Err(placed(session, eval, &file_error(path, &error))),
    }
}

/// A file that is made is for its owner, and for the group to read.
fn private(how: &mut std::fs::OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(how, 0o640);
    #[cfg(not(unix))]
    let _ = how;
}

/// Why a file could not be opened, as Go says it.
pub(crate) fn file_error(path: &str, error: &std::io::Error) -> String {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    };
    format!("open {path}: {why}")
}

fn help<'v>(
    session: &Arc<Session>,
    args: &Arguments<'v, '_>,
    eval: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<Value<'v>> {
    let text = match positional(args, eval.heap())?[..] {
        [] => {
            let mut names: Vec<&str> = all(session).map(|builtin| builtin.name()).collect();
            names.sort_unstable();
            format!("Available builtins:\n\t{}\n", names.join("\n\t"))
        }
        [value] => help_for(session, value),
        _ => return Err(failure("wrong number of arguments")),
    };
    with_host(eval, |host| host.print(&text))?;
    Ok(Value::new_none())
}

fn help_for(session: &Session, value: Value<'_>) -> String {
    if let Some(builtin) = Builtin::from_value(value) {
        return builtin.help();
    }
    let name = session.without_sources(&value.to_repr());
    match value.get_type() {
        "function" if value.parameters_spec().is_some() => match session.docstring(&name) {
            Some(docs) => format!("user defined function {name}\n{docs}\n"),
            None => format!("user defined function {name}\n"),
        },
        "function" | "builtin_function_or_method" => format!("no help for builtin {name}\n"),
        _ => format!("no help for object of type {}\n", type_name(value)),
    }
}
