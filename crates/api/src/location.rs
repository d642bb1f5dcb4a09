//! Places in the program and frames of stacks.

use serde::{Deserialize, Serialize};

use crate::json;
use crate::variable::Variable;

/// A place in the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    /// Address, 0 if none.
    pub pc: u64,
    /// Source path.
    pub file: String,
    /// Line number.
    pub line: i64,
    /// Function, absent if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// All addresses of logical location.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "json::null_as_default")]
    pub pcs: Vec<u64>,
    /// Pid for each pcs entry.
    #[serde(
        rename = "pcpids",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "json::null_as_default"
    )]
    pub pc_pids: Vec<i64>,
}

/// A function of the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Function {
    /// Fully qualified symbol name.
    pub name: String,
    /// Entry address.
    pub value: u64,
    /// Always 0.
    #[serde(rename = "type")]
    pub symbol_type: u8,
    /// Always 0.
    #[serde(rename = "goType")]
    pub go_type: u64,
    /// Compiled with optimisation or inlining.
    pub optimized: bool,
}

/// A frame of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stackframe {
    /// Where the frame is.
    #[serde(flatten)]
    pub location: Location,
    /// Only when Full or Cfg given, else null.
    #[serde(rename = "Locals", with = "json::nullable")]
    pub locals: Vec<Variable>,
    /// Only when Full or Cfg given, else null.
    #[serde(rename = "Arguments", with = "json::nullable")]
    pub arguments: Vec<Variable>,
    /// CFA minus top of goroutine stack (stack.hi).
    #[serde(rename = "FrameOffset")]
    pub frame_offset: i64,
    /// Frame base register minus stack.hi.
    #[serde(rename = "FramePointerOffset")]
    pub frame_pointer_offset: i64,
    /// Deferred calls of frame (`[]` unless requested).
    #[serde(rename = "Defers", deserialize_with = "json::null_as_default")]
    pub defers: Vec<Defer>,
    /// True on last frame of stack; absent otherwise.
    #[serde(rename = "Bottom", skip_serializing_if = "json::is_zero")]
    pub bottom: bool,
    /// Unwind error text.
    #[serde(rename = "Err")]
    pub err: String,
}

/// A deferred call of a frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Defer {
    /// Deferred function entry location.
    #[serde(rename = "DeferredLoc")]
    pub deferred_loc: Location,
    /// Location of the defer statement.
    #[serde(rename = "DeferLoc")]
    pub defer_loc: Location,
    /// SP at defer time.
    #[serde(rename = "SP")]
    pub sp: u64,
    /// Error text; other fields zero.
    #[serde(rename = "Unreadable")]
    pub unreadable: String,
}

/// The stack of the goroutine that created another one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ancestor {
    /// Goroutine id.
    #[serde(rename = "ID")]
    pub id: i64,
    /// Frames.
    #[serde(rename = "Stack", with = "json::nullable")]
    pub stack: Vec<Stackframe>,
    /// Error text.
    #[serde(rename = "Unreadable")]
    pub unreadable: String,
}

/// How a stack is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StacktraceOptions(pub u16);

impl StacktraceOptions {
    /// `ReadDefers`.
    pub const READ_DEFERS: Self = Self(1);
    /// `Simple`.
    pub const SIMPLE: Self = Self(2);
    /// `G`.
    pub const FROM_G: Self = Self(4);
}

/// An address as clients write it: `0x4de164`, or in decimal.
pub fn parse_address(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}
