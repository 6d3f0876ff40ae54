//! What one source of one environment told, as it is passed on to a screen.

use std::sync::Arc;

use jiff::Timestamp;

use crate::changes::reading::Part;
use crate::model::{Change, EnvId, Fault};

/// What one source of one environment answered, or why the environment as a whole cannot be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Counts the questions: late answers are known by it.
    pub asked: u64,
    /// Whose.
    pub env: EnvId,
    /// Id of the source; `None` for the environment as a whole.
    pub source: Option<&'static str>,
    /// Title of the source.
    pub title: &'static str,
    /// The changes, shared from here on.
    pub changes: Vec<Arc<Change>>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// True when nothing at all could be read: what was known before is not known to be gone.
    pub failed: bool,
    /// There are more changes before this time.
    pub cut_before: Option<Timestamp>,
}

impl Told {
    /// A source's answer.
    pub fn of(asked: u64, env: EnvId, part: Part) -> Self {
        let Part { source, title, outcome } = part;
        let failed = outcome.is_err();
        let (changes, faults, cut_before) = match outcome {
            Ok(found) => (found.changes, found.faults, found.cut_before),
            Err(fault) => (Vec::new(), vec![fault], None),
        };
        let changes = changes.into_iter().map(Arc::new).collect();
        Self { asked, env, source: Some(source), title, changes, faults, failed, cut_before }
    }

    /// The environment cannot be asked.
    pub fn unasked(asked: u64, env: EnvId, fault: Fault) -> Self {
        let faults = vec![fault];
        Self { asked, env, source: None, title: "", changes: Vec::new(), faults, failed: true, cut_before: None }
    }
}
