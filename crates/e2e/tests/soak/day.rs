//! One program debugged from its beginning, or from when it is attached to, to its end.

use std::fs;
use std::time::{Duration, Instant};

use adit_e2e::{BUSY_WITHOUT_ERRORS, Busy, Program, Random, Reply, Session, Signal, tasks};
use nix::sys::signal::kill;
use nix::unistd::Pid;

use crate::commands::{Command, User};
use crate::truths;

/// How the debugger comes to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Launched,
    Attached,
}

/// The most commands of one day.
const COMMANDS: usize = 150;

/// How long a command may run until the user has had enough.
const BORED: Duration = Duration::from_millis(400);

/// How often a request to stop is made again: one may come before the program runs.
const AGAIN: Duration = Duration::from_secs(2);

/// How long anything may take at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// A step that a breakpoint of another goroutine interrupts asks this.
const QUESTION: &str = "finish next skipping all breakpoints? ";

pub(crate) struct Day<'a> {
    seed: u64,
    manner: Manner,
    program: &'a Program,
    user: User<'a>,
    session: Option<Session>,
    /// Where a launched program writes.
    folder: tempfile::TempDir,
    /// The program that was attached to.
    busy: Option<Busy>,
    done: usize,
    /// All that was typed and said.
    said: String,
}

impl<'a> Day<'a> {
    /// `None` where attaching is not allowed.
    pub(crate) fn begin(program: &'a Program, manner: Manner, seed: u64) -> Option<Day<'a>> {
        let user = User::new(program, Random::new(seed));
        let folder = tempfile::tempdir().unwrap();
        let mut day = Day {
            seed,
            manner,
            program,
            user,
            session: None,
            folder,
            busy: None,
            done: 0,
            said: String::new(),
        };
        if manner == Manner::Attached {
            day.busy = Some(Busy::start(program, 30, 5)?);
        }
        day.start();
        Some(day)
    }

    fn start(&mut self) {
        self.user.forget();
        self.session = Some(match &self.busy {
            Some(busy) => Session::attach(busy.pid() as u32, self.program),
            None => {
                let output = format!("stdout:{}", self.output().display());
                Session::exec_with(self.program, &["-r", &output], &["30", "5"])
            }
        });
        self.check_after("the start", "");
    }

    fn output(&self) -> std::path::PathBuf {
        self.folder.path().join("output")
    }

    fn session(&mut self) -> &mut Session {
        self.session.as_mut().unwrap()
    }

    fn send(&mut self, line: &str) -> String {
        let reply = self.session().send(line);
        self.note(line, &reply);
        reply
    }

    fn note(&mut self, line: &str, reply: &str) {
        self.said.push_str(&format!("(adit) {line}\n{reply}"));
    }

    /// The program's process id.
    fn pid(&self) -> i32 {
        if let Some(busy) = &self.busy {
            return busy.pid();
        }
        let session = self.session.as_ref().unwrap();
        let traced = |pid: &i32| tasks(*pid).iter().any(|task| task.tracer != 0);
        session.debuggees().into_iter().find(traced).unwrap_or_else(|| self.fail("there is no program"))
    }

    fn fail(&self, why: &str) -> ! {
        let last = self.session.as_ref().map(Session::unheard).unwrap_or_default();
        panic!("day of seed {} ({:?}):\n{}{last}\n{why}", self.seed, self.manner, self.said);
    }

    /// Debugs until the day or the time is over; returns how many commands there were.
    pub(crate) fn spend(mut self, end: Instant) -> usize {
        while self.done < COMMANDS && Instant::now() < end {
            match self.user.next() {
                Command::Quick(line) => {
                    let reply = self.send(&line);
                    self.user.hear(&line, &reply);
                    self.check_after(&line, &reply);
                }
                Command::Runs(line) => self.run(&line),
                Command::Anew => self.begin_anew(),
                Command::Signals(signals) => signals.iter().for_each(|signal| self.signal(*signal)),
            }
            self.done += 1;
        }
        self.end();
        self.done
    }

    /// Somebody else sends the program a signal.
    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).unwrap();
    }

    /// Lets the program run until it stops by itself, or until the user has had enough.
    fn run(&mut self, line: &str) {
        let patience = match self.user.random.below(4) {
            0 => self.user.random.delay(Duration::from_millis(20)),
            _ => BORED,
        };
        self.session().type_line(line);
        let disturbed = self.user.random.once_in(8);
        if disturbed {
            self.signal(Signal::SIGSTOP);
        }
        let mut reply = self.session().reply_within(patience, &[QUESTION]);
        if disturbed {
            self.signal(Signal::SIGCONT);
        }
        let give_up = Instant::now() + PATIENCE;
        let mut said = String::new();
        loop {
            match reply {
                Some(Reply::Prompt(last)) => {
                    said.push_str(&last);
                    break;
                }
                Some(Reply::Question(asked)) => {
                    said.push_str(&asked);
                    let answer = self.user.random.one_of(&["c", "s", "f"]);
                    self.session().type_line(answer);
                    reply = self.session().reply_within(patience, &[QUESTION]);
                }
                None if Instant::now() > give_up || self.session().has_ended() => {
                    self.fail(&format!("{line:?} did not end: {:?}", tasks(self.pid())));
                }
                None => {
                    self.session().signal(Signal::SIGINT);
                    reply = self.session().reply_within(AGAIN, &[QUESTION]);
                }
            }
        }
        self.note(line, &said);
        self.check_after(line, &said);
    }

    fn check_after(&mut self, line: &str, reply: &str) {
        let checked = truths::check_reply(line, reply).and_then(|()| {
            let threads = self.send("threads");
            truths::check_threads(self.pid(), &threads)?;
            match self.manner {
                Manner::Attached => truths::check_code(self.pid()),
                Manner::Launched => Ok(()),
            }
        });
        if let Err(why) = checked {
            self.fail(&format!("after {line:?}: {why}"));
        }
    }

    fn begin_anew(&mut self) {
        match self.manner {
            Manner::Attached => {
                self.let_go();
                self.start();
            }
            Manner::Launched => {
                let reply = self.send("restart");
                if !reply.contains("Process restarted with PID ") {
                    self.fail("it is not restarted");
                }
                self.check_after("restart", &reply);
            }
        }
    }

    fn let_go(&mut self) {
        self.session().type_line("exit");
        self.session().type_line("n");
        self.session.take().unwrap().finish(0);
        let busy = self.busy.as_ref().unwrap();
        busy.assert_unharmed();
    }

    /// The program comes to its end, and all that it has computed is right.
    fn end(&mut self) {
        match self.manner {
            Manner::Attached => {
                self.let_go();
                self.busy.take().unwrap().end();
            }
            Manner::Launched => {
                self.send("clearall");
                // Once there, it is ready to be ended, even if it was restarted just now.
                let round = self.program.at("round");
                self.send(&format!("break {round}"));
                // A call that a breakpoint interrupted may come to its end before that.
                let reached = || self.send("continue").contains("main.main()");
                if !std::iter::repeat_with(reached).take(10).any(|reached| reached) {
                    self.fail("the program does not come to the end of its round");
                }
                let reply = self.send("clearall");
                self.check_after("clearall", &reply);
                self.signal(Signal::SIGTERM);
                let over = || self.send("continue").contains("has exited with status 0");
                if !std::iter::repeat_with(over).take(10).any(|over| over) {
                    self.fail("the program does not end");
                }
                self.session.take().unwrap().quit();
                let output = fs::read_to_string(self.output()).unwrap();
                if output.lines().last() != Some(BUSY_WITHOUT_ERRORS) {
                    panic!("day of seed {}: the program said {output}", self.seed);
                }
            }
        }
    }
}
