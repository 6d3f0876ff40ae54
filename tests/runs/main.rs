//! Runs of runbooks against the drill, through the real SDK clients: the incident ends, or nothing was sent.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod books;
mod case;
mod changed;
mod credentials;
mod diagnosis;
mod disk;
mod faults;
mod killed;
mod own_undo;
mod refusals;
mod stage;
mod texts;
mod undo;
mod wire;
