//! Sources that are not where the program says.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use adit_e2e::{Debugger, Go, Session};

/// A module built with `-trimpath`, and its module cache with the one dependency.
struct Trimmed {
    folder: tempfile::TempDir,
    go: Go,
}

impl Trimmed {
    fn build(go: Go) -> Trimmed {
        let folder = tempfile::tempdir().unwrap();
        let trimmed = Trimmed { folder, go };
        trimmed.write(
            "app/go.mod",
            "module a.io/app\n\ngo 1.18\n\nrequire b.io/Dep v1.0.0\n\nreplace b.io/Dep => ../dep\n",
        );
        trimmed.write(
            "app/cmd/main.go",
            "package main\n\nimport \"b.io/Dep\"\n\nfunc main() {\n\tprintln(dep.Twice(4)) // in main\n}\n",
        );
        trimmed.write("dep/go.mod", "module b.io/Dep\n\ngo 1.18\n");
        trimmed.write(
            "dep/dep.go",
            "package dep\n\n//go:noinline\nfunc Twice(a int) int {\n\treturn a + a // in dep\n}\n",
        );
        let mut command = trimmed.go.command();
        command.current_dir(trimmed.path("app")).args([
            "build",
            "-trimpath",
            "-gcflags=-N -l",
            "-o",
            "../program",
        ]);
        let output = command.arg("./cmd").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        trimmed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn look(&self, from: &Path) -> Session {
        let program = self.path("program");
        Debugger::new(["inspect", program.to_str().unwrap()]).with_go(&self.go).in_directory(from).start()
    }
}

#[test]
fn sources_of_a_trimmed_build_are_found_without_being_told() {
    let Some(go) = Go::any() else { return };
    let trimmed = Trimmed::build(go);
    let mut session = trimmed.look(&trimmed.path("app"));
    assert_eq!(session.send("sources /main\\.go$"), "a.io/app/cmd/main.go\n");
    let own = session.send("list main.main");
    assert!(own.starts_with("Showing a.io/app/cmd/main.go:"), "{own}");
    assert!(own.contains("// in main"), "{own}");
    let dependency = session.send("list dep.Twice");
    assert!(dependency.contains("// in dep"), "{dependency}");
    let standard = session.send("list runtime.main");
    assert!(standard.contains("func main() {"), "{standard}");
    // A file of this machine is known by its path here, too.
    let here = trimmed.path("app/cmd/main.go");
    let by_path = session.send(&format!("list {}:6", here.display()));
    assert!(by_path.contains("// in main"), "{by_path}");
    let code = session.send("disassemble -s -l dep.Twice");
    assert!(code.contains(": return a + a // in dep\n"), "{code}");
    session.quit();
}

#[test]
fn rules_are_guessed_when_asked_for() {
    let Some(go) = Go::any() else { return };
    let trimmed = Trimmed::build(go);
    let root = trimmed.go.command().args(["env", "GOROOT"]).output().unwrap();
    let root = String::from_utf8(root.stdout).unwrap().trim().to_owned();
    let mut session = trimmed.look(&trimmed.path("app"));
    assert_eq!(session.send("config substitute-path -guess"), "");
    let rules = session.send("config substitute-path");
    let app = trimmed.path("app").display().to_string();
    assert!(rules.contains(&format!("\"a.io/app\" \u{2192} \"{app}\"\n")), "{rules}");
    assert!(rules.ends_with(&format!("\"\" \u{2192} \"{root}/src\"\n")), "{rules}");
    assert_eq!(session.send("sources /main\\.go$"), format!("{app}/cmd/main.go\n"));
    let place = session.send("list main.main");
    assert!(place.contains("// in main"), "{place}");
    session.send("config substitute-path -clear");
    assert_eq!(session.send("sources /main\\.go$"), "a.io/app/cmd/main.go\n");
    session.quit();
}

#[test]
fn rules_that_are_given_come_first() {
    let Some(go) = Go::any() else { return };
    let trimmed = Trimmed::build(go);
    trimmed.write("other/cmd/main.go", "1\n2\n3\n4\nthe other file\n");
    // From a folder where the Go command knows nothing of the module.
    let mut session = trimmed.look(Path::new("/"));
    session.send(&format!("config substitute-path a.io/app {}", trimmed.path("other").display()));
    let listing = session.send("list main.main");
    assert!(listing.contains("the other file"), "{listing}");
    let location = format!("{}:6", trimmed.path("other/cmd/main.go").display());
    assert!(session.send(&format!("list {location}")).contains("the other file"));
    session.send("config substitute-path -clear");
    let missing = session.send("list main.main");
    assert!(missing.contains("open a.io/app/cmd/main.go: no such file or directory"), "{missing}");
    session.quit();
}

#[test]
fn the_helper_prints_what_a_client_knows() {
    let Some(go) = Go::any() else { return };
    let trimmed = Trimmed::build(go);
    let helper = Debugger::new(["substitute-path-guess-helper"]).with_go(&trimmed.go);
    let run = helper.in_directory(&trimmed.path("app")).run();
    let app = trimmed.path("app").display().to_string();
    assert!(
        run.stdout.starts_with("{\"ImportPathOfMainPackage\":\"a.io/app/cmd\",\"ClientGOROOT\":\"/"),
        "{run:?}"
    );
    assert!(run.stdout.contains(&format!("\"a.io/app\":\"{app}\"")), "{run:?}");
}
