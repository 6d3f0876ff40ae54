//! MSK: is there a controller, can all partitions be used, are they replicated, is there room on the brokers' disks.

mod broker;
mod cluster;
mod interpret;
mod inventory;
pub mod levels;
mod past;
mod queries;
mod raw;
pub mod stream;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use self::levels::Levels;
use self::stream::Inventory;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, MetricQuery, MetricSet, Reading, Resource, SignalId};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct Msk;

impl Signal for Msk {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("msk")
    }

    fn title(&self) -> &'static str {
        "MSK"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["kafka:ListClustersV2", "kafka:ListNodes"]
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
        inventory.clusters.iter().flat_map(queries::all).collect()
    }

    fn past_queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        self.queries(inventory)
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
