//! DynamoDB throttles: requests turned away by tables and by their indexes, and how much of the capacity is used.

mod interpret;
mod inventory;
mod past;
mod raw;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, Level, MetricQuery, MetricSet, Reading, Resource, SignalId, Stat};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct DynamoDbThrottles;

/// Throttled reads and writes together.
pub static THROTTLES: Threshold = Threshold {
    key: "throttles_per_min",
    level: Level { warn: 1.0, critical: 600.0 },
    unit: "/min",
    help: "throttled reads and writes of a table or an index a minute, over five minutes",
};
/// Consumed of provisioned capacity.
pub static UTILISATION: Threshold = Threshold {
    key: "utilisation",
    // A table that is used up hurts nobody before it turns requests away, and those are judged by their number.
    level: Level { warn: 80.0, critical: f64::INFINITY },
    unit: "%",
    help: "consumed share of the provisioned read or write units, whichever is larger",
};
static THRESHOLDS: [Threshold; 2] = [THROTTLES, UTILISATION];

/// What DynamoDB said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// Tables, each followed by its global secondary indexes.
    pub stores: Vec<Store>,
    /// The first DescribeTable that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// A table or a global secondary index: each is throttled on its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Store {
    /// The table's name.
    pub table: Text,
    /// The index's name; `None` for the table itself.
    pub index: Option<Text>,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// What DescribeTable says; `None` when that failed.
    pub description: Option<Description>,
}

/// What DescribeTable says of a table or an index.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Description {
    /// `ACTIVE`, `UPDATING`, …
    pub status: Text,
    /// Read and write units a second; `None` for on-demand.
    pub provisioned: Option<(i64, i64)>,
    /// When the units were last changed; `None` where DynamoDB does not say or they never were.
    pub changed: Option<jiff::Timestamp>,
}

/// The four metrics of a table or an index.
struct Queries {
    read_throttles: MetricQuery,
    write_throttles: MetricQuery,
    consumed_read: MetricQuery,
    consumed_write: MetricQuery,
}

impl Queries {
    /// By TableName alone for a table; with GlobalSecondaryIndexName for an index (DynamoDB Developer Guide, metrics).
    fn of(store: &Store) -> Self {
        let mut dimensions = vec![("TableName", &*store.table)];
        dimensions.extend(store.index.as_deref().map(|index| ("GlobalSecondaryIndexName", index)));
        let query = |metric| MetricQuery::new("AWS/DynamoDB", metric, Stat::Sum, &dimensions);
        Self {
            read_throttles: query("ReadThrottleEvents"),
            write_throttles: query("WriteThrottleEvents"),
            consumed_read: query("ConsumedReadCapacityUnits"),
            consumed_write: query("ConsumedWriteCapacityUnits"),
        }
    }

    fn all(self) -> [MetricQuery; 4] {
        [self.read_throttles, self.write_throttles, self.consumed_read, self.consumed_write]
    }
}

/// The levels in force.
struct Levels {
    throttles: Level,
    utilisation: Level,
}

impl Signal for DynamoDbThrottles {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("dynamodb-throttles")
    }

    fn title(&self) -> &'static str {
        "DynamoDB throttles"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["dynamodb:DescribeTable", "dynamodb:ListTables"]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }

    fn thresholds(&self) -> &'static [Threshold] {
        &THRESHOLDS
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.stores.iter().flat_map(|store| Queries::of(store).all()).collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::inventory(&live, then.at))) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels =
            Levels { throttles: judge.level(self.id(), &THROTTLES), utilisation: judge.level(self.id(), &UTILISATION) };
        interpret::reading(inventory, metrics, judge, &levels)
    }
}
