//! A line of the timeline.

use std::sync::Arc;

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Change, ChangeKind, Fault, Severity};

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// Something could not be read.
    Fault {
        /// Index of the environment in the fleet.
        environment: usize,
        /// What: a source's title, or `everything`.
        what: Text,
        /// Why.
        fault: Fault,
    },
    /// A change.
    Change {
        /// Index of the environment in the fleet.
        environment: usize,
        /// The change.
        change: Arc<Change>,
        /// Its place among the suspects, where they are shown.
        place: Option<Place>,
    },
}

/// A place among the suspects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub rank: usize,
    /// Why it stands there.
    pub why: Text,
    /// A likely cause.
    pub likely: bool,
}

/// What the selection follows a row by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKey {
    /// See [`Row::Fault`].
    Fault(usize, Text),
    /// See [`Row::Change`].
    Change(usize, Timestamp, ChangeKind, Text, Text),
}

impl Row {
    /// What the selection follows it by.
    pub fn key(&self) -> RowKey {
        match self {
            Self::Fault { environment, what, .. } => RowKey::Fault(*environment, what.clone()),
            Self::Change { environment, change, .. } => {
                let change = (change.at, change.kind, change.resource.clone(), change.summary.clone());
                RowKey::Change(*environment, change.0, change.1, change.2, change.3)
            }
        }
    }

    /// Index of its environment in the fleet.
    pub fn environment(&self) -> usize {
        match self {
            Self::Fault { environment, .. } | Self::Change { environment, .. } => *environment,
        }
    }

    /// The change, where it is one.
    pub fn change(&self) -> Option<&Arc<Change>> {
        match self {
            Self::Change { change, .. } => Some(change),
            Self::Fault { .. } => None,
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Fault { .. } => Severity::Unknown,
            Self::Change { change, .. } => change.severity,
        }
    }
}
