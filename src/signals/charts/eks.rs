//! Charts of an EKS cluster or of a node group's cluster (CloudWatch User Guide, "Amazon EKS Container Insights metrics").

use super::spec::{Charts, Maker, Unit, chart, text};
use crate::model::{Resource, Stat};

/// Nodes, CPU, memory, pods that find no place.
pub fn charts(resource: &Resource) -> Charts {
    let cluster = text(resource, "cluster").unwrap_or(&resource.name);
    let make = Maker::new("ContainerInsights", &[("ClusterName", cluster)]);
    let free = Maker::new("AWS/EKS", &[("ClusterName", cluster)]);
    let charts = vec![
        chart(
            "Pods without a place",
            Unit::Plain,
            vec![
                free.gauge("unschedulable", "scheduler_pending_pods_UNSCHEDULABLE", Stat::Maximum),
                make.gauge("pending", "pod_status_pending", Stat::Average),
            ],
        ),
        chart(
            "Nodes",
            Unit::Plain,
            vec![
                make.gauge("nodes", "cluster_node_count", Stat::Average),
                make.gauge("failed", "cluster_failed_node_count", Stat::Maximum),
            ],
        ),
        chart("Node CPU", Unit::Percent, vec![make.gauge("average", "node_cpu_utilization", Stat::Average)]),
        chart("Node memory", Unit::Percent, vec![make.gauge("average", "node_memory_utilization", Stat::Average)]),
    ];
    make.charts(charts, &["ClusterName"])
}
