//! Clusters as they were: Container Insights tells of the nodes; AWS keeps no history of node groups.

use super::{Cluster, Inventory, NodeGroup};

/// Why nothing is known of a cluster's or a node group's own state. A group's number of nodes is changed by the Cluster Autoscaler without a trace in
/// EKS: ListUpdates knows the changes that were asked of EKS itself (EKS API Reference).
const NO_HISTORY: &str = "AWS keeps no history of EKS states and bounds";

/// The clusters with node groups of which only the names are known.
pub fn inventory(live: &Inventory) -> Inventory {
    let group = |group: &NodeGroup| NodeGroup { state: None, unsure: NO_HISTORY.into(), ..group.clone() };
    let cluster = |cluster: &Cluster| Cluster {
        state: None,
        unsure: NO_HISTORY.into(),
        groups: cluster.groups.as_ref().map(|groups| groups.iter().map(group).collect()),
        ..cluster.clone()
    };
    Inventory { clusters: live.clusters.iter().map(cluster).collect(), fault: live.fault.clone() }
}
