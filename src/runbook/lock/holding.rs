//! What a lock says: who is at a target, why, and for how long.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::guard::LockState;
use crate::runbook::lock::owner::{Life, Owner};

/// Who wants a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The target's ARN.
    pub arn: Text,
    /// User, host and principal.
    pub holder: Text,
    /// The run.
    pub run: Text,
    /// What for.
    pub reason: Text,
    /// When it ends by itself, should nobody release it.
    pub until: Timestamp,
}

/// A lock that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The target's ARN.
    pub arn: Text,
    /// User, host and principal.
    pub holder: Text,
    /// The run.
    pub run: Text,
    /// What for.
    pub reason: Text,
    /// Since when.
    pub taken: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// The process that took it.
    pub owner: Owner,
}

impl Holding {
    /// A lock that is taken now.
    pub fn new(claim: &Claim, owner: &Owner, now: Timestamp) -> Self {
        let Claim { arn, holder, run, reason, until } = claim.clone();
        Self { arn, holder, run, reason, taken: now, until, owner: owner.clone() }
    }

    /// What it means for `run`. Where the clock cannot be relied on, no lock has ended.
    pub fn state(&self, run: &str, now: Timestamp, reliable: bool, life: Life) -> LockState {
        if *self.run == *run {
            return LockState::Ours;
        }
        if reliable && self.until <= now {
            return LockState::Free;
        }
        let pid = self.owner.pid;
        let note = match life {
            Life::Lives | Life::Unknown => String::new(),
            Life::Gone => format!("; its process {pid} is not running any more, what it sent may still be under way"),
            Life::Elsewhere => format!("; its process {pid} ran on another machine or before a restart"),
        };
        let (holder, until) = (self.holder.clone(), Some(self.until));
        LockState::Held { holder, reason: Text::new(format!("{}{note}", self.reason)), until }
    }
}
