//! Runs of runbooks against the drill, through the real SDK clients: the incident ends, or nothing was sent.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod faults;
mod stage;
mod undo;
