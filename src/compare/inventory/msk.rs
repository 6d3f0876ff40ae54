//! MSK: clusters, their brokers, storage and encryption.

use aws_sdk_kafka::types::Cluster;
use futures_util::future::BoxFuture;

use super::source::{Found, Inventory};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// The inventory.
#[derive(Debug)]
pub struct KafkaClusters;

const CLUSTER: &str = "msk cluster";

impl Inventory for KafkaClusters {
    fn id(&self) -> &'static str {
        "msk"
    }
    fn title(&self) -> &'static str {
        "MSK"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[CLUSTER]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["kafka:ListClustersV2"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move { Found::of(self.kinds(), clusters(session).await) })
    }
}

async fn clusters(session: &Session) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    let pages = session.kafka().list_clusters_v2().into_paginator().page_size(limits::MSK_PAGE).send();
    let all = all_pages(
        session,
        "ListClustersV2",
        pages,
        |page| page.next_token(),
        |page| page.cluster_info_list().iter().map(cluster).collect(),
    )
    .await?;
    Ok(all.into_iter().filter(|one: &Configured| selection.admits(&one.name, &one.arn)).collect())
}

fn cluster(cluster: &Cluster) -> Configured {
    let mut settings = vec![Setting::new("type", Value::text(cluster.cluster_type().map(|kind| kind.as_str())))];
    if let Some(provisioned) = cluster.provisioned() {
        let brokers = provisioned.broker_node_group_info();
        let software = provisioned.current_broker_software_info();
        let storage = brokers.and_then(|brokers| brokers.storage_info()).and_then(|storage| storage.ebs_storage_info());
        let encryption = provisioned.encryption_info();
        let transit = encryption.and_then(|encryption| encryption.encryption_in_transit());
        let rest = encryption.and_then(|encryption| encryption.encryption_at_rest());
        settings.extend([
            Setting::new("brokers", Value::number(provisioned.number_of_broker_nodes())),
            Setting::new("instance_type", Value::text(brokers.and_then(|brokers| brokers.instance_type()))),
            Setting::new("storage_gb", Value::number(storage.and_then(|storage| storage.volume_size()))),
            Setting::new("kafka_version", Value::text(software.and_then(|software| software.kafka_version()))),
            Setting::names(
                "configuration",
                Value::text(software.and_then(|software| software.configuration_arn()).map(without_id)),
            ),
            Setting::new(
                "monitoring",
                Value::text(provisioned.enhanced_monitoring().map(|monitoring| monitoring.as_str())),
            ),
            Setting::new(
                "encrypted_in_transit",
                Value::text(transit.and_then(|transit| transit.client_broker()).map(|clients| clients.as_str())),
            ),
            Setting::names("kms_key", Value::text(rest.and_then(|rest| rest.data_volume_kms_key_id()))),
            Setting::new("storage_mode", Value::text(provisioned.storage_mode().map(|mode| mode.as_str()))),
        ]);
    }
    let (name, arn) = (cluster.cluster_name(), cluster.cluster_arn());
    Configured::new(CLUSTER, name.unwrap_or_default(), arn.unwrap_or_default(), settings)
        .tagged(Tags::known(cluster.tags().into_iter().flatten()))
}

/// The ARN of a configuration ends in `/UUID`.
fn without_id(arn: &str) -> &str {
    arn.rsplit_once('/').map_or(arn, |(head, _)| head)
}
