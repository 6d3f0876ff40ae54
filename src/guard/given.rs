//! What the operator gave to confirm and to override.

use crate::base::Text;
use crate::model::record::Overridden;

/// What the operator gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// What was typed to confirm.
    pub typed: String,
    /// Why, where a reason is asked for.
    pub reason: Text,
    /// Guards that were overridden by name.
    pub overridden: Vec<Overridden>,
}
