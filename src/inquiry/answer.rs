//! What is answered to questions.

use crate::changes::Told;

/// An answer, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What one source of one environment says changed.
    Changes(Told),
}
