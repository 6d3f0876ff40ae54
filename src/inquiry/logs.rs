//! The lines of a log group: what is asked and what is answered.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{EnvId, Fault, SignalId};

/// Where to look for the log groups of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSource {
    /// Whose.
    pub env: EnvId,
    /// Which signal tells of the resource.
    pub signal: SignalId,
    /// The resource's name.
    pub name: Text,
    /// The task definition of an ECS service, or the cluster of something on EKS; empty for none.
    pub detail: Text,
}

/// What to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogsAsked {
    /// Whose log.
    pub source: LogSource,
    /// The group; `None`: find the resource's own, and read it where there is only one.
    pub group: Option<Text>,
    /// From when on.
    pub from: Timestamp,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// What it says: one line of inert text.
    pub text: Text,
}

/// A part of the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum LogsAnswer {
    /// The groups that were found; none, one or several.
    Groups(Vec<Text>),
    /// More lines, oldest first.
    Lines {
        /// The group that they are of.
        group: Text,
        /// The lines.
        lines: Vec<LogLine>,
        /// Seconds that were skipped before them since reading fell behind; 0 for none.
        skipped_s: u64,
    },
    /// Everything up to now has been read.
    CaughtUp,
    /// It could not be read; it is tried again where that may help.
    Fault(Fault),
}
