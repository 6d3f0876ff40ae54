//! What became of a mutation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::model::{Fault, Values};

/// What is known right after one request. There is never a second one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "sent", rename_all = "kebab-case")]
pub enum Sent {
    /// AWS accepted it.
    Accepted {
        /// What identifies our own change: `deployment_id`, `revision_id`, `update_id`.
        receipt: Values,
    },
    /// It is known that nothing was changed: refused, throttled, never connected.
    Rejected {
        /// Why.
        fault: Fault,
    },
    /// It may or may not have been changed: cut, no answer in time, 5xx. Only reading tells.
    Unknown {
        /// What happened.
        fault: Fault,
    },
}

/// How far a change is, judged by reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The target is as it was before: the change did not reach it.
    NotApplied,
    /// It was applied and goes on.
    Underway,
    /// Our own change won and is complete.
    Done,
    /// AWS gave up: a circuit breaker, a failed update.
    Failed,
    /// Applied, then changed by somebody or something else.
    Overtaken,
    /// What was read fits neither before nor after.
    Unclear,
}

impl Standing {
    /// True where nothing more is to be expected.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Overtaken)
    }

    /// A word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotApplied => "not applied",
            Self::Underway => "under way",
            Self::Done => "done",
            Self::Failed => "FAILED",
            Self::Overtaken => "OVERTAKEN",
            Self::Unclear => "unclear",
        }
    }
}

/// The target as it was read after the send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Judged.
    pub standing: Standing,
    /// In words with figures: `41 → 42: 6 of 12 tasks running, 2 pending`.
    pub says: Text,
    /// What was read, for predicates; the same names as in the plan's `observed`.
    pub values: Values,
    /// When AWS was asked.
    pub at: Timestamp,
}
