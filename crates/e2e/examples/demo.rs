//! A debugging session on the example program, as a person would have it: `cargo xtask demo`.

use std::path::{Path, PathBuf};

use adit_e2e::{Flavour, Go, Program, Session};

fn main() {
    let Some(go) = Go::any() else { return };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/demo");
    let program = Program::build_in(&source, &go, Flavour::Debug);
    println!("A coffee bar: three baristas at work, and one order that cannot be filled. Why?\n");
    let mut session = Session::exec(&program);
    let refusal = format!("break refused bar.go:{}", program.line_of("bar.go", "out of stock"));
    for (thought, command) in [
        ("Stop in a barista's hands, at the second cup.", "break main.(*Bar).Make"),
        ("", "condition -hitcount 1 == 2"),
        ("And where an order is refused.", refusal.as_str()),
        ("", "continue"),
        ("Who asked for it?", "stack 3"),
        ("One line further, its results have their zero values.", "next"),
        ("", "args"),
        ("What do the other baristas do meanwhile?", "goroutines -with user"),
        ("On to the refusal.", "continue"),
        ("", "print order"),
        ("What was needed, what was there?", "locals"),
        ("", "print b.Stock"),
        ("Out again, to whoever called; the results are shown.", "stepout"),
        ("Enough seen: let it run to its end.", "clearall"),
        ("", "continue"),
    ] {
        if !thought.is_empty() {
            println!("# {thought}");
        }
        println!("(adit) {command}");
        println!("{}", session.send(command));
    }
    println!("(adit) quit\n");
    session.quit();
    println!(
        "Now you. The same program, at the prompt:\n\n    {} exec {}\n",
        debugger(),
        relative(program.path())
    );
    println!(
        "Try: break main.barista, continue, locals, next, goroutines -t, help. With Go on PATH, adit debug, in"
    );
    println!(
        "the folder of any Go program, builds and debugs it. To have adit at hand: cargo install --path crates/adit"
    );
}

/// The debugger, as it can be typed here.
fn debugger() -> String {
    relative(&std::env::var_os("ADIT_BIN").map_or_else(|| "target/debug/adit".into(), PathBuf::from))
}

/// A path as seen from the working directory.
fn relative(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    path.strip_prefix(here).unwrap_or(&path).display().to_string()
}
