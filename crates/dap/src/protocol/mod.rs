//! The messages of the Debug Adapter Protocol.

pub mod arguments;
pub(crate) mod capabilities;
pub mod events;
pub mod responses;
pub mod types;

use serde::Deserialize;
use serde_json::Value;

/// A request of the editor.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Its number.
    pub seq: i64,
    /// What is asked for.
    pub command: String,
    /// Its arguments, `null` if there are none.
    pub arguments: Value,
}
