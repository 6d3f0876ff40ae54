//! What is known of changes: which environments are armed, this console's runs, what the records come to.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::Text;
use crate::model::EnvId;
use crate::runbook::arming::Armed;
use crate::runbook::desk::Standings;
use crate::runbook::machine::{Phase, Run};

/// A run of this console.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnRun {
    /// Whose.
    pub env: EnvId,
    /// As it was last told.
    pub run: Arc<Run>,
}

/// What is known of changes.
#[derive(Debug, Clone, Default)]
pub struct Guarded {
    /// The environments that may be changed. Use [`crate::app::App::armed`]: an entry may have run out.
    pub armed: BTreeMap<EnvId, Armed>,
    /// An environment that was asked to be armed; not answered yet.
    pub arming: Option<EnvId>,
    /// Runs of this console, the newest first.
    pub runs: Vec<OwnRun>,
    /// What the records come to; `None` until they are read.
    pub standings: Option<Arc<Standings>>,
    /// Why they cannot be read or written.
    pub records_fault: Option<Text>,
    /// When they were asked for last.
    pub(in crate::app) asked_at: Option<Timestamp>,
    /// Unresolved intents of earlier consoles were asked to be read.
    pub(in crate::app) reconciled: bool,
    /// Counts dialogs, forms and offers, so that none is taken for another.
    pub(in crate::app) count: u64,
}

impl Guarded {
    /// A number that was not given before.
    pub(in crate::app) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// A run of this console.
    pub fn run(&self, id: &str) -> Option<&OwnRun> {
        self.runs.iter().find(|own| own.run.id == *id)
    }

    /// Runs of this console that are not over.
    pub fn going(&self) -> impl Iterator<Item = &OwnRun> {
        self.runs.iter().filter(|own| own.run.phase != Phase::Closed)
    }

    /// Intents of which nobody knows what became: those of the records, and runs of this console that are finding out.
    pub fn unresolved(&self) -> usize {
        let recorded = self.standings.as_ref().map_or(&[][..], |standings| &standings.unresolved);
        let of_others = recorded.iter().filter(|(open, _)| self.run(&open.run).is_none()).count();
        of_others + self.runs.iter().filter(|own| own.run.is_unknown()).count()
    }

    /// What somebody must bring back.
    pub fn owed(&self) -> usize {
        self.standings.as_ref().map_or(0, |standings| standings.owed.len())
    }
}
