//! `DescribeReplicationGroups`.

use winterbaume_elasticache::model::{
    ClusterIdList, Endpoint, NodeGroup, NodeGroupList, NodeGroupMember, NodeGroupMemberList, ReplicationGroupList,
    ReplicationGroupMessage, ReplicationGroupPendingModifiedValues,
};

use super::super::{ApiError, Ask, Reply, records, reply};
use crate::drill::world::elasticache::{CacheCluster, ReplicationGroup};

pub fn not_found(id: &str) -> ApiError {
    ApiError::new(404, "ReplicationGroupNotFoundFault", format!("ReplicationGroup {id} not found."))
}

pub fn describe(ask: &Ask<'_>) -> Reply {
    let asked = ask.input.text("ReplicationGroupId");
    let wanted = |group: &&ReplicationGroup| asked.is_none_or(|asked| group.id.eq_ignore_ascii_case(asked));
    let found: Vec<&ReplicationGroup> = ask.world.elasticache.groups.values().filter(wanted).collect();
    if let Some(asked) = asked.filter(|_| found.is_empty()) {
        return Err(not_found(asked));
    }
    let (items, marker) = records::page(ask, found, &format!("{asked:?}"))?;
    let items = items.into_iter().map(|group| output(ask, group)).collect();
    reply(&ReplicationGroupMessage { marker, replication_groups: Some(ReplicationGroupList { items }) })
}

fn endpoint(address: &str, port: u32) -> Endpoint {
    Endpoint { address: Some(address.to_owned()), port: i32::try_from(port).ok() }
}

fn switch(on: bool) -> Option<String> {
    Some(if on { "enabled" } else { "disabled" }.to_owned())
}

fn output(ask: &Ask<'_>, group: &ReplicationGroup) -> winterbaume_elasticache::model::ReplicationGroup {
    let member = |node: &CacheCluster| NodeGroupMember {
        cache_cluster_id: Some(node.id.clone()),
        cache_node_id: Some("0001".to_owned()),
        current_role: Some(if node.primary { "primary" } else { "replica" }.to_owned()),
        preferred_availability_zone: Some(node.zone.clone()),
        preferred_outpost_arn: None,
        read_endpoint: Some(endpoint(&node.address, node.port)),
    };
    let nodes = group.members.iter().filter_map(|id| ask.world.elasticache.clusters.get(id));
    let node_group = NodeGroup {
        node_group_id: Some("0001".to_owned()),
        node_group_members: Some(NodeGroupMemberList { items: nodes.map(member).collect() }),
        primary_endpoint: Some(endpoint(&group.address, group.port)),
        reader_endpoint: Some(endpoint(&group.reader_address, group.port)),
        slots: None,
        status: Some(group.status.clone()),
    };
    winterbaume_elasticache::model::ReplicationGroup {
        a_r_n: Some(group.arn.clone()),
        at_rest_encryption_enabled: Some(group.encrypted),
        auth_token_enabled: Some(false),
        auto_minor_version_upgrade: Some(true),
        automatic_failover: switch(group.automatic_failover),
        cache_node_type: Some(group.node_type.clone()),
        cluster_enabled: Some(false),
        cluster_mode: Some("disabled".to_owned()),
        data_tiering: Some("disabled".to_owned()),
        description: Some(group.description.clone()),
        engine: Some(group.engine.clone()),
        member_clusters: Some(ClusterIdList { items: group.members.clone() }),
        multi_a_z: switch(group.multi_az),
        node_groups: Some(NodeGroupList { items: vec![node_group] }),
        pending_modified_values: Some(ReplicationGroupPendingModifiedValues::default()),
        replication_group_create_time: Some(group.created.to_string()),
        replication_group_id: Some(group.id.clone()),
        snapshot_retention_limit: i32::try_from(group.snapshot_retention_days).ok(),
        snapshot_window: Some("03:00-04:00".to_owned()),
        status: Some(group.status.clone()),
        transit_encryption_enabled: Some(group.encrypted),
        ..Default::default()
    }
}
