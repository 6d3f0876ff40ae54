//! From the RDS client's types to ours.

use aws_sdk_rds::types::{ClusterPendingModifiedValues, DbCluster, DbInstance, PendingModifiedValues};

use super::database::{Cluster, ClusterState, Instance, InstanceState, Member, Replication, Role};
use crate::base::Text;
use crate::signals::moment::moment;

/// Engines of other services that answer through the same API.
const OTHER_SERVICES: &[&str] = &["docdb", "neptune"];

fn is_other_service(engine: Option<&str>) -> bool {
    engine.is_some_and(|engine| OTHER_SERVICES.contains(&engine))
}

/// An instance; `None` for another service's, and for one without a name.
pub fn instance(instance: &DbInstance) -> Option<Instance> {
    let name = instance.db_instance_identifier().filter(|_| !is_other_service(instance.engine()))?;
    let source = instance
        .read_replica_source_db_instance_identifier()
        .or(instance.read_replica_source_db_cluster_identifier())
        .filter(|source| !source.is_empty());
    let replicas = instance.read_replica_db_instance_identifiers().iter();
    let replicas: Vec<Text> =
        replicas.chain(instance.read_replica_db_cluster_identifiers()).map(|id| Text::new(id.as_str())).collect();
    let cluster = instance.db_cluster_identifier().filter(|cluster| !cluster.is_empty());
    let role = match (cluster, source) {
        (Some(_), _) => Role::Unknown,
        (None, Some(_)) => Role::Replica,
        (None, None) if replicas.is_empty() => Role::Primary,
        (None, None) => Role::Source,
    };
    let replication = instance.status_infos().iter().find(|info| info.status_type() == Some("read replication"));
    let endpoint = instance.endpoint();
    Some(Instance {
        name: Text::new(name),
        arn: text(instance.db_instance_arn()),
        cluster: cluster.map(Text::new),
        role,
        acu: None,
        maintenance: None,
        created: instance.instance_create_time().and_then(moment),
        unsure: Text::default(),
        state: Some(InstanceState {
            status: text(instance.db_instance_status()),
            engine: text(instance.engine()),
            engine_version: text(instance.engine_version()),
            class: text(instance.db_instance_class()),
            multi_az: instance.multi_az(),
            zone: text(instance.availability_zone()),
            allocated_gb: instance.allocated_storage(),
            max_allocated_gb: instance.max_allocated_storage(),
            storage_type: text(instance.storage_type()),
            endpoint: address(endpoint.and_then(|e| e.address()), endpoint.and_then(|e| e.port())),
            backup_days: instance.backup_retention_period(),
            deletion_protection: instance.deletion_protection(),
            encrypted: instance.storage_encrypted(),
            source: text(source),
            replicas,
            replication: replication.map(|info| Replication {
                status: text(info.status()),
                normal: info.normal(),
                message: text(info.message()),
            }),
            pending: instance.pending_modified_values().map(pending_of_instance).unwrap_or_default(),
        }),
    })
}

/// A cluster; `None` for another service's, and for one without a name.
pub fn cluster(cluster: &DbCluster) -> Option<Cluster> {
    let name = cluster.db_cluster_identifier().filter(|_| !is_other_service(cluster.engine()))?;
    let is_set = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
    let members = cluster.db_cluster_members().iter().map(|member| Member {
        instance: text(member.db_instance_identifier()),
        writer: member.is_cluster_writer(),
        tier: member.promotion_tier(),
    });
    let bounds = cluster.serverless_v2_scaling_configuration();
    Some(Cluster {
        name: Text::new(name),
        arn: text(cluster.db_cluster_arn()),
        maintenance: None,
        created: cluster.cluster_create_time().and_then(moment),
        unsure: Text::default(),
        state: Some(ClusterState {
            status: text(cluster.status()),
            engine: text(cluster.engine()),
            engine_version: text(cluster.engine_version()),
            members: members.collect(),
            serverless_v1: cluster.engine_mode() == Some("serverless"),
            secondary: is_set(cluster.global_cluster_identifier()) || is_set(cluster.replication_source_identifier()),
            multi_az: cluster.multi_az(),
            endpoint: address(cluster.endpoint(), cluster.port()),
            reader_endpoint: text(cluster.reader_endpoint()),
            backup_days: cluster.backup_retention_period(),
            deletion_protection: cluster.deletion_protection(),
            encrypted: cluster.storage_encrypted(),
            storage_type: text(cluster.storage_type()),
            acu: bounds.and_then(|bounds| bounds.min_capacity().zip(bounds.max_capacity())),
            pending: cluster.pending_modified_values().map(pending_of_cluster).unwrap_or_default(),
        }),
    })
}

fn text(value: Option<&str>) -> Text {
    Text::new(value.unwrap_or_default())
}

fn address(address: Option<&str>, port: Option<i32>) -> Text {
    match (address, port) {
        (Some(address), Some(port)) => Text::new(format!("{address}:{port}")),
        (address, _) => text(address),
    }
}

fn pending_of_instance(values: &PendingModifiedValues) -> Vec<Text> {
    let number = |what: &str, value: Option<i32>| value.map(|value| format!("{what} {value}"));
    let word = |what: &str, value: Option<&str>| value.map(|value| format!("{what} {value}"));
    let changes = [
        word("class", values.db_instance_class()),
        number("storage GB", values.allocated_storage()),
        word("storage type", values.storage_type()),
        number("IOPS", values.iops()),
        number("storage throughput", values.storage_throughput()),
        word("engine version", values.engine_version()),
        values.multi_az().map(|multi_az| format!("Multi-AZ {}", if multi_az { "on" } else { "off" })),
        number("backup days", values.backup_retention_period()),
        word("name", values.db_instance_identifier()),
        number("port", values.port()),
        word("certificate", values.ca_certificate_identifier()),
        word("subnet group", values.db_subnet_group_name()),
        values.master_user_password().map(|_| "password".to_owned()),
    ];
    changes.into_iter().flatten().map(Text::new).collect()
}

fn pending_of_cluster(values: &ClusterPendingModifiedValues) -> Vec<Text> {
    let number = |what: &str, value: Option<i32>| value.map(|value| format!("{what} {value}"));
    let word = |what: &str, value: Option<&str>| value.map(|value| format!("{what} {value}"));
    let changes = [
        word("engine version", values.engine_version()),
        number("storage GB", values.allocated_storage()),
        word("storage type", values.storage_type()),
        number("IOPS", values.iops()),
        number("backup days", values.backup_retention_period()),
        word("name", values.db_cluster_identifier()),
        values.master_user_password().map(|_| "password".to_owned()),
    ];
    changes.into_iter().flatten().map(Text::new).collect()
}
