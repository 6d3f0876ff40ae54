//! The work on each kind of question.

pub mod charts;
