//! The signals: what is watched in every environment. One file each and one line in [`ALL`].
//!
//! A signal is three steps: `inventory` (list and describe), `queries` (which metrics), and `interpret`, which is pure.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::{Cadence, SignalWords, Thresholds};
use crate::model::{Environment, Fault, FaultKind, Level, MetricQuery, MetricSet, Reading, Resource, SignalId};
use crate::signals::raw::Asked;

pub mod alarms;
pub mod api_gateway;
pub mod custom;
pub mod dynamodb_throttles;
pub mod ecs_capacity;
pub mod eks_capacity;
pub mod elasticache;
pub mod lambda_errors;
pub mod load_balancers;
pub mod msk;
pub mod rds;
pub mod sqs;

pub mod aspects;
pub mod charts;
pub mod events;
pub mod figures;
pub mod metrics;
pub mod moment;
pub mod naming;
pub mod paging;
pub mod raw;
pub mod rows;
pub mod worst;

#[cfg(test)]
pub(crate) mod testing;

/// Every signal, in the order of the wall's rows.
pub static ALL: &[&dyn AnySignal] = &[
    &alarms::Alarms,
    &lambda_errors::LambdaErrors,
    &dynamodb_throttles::DynamoDbThrottles,
    &api_gateway::ApiGateway,
    &load_balancers::LoadBalancers,
    &ecs_capacity::EcsCapacity,
    &eks_capacity::EksCapacity,
    &rds::Rds,
    &elasticache::ElastiCache,
    &msk::Msk,
    &sqs::Sqs,
    &custom::Custom,
];

/// A threshold that a signal understands, with its default.
#[derive(Debug, Clone, Copy)]
pub struct Threshold {
    /// Name in the configuration, e.g. `error_rate`.
    pub key: &'static str,
    /// Default.
    pub level: Level,
    /// Unit, e.g. `%`.
    pub unit: &'static str,
    /// What it is for, in half a sentence.
    pub help: &'static str,
}

/// One thing to watch.
pub trait Signal: Send + Sync + 'static {
    /// What the inventory step finds.
    type Inventory: Send + Sync + 'static;

    /// Stable id, e.g. `lambda-errors`.
    fn id(&self) -> SignalId;
    /// Row title, e.g. `Lambda errors`.
    fn title(&self) -> &'static str;
    /// IAM actions that the inventory needs (GetMetricData is added by the broker).
    fn permissions(&self) -> &'static [&'static str];
    /// Seconds between two inventories.
    fn cadence_s(&self, cadence: &Cadence) -> u64;
    /// True for what wakes people: it is never asked for less often than once a minute.
    fn is_urgent(&self) -> bool {
        false
    }
    /// The thresholds that it judges by.
    fn thresholds(&self) -> &'static [Threshold] {
        &[]
    }
    /// Lists and describes: all pages, all batches.
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Self::Inventory, Fault>>;
    /// The metrics that `interpret` wants; empty for a signal without metrics.
    fn queries(&self, inventory: &Self::Inventory) -> Vec<MetricQuery>;
    /// Further metrics that tell a past state, up to and with the minute that begins then; see [`Signal::rewind`].
    fn past_queries(&self, _inventory: &Self::Inventory) -> Vec<MetricQuery> {
        Vec::new()
    }
    /// The inventory as it was at a past minute, from the live one. What cannot be known any more must come out as
    /// unknown, never as it is today: a signal that does not say how gives a fault.
    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        _live: Arc<Self::Inventory>,
        _then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Self::Inventory>, Fault>> {
        Box::pin(async { Err(Fault::new(FaultKind::NotKept, "past", "AWS keeps no history of its state")) })
    }
    /// Asks AWS itself about one resource of it; `None` where there is no operation to ask.
    fn raw<'a>(&'a self, _session: &'a Session, _resource: &'a Resource) -> Option<Asked<'a>> {
        None
    }
    /// Judges. Pure.
    fn interpret(&self, inventory: &Self::Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading;
}

/// A past minute.
#[derive(Debug, Clone)]
pub struct Then {
    /// Its beginning: what is true at this instant.
    pub at: Timestamp,
    /// The present.
    pub now: Timestamp,
    /// Answers to [`Signal::past_queries`]. The last period is the one that begins at `at`.
    pub metrics: MetricSet,
}

/// What judgement needs besides the data.
pub struct Judge<'a> {
    /// The time to judge at.
    pub now: Timestamp,
    /// Whose resources they are.
    pub environment: &'a Environment,
    /// Environment's overrides over the configuration's.
    pub thresholds: &'a Thresholds,
    /// How names become logical names.
    pub naming: &'a naming::Naming,
}

impl Judge<'_> {
    /// The level in force for a signal's threshold.
    pub fn level(&self, signal: SignalId, threshold: &Threshold) -> Level {
        self.thresholds
            .get(signal.0)
            .and_then(|by_key: &BTreeMap<String, Level>| by_key.get(threshold.key))
            .copied()
            .unwrap_or(threshold.level)
    }

    /// The row that a resource with this name stands in.
    pub fn logical_name(&self, name: &str) -> Text {
        self.naming.logical(name, self.environment)
    }
}

/// An inventory whose type only its signal knows.
pub type Inventory = Arc<dyn Any + Send + Sync>;

/// [`Signal`] with its inventory type erased, so that signals stand in one list.
pub trait AnySignal: Send + Sync {
    /// See [`Signal::id`].
    fn id(&self) -> SignalId;
    /// See [`Signal::title`].
    fn title(&self) -> &'static str;
    /// See [`Signal::permissions`].
    fn permissions(&self) -> &'static [&'static str];
    /// See [`Signal::cadence_s`].
    fn cadence_s(&self, cadence: &Cadence) -> u64;
    /// See [`Signal::is_urgent`].
    fn is_urgent(&self) -> bool;
    /// See [`Signal::thresholds`].
    fn thresholds(&self) -> &'static [Threshold];
    /// See [`Signal::inventory`].
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>>;
    /// See [`Signal::queries`]. Empty for another signal's inventory.
    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery>;
    /// See [`Signal::past_queries`]. Empty for another signal's inventory.
    fn past_queries(&self, inventory: &Inventory) -> Vec<MetricQuery>;
    /// See [`Signal::rewind`]. Another signal's inventory is a fault.
    fn rewind<'a>(
        &'a self,
        session: &'a Session,
        live: Inventory,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Inventory, Fault>>;
    /// See [`Signal::raw`].
    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>>;
    /// See [`Signal::interpret`]. Absent for another signal's inventory.
    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading;
}

impl<S: Signal> AnySignal for S {
    fn id(&self) -> SignalId {
        Signal::id(self)
    }
    fn title(&self) -> &'static str {
        Signal::title(self)
    }
    fn permissions(&self) -> &'static [&'static str] {
        Signal::permissions(self)
    }
    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        Signal::cadence_s(self, cadence)
    }
    fn is_urgent(&self) -> bool {
        Signal::is_urgent(self)
    }
    fn thresholds(&self) -> &'static [Threshold] {
        Signal::thresholds(self)
    }
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(async move { Ok(Arc::new(Signal::inventory(self, session).await?) as Inventory) })
    }
    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.downcast_ref().map(|found| Signal::queries(self, found)).unwrap_or_default()
    }
    fn past_queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.downcast_ref().map(|found| Signal::past_queries(self, found)).unwrap_or_default()
    }
    fn rewind<'a>(
        &'a self,
        session: &'a Session,
        live: Inventory,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(async move {
            let live = live.downcast().map_err(|_| Fault::new(FaultKind::Invalid, "past", "not its inventory"))?;
            Ok(Signal::rewind(self, session, live, then).await? as Inventory)
        })
    }
    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Signal::raw(self, session, resource)
    }
    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        inventory.downcast_ref().map(|found| Signal::interpret(self, found, metrics, judge)).unwrap_or_default()
    }
}

/// The position of a signal in [`ALL`].
pub fn index_of(id: SignalId) -> Option<usize> {
    ALL.iter().position(|signal| signal.id() == id)
}

/// False for a signal whose inventory needs no call: that it could be read says nothing of the environment.
pub fn asks(id: SignalId) -> bool {
    ALL.iter().any(|signal| signal.id() == id && !signal.permissions().is_empty())
}

/// The IAM actions that watching needs, sorted: every signal's own, GetMetricData for the broker, and GetResources for
/// environments that are selected by tags. GetCallerIdentity needs no permission (IAM User Guide).
pub fn permissions() -> Vec<&'static str> {
    let own = ALL.iter().flat_map(|signal| signal.permissions().iter().copied());
    let mut all: Vec<&str> = own.chain(["cloudwatch:GetMetricData", "tag:GetResources"]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Every signal's id and thresholds: the words that a configuration may use.
pub fn vocabulary() -> Vec<SignalWords> {
    let words = |signal: &&dyn AnySignal| SignalWords {
        id: signal.id().0.to_owned(),
        thresholds: signal.thresholds().iter().map(|t| (t.key.to_owned(), t.level)).collect(),
    };
    ALL.iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_stand_in_the_walls_order() {
        let ids: Vec<&str> = ALL.iter().map(|signal| signal.id().0).collect();
        let wall = [
            "alarms",
            "lambda-errors",
            "dynamodb-throttles",
            "api-gateway",
            "load-balancers",
            "ecs-capacity",
            "eks-capacity",
            "rds",
            "elasticache",
            "msk",
            "sqs",
            "custom",
        ];
        assert_eq!(ids, wall);
        assert!(ALL.iter().enumerate().all(|(index, signal)| index_of(signal.id()) == Some(index)));
    }

    #[test]
    fn permissions_only_read() {
        let permissions = permissions();
        assert!(permissions.is_sorted_by(|a, b| a < b));
        assert!(permissions.contains(&"cloudwatch:GetMetricData"));
        for permission in permissions {
            let (_, action) = permission.split_once(':').unwrap_or_default();
            assert!(crate::cloud::read_only::reads_only(action) || action == "GET", "{permission}");
        }
    }

    #[test]
    fn thresholds_have_names_of_their_own_and_sensible_defaults() {
        for words in vocabulary() {
            let mut keys: Vec<&str> = words.thresholds.iter().map(|(key, _)| key.as_str()).collect();
            keys.sort_unstable();
            assert!(keys.is_sorted_by(|a, b| a < b), "{}: {keys:?}", words.id);
            for (key, level) in &words.thresholds {
                // What is free is bad when it is small; everything else when it is large.
                let falling = key.starts_with("free_");
                assert_eq!(level.critical < level.warn, falling, "{} {key}", words.id);
                assert!(level.warn > 0.0 && level.critical > 0.0, "{} {key}: zero never alarms", words.id);
            }
        }
    }
}
