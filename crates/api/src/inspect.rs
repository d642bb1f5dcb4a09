//! What adit tells of a program beyond Delve's API: what it is, how it was built, how its types are laid out.

use serde::{Deserialize, Serialize};

use crate::json;

/// What a program is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgramInfo {
    /// Its file.
    #[serde(rename = "Path")]
    pub path: String,
    /// The operating system that it runs on, as GOOS.
    #[serde(rename = "OS")]
    pub os: String,
    /// The architecture that it runs on, as GOARCH.
    #[serde(rename = "Arch")]
    pub arch: String,
    /// The format of the file: `ELF`, `PE`, `Mach-O`.
    #[serde(rename = "Format")]
    pub format: String,
    /// Size of a pointer in bytes.
    #[serde(rename = "PointerSize")]
    pub pointer_size: i64,
    /// Is the most significant byte of a number the first?
    #[serde(rename = "BigEndian")]
    pub big_endian: bool,
    /// May the loader place it anywhere?
    #[serde(rename = "PositionIndependent")]
    pub position_independent: bool,
    /// Where it starts, as the file states it.
    #[serde(rename = "Entry")]
    pub entry: u64,
    /// Its build ID, if it has one.
    #[serde(rename = "BuildID")]
    pub build_id: String,
    /// The libraries that are loaded with it.
    #[serde(rename = "Libraries", with = "json::nullable")]
    pub libraries: Vec<String>,
    /// Its sections, in the order of the file.
    #[serde(rename = "Sections", with = "json::nullable")]
    pub sections: Vec<SectionInfo>,
    /// Why it does not run, if it was opened for looking; empty if there is or was a process.
    #[serde(rename = "NotRunning")]
    pub not_running: String,
    /// What the Go toolchain recorded of its build, if it did.
    #[serde(rename = "Build")]
    pub build: Option<BuildInfo>,
}

/// A section of a program's file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SectionInfo {
    /// Its name, as the format has it.
    #[serde(rename = "Name")]
    pub name: String,
    /// Where it is loaded, as the file states it; 0 if it is not.
    #[serde(rename = "Address")]
    pub address: u64,
    /// Its size in bytes.
    #[serde(rename = "Size")]
    pub size: u64,
    /// Has it bytes in the file?
    #[serde(rename = "InFile")]
    pub in_file: bool,
}

/// What `go version -m` shows. The names are those of `go version -m -json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildInfo {
    /// Version of the toolchain, `go1.27.3`.
    #[serde(rename = "GoVersion")]
    pub go_version: String,
    /// Import path of the main package.
    #[serde(rename = "Path")]
    pub path: String,
    /// The module of the main package.
    #[serde(rename = "Main")]
    pub main: Option<BuildModule>,
    /// The modules that packages of the program come from, the main one not among them.
    #[serde(rename = "Deps", with = "json::nullable")]
    pub deps: Vec<BuildModule>,
    /// Settings of the build, in the order recorded.
    #[serde(rename = "Settings", with = "json::nullable")]
    pub settings: Vec<BuildSetting>,
}

/// A module of a build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildModule {
    /// Its path.
    #[serde(rename = "Path")]
    pub path: String,
    /// Its version.
    #[serde(rename = "Version")]
    pub version: String,
    /// Its checksum; empty if it has none.
    #[serde(rename = "Sum")]
    pub sum: String,
    /// The module that takes its place.
    #[serde(rename = "Replace", skip_serializing_if = "Option::is_none")]
    pub replace: Option<Box<BuildModule>>,
}

/// A setting of a build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildSetting {
    /// Its name: `-tags`, `GOARCH`, `vcs.revision`.
    #[serde(rename = "Key")]
    pub key: String,
    /// Its value.
    #[serde(rename = "Value")]
    pub value: String,
}

impl BuildInfo {
    /// The text of `go version -m`, without its first line: `BuildInfo.String` of `runtime/debug/mod.go` (go1.27).
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.path.is_empty() {
            text.push_str(&format!("path\t{}\n", self.path));
        }
        if let Some(main) = &self.main {
            text.push_str(&main.text("mod"));
        }
        for dep in &self.deps {
            text.push_str(&dep.text("dep"));
        }
        for BuildSetting { key, value } in &self.settings {
            let key = quoted_if(key, key.is_empty() || key.contains(['=', ' ', '\t', '\r', '\n', '"', '`']));
            let value = quoted_if(value, value.contains([' ', '\t', '\r', '\n', '"', '`']));
            text.push_str(&format!("build\t{key}={value}\n"));
        }
        text
    }
}

impl BuildModule {
    fn text(&self, word: &str) -> String {
        let line = format!("{word}\t{}\t{}", self.path, self.version);
        match &self.replace {
            // The replacement's line ends, and so does this one: `go version -m` has an empty line there.
            Some(replacement) => format!("{line}\n{}\n", replacement.text("=>")),
            None => format!("{line}\t{}\n", self.sum),
        }
    }
}

fn quoted_if(text: &str, quote: bool) -> String {
    if quote { crate::format::quote(text.as_bytes()) } else { text.to_owned() }
}

/// Where a type's parts are in its memory. Sizes and offsets are in bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeLayout {
    /// The type's name.
    #[serde(rename = "Type")]
    pub type_name: String,
    /// Size of a value.
    #[serde(rename = "Size")]
    pub size: u64,
    /// What its address is a multiple of.
    #[serde(rename = "Align")]
    pub align: u64,
    /// The fields of a struct, by offset; what a string, slice or interface consists of is not taken apart.
    #[serde(rename = "Fields", with = "json::nullable")]
    pub fields: Vec<FieldLayout>,
    /// The element of an array.
    #[serde(rename = "Element", skip_serializing_if = "Option::is_none")]
    pub element: Option<Box<TypeLayout>>,
    /// Unused bytes of a struct, those of structs within its fields not counted.
    #[serde(rename = "Padding")]
    pub padding: u64,
    /// The size that the struct would have with its fields in the best order.
    #[serde(rename = "BestSize")]
    pub best_size: u64,
}

/// A field of a [`TypeLayout`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldLayout {
    /// Its name.
    #[serde(rename = "Name")]
    pub name: String,
    /// Is it embedded?
    #[serde(rename = "Embedded")]
    pub embedded: bool,
    /// Where it is.
    #[serde(rename = "Offset")]
    pub offset: u64,
    /// Unused bytes behind it.
    #[serde(rename = "PaddingAfter")]
    pub padding_after: u64,
    /// First bit and number of bits of a C bit field, counted from the lowest bit at the offset; 0 and 0 for all else.
    #[serde(rename = "Bits")]
    pub bits: [u64; 2],
    /// Its type. Of types deeper than asked for, the fields are left out.
    #[serde(rename = "Layout")]
    pub layout: TypeLayout,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_information_reads_as_the_go_command_prints_it() {
        let module = |path: &str, version: &str, sum: &str| BuildModule {
            path: path.to_owned(),
            version: version.to_owned(),
            sum: sum.to_owned(),
            replace: None,
        };
        let setting = |key: &str, value: &str| BuildSetting { key: key.to_owned(), value: value.to_owned() };
        let replaced = BuildModule {
            replace: Some(Box::new(module("../fork", "", ""))),
            ..module("b.io/b", "v1.0.0", "")
        };
        let info = BuildInfo {
            go_version: "go1.27.3".to_owned(),
            path: "a.io/a/cmd".to_owned(),
            main: Some(module("a.io/a", "(devel)", "")),
            deps: vec![replaced, module("c.io/c", "v2.1.0", "h1:x=")],
            settings: vec![setting("-ldflags", "-s -w"), setting("CGO_ENABLED", "1"), setting("-tags", "")],
        };
        assert_eq!(
            info.text(),
            "path\ta.io/a/cmd\nmod\ta.io/a\t(devel)\t\ndep\tb.io/b\tv1.0.0\n=>\t../fork\t\t\n\n\
             dep\tc.io/c\tv2.1.0\th1:x=\nbuild\t-ldflags=\"-s -w\"\nbuild\tCGO_ENABLED=1\nbuild\t-tags=\n"
        );
    }
}
