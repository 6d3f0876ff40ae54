//! Tests of the MSK signal.

mod judgement;
mod wire;
