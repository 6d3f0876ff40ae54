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
    /// By name.
    pub addons: BTreeMap<String, Addon>,
    /// Updates of the cluster itself, newest first.
    pub updates: Vec<Update>,
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
    /// When it was last changed.
    pub modified: Timestamp,
    /// Its updates, newest first.
    pub updates: Vec<Update>,
    /// Tags.
    pub tags: Tags,
}

impl NodeGroup {
    /// Ends the updates that are through at `now`.
    pub fn settle(&mut self, now: Timestamp) {
        for update in &mut self.updates {
            if update.until.is_some_and(|until| until <= now) {
                update.until = None;
                "Successful".clone_into(&mut update.status);
                "ACTIVE".clone_into(&mut self.status);
                self.modified = now;
            }
        }
    }
}

/// An add-on that EKS manages.
#[derive(Debug, Clone)]
pub struct Addon {
    /// e.g. `vpc-cni`.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// e.g. `v1.20.4-eksbuild.1`.
    pub version: String,
    /// e.g. `ACTIVE`, `DEGRADED`.
    pub status: String,
    /// When it was created.
    pub created: Timestamp,
}

/// A change of a cluster or of a node group.
#[derive(Debug, Clone)]
pub struct Update {
    /// UUID.
    pub id: String,
    /// e.g. `VersionUpdate`, `ConfigUpdate`.
    pub kind: String,
    /// e.g. `Successful`, `InProgress`.
    pub status: String,
    /// Name and value, e.g. `MaxSize` and `14`.
    pub params: Vec<(String, String)>,
    /// When it began.
    pub created: Timestamp,
    /// When it will be through; only while it is in progress.
    pub until: Option<Timestamp>,
    /// `clientRequestToken`, where it had one.
    pub token: Option<String>,
}
