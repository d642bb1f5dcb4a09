//! What adit offers beyond Delve's methods.

use serde::{Deserialize, Serialize};

use crate::{EvalScope, ProgramInfo, TypeLayout};

/// Request of `RPCServer.ProgramInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProgramInfoIn {}

/// Reply of `RPCServer.ProgramInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgramInfoOut {
    /// What the program is.
    #[serde(rename = "Info")]
    pub info: ProgramInfo,
}

/// Request of `RPCServer.TypeLayout`: which type's layout is wanted, and how deep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeLayoutIn {
    /// Where names are looked up.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// A type, or an expression whose type is meant.
    #[serde(rename = "Expr")]
    pub expr: String,
    /// How many levels of structs and arrays within the type's fields are laid out too.
    #[serde(rename = "Depth")]
    pub depth: i64,
}

/// Reply of `RPCServer.TypeLayout`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeLayoutOut {
    /// The layout.
    #[serde(rename = "Layout")]
    pub layout: TypeLayout,
}
