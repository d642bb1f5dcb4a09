//! The bodies of events, as `cargo xtask dap-types` makes them of the protocol's schema: do not edit.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::types::*;

/// Body of BreakpointEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BreakpointEventBody {
    /// The `id` attribute is used to find the target breakpoint, the other attributes are used as the new values.
    pub breakpoint: Breakpoint,
    /// The reason for the event.
    pub reason: String,
}

/// Body of CapabilitiesEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CapabilitiesEventBody {
    /// The set of updated capabilities.
    pub capabilities: Capabilities,
}

/// Body of ContinuedEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContinuedEventBody {
    /// If omitted or set to `true`, this event signals to the client that all threads have been resumed. The value `false` indicates that not all threads were resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_threads_continued: Option<bool>,
    /// The thread which was continued.
    pub thread_id: i64,
}

/// Body of ExitedEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ExitedEventBody {
    /// The exit code returned from the debuggee.
    pub exit_code: i64,
}

/// Body of InvalidatedEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct InvalidatedEventBody {
    /// Set of logical areas that got invalidated. This property has a hint characteristic: a client can only be expected to make a 'best effort' in honoring the areas but there are no guarantees. If this property is missing, empty, or if values are not understood, the client should assume a single value `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub areas: Option<Vec<InvalidatedAreas>>,
    /// If specified, the client only needs to refetch data related to this stack frame (and the `threadId` is ignored).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_frame_id: Option<i64>,
    /// If specified, the client only needs to refetch data related to this thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<i64>,
}

/// The reason for the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadedSourceEventReason {
    /// `new`.
    #[default]
    #[serde(rename = "new")]
    New,
    /// `changed`.
    #[serde(rename = "changed")]
    Changed,
    /// `removed`.
    #[serde(rename = "removed")]
    Removed,
}

/// Body of LoadedSourceEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LoadedSourceEventBody {
    /// The reason for the event.
    pub reason: LoadedSourceEventReason,
    /// The new, changed, or removed source.
    pub source: Source,
}

/// Body of MemoryEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MemoryEventBody {
    /// Number of bytes updated.
    pub count: i64,
    /// Memory reference of a memory range that has been updated.
    pub memory_reference: String,
    /// Starting offset in bytes where memory has been updated. Can be negative.
    pub offset: i64,
}

/// The reason for the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleEventReason {
    /// `new`.
    #[default]
    #[serde(rename = "new")]
    New,
    /// `changed`.
    #[serde(rename = "changed")]
    Changed,
    /// `removed`.
    #[serde(rename = "removed")]
    Removed,
}

/// Body of ModuleEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ModuleEventBody {
    /// The new, changed, or removed module. In case of `removed` only the module id is used.
    pub module: Module,
    /// The reason for the event.
    pub reason: ModuleEventReason,
}

/// Support for keeping an output log organized by grouping related messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputEventGroup {
    /// Start a new group in expanded mode. Subsequent output events are members of the group and should be shown indented.
    #[default]
    #[serde(rename = "start")]
    Start,
    /// Start a new group in collapsed mode. Subsequent output events are members of the group and should be shown indented (as soon as the group is expanded).
    #[serde(rename = "startCollapsed")]
    StartCollapsed,
    /// End the current group and decrease the indentation of subsequent output events.
    #[serde(rename = "end")]
    End,
}

/// Body of OutputEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OutputEventBody {
    /// The output category. If not specified or if the category is not understood by the client, `console` is assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The position in `line` where the output was produced. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<i64>,
    /// Additional data to report. For the `telemetry` category the data is sent to telemetry, for the other categories the data is shown in JSON format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Support for keeping an output log organized by grouping related messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<OutputEventGroup>,
    /// The source location's line where the output was produced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<i64>,
    /// A reference that allows the client to request the location where the new value is declared. For example, if the logged value is function pointer, the adapter may be able to look up the function's location. This should be present only if the adapter is likely to be able to resolve the location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_reference: Option<i64>,
    /// The output to report.
    pub output: String,
    /// The source location where the output was produced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// If an attribute `variablesReference` exists and its value is > 0, the output contains objects which can be retrieved by passing `variablesReference` to the `variables` request as long as execution remains suspended. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables_reference: Option<i64>,
}

/// Describes how the debug engine started debugging this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProcessEventStartMethod {
    /// Process was launched under the debugger.
    #[default]
    #[serde(rename = "launch")]
    Launch,
    /// Debugger attached to an existing process.
    #[serde(rename = "attach")]
    Attach,
    /// A project launcher component has launched a new process in a suspended state and then asked the debugger to attach.
    #[serde(rename = "attachForSuspendedLaunch")]
    AttachForSuspendedLaunch,
}

/// Body of ProcessEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProcessEventBody {
    /// If true, the process is running on the same computer as the debug adapter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_local_process: Option<bool>,
    /// The logical name of the process. This is usually the full path to process's executable file. Example: /home/example/myproj/program.js.
    pub name: String,
    /// The size of a pointer or address for this process, in bits. This value may be used by clients when formatting addresses for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer_size: Option<i64>,
    /// Describes how the debug engine started debugging this process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_method: Option<ProcessEventStartMethod>,
    /// The process ID of the debugged process, as assigned by the operating system. This property should be omitted for logical processes that do not map to operating system processes on the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_process_id: Option<i64>,
}

/// Body of ProgressEndEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProgressEndEventBody {
    /// More detailed progress message. If omitted, the previous message (if any) is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The ID that was introduced in the initial `ProgressStartEvent`.
    pub progress_id: String,
}

/// Body of ProgressStartEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProgressStartEventBody {
    /// If true, the request that reports progress may be cancelled with a `cancel` request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellable: Option<bool>,
    /// More detailed progress message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Progress percentage to display. If omitted no percentage is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<f64>,
    /// An ID that can be used in subsequent `progressUpdate` and `progressEnd` events to make them refer to the same progress reporting.
    pub progress_id: String,
    /// The request ID that this progress report is related to. If specified a debug adapter is expected to emit progress events for the long running request until the request has been either completed or cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<i64>,
    /// Short title of the progress reporting. Shown in the UI to describe the long running operation.
    pub title: String,
}

/// Body of ProgressUpdateEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProgressUpdateEventBody {
    /// More detailed progress message. If omitted, the previous message (if any) is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Progress percentage to display. If omitted no percentage is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<f64>,
    /// The ID that was introduced in the initial `progressStart` event.
    pub progress_id: String,
}

/// Body of StoppedEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StoppedEventBody {
    /// If `allThreadsStopped` is true, a debug adapter can announce that all threads have stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_threads_stopped: Option<bool>,
    /// The full reason for the event, e.g. 'Paused on exception'. This string is shown in the UI as is and can be translated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Ids of the breakpoints that triggered the event. In most cases there is only a single breakpoint but here are some examples for multiple breakpoints:
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit_breakpoint_ids: Option<Vec<i64>>,
    /// A value of true hints to the client that this event should not change the focus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserve_focus_hint: Option<bool>,
    /// The reason for the event.
    pub reason: String,
    /// Additional information. E.g. if reason is `exception`, text contains the exception name. This string is shown in the UI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The thread which was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<i64>,
}

/// Body of TerminatedEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TerminatedEventBody {
    /// A debug adapter may set `restart` to true (or to an arbitrary object) to request that the client restarts the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart: Option<Value>,
}

/// Body of ThreadEvent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ThreadEventBody {
    /// The reason for the event.
    pub reason: String,
    /// The identifier of the thread.
    pub thread_id: i64,
}
