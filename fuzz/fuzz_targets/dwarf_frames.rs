//! Any bytes are frame tables, with a search table or without, or damaged.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../dwarf/mod.rs"]
mod dwarf;

fuzz_target!(|data: &[u8]| dwarf::frames(data));
