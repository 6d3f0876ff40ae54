//! EKS capacity: node groups and their bounds, health issues, and what Container Insights knows where it is on.

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
pub struct EksCapacity;

/// CPU of a cluster's nodes.
pub static NODE_CPU: Threshold = Threshold {
    key: "node_cpu",
    level: Level { warn: 85.0, critical: 95.0 },
    unit: "%",
    help: "average CPU utilisation of a cluster's nodes (Container Insights)",
};
/// Memory of a cluster's nodes.
pub static NODE_MEMORY: Threshold = Threshold {
    key: "node_memory",
    level: Level { warn: 85.0, critical: 95.0 },
    unit: "%",
    help: "average memory utilisation of a cluster's nodes (Container Insights)",
};
/// Nodes in a failed condition.
pub static FAILED_NODES: Threshold = Threshold {
    key: "failed_nodes",
    level: Level { warn: 1.0, critical: 3.0 },
    unit: "nodes",
    help: "nodes of a cluster that have failed (Container Insights)",
};
static THRESHOLDS: [Threshold; 3] = [NODE_CPU, NODE_MEMORY, FAILED_NODES];

/// What EKS said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// The clusters that belong to the environment, or of which node groups do.
    pub clusters: Vec<Cluster>,
    /// The first call that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cluster {
    /// Its name.
    pub name: Text,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// What DescribeCluster says; `None` when that failed.
    pub state: Option<ClusterState>,
    /// Its node groups; `None` when they could not be listed.
    pub groups: Option<Vec<NodeGroup>>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

/// What DescribeCluster says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClusterState {
    /// `ACTIVE`, `UPDATING`, `FAILED`, …
    pub status: Text,
    /// Kubernetes version.
    pub version: Text,
    /// Health issues, in EKS's words.
    pub issues: Vec<Text>,
}

/// A managed node group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeGroup {
    /// Its name.
    pub name: Text,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// What DescribeNodegroup says; `None` when that failed.
    pub state: Option<NodeGroupState>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

/// What DescribeNodegroup says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeGroupState {
    /// `ACTIVE`, `DEGRADED`, `CREATE_FAILED`, …
    pub status: Text,
    /// Fewest nodes.
    pub min: i32,
    /// Most nodes.
    pub max: i32,
    /// Nodes wanted now.
    pub desired: i32,
    /// Health issues, in EKS's words.
    pub issues: Vec<Text>,
    /// e.g. `c5.2xlarge`.
    pub instance_types: Vec<Text>,
    /// `ON_DEMAND` or `SPOT`.
    pub capacity_type: Text,
    /// Kubernetes version.
    pub version: Text,
}

/// The metrics of a cluster. Without Container Insights only the last one exists.
struct Queries {
    nodes: MetricQuery,
    failed_nodes: MetricQuery,
    cpu: MetricQuery,
    memory: MetricQuery,
    unschedulable: MetricQuery,
}

impl Queries {
    fn of(cluster: &Cluster) -> Self {
        let query =
            |namespace, metric, stat| MetricQuery::new(namespace, metric, stat, &[("ClusterName", &*cluster.name)]);
        Self {
            nodes: query("ContainerInsights", "cluster_node_count", Stat::Average),
            failed_nodes: query("ContainerInsights", "cluster_failed_node_count", Stat::Maximum),
            cpu: query("ContainerInsights", "node_cpu_utilization", Stat::Average),
            memory: query("ContainerInsights", "node_memory_utilization", Stat::Average),
            unschedulable: query("AWS/EKS", "scheduler_pending_pods_UNSCHEDULABLE", Stat::Maximum),
        }
    }

    fn all(self) -> [MetricQuery; 5] {
        [self.nodes, self.failed_nodes, self.cpu, self.memory, self.unschedulable]
    }
}

/// The levels in force.
struct Levels {
    cpu: Level,
    memory: Level,
    failed_nodes: Level,
}

impl Signal for EksCapacity {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("eks-capacity")
    }

    fn title(&self) -> &'static str {
        "EKS capacity"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["eks:DescribeCluster", "eks:DescribeNodegroup", "eks:ListClusters", "eks:ListNodegroups"]
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
        inventory.clusters.iter().flat_map(|cluster| Queries::of(cluster).all()).collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Inventory>,
        _then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::inventory(&live))) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels = Levels {
            cpu: judge.level(self.id(), &NODE_CPU),
            memory: judge.level(self.id(), &NODE_MEMORY),
            failed_nodes: judge.level(self.id(), &FAILED_NODES),
        };
        interpret::reading(inventory, metrics, judge, &levels)
    }
}
