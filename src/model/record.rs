//! What is written down of everything that is done or refused: the entries of the audit log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::model::{Observation, Plan, Sent, Undo};

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// 1 for the first of the log, then without a gap.
    pub seq: u64,
    /// When, by the clock that the console shows.
    pub at: Timestamp,
    /// ARN of the AWS principal; empty where none was known yet.
    pub principal: Text,
    /// User and host of the console.
    pub operator: Text,
    /// Names the console among those that write here.
    pub console: Text,
    /// `drill` entries never concern real accounts.
    pub drill: bool,
    /// What.
    pub entry: Entry,
    /// Hash of the line before; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over the line without this field.
    pub hash: String,
}

/// A guard that was overridden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// The rule that was named, e.g. `floor/payment-api`.
    pub rule: Text,
    /// Why, where a reason is needed.
    pub reason: Text,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Our own change won, and the signal recovered on fresh data.
    Verified,
    /// Applied; a person closed it although not everything could be verified.
    Unverified,
    /// It was applied and failed, or something overtook it.
    Failed,
    /// Nothing was sent.
    NotSent,
    /// AWS refused it: nothing was changed.
    Rejected,
    /// Steps were sent; a later one was not.
    Stopped,
}

impl Ending {
    /// A word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "UNVERIFIED",
            Self::Failed => "FAILED",
            Self::NotSent => "nothing was sent",
            Self::Rejected => "rejected, nothing was changed",
            Self::Stopped => "stopped",
        }
    }
}

/// What happened. A run is named by `run`, unique over all consoles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// An environment may be changed until then.
    Armed {
        /// `system/name`.
        environment: Text,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// It may not any more.
    Disarmed {
        /// `system/name`.
        environment: Text,
        /// `by hand`, `time is up`, `the console ended`.
        why: Text,
    },
    /// Guards refused; nothing was sent.
    Refused {
        /// Which run.
        run: Text,
        /// Id of the runbook.
        runbook: Text,
        /// The plan, where there is one.
        plan: Option<Box<Plan>>,
        /// Each refusal in words.
        says: Vec<Text>,
    },
    /// What will be sent next. Written and fsynced before.
    Intent {
        /// Which run.
        run: Text,
        /// Id of the runbook.
        runbook: Text,
        /// Id of the step.
        step: Text,
        /// All of it.
        plan: Box<Plan>,
        /// SHA-256 of the plan.
        digest: Text,
        /// Guards that were overridden.
        overridden: Vec<Overridden>,
        /// Why, where a reason was asked for.
        reason: Text,
        /// Second persons who approved this digest.
        approved_by: Vec<Text>,
    },
    /// What AWS answered.
    Outcome {
        /// Which run.
        run: Text,
        /// Id of the step.
        step: Text,
        /// The answer.
        #[serde(flatten)]
        sent: Sent,
    },
    /// The target as it was read afterwards, whenever it is different.
    Observed {
        /// Which run.
        run: Text,
        /// What was read.
        observation: Observation,
    },
    /// An unknown outcome is known now.
    Resolved {
        /// Which run.
        run: Text,
        /// Id of the step.
        step: Text,
        /// It was applied.
        applied: bool,
        /// A person decided, not a reading.
        by_person: bool,
        /// Why.
        says: Text,
    },
    /// The run is over.
    Closed {
        /// Which run.
        run: Text,
        /// How.
        ending: Ending,
        /// In words.
        says: Text,
    },
    /// Something is left that somebody must bring back.
    Owed {
        /// Which run left it.
        run: Text,
        /// `system/name`.
        environment: Text,
        /// What, in words.
        says: Text,
        /// What brings it back, where something does.
        undo: Option<Undo>,
        /// The target's ARN.
        arn: Text,
        /// When AWS itself ends it, where it does.
        ends: Option<Timestamp>,
    },
    /// It was brought back.
    Settled {
        /// Which run had left it.
        run: Text,
        /// How: the run that did it, or a person's reason.
        says: Text,
    },
    /// A lock of somebody else's was taken over.
    TakenOver {
        /// The target's ARN.
        arn: Text,
        /// Whose it was.
        from: Text,
        /// Why.
        reason: Text,
    },
    /// A second person approved a plan.
    Approved {
        /// SHA-256 of the plan.
        digest: Text,
        /// ARN of the approver.
        by: Text,
    },
    /// The log goes on in a new file.
    Rotated {
        /// Name of the file before.
        from: Text,
    },
    /// The lines just before were not finished: the console was killed, or the disk was full. They are kept.
    Torn {
        /// How many bytes.
        bytes: u64,
        /// SHA-256 of them.
        sha256: Text,
    },
    /// A log that was broken was set aside, and this one was begun: what was still open stands in it again.
    SetAside {
        /// Name of the folder where it is.
        folder: Text,
        /// What was wrong with it.
        says: Text,
        /// Why it was set aside.
        reason: Text,
    },
    /// The end of the log was not as it was left. It goes on all the same; what is missing stays visible.
    Irregular {
        /// What was found.
        says: Text,
    },
}

impl Entry {
    /// The run that it belongs to.
    pub fn run(&self) -> Option<&Text> {
        match self {
            Self::Refused { run, .. }
            | Self::Intent { run, .. }
            | Self::Outcome { run, .. }
            | Self::Observed { run, .. }
            | Self::Resolved { run, .. }
            | Self::Closed { run, .. }
            | Self::Owed { run, .. }
            | Self::Settled { run, .. } => Some(run),
            Self::Armed { .. }
            | Self::Disarmed { .. }
            | Self::TakenOver { .. }
            | Self::Approved { .. }
            | Self::Rotated { .. }
            | Self::Torn { .. }
            | Self::SetAside { .. }
            | Self::Irregular { .. } => None,
        }
    }
}
