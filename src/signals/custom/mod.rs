//! Custom metrics: whatever the configuration's `[[metric]]` tables name, judged by their own thresholds.

mod interpret;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::cloud::Session;
use crate::config::{Cadence, MetricConfig};
use crate::model::{Fault, MetricQuery, MetricSet, Reading, SignalId};
use crate::signals::{Judge, Signal, Then};

/// The signal.
#[derive(Debug)]
pub struct Custom;

/// The query of a configured metric.
fn query(metric: &MetricConfig) -> MetricQuery {
    MetricQuery {
        namespace: metric.namespace.clone().into(),
        name: metric.metric.clone().into(),
        dimensions: metric.dimensions.iter().map(|(name, value)| (name.clone().into(), value.clone())).collect(),
        stat: metric.statistic,
    }
}

impl Signal for Custom {
    type Inventory = Vec<MetricConfig>;

    fn id(&self) -> SignalId {
        SignalId("custom")
    }

    fn title(&self) -> &'static str {
        "Custom metrics"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }

    /// What the configuration names: no call.
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<MetricConfig>, Fault>> {
        Box::pin(async { Ok(session.metrics.clone()) })
    }

    fn queries(&self, metrics: &Vec<MetricConfig>) -> Vec<MetricQuery> {
        metrics.iter().map(query).collect()
    }

    /// They are judged by their points alone.
    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Vec<MetricConfig>>,
        _then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Vec<MetricConfig>>, Fault>> {
        Box::pin(async move { Ok(live) })
    }

    fn interpret(&self, configured: &Vec<MetricConfig>, metrics: &MetricSet, _judge: &Judge<'_>) -> Reading {
        interpret::reading(configured, metrics)
    }
}
