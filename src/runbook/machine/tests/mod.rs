//! The machine alone: what it asks for, in which order, and what it never does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod order;
mod random;
mod support;
