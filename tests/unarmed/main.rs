//! Nothing changes without an armed environment: every key, on every screen, with everything that could confirm after
//! it, and not one request that changes something arrives at AWS.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod console;
mod keys;
mod places;
mod program;
mod sweep;

#[allow(dead_code, reason = "its own tests use the rest")]
#[path = "../run_command/stage.rs"]
mod stage;
#[path = "../support/tty.rs"]
mod tty;
