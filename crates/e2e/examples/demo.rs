//! A debugging session on the example program, as a person would have it: `cargo xtask demo`.

use std::path::Path;

use adit_e2e::{Flavour, Go, Program, Session};

fn main() {
    let Some(go) = Go::any() else { return };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/demo");
    let program = Program::build_in(&source, &go, Flavour::Debug);
    println!("A coffee bar: three baristas at work, and one order that cannot be filled. Why?\n");
    let mut session = Session::exec(&program);
    for (thought, command) in [
        ("Stop where drinks are made.", "break main.(*Bar).Make"),
        ("Only when somebody orders a latte and the milk runs low.", LOW_MILK),
        ("", "continue"),
        ("Who asks for it?", "stack 3"),
        ("", "args"),
        ("And what is in stock?", "print b.Stock"),
        ("What do the other baristas do meanwhile?", "goroutines -with user"),
        ("Line by line now.", "next"),
        ("", "next"),
        ("", "locals"),
        ("Out again, to whoever called.", "stepout"),
        ("Enough seen: let it run to its end.", "clearall"),
        ("", "continue"),
    ] {
        if !thought.is_empty() {
            println!("# {thought}");
        }
        println!("(dlv) {command}");
        println!("{}", session.send(command));
    }
    println!("(dlv) quit");
    session.quit();
}

/// A condition that is true once in each run.
const LOW_MILK: &str = "condition 1 b.Stock[\"milk\"] < 200 && order.Drink == 2";
