//! Goroutines, and how they are filtered and grouped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::location::Location;

/// A goroutine as of the last stop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Goroutine {
    /// Goroutine id.
    pub id: i64,
    /// Current location.
    #[serde(rename = "currentLoc")]
    pub current_loc: Location,
    /// First non-private-runtime frame within 30 frames.
    #[serde(rename = "userCurrentLoc")]
    pub user_current_loc: Location,
    /// Go statement that created it (pc is return address; line from pc-1).
    #[serde(rename = "goStatementLoc")]
    pub go_statement_loc: Location,
    /// Start function (wrappers unwrapped).
    #[serde(rename = "startLoc")]
    pub start_loc: Location,
    /// OS thread id if running, else 0.
    #[serde(rename = "threadID")]
    pub thread_id: i64,
    /// Scheduling state.
    pub status: GoroutineStatus,
    /// `g.waitsince` in nanoseconds (0 if unset).
    #[serde(rename = "waitSince")]
    pub wait_since: i64,
    /// Index into runtime wait-reason table of the target Go version.
    #[serde(rename = "waitReason")]
    pub wait_reason: i64,
    /// Error text; other fields zero.
    pub unreadable: String,
    /// Labels set by runtime/pprof.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "json::null_as_default")]
    pub labels: BTreeMap<String, String>,
}

/// A run of goroutines in a grouped listing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoroutineGroup {
    /// Group key text.
    #[serde(rename = "Name")]
    pub name: String,
    /// Start index in Goroutines.
    #[serde(rename = "Offset")]
    pub offset: i64,
    /// Members returned.
    #[serde(rename = "Count")]
    pub count: i64,
    /// Members in total.
    #[serde(rename = "Total")]
    pub total: i64,
}

/// A test that a listed goroutine must pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListGoroutinesFilter {
    /// What is compared.
    #[serde(rename = "Kind")]
    pub kind: GoroutineField,
    /// Invert.
    #[serde(rename = "Negated")]
    pub negated: bool,
    /// Substring of "file:line in function" for locations; "key=value" or "key" for label; channel
    /// expression for WaitingOnChannel.
    #[serde(rename = "Arg")]
    pub arg: String,
}

/// What goroutines are filtered or grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GoroutineField(pub u8);

impl GoroutineField {
    /// `None`.
    pub const NONE: Self = Self(0);
    /// `CurrentLoc`.
    pub const CURRENT_LOC: Self = Self(1);
    /// `UserLoc`.
    pub const USER_LOC: Self = Self(2);
    /// `GoLoc`.
    pub const GO_LOC: Self = Self(3);
    /// `StartLoc`.
    pub const START_LOC: Self = Self(4);
    /// `Label`.
    pub const LABEL: Self = Self(5);
    /// `Running`.
    pub const RUNNING: Self = Self(6);
    /// `User`.
    pub const USER: Self = Self(7);
    /// `WaitingOnChannel`.
    pub const WAITING_ON_CHANNEL: Self = Self(8);
}

/// Scheduling state of a goroutine (`runtime/runtime2.go`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GoroutineStatus(pub u64);

impl GoroutineStatus {
    /// `Gidle`.
    pub const IDLE: Self = Self(0);
    /// `Grunnable`.
    pub const RUNNABLE: Self = Self(1);
    /// `Grunning`.
    pub const RUNNING: Self = Self(2);
    /// `Gsyscall`.
    pub const SYSCALL: Self = Self(3);
    /// `Gwaiting`.
    pub const WAITING: Self = Self(4);
    /// `GmoribundUnused`.
    pub const MORIBUND_UNUSED: Self = Self(5);
    /// `Gdead`.
    pub const DEAD: Self = Self(6);
    /// `Genqueue`.
    pub const ENQUEUE: Self = Self(7);
    /// `Gcopystack`.
    pub const COPYSTACK: Self = Self(8);
}
