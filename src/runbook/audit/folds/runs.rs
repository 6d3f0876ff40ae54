//! One summary a run: what the list of records shows, and what the report tells.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::base::Text;
use crate::model::record::Ending;
use crate::model::{Entry, Plan, Record, Sent, Standing, Undo};

/// A run, as far as the records tell of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// Its name.
    pub run: Text,
    /// Id of the runbook.
    pub runbook: Text,
    /// Id of the action; empty where there was no plan.
    pub action: Text,
    /// `system/name` of the environment; empty where there was no plan.
    pub environment: Text,
    /// AWS's name of the target; empty where there was no plan.
    pub target: Text,
    /// Its ARN; empty where there was no plan.
    pub arn: Text,
    /// What changes, e.g. `desired count 6 → 20 tasks`.
    pub change: Text,
    /// When it began.
    pub began: Timestamp,
    /// The last that is known of it.
    pub last: Timestamp,
    /// ARN of the principal.
    pub principal: Text,
    /// User and host.
    pub operator: Text,
    /// Why, where a reason was given.
    pub reason: Text,
    /// Requests that may have reached AWS, or would have.
    pub intents: usize,
    /// Requests that AWS accepted.
    pub accepted: usize,
    /// Requests of which it is not known whether they reached AWS.
    pub unknown: usize,
    /// How often guards refused it.
    pub refusals: usize,
    /// Guards that were overridden.
    pub overridden: Vec<Text>,
    /// Second persons who approved.
    pub approved_by: Vec<Text>,
    /// What was seen last.
    pub standing: Option<Standing>,
    /// How it ended; `None` while it goes on, or where its console was killed.
    pub ending: Option<Ending>,
    /// The last that was said of it.
    pub says: Text,
    /// What brings it back, from its last step that was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
    /// Something is left that somebody must bring back.
    pub owes: bool,
    /// The last intent leaves something once it is known to be applied.
    #[serde(skip)]
    would_owe: bool,
}

impl Run {
    fn new(run: &Text, record: &Record) -> Self {
        Self {
            run: run.clone(),
            runbook: Text::default(),
            action: Text::default(),
            environment: Text::default(),
            target: Text::default(),
            arn: Text::default(),
            change: Text::default(),
            began: record.at,
            last: record.at,
            principal: record.principal.clone(),
            operator: record.operator.clone(),
            reason: Text::default(),
            intents: 0,
            accepted: 0,
            unknown: 0,
            refusals: 0,
            overridden: Vec::new(),
            approved_by: Vec::new(),
            standing: None,
            ending: None,
            says: Text::default(),
            undo: None,
            owes: false,
            would_owe: false,
        }
    }

    /// How it stands in a word or a few.
    pub fn state(&self) -> &'static str {
        match self.ending {
            Some(ending) => ending.word(),
            None if self.unknown > 0 => "UNKNOWN",
            None if self.intents > 0 => "not ended",
            None => "refused, nothing was sent",
        }
    }

    /// True where nothing that it sent can be under way: it has ended, or nothing of it reached AWS.
    pub fn is_at_rest(&self) -> bool {
        self.unknown == 0 && (self.accepted == 0 || self.ending.is_some())
    }

    fn plan(&mut self, plan: &Plan) {
        self.action = plan.action.clone();
        self.environment = plan.target.environment.clone();
        self.target = plan.target.name.clone();
        self.arn = plan.target.arn.clone();
        self.change = change(plan);
    }

    fn add(&mut self, record: &Record) {
        self.last = record.at;
        match &record.entry {
            Entry::Refused { runbook, plan, says, .. } => {
                self.runbook = runbook.clone();
                if let Some(plan) = plan {
                    self.plan(plan);
                }
                self.refusals += 1;
                self.says = says.first().cloned().unwrap_or_default();
            }
            Entry::Intent { runbook, plan, overridden, reason, approved_by, .. } => {
                self.runbook = runbook.clone();
                self.plan(plan);
                self.undo = plan.undo.clone();
                self.would_owe = plan.owed.is_some();
                self.intents += 1;
                self.unknown += 1;
                self.overridden.extend(overridden.iter().map(|one| one.rule.clone()));
                self.approved_by.extend(approved_by.iter().cloned());
                if !reason.is_empty() {
                    self.reason = reason.clone();
                }
            }
            Entry::Outcome { sent, .. } => match sent {
                Sent::Accepted { .. } => {
                    self.accepted += 1;
                    self.owes |= self.would_owe;
                    self.unknown = self.unknown.saturating_sub(1);
                }
                Sent::Rejected { fault } => {
                    self.unknown = self.unknown.saturating_sub(1);
                    self.says = fault.to_string().into();
                }
                Sent::Unknown { fault } => self.says = fault.to_string().into(),
            },
            Entry::Observed { observation, .. } => {
                self.standing = Some(observation.standing);
                self.says = observation.says.clone();
            }
            Entry::Resolved { says, applied, .. } => {
                self.unknown = self.unknown.saturating_sub(1);
                self.accepted += usize::from(*applied);
                self.owes |= *applied && self.would_owe;
                self.says = says.clone();
            }
            Entry::Closed { ending, says, .. } => {
                self.ending = Some(*ending);
                self.says = says.clone();
                if matches!(ending, Ending::NotSent | Ending::Rejected) {
                    self.unknown = 0;
                }
            }
            // What an outcome told already is not left a second time, even where it was settled meanwhile.
            Entry::Owed { .. } => self.owes |= !self.would_owe,
            Entry::Settled { .. } => self.owes = false,
            _ => {}
        }
    }
}

/// What a plan changes in one line.
pub fn change(plan: &Plan) -> Text {
    let each = plan.differences.iter().map(|one| {
        let unit = if one.unit.is_empty() { String::new() } else { format!(" {}", one.unit) };
        format!("{} {} → {}{unit}", one.field, one.before, one.after)
    });
    Text::new(each.collect::<Vec<_>>().join(", "))
}

/// The fold.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    runs: Vec<Run>,
    places: HashMap<Text, usize>,
}

impl Runs {
    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        let Some(run) = record.entry.run() else { return };
        let place = *self.places.entry(run.clone()).or_insert_with(|| {
            self.runs.push(Run::new(run, record));
            self.runs.len() - 1
        });
        self.runs[place].add(record);
    }

    /// All runs, in the order in which they began.
    pub fn all(&self) -> &[Run] {
        &self.runs
    }

    /// One run.
    pub fn get(&self, run: &str) -> Option<&Run> {
        self.places.get(run).map(|place| &self.runs[*place])
    }
}

/// One summary a run, in the order in which they began.
pub fn runs<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Run> {
    let mut fold = Runs::default();
    records.into_iter().for_each(|record| fold.add(record));
    fold.runs
}
