//! ElastiCache: can the caches be used, do they keep what they are given, do replicas follow their primaries.

pub mod cache;
mod cluster;
mod convert;
mod group;
mod interpret;
mod inventory;
pub mod levels;
mod past;
mod queries;
mod raw;
mod status;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use self::cache::Inventory;
use self::levels::Levels;
use self::queries::Queries;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, MetricQuery, MetricSet, Reading, Resource, SignalId};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct ElastiCache;

impl Signal for ElastiCache {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("elasticache")
    }

    fn title(&self) -> &'static str {
        "ElastiCache"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            "elasticache:DescribeCacheClusters",
            "elasticache:DescribeReplicationGroups",
            "elasticache:DescribeServerlessCaches",
        ]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.state
    }

    fn thresholds(&self) -> &'static [Threshold] {
        &levels::THRESHOLDS
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.clusters.iter().filter_map(Queries::of).flat_map(Queries::all).collect()
    }

    fn rewind<'a>(
        &'a self,
        session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::rewind(session, &live, then).await?)) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        interpret::reading(inventory, metrics, judge, &Levels::of(self.id(), judge))
    }
}
