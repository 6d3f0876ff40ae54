//! The audit log: append-only JSON Lines, each line chained to the one before, for its owner's eyes only.
//!
//! [`Log`] writes, [`Reader`] reads and follows, [`verify()`] says whether it is whole, [`Books`] is what it comes to.
//! Records of drills stand in files of their own and are never mixed with real ones.

pub mod aside;
pub mod author;
pub mod backlog;
pub mod chain;
mod check;
pub mod error;
pub mod export;
pub mod files;
pub mod folds;
pub mod head;
pub mod log;
pub mod reader;
mod redaction;
pub mod report;
mod tail;
pub mod told;
pub mod verify;

pub use aside::{Aside, set_aside};
pub use author::Author;
pub use backlog::Backlog;
pub use error::AuditError;
pub use files::{Files, Ledger};
pub use folds::{Books, Obligation, Open, Run, obligations, runs, unresolved, used};
pub use log::Log;
pub use reader::Reader;
pub use report::{Finding, Report};
pub use verify::{verify, verify_and};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
