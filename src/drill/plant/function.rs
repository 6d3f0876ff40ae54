//! A Lambda function under load: invocations → errors, durations, concurrency.

use std::collections::BTreeMap;

use super::noise::Noise;
use super::spread::Spread;
use crate::drill::estate::data::FunctionData;
use crate::drill::scenario::{FunctionFault, progress};
use crate::drill::world::lambda::Function;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Share of the invocations that fail because a table rejected them, for each share of rejected requests: the SDK's
/// own retries absorb the rest.
const FAILS_WHEN_REJECTED: f64 = 0.06;

/// What a minute did to a function.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Invocations that ran.
    pub invocations: f64,
    /// Of these, failed.
    pub errors: f64,
    /// Invocations that found no room and did not run.
    pub throttled: f64,
    /// Write units that failing invocations spent besides the usual.
    pub extra_writes: f64,
    /// Durations.
    pub spread: Spread,
}

impl Outcome {
    /// Share of the invocations that failed.
    pub fn error_share(&self) -> f64 {
        if self.invocations > 0.0 { self.errors / self.invocations } else { 0.0 }
    }

    /// Share of those who asked that got no good answer: throttled invocations fail for who waits for them.
    pub fn refused_share(&self) -> f64 {
        let asked = self.invocations + self.throttled;
        if asked > 0.0 { (self.errors + self.throttled) / asked } else { 0.0 }
    }
}

/// The dynamics of a function.
pub struct FunctionPlant {
    /// How it behaves.
    pub data: FunctionData,
    /// Faults by version, with the time at which they began.
    pub faults: BTreeMap<u32, (i64, FunctionFault)>,
    series: Vec<FunctionSeries>,
}

/// The metrics under one set of dimensions.
struct FunctionSeries {
    invocations: SeriesId,
    errors: SeriesId,
    throttles: SeriesId,
    duration: SeriesId,
    concurrency: SeriesId,
}

impl FunctionPlant {
    /// A function; it reports by name, and by name and alias.
    pub fn new(data: &FunctionData, metrics: &mut MetricStore) -> Self {
        let resource = format!("{}:{}", data.name, data.alias);
        let by_name = [("FunctionName", data.name.as_str())];
        let by_alias = [("FunctionName", data.name.as_str()), ("Resource", resource.as_str())];
        let mut series = |dimensions: &[(&str, &str)]| {
            let mut handle = |name: &str| metrics.handle(MetricId::new("AWS/Lambda", name, dimensions));
            FunctionSeries {
                invocations: handle("Invocations"),
                errors: handle("Errors"),
                throttles: handle("Throttles"),
                duration: handle("Duration"),
                concurrency: handle("ConcurrentExecutions"),
            }
        };
        Self { data: data.clone(), faults: BTreeMap::new(), series: vec![series(&by_name), series(&by_alias)] }
    }

    /// One minute with `demand` invocations wanted, while tables reject a share of `rejected` of the requests.
    pub fn minute(&self, function: &Function, minute: i64, demand: f64, rejected: f64, noise: &Noise) -> Outcome {
        let (fault, extra_per_error) = self.fault(function, minute * 60 + 60);
        let data = &self.data;
        let pace = 1.0 + 0.07 * noise.wave(&data.name, minute);
        let usual = Spread::usual(data.median_ms * pace, data.p95_ms * pace);
        let spread = Spread { slow_share: fault.slow_share, slow: fault.slow_ms, ..usual };
        let slots = function.reserved_concurrency.map(|slots| f64::from(slots) * 60_000.0 / spread.mean());
        let invocations = slots.map_or(demand, |slots| demand.min(slots.floor()));
        let usual = data.error_rate * (1.0 + 0.5 * noise.wave(&data.name, minute));
        let rate = usual + rejected * FAILS_WHEN_REJECTED;
        let faulty = noise.count(&format!("{} fault", data.name), minute, invocations * fault.error_rate);
        let errors = faulty + noise.count(&format!("{} errors", data.name), minute, invocations * rate);
        Outcome {
            invocations,
            errors: errors.min(invocations),
            throttled: (demand - invocations).max(0.0),
            extra_writes: faulty.min(invocations) * extra_per_error,
            spread,
        }
    }

    /// The faults of the versions that get invocations, weighted; and the write units of a failing invocation.
    fn fault(&self, function: &Function, now: i64) -> (FunctionFault, f64) {
        let mut sum = FunctionFault::default();
        let mut units = 0.0;
        for (version, share) in function.shares() {
            let Some((began, fault)) = self.faults.get(&version) else { continue };
            let weight = share * progress(now, *began, fault.ramp_s);
            sum.error_rate += fault.error_rate * weight;
            sum.slow_share += fault.slow_share * weight;
            sum.slow_ms = sum.slow_ms.max(fault.slow_ms);
            units = f64::max(units, fault.write_units_per_error);
        }
        (sum, units)
    }

    /// Reports a minute. Nothing is reported when nothing ran.
    pub fn report(&self, metrics: &mut MetricStore, minute: i64, demand: f64, outcome: &Outcome) {
        if demand <= 0.0 {
            return;
        }
        let ran = outcome.invocations;
        let duration = Point::spread(ran, outcome.spread.mean(), |p| outcome.spread.quantile(p));
        let at_once = (ran / 60_000.0 * outcome.spread.mean() * 1.6).ceil().max(1.0);
        for series in &self.series {
            metrics.record(series.invocations, minute, Point::total(ran, ran));
            metrics.record(series.errors, minute, Point::ratio(outcome.errors, ran));
            metrics.record(series.throttles, minute, Point::ratio(outcome.throttled, demand));
            metrics.record(series.duration, minute, duration);
            metrics.record(series.concurrency, minute, Point::gauge(at_once));
        }
    }
}
