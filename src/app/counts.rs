//! How many cells are how bad: the figures of the header.

use jiff::Timestamp;

use crate::app::fleet::EnvironmentState;
use crate::app::shown::Freshness;
use crate::model::Severity;

/// Cells by severity as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Needs a person now.
    pub critical: usize,
    /// Needs a look.
    pub warning: usize,
    /// Stale, denied, unreachable, without data. Not those in `waiting`.
    pub unknown: usize,
    /// Nothing has come yet.
    pub waiting: usize,
    /// Fresh and fine.
    pub ok: usize,
    /// The worst of all, `Unknown` while something is awaited and nothing is worse.
    pub worst: Severity,
}

impl Counts {
    /// Counts the cells of some environments at `now`.
    pub fn of<'a>(environments: impl Iterator<Item = &'a EnvironmentState>, now: Timestamp) -> Self {
        let mut counts = Self::default();
        for cell in environments.flat_map(|state| &state.cells) {
            let severity = cell.severity(now);
            counts.worst = counts.worst.max(severity);
            match severity {
                Severity::Critical => counts.critical += 1,
                Severity::Warning => counts.warning += 1,
                Severity::Unknown if cell.freshness(now) == Freshness::Waiting => counts.waiting += 1,
                Severity::Unknown => counts.unknown += 1,
                Severity::Ok => counts.ok += 1,
                Severity::Absent => {}
            }
        }
        counts
    }
}
