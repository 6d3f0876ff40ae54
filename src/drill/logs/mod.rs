//! The lines of log groups, made on demand: the same second of the same group has the same lines in every run.
//!
//! How many lines there are follows from the metrics of the minute before, so that logs and metrics tell the same story.

use crate::drill::world::EnvironmentWorld;
use crate::drill::world::logs::{LogGroup, LogSource};

mod api;
mod burst;
mod containers;
mod function;
mod line;
mod pace;
pub mod pattern;
mod postgresql;
pub mod scan;

pub use line::{Line, Stream};

/// The lines of a group in the second that begins at `second` since 1970, in the order of their times.
pub fn lines(world: &EnvironmentWorld, group: &LogGroup, second: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    match &group.source {
        LogSource::Function(name) => function::write(world, name, second, &mut lines),
        LogSource::Containers => containers::write(world, &group.name, second, &mut lines),
        LogSource::RestApi(name) => api::write(world, name, second, &mut lines),
        LogSource::PostgreSql(instance) => postgresql::write(world, instance, second, &mut lines),
        LogSource::Nobody => {}
    }
    burst::write(world, group, second, &mut lines);
    lines.sort_by_key(|line| line.at_ms);
    lines
}

/// The streams that a group has at `now`, in seconds since 1970, by name.
pub fn streams(world: &EnvironmentWorld, group: &LogGroup, now: i64) -> Vec<Stream> {
    let mut streams = match &group.source {
        LogSource::Function(name) => function::streams(world, name, now),
        LogSource::Containers => containers::streams(world, &group.name, now),
        LogSource::RestApi(name) => api::streams(world, name, now),
        LogSource::PostgreSql(instance) => vec![Stream::since(format!("{instance}.0"), group.created.as_second(), now)],
        LogSource::Nobody => Vec::new(),
    };
    streams.extend(burst::streams(group, now));
    streams.sort_by(|a, b| a.name.cmp(&b.name));
    streams
}
