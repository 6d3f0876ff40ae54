//! ElastiCache: replication groups, and cache clusters that stand alone.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Value};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// The inventory.
#[derive(Debug)]
pub struct Caches;

const GROUP: &str = "replication group";
const CLUSTER: &str = "cache cluster";

impl Inventory for Caches {
    fn id(&self) -> &'static str {
        "elasticache"
    }
    fn title(&self) -> &'static str {
        "ElastiCache"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[GROUP, CLUSTER]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["elasticache:DescribeCacheClusters", "elasticache:DescribeReplicationGroups"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(read(session))
    }
}

async fn read(session: &Session) -> Found {
    let selection = match session.selection().await {
        Ok(selection) => selection,
        Err(fault) => return Found::unlisted(&[GROUP, CLUSTER], &fault),
    };
    let (groups, clusters) = join(groups(session), clusters(session)).await;
    // A group's members are alike: what they run is told of the group.
    let versions: Result<BTreeMap<&str, Value>, &Fault> = clusters.as_ref().map(|clusters| {
        let of = |cluster| Some((CacheCluster::replication_group_id(cluster)?, Value::text(cluster.engine_version())));
        clusters.iter().filter_map(of).collect()
    });
    let version = |group: &ReplicationGroup| match &versions {
        Ok(versions) => group.replication_group_id().and_then(|id| versions.get(id)).cloned().unwrap_or(Value::Absent),
        Err(fault) => Value::Unknown((*fault).clone()),
    };
    let groups = groups.map(|groups| {
        let all = groups.iter().map(|group| described(group, version(group)));
        all.filter(|group| selection.admits(&group.name, &group.arn)).collect()
    });
    let alone = clusters.as_ref().map_err(Clone::clone).map(|clusters| {
        let alone = clusters.iter().filter(|cluster| cluster.replication_group_id().is_none()).map(cluster);
        alone.filter(|cluster| selection.admits(&cluster.name, &cluster.arn)).collect()
    });
    Found::of(&[GROUP], groups).and(Found::of(&[CLUSTER], alone))
}

async fn groups(session: &Session) -> Result<Vec<ReplicationGroup>, Fault> {
    let request = session.elasticache().describe_replication_groups();
    let pages = request.into_paginator().page_size(limits::ELASTICACHE_PAGE).send();
    all_pages(
        session,
        "DescribeReplicationGroups",
        pages,
        |page| page.marker(),
        |page| page.replication_groups.unwrap_or_default(),
    )
    .await
}

async fn clusters(session: &Session) -> Result<Vec<CacheCluster>, Fault> {
    let request = session.elasticache().describe_cache_clusters();
    let pages = request.into_paginator().page_size(limits::ELASTICACHE_PAGE).send();
    all_pages(
        session,
        "DescribeCacheClusters",
        pages,
        |page| page.marker(),
        |page| page.cache_clusters.unwrap_or_default(),
    )
    .await
}

fn described(group: &ReplicationGroup, version: Value) -> Configured {
    let word = |word: Option<&str>| Value::text(word);
    let shards = i64::try_from(group.node_groups().len()).ok();
    let nodes = i64::try_from(group.member_clusters().len()).ok();
    let settings = vec![
        Setting::new("engine", Value::text(group.engine())),
        Setting::new("engine_version", version),
        Setting::new("node_type", Value::text(group.cache_node_type())),
        Setting::new("nodes", Value::count(nodes)),
        Setting::new("shards", Value::count(shards)),
        Setting::new("automatic_failover", word(group.automatic_failover().map(|failover| failover.as_str()))),
        Setting::new("multi_az", word(group.multi_az().map(|zones| zones.as_str()))),
        Setting::new("snapshot_days", Value::number(group.snapshot_retention_limit())),
        Setting::new("encrypted_at_rest", Value::flag(group.at_rest_encryption_enabled())),
        Setting::new("encrypted_in_transit", Value::flag(group.transit_encryption_enabled())),
        Setting::new("auth_token", Value::flag(group.auth_token_enabled())),
        Setting::names("kms_key", Value::text(group.kms_key_id())),
    ];
    let (name, arn) = (group.replication_group_id(), group.arn());
    Configured::new(GROUP, name.unwrap_or_default(), arn.unwrap_or_default(), settings)
}

fn cluster(cluster: &CacheCluster) -> Configured {
    let group = cluster.cache_parameter_group().and_then(|group| group.cache_parameter_group_name());
    let settings = vec![
        Setting::new("engine", Value::text(cluster.engine())),
        Setting::new("engine_version", Value::text(cluster.engine_version())),
        Setting::new("node_type", Value::text(cluster.cache_node_type())),
        Setting::new("nodes", Value::number(cluster.num_cache_nodes())),
        Setting::names("parameter_group", Value::text(group)),
        Setting::new("snapshot_days", Value::number(cluster.snapshot_retention_limit())),
        Setting::new("encrypted_at_rest", Value::flag(cluster.at_rest_encryption_enabled())),
        Setting::new("encrypted_in_transit", Value::flag(cluster.transit_encryption_enabled())),
    ];
    let (name, arn) = (cluster.cache_cluster_id(), cluster.arn());
    Configured::new(CLUSTER, name.unwrap_or_default(), arn.unwrap_or_default(), settings)
}
