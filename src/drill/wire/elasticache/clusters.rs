//! `DescribeCacheClusters`.

use winterbaume_elasticache::model::{
    CacheClusterList, CacheClusterMessage, CacheNode, CacheNodeList, Endpoint, PendingModifiedValues,
};

use super::super::{ApiError, Ask, Reply, records, reply};
use crate::drill::world::elasticache::CacheCluster;

pub fn not_found(id: &str) -> ApiError {
    ApiError::new(404, "CacheClusterNotFound", format!("CacheCluster not found: {id}"))
}

pub fn describe(ask: &Ask<'_>) -> Reply {
    let asked = ask.input.text("CacheClusterId");
    let alone = ask.input.flag("ShowCacheClustersNotInReplicationGroups").unwrap_or(false);
    let wanted = |cluster: &&CacheCluster| {
        asked.is_none_or(|asked| cluster.id.eq_ignore_ascii_case(asked)) && !(alone && cluster.group.is_some())
    };
    let found: Vec<&CacheCluster> = ask.world.elasticache.clusters.values().filter(wanted).collect();
    if let Some(asked) = asked.filter(|_| found.is_empty()) {
        return Err(not_found(asked));
    }
    let with_nodes = ask.input.flag("ShowCacheNodeInfo").unwrap_or(false);
    let (items, marker) = records::page(ask, found, &format!("{asked:?}{alone}"))?;
    let items = items.into_iter().map(|cluster| output(ask, cluster, with_nodes)).collect();
    reply(&CacheClusterMessage { cache_clusters: Some(CacheClusterList { items }), marker })
}

fn output(ask: &Ask<'_>, cluster: &CacheCluster, with_nodes: bool) -> winterbaume_elasticache::model::CacheCluster {
    let group = cluster.group.as_ref().and_then(|id| ask.world.elasticache.groups.get(id));
    let node = CacheNode {
        cache_node_create_time: Some(cluster.created.to_string()),
        cache_node_id: Some("0001".to_owned()),
        cache_node_status: Some(cluster.node_status.clone()),
        customer_availability_zone: Some(cluster.zone.clone()),
        endpoint: Some(Endpoint { address: Some(cluster.address.clone()), port: i32::try_from(cluster.port).ok() }),
        parameter_group_status: Some("in-sync".to_owned()),
        ..CacheNode::default()
    };
    winterbaume_elasticache::model::CacheCluster {
        a_r_n: Some(cluster.arn.clone()),
        at_rest_encryption_enabled: group.map(|group| group.encrypted),
        auth_token_enabled: Some(false),
        auto_minor_version_upgrade: Some(true),
        cache_cluster_create_time: Some(cluster.created.to_string()),
        cache_cluster_id: Some(cluster.id.clone()),
        cache_cluster_status: Some(cluster.status.clone()),
        cache_node_type: Some(cluster.node_type.clone()),
        cache_nodes: with_nodes.then(|| CacheNodeList { items: vec![node] }),
        engine: Some(cluster.engine.clone()),
        engine_version: Some(cluster.engine_version.clone()),
        num_cache_nodes: Some(1),
        pending_modified_values: Some(PendingModifiedValues::default()),
        preferred_availability_zone: Some(cluster.zone.clone()),
        preferred_maintenance_window: Some("sun:05:00-sun:06:00".to_owned()),
        replication_group_id: cluster.group.clone(),
        snapshot_retention_limit: Some(0),
        transit_encryption_enabled: group.map(|group| group.encrypted),
        ..Default::default()
    }
}
