//! The table of commands: names, groups, prefixes, help, and the function that carries one out.

use adit_api::{Breakpoint, ClientError, EvalScope};

use crate::commands;
use crate::terminal::Terminal;

/// How a command ends when it does not simply succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is shown after `Command failed: `.
    Message(String),
    /// The session is over, with this exit status.
    Exit(i32),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Message(error.0)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Message(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self::Message(text.to_owned())
    }
}

pub(crate) type Outcome = Result<(), Failure>;

/// Under which heading `help` lists a command.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Group {
    Running,
    Breakpoints,
    Data,
    Goroutines,
    Stack,
    Other,
}

impl Group {
    pub(crate) const ALL: [Self; 6] =
        [Self::Running, Self::Breakpoints, Self::Data, Self::Goroutines, Self::Stack, Self::Other];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Running => "Running the program",
            Self::Breakpoints => "Manipulating breakpoints",
            Self::Data => "Viewing program variables and memory",
            Self::Goroutines => "Listing and switching between threads and goroutines",
            Self::Stack => "Viewing the call stack and selecting frames",
            Self::Other => "Other commands",
        }
    }
}

/// Which prefixes may stand before a command.
#[derive(Clone, Copy, Default)]
pub(crate) struct Prefixes {
    /// `on <breakpoint>`.
    pub(crate) on: bool,
    /// `deferred <n>`.
    pub(crate) deferred: bool,
    /// `rev`.
    pub(crate) rev: bool,
}

/// What the words after a command are completed with.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Completes {
    Nothing,
    /// Names of commands and, after `config`, of its parameters.
    Help,
    Locations,
    Variables,
    /// Types and variables.
    Types,
    Functions,
    /// A goroutine, then a command.
    Goroutines,
    Threads,
    /// Something that cannot be completed, then a command.
    Command,
    Breakpoints,
    /// A breakpoint, then a command that may stand behind `on`.
    On,
    Files,
    /// Parameters of the configuration, and what they may be.
    Config,
    /// These words.
    Words(&'static [&'static str]),
}

/// The prefix a command stands behind.
#[derive(Clone, Debug)]
pub(crate) enum Prefix {
    None,
    /// The command is stored in this breakpoint instead of being carried out.
    On(Box<Breakpoint>),
    /// `goroutine <n>`, `frame <n>`, `up`, `down`.
    Scope,
    /// `deferred <n>`.
    Deferred,
    /// `rev`.
    Rev,
}

/// What a command applies to.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) scope: EvalScope,
    pub(crate) prefix: Prefix,
}

impl Context {
    /// Whether the command was given behind a prefix that names a goroutine or frame.
    pub(crate) fn scoped(&self) -> bool {
        matches!(self.prefix, Prefix::Scope | Prefix::Deferred)
    }
}

/// A command of the prompt.
pub(crate) struct Command {
    /// The name, then its aliases.
    pub(crate) names: &'static [&'static str],
    pub(crate) group: Group,
    pub(crate) prefixes: Prefixes,
    pub(crate) completes: Completes,
    /// What may stand after it and begins with a dash, for completion.
    pub(crate) options: &'static [&'static str],
    /// Whether long output goes through the pager.
    pub(crate) paged: bool,
    /// What `help` shows; the first line also stands in the list of commands.
    pub(crate) help: &'static str,
    pub(crate) run: fn(&mut Terminal, &Context, &str) -> Outcome,
}

impl Command {
    /// A command with no prefixes, completion or paging.
    pub(crate) const fn new(
        names: &'static [&'static str],
        group: Group,
        run: fn(&mut Terminal, &Context, &str) -> Outcome,
        help: &'static str,
    ) -> Self {
        let prefixes = Prefixes { on: false, deferred: false, rev: false };
        Self { names, group, prefixes, completes: Completes::Nothing, options: &[], paged: false, help, run }
    }

    pub(crate) const fn on(mut self) -> Self {
        self.prefixes.on = true;
        self
    }

    pub(crate) const fn deferred(mut self) -> Self {
        self.prefixes.deferred = true;
        self
    }

    pub(crate) const fn rev(mut self) -> Self {
        self.prefixes.rev = true;
        self
    }

    pub(crate) const fn completes(mut self, with: Completes) -> Self {
        self.completes = with;
        self
    }

    pub(crate) const fn options(mut self, options: &'static [&'static str]) -> Self {
        self.options = options;
        self
    }

    pub(crate) const fn paged(mut self) -> Self {
        self.paged = true;
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        self.names[0]
    }

    fn allowed(&self, prefix: &Prefix) -> bool {
        match prefix {
            Prefix::None | Prefix::Scope => true,
            Prefix::On(_) => self.prefixes.on,
            Prefix::Deferred => self.prefixes.deferred,
            Prefix::Rev => self.prefixes.rev,
        }
    }
}

/// All commands, in no particular order.
pub(crate) fn all() -> impl Iterator<Item = &'static Command> {
    commands::TABLES.iter().copied().flatten()
}

/// The command of that name or alias.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    all().find(|c| c.names.contains(&name))
}

impl Terminal {
    /// The command of that name, or of an alias the configuration gives it.
    pub(crate) fn find_command(&self, name: &str) -> Option<&'static Command> {
        find(name).or_else(|| {
            let (command, _) =
                self.config.aliases.iter().find(|(_, aliases)| aliases.iter().any(|a| a == name))?;
            find(command)
        })
    }

    /// Carries out one command line.
    pub(crate) fn execute(&mut self, line: &str, context: &Context) -> Outcome {
        let (mut word, mut arguments) = crate::argv::first_word(line);
        // `x/8xg address`: the options of examinemem follow its name without a blank.
        if let Some(options) = line.trim_start().strip_prefix("x/") {
            (word, arguments) = ("x", &line[line.len() - options.len() - 1..]);
        }
        if word.is_empty() {
            return Ok(());
        }
        if let Some(command) = self.script_command(word) {
            return self.execute_script_command(&command.name, line.trim(), arguments, context);
        }
        let Some(command) = self.find_command(word).filter(|c| c.allowed(&context.prefix)) else {
            return Err(self.unknown_command(word).into());
        };
        let outermost = command.paged && matches!(context.prefix, Prefix::None);
        if outermost {
            self.out.begin_page();
        }
        let outcome = (command.run)(self, context, arguments);
        if outermost {
            self.out.end_page();
        }
        outcome
    }

    fn execute_script_command(
        &mut self,
        name: &str,
        line: &str,
        arguments: &str,
        context: &Context,
    ) -> Outcome {
        match &context.prefix {
            Prefix::On(breakpoint) => {
                commands::amend(self, breakpoint, |b| b.custom_commands.push(line.to_owned()))
            }
            Prefix::Deferred | Prefix::Rev => Err("command not available".into()),
            Prefix::None | Prefix::Scope => self.call_script(name, arguments, context),
        }
    }

    fn unknown_command(&self, word: &str) -> String {
        let names = all().flat_map(|c| c.names).copied();
        let aliases = self.config.aliases.values().flatten().map(String::as_str);
        match crate::suggest::nearest(word, names.chain(aliases)) {
            Some(near) if self.find_command(word).is_none() => {
                format!("command not available\nDid you mean {near:?}?")
            }
            _ => "command not available".to_owned(),
        }
    }
}
