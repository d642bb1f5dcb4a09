//! Any entries and abbreviations are debug information, or damaged.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../dwarf/mod.rs"]
mod dwarf;

fuzz_target!(|data: &[u8]| dwarf::info(data));
