//! Any bytes are build information or are not.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = adit_fuzz::Wrapped { name: ".go.buildinfo", data, pointer_size: 8, big: false };
    adit_fuzz::ask(&file.to_elf());
});
