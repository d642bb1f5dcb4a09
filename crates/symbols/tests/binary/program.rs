//! Builds the Go programs under test.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adit_symbols::Binary;

/// Notes that a test could not run, where the test run's summary finds it.
pub(crate) fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

/// The Go toolchains to test with: the oldest, the newest and the one at hand, as far as there are any; more in
/// `ADIT_GOS`, separated like `PATH`.
pub(crate) fn toolchains() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for name in ["ADIT_GO_OLDEST", "ADIT_GO_NEWEST", "ADIT_GO"] {
        found.extend(std::env::var_os(name).map(PathBuf::from));
    }
    found.extend(std::env::var_os("ADIT_GOS").iter().flat_map(std::env::split_paths));
    if found.is_empty() && Command::new("go").arg("version").output().is_ok() {
        found.push("go".into());
    }
    if found.is_empty() {
        skip("no Go toolchain: set ADIT_GO or put go on PATH");
    }
    found
}

/// The newest of the toolchains.
pub(crate) fn newest() -> Option<PathBuf> {
    std::env::var_os("ADIT_GO_NEWEST").map(PathBuf::from).or_else(|| toolchains().pop())
}

/// The line that bears `// mark: <mark>`.
pub(crate) fn line_marked(source: &str, mark: &str) -> u32 {
    let mark = format!("// mark: {mark}");
    let found = source.lines().position(|line| line.ends_with(&mark));
    u32::try_from(found.unwrap_or_else(|| panic!("no line has {mark:?}"))).unwrap() + 1
}

/// A built program.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) source: String,
    go: PathBuf,
    _folder: tempfile::TempDir,
}

impl Program {
    /// Builds `testdata/inlining` with further arguments for `go build`, and variables of its environment.
    pub(crate) fn build(go: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Program {
        let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/inlining/main.go");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        let mut command = Command::new(go);
        command.env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
        command.env_remove("GOROOT").envs(environment.iter().copied());
        command.args(["build", "-o"]).arg(&path).args(arguments).arg(main.canonicalize().unwrap());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let source = std::fs::read_to_string(main).unwrap();
        Program { path, source, go: go.to_owned(), _folder: folder }
    }

    pub(crate) fn open(&self) -> Binary {
        Binary::open(&self.path).unwrap()
    }

    /// The line that bears `// stop: <mark>`.
    pub(crate) fn line(&self, mark: &str) -> u32 {
        let mark = format!("// stop: {mark}");
        let found = self.source.lines().position(|line| line.ends_with(&mark));
        u32::try_from(found.unwrap()).unwrap() + 1
    }

    /// Output of `go tool <arguments> program`, given `input`.
    pub(crate) fn go_tool(&self, arguments: &[&str], input: &str) -> String {
        let mut command = Command::new(&self.go);
        command.env("GOTOOLCHAIN", "local").env_remove("GOROOT").arg("tool").args(arguments).arg(&self.path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "go tool {arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Removes what `strip` removes, or says why it cannot.
pub(crate) fn strip(path: &Path, arguments: &[&str]) -> bool {
    match Command::new("objcopy").args(arguments).arg(path).output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(error) => {
            skip(&format!("no objcopy: {error}"));
            false
        }
    }
}
