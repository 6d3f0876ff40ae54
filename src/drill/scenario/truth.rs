//! What is true of a scenario: its cause, and the alarms that go off. The plant does not look at it; tests do.

use serde::Deserialize;

/// What began the trouble.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// What it is.
    pub kind: CauseKind,
    /// Name of the resource that changed, or that shows the first symptom; empty for a connection.
    #[serde(default)]
    pub resource: String,
    /// A word that stands in what a timeline says of it.
    pub says: String,
}

/// What a cause is, as seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CauseKind {
    /// Something in AWS was changed, or AWS changed it.
    Change,
    /// Nothing was changed: the first alarm or scaling activity is all that there is to see.
    Symptom,
    /// The environment could no longer be read.
    Connection,
}

/// An alarm that goes off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Name of the environment.
    pub environment: String,
    /// Name of the alarm.
    pub alarm: String,
    /// Not earlier, in seconds into the scenario.
    pub from_s: i64,
    /// Not later, in seconds into the scenario.
    pub to_s: i64,
}
