//! What happens while a command runs.

use serde::{Deserialize, Serialize};

use crate::breakpoint::Breakpoint;

/// Something that happened while a command ran with [`DebuggerCommand::with_events`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Kind of the event.
    #[serde(rename = "Kind")]
    pub kind: EventKind,
    /// Kind 2.
    #[serde(rename = "ImagePath", skip_serializing_if = "Option::is_none")]
    pub image_path: Option<String>,
    /// Kind 2.
    #[serde(rename = "Progress", skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
    /// Kind 3.
    #[serde(rename = "Breakpoint", skip_serializing_if = "Option::is_none")]
    pub breakpoint: Option<Breakpoint>,
    /// Kinds 4 and 100.
    #[serde(rename = "PID", skip_serializing_if = "Option::is_none")]
    pub pid: Option<i64>,
    /// Kinds 4 and 100.
    #[serde(rename = "ThreadID", skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<i64>,
    /// Kind 4.
    #[serde(rename = "Cmdline", skip_serializing_if = "Option::is_none")]
    pub cmdline: Option<String>,
    /// Kind 4.
    #[serde(rename = "WillFollow", skip_serializing_if = "Option::is_none")]
    pub will_follow: Option<bool>,
    /// Kind 100: its name.
    #[serde(rename = "Signal", skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// Kind 100; absent where the thread runs no goroutine.
    #[serde(rename = "GoroutineID", skip_serializing_if = "Option::is_none")]
    pub goroutine_id: Option<i64>,
}

/// What an event tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventKind(pub u8);

impl EventKind {
    /// `Resumed`.
    pub const RESUMED: Self = Self(0);
    /// `Stopped`.
    pub const STOPPED: Self = Self(1);
    /// `BinaryInfoDownload`.
    pub const BINARY_INFO_DOWNLOAD: Self = Self(2);
    /// `BreakpointMaterialized`.
    pub const BREAKPOINT_MATERIALIZED: Self = Self(3);
    /// `ProcessSpawned`.
    pub const PROCESS_SPAWNED: Self = Self(4);
    /// A signal arrived that is to be told of without stopping: `PID`, `ThreadID`, `GoroutineID`, `Signal`. Not one of
    /// Delve's; it comes only where [`Client::handle_signal`](crate::Client::handle_signal) asked for it.
    pub const SIGNAL: Self = Self(100);
}
