//! The twenty guards: their names, numbers and how each can be overridden.

use serde::{Deserialize, Serialize};

/// A guard. The order is that of their worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// 1: the mutating client is who it should be.
    Identity,
    /// 2: one pinned target.
    Target,
    /// 3: nothing changed since the plan.
    Staleness,
    /// 4: the intent is on disk.
    Intent,
    /// 5: no unresolved outcome at the target.
    UnknownOutcome,
    /// 6: not below the floor, not too far at once.
    Floor,
    /// 7: what is rolled back to can run.
    Rollback,
    /// 8: nothing is under way already.
    InFlight,
    /// 9: confirmed as the risk demands.
    Confirmation,
    /// 10: armed.
    ReadOnly,
    /// 11: success is only our own change, verified.
    Verify,
    /// 12: nothing else owns the field.
    Ownership,
    /// 13: nobody else holds the target.
    Lock,
    /// 14: a mute ends.
    Mute,
    /// 15: a second person, where configured.
    Approval,
    /// 16: no change freeze.
    Freeze,
    /// 17: one mutation at a target at a time.
    Pace,
    /// 18: the records are whole.
    Tamper,
    /// 19: texts from outside are inert.
    Text,
    /// 20: the runbook is trusted.
    Trust,
}

/// How a refusal can be overridden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Override {
    /// Not at all.
    Never,
    /// Not at all; a new plan may be allowed.
    PlanAgain,
    /// By typing the rule's name.
    Named,
    /// By typing the rule's name and a reason.
    NamedWithReason,
    /// A person resolves it, with a reason.
    Person,
}

impl Guard {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Identity,
        Self::Target,
        Self::Staleness,
        Self::Intent,
        Self::UnknownOutcome,
        Self::Floor,
        Self::Rollback,
        Self::InFlight,
        Self::Confirmation,
        Self::ReadOnly,
        Self::Verify,
        Self::Ownership,
        Self::Lock,
        Self::Mute,
        Self::Approval,
        Self::Freeze,
        Self::Pace,
        Self::Tamper,
        Self::Text,
        Self::Trust,
    ];

    /// The first part of a rule's id, e.g. `floor`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Target => "target",
            Self::Staleness => "staleness",
            Self::Intent => "intent",
            Self::UnknownOutcome => "unknown-outcome",
            Self::Floor => "floor",
            Self::Rollback => "rollback",
            Self::InFlight => "in-flight",
            Self::Confirmation => "confirmation",
            Self::ReadOnly => "read-only",
            Self::Verify => "verify",
            Self::Ownership => "ownership",
            Self::Lock => "lock",
            Self::Mute => "mute",
            Self::Approval => "approval",
            Self::Freeze => "freeze",
            Self::Pace => "pace",
            Self::Tamper => "tamper",
            Self::Text => "text",
            Self::Trust => "trust",
        }
    }
}
