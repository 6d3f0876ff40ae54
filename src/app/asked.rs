//! What is being asked because of the screens that are open.

use crate::base::Text;
use crate::model::EnvId;

/// What is being asked because of the screens that are open.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The resource whose metrics are asked for.
    pub(in crate::app) charts: Option<(EnvId, Text)>,
}
