//! Tests of the RDS signal.

mod judgement;
mod wire;
