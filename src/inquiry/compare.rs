//! The configuration of a system's environments side by side: the question, and the answer part by part.

use std::sync::Arc;

use jiff::Timestamp;

use crate::base::Text;
use crate::compare::Judged;
use crate::config::manifest::Manifest;
use crate::model::EnvId;

/// What to compare.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareQuestion {
    /// Counts the questions: answers carry it, so that late ones are known.
    pub number: u64,
    /// The system whose environments are compared.
    pub system: Text,
}

/// A part of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareAnswer {
    /// Of the question.
    pub number: u64,
    /// What is told.
    pub part: ComparePart,
}

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub enum ComparePart {
    /// How far one environment is. Some of these are left out where the console is behind.
    Read {
        /// Which.
        env: EnvId,
        /// Services that have answered.
        done: usize,
    },
    /// The manifest cannot be used, and why, line by line: nothing is read.
    Refused(Vec<Text>),
    /// All of it.
    Done(Arc<Comparison>),
}

/// The environments of a system side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The system.
    pub system: Text,
    /// When reading it began.
    pub at: Timestamp,
    /// Every cell with its verdict.
    pub judged: Judged,
    /// What may differ.
    pub manifest: Manifest,
    /// What is to be said of the manifest: rules that never apply.
    pub warnings: Vec<Text>,
}

/// Its rules cannot be compared; what came of them can.
impl PartialEq for Comparison {
    fn eq(&self, other: &Self) -> bool {
        (&self.system, self.at, &self.judged) == (&other.system, other.at, &other.judged)
    }
}
