//! What a user might type.

use adit_e2e::{Program, Random, Signal};

/// A line for the prompt, and what is to be expected of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// It is answered at once.
    Quick(String),
    /// It lets the program run, perhaps until it is interrupted.
    Runs(String),
    /// Somebody else sends the program these signals while it stands.
    Signals(&'static [Signal]),
    /// Begins anew: a launched program is restarted, one that was attached to is let go of and attached to again.
    Anew,
}

/// The marked lines of the program.
const MARKS: [&str; 19] = [
    "add",
    "stage",
    "send",
    "receive",
    "guarded",
    "counter",
    "worker",
    "fired",
    "own thread",
    "bottom",
    "list",
    "recovered",
    "area",
    "signal",
    "round",
    "add",
    "guarded",
    "own thread",
    "stage",
];

const FUNCTIONS: [&str; 8] = [
    "main.add",
    "main.increment",
    "main.deep",
    "main.onOwnThread",
    "main.square.area",
    "main.(*strip).area",
    "main.panics",
    "main.check",
];

/// Conditions that can be evaluated anywhere.
const CONDITIONS: [&str; 5] = [
    "main.round % 3 == 1",
    "main.guarded == 100",
    "runtime.curg.goid % 2 == 0",
    "main.wrong > 0",
    "main.names[\"two\"] == 2",
];

const LOOKS: [&str; 24] = [
    "goroutines",
    "goroutines -t",
    "goroutines -s -group userloc",
    "goroutines -with running",
    "stack",
    "stack 30 -full",
    "stack -offsets",
    "locals",
    "args",
    "locals -v",
    "print main.names",
    "print main.guarded + 1",
    "print runtime.allglen",
    "vars main",
    "regs",
    "regs -a",
    "disassemble",
    "list",
    "breakpoints -a",
    "deferred 1 locals",
    "examinemem -count 32 -size 8 -x _RSP",
    "up",
    "frame 1 locals",
    "whatis main.guard",
];

/// Breakpoints and watchpoints beyond this number are cleared again.
const MOST: usize = 7;

/// Makes up the lines; knows what it has set, more or less.
pub(crate) struct User<'a> {
    program: &'a Program,
    pub(crate) random: Random,
    next_id: usize,
    breakpoints: Vec<usize>,
}

impl<'a> User<'a> {
    pub(crate) fn new(program: &'a Program, random: Random) -> User<'a> {
        User { program, random, next_id: 1, breakpoints: Vec::new() }
    }

    /// A new session numbers breakpoints from 1.
    pub(crate) fn forget(&mut self) {
        self.next_id = 1;
        self.breakpoints.clear();
    }

    /// Hears the reply to a line.
    pub(crate) fn hear(&mut self, line: &str, reply: &str) {
        if line == "clearall" {
            self.breakpoints.clear();
        }
        for made in ["Breakpoint ", "Tracepoint ", "Watchpoint "] {
            let Some(id) = reply.strip_prefix(made).and_then(|rest| rest.split(' ').next()) else { continue };
            // A watchpoint is named by its expression.
            let id = id.parse().unwrap_or(self.next_id);
            if reply.contains(" set at ") {
                self.breakpoints.push(id);
                self.next_id = self.next_id.max(id) + 1;
            } else if reply.contains(" cleared at ") {
                self.breakpoints.retain(|known| *known != id);
            }
        }
    }

    pub(crate) fn next(&mut self) -> Command {
        if self.breakpoints.len() > MOST {
            return self.clear();
        }
        match self.random.below(100) {
            0..=14 => Command::Runs("continue".to_owned()),
            15..=29 => Command::Runs(self.one_of(&["next", "step", "stepout", "next 3"])),
            30..=36 => Command::Runs(self.one_of(&["step-instruction", "next-instruction"])),
            37..=42 => Command::Runs(self.one_of(&[
                "call main.add(1, 2)",
                "call main.deep(200)",
                "call main.onOwnThread(1)",
                "call main.panics()",
                "call main.shapes()",
            ])),
            43..=56 => self.set(),
            57..=64 => self.clear(),
            65..=71 => self.change(),
            72..=75 => self.watch(),
            76..=80 => self.select(),
            81 => Command::Anew,
            82 => Command::Quick("clearall".to_owned()),
            83 => Command::Signals(&[Signal::SIGURG, Signal::SIGWINCH, Signal::SIGURG, Signal::SIGCHLD]),
            84 => Command::Signals(&[Signal::SIGSTOP, Signal::SIGCONT]),
            _ => Command::Quick(self.one_of(&LOOKS)),
        }
    }

    fn one_of(&mut self, lines: &[&str]) -> String {
        self.random.one_of(lines).to_owned()
    }

    fn place(&mut self) -> String {
        if self.random.once_in(3) {
            return self.one_of(&FUNCTIONS);
        }
        let mark = self.random.one_of(&MARKS);
        self.program.at(mark)
    }

    fn set(&mut self) -> Command {
        let place = self.place();
        let how = if self.random.once_in(5) { "trace" } else { "break" };
        let condition = match self.random.below(3) {
            0 => format!(" if {}", self.one_of(&CONDITIONS)),
            _ => String::new(),
        };
        Command::Quick(format!("{how} {place}{condition}"))
    }

    fn id(&mut self) -> usize {
        match self.breakpoints.as_slice() {
            [] => self.next_id,
            known => self.random.one_of(known),
        }
    }

    fn clear(&mut self) -> Command {
        Command::Quick(format!("clear {}", self.id()))
    }

    fn change(&mut self) -> Command {
        let id = self.id();
        let number = 1 + self.random.below(50);
        Command::Quick(match self.random.below(6) {
            0 | 1 => format!("toggle {id}"),
            2 => format!("condition {id} {}", self.one_of(&CONDITIONS)),
            3 => format!("condition -hitcount {id} {} {number}", self.one_of(&[">", "==", "%", "<"])),
            4 => format!("condition -per-g-hitcount {id} {} {number}", self.one_of(&[">", "%"])),
            _ => format!("on {id} {}", self.one_of(&["stack 5", "goroutine", "print main.round", "locals"])),
        })
    }

    fn watch(&mut self) -> Command {
        Command::Quick(self.one_of(&[
            "watch -w main.guarded",
            "watch -rw main.counter",
            "watch -w main.round",
            "watch -r main.wrong",
            "watch -w sum",
            "watch -rw before",
        ]))
    }

    fn select(&mut self) -> Command {
        let number = self.random.below(40);
        Command::Quick(match self.random.below(3) {
            0 => "goroutine 1".to_owned(),
            1 => format!("goroutine {number}"),
            _ => format!("goroutine {} stack", 1 + number / 8),
        })
    }
}
