//! The session itself: files of commands, transcripts, core dumps, leaving.

use std::path::PathBuf;

use adit_api::command_name;

use super::running::simple;
use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome};
use crate::interrupt::Busy;
use crate::terminal::{Terminal, os_text};

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["source"],
        Group::Other,
        source,
        "Executes a file containing a list of delve commands

	source <path>
	source <path>.star
	source -

A file of commands has one a line; blank lines and lines that begin with # are skipped. A file whose name ends in .star
is a Starlark script, and - reads Starlark from the prompt until exit.

	source setup.dlv",
    ).completes(Completes::Files),
    Command::new(
        &["transcript"],
        Group::Other,
        transcript,
        "Appends command output to a file.

	transcript [-t] [-x] <output file>
	transcript -off

-t empties the file first, -x keeps the output off the screen.

	transcript -t session.txt",
    ).completes(Completes::Files).options(&["-t", "-x", "-off"]),
    Command::new(
        &["dump"],
        Group::Other,
        dump,
        "Creates a core dump from the current process state

	dump <output file>

	dump core.out",
    ).completes(Completes::Files),
    Command::new(
        &["exit", "quit", "q"],
        Group::Other,
        exit,
        "Exit the debugger.

	exit [-c] [-d]

-c lets a target of a server with several clients go on; -d detaches without killing it.

	exit -d",
    ).options(&["-c", "-d"]),
];

/// The editor the user has chosen.
pub(crate) fn editor() -> Result<String, Failure> {
    let variable = |name| std::env::var(name).ok().filter(|v: &String| !v.trim().is_empty());
    variable("DELVE_EDITOR")
        .or_else(|| variable("EDITOR"))
        .ok_or_else(|| "Neither DELVE_EDITOR or EDITOR is set".into())
}

/// Lets the user change a text in the editor.
pub(crate) fn edit_text(t: &Terminal, text: &str) -> Result<String, Failure> {
    let editor = editor()?;
    let path = std::env::temp_dir().join(format!("adit-on-{}.txt", std::process::id()));
    let failed =
        |e: std::io::Error| Failure::Message(format!("could not edit {}: {}", path.display(), os_text(&e)));
    // A file that is there already is not ours: someone may wait for it to be overwritten.
    let mut file = std::fs::File::create_new(&path).map_err(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
    drop(file);
    t.work_ends();
    let mut words = editor.split_whitespace();
    let status = std::process::Command::new(words.next().unwrap_or_default()).args(words).arg(&path).status();
    let edited = std::fs::read_to_string(&path);
    let _ = std::fs::remove_file(&path);
    status.map_err(failed)?;
    edited.map_err(failed)
}

/// A path with a leading `~` for the home folder.
fn expand_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn source(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("wrong number of arguments: source <filename>".into());
    }
    if args == "-" {
        return t.read_script();
    }
    let path = expand_home(args);
    if path.extension().is_some_and(|extension| extension == "star") {
        t.run_script(&path)
    } else {
        t.execute_file(&path)
    }
}

fn transcript(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (mut truncate, mut silent) = (false, false);
    let mut path = "";
    let mut rest = args;
    loop {
        let (word, after) = first_word(rest);
        match word {
            "" => break,
            "-t" => truncate = true,
            "-x" => silent = true,
            "-off" => {
                if !after.is_empty() || !path.is_empty() {
                    return Err("-o option specified with an output path".into());
                }
                t.out.stop_transcript();
                return Ok(());
            }
            option if option.starts_with('-') => {
                let option = adit_api::format::quote(option.as_bytes());
                return Err(format!("unrecognized option {option}").into());
            }
            _ => {
                path = rest;
                break;
            }
        }
        rest = after;
    }
    if path.is_empty() {
        return Err("no output path specified".into());
    }
    t.out
        .start_transcript(&expand_home(path).to_string_lossy(), truncate, silent)
        .map_err(|e| Failure::Message(format!("open {path}: {}", os_text(&e))))
}

fn dump(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return Err("not enough arguments".into());
    }
    t.while_busy(Busy::Dumping, |t| run_dump(t, args))
}

fn run_dump(t: &mut Terminal, path: &str) -> Outcome {
    const WAIT_MILLISECONDS: i64 = 1000;
    let mut state = t.client.dump_start(path)?;
    loop {
        if state.threads_done < state.threads_total {
            t.out.print(&format!("\rDumping threads {} / {}...", state.threads_done, state.threads_total));
        } else {
            t.out.print(&format!("\rDumping memory {} / {}...", state.mem_done, state.mem_total));
        }
        if !state.dumping {
            break;
        }
        state = t.client.dump_wait(WAIT_MILLISECONDS)?;
    }
    t.println("");
    if !state.err.is_empty() {
        return Err(format!("error dumping: {}", state.err).into());
    }
    if !state.all_done {
        return Err("canceled".into());
    }
    if state.mem_done != state.mem_total {
        return Err("Core dump could be incomplete".into());
    }
    Ok(())
}

fn exit(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (mut go_on, mut detach) = (false, false);
    for word in args.split_whitespace() {
        match word {
            "-c" => go_on = true,
            "-d" => detach = true,
            other => {
                let other = adit_api::format::quote(other.as_bytes());
                return Err(format!("unknown argument {other} to exit").into());
            }
        }
    }
    if go_on {
        return leave_running(t);
    }
    if detach {
        return finish(t, false);
    }
    if t.client.is_multiclient() {
        let exited = t.client.state(true).is_ok_and(|s| s.exited);
        let question = if exited {
            "Remote process has exited. Would you like to kill the headless instance? [Y/n] "
        } else {
            "Would you like to kill the headless instance? [Y/n] "
        };
        match t.ask(question) {
            Some(true) => {}
            Some(false) => return Err(Failure::Exit(0)),
            None => return Err(Failure::Exit(2)),
        }
    }
    let mut kill = true;
    if t.ask_before_kill
        && t.client.attached_to_existing_process()
        && !t.client.state(true).is_ok_and(|s| s.exited)
    {
        kill = match t.ask("Would you like to kill the process? [Y/n] ") {
            Some(kill) => kill,
            None => return Err(Failure::Exit(2)),
        };
    }
    finish(t, kill)
}

fn finish(t: &mut Terminal, kill: bool) -> Outcome {
    match t.client.detach(kill) {
        Ok(()) => Err(Failure::Exit(0)),
        Err(error) => {
            t.out.error(&error.0);
            Err(Failure::Exit(1))
        }
    }
}

fn leave_running(t: &mut Terminal) -> Outcome {
    if !t.client.is_multiclient() {
        return Err("not connected to an --accept-multiclient server".into());
    }
    if t.client.list_breakpoints(false)?.iter().any(|b| b.id > 0) {
        let question = "There are breakpoints set, do you wish to quit and continue without clearing breakpoints? [Y/n] ";
        match t.ask(question) {
            Some(true) => {}
            Some(false) => return Ok(()),
            None => return Err(Failure::Exit(2)),
        }
    }
    // Nobody waits for the stop: the connection ends before it.
    t.client.command_and_leave(&simple(command_name::CONTINUE))?;
    Err(Failure::Exit(0))
}
