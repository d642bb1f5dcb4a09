//! Builds and runs the program that tells facts about itself, and reads its memory.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use adit_goruntime::{Globals, GoRuntime, Layout, Modules, Release};
use adit_process::{Addr, Memory, MemoryError};
use adit_symbols::{Dwarf, SectionBytes};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

/// A process's memory, read without stopping it.
pub(crate) struct ProcMemory(File);

impl Memory for ProcMemory {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        self.0.read_exact_at(buf, addr.0).map_err(|cause| MemoryError {
            addr,
            len: buf.len(),
            writing: false,
            cause: cause.to_string(),
        })
    }

    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError> {
        let cause = "not for writing".into();
        Err(MemoryError { addr, len: bytes.len(), writing: true, cause })
    }
}

/// A process's memory, but for one byte.
pub(crate) struct Changed<'a>(pub(crate) &'a ProcMemory, pub(crate) Addr, pub(crate) u8);

impl Memory for Changed<'_> {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        self.0.read(addr, buf)?;
        if let Some(byte) = self.1.0.checked_sub(addr.0).and_then(|at| buf.get_mut(at as usize)) {
            *byte = self.2;
        }
        Ok(())
    }

    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError> {
        let cause = "not for writing".into();
        Err(MemoryError { addr, len: bytes.len(), writing: true, cause })
    }
}

/// A running program that has told its facts.
pub(crate) struct Program {
    child: Child,
    pub(crate) pid: u32,
    pub(crate) go: String,
    pub(crate) memory: ProcMemory,
    pub(crate) runtime: GoRuntime,
    pub(crate) modules: Modules,
    pub(crate) data: Vec<u8>,
    pub(crate) facts: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Notes that a test could not run, where the test run's summary finds it.
pub(crate) fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = File::options().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

/// The Go toolchains to test with: those of `ADIT_GO_ALL` (a path list), else the oldest, the newest and the one at
/// hand, as far as there are any.
pub(crate) fn toolchains() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = match std::env::var_os("ADIT_GO_ALL") {
        Some(all) => std::env::split_paths(&all).collect(),
        None => ["ADIT_GO_OLDEST", "ADIT_GO_NEWEST", "ADIT_GO"]
            .into_iter()
            .filter_map(std::env::var_os)
            .map(PathBuf::from)
            .collect(),
    };
    if found.is_empty() && Command::new("go").arg("version").output().is_ok() {
        found.push("go".into());
    }
    if found.is_empty() {
        skip("no Go toolchain: set ADIT_GO or put go on PATH");
    }
    found.sort();
    found.dedup();
    found
}

/// A `go` command of this toolchain alone, in `folder`.
pub(crate) fn go_command(go: &Path, folder: &Path) -> Command {
    let mut command = Command::new(go);
    command.current_dir(folder).env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local");
    command.env_remove("GOROOT");
    command
}

/// The minor version of a toolchain.
pub(crate) fn release_of(go: &Path) -> Release {
    let output = Command::new(go).env("GOTOOLCHAIN", "local").args(["env", "GOVERSION"]).output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    Release(version.trim().split('.').nth(1).unwrap().parse().unwrap())
}

/// Runs the check on the program as built by each toolchain. The programs are started once for all tests, and end
/// with the test process, which holds their standard input.
pub(crate) fn each(check: impl Fn(&Program)) {
    static PROGRAMS: OnceLock<Vec<Program>> = OnceLock::new();
    for program in PROGRAMS.get_or_init(|| toolchains().iter().map(|go| Program::start(go, "")).collect()) {
        println!("with {}", program.go);
        check(program);
    }
}

/// Builds the program in a new folder.
pub(crate) fn build(go: &Path, ldflags: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/facts");
    for entry in std::fs::read_dir(source).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    std::fs::write(folder.path().join("go.mod"), "module example.com/facts\n\ngo 1.18\n").unwrap();
    let path = folder.path().join("facts");
    let mut command = go_command(go, folder.path());
    let output = command
        .args(["build", "-ldflags", &format!("-compressdwarf=false {ldflags}"), "-o"])
        .arg(&path)
        .arg(".")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, path)
}

impl Program {
    pub(crate) fn start(go: &Path, ldflags: &str) -> Program {
        Self::start_with(go, ldflags, "")
    }

    /// Builds and starts the program with this GODEBUG.
    pub(crate) fn start_with(go: &Path, ldflags: &str, godebug: &str) -> Program {
        let (folder, path) = build(go, ldflags);
        let mut command = Command::new(&path);
        command.env("GODEBUG", godebug).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let facts: Vec<String> = lines.take_while(|line| line != "ready").collect();
        let memory = ProcMemory(File::open(format!("/proc/{}/mem", child.id())).unwrap());
        let data = std::fs::read(&path).unwrap();
        let layout = Layout::of_release(release_of(go), &adit_arch::AMD64);
        let globals = Globals::find(|name| symbol(&data, name));
        let runtime = GoRuntime { layout, globals };
        let modules = runtime.modules(&memory).unwrap_or_default();
        let (pid, go) = (child.id(), go.display().to_string());
        Program { child, pid, go, memory, runtime, modules, data, facts, _folder: folder }
    }

    /// The words of all facts of one kind, split at `separator`.
    pub(crate) fn facts(&self, kind: &str, separator: char) -> Vec<Vec<&str>> {
        let split = |line: &'_ str| line.split(separator).next() == Some(kind);
        let of_kind = self.facts.iter().filter(|line| split(line));
        of_kind.map(|line| line.split(separator).skip(1).collect()).collect()
    }

    /// The program's debug information.
    pub(crate) fn dwarf(&self) -> Dwarf {
        dwarf(self.data.clone())
    }

    /// Reads bytes as the program prints them.
    pub(crate) fn hex(&self, addr: Addr, size: usize) -> String {
        let mut bytes = vec![0; size];
        self.memory.read(addr, &mut bytes).unwrap();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "."
    }
}

/// Run-time address of a symbol of an executable that is not position-independent.
pub(crate) fn symbol(data: &[u8], name: &str) -> Option<Addr> {
    let file = object::File::parse(data).unwrap();
    file.symbols().find(|symbol| symbol.name() == Ok(name)).map(|symbol| Addr(symbol.address()))
}

/// Address and size of a section.
pub(crate) fn section(data: &[u8], name: &str) -> Option<(Addr, u64)> {
    let file = object::File::parse(data).unwrap();
    file.section_by_name(name).map(|section| (Addr(section.address()), section.size()))
}

pub(crate) fn dwarf(data: Vec<u8>) -> Dwarf {
    let load = move |name: &str| {
        let file = object::File::parse(&*data).ok()?;
        let section = file.section_by_name(name)?;
        let bytes = section.data().ok()?.to_vec();
        Some(SectionBytes { data: Box::new(bytes), address: section.address() })
    };
    Dwarf::open(Box::new(load), adit_arch::ByteOrder::Little, 8)
}

/// A number of a fact.
pub(crate) fn number(text: &str) -> u64 {
    text.parse().unwrap()
}
