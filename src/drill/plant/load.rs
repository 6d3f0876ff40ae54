//! The load of an environment: its daily curve, and what the scenario makes of it.

use crate::drill::estate::data::TrafficData;
use crate::drill::scenario::{Load, progress};

/// The load as a factor of the average day.
#[derive(Debug, Clone)]
pub struct LoadCurve {
    traffic: TrafficData,
    changes: Vec<Load>,
    began: i64,
}

impl LoadCurve {
    /// The curve of one environment; `changes` are those of this environment.
    pub fn new(traffic: TrafficData, changes: Vec<Load>, began: i64) -> Self {
        Self { traffic, changes, began }
    }

    /// The factor at a time in seconds since the epoch.
    pub fn at(&self, now: i64) -> f64 {
        let second = f64::from(i32::try_from(now.rem_euclid(86_400)).unwrap_or(0));
        let angle = (second / 3600.0 - self.traffic.peak_hour) / 24.0 * std::f64::consts::TAU;
        let daily = 1.0 + self.traffic.swing * angle.cos();
        self.changes.iter().fold(daily, |factor, change| {
            factor * (1.0 + (change.factor - 1.0) * progress(now, self.began + change.at_s, change.ramp_s))
        })
    }
}
