//! Builds DB instances, their read replicas, and Aurora clusters.

use super::Site;
use crate::drill::estate::databases::{DbClusterData, DbInstanceData};
use crate::drill::world::rds::{ClusterMember, DbCluster, DbInstance};
use crate::drill::world::{EnvironmentWorld, hash};

/// Zones that a cluster's storage is in.
const ZONES: usize = 3;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    for data in &site.data.resources.rds.instance {
        let source = instance(data, &data.id, 0, site);
        for (place, replica) in data.replica.iter().enumerate() {
            let replica = DbInstance {
                replicates: Some(data.id.clone()),
                multi_az: false,
                secondary_zone: None,
                created: site.days_ago(200),
                ..instance(data, &replica.id, place + 1, site)
            };
            world.rds.instances.insert(replica.id.clone(), replica);
        }
        world.rds.instances.insert(source.id.clone(), source);
    }
    for data in &site.data.resources.rds.cluster {
        for (place, id) in data.members.iter().enumerate() {
            world.rds.instances.insert(id.clone(), member(data, id, place, site));
        }
        world.rds.clusters.insert(data.id.clone(), cluster(data, site));
    }
}

fn port(engine: &str) -> u32 {
    if engine.contains("postgres") { 5432 } else { 3306 }
}

fn kms_key(encrypted: bool, site: &Site<'_>) -> Option<String> {
    let key = hash::uuid(&("rds", &site.data.head.account, &site.data.head.region));
    encrypted.then(|| site.arn("kms", &format!("key/{key}")))
}

/// `<name>.<id of the account>.<region>.rds.amazonaws.com`.
fn address(name: &str, site: &Site<'_>) -> String {
    let mark = hash::id(&("rds", &site.data.head.account, &site.data.head.region), 12);
    format!("{name}.{mark}.{}.rds.amazonaws.com", site.data.head.region)
}

fn resource_id(kind: &str, arn: &str) -> String {
    format!("{kind}-{}", hash::id(arn, 26).to_uppercase())
}

fn instance(data: &DbInstanceData, id: &str, place: usize, site: &Site<'_>) -> DbInstance {
    let arn = site.arn("rds", &format!("db:{id}"));
    DbInstance {
        id: id.to_owned(),
        resource_id: resource_id("db", &arn),
        engine: data.engine.clone(),
        engine_version: data.engine_version.clone(),
        class: data.class.clone(),
        status: "available".to_owned(),
        cluster: None,
        replicates: None,
        multi_az: data.multi_az,
        zone: site.zone(place),
        secondary_zone: data.multi_az.then(|| site.zone(place + 1)),
        allocated_gb: data.allocated_gb,
        max_allocated_gb: data.max_allocated_gb,
        storage_type: data.storage_type.clone(),
        // RDS User Guide, "gp3 storage": 3,000 below 400 GiB, 12,000 from there on (PostgreSQL, MySQL).
        iops: (data.storage_type == "gp3").then_some(if data.allocated_gb < 400 { 3000 } else { 12_000 }),
        backup_retention_days: data.backup_retention_days,
        deletion_protection: data.deletion_protection,
        kms_key: kms_key(data.encrypted, site),
        address: address(id, site),
        port: port(&data.engine),
        promotion_tier: None,
        database: data.database.clone(),
        created: site.days_ago(280),
        tags: site.data.resources.tags.clone(),
        arn,
    }
}

fn member(data: &DbClusterData, id: &str, place: usize, site: &Site<'_>) -> DbInstance {
    let arn = site.arn("rds", &format!("db:{id}"));
    DbInstance {
        id: id.to_owned(),
        resource_id: resource_id("db", &arn),
        engine: data.engine.clone(),
        engine_version: data.engine_version.clone(),
        class: data.class.clone(),
        status: "available".to_owned(),
        cluster: Some(data.id.clone()),
        replicates: None,
        multi_az: false,
        zone: site.zone(place),
        secondary_zone: None,
        allocated_gb: 1,
        max_allocated_gb: None,
        storage_type: "aurora".to_owned(),
        iops: None,
        backup_retention_days: data.backup_retention_days,
        deletion_protection: false,
        kms_key: kms_key(data.encrypted, site),
        address: address(id, site),
        port: port(&data.engine),
        promotion_tier: Some(tier(place)),
        database: data.database.clone(),
        created: site.days_ago(280),
        tags: site.data.resources.tags.clone(),
        arn,
    }
}

fn tier(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(15).min(15)
}

fn cluster(data: &DbClusterData, site: &Site<'_>) -> DbCluster {
    let arn = site.arn("rds", &format!("cluster:{}", data.id));
    let members = data.members.iter().enumerate();
    DbCluster {
        id: data.id.clone(),
        resource_id: resource_id("cluster", &arn),
        engine: data.engine.clone(),
        engine_version: data.engine_version.clone(),
        status: "available".to_owned(),
        failover: None,
        members: members
            .map(|(place, id)| ClusterMember { instance: id.clone(), writer: place == 0, promotion_tier: tier(place) })
            .collect(),
        serverless: data.serverless,
        zones: (0..ZONES).map(|place| site.zone(place)).collect(),
        backup_retention_days: data.backup_retention_days,
        deletion_protection: data.deletion_protection,
        kms_key: kms_key(data.encrypted, site),
        address: address(&format!("{}.cluster", data.id), site).replacen(".cluster.", ".cluster-", 1),
        reader_address: address(&format!("{}.cluster-ro", data.id), site).replacen(".cluster-ro.", ".cluster-ro-", 1),
        port: port(&data.engine),
        database: data.database.clone(),
        created: site.days_ago(280),
        tags: site.data.resources.tags.clone(),
        arn,
    }
}
