//! Clusters as they were: Container Insights tells of the nodes; AWS keeps no history of node groups.

use super::{Cluster, Inventory, NodeGroup};

/// The clusters with node groups of which only the names are known.
pub fn inventory(live: &Inventory) -> Inventory {
    let group = |group: &NodeGroup| NodeGroup { state: None, ..group.clone() };
    let cluster = |cluster: &Cluster| Cluster {
        state: None,
        groups: cluster.groups.as_ref().map(|groups| groups.iter().map(group).collect()),
        ..cluster.clone()
    };
    Inventory { clusters: live.clusters.iter().map(cluster).collect(), fault: live.fault.clone() }
}
