//! ECS capacity: do the services run the tasks they want, are deployments going through, is there room to scale.

mod interpret;
mod inventory;
mod past;
mod raw;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, Level, MetricQuery, MetricSet, Reading, Resource, SignalId, Stat};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct EcsCapacity;

/// Average CPU of a service's tasks.
pub static CPU: Threshold = Threshold {
    key: "cpu",
    level: Level { warn: 80.0, critical: 95.0 },
    unit: "%",
    help: "average CPU utilisation of a service",
};
/// Average memory of a service's tasks.
pub static MEMORY: Threshold = Threshold {
    key: "memory",
    level: Level { warn: 80.0, critical: 95.0 },
    unit: "%",
    help: "average memory utilisation of a service",
};
static THRESHOLDS: [Threshold; 2] = [CPU, MEMORY];

/// What ECS and Application Auto Scaling said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// All services of all clusters that belong to the environment.
    pub services: Vec<Service>,
    /// Clusters whose services could not be listed.
    pub unlisted: Vec<Cluster>,
    /// False when the scalable targets could not be read: bounds are unknown then, not absent.
    pub bounds_known: bool,
    /// The first call that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Service {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// Name of its cluster.
    pub cluster: Text,
    /// `None`: it could not be described.
    pub state: Option<ServiceState>,
    /// Smallest and largest desired count that autoscaling sets; `None` where it does not scale by itself.
    pub bounds: Option<(i32, i32)>,
    /// What is not known of a past minute, and why; empty for the present.
    pub unsure: Text,
}

/// What DescribeServices says of a service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceState {
    /// Tasks wanted.
    pub desired: i32,
    /// Tasks running.
    pub running: i32,
    /// Tasks starting.
    pub pending: i32,
    /// `ACTIVE` or `DRAINING`.
    pub status: Text,
    /// `family:revision`.
    pub task_definition: Text,
    /// Launch type, or the capacity providers.
    pub launch: Text,
    /// `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    pub controller: Text,
    /// The primary deployment's rollout state. Only rolling deployments have one: `None` is not a failure.
    pub rollout: Option<Rollout>,
    /// Why, in ECS's words.
    pub rollout_reason: Text,
    /// A deployment other than the primary one has failed: it was or is being rolled back.
    pub rolled_back: bool,
    /// More than one deployment or task set is there, or the primary one is in progress.
    pub deploying: bool,
    /// Consecutive tasks of the primary deployment that failed to start; ECS resets it when one runs.
    pub failed_tasks: i32,
    /// When the primary deployment began.
    pub deployed_at: Option<Timestamp>,
    /// When anything about its deployments last changed.
    pub changed_at: Option<Timestamp>,
    /// The newest service event.
    pub event: Text,
    /// The first event after the service was last steady.
    pub unsteady_since: Option<Timestamp>,
}

/// A deployment's rollout state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollout {
    /// `IN_PROGRESS`.
    InProgress,
    /// `COMPLETED`.
    Completed,
    /// `FAILED`.
    Failed,
}

/// A gauge of one service, averaged over its tasks.
fn gauge(metric: &'static str, service: &Service) -> MetricQuery {
    let dimensions = [("ClusterName", &*service.cluster), ("ServiceName", &*service.name)];
    MetricQuery::new("AWS/ECS", metric, Stat::Average, &dimensions)
}

fn cpu_query(service: &Service) -> MetricQuery {
    gauge("CPUUtilization", service)
}

fn memory_query(service: &Service) -> MetricQuery {
    gauge("MemoryUtilization", service)
}

impl Signal for EcsCapacity {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("ecs-capacity")
    }

    fn title(&self) -> &'static str {
        "ECS capacity"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            "application-autoscaling:DescribeScalableTargets",
            "ecs:DescribeServices",
            "ecs:ListClusters",
            "ecs:ListServices",
        ]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.state
    }

    fn thresholds(&self) -> &'static [Threshold] {
        &THRESHOLDS
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.services.iter().flat_map(|service| [cpu_query(service), memory_query(service)]).collect()
    }

    fn past_queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.services.iter().flat_map(past::queries).collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::inventory(&live, then))) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels = (judge.level(self.id(), &CPU), judge.level(self.id(), &MEMORY));
        interpret::reading(inventory, metrics, judge, levels)
    }
}
