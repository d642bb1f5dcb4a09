//! The fuzz targets' seeds, damaged at random: what fuzzing does for hours, for a moment.

use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../../../fuzz/dwarf/mod.rs"]
mod dwarf;

use crate::damage::Random;

/// What reads the seeds in a folder.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 6] = [
    ("dwarf_expressions", dwarf::expressions),
    ("dwarf_frames", dwarf::frames),
    ("dwarf_info", dwarf::info),
    ("dwarf_lines", dwarf::lines),
    ("dwarf_lists", dwarf::lists),
    ("dwarf_names", dwarf::names),
];

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn damage(data: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..random.below(6) {
        let at = random.below(data.len());
        match random.below(5) {
            0 => data[at] ^= 1 << random.below(8),
            1 => data[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
            2 => data[at] = random.next() as u8,
            3 => {
                let count = (1 + random.below(9)).min(data.len() - at);
                data[at..at + count].fill(0xff);
            }
            _ if random.below(8) == 0 => data.truncate(at.max(1)),
            _ => {
                let from = random.below(data.len());
                let count = (1 + random.below(16)).min(data.len() - at.max(from));
                data.copy_within(from..from + count, at);
            }
        }
    }
}

#[test]
fn damaged_seeds_of_the_fuzz_targets() {
    let number = |variable: &str, default: u64| {
        std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let seconds = number("ADIT_FUZZ_SECONDS", 1);
    for (name, read) in TARGETS {
        let seeds = seeds(name);
        seeds.iter().for_each(|seed| read(seed));
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut number = number("ADIT_FUZZ_SEED", 1);
        while Instant::now() < end {
            // The last one that is printed is the one that failed.
            println!("{name}: seed {number}");
            let mut random = Random::new(number);
            let mut data = seeds[random.below(seeds.len())].clone();
            damage(&mut data, &mut random);
            let start = Instant::now();
            read(&data);
            assert!(start.elapsed() < Duration::from_secs(30), "{name}: seed {number} takes too long");
            number += 1;
        }
        println!("{name}: {number} damaged seeds");
    }
}
