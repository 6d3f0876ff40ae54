//! RDS and Aurora: can the databases be used, is there a writer and somebody to fail over to, is there room left.

mod cluster;
mod convert;
pub mod database;
mod instance;
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

use self::database::Inventory;
use self::levels::Levels;
use self::queries::Queries;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, MetricQuery, MetricSet, Reading, Resource, SignalId};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct Rds;

impl Signal for Rds {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("rds")
    }

    fn title(&self) -> &'static str {
        "RDS and Aurora"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribePendingMaintenanceActions"]
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
        inventory.instances.iter().filter_map(Queries::of).flat_map(Queries::all).collect()
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
