//! Makes programs and takes their debug information away.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_symbols::{Binary, Refused};

/// Notes that a test could not run, where the test run's summary finds it.
pub(crate) fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = fs::OpenOptions::new().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

/// Can all of these tools be run? If not, the test is skipped.
pub(crate) fn have(tools: &[&str]) -> bool {
    for tool in tools {
        if let Err(error) = Command::new(tool).arg("--version").output() {
            skip(&format!("no {tool}: {error}"));
            return false;
        }
    }
    true
}

/// A folder of files that goes away with it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a tool in the folder.
    pub(crate) fn run(&self, tool: &str, arguments: &[&str]) {
        let output = Command::new(tool).args(arguments).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Builds a C program with a build ID, or without; its source is `<name>.c`.
    pub(crate) fn c_program(&self, name: &str, build_id: &str, flags: &[&str]) {
        let source = format!("{name}.c");
        if !self.path(&source).exists() {
            fs::write(self.path(&source), SOURCE).unwrap();
        }
        let id = format!("-Wl,--build-id={build_id}");
        self.run("gcc", &[&["-g", "-o", name, &source, &id], flags].concat());
    }

    /// Splits `name` into itself, stripped, and `debug`.
    pub(crate) fn split(&self, name: &str, debug: &str) {
        self.run("objcopy", &["--only-keep-debug", name, debug]);
        self.run("objcopy", &["--strip-all", name]);
    }

    /// Moves a file to where its build ID leads in the directory `to`.
    pub(crate) fn file_by_id(&self, name: &str, to: &str) -> PathBuf {
        let id = Binary::open(&self.path(name)).unwrap().gnu_build_id().unwrap();
        let folder = self.path(to).join(&id[..2]);
        fs::create_dir_all(&folder).unwrap();
        let place = folder.join(format!("{}.debug", &id[2..]));
        fs::rename(self.path(name), &place).unwrap();
        place
    }

    /// Opens a program and looks for its debug information in the directories.
    pub(crate) fn open(&self, name: &str, directories: &[&str]) -> (Binary, Vec<Refused>) {
        let directories: Vec<PathBuf> = directories.iter().map(|name| self.path(name)).collect();
        Binary::open(&self.path(name)).unwrap().with_separate(&directories)
    }
}

pub(crate) const SOURCE: &str = "struct point { int x, y; };\n\
    int add(struct point *p) {\n    return p->x + p->y;\n}\n\
    int main(void) {\n    struct point p = {1, 2};\n    return add(&p);\n}\n";

/// Asserts that the debug information of `binary` is that of [`SOURCE`].
pub(crate) fn answers(binary: &Binary) {
    let add = binary.symbol("add").unwrap();
    let dwarf = binary.dwarf().unwrap();
    let function = dwarf.function_at(add.addr).unwrap().unwrap();
    assert_eq!(&*function.name, "add");
    assert_eq!(dwarf.type_by_name("struct point").unwrap().unwrap().size, 8);
    let rows = dwarf.line_rows(add.addr, adit_symbols::FileAddr(add.addr.0 + add.size)).unwrap();
    assert_eq!(rows[0].line, 2, "{rows:?}");
}

/// The one file that was refused, and why.
pub(crate) fn only(refused: &[Refused]) -> (&Path, String) {
    assert_eq!(refused.len(), 1, "{refused:?}");
    (&refused[0].path, refused[0].reason.to_string())
}
