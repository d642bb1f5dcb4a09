//! Any text is an expression or an error, and an expression that is printed reads as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(tree) = adit_expr::parse(text) {
        let printed = tree.to_string();
        match adit_expr::parse(&printed) {
            Ok(again) => assert_eq!(again.to_string(), printed, "{text:?}"),
            // What is printed may be longer than what may be read.
            Err(_) if printed.len() > adit_expr::MAX_TEXT => {}
            Err(error) => panic!("{text:?} is printed as {printed:?}: {error}"),
        }
    }
    let _ = adit_expr::parse_statement(text);
});
