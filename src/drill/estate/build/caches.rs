//! Builds replication groups and their nodes.

use super::Site;
use crate::drill::estate::caches::CacheGroupData;
use crate::drill::world::elasticache::{CacheCluster, ReplicationGroup};
use crate::drill::world::{EnvironmentWorld, hash};

const PORT: u32 = 6379;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    for data in &site.data.resources.elasticache.group {
        let group = group(data, site);
        for (place, id) in group.members.iter().enumerate() {
            world.elasticache.clusters.insert(id.clone(), node(data, id, place, site));
        }
        world.elasticache.groups.insert(group.id.clone(), group);
    }
}

/// Id of the `place`th node of a group, from 0.
pub fn node_id(group: &str, place: u32) -> String {
    format!("{group}-{:03}", place + 1)
}

fn address(prefix: &str, data: &CacheGroupData, site: &Site<'_>) -> String {
    let (head, mark) = (&site.data.head, hash::id(&(&data.id, &site.data.head.account), 6));
    format!("{prefix}.{mark}.{}.cache.amazonaws.com", head.region)
}

fn group(data: &CacheGroupData, site: &Site<'_>) -> ReplicationGroup {
    ReplicationGroup {
        id: data.id.clone(),
        arn: site.arn("elasticache", &format!("replicationgroup:{}", data.id)),
        description: data.description.clone(),
        engine: data.engine.clone(),
        node_type: data.node_type.clone(),
        status: "available".to_owned(),
        automatic_failover: data.automatic_failover,
        multi_az: data.multi_az,
        members: (0..data.nodes).map(|place| node_id(&data.id, place)).collect(),
        address: address(&format!("master.{}", data.id), data, site),
        reader_address: address(&format!("replica.{}", data.id), data, site),
        port: PORT,
        snapshot_retention_days: data.snapshot_retention_days,
        encrypted: data.encrypted,
        created: site.days_ago(280),
        tags: site.data.resources.tags.clone(),
    }
}

fn node(data: &CacheGroupData, id: &str, place: usize, site: &Site<'_>) -> CacheCluster {
    CacheCluster {
        id: id.to_owned(),
        arn: site.arn("elasticache", &format!("cluster:{id}")),
        group: Some(data.id.clone()),
        primary: place == 0,
        engine: data.engine.clone(),
        engine_version: data.engine_version.clone(),
        node_type: data.node_type.clone(),
        status: "available".to_owned(),
        node_status: "available".to_owned(),
        zone: site.zone(place),
        address: address(&format!("{id}.{}", data.id), data, site),
        port: PORT,
        created: site.days_ago(280),
        tags: site.data.resources.tags.clone(),
    }
}
