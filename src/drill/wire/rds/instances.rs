//! `DescribeDBInstances`.

use jiff::SignedDuration;
use winterbaume_rds::model::{
    DBInstance, DBInstanceList, DBInstanceMessage, DBInstanceStatusInfo, DBInstanceStatusInfoList,
    DBParameterGroupStatus, DBParameterGroupStatusList, DBSubnetGroup, Endpoint, PendingModifiedValues,
    ReadReplicaDBInstanceIdentifierList,
};

use super::super::{Ask, Reply, records, reply};
use super::parts;
use crate::drill::world::rds::DbInstance;

/// Minutes that the latest restorable time is behind.
const RESTORABLE_MIN: i64 = 5;
/// What instances may be filtered by.
const FILTERS: &[&str] = &["db-cluster-id", "db-instance-id", "dbi-resource-id", "engine"];

pub fn describe(ask: &Ask<'_>) -> Reply {
    let asked = ask.input.text("DBInstanceIdentifier");
    let filters = parts::filters(ask, FILTERS)?;
    let world = &ask.world.rds;
    let wanted = |instance: &&DbInstance| {
        asked.is_none_or(|asked| parts::names(asked, &instance.id, &instance.arn))
            && filters.iter().all(|(name, values)| values.iter().any(|value| has(ask, instance, name, value)))
    };
    let found: Vec<&DbInstance> = world.instances.values().filter(wanted).collect();
    if let Some(asked) = asked.filter(|_| found.is_empty()) {
        return Err(parts::no_instance(asked));
    }
    let (items, marker) = records::page(ask, found, &format!("{asked:?}{filters:?}"))?;
    let items = items.into_iter().map(|instance| output(ask, instance)).collect();
    reply(&DBInstanceMessage { d_b_instances: Some(DBInstanceList { items }), marker })
}

fn has(ask: &Ask<'_>, instance: &DbInstance, name: &str, value: &str) -> bool {
    match name {
        "db-cluster-id" => {
            let cluster = instance.cluster.as_ref().and_then(|id| ask.world.rds.clusters.get(id));
            cluster.is_some_and(|cluster| parts::names(value, &cluster.id, &cluster.arn))
        }
        "db-instance-id" => parts::names(value, &instance.id, &instance.arn),
        "dbi-resource-id" => instance.resource_id == value,
        _ => instance.engine == value,
    }
}

fn output(ask: &Ask<'_>, instance: &DbInstance) -> DBInstance {
    let number = |number: u32| i32::try_from(number).ok();
    let restorable = ask.now.checked_sub(SignedDuration::from_mins(RESTORABLE_MIN)).ok();
    let keeps_backups = instance.backup_retention_days > 0 && instance.replicates.is_none();
    let replicas = ask.world.rds.replicas(&instance.id).map(str::to_owned).collect();
    let parameters = DBParameterGroupStatus {
        d_b_parameter_group_name: Some(parts::parameter_group(&instance.engine, &instance.engine_version)),
        parameter_apply_status: Some("in-sync".to_owned()),
    };
    DBInstance {
        allocated_storage: number(instance.allocated_gb),
        auto_minor_version_upgrade: Some(true),
        availability_zone: Some(instance.zone.clone()),
        backup_retention_period: number(instance.backup_retention_days),
        c_a_certificate_identifier: Some("rds-ca-rsa2048-g1".to_owned()),
        copy_tags_to_snapshot: Some(true),
        d_b_cluster_identifier: instance.cluster.clone(),
        d_b_instance_arn: Some(instance.arn.clone()),
        d_b_instance_class: Some(instance.class.clone()),
        d_b_instance_identifier: Some(instance.id.clone()),
        d_b_instance_status: Some(instance.status.clone()),
        d_b_name: instance.database.clone(),
        d_b_parameter_groups: Some(DBParameterGroupStatusList { items: vec![parameters] }),
        d_b_subnet_group: Some(DBSubnetGroup {
            d_b_subnet_group_name: Some(parts::subnet_group(ask)),
            subnet_group_status: Some("Complete".to_owned()),
            ..DBSubnetGroup::default()
        }),
        db_instance_port: Some(0),
        dbi_resource_id: Some(instance.resource_id.clone()),
        deletion_protection: Some(instance.deletion_protection),
        endpoint: Some(Endpoint {
            address: Some(instance.address.clone()),
            hosted_zone_id: None,
            port: number(instance.port),
        }),
        engine: Some(instance.engine.clone()),
        engine_version: Some(instance.engine_version.clone()),
        i_a_m_database_authentication_enabled: Some(true),
        instance_create_time: Some(instance.created.to_string()),
        iops: instance.iops.and_then(number),
        kms_key_id: instance.kms_key.clone(),
        latest_restorable_time: restorable.filter(|_| keeps_backups).map(|time| time.to_string()),
        license_model: Some("general-public-license".to_owned()),
        master_username: Some("app".to_owned()),
        max_allocated_storage: instance.max_allocated_gb.and_then(number),
        monitoring_interval: Some(60),
        multi_a_z: Some(instance.multi_az),
        pending_modified_values: Some(PendingModifiedValues::default()),
        performance_insights_enabled: Some(true),
        preferred_backup_window: Some("02:10-02:40".to_owned()),
        preferred_maintenance_window: Some("sun:03:30-sun:04:00".to_owned()),
        promotion_tier: instance.promotion_tier.and_then(number),
        publicly_accessible: Some(false),
        read_replica_d_b_instance_identifiers: Some(ReadReplicaDBInstanceIdentifierList { items: replicas }),
        read_replica_source_d_b_instance_identifier: instance.replicates.clone(),
        secondary_availability_zone: instance.secondary_zone.clone(),
        status_infos: instance.replicates.as_ref().map(|_| DBInstanceStatusInfoList { items: vec![replicating()] }),
        storage_encrypted: Some(instance.kms_key.is_some()),
        storage_type: Some(instance.storage_type.clone()),
        tag_list: Some(parts::tags(&instance.tags)),
        vpc_security_groups: Some(parts::security_groups(ask)),
        ..DBInstance::default()
    }
}

fn replicating() -> DBInstanceStatusInfo {
    DBInstanceStatusInfo {
        message: None,
        normal: Some(true),
        status: Some("replicating".to_owned()),
        status_type: Some("read replication".to_owned()),
    }
}
