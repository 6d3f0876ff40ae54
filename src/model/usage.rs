//! What has been asked of AWS so far, and what it costs.

use std::collections::BTreeMap;

/// USD for one metric requested by GetMetricData (CloudWatch pricing: $0.01 per 1,000 metrics, no free tier).
pub const USD_PER_METRIC: f64 = 0.01 / 1000.0;

/// Counted calls. Attempts count, since AWS counts them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Requests sent, by `service:Operation`.
    pub by_operation: BTreeMap<String, u64>,
    /// Metrics requested by GetMetricData.
    pub metrics_requested: u64,
}

impl Usage {
    /// All requests sent.
    pub fn calls(&self) -> u64 {
        self.by_operation.values().sum()
    }

    /// What the requests cost in USD. Only GetMetricData is charged from the first one on. Other CloudWatch requests
    /// have a million free a month (CloudWatch pricing, free tier): an environment at the default cadence sends fewer
    /// than 200,000. The other services' describe and list calls are free.
    pub fn cost_usd(&self) -> f64 {
        // Precise up to 2^53 metrics.
        self.metrics_requested as f64 * USD_PER_METRIC
    }

    /// Adds another environment's counts.
    pub fn add(&mut self, other: &Self) {
        for (operation, count) in &other.by_operation {
            *self.by_operation.entry(operation.clone()).or_default() += count;
        }
        self.metrics_requested += other.metrics_requested;
    }
}
