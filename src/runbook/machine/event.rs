//! What can happen to a run.

use jiff::Timestamp;

use crate::base::Text;
use crate::guard::{LockState, Situation};
use crate::model::record::Overridden;
use crate::model::{Fault, Observation, Plan, Sent};

/// How far a signal has recovered, as far as it concerns the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// Everything about the target is ok, on data read at that time.
    Recovered,
    /// Something is not ok.
    NotYet,
    /// It cannot be judged: no data, nothing that watches the target.
    Unknown,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The target was read for the first time, or anew, with everything that the guards look at.
    Planned {
        /// The plan, or why there is none.
        plan: Result<Box<Plan>, Fault>,
        /// Everything else.
        situation: Box<Situation>,
    },
    /// The operator overrode a guard by its name.
    Overrode(Overridden),
    /// The operator answered the question of this step with yes.
    Answered(Text),
    /// The operator confirmed.
    Confirmed {
        /// What was typed.
        typed: String,
        /// Why.
        reason: Text,
    },
    /// The operator wants a new plan.
    PlanAgain,
    /// What became of taking the lock.
    Locked(LockState),
    /// The intent was written and synced, or why not.
    IntentWritten(Result<Timestamp, Text>),
    /// The target was read again, just before the send.
    Reread {
        /// As it is planned now.
        plan: Result<Box<Plan>, Fault>,
        /// Everything else.
        situation: Box<Situation>,
    },
    /// What AWS answered to the one request.
    Sent(Sent),
    /// An entry other than the intent could not be written, or could be after all.
    Unwritten(Option<Text>),
    /// The target was read after the send.
    Observed(Result<Box<Observation>, Fault>),
    /// A signal was read after the send.
    SignalRead {
        /// Which of the course's checks.
        check: usize,
        /// How far it has recovered, in words too, and when AWS was asked.
        read: Result<(Recovery, Text, Timestamp), Fault>,
    },
    /// A person resolves an unknown outcome.
    Resolve {
        /// It is to be treated as applied.
        applied: bool,
        /// Why.
        reason: Text,
    },
    /// A person closes the run although it is not verified.
    CloseUnverified(Text),
    /// Time has passed.
    Tick,
    /// The operator wants no further step.
    Cancel,
    /// The console ends: a signal, a closed terminal.
    Hangup(Text),
}
