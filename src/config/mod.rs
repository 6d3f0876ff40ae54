//! The configuration: what the environments are and how they are judged.

pub mod schema;

pub use schema::{Cadence, Config, EnvironmentConfig, Select, Thresholds};
