//! EKS clusters and managed node groups.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Tags;

/// A cluster.
#[derive(Debug, Clone)]
pub struct EksCluster {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// Kubernetes version, e.g. `1.33`.
    pub version: String,
    /// e.g. `ACTIVE`.
    pub status: String,
    /// When it was created.
    pub created: Timestamp,
    /// By name.
    pub node_groups: BTreeMap<String, NodeGroup>,
    /// Tags.
    pub tags: Tags,
}

/// A managed node group.
#[derive(Debug, Clone)]
pub struct NodeGroup {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// e.g. `c5.2xlarge`.
    pub instance_types: Vec<String>,
    /// Smallest size.
    pub min: u32,
    /// Wanted size.
    pub desired: u32,
    /// Largest size.
    pub max: u32,
    /// e.g. `ACTIVE`, `DEGRADED`.
    pub status: String,
    /// Code and message.
    pub health_issues: Vec<(String, String)>,
    /// When it was created.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}
