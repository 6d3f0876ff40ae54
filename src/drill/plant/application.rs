//! An application's own metrics: response times and errors by how busy its service is, and webhooks in their queue.

use super::containers::Busy;
use super::noise::Noise;
use super::spread::Spread;
use super::strain::{longer, lost};
use crate::drill::estate::applications::{ApplicationData, WebhooksData};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Minutes that a failed webhook waits until it is tried again.
const RETRY_MINUTES: f64 = 3.0;

/// The dynamics of an application.
pub struct ApplicationPlant {
    data: ApplicationData,
    time: SeriesId,
    requests: SeriesId,
    errors: SeriesId,
    connections: SeriesId,
    operations: Vec<(f64, SeriesId)>,
    webhooks: Option<Webhooks>,
}

struct Webhooks {
    data: WebhooksData,
    waiting: f64,
    to_retry: f64,
    time: SeriesId,
    size: SeriesId,
    rate: SeriesId,
    failed: SeriesId,
}

impl ApplicationPlant {
    /// An application with an empty queue.
    pub fn new(data: &ApplicationData, metrics: &mut MetricStore) -> Self {
        let dimensions: Vec<_> = data.dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let mut own = |name: &str| metrics.handle(MetricId::new(&data.namespace, name, &dimensions));
        let (time, requests) = (own("ResponseTime"), own("RequestCount"));
        let (errors, connections) = (own("ErrorRate"), own("DatabaseConnections"));
        let mut operation = |name: &str| {
            let mut with = dimensions.clone();
            with.push(("Operation", name));
            metrics.handle(MetricId::new(&data.namespace, "RequestCount", &with))
        };
        let operations = data.operations.iter().map(|(name, share)| (*share, operation(name))).collect();
        let webhooks = data.webhooks.as_ref().map(|webhooks| {
            let mut own = |name: &str| metrics.handle(MetricId::new(&webhooks.namespace, name, &dimensions));
            Webhooks {
                data: webhooks.clone(),
                waiting: 0.0,
                to_retry: 0.0,
                time: own("ProcessingTime"),
                size: own("QueueSize"),
                rate: own("WebhooksPerMinute"),
                failed: own("FailedRate"),
            }
        });
        Self { data: data.clone(), time, requests, errors, connections, operations, webhooks }
    }

    /// One minute. An application of which nothing runs publishes nothing; its webhooks wait.
    pub fn minute(&mut self, metrics: &mut MetricStore, minute: i64, load: f64, busy: &[Busy], noise: &Noise) {
        let data = &self.data;
        let label = format!("{} {}", data.cluster, data.service);
        let state = busy.iter().find(|busy| busy.cluster == data.cluster && busy.service == data.service);
        let asked = noise.count(&label, minute, data.requests_per_minute * load);
        let up = state.filter(|state| state.running > 0);
        if let Some(webhooks) = &mut self.webhooks {
            webhooks.minute(metrics, minute, load, up, noise);
        }
        let Some(state) = up else { return };
        if asked > 0.0 {
            let factor = longer(state.load) * (1.0 + state.slowdown);
            let spread = Spread::usual(data.median_ms * factor, data.p95_ms * factor);
            metrics.record(self.time, minute, Point::spread(asked, spread.mean(), |p| spread.quantile(p)));
            let share = (data.error_rate + lost(state.load) + state.fault.error_rate).min(1.0);
            let failed = noise.count(&format!("{label} errors"), minute, asked * share).min(asked);
            metrics.record(self.errors, minute, Point::gauge(100.0 * failed / asked));
        }
        metrics.record(self.requests, minute, Point::total(asked, asked));
        for (share, series) in &self.operations {
            let part = (asked * share).round();
            metrics.record(*series, minute, Point::total(part, part));
        }
        let held = data.connections * f64::from(state.running) * (0.6 + 0.4 * state.load / 0.5).min(2.5);
        let held = held * (1.0 - state.fault.error_rate).clamp(0.0, 1.0);
        metrics.record(self.connections, minute, Point::gauge(held.round()));
    }
}

impl Webhooks {
    fn minute(&mut self, metrics: &mut MetricStore, minute: i64, load: f64, up: Option<&Busy>, noise: &Noise) {
        let data = &self.data;
        let came = noise.count(&data.namespace, minute, data.per_minute * load);
        let again = self.to_retry / RETRY_MINUTES;
        self.to_retry -= again;
        self.waiting += came + again;
        let Some(state) = up else { return };
        let factor = longer(state.load) * (1.0 + state.slowdown);
        let capacity = data.capacity_per_task * f64::from(state.running) / factor;
        let done = self.waiting.min(capacity);
        self.waiting -= done;
        let share = (data.failed_rate + lost(state.load) + state.fault.failed_jobs).min(1.0);
        let failed = noise.count(&format!("{} failed", data.namespace), minute, done * share).min(done);
        self.to_retry += failed;
        if done > 0.0 {
            let spread = Spread::usual(data.median_ms * factor, data.p95_ms * factor);
            metrics.record(self.time, minute, Point::spread(done, spread.mean(), |p| spread.quantile(p)));
            metrics.record(self.failed, minute, Point::gauge(100.0 * failed / done));
        }
        let under_way = done * data.median_ms * factor / 60_000.0;
        metrics.record(self.size, minute, Point::gauge((self.waiting + self.to_retry + under_way).round()));
        metrics.record(self.rate, minute, Point::gauge(came));
    }
}
