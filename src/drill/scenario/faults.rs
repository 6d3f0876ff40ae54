//! Requests that a scenario lets go wrong.

use serde::Deserialize;

use crate::drill::fault_modes::OtherChange;

/// Which requests go wrong, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Seconds into the scenario from which it holds.
    #[serde(default)]
    pub at_s: i64,
    /// Seconds that it holds; without end where it is not given.
    #[serde(default)]
    pub for_s: Option<i64>,
    /// Name of the environment.
    pub environment: String,
    /// As in the request log, e.g. `ecs`; every service where it is not given.
    #[serde(default)]
    pub service: Option<String>,
    /// e.g. `UpdateService`; every operation where it is not given.
    #[serde(default)]
    pub operation: Option<String>,
    /// How.
    pub mode: Mode,
    /// The first matching request that goes wrong; 1 is the first.
    #[serde(default)]
    pub nth: Option<u32>,
    /// Matching requests that go wrong; all where it is not given.
    #[serde(default)]
    pub times: Option<u32>,
    /// `slow`: real seconds until the answer. `autoscaler-overwrites`: simulated seconds until then. `clock-skew`:
    /// seconds that the date is ahead, or behind where negative.
    #[serde(default)]
    pub seconds: i64,
    /// `autoscaler-overwrites`: the desired count that the autoscaler sets.
    #[serde(default)]
    pub desired: Option<u32>,
    /// `changed-under-you`: what the other operator does.
    #[serde(default)]
    pub change: Option<OtherChange>,
}

/// How a request goes wrong; see [`crate::drill::fault_modes::FaultMode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Refused before anything is done.
    RejectBefore,
    /// Done, but the connection breaks before the answer.
    CommitThenCut,
    /// Done, but the answer is a failure.
    #[serde(rename = "commit-then-500")]
    CommitThen500,
    /// Answered late.
    Slow,
    /// Never answered.
    Hang,
    /// Throttled.
    Throttle,
    /// The credentials have expired.
    Expired,
    /// Not permitted.
    Denied,
    /// No connection.
    Unreachable,
    /// Another operator has just changed something.
    ChangedUnderYou,
    /// An autoscaler sets another count afterwards.
    AutoscalerOverwrites,
    /// The date of the answer is off.
    ClockSkew,
}
