//! Everything besides the plan that the guards look at, gathered just before they are asked.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Environment, Fault, Identity};

/// Who holds the lock of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockState {
    /// This run.
    Ours,
    /// Nobody yet.
    Free,
    /// Somebody else.
    Held {
        /// User, host and principal.
        holder: Text,
        /// Why.
        reason: Text,
        /// When it ends by itself.
        until: Option<Timestamp>,
    },
    /// It could not be read.
    Unreadable(Text),
}

/// The change freeze of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freeze {
    /// None now.
    Off,
    /// On.
    On {
        /// Its name or reason.
        says: Text,
        /// Until when.
        until: Timestamp,
    },
    /// The calendar could not be read: it counts as closed.
    Unreadable(Text),
}

/// Approvals of the plan by others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approvals {
    /// Principal and time of each approval of this digest. The rule judges whose they are and how old.
    pub by: Vec<(Text, Timestamp)>,
    /// ARNs of whoever wants the plan: those of the operator and of the one who put it there, in the environment and
    /// where the approvals are. None of them is another person.
    pub wanted_by: Vec<Text>,
    /// Why they could not be read.
    pub unreadable: Option<Text>,
}

/// What is known of the runbook's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// It comes with the program.
    BuiltIn,
    /// This very content was trusted by this user.
    Trusted,
    /// Nobody has trusted it yet.
    New,
    /// It was changed since it was trusted.
    Changed,
    /// Others can write it.
    Writable,
}

/// Everything else.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The time to judge at.
    pub now: Timestamp,
    /// Seconds of the clock for each second of the operator's: times that people need are that much longer in a drill.
    pub pace: f64,
    /// The environment.
    pub environment: Environment,
    /// Who the mutating client is, asked now.
    pub identity: Result<Identity, Fault>,
    /// Who it was when the plan was made.
    pub planned_as: Option<Identity>,
    /// Until when the environment is armed.
    pub armed_until: Option<Timestamp>,
    /// Seconds that this clock is ahead of AWS's.
    pub skew_s: Option<i64>,
    /// The target's lock.
    pub lock: LockState,
    /// Runs whose outcome at this target is unknown.
    pub unresolved: Vec<Text>,
    /// Another run of this console is at the target.
    pub busy: Option<Text>,
    /// The plan was sent already.
    pub used: bool,
    /// The change freeze.
    pub freeze: Freeze,
    /// Approvals of this plan.
    pub approvals: Approvals,
    /// The runbook's file.
    pub trust: Trust,
    /// Targets of the run.
    pub targets: usize,
    /// What is wrong with the records; `None` when they are whole.
    pub broken_records: Option<Text>,
}

/// Beyond this many seconds of difference the clock cannot be relied on.
pub const SKEW_S: i64 = 60;

impl Situation {
    /// False where the clock is known to be too far off for freeze windows, locks and approvals.
    pub fn clock_is_reliable(&self) -> bool {
        self.skew_s.is_none_or(|skew| skew.unsigned_abs() <= SKEW_S.unsigned_abs())
    }

    /// Seconds of the operator since `at`; negative where that is still to come.
    pub fn operator_seconds_since(&self, at: Timestamp) -> f64 {
        self.now.duration_since(at).as_secs_f64() / self.pace.max(1.0)
    }
}
