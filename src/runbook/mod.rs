//! Runs of runbooks, and what is left of them: records, locks, and what a team shares.

pub mod audit;
mod exclusive;
pub mod lock;
