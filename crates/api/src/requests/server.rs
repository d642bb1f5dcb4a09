//! The server and its targets.

use serde::{Deserialize, Serialize};

use crate::json;
use crate::state::Target;

/// Request of `RPCServer.GetVersion`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetVersionIn {}

/// Reply of `RPCServer.GetVersion`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetVersionOut {
    /// "Version: X.Y.Z\nBuild: HASH".
    #[serde(rename = "DelveVersion")]
    pub delve_version: String,
    /// 2.
    #[serde(rename = "APIVersion")]
    pub api_version: i64,
    /// Native|lldb|rr|core (default resolved).
    #[serde(rename = "Backend")]
    pub backend: String,
    /// DW_AT_producer up to first ";"; "" while running/recording.
    #[serde(rename = "TargetGoVersion")]
    pub target_go_version: String,
    /// "1.25.0".
    #[serde(rename = "MinSupportedVersionOfGo")]
    pub min_supported_version_of_go: String,
    /// "1.27.0".
    #[serde(rename = "MaxSupportedVersionOfGo")]
    pub max_supported_version_of_go: String,
}

/// Request of `RPCServer.SetApiVersion`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetApiVersionIn {
    /// Must be 2.
    #[serde(rename = "APIVersion")]
    pub api_version: i64,
    /// What a server that asks for a token is shown, in the first message to it. Not a part of Delve's API, which
    /// ignores it.
    #[serde(rename = "Token", skip_serializing_if = "json::is_zero")]
    pub token: String,
    /// Values are to come with their readable texts. Not a part of Delve's API, which ignores it.
    #[serde(rename = "ReadableTexts", skip_serializing_if = "json::is_zero")]
    pub readable_texts: bool,
}

/// Reply of `RPCServer.SetApiVersion`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetApiVersionOut {}

/// Request of `RPCServer.IsMulticlient`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IsMulticlientIn {}

/// Reply of `RPCServer.IsMulticlient`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IsMulticlientOut {
    /// Started with --accept-multiclient.
    #[serde(rename = "IsMulticlient")]
    pub is_multiclient: bool,
}

/// Request of `RPCServer.AttachedToExistingProcess`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AttachedToExistingProcessIn {}

/// Reply of `RPCServer.AttachedToExistingProcess`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AttachedToExistingProcessOut {
    /// True if attached by pid.
    #[serde(rename = "Answer")]
    pub answer: bool,
}

/// Request of `RPCServer.ProcessPid`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProcessPidIn {}

/// Reply of `RPCServer.ProcessPid`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcessPidOut {
    /// Process id of the selected target.
    #[serde(rename = "Pid")]
    pub pid: i64,
}

/// Request of `RPCServer.ListTargets`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListTargetsIn {}

/// Reply of `RPCServer.ListTargets`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListTargetsOut {
    /// The targets.
    #[serde(rename = "Targets", with = "json::nullable")]
    pub targets: Vec<Target>,
}
