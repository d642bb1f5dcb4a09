//! Running, restarting, dumping and leaving the target.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::json;
use crate::state::{Checkpoint, DebuggerState, DiscardedBreakpoint, DumpState};

/// Request of `RPCServer.State`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StateIn {
    /// Return at once when running/recording/dumping.
    #[serde(rename = "NonBlocking")]
    pub non_blocking: bool,
}

/// Reply of `RPCServer.State`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StateOut {
    /// State.
    #[serde(rename = "State")]
    pub state: Option<DebuggerState>,
}

/// Reply of `RPCServer.Command`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandOut {
    /// State.
    #[serde(rename = "State")]
    pub state: DebuggerState,
}

/// Request of `RPCServer.Restart`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RestartIn {
    /// Recorded targets: event number or "`c<checkpoint id>`".
    #[serde(rename = "Position")]
    pub position: String,
    /// Apply NewArgs and NewRedirects.
    #[serde(rename = "ResetArgs")]
    pub reset_args: bool,
    /// `argv[1:]`.
    #[serde(rename = "NewArgs", with = "json::nullable")]
    pub new_args: Vec<String>,
    /// Record again.
    #[serde(rename = "Rerecord")]
    pub rerecord: bool,
    /// Rebuild binary first.
    #[serde(rename = "Rebuild")]
    pub rebuild: bool,
    /// Stdin, stdout, stderr paths.
    #[serde(rename = "NewRedirects")]
    pub new_redirects: [String; 3],
}

/// Reply of `RPCServer.Restart`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RestartOut {
    /// Breakpoints that could not be re-set.
    #[serde(rename = "DiscardedBreakpoints", with = "json::nullable")]
    pub discarded_breakpoints: Vec<DiscardedBreakpoint>,
}

/// Request of `RPCServer.Detach`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetachIn {
    /// Kill target; forced true unless attached to an existing process.
    #[serde(rename = "Kill")]
    pub kill: bool,
}

/// Reply of `RPCServer.Detach`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DetachOut {}

/// Request of `RPCServer.CancelNext`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelNextIn {}

/// Reply of `RPCServer.CancelNext`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelNextOut {}

/// Request of `RPCServer.StopRecording`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StopRecordingIn {}

/// Reply of `RPCServer.StopRecording`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StopRecordingOut {}

/// Request of `RPCServer.Recorded`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedIn {}

/// Reply of `RPCServer.Recorded`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordedOut {
    /// Whether the target is a recording.
    #[serde(rename = "Recorded")]
    pub recorded: bool,
    /// Folder of the recording.
    #[serde(rename = "TraceDirectory")]
    pub trace_directory: String,
}

/// Request of `RPCServer.Checkpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckpointIn {
    /// Note.
    #[serde(rename = "Where")]
    pub note: String,
}

/// Reply of `RPCServer.Checkpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckpointOut {
    /// Id.
    #[serde(rename = "ID")]
    pub id: i64,
}

/// Request of `RPCServer.ListCheckpoints`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListCheckpointsIn {}

/// Reply of `RPCServer.ListCheckpoints`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListCheckpointsOut {
    /// The checkpoints.
    #[serde(rename = "Checkpoints", with = "json::nullable")]
    pub checkpoints: Vec<Checkpoint>,
}

/// Request of `RPCServer.ClearCheckpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClearCheckpointIn {
    /// Id.
    #[serde(rename = "ID")]
    pub id: i64,
}

/// Reply of `RPCServer.ClearCheckpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClearCheckpointOut {}

/// Request of `RPCServer.FollowExec`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowExecIn {
    /// On/off.
    #[serde(rename = "Enable")]
    pub enable: bool,
    /// Only children whose command line matches.
    #[serde(rename = "Regex")]
    pub regex: String,
}

/// Reply of `RPCServer.FollowExec`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FollowExecOut {}

/// Request of `RPCServer.FollowExecEnabled`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FollowExecEnabledIn {}

/// Reply of `RPCServer.FollowExecEnabled`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowExecEnabledOut {
    /// Whether it is enabled.
    #[serde(rename = "Enabled")]
    pub enabled: bool,
}

/// Request of `RPCServer.GetEvents`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetEventsIn {}

/// Reply of `RPCServer.GetEvents`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GetEventsOut {
    /// 1..100 events; call blocks until one exists.
    #[serde(rename = "Events", with = "json::nullable")]
    pub events: Vec<Event>,
}

/// Request of `RPCServer.DumpStart`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DumpStartIn {
    /// Server-side path.
    #[serde(rename = "Destination")]
    pub destination: String,
}

/// Reply of `RPCServer.DumpStart`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DumpStartOut {
    /// The state.
    #[serde(rename = "State")]
    pub state: DumpState,
}

/// Request of `RPCServer.DumpWait`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DumpWaitIn {
    /// Milliseconds, 0 = return at once.
    #[serde(rename = "Wait")]
    pub wait: i64,
}

/// Reply of `RPCServer.DumpWait`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DumpWaitOut {
    /// The state.
    #[serde(rename = "State")]
    pub state: DumpState,
}

/// Request of `RPCServer.DumpCancel`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DumpCancelIn {}

/// Reply of `RPCServer.DumpCancel`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DumpCancelOut {}
