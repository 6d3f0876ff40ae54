//! How bad something is, in one order that every screen and exit code shares.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Ordered from harmless to worst. `Unknown` is worse than `Ok`: what could not be read is never fine.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The environment has no such resource.
    #[default]
    Absent,
    /// Measured and within its thresholds.
    Ok,
    /// Stale, denied, unreachable or without data.
    Unknown,
    /// Needs a look.
    Warning,
    /// Needs a person now.
    Critical,
}

impl Severity {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
