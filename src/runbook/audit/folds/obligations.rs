//! What somebody must bring back: open until a record says that it was.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Entry, Record, Undo};

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
pub struct Obligations(Vec<Obligation>);

impl Obligations {
    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        match &record.entry {
            Entry::Owed { run, environment, says, undo, arn, ends } => self.0.push(Obligation {
                run: run.clone(),
                environment: environment.clone(),
                says: says.clone(),
                undo: undo.clone(),
                arn: arn.clone(),
                since: record.at,
                operator: record.operator.clone(),
                ends: *ends,
            }),
            Entry::Settled { run, .. } => self.0.retain(|owed| owed.run != *run),
            _ => {}
        }
    }

    /// All that nobody has settled, the oldest first; also what AWS ended, see [`Obligation::has_ended`].
    pub fn all(&self) -> &[Obligation] {
        &self.0
    }

    /// What somebody must still bring back at `now`.
    pub fn open(&self, now: Timestamp) -> impl Iterator<Item = &Obligation> {
        self.0.iter().filter(move |owed| !owed.has_ended(now))
    }
}

/// Everything that was left to be brought back and nobody has settled.
pub fn obligations<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Obligation> {
    let mut fold = Obligations::default();
    records.into_iter().for_each(|record| fold.add(record));
    fold.0
}
