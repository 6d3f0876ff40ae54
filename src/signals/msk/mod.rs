//! MSK: is there a controller, can all partitions be used, are they replicated, is there room on the brokers' disks.

mod broker;
mod cluster;
mod interpret;
mod inventory;
pub mod levels;
mod queries;
pub mod stream;
#[cfg(test)]
mod tests;

use futures_util::future::BoxFuture;

use self::levels::Levels;
use self::stream::Inventory;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, MetricQuery, MetricSet, Reading, SignalId};
use crate::signals::{Judge, Signal, Threshold};

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

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        interpret::reading(inventory, metrics, judge, &Levels::of(self.id(), judge))
    }
}
