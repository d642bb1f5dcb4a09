//! Ctrl-C at any moment: before the program runs, while it does, after it has stopped.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use adit_e2e::{Program, Random, Reply, Session, Signal, on_oldest_and_newest};

/// How long a command may go on although it is interrupted again and again.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked when something else stops a step.
const QUESTION: &str = "finish next skipping all breakpoints? ";

/// How long an interruption may take to be heard of, before it is made again.
const AGAIN: Duration = Duration::from_millis(500);

on_oldest_and_newest! {
    fn an_interruption_may_come_too_early_but_not_in_vain(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec_with(&program, &["-r", "stdout:/dev/null"], &["blocked"]);
        let mut random = Random::new(1);
        for nth in 0..150 {
            session.type_line(random.one_of(&["continue", "next", "step-instruction", "call main.work(1, 2)"]));
            std::thread::sleep(random.delay(Duration::from_micros(1500)));
            let end = Instant::now() + PATIENCE;
            loop {
                session.signal(Signal::SIGINT);
                match session.reply_within(AGAIN, &[QUESTION]) {
                    Some(Reply::Prompt(_)) => break,
                    // A call that was interrupted comes to its end in the middle of a step.
                    Some(Reply::Question(_)) => session.type_line("s"),
                    None => assert!(Instant::now() < end, "nth {nth}: {}", session.transcript()),
                }
            }
        }
        session.quit();
    }
}
