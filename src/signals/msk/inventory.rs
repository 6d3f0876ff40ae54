//! ListClustersV2, all pages, and ListNodes for each cluster that has brokers.

use aws_sdk_kafka::operation::list_clusters_v2::ListClustersV2Output;
use aws_sdk_kafka::operation::list_nodes::ListNodesOutput;
use aws_sdk_kafka::types as sdk;

use super::stream::{Broker, Cluster, Inventory, Provisioned};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, all_pages_unless_gone, each};

/// Reads the clusters that belong to the environment. A cluster whose brokers cannot be listed is kept without them.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let pages = session.kafka().list_clusters_v2().into_paginator().page_size(limits::MSK_PAGE).send();
    let items = |page: ListClustersV2Output| page.cluster_info_list.unwrap_or_default();
    let clusters = all_pages(session, "ListClustersV2", pages, |page| page.next_token(), items).await?;
    let mut clusters: Vec<Cluster> = clusters.iter().filter_map(cluster).collect();
    clusters.retain(|cluster| selection.admits(&cluster.name, &cluster.arn));
    clusters.sort_by(|a, b| a.name.cmp(&b.name));
    let unlisted = |cluster: &Cluster, _: &Fault| Some(cluster.clone());
    let read = each(clusters, |cluster| with_brokers(session, cluster), unlisted).await?;
    Ok(Inventory { clusters: read.found, fault: read.fault })
}

/// The cluster with its brokers; `None` when it is not there any more. Only a cluster that runs has brokers to list.
async fn with_brokers(session: &Session, mut cluster: Cluster) -> Result<Option<Cluster>, Fault> {
    if cluster.provisioned.is_none() || !cluster.runs() {
        cluster.brokers = Some(Vec::new());
        return Ok(Some(cluster));
    }
    let request = session.kafka().list_nodes().cluster_arn(cluster.arn.as_str());
    let pages = request.into_paginator().page_size(limits::MSK_PAGE).send();
    let items = |page: ListNodesOutput| page.node_info_list.unwrap_or_default();
    let nodes = all_pages_unless_gone(session, "ListNodes", pages, |page| page.next_token(), items).await?;
    let Some(nodes) = nodes else { return Ok(None) };
    let mut brokers: Vec<Broker> = nodes.iter().filter_map(broker).collect();
    brokers.sort_by_key(|broker| broker.id);
    cluster.brokers = Some(brokers);
    Ok(Some(cluster))
}

fn text(value: Option<&str>) -> Text {
    Text::new(value.unwrap_or_default())
}

fn cluster(cluster: &sdk::Cluster) -> Option<Cluster> {
    let reason = cluster.state_info();
    Some(Cluster {
        name: Text::new(cluster.cluster_name()?),
        arn: text(cluster.cluster_arn()),
        state: text(cluster.state().map(|state| state.as_str())),
        state_reason: text(reason.and_then(|reason| reason.message().or(reason.code()))),
        provisioned: cluster.provisioned().map(provisioned),
        brokers: None,
        created: cluster.creation_time().and_then(moment),
        unsure: Text::default(),
    })
}

fn provisioned(settings: &sdk::Provisioned) -> Provisioned {
    let group = settings.broker_node_group_info();
    let storage = group.and_then(|group| group.storage_info()).and_then(|storage| storage.ebs_storage_info());
    let software = settings.current_broker_software_info();
    Provisioned {
        kafka_version: text(software.and_then(|software| software.kafka_version())),
        broker_count: settings.number_of_broker_nodes(),
        instance_type: text(group.and_then(|group| group.instance_type())),
        storage_gb: storage.and_then(|storage| storage.volume_size()),
        monitoring: text(settings.enhanced_monitoring().map(|level| level.as_str())),
        storage_mode: text(settings.storage_mode().map(|mode| mode.as_str())),
    }
}

/// A broker; `None` for a controller, and for one without a number.
fn broker(node: &sdk::NodeInfo) -> Option<Broker> {
    let info = node.broker_node_info()?;
    let software = info.current_broker_software_info();
    Some(Broker {
        id: whole(info.broker_id()?)?,
        arn: text(node.node_arn()),
        instance_type: text(node.instance_type()),
        kafka_version: text(software.and_then(|software| software.kafka_version())),
        endpoints: info.endpoints().iter().map(|endpoint| Text::new(endpoint.as_str())).collect(),
        subnet: text(info.client_subnet()),
        created: node.added_to_cluster_time().and_then(|time| time.parse().ok()),
        unsure: Text::default(),
    })
}

/// MSK sends the number as a double.
fn whole(id: f64) -> Option<i64> {
    format!("{id:.0}").parse().ok()
}
