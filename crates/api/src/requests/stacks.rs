//! Stacks, goroutines and threads.

use serde::{Deserialize, Serialize};

use crate::goroutine::{Goroutine, GoroutineField, GoroutineGroup, ListGoroutinesFilter};
use crate::json;
use crate::location::{Ancestor, Stackframe, StacktraceOptions};
use crate::state::Thread;
use crate::variable::{EvalScope, LoadConfig};

/// Request of `RPCServer.Stacktrace`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StacktraceIn {
    /// Goroutine id, -1 selected.
    #[serde(rename = "Id")]
    pub id: i64,
    /// Max frames minus one (returns up to Depth+1).
    #[serde(rename = "Depth")]
    pub depth: i64,
    /// Load variables (default full config if Cfg null).
    #[serde(rename = "Full")]
    pub full: bool,
    /// Same as bit 1 of Opts.
    #[serde(rename = "Defers")]
    pub defers: bool,
    /// Flags.
    #[serde(rename = "Opts")]
    pub opts: StacktraceOptions,
    /// Load config for locals/args.
    #[serde(rename = "Cfg")]
    pub cfg: Option<LoadConfig>,
    /// Frames dropped from the front.
    #[serde(rename = "Skip")]
    pub skip: i64,
}

/// Reply of `RPCServer.Stacktrace`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StacktraceOut {
    /// Frames.
    #[serde(rename = "Locations", with = "json::nullable")]
    pub locations: Vec<Stackframe>,
}

/// Request of `RPCServer.Ancestors`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AncestorsIn {
    /// Goroutine.
    #[serde(rename = "GoroutineID")]
    pub goroutine_id: i64,
    /// Count.
    #[serde(rename = "NumAncestors")]
    pub num_ancestors: i64,
    /// Frames each.
    #[serde(rename = "Depth")]
    pub depth: i64,
}

/// Reply of `RPCServer.Ancestors`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AncestorsOut {
    /// The ancestors, nearest first.
    #[serde(rename = "Ancestors", with = "json::nullable")]
    pub ancestors: Vec<Ancestor>,
}

/// Request of `RPCServer.ListGoroutines`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListGoroutinesIn {
    /// Index; 0 first, then Nextg.
    #[serde(rename = "Start")]
    pub start: i64,
    /// Max goroutines, 0 = all.
    #[serde(rename = "Count")]
    pub count: i64,
    /// All must match.
    #[serde(rename = "Filters", with = "json::nullable")]
    pub filters: Vec<ListGoroutinesFilter>,
    /// What is compared; 0 = no grouping.
    #[serde(rename = "GroupBy")]
    pub group_by: GoroutineField,
    /// Label key for GoroutineLabel.
    #[serde(rename = "GroupByKey")]
    pub group_by_key: String,
    /// Members returned per group.
    #[serde(rename = "MaxGroupMembers")]
    pub max_group_members: i64,
    /// Max groups, 0 = unlimited.
    #[serde(rename = "MaxGroups")]
    pub max_groups: i64,
    /// Scope for the channel filter expression.
    #[serde(rename = "EvalScope")]
    pub eval_scope: Option<EvalScope>,
}

/// Reply of `RPCServer.ListGoroutines`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListGoroutinesOut {
    /// List (grouped order if grouping).
    #[serde(rename = "Goroutines", deserialize_with = "json::null_as_default")]
    pub goroutines: Vec<Goroutine>,
    /// Next Start, -1 when finished.
    #[serde(rename = "Nextg")]
    pub nextg: i64,
    /// Groups sorted by Name; null without grouping.
    #[serde(rename = "Groups", with = "json::nullable")]
    pub groups: Vec<GoroutineGroup>,
    /// Groups were dropped.
    #[serde(rename = "TooManyGroups")]
    pub too_many_groups: bool,
}

/// Request of `RPCServer.ListThreads`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListThreadsIn {}

/// Reply of `RPCServer.ListThreads`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListThreadsOut {
    /// The threads.
    #[serde(rename = "Threads", with = "json::nullable")]
    pub threads: Vec<Thread>,
}

/// Request of `RPCServer.GetThread`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetThreadIn {
    /// Thread id.
    #[serde(rename = "Id")]
    pub id: i64,
}

/// Reply of `RPCServer.GetThread`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetThreadOut {
    /// The thread.
    #[serde(rename = "Thread")]
    pub thread: Option<Thread>,
}
