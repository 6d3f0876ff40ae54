//! The configuration: what the environments are and how they are judged.
//!
//! [`start()`] is what commands begin with; [`load()`] is its pure core.

pub mod aws_files;
mod document;
mod embedded;
mod fields;
pub mod freeze;
mod keys;
mod load;
mod loaded;
pub mod manifest;
pub mod metric;
pub mod nearest;
mod overrides;
pub mod paths;
pub mod presets;
pub mod problem;
pub mod regions;
mod rules;
pub mod runbook;
pub mod schema;
mod source;
mod start;
pub mod theme;
pub mod vocabulary;
pub mod week;
pub mod window;

pub use embedded::{example, runbooks};
pub use load::load;
pub use loaded::Loaded;
pub use metric::{MetricConfig, Missing};
pub use overrides::{Overrides, named_file};
pub use paths::Paths;
pub use problem::{Position, Problem, Weight};
pub use schema::{Budget, Cadence, Config, Display, EnvironmentConfig, Select, Team, Thresholds};
pub use source::Source;
pub use start::{Flags, Started, start, start_estate};
pub use vocabulary::{SignalWords, Vocabulary};
pub use window::FreezeConfig;
