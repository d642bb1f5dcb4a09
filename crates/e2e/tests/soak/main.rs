//! Random commands against a busy program. After each, what must always be true is checked; in the end the program must
//! have computed what it computes without a debugger.
//!
//! The commands follow from the seed, but what happens is the scheduler's choice too: the same seed is the same kind of
//! day, not the same day. The tests take a few seconds each; `cargo xtask soak` goes on for as long as it is told.

#![allow(missing_docs, clippy::unwrap_used)]

mod commands;
mod day;
mod truths;

use std::time::{Duration, Instant};

use adit_e2e::{Go, Program, Random};

use day::{Day, Manner};

/// How long a short soak goes on.
const SHORT: Duration = Duration::from_secs(6);

/// Days of debugging, one after the other, until the time is over.
fn soak(go: &Go, seed: u64, time: Duration) {
    let program = Program::build("busy", go);
    let mut random = Random::new(seed);
    let end = Instant::now() + time;
    let (mut days, mut commands) = (0, 0);
    while Instant::now() < end {
        // Reproduced by itself from a seed of its own.
        let seed = random.number();
        let manner = if days % 2 == 0 { Manner::Launched } else { Manner::Attached };
        days += 1;
        if let Some(day) = Day::begin(&program, manner, seed) {
            commands += day.spend(end);
        }
    }
    println!("go{} seed {seed}: {days} days, {commands} commands", go.version());
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// The seed and the time: those of the environment, or of the tests.
fn seed_and_time(go: &Go) -> (u64, Duration) {
    let seed = variable("ADIT_SOAK_SEED").unwrap_or(u64::from(go.minor()));
    (seed, variable("ADIT_SOAK_SECONDS").map_or(SHORT, Duration::from_secs))
}

#[test]
fn oldest() {
    if let Some(go) = Go::oldest() {
        let (seed, time) = seed_and_time(&go);
        soak(&go, seed, time);
    }
}

#[test]
fn newest() {
    if let Some(go) = Go::newest() {
        let (seed, time) = seed_and_time(&go);
        soak(&go, seed, time);
    }
}
