//! Builds the Go programs under test, and opens their debug information.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_arch::ByteOrder;
use adit_symbols::{Dwarf, FileAddr, SectionBytes};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// `-gcflags='all=-N -l'`.
    Debug,
    /// As `go build` does by itself.
    Optimized,
}

/// A built program.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) data: Vec<u8>,
    pub(crate) source: String,
    pub(crate) go: PathBuf,
    pub(crate) description: String,
    _folder: tempfile::TempDir,
}

/// Notes that a test could not run, where the test run's summary finds it.
pub(crate) fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

/// The Go toolchains to test with: the oldest, the newest and the one at hand, as far as there are any.
pub(crate) fn toolchains() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for name in ["ADIT_GO_OLDEST", "ADIT_GO_NEWEST", "ADIT_GO"] {
        if let Some(go) = std::env::var_os(name)
            && !found.contains(&PathBuf::from(&go))
        {
            found.push(go.into());
        }
    }
    if found.is_empty() && Command::new("go").arg("version").output().is_ok() {
        found.push("go".into());
    }
    if found.is_empty() {
        skip("no Go toolchain: set ADIT_GO or put go on PATH");
    }
    found
}

/// Builds the program of `testdata/<name>.go` with every toolchain.
pub(crate) fn each(name: &str, build: Build) -> Vec<Program> {
    toolchains().iter().map(|go| Program::build(go, name, build)).collect()
}

impl Program {
    pub(crate) fn build(go: &Path, name: &str, build: Build) -> Program {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(format!("{name}.go"));
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main.go");
        let path = folder.path().join(name);
        std::fs::copy(&source, &main).unwrap();
        std::fs::write(folder.path().join("go.mod"), format!("module example.com/{name}\n\ngo 1.18\n"))
            .unwrap();
        let mut command = Command::new(go);
        command.current_dir(folder.path()).env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local");
        command.env_remove("GOROOT").args(["build", "-o"]).arg(&path);
        if build == Build::Debug {
            command.arg("-gcflags=all=-N -l");
        }
        let output = command.arg(".").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Program {
            data: std::fs::read(&path).unwrap(),
            path,
            source: std::fs::read_to_string(&source).unwrap(),
            go: go.to_owned(),
            description: format!("{} {build:?}", go.display()),
            _folder: folder,
        }
    }

    /// The program's debug information.
    pub(crate) fn dwarf(&self) -> Dwarf {
        open(self.data.clone())
    }

    /// What the program prints.
    pub(crate) fn run(&self) -> String {
        let output = Command::new(&self.path).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    /// The line that bears `// mark: <mark>`.
    pub(crate) fn line(&self, mark: &str) -> u32 {
        let mark = format!("// mark: {mark}");
        let lines = self.source.lines().position(|line| line.ends_with(&mark));
        u32::try_from(lines.unwrap_or_else(|| panic!("no line has {mark:?}"))).unwrap() + 1
    }

    /// Address of a symbol.
    pub(crate) fn symbol(&self, name: &str) -> FileAddr {
        let file = object::File::parse(&*self.data).unwrap();
        let symbol = file.symbols().find(|symbol| symbol.name() == Ok(name));
        FileAddr(symbol.unwrap_or_else(|| panic!("no symbol {name}")).address())
    }

    /// The name of the first symbol that starts with this.
    pub(crate) fn symbol_starting_with(&self, start: &str) -> String {
        let found = self.functions().into_iter().find(|(name, _, _)| name.starts_with(start));
        found.unwrap_or_else(|| panic!("no symbol starts with {start}")).0
    }

    /// (name, address, size) of all functions of the symbol table.
    pub(crate) fn functions(&self) -> Vec<(String, FileAddr, u64)> {
        let file = object::File::parse(&*self.data).unwrap();
        let functions = file.symbols().filter(|symbol| symbol.kind() == object::SymbolKind::Text);
        functions
            .filter(|symbol| symbol.address() != 0 && symbol.size() != 0)
            .map(|symbol| (symbol.name().unwrap().to_owned(), FileAddr(symbol.address()), symbol.size()))
            .collect()
    }

    /// The minor version of the Go that built it.
    pub(crate) fn go_version(&self) -> u32 {
        let output = Command::new(&self.go).args(["env", "GOVERSION"]).output().unwrap();
        let version = String::from_utf8(output.stdout).unwrap();
        version.trim().split('.').nth(1).unwrap().parse().unwrap()
    }

    /// Output of a tool of this program's toolchain or system.
    pub(crate) fn go_tool(&self, args: &[&str]) -> String {
        let output = Command::new(&self.go).arg("tool").args(args).arg(&self.path).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// Opens the debug information of an executable.
pub(crate) fn open(data: Vec<u8>) -> Dwarf {
    let little = object::File::parse(&*data).unwrap().is_little_endian();
    let is_64 = object::File::parse(&*data).unwrap().is_64();
    let loader = move |name: &str| {
        let file = object::File::parse(&*data).ok()?;
        let section = file.section_by_name(name)?;
        Some(SectionBytes { data: Box::new(contents(&section)), address: section.address() })
    };
    let order = if little { ByteOrder::Little } else { ByteOrder::Big };
    Dwarf::open(Box::new(loader), order, if is_64 { 8 } else { 4 })
}

fn contents<'a>(section: &impl object::ObjectSection<'a>) -> Vec<u8> {
    let stored = section.compressed_data().unwrap();
    match stored.format {
        object::CompressionFormat::None => stored.data.to_vec(),
        object::CompressionFormat::Zlib => {
            let mut plain = Vec::new();
            let mut decoder = flate2::read::ZlibDecoder::new(stored.data);
            std::io::Read::read_to_end(&mut decoder, &mut plain).unwrap();
            plain
        }
        other => panic!("compression {other:?}"),
    }
}
