//! Any bytes are a universal binary or an error, and the program in it can be asked.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    adit_fuzz::ask(bytes);
});
