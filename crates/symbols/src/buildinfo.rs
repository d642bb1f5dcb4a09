//! What the Go toolchain recorded of a build: its version, the modules, the settings. The format:
//! debug/buildinfo/buildinfo.go and runtime/debug/mod.go of go1.27.

use std::fmt;

use adit_arch::ByteOrder;

use crate::{Binary, FileAddr, Section};

/// What `go version -m` shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// The toolchain's version, as it states it: `go1.27.3`, `devel go1.28-abcdef ...`.
    pub go_version: String,
    /// The main package's import path; empty if the binary does not say.
    pub path: String,
    /// The main module.
    pub main: Option<Module>,
    /// The modules that it depends on.
    pub deps: Vec<Module>,
    /// Build settings (`-tags`, `GOARCH`, `vcs.revision`, ...), in the order recorded.
    pub settings: Vec<(String, String)>,
}

/// The systems whose programs have a format that is read here (`go tool dist list`).
const SYSTEMS: [&str; 11] = [
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "linux",
    "netbsd",
    "openbsd",
    "solaris",
    "windows",
];

impl BuildInfo {
    /// What a build setting says: `setting("-tags")`, `setting("GOARCH")`.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The operating system that it was built for, as Go names it; `None` if the settings do not say, or say
    /// something unknown. Recorded since Go 1.18.
    pub(crate) fn goos(&self) -> Option<&'static str> {
        let said = self.setting("GOOS")?;
        SYSTEMS.into_iter().find(|known| *known == said)
    }
}

/// A module of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version.
    pub version: String,
    /// Its checksum; empty if it has none.
    pub sum: String,
    /// The module that replaces it.
    pub replace: Option<Box<Module>>,
}

/// How far along a version of Go is. Ordered: development, betas, release candidates, releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// Built from the development branch that leads to this version.
    Devel,
    /// A beta, by its number.
    Beta(u32),
    /// A release candidate, by its number.
    Candidate(u32),
    /// A release; the number of its patch.
    Patch(u32),
}

/// A version of Go, ordered by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoVersion {
    /// 1.
    pub major: u32,
    /// 27 in `go1.27.3`.
    pub minor: u32,
    /// What follows.
    pub release: Release,
}

impl GoVersion {
    /// Reads `go1.27.3`, `go1.27rc1`, `devel go1.28-abcdef Thu ...`; what vendors append (`go1.22.1-fips`,
    /// `go1.26 X:jsonv2`) is ignored. `None` if it is no version of Go.
    pub fn parse(text: &str) -> Option<GoVersion> {
        let (devel, text) = match text.strip_prefix("devel ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (major, rest) = number(text.strip_prefix("go")?)?;
        let (minor, rest) = match rest.strip_prefix('.') {
            Some(rest) => number(rest)?,
            None => (0, rest),
        };
        let after = |prefix: &str| rest.strip_prefix(prefix).and_then(number).map(|(number, _)| number);
        let release = if devel || rest.starts_with("-devel") {
            Release::Devel
        } else if let Some(beta) = after("beta") {
            Release::Beta(beta)
        } else if let Some(candidate) = after("rc") {
            Release::Candidate(candidate)
        } else {
            Release::Patch(after(".").unwrap_or(0))
        };
        Some(GoVersion { major, minor, release })
    }

    /// Is it `major.minor` or newer? A beta or development version counts as the version that it leads to.
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }

    /// Is it from the development branch?
    pub fn is_devel(&self) -> bool {
        self.release == Release::Devel
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = (self.major, self.minor);
        match self.release {
            Release::Devel => write!(f, "devel go{major}.{minor}"),
            Release::Beta(number) => write!(f, "go{major}.{minor}beta{number}"),
            Release::Candidate(number) => write!(f, "go{major}.{minor}rc{number}"),
            Release::Patch(0) => write!(f, "go{major}.{minor}"),
            Release::Patch(number) => write!(f, "go{major}.{minor}.{number}"),
        }
    }
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

const MAGIC: &[u8] = b"\xff Go buildinf:";
const ALIGN: usize = 16;
const HEADER: usize = 32;
/// Longer than any list of modules: a length beyond it is damage.
const MAX_TEXT: usize = 64 << 20;

pub(crate) fn find(binary: &Binary) -> Option<BuildInfo> {
    if let Some(section) = binary.section(".go.buildinfo") {
        return read(binary, &section);
    }
    binary.writable_segments().find_map(|segment| read(binary, &segment))
}

/// The version of Go, of a program without build information, from the variable `runtime.buildVersion`.
pub(crate) fn version_variable(binary: &Binary) -> Option<GoVersion> {
    let place = binary.symbol("runtime.buildVersion")?.addr;
    let text = go_string(binary, binary.order(), usize::from(binary.arch().pointer_size), place.0)?;
    GoVersion::parse(std::str::from_utf8(&text).ok()?)
}

/// Finds the aligned magic in `section` and reads what follows.
fn read(binary: &Binary, section: &Section) -> Option<BuildInfo> {
    let data = section.data();
    let misaligned = (section.address().0 as usize).wrapping_neg() % ALIGN;
    let aligned = data.get(misaligned..)?;
    let at = aligned.chunks(ALIGN).position(|chunk| chunk.starts_with(MAGIC))? * ALIGN;
    let (header, rest) = aligned.get(at..)?.split_at_checked(HEADER)?;
    let (version, modules) = if header[15] & 2 != 0 {
        let (version, rest) = varint_string(rest)?;
        (version.to_vec(), varint_string(rest).map(|(text, _)| text.to_vec()).unwrap_or_default())
    } else {
        // Before Go 1.18: pointers to two Go strings.
        let order = if header[15] & 1 != 0 { ByteOrder::Big } else { ByteOrder::Little };
        let size = usize::from(header[14]);
        if size != 4 && size != 8 {
            return None;
        }
        let pointer = |index: usize| order.uint(&header[16 + index * size..16 + (index + 1) * size]);
        let text = |index| go_string(binary, order, size, pointer(index));
        (text(0)?, text(1).unwrap_or_default())
    };
    let version = String::from_utf8(version).ok().filter(|version| !version.is_empty())?;
    let mut info = BuildInfo { go_version: version, ..BuildInfo::default() };
    // The text stands between two marks of 16 bytes (cmd/go/internal/modload, infoStart and infoEnd).
    if modules.len() >= 33 && modules[modules.len() - 17] == b'\n' {
        parse_modules(&String::from_utf8_lossy(&modules[16..modules.len() - 16]), &mut info);
    }
    Some(info)
}

fn varint_string(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut used) = (0u64, 0);
    for byte in data.iter().take(9) {
        length |= u64::from(byte & 0x7f) << (7 * used);
        used += 1;
        if byte & 0x80 == 0 {
            return data.get(used..)?.split_at_checked(usize::try_from(length).ok()?);
        }
    }
    None
}

fn go_string(binary: &Binary, order: ByteOrder, size: usize, addr: u64) -> Option<Vec<u8>> {
    let mut header = [0; 16];
    binary.read(FileAddr(addr), &mut header[..2 * size]).then_some(())?;
    let text = order.uint(&header[..size]);
    let length =
        usize::try_from(order.uint(&header[size..2 * size])).ok().filter(|length| *length <= MAX_TEXT)?;
    Some(binary.bytes_from(FileAddr(text))?.data().get(..length)?.to_vec())
}

fn parse_modules(text: &str, info: &mut BuildInfo) {
    let module = |text: &str| {
        let mut fields = text.split('\t');
        let mut next = || fields.next().unwrap_or_default().to_owned();
        Module { path: next(), version: next(), sum: next(), replace: None }
    };
    for line in text.lines() {
        let Some((key, value)) = line.split_once('\t') else { continue };
        match key {
            "path" => info.path = value.to_owned(),
            "mod" => info.main = Some(module(value)),
            "dep" => info.deps.push(module(value)),
            "=>" => {
                if let Some(replaced) = info.deps.last_mut().or(info.main.as_mut()) {
                    replaced.replace = Some(Box::new(module(value)));
                }
            }
            "build" => info.settings.extend(setting(value)),
            _ => {}
        }
    }
}

/// `key=value`; either may be quoted as in Go source if it has unusual characters (runtime/debug/mod.go).
fn setting(text: &str) -> Option<(String, String)> {
    let (key, value) = match text.strip_prefix('"') {
        Some(rest) => rest.split_once("\"=")?,
        None => text.split_once('=')?,
    };
    Some((key.to_owned(), unquote(value)))
}

fn unquote(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return text.trim_matches('`').to_owned();
    };
    let mut result = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => result.push('\n'),
                Some('t') => result.push('\t'),
                Some(other) => result.push(other),
                None => {}
            },
            (c, false) => result.push(c),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_age() {
        let texts = [
            "devel go1.20-abc Thu",
            "go1.20beta1",
            "go1.20rc2",
            "go1.20",
            "go1.20.7",
            "go1.21.0",
            "go1.27.3",
        ];
        let versions: Vec<GoVersion> = texts.iter().map(|text| GoVersion::parse(text).unwrap()).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        assert_eq!(GoVersion::parse("go1.26.1 X:jsonv2").unwrap().to_string(), "go1.26.1");
        assert!(GoVersion::parse("go1.28-devel_abc").unwrap().is_devel());
        for bad in ["", "go", "1.20", "gopher", "go1.", "go99999999999"] {
            assert_eq!(GoVersion::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn modules_and_settings() {
        let text =
            "path\ta/b\nmod\ta\tv1\th1:x=\ndep\tc\tv2\n=>\td\tv3\th1:y=\nbuild\t-tags=\"a b\"\nbuild\tX=1\n";
        let mut info = BuildInfo::default();
        parse_modules(text, &mut info);
        assert_eq!(info.path, "a/b");
        assert_eq!(info.main.unwrap().sum, "h1:x=");
        assert_eq!(info.deps[0].replace.as_ref().unwrap().path, "d");
        assert_eq!(info.settings, [("-tags".into(), "a b".into()), ("X".into(), "1".into())]);
    }
}
