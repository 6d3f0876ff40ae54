//! Tests of the ElastiCache signal.

mod judgement;
mod wire;
