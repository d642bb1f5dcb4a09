//! Any bytes are range and location lists, of DWARF 5 or before it, or damaged.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../dwarf/mod.rs"]
mod dwarf;

fuzz_target!(|data: &[u8]| dwarf::lists(data));
