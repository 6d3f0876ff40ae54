//! The configuration: what the environments are and how they are judged.

mod embedded;
mod nearest;
pub mod presets;
pub mod problem;
pub mod schema;
pub mod theme;

pub use embedded::example;
pub use problem::{Position, Problem, Weight};
pub use schema::{Cadence, Config, EnvironmentConfig, Select, Thresholds};
