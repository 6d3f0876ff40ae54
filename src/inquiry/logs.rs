//! The lines of a log group: what is asked and what is answered.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{EnvId, Fault, Resource, SignalId};
use crate::signals::charts::spec::text;

/// Where to look for the log groups of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSource {
    /// Whose.
    pub env: EnvId,
    /// Which signal tells of the resource.
    pub signal: SignalId,
    /// The resource's name.
    pub name: Text,
    /// The task definition of an ECS service, the cluster of something on EKS, or else the ARN; empty for none.
    pub detail: Text,
}

impl LogSource {
    /// The log of a resource that a signal tells of.
    pub fn of(env: EnvId, signal: SignalId, resource: &Resource) -> Self {
        let told = ["task_definition", "cluster"].iter().find_map(|key| text(resource, key)).map(Text::new);
        let detail = told.unwrap_or_else(|| resource.arn.clone());
        Self { env, signal, name: resource.name.clone(), detail }
    }
}

/// What to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogsAsked {
    /// Whose log.
    pub source: LogSource,
    /// The group; `None`: find the resource's own, and read it where there is only one.
    pub group: Option<Text>,
    /// CloudWatch's own filter pattern; empty for every line.
    pub pattern: Text,
    /// From when on.
    pub from: Timestamp,
    /// Ids and times of events since then that are not to be told again.
    pub known: Vec<(Timestamp, Text)>,
    /// Every answer carries it: what answers an earlier question is not mistaken for this one's.
    pub number: u64,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// The stream that it is of: one function instance, container or node.
    pub stream: Text,
    /// CloudWatch's id of the event; empty where an endpoint gives none.
    pub id: Text,
    /// What it says: one line of inert text.
    pub text: Text,
}

impl LogLine {
    /// Bytes of what it says and of its id.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.id.len()
    }
}

/// A part of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct LogsAnswer {
    /// Of the question.
    pub number: u64,
    /// What is told.
    pub part: LogsPart,
}

/// What is told of a log.
#[derive(Debug, Clone, PartialEq)]
pub enum LogsPart {
    /// The groups that were found; none, one or several.
    Groups(Vec<Text>),
    /// The first page was read: the group is there and the pattern is good.
    Began,
    /// More lines, oldest first.
    Lines {
        /// The lines.
        lines: Vec<LogLine>,
        /// Seconds that were skipped before them since reading fell behind; 0 for none.
        skipped_s: u64,
    },
    /// Everything up to now has been read.
    CaughtUp,
    /// CloudWatch refuses the filter pattern: nothing is read.
    Refused(Fault),
    /// It could not be read; it is tried again where that may help.
    Fault(Fault),
}
