//! What an estate file may say about Kubernetes: clusters, node groups, add-ons and what runs on them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An EKS cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EksData {
    /// Name.
    pub name: String,
    /// Kubernetes version, e.g. `1.33`.
    pub version: String,
    /// Versions of its add-ons by name.
    #[serde(default)]
    pub addons: BTreeMap<String, String>,
    /// Managed node groups.
    pub node_group: Vec<NodeGroupData>,
    /// What runs on it, the most important first.
    #[serde(default)]
    pub workload: Vec<WorkloadData>,
    /// Cluster Autoscaler; without it the node groups keep their size.
    #[serde(default)]
    pub cluster_autoscaler: Option<ClusterAutoscalerData>,
}

/// A managed node group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeGroupData {
    /// Name.
    pub name: String,
    /// e.g. `c5.2xlarge`.
    pub instance_type: String,
    /// Millicores of a node that pods may ask for.
    pub cpu_m: u32,
    /// MiB of a node that pods may ask for.
    pub memory_mib: u32,
    /// Fewest nodes.
    pub min: u32,
    /// Nodes at the beginning.
    pub desired: u32,
    /// Most nodes.
    pub max: u32,
    /// Seconds from the wish for a node until pods run on it.
    pub startup_s: u32,
}

/// Pods of one kind. Their number follows the load, as a horizontal pod autoscaler has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkloadData {
    /// Name of the deployment.
    pub name: String,
    /// Pods at average load.
    pub pods: f64,
    /// Fewest pods.
    pub min: u32,
    /// Most pods.
    pub max: u32,
    /// Millicores that a pod asks for.
    pub cpu_m: u32,
    /// MiB that a pod asks for.
    pub memory_mib: u32,
    /// Identifier of the DB instance or cluster without which it does not work.
    #[serde(default)]
    pub database: Option<String>,
    /// CPU of a pod in percent of what it asks for, when all wanted pods run.
    pub cpu_percent: f64,
    /// Memory likewise.
    pub memory_percent: f64,
}

/// Cluster Autoscaler.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterAutoscalerData {
    /// Seconds that pods wait before nodes are asked for.
    pub delay_s: u32,
    /// Seconds that a node is empty before it goes.
    pub unneeded_s: u32,
}
