//! `DescribeDBClusters` and `DescribeDBClusterEndpoints`.

use winterbaume_rds::model::{
    AvailabilityZones, DBCluster, DBClusterEndpoint, DBClusterEndpointList, DBClusterEndpointMessage, DBClusterList,
    DBClusterMember, DBClusterMemberList, DBClusterMessage, ReadReplicaIdentifierList,
    ServerlessV2ScalingConfigurationInfo,
};

use super::super::{Ask, Reply, records, reply};
use super::parts;
use crate::drill::world::rds::DbCluster;

/// What clusters may be filtered by.
const FILTERS: &[&str] = &["db-cluster-id", "db-cluster-resource-id", "engine"];

pub fn describe(ask: &Ask<'_>) -> Reply {
    let asked = ask.input.text("DBClusterIdentifier");
    let filters = parts::filters(ask, FILTERS)?;
    let has = |cluster: &DbCluster, name: &str, value: &str| match name {
        "db-cluster-id" => parts::names(value, &cluster.id, &cluster.arn),
        "db-cluster-resource-id" => cluster.resource_id == value,
        _ => cluster.engine == value,
    };
    let wanted = |cluster: &&DbCluster| {
        asked.is_none_or(|asked| parts::names(asked, &cluster.id, &cluster.arn))
            && filters.iter().all(|(name, values)| values.iter().any(|value| has(cluster, name, value)))
    };
    let found: Vec<&DbCluster> = ask.world.rds.clusters.values().filter(wanted).collect();
    if let Some(asked) = asked.filter(|_| found.is_empty()) {
        return Err(parts::no_cluster(asked));
    }
    let (items, marker) = records::page(ask, found, &format!("{asked:?}{filters:?}"))?;
    let items = items.into_iter().map(|cluster| output(ask, cluster)).collect();
    reply(&DBClusterMessage { d_b_clusters: Some(DBClusterList { items }), marker })
}

/// The writer and the reader endpoint of each cluster; there are no custom ones.
pub fn endpoints(ask: &Ask<'_>) -> Reply {
    let asked = ask.input.text("DBClusterIdentifier");
    let wanted = |cluster: &&DbCluster| asked.is_none_or(|asked| parts::names(asked, &cluster.id, &cluster.arn));
    let found: Vec<&DbCluster> = ask.world.rds.clusters.values().filter(wanted).collect();
    if let Some(asked) = asked.filter(|_| found.is_empty()) {
        return Err(parts::no_cluster(asked));
    }
    let endpoint = |cluster: &DbCluster, kind: &str, address: &str| DBClusterEndpoint {
        d_b_cluster_identifier: Some(cluster.id.clone()),
        endpoint: Some(address.to_owned()),
        endpoint_type: Some(kind.to_owned()),
        status: Some("available".to_owned()),
        ..DBClusterEndpoint::default()
    };
    let all = found.iter().flat_map(|cluster| {
        [endpoint(cluster, "WRITER", &cluster.address), endpoint(cluster, "READER", &cluster.reader_address)]
    });
    let (items, marker) = records::page(ask, all.collect(), &format!("{asked:?}"))?;
    reply(&DBClusterEndpointMessage { d_b_cluster_endpoints: Some(DBClusterEndpointList { items }), marker })
}

/// A cluster as the API shows it.
pub fn output(ask: &Ask<'_>, cluster: &DbCluster) -> DBCluster {
    let members = cluster.members.iter().map(|member| DBClusterMember {
        d_b_cluster_parameter_group_status: Some("in-sync".to_owned()),
        d_b_instance_identifier: Some(member.instance.clone()),
        is_cluster_writer: Some(member.writer),
        promotion_tier: i32::try_from(member.promotion_tier).ok(),
    });
    DBCluster {
        allocated_storage: Some(1),
        auto_minor_version_upgrade: Some(true),
        availability_zones: Some(AvailabilityZones { items: cluster.zones.clone() }),
        backup_retention_period: i32::try_from(cluster.backup_retention_days).ok(),
        cluster_create_time: Some(cluster.created.to_string()),
        copy_tags_to_snapshot: Some(true),
        d_b_cluster_arn: Some(cluster.arn.clone()),
        d_b_cluster_identifier: Some(cluster.id.clone()),
        d_b_cluster_members: Some(DBClusterMemberList { items: members.collect() }),
        d_b_cluster_parameter_group: Some(parts::parameter_group(&cluster.engine, &cluster.engine_version)),
        d_b_subnet_group: Some(parts::subnet_group(ask)),
        database_name: cluster.database.clone(),
        db_cluster_resource_id: Some(cluster.resource_id.clone()),
        deletion_protection: Some(cluster.deletion_protection),
        endpoint: Some(cluster.address.clone()),
        engine: Some(cluster.engine.clone()),
        engine_mode: Some("provisioned".to_owned()),
        engine_version: Some(cluster.engine_version.clone()),
        kms_key_id: cluster.kms_key.clone(),
        latest_restorable_time: Some(ask.now.to_string()),
        master_username: Some("app".to_owned()),
        multi_a_z: Some(cluster.members.len() > 1),
        port: i32::try_from(cluster.port).ok(),
        preferred_backup_window: Some("02:10-02:40".to_owned()),
        preferred_maintenance_window: Some("sun:03:30-sun:04:00".to_owned()),
        read_replica_identifiers: Some(ReadReplicaIdentifierList::default()),
        reader_endpoint: Some(cluster.reader_address.clone()),
        serverless_v2_scaling_configuration: cluster.serverless.map(|bounds| ServerlessV2ScalingConfigurationInfo {
            max_capacity: Some(bounds.max),
            min_capacity: Some(bounds.min),
            seconds_until_auto_pause: None,
        }),
        status: Some(cluster.status.clone()),
        storage_encrypted: Some(cluster.kms_key.is_some()),
        storage_type: Some("aurora".to_owned()),
        tag_list: Some(parts::tags(&cluster.tags)),
        vpc_security_groups: Some(parts::security_groups(ask)),
        ..DBCluster::default()
    }
}
