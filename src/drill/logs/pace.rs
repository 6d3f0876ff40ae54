//! How many things happened in a minute, when in it, and how long they took.

use std::ops::Range;

use crate::drill::world::hash;
use crate::drill::world::metric::{MetricId, MetricStore, Point};

/// The events of a minute, spread evenly with a little unrest.
#[derive(Debug, Clone, Copy)]
pub struct Minute {
    /// Minutes since 1970.
    pub minute: i64,
    /// Events.
    pub number: u64,
    /// Events among them that fail.
    pub failing: u64,
    /// Median of the durations in milliseconds.
    pub median_ms: f64,
    /// 95th percentile of the durations in milliseconds.
    pub p95_ms: f64,
    /// Tells this source from others.
    pub seed: u64,
}

/// What to read of the metric store.
pub struct Metrics<'a> {
    /// Namespace.
    pub namespace: &'a str,
    /// Dimensions.
    pub dimensions: &'a [(&'a str, &'a str)],
    /// Number of events.
    pub number: &'a str,
    /// Number of failing events.
    pub failing: &'a str,
    /// Durations.
    pub duration: &'a str,
    /// Milliseconds in the duration's unit.
    pub unit_ms: f64,
}

impl Metrics<'_> {
    /// What happens in `minute`, by the metrics of the minute before; `None` where there are none.
    pub fn minute(&self, store: &MetricStore, minute: i64, seed: u64) -> Option<Minute> {
        let point = |name: &str| store.recorded(&MetricId::new(self.namespace, name, self.dimensions), minute - 1);
        let number = whole(point(self.number)?.sum);
        let duration = point(self.duration).copied().unwrap_or(Point::gauge(50.0 / self.unit_ms));
        Some(Minute {
            minute,
            number,
            failing: point(self.failing).map_or(0, |point| whole(point.sum)).min(number),
            median_ms: (duration.quantiles[0] * self.unit_ms).max(1.0),
            p95_ms: (duration.quantiles[2] * self.unit_ms).max(1.1),
            seed,
        })
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of a minute, not negative")]
fn whole(number: f64) -> u64 {
    number.max(0.0).round() as u64
}

impl Minute {
    /// The events that may begin in `seconds` of this minute, 0 to 60.
    pub fn events(&self, seconds: Range<u64>) -> Range<u64> {
        let from = (seconds.start * self.number / 60).saturating_sub(1);
        from..(seconds.end * self.number / 60 + 1).min(self.number)
    }

    /// When an event begins, in milliseconds since 1970.
    pub fn begins_ms(&self, event: u64) -> i64 {
        let width = 60_000 / self.number.max(1);
        let within = event * 60_000 / self.number.max(1) + self.draw(event, 0) % width.max(1);
        self.minute * 60_000 + i64::try_from(within).unwrap_or(0)
    }

    /// True for an event that fails: as many as there are, evenly among the others.
    pub fn fails(&self, event: u64) -> bool {
        (event + 1) * self.failing / self.number.max(1) > event * self.failing / self.number.max(1)
    }

    /// How long an event takes, in milliseconds, up to `most`.
    pub fn duration_ms(&self, event: u64, most: f64) -> f64 {
        let share = hash::unit(&(self.seed, self.minute, event, "duration")).clamp(0.001, 0.999);
        let shape = ((self.p95_ms / self.median_ms).ln() / 19_f64.ln()).clamp(0.01, 0.9);
        (self.median_ms * (share / (1.0 - share)).powf(shape)).min(most)
    }

    /// Something that looks random.
    pub fn draw(&self, event: u64, what: u64) -> u64 {
        hash::of(&(self.seed, self.minute, event, what))
    }

    /// A UUID for an event.
    pub fn id(&self, event: u64) -> String {
        hash::uuid(&(self.seed, self.minute, event))
    }
}

/// The whole milliseconds of a duration.
#[allow(clippy::cast_possible_truncation, reason = "durations of seconds")]
pub fn millis(duration_ms: f64) -> i64 {
    duration_ms.round() as i64
}
