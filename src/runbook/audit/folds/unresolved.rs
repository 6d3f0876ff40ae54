//! Intents of which nobody knows what became: the first thing that a console looks at when it starts.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::record::Ending;
use crate::model::{Entry, Fault, Plan, Record, Sent};

/// An intent without a known outcome. Its target is blocked until it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Which run.
    pub run: Text,
    /// Id of the runbook.
    pub runbook: Text,
    /// Id of the step.
    pub step: Text,
    /// What was to be sent.
    pub plan: Box<Plan>,
    /// SHA-256 of the plan.
    pub digest: Text,
    /// When the intent was written.
    pub at: Timestamp,
    /// Who would send it.
    pub principal: Text,
    /// User and host.
    pub operator: Text,
    /// Which console.
    pub console: Text,
    /// It was sent and this came back; `None` where not even that is known.
    pub fault: Option<Fault>,
}

/// The fold.
#[derive(Debug, Clone, Default)]
pub struct Unresolved(Vec<Open>);

impl Unresolved {
    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        match &record.entry {
            Entry::Intent { run, runbook, step, plan, digest, .. } => self.0.push(Open {
                run: run.clone(),
                runbook: runbook.clone(),
                step: step.clone(),
                plan: plan.clone(),
                digest: digest.clone(),
                at: record.at,
                principal: record.principal.clone(),
                operator: record.operator.clone(),
                console: record.console.clone(),
                fault: None,
            }),
            Entry::Outcome { run, step, sent } => match sent {
                Sent::Accepted { .. } | Sent::Rejected { .. } => self.close(run, step),
                Sent::Unknown { fault } => {
                    if let Some(at) = self.last(run, step) {
                        self.0[at].fault = Some(fault.clone());
                    }
                }
            },
            Entry::Resolved { run, step, .. } => self.close(run, step),
            // Refused after the intent, just before the send; what was sent before in this run stays as it is.
            Entry::Refused { run, .. } | Entry::Closed { run, ending: Ending::NotSent | Ending::Rejected, .. } => {
                self.0.retain(|open| open.run != *run || open.fault.is_some());
            }
            _ => {}
        }
    }

    /// What is open, the oldest first.
    pub fn open(&self) -> &[Open] {
        &self.0
    }

    /// Runs with an unknown outcome at a target, by its ARN.
    pub fn at<'a>(&'a self, arn: &'a str) -> impl Iterator<Item = &'a Open> {
        self.0.iter().filter(move |open| open.plan.target.arn == *arn)
    }

    fn last(&self, run: &Text, step: &Text) -> Option<usize> {
        self.0.iter().rposition(|open| open.run == *run && open.step == *step)
    }

    fn close(&mut self, run: &Text, step: &Text) {
        if let Some(at) = self.last(run, step) {
            self.0.remove(at);
        }
    }
}

/// Intents without an outcome, and those whose unknown outcome nobody has resolved.
pub fn unresolved<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Open> {
    let mut fold = Unresolved::default();
    records.into_iter().for_each(|record| fold.add(record));
    fold.0
}
