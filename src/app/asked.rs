//! What is being asked because of the screens that are open.

use crate::base::Text;
use crate::inquiry::logs::LogSource;
use crate::model::{EnvId, SignalId};

/// What is being asked because of the screens that are open.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The resource whose metrics are asked for.
    pub(in crate::app) charts: Option<(EnvId, Text)>,
    /// The log that is read.
    pub(in crate::app) logs: Option<AskedLog>,
    /// Number of the last question about a log.
    pub(in crate::app) log_number: u64,
    /// The resource of which AWS's own answers are asked for.
    pub(in crate::app) raw: Option<(EnvId, SignalId, Text, Text)>,
}

/// The log that is read, and what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct AskedLog {
    /// Whose.
    pub source: LogSource,
    /// Which group of it.
    pub group: Option<Text>,
    /// CloudWatch's filter pattern; empty for every line.
    pub pattern: Text,
}
