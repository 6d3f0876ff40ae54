//! What is answered to questions.

/// An answer, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {}
