//! The compare screen's state.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::view::{CompareView, LineKey};
use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::base::Text;
use crate::inquiry::compare::Comparison;
use crate::model::EnvId;

/// What the operator has chosen there, and what is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompareState {
    /// The system that is compared.
    pub system: Text,
    /// Selected line; followed by what it is.
    pub rows: Followed<LineKey>,
    /// Selected column; followed by its place among the environments.
    pub columns: Followed<usize>,
    /// What to show.
    pub filter: Filter,
    /// Show also what is the same everywhere.
    pub everything: bool,
    /// What was read last, by system; kept as long as the program runs.
    pub known: BTreeMap<Text, Arc<Comparison>>,
    /// What is being read.
    pub reading: Option<Reading>,
    /// The system that was read last without a result, and why there is none.
    pub ended: Option<(Text, Ended)>,
    /// Goes up with every change of what is known.
    pub generation: u64,
    /// Number of the last question.
    pub number: u64,
}

/// A reading under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which system.
    pub system: Text,
    /// Its environments, and how many services of each have answered.
    pub environments: Vec<(EnvId, usize)>,
}

/// Why a reading has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The operator stopped it.
    Stopped,
    /// The manifest cannot be used, and why, line by line.
    Refused(Vec<Text>),
}

impl CompareState {
    /// The reading of the system that is shown, where one is under way.
    pub fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref().filter(|reading| reading.system == self.system)
    }

    /// What is known of the system that is shown.
    pub fn comparison(&self) -> Option<&Arc<Comparison>> {
        self.known.get(&self.system)
    }

    /// Why the last reading of the system that is shown has no result.
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref().filter(|(system, _)| *system == self.system).map(|(_, ended)| ended)
    }

    /// Puts the selection in range. Until the operator has moved it, it stands on the first setting, not on the
    /// resource above it.
    pub(in crate::app) fn settle(&mut self, view: &CompareView, page: usize, columns: usize) {
        if self.rows.key.is_none() {
            self.rows.cursor.selected = usize::from(view.lines.len() > 1);
            self.rows.cursor.offset = 0;
        }
        self.rows.settle(view.lines.len(), page, |index| view.key(index));
        self.columns.settle(view.columns(), columns, Some);
    }
}
