//! What the desk for changes answers.

use std::sync::Arc;

use crate::actions::Choice;
use crate::base::Text;
use crate::model::{Change, EnvId, Fault, Risk, Target, Value};
use crate::runbook::arming::Armed;
use crate::runbook::audit::{Obligation, Open, Run as RunSummary};
use crate::runbook::machine::Run;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// An environment is armed, or why not.
    Armed {
        /// Which.
        env: EnvId,
        /// Until when, and as whom.
        outcome: Result<Armed, Fault>,
    },
    /// It is not armed any more.
    Disarmed {
        /// Which.
        env: EnvId,
        /// `by hand`, `time is up`.
        why: Text,
    },
    /// What fits a resource.
    Offered {
        /// Of the request.
        number: u64,
        /// The runbooks.
        outcome: Result<Arc<Offered>, Fault>,
    },
    /// What the parameters of a runbook can be set to on the target that was picked.
    Choices {
        /// Of the request.
        number: u64,
        /// Of each parameter, in the runbook's order; none where AWS names none, or could not be asked.
        choices: Vec<Vec<Choice>>,
    },
    /// A run was started or is different.
    Run {
        /// Whose.
        env: EnvId,
        /// As it is now.
        run: Arc<Run>,
    },
    /// A run could not be started, in words.
    NotStarted(Text),
    /// What the records come to.
    Records(Arc<Standings>),
    /// The records cannot be read or written, in words.
    RecordsFault(Text),
}

/// What fits a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// Those that fit first, then those that do not.
    pub offers: Vec<Offer>,
    /// Runbook files that cannot be used: file, place and reason.
    pub problems: Vec<Text>,
}

/// A runbook in front of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Id of the runbook.
    pub runbook: Text,
    /// Its title.
    pub title: Text,
    /// Id of its action.
    pub action: Text,
    /// How it is confirmed.
    pub risk: Risk,
    /// The targets that may be meant: one, or several of which the operator picks one.
    pub targets: Vec<Target>,
    /// Its parameters.
    pub params: Vec<OfferParam>,
    /// Why it does not fit; `None` where it does.
    pub why_not: Option<Text>,
    /// It sends nothing.
    pub reads_only: bool,
    /// Its file is not trusted yet, or was changed since.
    pub untrusted: bool,
}

/// A parameter with its bounds and choices.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferParam {
    /// Its name.
    pub name: Text,
    /// In half a sentence with its unit.
    pub help: Text,
    /// The type, in a word.
    pub kind: Text,
    /// True where nothing can be planned without it.
    pub required: bool,
    /// What it is where nothing is typed.
    pub default: Value,
    /// Lower bound.
    pub min: Value,
    /// Upper bound.
    pub max: Value,
    /// What can be chosen; anything within the bounds where there are none.
    pub choices: Vec<Choice>,
}

/// What the records come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standings {
    /// Intents of which nobody knows what became, each with what was read of its target last.
    pub unresolved: Vec<(Open, Option<Text>)>,
    /// What somebody must bring back, and is not ended.
    pub owed: Vec<Obligation>,
    /// All runs, the newest first; at most 500.
    pub runs: Vec<RunSummary>,
    /// Our own actions as changes, the oldest first; at most 500.
    pub changes: Vec<Arc<Change>>,
    /// What is wrong with the records.
    pub broken: Option<Text>,
}
