//! Any bytes are an index of names or are not, and any parts of one, though its checksums are right, have answers.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u16>, &str, &[u8])| {
    let (split, name, bytes) = input;
    adit_symbols::ask_all_of_file(bytes, name);
    adit_symbols::ask_all_of_payload(bytes, &split, name);
});
