//! Incidents of the drill that an engineer brings to an end with keys, in a pseudo-terminal, through the real screens.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod engineer;
mod failover;
mod rollback;
mod scale_out;
mod signals;

#[path = "../support/tty.rs"]
mod tty;
