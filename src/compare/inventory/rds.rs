//! RDS and Aurora: instances and clusters, their size, storage, backups, encryption.

use aws_sdk_rds::types::{DbCluster, DbInstance, Tag};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// The inventory.
#[derive(Debug)]
pub struct Databases;

const INSTANCE: &str = "db instance";
const CLUSTER: &str = "db cluster";

impl Inventory for Databases {
    fn id(&self) -> &'static str {
        "rds"
    }
    fn title(&self) -> &'static str {
        "RDS"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[CLUSTER, INSTANCE]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["rds:DescribeDBClusters", "rds:DescribeDBInstances"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            let (clusters, instances) = join(clusters(session), instances(session)).await;
            Found::of(&[CLUSTER], clusters).and(Found::of(&[INSTANCE], instances))
        })
    }
}

async fn clusters(session: &Session) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    let pages = session.rds().describe_db_clusters().into_paginator().page_size(limits::RDS_PAGE).send();
    let all = all_pages(
        session,
        "DescribeDBClusters",
        pages,
        |page| page.marker(),
        |page| page.db_clusters().iter().map(cluster).collect(),
    )
    .await?;
    Ok(all.into_iter().filter(|one: &Configured| selection.admits(&one.name, &one.arn)).collect())
}

async fn instances(session: &Session) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    let pages = session.rds().describe_db_instances().into_paginator().page_size(limits::RDS_PAGE).send();
    let all = all_pages(
        session,
        "DescribeDBInstances",
        pages,
        |page| page.marker(),
        |page| page.db_instances().iter().map(instance).collect(),
    )
    .await?;
    Ok(all.into_iter().filter(|one: &Configured| selection.admits(&one.name, &one.arn)).collect())
}

fn tags(tags: &[Tag]) -> Tags {
    Tags::known(tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default()))))
}

fn cluster(cluster: &DbCluster) -> Configured {
    let serverless = cluster.serverless_v2_scaling_configuration();
    let scaling = |of: Option<f64>| Value::number(of);
    let settings = vec![
        Setting::new("engine", Value::text(cluster.engine())),
        Setting::new("engine_version", Value::text(cluster.engine_version())),
        Setting::new("members", Value::count(i64::try_from(cluster.db_cluster_members().len()).ok())),
        Setting::new("multi_az", Value::flag(cluster.multi_az())),
        Setting::new("min_acu", scaling(serverless.and_then(|serverless| serverless.min_capacity()))),
        Setting::new("max_acu", scaling(serverless.and_then(|serverless| serverless.max_capacity()))),
        Setting::new("backup_retention_days", Value::number(cluster.backup_retention_period())),
        Setting::new("storage_type", Value::text(cluster.storage_type())),
        Setting::new("storage_encrypted", Value::flag(cluster.storage_encrypted())),
        Setting::names("kms_key", Value::text(cluster.kms_key_id())),
        Setting::new("deletion_protection", Value::flag(cluster.deletion_protection())),
        Setting::new("iam_authentication", Value::flag(cluster.iam_database_authentication_enabled())),
        Setting::names("parameter_group", Value::text(cluster.db_cluster_parameter_group())),
        Setting::new("log_exports", Value::list(cluster.enabled_cloudwatch_logs_exports())),
        Setting::new("port", Value::number(cluster.port())),
    ];
    let (name, arn) = (cluster.db_cluster_identifier(), cluster.db_cluster_arn());
    Configured::new(CLUSTER, name.unwrap_or_default(), arn.unwrap_or_default(), settings)
        .tagged(tags(cluster.tag_list()))
}

fn instance(instance: &DbInstance) -> Configured {
    let groups = instance.db_parameter_groups().iter().filter_map(|group| group.db_parameter_group_name());
    let replicas = instance.read_replica_db_instance_identifiers().len();
    let settings = vec![
        Setting::new("class", Value::text(instance.db_instance_class())),
        Setting::new("engine", Value::text(instance.engine())),
        Setting::new("engine_version", Value::text(instance.engine_version())),
        Setting::new("multi_az", Value::flag(instance.multi_az())),
        Setting::new("replicas", Value::count(i64::try_from(replicas).ok())),
        Setting::names("replica_of", Value::text(instance.read_replica_source_db_instance_identifier())),
        Setting::new("storage_gb", Value::number(instance.allocated_storage())),
        Setting::new("most_storage_gb", Value::number(instance.max_allocated_storage())),
        Setting::new("storage_type", Value::text(instance.storage_type())),
        Setting::new("iops", Value::number(instance.iops())),
        Setting::new("storage_encrypted", Value::flag(instance.storage_encrypted())),
        Setting::names("kms_key", Value::text(instance.kms_key_id())),
        Setting::new("backup_retention_days", Value::number(instance.backup_retention_period())),
        Setting::new("deletion_protection", Value::flag(instance.deletion_protection())),
        Setting::new("publicly_accessible", Value::flag(instance.publicly_accessible())),
        Setting::new("minor_upgrades", Value::flag(instance.auto_minor_version_upgrade())),
        Setting::new("performance_insights", Value::Bool(instance.performance_insights_enabled().unwrap_or(false))),
        Setting::new("monitoring_interval_s", Value::number(instance.monitoring_interval())),
        Setting::names("parameter_groups", Value::list(groups)),
        Setting::new("log_exports", Value::list(instance.enabled_cloudwatch_logs_exports())),
    ];
    let (name, arn) = (instance.db_instance_identifier(), instance.db_instance_arn());
    Configured::new(INSTANCE, name.unwrap_or_default(), arn.unwrap_or_default(), settings)
        .tagged(tags(instance.tag_list()))
}
