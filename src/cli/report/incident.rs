//! What a report tells: plain data.

use std::sync::Arc;

use jiff::Timestamp;

use crate::base::Text;
use crate::changes::{Span, Suspect};
use crate::model::{Change, Environment, Fault, Severity};
use crate::runbook::audit::Run;

/// Everything that a report tells.
#[derive(Debug, Clone)]
pub struct Incident {
    /// The time that it tells of.
    pub span: Span,
    /// In the configuration's order.
    pub environments: Vec<EnvironmentStory>,
    /// What was done from here.
    pub own: Own,
}

/// What the records of this machine tell.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Runs that were under way within the span, in the order in which they began.
    pub runs: Vec<Run>,
    /// What is wrong with the records; `None` where they are whole, or where there are none.
    pub broken: Option<Text>,
}

/// One environment.
#[derive(Debug, Clone)]
pub struct EnvironmentStory {
    /// Which.
    pub environment: Environment,
    /// How bad it is now.
    pub severity: Severity,
    /// What is wrong now, worst first.
    pub red: Vec<RedSignal>,
    /// When it turned red, where it is.
    pub onset: Option<Timestamp>,
    /// What may have caused it, most suspicious first; empty where nothing is red.
    pub suspects: Vec<Suspect>,
    /// What changed within the span, newest first.
    pub changes: Vec<Arc<Change>>,
    /// What could not be read, by what it is.
    pub unread: Vec<(Text, Fault)>,
    /// What is not told before which time, since there is too much of it.
    pub cut: Vec<(Text, Timestamp)>,
}

/// A signal that is wrong.
#[derive(Debug, Clone)]
pub struct RedSignal {
    /// Its title.
    pub title: Text,
    /// How bad.
    pub severity: Severity,
    /// Its figure.
    pub headline: Text,
    /// Since when, where known.
    pub since: Option<Timestamp>,
    /// The resources that are wrong.
    pub resources: Vec<Text>,
}

impl EnvironmentStory {
    /// `system/name`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.environment.system, self.environment.name)
    }
}
