//! What the program consists of.

use adit_api::requests::{FollowExecIn, ListPackagesBuildInfoIn};

use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome};
use crate::print::columns::spaced;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["sources"],
        Group::Other,
        sources,
        "Print list of source files.

	sources [<regex>]

	sources main\\.go$",
    )
    .paged(),
    Command::new(
        &["funcs"],
        Group::Other,
        |t, _, args| names(t, t.client.list_functions(args, 0)?),
        "Print list of functions.

	funcs [<regex>]

	funcs ^main\\.",
    )
    .completes(Completes::Functions)
    .paged(),
    Command::new(
        &["types"],
        Group::Other,
        |t, _, args| names(t, t.client.list_types(args)?),
        "Print list of types

	types [<regex>]

	types ^main\\.",
    )
    .completes(Completes::Types)
    .paged(),
    Command::new(
        &["packages"],
        Group::Other,
        packages,
        "Print list of packages.

	packages [<regex>]

	packages net",
    )
    .paged(),
    Command::new(
        &["libraries"],
        Group::Other,
        libraries,
        "List loaded dynamic libraries

	libraries [-d <n>]

-d looks again for the debug information of a library, and downloads it where DEBUGINFOD_URLS names servers;
Ctrl-C cancels that.

	libraries -d 1",
    )
    .options(&["-d"]),
    Command::new(
        &["target"],
        Group::Other,
        target,
        "Manages child process debugging.

	target follow-exec [-on [<regex>]] [-off]
	target list
	target switch <pid>

With follow-exec on, processes that the program starts are debugged too, or those whose command line matches.

	target follow-exec -on worker",
    )
    .completes(Completes::Words(&["list", "follow-exec", "switch"]))
    .options(&["-on", "-off"]),
];

fn names(t: &mut Terminal, mut names: Vec<String>) -> Outcome {
    names.sort();
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    t.out.print(&text);
    Ok(())
}

fn sources(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let paths = t.client.list_sources(args)?;
    let paths = paths.iter().map(|path| t.config.substitute_path(path)).collect();
    names(t, paths)
}

fn packages(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let request = ListPackagesBuildInfoIn { include_files: false, filter: args.to_owned() };
    let list = t.client.list_packages_build_info(&request)?;
    names(t, list.into_iter().map(|p| p.import_path).collect())
}

fn libraries(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (option, rest) = first_word(args);
    match option {
        "" => {}
        "-d" if !rest.is_empty() => {
            let index = rest.parse().map_err(|_| Failure::Message("wrong arguments".to_owned()))?;
            return Ok(t.client.download_library_debug_info(index)?);
        }
        _ => return Err("wrong arguments".into()),
    }
    let list = t.client.list_dynamic_libraries()?.list;
    let width = list.len().saturating_sub(1).to_string().len();
    for (index, image) in list.iter().enumerate() {
        t.println(&format!("{index:width$}. {:#x} {}", image.address, image.path));
        if !image.load_error.is_empty() {
            t.println(&format!("    Load error: {}", image.load_error));
        }
    }
    Ok(())
}

fn target(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (command, rest) = first_word(args);
    match command {
        "" => Err("not enough arguments for 'target'".into()),
        "list" => list_targets(t),
        "follow-exec" => follow_exec(t, rest),
        "switch" => switch(t, rest),
        other => Err(format!("unknown command 'target {other}'").into()),
    }
}

fn list_targets(t: &mut Terminal) -> Outcome {
    let targets = t.client.list_targets()?;
    let current = t.client.process_pid()?;
    let rows: Vec<_> = targets
        .iter()
        .map(|target| {
            let mark = if target.pid == current { "*" } else { " " };
            (format!("{mark} {}", target.pid), target.cmd_line.clone())
        })
        .collect();
    t.out.print(&spaced(&rows, "", 2));
    Ok(())
}

fn follow_exec(t: &mut Terminal, args: &str) -> Outcome {
    let (option, regex) = first_word(args);
    match option {
        "" => {}
        "-on" => t.client.follow_exec(&FollowExecIn { enable: true, regex: regex.to_owned() })?,
        "-off" if regex.is_empty() => t.client.follow_exec(&FollowExecIn::default())?,
        "-off" => return Err("too many arguments for 'target follow-exec'".into()),
        other => {
            let other = adit_api::format::quote(other.as_bytes());
            return Err(format!("unknown argument {other} to 'target follow-exec'").into());
        }
    }
    if option.is_empty() {
        let state = if t.client.follow_exec_enabled() { "enabled" } else { "disabled" };
        t.println(&format!("Follow exec is {state}."));
    }
    Ok(())
}

fn switch(t: &mut Terminal, args: &str) -> Outcome {
    let pid: i64 = match args {
        "" => return Err("not enough arguments for 'target'".into()),
        text => text.parse().map_err(|_| Failure::Message(format!("could not find target {text}")))?,
    };
    let targets = t.client.list_targets()?;
    let found = targets.iter().find(|target| target.pid == pid);
    let thread = found.and_then(|target| target.current_thread.as_ref());
    let thread = thread.ok_or_else(|| format!("could not find target {pid}"))?;
    let before = t.client.process_pid()?;
    let command = adit_api::DebuggerCommand {
        thread_id: thread.id,
        ..super::running::simple(adit_api::command_name::SWITCH_THREAD)
    };
    let state = t.client.command(&command)?;
    t.built = (state.pid, None);
    t.frame = 0;
    t.println(&format!(
        "Switch target process from {before} to {} ({})",
        state.pid, state.target_command_line
    ));
    Ok(())
}
