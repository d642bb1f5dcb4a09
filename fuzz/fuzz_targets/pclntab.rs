//! Any bytes are a table of functions and lines or are not; of those that are, everything can be asked.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The table itself says for which machine it is.
    let pointer_size = if data.get(7) == Some(&4) { 4 } else { 8 };
    let big = data.first() == Some(&0xff);
    let file = adit_fuzz::Wrapped { name: ".gopclntab", data, pointer_size, big };
    adit_fuzz::ask(&file.to_elf());
});
