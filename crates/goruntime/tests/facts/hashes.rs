//! Hashes of map keys, against what the program's own hash functions say, and maps searched by them.

use std::collections::BTreeMap;

use adit_goruntime::{Fact, MapHasher, MapShape, Release};
use adit_process::Addr;

use crate::maps::told;
use crate::program::{Changed, Program, each, number, toolchains};

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.strip_suffix('.').unwrap();
    (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn check_hashes(program: &Program) {
    let hasher = program.runtime.map_hasher(&program.memory).unwrap();
    let mut kinds = BTreeMap::new();
    for fact in program.facts("hash", ' ') {
        let (kind, seed, data, hash) = (fact[0], number(fact[1]), bytes_of(fact[2]), number(fact[3]));
        let found = match kind {
            "memory" => Some(hasher.memory(seed, &data)),
            "sized" => Some(hasher.sized_memory(seed, &data)),
            "float" => hasher.float(seed, &data),
            _ => held_word(program, &hasher, seed, &data),
        };
        assert_eq!(found, Some(hash), "{}: {kind} of {} bytes by {seed}", program.go, data.len());
        *kinds.entry(kind).or_insert(0) += 1;
    }
    assert_eq!(kinds.len(), 4);
    assert!(kinds["memory"] > 800, "{kinds:?}");
    assert_eq!(hasher.float(0, &f64::NAN.to_le_bytes()), None);
}

/// The hash of an interface that holds an eight-byte number.
fn held_word(program: &Program, hasher: &MapHasher, seed: u64, interface: &[u8]) -> Option<u64> {
    let at = u64::from_le_bytes(interface[8..16].try_into().unwrap());
    let held = bytes_of(&program.hex(Addr(at), 8));
    let hash = |seed| Ok::<_, ()>(Some(hasher.sized_memory(seed, &held)));
    MapHasher::interface(seed, hash).unwrap()
}

#[test]
fn hashes_are_those_of_the_program() {
    each(check_hashes);
}

#[test]
fn hashes_without_aes_are_those_of_the_program() {
    for go in toolchains() {
        check_hashes(&Program::start_with(&go, "", "cpu.aes=off"));
    }
}

#[test]
fn keys_are_found_by_their_hashes() {
    each(|program| {
        let (runtime, memory) = (&program.runtime, &program.memory);
        let hasher = runtime.map_hasher(memory).unwrap();
        let (mut found, mut candidates_of_all) = (0, 0);
        for map in told(program) {
            // Keys without pointers and floating-point numbers, which are hashed as they are.
            if matches!(map.name, "nan" | "small" | "sets" | "pair") || map.key.size == 16 {
                continue;
            }
            let shape = MapShape::computed(&runtime.layout, map.key, map.elem).unwrap();
            let index = runtime.map_index(memory, &shape, map.header).unwrap().unwrap();
            for entry in &map.entries {
                let key = bytes_of(&entry[..=entry.find('.').unwrap()]);
                let hash = match key.len() {
                    // memhash0
                    0 => index.seed(),
                    _ => hasher.sized_memory(index.seed(), &key),
                };
                let candidates = index.candidates(hash).unwrap();
                let keys: Vec<String> =
                    candidates.iter().map(|entry| program.hex(entry.key, key.len())).collect();
                assert!(keys.iter().any(|key| entry.starts_with(key)), "{}: {entry} in {keys:?}", map.name);
                found += 1;
                candidates_of_all += candidates.len();
            }
        }
        assert!(found > 3000, "{found}");
        // One key may have many candidates, as a full table is probed far and the program's seeds are
        // random; all of them together have not many more than the keys.
        assert!(candidates_of_all < 2 * found, "{candidates_of_all} for {found}");
    });
}

#[test]
fn maps_being_written_are_not_searched() {
    each(|program| {
        let layout = &program.runtime.layout;
        let map = told(program).into_iter().find(|map| map.name == "mixed").unwrap();
        let shape = MapShape::computed(layout, map.key, map.elem).unwrap();
        let (fact, bit) = match layout.release < Release(24) {
            true => (Fact::HmapFlags, 4),
            false => (Fact::SwissWriting, 1),
        };
        let written =
            Changed(&program.memory, map.header.offset(layout.of(fact).unwrap().cast_signed()), bit);
        assert!(program.runtime.map_index(&written, &shape, map.header).unwrap().is_none());
        assert!(program.runtime.map_index(&program.memory, &shape, map.header).unwrap().is_some());
    });
}

#[test]
fn unknown_hashes_are_not_computed() {
    each(|program| {
        let mut runtime = program.runtime.clone();
        runtime.layout.release = Release(Release::NEWEST.0 + 1);
        assert!(runtime.map_hasher(&program.memory).is_none());
        let mut runtime = program.runtime.clone();
        runtime.globals.aes_key_schedule = None;
        runtime.globals.hash_key = None;
        assert!(runtime.map_hasher(&program.memory).is_none());
    });
}
