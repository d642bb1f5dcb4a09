//! Locations and lists of what the program contains.

use serde::{Deserialize, Serialize};

use crate::json;
use crate::location::Location;
use crate::program::{GuessSubstitutePathArgs, Image, PackageBuildInfo};
use crate::variable::EvalScope;

/// Request of `RPCServer.FindLocation`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindLocationIn {
    /// Scope.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Location expression.
    #[serde(rename = "Loc")]
    pub loc: String,
    /// Return locations without pc instead of a no-statement error.
    #[serde(rename = "IncludeNonExecutableLines")]
    pub include_non_executable_lines: bool,
    /// `[server dir, client dir]` pairs.
    #[serde(rename = "SubstitutePathRules", with = "json::nullable")]
    pub substitute_path_rules: Vec<[String; 2]>,
}

/// Reply of `RPCServer.FindLocation`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindLocationOut {
    /// Matches.
    #[serde(rename = "Locations", with = "json::nullable")]
    pub locations: Vec<Location>,
    /// If not "" use as LocExpr.
    #[serde(rename = "SubstituteLocExpr")]
    pub substitute_loc_expr: String,
}

/// Request of `RPCServer.FunctionReturnLocations`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FunctionReturnLocationsIn {
    /// Function.
    #[serde(rename = "FnName")]
    pub fn_name: String,
}

/// Reply of `RPCServer.FunctionReturnLocations`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FunctionReturnLocationsOut {
    /// Addresses of RET instructions, then addresses of CALL runtime.deferreturn instructions.
    #[serde(rename = "Addrs", with = "json::nullable")]
    pub addrs: Vec<u64>,
}

/// Request of `RPCServer.ListSources`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListSourcesIn {
    /// Regexp.
    #[serde(rename = "Filter")]
    pub filter: String,
}

/// Reply of `RPCServer.ListSources`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListSourcesOut {
    /// The paths.
    #[serde(rename = "Sources", deserialize_with = "json::null_as_default")]
    pub sources: Vec<String>,
}

/// Request of `RPCServer.ListFunctions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListFunctionsIn {
    /// Regexp.
    #[serde(rename = "Filter")]
    pub filter: String,
    /// Above 0: also list callees to that depth.
    #[serde(rename = "FollowCalls")]
    pub follow_calls: i64,
}

/// Reply of `RPCServer.ListFunctions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListFunctionsOut {
    /// The names.
    #[serde(rename = "Funcs", deserialize_with = "json::null_as_default")]
    pub funcs: Vec<String>,
}

/// Request of `RPCServer.ListTypes`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListTypesIn {
    /// Regexp.
    #[serde(rename = "Filter")]
    pub filter: String,
}

/// Reply of `RPCServer.ListTypes`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListTypesOut {
    /// The names.
    #[serde(rename = "Types", deserialize_with = "json::null_as_default")]
    pub types: Vec<String>,
}

/// Request of `RPCServer.ListPackagesBuildInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListPackagesBuildInfoIn {
    /// Fill Files.
    #[serde(rename = "IncludeFiles")]
    pub include_files: bool,
    /// Regexp on import path; "" = all.
    #[serde(rename = "Filter")]
    pub filter: String,
}

/// Reply of `RPCServer.ListPackagesBuildInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListPackagesBuildInfoOut {
    /// The list.
    #[serde(rename = "List", with = "json::nullable")]
    pub list: Vec<PackageBuildInfo>,
}

/// Request of `RPCServer.ListDynamicLibraries`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListDynamicLibrariesIn {}

/// Reply of `RPCServer.ListDynamicLibraries`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListDynamicLibrariesOut {
    /// Images except the executable.
    #[serde(rename = "List", deserialize_with = "json::null_as_default")]
    pub list: Vec<Image>,
    /// Executable built with -trimpath.
    #[serde(rename = "ExecutableTrimpath")]
    pub executable_trimpath: bool,
}

/// Request of `RPCServer.DownloadLibraryDebugInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DownloadLibraryDebugInfoIn {
    /// Image index.
    #[serde(rename = "N")]
    pub n: i64,
}

/// Reply of `RPCServer.DownloadLibraryDebugInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DownloadLibraryDebugInfoOut {}

/// Request of `RPCServer.CancelDownloads`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelDownloadsIn {}

/// Reply of `RPCServer.CancelDownloads`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelDownloadsOut {}

/// Request of `RPCServer.DebugInfoDirectories`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebugInfoDirectoriesIn {
    /// Replace list.
    #[serde(rename = "Set")]
    pub set: bool,
    /// New list.
    #[serde(rename = "List", with = "json::nullable")]
    pub list: Vec<String>,
}

/// Reply of `RPCServer.DebugInfoDirectories`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebugInfoDirectoriesOut {
    /// The list.
    #[serde(rename = "List", with = "json::nullable")]
    pub list: Vec<String>,
}

/// Request of `RPCServer.GuessSubstitutePath`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuessSubstitutePathIn {
    /// See GuessSubstitutePathArgs.
    #[serde(rename = "Args")]
    pub args: GuessSubstitutePathArgs,
}

/// Reply of `RPCServer.GuessSubstitutePath`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuessSubstitutePathOut {
    /// `[server dir, client dir]` pairs.
    #[serde(rename = "List", with = "json::nullable")]
    pub list: Vec<[String; 2]>,
}

/// Request of `RPCServer.BuildID`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BuildIdIn {}

/// Reply of `RPCServer.BuildID`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildIdOut {
    /// Build id of image containing current pc.
    #[serde(rename = "BuildID")]
    pub build_id: String,
}

/// Request of `RPCServer.LastModified`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastModifiedIn {}

/// Reply of `RPCServer.LastModified`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastModifiedOut {
    /// When the executable was last changed.
    #[serde(rename = "Time")]
    pub time: String,
}
