//! What somebody must bring back: open until a record says that it was. It is owed as soon as its change is known to be
//! applied; the record that says so is written a moment later, and may be missing where the console was killed between.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Entry, Plan, Record, Sent, Undo};

/// Something that was left to be brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    /// Which run left it.
    pub run: Text,
    /// `system/name`.
    pub environment: Text,
    /// What, in words.
    pub says: Text,
    /// What brings it back.
    pub undo: Option<Undo>,
    /// The target's ARN.
    pub arn: Text,
    /// Since when.
    pub since: Timestamp,
    /// Who left it.
    pub operator: Text,
    /// When AWS itself ends it.
    pub ends: Option<Timestamp>,
}

impl Obligation {
    /// True where AWS has ended it by itself by `now`: nobody need do anything, though nobody has said so yet.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

/// The fold.
#[derive(Debug, Clone, Default)]
pub struct Obligations {
    left: Vec<Obligation>,
    /// Intents that would leave something, as long as it is not known what became of them: run, step and plan.
    intents: Vec<(Text, Text, Box<Plan>)>,
    /// Runs of which an outcome told what they leave. Records that say the same add nothing, whatever came between.
    told: HashSet<Text>,
}

impl Obligations {
    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        match &record.entry {
            Entry::Intent { run, step, plan, .. } if plan.owed.is_some() => {
                self.intents.push((run.clone(), step.clone(), plan.clone()));
            }
            Entry::Outcome { run, step, sent: Sent::Accepted { .. } }
            | Entry::Resolved { run, step, applied: true, .. } => self.applied(run, step, record),
            Entry::Outcome { run, step, sent: Sent::Rejected { .. } }
            | Entry::Resolved { run, step, applied: false, .. } => drop(self.intent(run, step)),
            Entry::Owed { run, environment, says, undo, arn, ends } => {
                let owed = Obligation {
                    run: run.clone(),
                    environment: environment.clone(),
                    says: says.clone(),
                    undo: undo.clone(),
                    arn: arn.clone(),
                    since: record.at,
                    operator: record.operator.clone(),
                    ends: *ends,
                };
                if !self.told.contains(run) {
                    self.left.push(owed);
                }
            }
            Entry::Settled { run, .. } => self.left.retain(|owed| owed.run != *run),
            _ => {}
        }
    }

    /// The last intent of a step, of which it is known now what became of it.
    fn intent(&mut self, run: &Text, step: &Text) -> Option<Box<Plan>> {
        let at = self.intents.iter().rposition(|(of, at, _)| of == run && at == step)?;
        Some(self.intents.remove(at).2)
    }

    fn applied(&mut self, run: &Text, step: &Text, record: &Record) {
        let Some(plan) = self.intent(run, step) else { return };
        let Some(owed) = plan.owed else { return };
        let owed = Obligation {
            run: run.clone(),
            environment: plan.target.environment,
            says: owed.says,
            undo: plan.undo,
            arn: plan.target.arn,
            since: record.at,
            operator: record.operator.clone(),
            ends: owed.ends,
        };
        self.told.insert(run.clone());
        self.left.push(owed);
    }

    /// All that nobody has settled, the oldest first; also what AWS ended, see [`Obligation::has_ended`].
    pub fn all(&self) -> &[Obligation] {
        &self.left
    }

    /// What somebody must still bring back at `now`.
    pub fn open(&self, now: Timestamp) -> impl Iterator<Item = &Obligation> {
        self.left.iter().filter(move |owed| !owed.has_ended(now))
    }
}

/// Everything that was left to be brought back and nobody has settled.
pub fn obligations<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Obligation> {
    let mut fold = Obligations::default();
    records.into_iter().for_each(|record| fold.add(record));
    fold.left
}
