//! Real Go programs for the tests, built by the toolchains at hand: those that `ADIT_GO` lists (paths of `go`,
//! separated by colons), or the `go` on PATH.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::{Object, ObjectSection, ObjectSymbol};

const SOURCE: &str = r#"package main

import (
	"encoding/json"
	"fmt"
	"os"
)

type big struct{ bytes [200000]byte }

//go:noinline
func huge(i int) byte { var b big; fill(&b); return b.bytes[i] }

//go:noinline
func fill(b *big) { b.bytes[3] = byte(len(os.Args)) }

func main() {
	fmt.Println(huge(3))
	json.NewEncoder(os.Stdout).Encode(os.Args)
}
"#;

/// One toolchain.
pub(crate) struct Go {
    pub(crate) path: PathBuf,
    /// The `x` of go1.x.
    pub(crate) minor: u32,
}

/// The toolchains at hand; says so if there are none.
pub(crate) fn toolchains() -> Vec<Go> {
    let listed = std::env::var("ADIT_GO").unwrap_or_else(|_| "go".to_string());
    let found: Vec<Go> =
        listed.split(':').filter_map(|path| Some(Go { path: path.into(), minor: minor(path)? })).collect();
    if found.is_empty() {
        skip(&format!("no Go toolchain ({listed}); set ADIT_GO to the paths of some"));
    }
    found
}

/// The oldest and the newest toolchain at hand, those of `ADIT_GO_OLDEST` and `ADIT_GO_NEWEST` included.
#[allow(dead_code)] // Each test file compiles this module for itself, and not all ask for all of it.
pub(crate) fn oldest_and_newest() -> Vec<Go> {
    let named = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        Some(Go { minor: minor(path.to_str()?)?, path })
    };
    let mut all: Vec<Go> = ["ADIT_GO_OLDEST", "ADIT_GO_NEWEST"].into_iter().filter_map(named).collect();
    all.extend(toolchains());
    all.sort_by_key(|go| go.minor);
    let newest = all.pop();
    all.truncate(1);
    all.extend(newest);
    all
}

/// Says and counts that a test could not do its work.
pub(crate) fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = std::fs::File::options().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

fn minor(path: &str) -> Option<u32> {
    let output = Command::new(path).arg("version").env("GOTOOLCHAIN", "local").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_whitespace().nth(2)?.strip_prefix("go1.")?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Go {
    /// A command of this toolchain, untouched by the environment's choices.
    pub(crate) fn command(&self, dir: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command
            .current_dir(dir)
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "-buildvcs=false")
            .env("CGO_ENABLED", "0")
            .env("GOOS", "linux")
            .env_remove("GOROOT");
        command
    }

    /// Builds the test program in `dir`; the executable's path.
    pub(crate) fn build(&self, dir: &Path, goarch: &str, flags: &str) -> PathBuf {
        std::fs::write(dir.join("main.go"), SOURCE).unwrap();
        std::fs::write(dir.join("go.mod"), "module example.com/big\n\ngo 1.17\n").unwrap();
        let built = dir.join(format!("big-{goarch}"));
        let status = self
            .command(dir)
            .env("GOARCH", goarch)
            .args(["build", "-ldflags=-compressdwarf=false", &format!("-gcflags=all={flags}"), "-o"])
            .arg(&built)
            .status()
            .unwrap();
        assert!(status.success(), "{} cannot build", self.path.display());
        built
    }
}

/// An executable's symbols, sorted: address, size, name.
pub(crate) struct Symbols(Vec<(u64, u64, String)>);

impl Symbols {
    pub(crate) fn of(file: &object::File<'_>) -> Symbols {
        let named = file.symbols().filter(|s| s.address() != 0 && s.size() > 0);
        let mut all: Vec<_> =
            named.map(|s| (s.address(), s.size(), s.name().unwrap_or_default().to_string())).collect();
        all.sort();
        Symbols(all)
    }

    /// The symbol that `addr` lies in, and the offset into it.
    #[allow(dead_code)] // Each test file compiles this module for itself, and not all ask for names.
    pub(crate) fn at(&self, addr: u64) -> Option<(String, u64)> {
        let after = self.0.partition_point(|symbol| symbol.0 <= addr);
        let (start, size, name) = self.0.get(after.checked_sub(1)?)?;
        (addr < start + size).then(|| (name.clone(), addr - start))
    }

    #[allow(dead_code)]
    /// The functions: those in `.text`, with their code.
    pub(crate) fn functions<'a>(&'a self, file: &object::File<'a>) -> Vec<(u64, &'a str, &'a [u8])> {
        let text = file.section_by_name(".text").unwrap();
        let (base, bytes) = (text.address(), text.data().unwrap());
        let code = |addr: u64, size: u64| bytes.get(addr.checked_sub(base)? as usize..)?.get(..size as usize);
        self.0
            .iter()
            .filter_map(|(addr, size, name)| Some((*addr, name.as_str(), code(*addr, *size)?)))
            .collect()
    }
}
