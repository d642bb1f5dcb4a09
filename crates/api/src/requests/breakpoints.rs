//! Breakpoints.

use serde::{Deserialize, Serialize};

use crate::breakpoint::{Breakpoint, TracepointResult, WatchType};
use crate::json;
use crate::variable::{EvalScope, LoadConfig};

/// Request of `RPCServer.CreateBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateBreakpointIn {
    /// Request; location chosen by first set of: traceReturn(addr), file+line, functionName+line,
    /// addrs(+addrpid), addr.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Breakpoint,
    /// Location expression stored and re-evaluated to re-enable/re-set.
    #[serde(rename = "LocExpr")]
    pub loc_expr: String,
    /// `[from, to]` pairs used with LocExpr.
    #[serde(rename = "SubstitutePathRules", with = "json::nullable")]
    pub substitute_path_rules: Vec<[String; 2]>,
    /// Keep even if it cannot be set now.
    #[serde(rename = "Suspended")]
    pub suspended: bool,
}

/// Reply of `RPCServer.CreateBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateBreakpointOut {
    /// The breakpoint.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Breakpoint,
}

/// Request of `RPCServer.AmendBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AmendBreakpointIn {
    /// Id selects;
    /// name,continue,traceReturn,goroutine,stacktrace,variables,LoadArgs,LoadLocals,customCommands,Cond,HitCond,HitCondPerG,RootFuncName,TraceFollowCalls,disabled
    /// are applied (all overwritten).
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Breakpoint,
}

/// Reply of `RPCServer.AmendBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AmendBreakpointOut {}

/// Request of `RPCServer.ClearBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClearBreakpointIn {
    /// Breakpoint id (used when Name is "").
    #[serde(rename = "Id")]
    pub id: i64,
    /// Breakpoint name.
    #[serde(rename = "Name")]
    pub name: String,
}

/// Reply of `RPCServer.ClearBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClearBreakpointOut {
    /// The breakpoint.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Option<Breakpoint>,
}

/// Request of `RPCServer.ToggleBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToggleBreakpointIn {
    /// Breakpoint id (used when Name is "").
    #[serde(rename = "Id")]
    pub id: i64,
    /// Breakpoint name.
    #[serde(rename = "Name")]
    pub name: String,
}

/// Reply of `RPCServer.ToggleBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToggleBreakpointOut {
    /// The breakpoint.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Option<Breakpoint>,
}

/// Request of `RPCServer.GetBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetBreakpointIn {
    /// Breakpoint id (used when Name is "").
    #[serde(rename = "Id")]
    pub id: i64,
    /// Breakpoint name.
    #[serde(rename = "Name")]
    pub name: String,
}

/// Reply of `RPCServer.GetBreakpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetBreakpointOut {
    /// The breakpoint.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Breakpoint,
}

/// Request of `RPCServer.ListBreakpoints`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListBreakpointsIn {
    /// List physical breakpoints incl. internal.
    #[serde(rename = "All")]
    pub all: bool,
}

/// Reply of `RPCServer.ListBreakpoints`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListBreakpointsOut {
    /// Unordered list.
    #[serde(rename = "Breakpoints", with = "json::nullable")]
    pub breakpoints: Vec<Breakpoint>,
}

/// Request of `RPCServer.CreateWatchpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateWatchpointIn {
    /// Scope.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Addressable expression.
    #[serde(rename = "Expr")]
    pub expr: String,
    /// Accesses to stop at.
    #[serde(rename = "Type")]
    pub watch_type: WatchType,
}

/// Reply of `RPCServer.CreateWatchpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CreateWatchpointOut {
    /// The watchpoint; its fields are the reply itself.
    pub breakpoint: Breakpoint,
}

/// Request of `RPCServer.CreateEBPFTracepoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateEbpfTracepointIn {
    /// Function.
    #[serde(rename = "FunctionName")]
    pub function_name: String,
}

/// Reply of `RPCServer.CreateEBPFTracepoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateEbpfTracepointOut {
    /// The breakpoint.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Breakpoint,
}

/// Request of `RPCServer.GetBufferedTracepoints`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetBufferedTracepointsIn {
    /// Null = {MaxStringLen 64, MaxStructFields 3}.
    #[serde(rename = "LoadCfg")]
    pub load_cfg: Option<LoadConfig>,
}

/// Reply of `RPCServer.GetBufferedTracepoints`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetBufferedTracepointsOut {
    /// EBPF results; null if none.
    #[serde(rename = "TracepointResults", with = "json::nullable")]
    pub tracepoint_results: Vec<TracepointResult>,
}
