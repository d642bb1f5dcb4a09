//! Ctrl-C at any moment: before the program runs, while it does, after it has stopped.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use adit_e2e::{Program, Random, Reply, Session, Signal, on_oldest_and_newest};

/// How long a command may go on although it is interrupted again and again.
const PATIENCE: Duration = Duration::from_secs(60);

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
                match session.reply_within(AGAIN, &[]) {
                    Some(Reply::Prompt(_)) => break,
                    _ => assert!(Instant::now() < end, "nth {nth}: {}", session.transcript()),
                }
            }
        }
        session.quit();
    }
}
