//! What is being asked because of the screens that are open.

use crate::base::Text;
use crate::inquiry::logs::LogSource;
use crate::model::EnvId;

/// What is being asked because of the screens that are open.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The resource whose metrics are asked for.
    pub(in crate::app) charts: Option<(EnvId, Text)>,
    /// The log that is read, and which group of it.
    pub(in crate::app) logs: Option<(LogSource, Option<Text>)>,
}
