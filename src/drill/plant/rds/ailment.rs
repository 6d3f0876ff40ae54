//! Databases that do badly for a while.

use super::load::Demand;
use crate::drill::scenario::{DatabaseDegraded, lasts, progress};

/// An ailment that has shown up.
#[derive(Debug, Clone)]
pub struct Ailment {
    input: DatabaseDegraded,
    from: i64,
}

impl Ailment {
    /// One that begins at second `from`.
    pub fn new(input: DatabaseDegraded, from: i64) -> Self {
        Self { input, from }
    }

    /// What it makes of a minute's demand.
    pub fn on(&self, demand: Demand, now: i64) -> Demand {
        if !lasts(now, self.from, self.input.for_s) {
            return demand;
        }
        let there = progress(now, self.from, self.input.ramp_s);
        let factor = |full: f64| 1.0 + (full - 1.0) * there;
        Demand {
            cpu_factor: demand.cpu_factor * factor(self.input.cpu_factor),
            latency_factor: demand.latency_factor * factor(self.input.latency_factor),
            connections_factor: demand.connections_factor * factor(self.input.connections_factor),
            ..demand
        }
    }
}
