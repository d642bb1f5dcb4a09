//! Builds the C and C++ programs under test, in the forms that compilers and other tools can give their debug
//! information.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::skip;
use adit_symbols::Binary;

/// A built program, in a folder that goes when it goes.
pub(crate) struct CProgram {
    pub(crate) path: PathBuf,
    pub(crate) description: String,
    pub(crate) folder: tempfile::TempDir,
}

/// Is there such a tool? If not, that is noted.
pub(crate) fn has_tool(name: &str) -> bool {
    let found = Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        skip(&format!("no {name}"));
    }
    found
}

/// Runs a tool in a folder; what it says if it fails.
pub(crate) fn run(folder: &Path, command: &[&str]) -> Result<String, String> {
    let output = Command::new(command[0]).args(&command[1..]).current_dir(folder).output();
    let output = output.map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Compiles `sources` of `testdata/shapes` with `command` (compiler and flags) into one program, one object a source.
/// `None`, and that is noted, if the compiler is not there or has no such flag.
pub(crate) fn build(command: &[&str], sources: &[&str], link_flags: &[&str]) -> Option<CProgram> {
    if !has_tool(command[0]) {
        return None;
    }
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/shapes");
    let folder = tempfile::tempdir().unwrap();
    let mut link = vec![command[0], "-o", "program"];
    let objects: Vec<String> = sources.iter().map(|source| format!("{source}.o")).collect();
    for (source, object) in sources.iter().zip(&objects) {
        std::fs::copy(testdata.join(source), folder.path().join(source)).unwrap();
        std::fs::copy(testdata.join("shapes.h"), folder.path().join("shapes.h")).unwrap();
        // The folder is another in each build, and paths are compared.
        let prefix = format!("-ffile-prefix-map={}=/build", folder.path().display());
        let compile = [command, &[&prefix, "-c", source, "-o", object]].concat();
        if let Err(error) = run(folder.path(), &compile) {
            let cause = error.lines().find(|line| line.contains("error")).unwrap_or_default();
            skip(&format!("{}: {cause}", command.join(" ")));
            return None;
        }
        link.push(object);
    }
    link.extend(link_flags);
    run(folder.path(), &link).unwrap();
    let path = folder.path().join("program");
    Some(CProgram { path, description: [command, link_flags].concat().join(" "), folder })
}

/// Both units of the C program.
pub(crate) const SHAPES: &[&str] = &["main.c", "other.c"];

impl CProgram {
    /// Opens the program, with what belongs to it.
    pub(crate) fn binary(&self) -> Binary {
        let (binary, refused) = Binary::open(&self.path).unwrap().with_separate(&[]);
        assert!(refused.is_empty(), "{}: {refused:?}", self.description);
        binary
    }

    /// Runs a tool in the program's folder; `false`, and that is noted, if it is not there or cannot do this.
    pub(crate) fn transform(&mut self, command: &[&str]) -> bool {
        if !has_tool(command[0]) {
            return false;
        }
        let text = command.join(" ");
        if let Err(error) = run(self.folder.path(), command) {
            skip(&format!("{text}: {}", error.lines().next().unwrap_or_default()));
            return false;
        }
        self.description = format!("{}; {text}", self.description);
        true
    }
}
