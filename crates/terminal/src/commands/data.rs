//! Values and types.

use adit_api::requests::ListGoroutinesIn;
use adit_api::{
    EvalScope, GoroutineField, GoroutinePlace, Kind, ListGoroutinesFilter, LoadConfig, Variable,
    VariableFlags, format,
};

use super::on::amend;
use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome, Prefix};
use crate::print::columns::spaced;
use crate::terminal::{Display, Terminal};

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["print", "p"],
        Group::Data,
        print,
        "Evaluate an expression.

	print [%format] <expression>

The format is a verb of Go's fmt package, applied to every number and string of the value.

	print x.y[3]
	print %x b",
    )
    .on()
    .deferred()
    .paged()
    .completes(Completes::Variables),
    Command::new(
        &["whatis"],
        Group::Data,
        whatis,
        "Prints type of an expression.

	whatis <expression or type>

	whatis x.y
	whatis main.T",
    )
    .completes(Completes::Types),
    Command::new(
        &["set"],
        Group::Data,
        set,
        "Changes the value of a variable.

	set <variable> = <value>

	set i = 42
	set p.next = nil",
    )
    .completes(Completes::Variables),
    Command::new(
        &["args"],
        Group::Data,
        |t, c, args| variables(t, c, args, List::Args),
        "Print function arguments.

	args [-v] [<regex>]

With -v, whole values on several lines; with a regular expression, only the arguments whose name matches.

	args -v",
    )
    .completes(Completes::Variables)
    .options(&["-v"])
    .on()
    .deferred()
    .paged(),
    Command::new(
        &["locals"],
        Group::Data,
        |t, c, args| variables(t, c, args, List::Locals),
        "Print local variables.

	locals [-v] [<regex>]

Names that another variable of the same name hides are in parentheses.

	locals ^err",
    )
    .completes(Completes::Variables)
    .options(&["-v"])
    .on()
    .deferred()
    .paged(),
    Command::new(
        &["vars"],
        Group::Data,
        |t, c, args| variables(t, c, args, List::Package),
        "Print package variables.

	vars [-v] [<regex>]

	vars -v main\\.",
    )
    .options(&["-v"])
    .paged(),
    Command::new(
        &["display"],
        Group::Data,
        display,
        "Print value of an expression every time the program stops.

	display -a [%format] <expression>
	display -d <number>

Without arguments, prints the values now.

	display -a len(queue)",
    )
    .options(&["-a", "-d"])
    .completes(Completes::Variables),
];

/// Splits off a leading verb of Go's `fmt`.
fn split_verb(args: &str) -> (&str, &str) {
    if args.starts_with('%') { first_word(args) } else { ("", args) }
}

fn print(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("not enough arguments".into());
    }
    if let Prefix::On(breakpoint) = &context.prefix {
        return amend(t, breakpoint, |b| b.variables.push(args.to_owned()));
    }
    let (verb, expr) = split_verb(args);
    let value = t.client.eval(context.scope, expr, Some(t.config.load_config()))?;
    let text = format::Format { multi_line: true, verb, ..t.value_format() }.text(&value);
    t.println(&text);
    if value.kind == Kind::CHAN && value.unreadable.is_empty() {
        print_waiting(t, context.scope, expr)?;
    }
    Ok(())
}

fn print_waiting(t: &mut Terminal, scope: EvalScope, channel: &str) -> Outcome {
    const MAX: i64 = 100;
    let filter = ListGoroutinesFilter {
        kind: GoroutineField::WAITING_ON_CHANNEL,
        arg: channel.to_owned(),
        ..ListGoroutinesFilter::default()
    };
    let request = ListGoroutinesIn {
        count: MAX,
        filters: vec![filter],
        eval_scope: Some(scope),
        ..ListGoroutinesIn::default()
    };
    let waiting = t.client.list_goroutines(&request)?.goroutines;
    if waiting.is_empty() {
        return Ok(());
    }
    let selected = t.client.state(false)?.current_goroutine.map(|g| g.id);
    t.println("");
    t.println("Goroutines waiting on this channel:");
    for goroutine in &waiting {
        let mark = if selected == Some(goroutine.id) { "* " } else { "  " };
        let line = t.goroutine_line(goroutine, GoroutinePlace::User);
        t.println(&format!("{mark}{line}"));
    }
    Ok(())
}

fn whatis(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("not enough arguments".into());
    }
    let value = match t.client.eval(context.scope, args, Some(LoadConfig::SHORT)) {
        Ok(value) => value,
        Err(error) => {
            let Ok(info) = t.client.type_info(args) else { return Err(error.into()) };
            t.println(&format!("{} type, size: {} bytes", kind_name(info.kind), info.size));
            if !info.real_type.is_empty() {
                t.println(&format!("Real type: {}", info.real_type));
            }
            if !info.fields.is_empty() {
                let rows: Vec<_> =
                    info.fields.iter().map(|f| (f.name.clone(), f.type_name.clone())).collect();
                t.println("Fields:");
                t.out.print(&spaced(&rows, "\t", 2));
            }
            if !info.methods.is_empty() {
                t.println("Methods:");
                for method in &info.methods {
                    t.println(&format!("\t{}", method.name));
                }
            }
            return Ok(());
        }
    };
    if value.flags.contains(VariableFlags::CPU_REGISTER) {
        t.println("CPU Register");
        return Ok(());
    }
    if !value.type_name.is_empty() {
        t.println(&value.type_name);
    }
    if !value.real_type.is_empty() && value.real_type != value.type_name {
        t.println(&format!("Real type: {}", value.real_type));
    }
    if let (Kind::INTERFACE, Some(data)) =
        (value.kind, value.children.first().filter(|d| d.kind != Kind::INVALID))
    {
        t.println(&format!("Concrete type: {}", data.type_name));
    }
    if t.config.show_location_expr && !value.location_expr.is_empty() {
        t.println(&format!("location: {}", value.location_expr));
    }
    Ok(())
}

fn kind_name(kind: Kind) -> &'static str {
    const NAMES: [(Kind, &str); 26] = [
        (Kind::BOOL, "bool"),
        (Kind::INT, "int"),
        (Kind::INT8, "int8"),
        (Kind::INT16, "int16"),
        (Kind::INT32, "int32"),
        (Kind::INT64, "int64"),
        (Kind::UINT, "uint"),
        (Kind::UINT8, "uint8"),
        (Kind::UINT16, "uint16"),
        (Kind::UINT32, "uint32"),
        (Kind::UINT64, "uint64"),
        (Kind::UINTPTR, "uintptr"),
        (Kind::FLOAT32, "float32"),
        (Kind::FLOAT64, "float64"),
        (Kind::COMPLEX64, "complex64"),
        (Kind::COMPLEX128, "complex128"),
        (Kind::ARRAY, "array"),
        (Kind::CHAN, "chan"),
        (Kind::FUNC, "func"),
        (Kind::INTERFACE, "interface"),
        (Kind::MAP, "map"),
        (Kind::POINTER, "ptr"),
        (Kind::SLICE, "slice"),
        (Kind::STRING, "string"),
        (Kind::STRUCT, "struct"),
        (Kind::UNSAFE_POINTER, "unsafe.Pointer"),
    ];
    NAMES.iter().find(|(k, _)| *k == kind).map_or("invalid", |(_, name)| name)
}

fn set(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let Some(at) = assignment(args) else { return Err("syntax error '=' not found".into()) };
    Ok(t.client.set(context.scope, args[..at].trim(), args[at + 1..].trim())?)
}

/// Where the `=` of an assignment is: the first that is neither part of a comparison nor inside a string.
fn assignment(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut i = 0;
    while i < bytes.len() {
        match (quote, bytes[i]) {
            (Some(q), b) if q == b => quote = None,
            (Some(b'"' | b'\''), b'\\') => i += 1,
            (Some(_), _) => {}
            (None, b @ (b'"' | b'\'' | b'`')) => quote = Some(b),
            (None, b'=') if bytes.get(i + 1) == Some(&b'=') => i += 1,
            (None, b'=') if i > 0 && matches!(bytes[i - 1], b'!' | b'<' | b'>') => {}
            (None, b'=') => return Some(i),
            _ => {}
        }
        i += 1;
    }
    None
}

#[derive(Clone, Copy, PartialEq)]
enum List {
    Args,
    Locals,
    Package,
}

fn variables(t: &mut Terminal, context: &Context, args: &str, list: List) -> Outcome {
    let (first, rest) = first_word(args);
    let (verbose, filter) = if first == "-v" { (true, rest) } else { (false, args) };
    if let Prefix::On(breakpoint) = &context.prefix {
        if !filter.is_empty() {
            return Err("filter not supported on breakpoint".into());
        }
        let config = Some(if verbose { t.config.load_config() } else { LoadConfig::SHORT });
        return amend(t, breakpoint, |b| {
            if list == List::Args { b.load_args = config } else { b.load_locals = config }
        });
    }
    let config = if verbose { t.config.load_config() } else { LoadConfig::SHORT };
    let mut found = match list {
        List::Args => t.client.list_function_args(context.scope, config)?,
        List::Locals => t.client.list_local_vars(context.scope, config)?,
        List::Package => t.client.list_package_vars(filter, config)?,
    };
    if list != List::Package && !filter.is_empty() {
        let regex = regex::Regex::new(filter)
            .map_err(|e| Failure::Message(adit_expr::regexp_error(&e.to_string(), filter)))?;
        found.retain(|v| regex.is_match(&v.name));
    }
    if found.is_empty() {
        t.println(match list {
            List::Args => "(no args)",
            List::Locals => "(no locals)",
            List::Package => "(no vars)",
        });
    }
    for variable in &found {
        let text = named_value(t, variable, verbose);
        t.println(&text);
    }
    Ok(())
}

fn named_value(t: &Terminal, variable: &Variable, verbose: bool) -> String {
    let value = format::Format { multi_line: verbose, ..t.value_format() }.text(variable);
    if variable.flags.contains(VariableFlags::SHADOWED) {
        format!("({}) = {value}", variable.name)
    } else {
        format!("{} = {value}", variable.name)
    }
}

fn display(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (option, rest) = first_word(args);
    match option {
        "" => {
            t.print_displays();
            Ok(())
        }
        "-a" if !rest.is_empty() => {
            let (verb, expr) = split_verb(rest);
            t.displays.push(Some(Display { verb: verb.to_owned(), expr: expr.to_owned() }));
            t.print_display(t.displays.len() - 1);
            Ok(())
        }
        "-d" if !rest.is_empty() => {
            let index: i64 = rest.parse().map_err(|_| {
                Failure::Message(format!("{} is not a number", format::quote(rest.as_bytes())))
            })?;
            let slot = usize::try_from(index).ok().and_then(|i| t.displays.get_mut(i));
            match slot.filter(|s| s.is_some()) {
                Some(slot) => *slot = None,
                None => return Err(format!("{index} is out of range").into()),
            }
            while t.displays.last().is_some_and(Option::is_none) {
                t.displays.pop();
            }
            Ok(())
        }
        _ => Err("wrong arguments".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::assignment;

    #[test]
    fn the_assignment_is_found() {
        for (text, at) in [
            ("a = 1", Some(2)),
            ("a[b == c] = 1", Some(10)),
            ("m[\"=\"] = 1", Some(7)),
            ("a == 1", None),
            ("a <= 1", None),
            ("a", None),
        ] {
            assert_eq!(assignment(text), at, "{text}");
        }
    }
}
