//! The life of a run as a pure state machine: events in, effects out. No clock, no I/O, no randomness of its own.

pub mod course;
pub mod effect;
pub mod event;
pub mod run;
pub mod transition;
pub mod undo;

mod closing;
mod judging;
mod reading;
mod sending;
mod unsent;
mod verifying;

pub use course::{Check, Course, Does, OnFailure, Requirement, Step};
pub use effect::Effect;
pub use event::{Event, Recovery};
pub use run::{Checked, Phase, Run, Sending};
pub use transition::{begin, step};

#[cfg(test)]
mod tests;
