//! What a source found, and what it could not read.

use jiff::Timestamp;

use crate::model::{Change, Fault};

/// Changes kept of one source of one environment; the newest ones.
pub const MOST: usize = 5_000;

/// What a source found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// The changes, in no particular order.
    pub changes: Vec<Change>,
    /// What could not be read although the rest could.
    pub faults: Vec<Fault>,
    /// There are more changes before this time: they were left out.
    pub cut_before: Option<Timestamp>,
}

impl Found {
    /// Adds another part.
    pub fn extend(&mut self, other: Self) {
        self.changes.extend(other.changes);
        self.faults.extend(other.faults);
        self.cut_before = self.cut_before.max(other.cut_before);
    }

    /// Adds another part, or why there is none. The same fault is kept once.
    pub fn add(&mut self, part: Result<Self, Fault>) {
        match part {
            Ok(part) => self.extend(part),
            Err(fault) => self.faults.push(fault),
        }
        let mut faults = std::mem::take(&mut self.faults);
        faults.retain(|fault| {
            let new = !self.faults.contains(fault);
            if new {
                self.faults.push(fault.clone());
            }
            false
        });
    }

    /// Puts the newest first and keeps no more than `most`.
    #[must_use]
    pub fn newest(mut self, most: usize) -> Self {
        self.changes.sort_by(|a, b| (b.at, a.kind, &a.resource).cmp(&(a.at, b.kind, &b.resource)));
        if self.changes.len() > most {
            self.changes.truncate(most);
            self.cut_before = self.cut_before.max(self.changes.last().map(|change| change.at));
        }
        self
    }
}
