//! Goroutines and threads.

use std::collections::HashMap;

use adit_api::requests::ListGoroutinesOut;
use adit_api::{
    DebuggerCommand, EvalScope, Goroutine, GoroutineField, GoroutineQuery, Stackframe, command_name,
};

use super::on::amend;
use super::running::simple;
use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome, Prefix};
use crate::print::goroutine::labels;
use crate::print::stack::StackStyle;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["goroutines", "grs"],
        Group::Goroutines,
        goroutines,
        "List program goroutines.

	goroutines [-u|-r|-g|-s] [-t [depth]] [-l] [-with <filter>] [-without <filter>] [-group <by>] [-chan <expr>]
	           [-exec <command>]

-u, -r, -g and -s show the place in user code, the current place, the go statement, or the start function. -t adds
stacks, -l labels. Filters are userloc, curloc, goloc or startloc and a text, label key or label key=value, running,
and user; -chan keeps those that wait on a channel. -group takes the same words. -exec runs a command on each.

	goroutines -with userloc worker -t
	goroutines -group goloc",
    ).completes(Completes::Words(&[
        "userloc", "curloc", "goloc", "startloc", "label", "running", "user",
    ]))
    .options(&["-u", "-r", "-g", "-s", "-t", "-l", "-with", "-without", "-group", "-chan", "-exec"])
    .paged(),
    Command::new(
        &["goroutine", "gr"],
        Group::Goroutines,
        goroutine,
        "Shows or changes current goroutine

	goroutine
	goroutine <id>
	goroutine <id> <command>

Shows the current goroutine, selects another, or carries out a command on one without selecting it.

	goroutine 7 stack",
    )
    .on()
    .completes(Completes::Goroutines),
    Command::new(
        &["threads"],
        Group::Goroutines,
        threads,
        "Print out info for every traced thread.

	threads

One line for each: its number, its address, its place in the source and its function. The current one has an asterisk.

	threads",
    )
    .paged(),
    Command::new(
        &["thread", "tr"],
        Group::Goroutines,
        thread,
        "Switch to the specified thread.

	thread <id>

	thread 4711",
    ).completes(Completes::Threads),
];

/// How many goroutines are asked for at a time.
const BATCH: i64 = 10_000;
/// Text is printed when there is so much of it, in bytes.
const PIECE: usize = 1 << 16;
/// How many are shown at a time: first, so that there is something to read at once, and when it goes on.
const FIRST_PAGE: usize = 64;
const LAST_PAGE: usize = 4096;
const MAX_LABELS: usize = 5;
fn goroutines(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let mut request = GoroutineQuery::parse(args, context.scope)?;
    request.list.count = BATCH;
    let selected = t.client.state(false)?.current_goroutine.map_or(-1, |g| g.id);
    let mut listing = Listing { request: &request, selected, places: HashMap::new() };
    let mut list = request.list.clone();
    let mut total = 0;
    while list.start >= 0 {
        if t.interrupts.cancelled() {
            return interrupted(t);
        }
        let mut reply = t.client.list_goroutines(&list)?;
        if reply.groups.is_empty() {
            reply.goroutines.sort_by_key(|g| g.id);
            total += reply.goroutines.len();
            if let Some(progress) = &t.progress {
                progress.note(format!("{total} goroutines"));
            }
            if !listing.print(t, &reply.goroutines, "")? {
                return interrupted(t);
            }
        } else if !listing.print_groups(t, &reply)? {
            return interrupted(t);
        }
        // Batches go up; anything else would never end.
        list.start = if reply.nextg > list.start { reply.nextg } else { -1 };
    }
    if request.list.group_by == GoroutineField::NONE {
        t.println(&format!("[{total} goroutines]"));
    }
    Ok(())
}

fn interrupted(t: &mut Terminal) -> Outcome {
    t.println("interrupted");
    Ok(())
}

/// How goroutines are listed, and what is known of the places they have to do with: they share a few by the thousand.
struct Listing<'a> {
    request: &'a GoroutineQuery,
    selected: i64,
    /// Places as they are shown, by address and line.
    places: HashMap<(u64, i64), String>,
}

impl Listing<'_> {
    fn print_groups(&mut self, t: &mut Terminal, reply: &ListGoroutinesOut) -> Result<bool, Failure> {
        for (index, group) in reply.groups.iter().enumerate() {
            if index > 0 {
                t.println("");
            }
            t.println(&group.name);
            let start = usize::try_from(group.offset).unwrap_or(0);
            let count = usize::try_from(group.count).unwrap_or(0);
            let members = reply.goroutines.get(start..start.saturating_add(count)).unwrap_or_default();
            if !self.print(t, members, "\t")? {
                return Ok(false);
            }
            t.println(&format!("\tTotal: {}", group.total));
        }
        if reply.too_many_groups {
            t.println("Too many groups");
        }
        Ok(true)
    }

    /// Prints some, the first of them at once; `false` if Ctrl-C was pressed.
    fn print(&mut self, t: &mut Terminal, list: &[Goroutine], indent: &str) -> Result<bool, Failure> {
        let mut rest = list;
        let mut size = FIRST_PAGE;
        while !rest.is_empty() {
            if t.interrupts.cancelled() {
                return Ok(false);
            }
            let (page, after) = rest.split_at(size.min(rest.len()));
            (rest, size) = (after, LAST_PAGE.min(size * 4));
            if !self.print_page(t, page, indent)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn print_page(&mut self, t: &mut Terminal, page: &[Goroutine], indent: &str) -> Result<bool, Failure> {
        let ids: Vec<_> = page.iter().filter(|g| g.unreadable.is_empty()).map(|g| g.id).collect();
        let mut stacks = match self.request.stack {
            Some(depth) => t.client.stacktraces(&ids, depth)?,
            None => Vec::new(),
        }
        .into_iter();
        // Most stacks are the same, and so is their text.
        let mut texts: HashMap<*const Stackframe, String> = HashMap::new();
        let mut kept = Vec::new();
        let inner = format!("{indent}\t");
        let mut text = String::new();
        for goroutine in page {
            let mark = if goroutine.id == self.selected { "* " } else { "  " };
            text.push_str(indent);
            text.push_str(mark);
            t.push_goroutine_line(&mut text, goroutine, self.request.place, &mut self.places);
            text.push('\n');
            if self.request.labels {
                text.push_str(&labels(goroutine, MAX_LABELS, &inner));
            }
            let stack = if goroutine.unreadable.is_empty() { stacks.next().transpose()? } else { None };
            if let Some(frames) = stack {
                let shown = texts
                    .entry(frames.as_ptr())
                    .or_insert_with(|| t.stack_text(&frames, &inner, StackStyle::default()));
                text.push_str(shown);
                // A list that is dropped might leave its address to another.
                kept.push(frames);
            }
            if text.len() >= PIECE {
                t.out.print(&text);
                text.clear();
            }
            if !self.request.exec.is_empty() {
                t.out.print(&std::mem::take(&mut text));
                if t.interrupts.cancelled() {
                    return Ok(false);
                }
                self.execute(t, goroutine.id)?;
            }
        }
        t.out.print(&text);
        Ok(true)
    }

    fn execute(&self, t: &mut Terminal, goroutine_id: i64) -> Outcome {
        let scope = EvalScope { goroutine_id, frame: 0, deferred_call: 0 };
        match t.execute(&self.request.exec, &Context { scope, prefix: Prefix::Scope }) {
            Err(Failure::Message(text)) => {
                t.report(&text);
                Ok(())
            }
            other => other,
        }
    }
}

fn goroutine(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (id, command) = first_word(args);
    if let Prefix::On(breakpoint) = &context.prefix {
        if !id.is_empty() {
            return Err("too many arguments to goroutine".into());
        }
        return amend(t, breakpoint, |b| b.goroutine = true);
    }
    if id.is_empty() {
        return show_goroutine(t);
    }
    let id: i64 = id.parse().map_err(|_| {
        let text = adit_api::format::quote(id.as_bytes());
        Failure::Message(format!("strconv.ParseInt: parsing {text}: invalid syntax"))
    })?;
    if !command.is_empty() {
        let scope = EvalScope { goroutine_id: id, frame: 0, deferred_call: 0 };
        return t.execute(command, &Context { scope, prefix: Prefix::Scope });
    }
    let before = t.state()?;
    let switch = DebuggerCommand { goroutine_id: id, ..simple(command_name::SWITCH_GOROUTINE) };
    let after = t.client.command(&switch)?;
    t.frame = 0;
    let number = |g: Option<Goroutine>| g.map_or(0, |g| g.id);
    let thread = after.current_thread.map_or(0, |thread| thread.id);
    let (from, to) = (number(before.current_goroutine), number(after.current_goroutine));
    t.println(&format!("Switched from {from} to {to} (thread {thread})"));
    Ok(())
}

fn show_goroutine(t: &mut Terminal) -> Outcome {
    let state = t.state()?;
    if let Some(thread) = &state.current_thread {
        let path = t.path(&thread.file);
        t.println(&format!("Thread {} at {path}:{}", thread.id, thread.line));
    }
    match &state.current_goroutine {
        Some(goroutine) => {
            let block = t.view().goroutine_block(goroutine, "");
            t.out.print(&block);
            Ok(())
        }
        None => Err("no selected goroutine".into()),
    }
}

fn threads(t: &mut Terminal, _: &Context, _: &str) -> Outcome {
    let selected = t.state()?.current_thread.map(|thread| thread.id);
    let mut list = t.client.list_threads()?;
    list.sort_by_key(|thread| thread.id);
    for thread in &list {
        let mark = if Some(thread.id) == selected { "* " } else { "  " };
        let line = t.thread_line(thread);
        t.println(&format!("{mark}{line}"));
    }
    Ok(())
}

fn thread(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("you must specify a thread".into());
    }
    let id: i64 = args.parse().map_err(|_| {
        let text = adit_api::format::quote(args.as_bytes());
        Failure::Message(format!("strconv.Atoi: parsing {text}: invalid syntax"))
    })?;
    let before = t.state()?;
    let after =
        t.client.command(&DebuggerCommand { thread_id: id, ..simple(command_name::SWITCH_THREAD) })?;
    t.frame = 0;
    let name =
        |thread: Option<adit_api::Thread>| thread.map_or_else(|| "<none>".to_owned(), |t| t.id.to_string());
    t.println(&format!("Switched from {} to {}", name(before.current_thread), name(after.current_thread)));
    Ok(())
}
