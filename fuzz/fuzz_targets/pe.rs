//! Any bytes are a Windows program or an error, and whatever such a program says of itself can be asked.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    adit_fuzz::ask(bytes);
});
