//! Counts every request that leaves for AWS and how long the answer took.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use crate::model::Usage;

/// Latencies kept for the median.
const KEPT: usize = 64;

/// Shared by all clients of a session.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    by_operation: BTreeMap<String, u64>,
    metrics_requested: u64,
    latencies: VecDeque<Duration>,
}

impl Meter {
    fn with<R>(&self, f: impl FnOnce(&mut Counts) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds metrics requested by a GetMetricData call: they are what AWS charges for.
    pub fn metrics_requested(&self, count: usize) {
        self.with(|counts| counts.metrics_requested += count as u64);
    }

    /// What was counted so far.
    pub fn usage(&self) -> Usage {
        self.with(|counts| Usage {
            by_operation: counts.by_operation.clone(),
            metrics_requested: counts.metrics_requested,
        })
    }

    /// Median time from sending a request to its answer, over the last 64.
    pub fn latency(&self) -> Option<Duration> {
        let mut kept: Vec<Duration> = self.with(|counts| counts.latencies.iter().copied().collect());
        kept.sort_unstable();
        kept.get(kept.len() / 2).copied()
    }
}

#[derive(Debug)]
struct SentAt(Instant);

impl Storable for SentAt {
    type Storer = StoreReplace<Self>;
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation =
            cfg.load::<Metadata>().map_or_else(|| "unknown".to_owned(), |m| format!("{}:{}", m.service(), m.name()));
        cfg.interceptor_state().store_put(SentAt(Instant::now()));
        self.with(|counts| *counts.by_operation.entry(operation).or_default() += 1);
        Ok(())
    }

    fn read_after_transmit(
        &self,
        _context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(SentAt(at)) = cfg.load::<SentAt>() {
            let took = at.elapsed();
            self.with(|counts| {
                if counts.latencies.len() == KEPT {
                    counts.latencies.pop_front();
                }
                counts.latencies.push_back(took);
            });
        }
        Ok(())
    }
}
