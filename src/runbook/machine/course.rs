//! What a run will do: a runbook with everything filled in that does not depend on the target.

use crate::base::Text;
use crate::config::runbook::{Predicate, Template, UndoTemplate};
use crate::guard::Policy;
use crate::model::{Severity, SignalId, Values};

/// The course of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Id of the runbook.
    pub runbook: Text,
    /// Its title.
    pub title: Text,
    /// Id of the action; empty for a runbook that only reads.
    pub action: Text,
    /// The bounds that the guards hold it to.
    pub policy: Policy,
    /// Seconds that the whole run may take.
    pub deadline_s: u64,
    /// What must be true of the target before anything is confirmed.
    pub require: Vec<Requirement>,
    /// In order.
    pub steps: Vec<Step>,
    /// What must be true in the end besides that our own change is done.
    pub verify: Vec<Check>,
    /// What brings it back, where the action's own inverse is not meant.
    pub undo: Option<UndoTemplate>,
    /// What happens where a step after a send fails.
    pub on_failure: OnFailure,
}

impl Course {
    /// False for one that only reads.
    pub fn sends(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.does, Does::Send(_)))
    }
}

/// A precondition.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The condition.
    pub that: Predicate,
    /// What to say where it does not hold; nothing where the condition says it by itself.
    pub says: Option<Template>,
    /// Id of the runbook that fits instead.
    pub else_offer: Option<Text>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its id, unique within the runbook.
    pub id: Text,
    /// What it does.
    pub does: Does,
    /// Seconds that it may take; `None` for as long as the run may.
    pub timeout_s: Option<u64>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Does {
    /// Asks the operator something that must be answered with yes: with the plan, or, after a send, when the run gets
    /// there.
    Confirm(Template),
    /// Sends the action with these parameters besides the run's own.
    Send(Values),
    /// Waits until this is true of the target.
    Until(Predicate),
    /// Waits this many seconds.
    Hold(u64),
}

/// Something that must be true in the end.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// Of the target.
    That(Predicate),
    /// Of a signal, as far as it concerns the target, on data newer than the send.
    Signal {
        /// Which.
        signal: SignalId,
        /// At most this bad. Unknown is worse than ok.
        is: Severity,
        /// Seconds within which it must have recovered.
        within_s: u64,
    },
}

/// What happens where a step after a send fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFailure {
    /// Nothing more is sent; the inverse is offered.
    #[default]
    Stop,
    /// The inverse is planned at once.
    Undo,
}
