//! Builds with a real Go command.

#![allow(missing_docs, clippy::unwrap_used)]

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use adit_e2e::{Go, skip};
use adit_gobuild::{Build, BuildError, Flags, Kind, Output, package_directory};

/// A module with a program, a library, and a test.
struct Module {
    go: Go,
    root: tempfile::TempDir,
    environment: Vec<(OsString, OsString)>,
}

impl Module {
    /// `None`, counted as a skip, where there is no Go.
    fn new() -> Option<Module> {
        let go = Go::any()?;
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("go.mod", "module example\n\ngo 1.18\n"),
            ("prog/main.go", "package main\n\nvar v = \"unset\"\n\nfunc main() { println(v) }\n"),
            ("broken/main.go", "package main\n\nfunc main() { undefined() }\n"),
            ("lib/lib.go", "package lib\n\nfunc One() int { return 1 }\n"),
            (
                "lib/lib_test.go",
                "package lib\n\nimport \"testing\"\n\nfunc TestOne(t *testing.T) { One() }\n",
            ),
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut environment: Vec<(OsString, OsString)> =
            vec![("GOTOOLCHAIN".into(), "local".into()), ("GOFLAGS".into(), "-buildvcs=false".into())];
        if let Some(directory) = go.directory() {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = std::iter::once(directory.to_owned()).chain(std::env::split_paths(&path));
            environment.push(("PATH".into(), std::env::join_paths(path).unwrap()));
        }
        Some(Module { go, root, environment })
    }

    /// A build of one package, by its import path: the test's own current directory is another.
    fn build(&self, kind: Kind, package: &str, flags: &str) -> Build {
        let flags = format!("-C '{}' {flags}", self.root.path().display());
        Build {
            kind,
            packages: vec![format!("./{package}")],
            flags: Flags::parse(&flags),
            environment: self
                .environment
                .iter()
                .map(|(name, value)| (name.clone(), Some(value.clone())))
                .collect(),
        }
    }

    fn output(&self) -> Output {
        Output::named(&self.root.path().join("out"))
    }

    /// `-C` came with Go 1.20.
    fn knows_directory_flag(&self) -> bool {
        let knows = self.go.minor() >= 20;
        if !knows {
            skip("this Go has no -C flag");
        }
        knows
    }
}

fn ready() -> Option<Module> {
    Module::new().filter(Module::knows_directory_flag)
}

fn said_by(program: &Path) -> String {
    let output = Command::new(program).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_program_is_built_with_the_users_flags_and_built_again() {
    let Some(module) = ready() else { return };
    let output = module.output();
    let build = module.build(Kind::Program, "prog", "-ldflags='-X main.v=first'");
    build.run(&output).unwrap();
    assert_eq!(said_by(output.path()), "first\n");

    let source = module.root.path().join("prog/main.go");
    let text = fs::read_to_string(&source).unwrap().replace("println(v)", "println(v, \"again\")");
    fs::write(source, text).unwrap();
    build.run(&output).unwrap();
    assert_eq!(said_by(output.path()), "first again\n");
    output.remove().unwrap();
    assert!(!output.path().exists());
}

#[test]
fn the_program_is_not_optimised() {
    let Some(module) = ready() else { return };
    let output = module.output();
    module.build(Kind::Program, "prog", "").run(&output).unwrap();
    let version = module.go.command().args(["version", "-m"]).arg(output.path()).output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    assert!(version.contains("-gcflags=\"all=-N -l\""), "{version}");
}

#[test]
fn flags_of_a_list_work_as_those_of_a_string() {
    let Some(module) = ready() else { return };
    let output = module.output();
    let mut build = module.build(Kind::Program, "prog", "");
    let directory = module.root.path().display().to_string();
    build.flags = Flags::List(vec!["-C".to_owned(), directory, "-ldflags=-X main.v=listed".to_owned()]);
    build.run(&output).unwrap();
    assert_eq!(said_by(output.path()), "listed\n");
}

#[test]
fn a_file_created_for_the_output_is_built_over() {
    let Some(module) = ready() else { return };
    let output = module.output();
    fs::write(output.path(), "").unwrap();
    module.build(Kind::Program, "prog", "").run(&output).unwrap();
    assert_eq!(said_by(output.path()), "unset\n");
}

#[test]
fn a_library_is_no_program() {
    let Some(module) = ready() else { return };
    let error = module.build(Kind::Program, "lib", "").run(&module.output()).unwrap_err();
    assert!(matches!(error, BuildError::NotMain), "{error}");
    assert_eq!(error.to_string(), "Can not debug non-main package");
}

#[test]
fn a_failed_build_says_how_go_ended() {
    let Some(module) = ready() else { return };
    let error = module.build(Kind::Program, "broken", "").run(&module.output()).unwrap_err();
    assert!(matches!(error, BuildError::Failed(_)), "{error}");
    assert!(error.to_string().starts_with("exit status "), "{error}");
}

#[test]
fn tests_are_built_and_run_in_their_packages_directory() {
    let Some(module) = ready() else { return };
    let output = module.output();
    let build = module.build(Kind::Test, "lib", "");
    build.run(&output).unwrap();
    let run = Command::new(output.path()).arg("-test.v").output().unwrap();
    assert!(String::from_utf8_lossy(&run.stdout).contains("TestOne"), "{run:?}");

    let directory = package_directory(&build).unwrap();
    let expected = module.root.path().join("lib");
    assert_eq!(directory.canonicalize().unwrap(), expected.canonicalize().unwrap());
}

#[test]
fn a_package_without_tests_is_named_as_the_reason() {
    let Some(module) = ready() else { return };
    for output in [module.output(), Output::unnamed(Kind::Test)] {
        let error = module.build(Kind::Test, "prog", "").run(&output).unwrap_err();
        output.remove_after_failure().unwrap();
        assert!(matches!(error, BuildError::NoTests), "{error}");
        assert!(!output.path().exists());
    }
}

#[test]
fn a_machine_without_go_is_told_so() {
    let build = Build {
        kind: Kind::Program,
        packages: Vec::new(),
        flags: Flags::parse(""),
        environment: vec![("PATH".into(), Some("".into()))],
    };
    let directory = tempfile::tempdir().unwrap();
    let error = build.run(&Output::named(&directory.path().join("out"))).unwrap_err();
    assert!(matches!(error, BuildError::NoGo(_)), "{error}");
    assert!(error.to_string().contains("install Go"), "{error}");
}
