//! Any bytes are an expression, or a bad one.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../dwarf/mod.rs"]
mod dwarf;

fuzz_target!(|data: &[u8]| dwarf::expressions(data));
