//! The program itself: instructions, registers, images, packages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::location::Location;

/// A disassembled machine instruction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AsmInstruction {
    /// Instruction location.
    #[serde(rename = "Loc")]
    pub loc: Location,
    /// Destination of CALL if known.
    #[serde(rename = "DestLoc")]
    pub dest_loc: Option<Location>,
    /// Disassembly text.
    #[serde(rename = "Text")]
    pub text: String,
    /// Machine code.
    #[serde(rename = "Bytes", with = "json::base64")]
    pub bytes: Vec<u8>,
    /// Breakpoint set here.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: bool,
    /// Current instruction of the scope goroutine.
    #[serde(rename = "AtPC")]
    pub at_pc: bool,
}

/// A CPU register.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Register {
    /// Register name.
    #[serde(rename = "Name")]
    pub name: String,
    /// Formatted value.
    #[serde(rename = "Value")]
    pub value: String,
    /// DWARF register number.
    #[serde(rename = "DwarfNumber")]
    pub dwarf_number: i64,
}

/// An executable or shared object mapped into the target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// File path.
    #[serde(rename = "Path")]
    pub path: String,
    /// Static base.
    #[serde(rename = "Address")]
    pub address: u64,
    /// Error text loading debug info.
    #[serde(rename = "LoadError")]
    pub load_error: String,
    /// Built with -trimpath.
    #[serde(rename = "Trimpath")]
    pub trimpath: bool,
}

/// A package that is part of the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageBuildInfo {
    /// Import path.
    #[serde(rename = "ImportPath")]
    pub import_path: String,
    /// Directory (best guess).
    #[serde(rename = "DirectoryPath")]
    pub directory_path: String,
    /// Sorted file list, null unless requested.
    #[serde(rename = "Files", with = "json::nullable")]
    pub files: Vec<String>,
}

/// What the client knows about where its sources are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuessSubstitutePathArgs {
    /// Import path of main, "" if several.
    #[serde(rename = "ImportPathOfMainPackage")]
    pub import_path_of_main_package: String,
    /// Client GOROOT.
    #[serde(rename = "ClientGOROOT")]
    pub client_goroot: String,
    /// Module path -> client directory.
    #[serde(rename = "ClientModuleDirectories", with = "json::nullable")]
    pub client_module_directories: BTreeMap<String, String>,
}

/// Syntax of a disassembly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AssemblyFlavour(pub i64);

impl AssemblyFlavour {
    /// `GNU`.
    pub const GNU: Self = Self(0);
    /// `Intel`.
    pub const INTEL: Self = Self(1);
    /// `Go`.
    pub const GO: Self = Self(2);
}
