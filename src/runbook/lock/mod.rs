//! Locks: one run at a target, on this machine. Where a team shares a table, its locks stand beside these.

pub mod holding;
pub mod local;
pub mod owner;

pub use holding::{Claim, Holding};
pub use local::{LockError, Locks};
pub use owner::{Life, Owner};

#[cfg(test)]
mod tests;
