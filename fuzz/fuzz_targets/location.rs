//! Any text is a location or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = adit_expr::parse_location(text);
    let _ = adit_expr::split_condition(text);
});
