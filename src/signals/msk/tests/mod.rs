//! Tests of the MSK signal.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod judgement;
mod wire;
