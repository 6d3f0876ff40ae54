//! What AWS says of a cluster, or all brokers of the cluster of a broker.

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::charts::spec::text;
use crate::signals::raw::{Raw, raw};

/// DescribeClusterV2. AWS describes no single broker: ListNodes tells all of a cluster.
pub async fn ask(session: &Session, resource: &Resource) -> Vec<Raw> {
    let client = session.kafka();
    if text(resource, "kind") != Some("broker") {
        let request = client.describe_cluster_v2().cluster_arn(&*resource.arn);
        return vec![raw!(session, "DescribeClusterV2", request).await];
    }
    let request = client.list_clusters_v2().set_cluster_name_filter(text(resource, "cluster").map(str::to_owned));
    let clusters = raw!(session, "ListClustersV2", request).await;
    let named = clusters.said.as_ref().ok().and_then(|said| said.get("clusterInfoList")?.as_array());
    // The filter is the beginning of a name.
    let own = named.and_then(|named| {
        named.iter().find(|one| one.get("clusterName").and_then(|name| name.as_str()) == text(resource, "cluster"))
    });
    let Some(arn) = own.and_then(|own| own.get("clusterArn")?.as_str()).map(str::to_owned) else {
        return vec![clusters];
    };
    vec![raw!(session, "ListNodes", client.list_nodes().cluster_arn(arn)).await, clusters]
}
