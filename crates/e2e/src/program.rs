//! The programs under test, built and kept under `target/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::SystemTime;

use crate::Go;

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flavour {
    /// Without optimisations and inlining, as a debugger builds it.
    Debug,
    /// As a user builds it for others.
    Optimised,
    /// Optimised, and without symbol table and debug information.
    Stripped,
    /// Position independent, so that it is loaded at another address each time.
    Pie,
}

impl Flavour {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Flavour::Debug => &["-gcflags=all=-N -l"],
            Flavour::Optimised => &[],
            Flavour::Stripped => &["-ldflags=-s -w"],
            Flavour::Pie => &["-gcflags=all=-N -l", "-buildmode=pie"],
        }
    }
}

/// A program of `testdata/`, built.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    source: PathBuf,
}

impl Program {
    /// Builds `testdata/e2e/<name>` for debugging.
    pub fn build(name: &str, go: &Go) -> Program {
        Self::build_as(name, go, Flavour::Debug)
    }

    /// Builds `testdata/e2e/<name>`, unless it was built before and its source is older than that.
    pub fn build_as(name: &str, go: &Go, flavour: Flavour) -> Program {
        Self::build_in(&testdata().join("e2e").join(name), go, flavour)
    }

    /// Builds the program of a directory.
    pub fn build_in(source: &Path, go: &Go, flavour: Flavour) -> Program {
        let tag = format!("{flavour:?}").to_lowercase();
        Self::build_with(source, go, &tag, flavour.arguments(), &[])
    }

    /// Builds `testdata/e2e/<name>` for another platform, `linux/arm64`.
    pub fn build_for(name: &str, go: &Go, platform: &str) -> Program {
        let (os, arch) = platform.split_once('/').unwrap();
        let environment = [("GOOS", os), ("GOARCH", arch)];
        let tag = format!("{os}-{arch}");
        let source = testdata().join("e2e").join(name);
        Self::build_with(&source, go, &tag, Flavour::Debug.arguments(), &environment)
    }

    /// Builds `testdata/e2e/<name>` with these arguments and environment variables; `tag` tells it from other builds.
    pub fn build_custom(
        name: &str,
        go: &Go,
        tag: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Program {
        Self::build_with(&testdata().join("e2e").join(name), go, tag, arguments, environment)
    }

    fn build_with(
        source: &Path,
        go: &Go,
        tag: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Program {
        let name = source.file_name().unwrap().to_str().unwrap();
        let folder = target_directory().join("e2e").join(format!("go{}", go.version()));
        let path = folder.join(format!("{name}-{tag}"));
        // One build of a program at a time; different ones at once.
        let lock = build_lock(&path);
        let _building = lock.lock().unwrap();
        if !is_newer(&path, source) {
            fs::create_dir_all(&folder).unwrap();
            // In place only when whole: another process of the same tests may look for it now.
            let unfinished = tempfile::Builder::new().prefix(name).tempfile_in(&folder).unwrap();
            let mut command = go.command();
            command.current_dir(source).arg("build").arg("-o").arg(unfinished.path());
            command.envs(environment.iter().copied());
            let output = command.args(arguments).arg(".").output().unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            fs::rename(unfinished.path(), &path).unwrap();
        }
        Program { path, source: source.to_owned() }
    }

    /// The executable.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The directory of its source.
    pub fn source(&self) -> &Path {
        &self.source
    }

    /// The number of the line of `main.go` that carries the comment `// stop: <mark>`.
    pub fn line(&self, mark: &str) -> usize {
        self.line_of("main.go", mark)
    }

    /// The number of the line of another file of the program that carries the comment.
    pub fn line_of(&self, file: &str, mark: &str) -> usize {
        marked_line(&self.source.join(file), mark)
    }

    /// The marked line as a location of the debugger.
    pub fn at(&self, mark: &str) -> String {
        format!("main.go:{}", self.line(mark))
    }
}

/// The number of the line of a file that carries the comment `// stop: <mark>`.
fn marked_line(file: &Path, mark: &str) -> usize {
    let text = fs::read_to_string(file).unwrap();
    let comment = format!("// stop: {mark}");
    let found: Vec<usize> =
        text.lines().enumerate().filter(|(_, line)| line.ends_with(&comment)).map(|(i, _)| i + 1).collect();
    match found.as_slice() {
        [line] => *line,
        lines => panic!("{} has {comment:?} on lines {lines:?}", file.display()),
    }
}

/// Writes a file that can be executed, by another process: a file that this one has open for writing cannot be, nor while
/// a child that another test is starting still has it open (execve(2), ETXTBSY).
pub fn write_executable(path: &Path, content: &[u8]) {
    let mut writer = std::process::Command::new("/bin/sh");
    writer.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(path);
    let mut writer = writer.stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut writer.stdin.take().unwrap(), content).unwrap();
    assert!(writer.wait().unwrap().success());
}

/// The folder of programs under test.
pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").canonicalize().unwrap()
}

/// The folder that cargo builds in: this very program lies in it.
pub(crate) fn target_directory() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    // target/<profile>/<binary>, or <profile>/deps/<test>, or <profile>/examples/<example>.
    let profile =
        own.ancestors().skip(1).find(|folder| !folder.ends_with("deps") && !folder.ends_with("examples"));
    profile.and_then(Path::parent).unwrap().to_owned()
}

fn build_lock(path: &Path) -> Arc<Mutex<()>> {
    static LOCKS: OnceLock<Mutex<BTreeMap<PathBuf, Arc<Mutex<()>>>>> = OnceLock::new();
    let mut locks = LOCKS.get_or_init(Mutex::default).lock().unwrap();
    locks.entry(path.to_owned()).or_default().clone()
}

fn is_newer(built: &Path, source: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    let Ok(built) = modified(built) else { return false };
    let sources = fs::read_dir(source).unwrap().map(|entry| modified(&entry.unwrap().path()).unwrap());
    let module = modified(&source.join("../go.mod")).unwrap_or(SystemTime::UNIX_EPOCH);
    sources.chain([module]).all(|source| source < built)
}
