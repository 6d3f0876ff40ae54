//! Capacity of a Serverless v2 instance: it follows the demand within its bounds, quickly up and slowly down.

use super::series::handle;
use crate::drill::world::metric::{MetricStore, Point, SeriesId};
use crate::drill::world::rds::AcuBounds;

/// Capacity that is kept above what is used.
const HEADROOM: f64 = 1.25;
/// Steps of the capacity (Aurora User Guide: half an ACU).
const STEP: f64 = 0.5;
/// Most by which the capacity grows in a minute: a share of itself, and at least so many units. It grows faster the
/// larger it is (Aurora User Guide, "Aurora Serverless v2 scaling").
const UP: (f64, f64) = (0.4, 1.0);
/// Share by which it shrinks in a minute at most.
const DOWN: f64 = 0.1;

/// The capacity of one instance.
pub struct Capacity {
    bounds: AcuBounds,
    units: Option<f64>,
    capacity: SeriesId,
    utilization: SeriesId,
}

impl Capacity {
    /// Within `bounds`; it reports under `dimensions`.
    pub fn new(bounds: AcuBounds, metrics: &mut MetricStore, dimensions: &[(&str, &str)]) -> Self {
        let capacity = handle(metrics, "ServerlessDatabaseCapacity", dimensions);
        let utilization = handle(metrics, "ACUUtilization", dimensions);
        Self { bounds, units: None, capacity, utilization }
    }

    /// A minute in which `wanted` of the largest capacity is used: the units that there were, and their share of the
    /// largest capacity.
    pub fn minute(&mut self, metrics: &mut MetricStore, minute: i64, wanted: f64) -> (f64, f64) {
        let units = follow(self.units, wanted * self.bounds.max, self.bounds);
        self.units = Some(units);
        let share = units / self.bounds.max;
        metrics.record(self.capacity, minute, Point::gauge(units));
        metrics.record(self.utilization, minute, Point::gauge(share * 100.0));
        (units, share)
    }
}

/// The capacity a minute later, when `used` units are asked for.
fn follow(before: Option<f64>, used: f64, bounds: AcuBounds) -> f64 {
    let target = (used * HEADROOM / STEP).ceil() * STEP;
    let moved = match before {
        Some(before) if target > before => target.min(before + (before * UP.0).max(UP.1)),
        Some(before) => target.max(((before * (1.0 - DOWN)) / STEP).floor() * STEP),
        None => target,
    };
    moved.clamp(bounds.min, bounds.max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacity_follows_with_a_delay_and_stays_within_its_bounds() {
        let bounds = AcuBounds { min: 8.0, max: 64.0 };
        let run = |from: f64, used: f64, minutes: usize| {
            (0..minutes).fold(from, |units, _| follow(Some(units), used, bounds))
        };
        let after_one = run(10.0, 40.0, 1);
        assert!(after_one > 10.0 && after_one < 50.0, "{after_one}");
        assert_eq!(run(10.0, 40.0, 10), 50.0);
        assert_eq!(run(10.0, 400.0, 20), 64.0);
        assert!(run(64.0, 1.0, 3) > 40.0, "slowly down");
        assert_eq!(run(64.0, 1.0, 60), 8.0);
        assert_eq!(follow(None, 16.0, bounds), 20.0);
    }
}
