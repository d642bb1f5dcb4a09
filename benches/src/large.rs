//! Programs as large as people's largest: a generated one, and a real server from Go's module proxy.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_e2e::Go;
use anyhow::{Context, Result, ensure};

use crate::generated;

/// A large program, or why there is none.
pub(crate) struct Large {
    pub(crate) name: String,
    pub(crate) built: Result<PathBuf>,
}

/// How the linker leaves the debug information: Go compresses it unless told otherwise.
#[derive(Clone, Copy)]
enum Debug {
    Plain,
    Compressed,
}

/// A server in the module proxy, in a version that a release of Go can build.
struct Server {
    module: &'static str,
    version: &'static str,
    package: &'static str,
    /// The oldest and newest minor version of Go 1 that builds it.
    minor: std::ops::RangeInclusive<u32>,
}

const SERVERS: [Server; 2] = [
    Server {
        module: "github.com/prometheus/prometheus",
        version: "v0.40.7",
        package: "./cmd/prometheus",
        minor: 18..=20,
    },
    Server {
        module: "github.com/prometheus/prometheus",
        version: "v0.312.0",
        package: "./cmd/prometheus",
        minor: 27..=99,
    },
];

/// All of them, built under `target` unless they were before.
pub(crate) fn programs(target: &Path) -> Vec<Large> {
    let folder = target.join("bench-programs");
    let mut programs = Vec::new();
    for go in [Go::oldest(), Go::newest()].into_iter().flatten() {
        let version = go.version();
        for (debug, how) in [(Debug::Plain, ""), (Debug::Compressed, ", compressed")] {
            let name = format!("generated, go {version}{how}");
            programs.push(Large { name, built: generated(&folder, &go, debug) });
        }
        let server = SERVERS.iter().find(|server| server.minor.contains(&go.minor()));
        let built = match server {
            Some(server) => download(&folder, &go, server),
            None => Err(anyhow::anyhow!("no version of it is known that go {version} builds")),
        };
        programs.push(Large { name: format!("prometheus, go {version}"), built });
    }
    programs
}

fn generated(folder: &Path, go: &Go, debug: Debug) -> Result<PathBuf> {
    let source = folder.join("generated-source");
    let path = folder.join(format!("generated-go{}{}", go.version(), suffix(debug)));
    if !path.exists() {
        println!("building {}: this takes minutes, once", path.display());
        generated::write_source(&source, generated::LARGE)?;
        build(go, &source, ".", debug, &path)?;
    }
    Ok(path)
}

fn suffix(debug: Debug) -> &'static str {
    match debug {
        Debug::Plain => "",
        Debug::Compressed => "-compressed",
    }
}

fn download(folder: &Path, go: &Go, server: &Server) -> Result<PathBuf> {
    let name = server.module.rsplit('/').next().unwrap_or(server.module);
    let path = folder.join(format!("{name}-{}-go{}", server.version, go.version()));
    if path.exists() {
        return Ok(path);
    }
    println!("building {}: this takes minutes, once", path.display());
    fs::create_dir_all(folder)?;
    let mut command = go.command();
    command.args(["mod", "download", "-json", &format!("{}@{}", server.module, server.version)]);
    let output = command.current_dir(folder).output().context("go does not run")?;
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if let Some(error) = said["Error"].as_str() {
        anyhow::bail!("the module proxy gives no {name}: {error}");
    }
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    let module = said["Dir"].as_str().context("go does not say where the module is")?;
    build(go, Path::new(module), server.package, Debug::Compressed, &path)?;
    Ok(path)
}

fn build(go: &Go, source: &Path, package: &str, debug: Debug, path: &Path) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    let mut command: Command = go.command();
    // A workspace of the module's authors does not come with it.
    command.current_dir(source).env("GOWORK", "off").arg("build").arg("-o").arg(&unfinished);
    if matches!(debug, Debug::Plain) {
        command.arg("-ldflags=-compressdwarf=false");
    }
    let output = command.arg(package).output().context("go does not run")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "it does not build: {}", said.lines().last().unwrap_or_default());
    fs::rename(&unfinished, path).with_context(|| format!("could not keep {}", path.display()))
}
