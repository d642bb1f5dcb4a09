//! Setting, listing and removing breakpoints.

use adit_api::requests::{
    AmendBreakpointIn, CreateBreakpointIn, CreateWatchpointIn, FindLocationIn, FindLocationOut,
};
use adit_api::{Breakpoint, LoadConfig, Location, WatchType};

use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome, Prefix};
use crate::print::breakpoint::label;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["break", "b"],
        Group::Breakpoints,
        |t, c, args| set_breakpoint(t, c, args, false),
        "Sets a breakpoint.

	break [name] [locspec] [if <condition>]

Without a location the breakpoint is set on the current line. A name is made of letters and digits and is not a
number; it stands for the breakpoint in other commands.

	break main.go:42
	break loop main.worker if i == 3
	break (*Server).Handle",
    )
    .completes(Completes::Locations),
    Command::new(
        &["trace", "t"],
        Group::Breakpoints,
        trace,
        "Set tracepoint.

	trace [name] [locspec] [if <condition>]

A tracepoint prints a line when it is hit, and the program goes on. On a function, its return is traced too.

	trace main.add
	trace /^main\\./",
    )
    .on()
    .completes(Completes::Locations),
    Command::new(
        &["watch"],
        Group::Breakpoints,
        watch,
        "Set watchpoint.

	watch [-r|-w|-rw] <expr>

Stops when the value in memory is read (-r), written (-w), or either (-rw). What the operating system writes for the
program, in system calls, is not seen. The CPU can watch four words; writes to more are found by single-stepping the
program, which is slow.

	watch -w counter",
    ).options(&["-r", "-w", "-rw"])
    .completes(Completes::Variables),
    Command::new(
        &["breakpoints", "bp"],
        Group::Breakpoints,
        breakpoints,
        "Print out info for active breakpoints.

	breakpoints [-a] [-save <file>]

-a shows every breakpoint in the program's code, whatever it is for. -save writes the commands that set them again.

	breakpoints -save bp.txt",
    ).completes(Completes::Files).options(&["-a", "-save"]),
    Command::new(
        &["clear"],
        Group::Breakpoints,
        clear,
        "Deletes breakpoint.

	clear <breakpoint name or id>

	clear 1",
    ).completes(Completes::Breakpoints),
    Command::new(
        &["clearall"],
        Group::Breakpoints,
        clear_all,
        "Deletes multiple breakpoints.

	clearall [<locspec>]

With a location, only those there.

	clearall main.go:42",
    )
    .completes(Completes::Locations),
    Command::new(
        &["toggle"],
        Group::Breakpoints,
        toggle,
        "Toggles on or off a breakpoint.

	toggle <breakpoint name or id>

	toggle 1",
    ).completes(Completes::Breakpoints),
    Command::new(
        &["condition", "cond"],
        Group::Breakpoints,
        condition,
        "Set breakpoint condition.

	condition <breakpoint name or id> <boolean expression>
	condition -hitcount <breakpoint name or id> <operator> <count>
	condition -per-g-hitcount <breakpoint name or id> <operator> <count>
	condition -clear <breakpoint name or id>

The operator is one of > >= < <= == != and % (every so many hits); a number alone means ==.

	condition 2 i > 10 && name == \"x\"
	condition -hitcount 2 % 100",
    ).completes(Completes::Breakpoints).options(&["-hitcount", "-per-g-hitcount", "-clear"])
    .on(),
];

impl Terminal {
    /// Resolves a location; also the text under which the breakpoint can be set again.
    pub(crate) fn find_location(
        &mut self,
        context: &Context,
        text: &str,
        any_line: bool,
    ) -> Result<(Vec<Location>, String), Failure> {
        let request = FindLocationIn {
            scope: context.scope,
            loc: text.to_owned(),
            include_non_executable_lines: any_line,
            substitute_path_rules: self.config.path_rules(),
        };
        let reply = match self.client.find_location(&request) {
            Err(error) => self.find_by_own_rules(request).ok_or(error)?,
            Ok(reply) => reply,
        };
        let substitute =
            if reply.substitute_loc_expr.is_empty() { text.to_owned() } else { reply.substitute_loc_expr };
        Ok((reply.locations, substitute))
    }

    /// Tries a file of this machine under the rules that nobody configured.
    fn find_by_own_rules(&mut self, mut request: FindLocationIn) -> Option<FindLocationOut> {
        let (file, _) = request.loc.rsplit_once(':')?;
        let path = std::path::Path::new(file);
        if !path.is_absolute() || !path.is_file() || self.own_rules().is_empty() {
            return None;
        }
        request.substitute_path_rules.extend_from_slice(self.own_rules());
        self.client.find_location(&request).ok()
    }

    /// The error for a location that is in several places where one is wanted.
    pub(crate) fn ambiguous(&self, text: &str, locations: &[Location]) -> String {
        let places: Vec<_> = locations.iter().map(|l| format!("{}:{}", self.path(&l.file), l.line)).collect();
        let text = adit_api::format::quote(text.as_bytes());
        format!("Location {text} ambiguous: {}\u{2026}", places.join(", "))
    }

    /// The breakpoint of that name or id.
    pub(crate) fn breakpoint(&self, text: &str) -> Result<Breakpoint, Failure> {
        let (id, name) = id_or_name(text);
        Ok(self.client.get_breakpoint(id, name)?)
    }
}

/// A number is an id, anything else a name.
pub(crate) fn id_or_name(text: &str) -> (i64, &str) {
    text.parse().map_or((0, text), |id| (id, ""))
}

/// What `break` and `trace` were asked for.
struct Request {
    name: String,
    location: String,
    condition: String,
}

/// Splits off a condition: from a leading `if `, or the first ` if `.
fn split_condition(text: &str) -> (&str, &str) {
    if let Some(condition) = text.strip_prefix("if ") {
        return ("", condition.trim());
    }
    text.split_once(" if ").map_or((text, ""), |(location, condition)| (location.trim(), condition.trim()))
}

fn is_breakpoint_name(word: &str) -> bool {
    !word.is_empty() && word.parse::<i64>().is_err() && word.chars().all(char::is_alphanumeric)
}

/// The ways a command's text can be read, in the order they are tried.
fn readings(text: &str) -> Vec<Request> {
    let request = |name: &str, location: &str, condition: &str| {
        let location = if location.is_empty() { "+0" } else { location };
        Request { name: name.to_owned(), location: location.to_owned(), condition: condition.to_owned() }
    };
    if text.is_empty() {
        return vec![request("", "", "")];
    }
    let (location, condition) = split_condition(text);
    let mut readings = vec![request("", text, "")];
    let (first, rest) = first_word(text);
    if is_breakpoint_name(first) && !rest.is_empty() && first != "if" {
        let (location, condition) = split_condition(rest);
        readings.push(request(first, location, condition));
    }
    if !condition.is_empty() {
        readings.push(request("", location, condition));
    }
    // A function with a condition is no name on the current line.
    if rest.starts_with("if ") && readings.len() == 3 {
        readings.swap(1, 2);
    }
    readings
}

fn set_breakpoint(t: &mut Terminal, context: &Context, args: &str, tracepoint: bool) -> Outcome {
    let mut failed = None;
    for request in readings(args) {
        match t.find_location(context, &request.location, true) {
            Ok((locations, expr)) => {
                for location in locations {
                    create(t, &request, &location, &expr, tracepoint)?;
                }
                return Ok(());
            }
            // What stands without a name is what the error is about.
            Err(error) if request.name.is_empty() => failed = Some((error, request)),
            Err(_) => {}
        }
    }
    let Some((error, request)) = failed else { return Ok(()) };
    suspended(t, error, &request, tracepoint)
}

fn attributes(request: &Request, tracepoint: bool) -> Breakpoint {
    let tracing = tracepoint.then_some(LoadConfig::SHORT);
    Breakpoint {
        name: request.name.clone(),
        cond: request.condition.clone(),
        tracepoint,
        load_args: tracing,
        ..Breakpoint::default()
    }
}

fn create(t: &mut Terminal, request: &Request, location: &Location, expr: &str, tracepoint: bool) -> Outcome {
    let mut breakpoint = attributes(request, tracepoint);
    if location.pc == 0 && location.pcs.is_empty() {
        breakpoint.file.clone_from(&location.file);
        breakpoint.line = location.line;
    } else {
        breakpoint.addr = location.pc;
        breakpoint.addrs.clone_from(&location.pcs);
        breakpoint.addr_pids.clone_from(&location.pc_pids);
    }
    let created = t.client.create_breakpoint(&CreateBreakpointIn {
        breakpoint,
        loc_expr: expr.to_owned(),
        substitute_path_rules: t.config.path_rules(),
        suspended: false,
    })?;
    announce(t, &created);
    if tracepoint && traces_returns(&request.location) {
        trace_returns(t, location)?;
    }
    Ok(())
}

fn announce(t: &mut Terminal, breakpoint: &Breakpoint) {
    let text = format!("{} set at {}", t.breakpoint_title(breakpoint), t.breakpoint_place(breakpoint));
    t.println(&text);
}

/// Functions and regular expressions are traced from entry to return; lines and addresses are not.
fn traces_returns(location: &str) -> bool {
    location.starts_with('/') && location.ends_with('/')
        || !location.starts_with(['+', '-', '*'])
            && !location.contains(':')
            && location.parse::<u64>().is_err()
}

fn trace_returns(t: &mut Terminal, location: &Location) -> Outcome {
    let Some(function) = &location.function else { return Ok(()) };
    for addr in t.client.function_return_locations(&function.name)? {
        let breakpoint = Breakpoint {
            addr,
            addrs: vec![addr],
            trace_return: true,
            line: -1,
            load_args: Some(LoadConfig::SHORT),
            ..Breakpoint::default()
        };
        t.client.create_breakpoint(&CreateBreakpointIn { breakpoint, ..CreateBreakpointIn::default() })?;
    }
    Ok(())
}

/// Offers to keep a breakpoint whose place does not exist yet.
fn suspended(t: &mut Terminal, error: Failure, request: &Request, tracepoint: bool) -> Outcome {
    let Failure::Message(text) = &error else { return Err(error) };
    let exited = t.client.state(true).is_ok_and(|s| s.exited) || text.contains("has exited");
    let when = if exited {
        "when process restarts"
    } else if t.client.follow_exec_enabled() {
        "when child processes are added"
    } else if t.client.list_functions(r"^plugin\.Open$", 0).is_ok_and(|found| !found.is_empty()) {
        "when a plugin is loaded"
    } else {
        return Err(error);
    };
    t.report(text);
    let question =
        format!("Set a suspended breakpoint (Delve will try to set this breakpoint {when}) [Y/n]?");
    if t.ask(&question) != Some(true) {
        return Ok(());
    }
    let created = t.client.create_breakpoint(&CreateBreakpointIn {
        breakpoint: attributes(request, tracepoint),
        loc_expr: request.location.clone(),
        substitute_path_rules: t.config.path_rules(),
        suspended: true,
    })?;
    announce(t, &created);
    Ok(())
}

fn trace(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    if let Prefix::On(breakpoint) = &context.prefix {
        if !args.is_empty() {
            return Err("too many arguments to trace".into());
        }
        let mut breakpoint = (**breakpoint).clone();
        breakpoint.tracepoint = true;
        return Ok(t.client.amend_breakpoint(&AmendBreakpointIn { breakpoint })?);
    }
    set_breakpoint(t, context, args, true)
}

fn watch(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (option, expr) = first_word(args);
    if expr.is_empty() {
        return Err("wrong number of arguments: watch [-r|-w|-rw] <expr>".into());
    }
    let watch_type = match option {
        "-r" => WatchType::READ,
        "-w" => WatchType::WRITE,
        "-rw" => WatchType(WatchType::READ.0 | WatchType::WRITE.0),
        other => {
            let other = adit_api::format::quote(other.as_bytes());
            return Err(format!("wrong argument {other} to watch").into());
        }
    };
    let request = CreateWatchpointIn { scope: context.scope, expr: expr.to_owned(), watch_type };
    let created = t.client.create_watchpoint(&request)?;
    announce(t, &created);
    for detail in &created.verbose_descr {
        t.println(&format!("\t{detail}"));
    }
    Ok(())
}

fn breakpoints(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let mut words = args.split_whitespace();
    let mut all = false;
    while let Some(word) = words.next() {
        match word {
            "-a" => all = true,
            "-save" => {
                let path = words.next().ok_or("missing filename after -save flag")?;
                return save(t, path);
            }
            other => return Err(format!("unknown argument {other:?} to breakpoints").into()),
        }
    }
    let mut list = t.client.list_breakpoints(all)?;
    list.sort_by_key(|b| b.id);
    for breakpoint in &list {
        let entry = t.breakpoint_entry(breakpoint);
        t.out.print(&entry);
    }
    Ok(())
}

fn save(t: &mut Terminal, path: &str) -> Outcome {
    let mut list = t.client.list_breakpoints(false)?;
    list.retain(|b| b.id > 0 && b.watch_expr.is_empty() && !b.trace_return);
    list.sort_by_key(|b| b.id);
    let mut text = String::new();
    for b in &list {
        let name = if b.name.is_empty() { format!("bp{}", b.id) } else { b.name.clone() };
        let verb = if b.tracepoint { "trace" } else { "break" };
        let place =
            if b.expr_string.is_empty() { format!("{}:{}", b.file, b.line) } else { b.expr_string.clone() };
        text.push_str(&format!("{verb} {name} {place}\n"));
        if !b.cond.is_empty() {
            text.push_str(&format!("condition {name} {}\n", b.cond));
        }
        if !b.hit_cond.is_empty() {
            let option = if b.hit_cond_per_g { "-per-g-hitcount" } else { "-hitcount" };
            text.push_str(&format!("condition {option} {name} {}\n", b.hit_cond));
        }
        if b.disabled {
            text.push_str(&format!("toggle {name}\n"));
        }
    }
    std::fs::write(path, text).map_err(|e| format!("open {path}: {}", crate::terminal::os_text(&e)))?;
    t.println(&format!("Breakpoints successfully saved to '{path}'"));
    Ok(())
}

fn clear(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("not enough arguments".into());
    }
    let (id, name) = id_or_name(args);
    let breakpoint = t.client.clear_breakpoint(id, name)?;
    let text = format!("{} cleared at {}", t.breakpoint_title(&breakpoint), t.breakpoint_place(&breakpoint));
    t.println(&text);
    Ok(())
}

fn clear_all(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let wanted = match args {
        "" => None,
        text => {
            let locations = t.find_location(context, text, true)?.0;
            Some(
                locations
                    .iter()
                    .flat_map(|l| if l.pcs.is_empty() { vec![l.pc] } else { l.pcs.clone() })
                    .collect::<Vec<_>>(),
            )
        }
    };
    let mut list = t.client.list_breakpoints(false)?;
    list.sort_by_key(|b| b.id);
    for breakpoint in list.iter().filter(|b| b.id >= 0) {
        if wanted.as_ref().is_some_and(|w| !breakpoint.addrs.iter().any(|a| w.contains(a))) {
            continue;
        }
        let (title, place) = (t.breakpoint_title(breakpoint), t.breakpoint_place(breakpoint));
        match t.client.clear_breakpoint(breakpoint.id, "") {
            Ok(_) => t.println(&format!("{title} cleared at {place}")),
            Err(error) => {
                t.println(&format!("Couldn't delete breakpoint {} at {place}: {error}", label(breakpoint)));
            }
        }
    }
    Ok(())
}

fn toggle(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("not enough arguments".into());
    }
    let (id, name) = id_or_name(args);
    let breakpoint = t.client.toggle_breakpoint(id, name)?;
    let text = format!("{} toggled at {}", t.breakpoint_title(&breakpoint), t.breakpoint_place(&breakpoint));
    t.println(&text);
    Ok(())
}

fn condition(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    const OPTIONS: [&str; 3] = ["-hitcount", "-per-g-hitcount", "-clear"];
    let (first, rest) = first_word(args);
    let option = OPTIONS.into_iter().find(|o| *o == first);
    let args = if option.is_some() { rest } else { args };
    let (mut breakpoint, value) = match &context.prefix {
        Prefix::On(breakpoint) => ((**breakpoint).clone(), args.to_owned()),
        _ => {
            let (which, value) = first_word(args);
            if which.is_empty() || value.is_empty() && option != Some("-clear") {
                return Err("not enough arguments".into());
            }
            (t.breakpoint(which)?, value.to_owned())
        }
    };
    match option {
        None => breakpoint.cond = value,
        Some("-clear") => breakpoint.cond.clear(),
        Some(option) => {
            breakpoint.hit_cond = value;
            breakpoint.hit_cond_per_g = option == "-per-g-hitcount";
        }
    }
    Ok(t.client.amend_breakpoint(&AmendBreakpointIn { breakpoint })?)
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn names_locations_and_conditions() {
        let read = |text: &str| -> Vec<String> {
            readings(text).iter().map(|r| format!("{}|{}|{}", r.name, r.location, r.condition)).collect()
        };
        assert_eq!(read(""), ["|+0|"]);
        assert_eq!(read("main.add"), ["|main.add|"]);
        assert_eq!(read("foo main.add"), ["|foo main.add|", "foo|main.add|"]);
        assert_eq!(read("if a == 1"), ["|if a == 1|", "|+0|a == 1"]);
        assert_eq!(
            read("foo x.go:3 if a == 1"),
            ["|foo x.go:3 if a == 1|", "foo|x.go:3|a == 1", "|foo x.go:3|a == 1"]
        );
        assert_eq!(read("add if a == 1"), ["|add if a == 1|", "|add|a == 1", "add|+0|a == 1"]);
        assert_eq!(read("12 if a"), ["|12 if a|", "|12|a"]);
    }
}
