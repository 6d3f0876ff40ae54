//! From the ElastiCache client's types to ours.

use aws_sdk_elasticache::types as sdk;

use super::cache::{CacheCluster, ClusterState, Group, GroupState, Role, Serverless, Shard};
use super::status;
use crate::base::Text;
use crate::signals::moment::moment;

/// A replication group; `None` for one without a name.
pub fn group(group: &sdk::ReplicationGroup) -> Option<Group> {
    let shards: Vec<Shard> = group.node_groups().iter().map(shard).collect();
    let listed = group.member_clusters().iter().map(|id| Text::new(id.as_str()));
    let mut members: Vec<Text> =
        listed.chain(shards.iter().flat_map(|shard| shard.members.iter().map(|(id, _)| id.clone()))).collect();
    members.sort_unstable();
    members.dedup();
    let node_groups = group.node_groups();
    let endpoint = group.configuration_endpoint().or(node_groups.first().and_then(|shard| shard.primary_endpoint()));
    let pending = group.pending_modified_values();
    Some(Group {
        name: Text::new(group.replication_group_id()?),
        arn: text(group.arn()),
        nodes_ok: None,
        created: group.replication_group_create_time().and_then(moment),
        unsure: Text::default(),
        state: Some(GroupState {
            status: text(group.status()),
            members,
            shards,
            automatic_failover: text(group.automatic_failover().map(|state| state.as_str())),
            multi_az: text(group.multi_az().map(|state| state.as_str())),
            cluster_mode: group.cluster_enabled(),
            promoting: text(pending.and_then(|pending| pending.primary_cluster_id())),
            node_type: text(group.cache_node_type()),
            endpoint: address(endpoint),
            snapshot_days: group.snapshot_retention_limit(),
            encrypted_at_rest: group.at_rest_encryption_enabled(),
            encrypted_in_transit: group.transit_encryption_enabled(),
            pending: pending.map(pending_of_group).unwrap_or_default(),
        }),
    })
}

fn shard(shard: &sdk::NodeGroup) -> Shard {
    let member = |member: &sdk::NodeGroupMember| {
        let role = match member.current_role() {
            Some("primary") => Some(Role::Primary),
            Some("replica") => Some(Role::Replica),
            _ => None,
        };
        Some((Text::new(member.cache_cluster_id()?), role))
    };
    Shard { name: text(shard.node_group_id()), members: shard.node_group_members().iter().filter_map(member).collect() }
}

/// A cache cluster; `None` for one without a name.
pub fn cluster(cluster: &sdk::CacheCluster) -> Option<CacheCluster> {
    let group = cluster.replication_group_id().filter(|group| !group.is_empty());
    Some(CacheCluster {
        name: Text::new(cluster.cache_cluster_id()?),
        arn: text(cluster.arn()),
        group: group.map(Text::new),
        created: cluster.cache_cluster_create_time().and_then(moment),
        unsure: Text::default(),
        role: if group.is_some() { Role::Unknown } else { Role::Standalone },
        state: Some(ClusterState {
            status: text(cluster.cache_cluster_status()),
            engine: text(cluster.engine()),
            engine_version: text(cluster.engine_version()),
            node_type: text(cluster.cache_node_type()),
            node_count: cluster.num_cache_nodes(),
            nodes: cluster.cache_nodes().iter().map(|node| text(node.cache_node_status())).collect(),
            zone: text(cluster.preferred_availability_zone()),
        }),
    })
}

/// A serverless cache; `None` for one without a name.
pub fn serverless(cache: &sdk::ServerlessCache) -> Option<Serverless> {
    let limits = cache.cache_usage_limits();
    Some(Serverless {
        name: Text::new(cache.serverless_cache_name()?),
        arn: text(cache.arn()),
        status: Text::new(status::plain(cache.status().unwrap_or_default())),
        created: cache.create_time().and_then(moment),
        unsure: Text::default(),
        engine: text(cache.engine()),
        engine_version: text(cache.full_engine_version().or(cache.major_engine_version())),
        max_storage_gb: limits.and_then(|limits| limits.data_storage()).and_then(|storage| storage.maximum()),
        max_ecpu_per_s: limits.and_then(|limits| limits.ecpu_per_second()).and_then(|ecpu| ecpu.maximum()),
    })
}

fn text(value: Option<&str>) -> Text {
    Text::new(value.unwrap_or_default())
}

fn address(endpoint: Option<&sdk::Endpoint>) -> Text {
    match endpoint.map(|endpoint| (endpoint.address().unwrap_or_default(), endpoint.port())) {
        Some((address, Some(port))) => Text::new(format!("{address}:{port}")),
        Some((address, None)) => Text::new(address),
        None => Text::default(),
    }
}

fn pending_of_group(values: &sdk::ReplicationGroupPendingModifiedValues) -> Vec<Text> {
    let resharding = values.resharding().and_then(|resharding| resharding.slot_migration());
    let changes = [
        values.primary_cluster_id().map(|id| format!("primary {id}")),
        values.automatic_failover_status().map(|state| format!("automatic failover {}", state.as_str())),
        resharding.map(|slots| format!("resharding {:.0} %", slots.progress_percentage().unwrap_or(0.0))),
        values
            .transit_encryption_enabled()
            .map(|on| format!("encryption in transit {}", if on { "on" } else { "off" })),
        values.cluster_mode().map(|mode| format!("cluster mode {}", mode.as_str())),
        values.auth_token_status().map(|status| format!("auth token {}", status.as_str())),
    ];
    changes.into_iter().flatten().map(Text::new).collect()
}
