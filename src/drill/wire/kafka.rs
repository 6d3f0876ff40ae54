//! MSK: clusters, their brokers, operations and tags.

use winterbaume_kafka::model::{
    BrokerNodeGroupInfo, BrokerNodeInfo, BrokerSoftwareInfo, Cluster, ClusterInfo, ClusterOperationInfo,
    ClusterOperationV2Summary, DescribeClusterResponse, DescribeClusterV2Response, EBSStorageInfo,
    ListClusterOperationsResponse, ListClusterOperationsV2Response, ListClustersResponse, ListClustersV2Response,
    ListNodesResponse, ListTagsForResourceResponse, NodeInfo, Provisioned, StorageInfo,
};

use super::{ApiError, Ask, Reply, reply};
use crate::drill::world::msk::{Broker, MskCluster};

/// Most items of a page.
const PAGE: usize = 100;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "ListClustersV2" => {
            let (items, next_token) = page(ask, clusters(ask))?;
            let cluster_info_list = Some(items.into_iter().map(cluster_v2).collect());
            reply(&ListClustersV2Response { cluster_info_list, next_token })
        }
        "DescribeClusterV2" => reply(&DescribeClusterV2Response { cluster_info: Some(cluster_v2(named(ask)?)) }),
        "ListClusters" => {
            let (items, next_token) = page(ask, clusters(ask))?;
            let cluster_info_list = Some(items.into_iter().map(cluster_v1).collect());
            reply(&ListClustersResponse { cluster_info_list, next_token })
        }
        "DescribeCluster" => reply(&DescribeClusterResponse { cluster_info: Some(cluster_v1(named(ask)?)) }),
        "ListNodes" => {
            let cluster = named(ask)?;
            let online = cluster.brokers.iter().filter(|broker| broker.online).collect();
            let (items, next_token) = page(ask, online)?;
            let nodes = items.into_iter().map(|broker| node(cluster, broker)).collect();
            reply(&ListNodesResponse { next_token, node_info_list: Some(nodes) })
        }
        "ListClusterOperationsV2" => {
            let cluster = named(ask)?;
            let (items, next_token) = page(ask, cluster.operations.iter().collect())?;
            let output = |operation: &crate::drill::world::msk::MskOperation| ClusterOperationV2Summary {
                cluster_arn: Some(cluster.arn.clone()),
                cluster_type: Some("PROVISIONED".to_owned()),
                end_time: operation.ended.map(|time| time.to_string()),
                operation_arn: Some(operation.arn.clone()),
                operation_state: Some(operation.state.clone()),
                operation_type: Some(operation.kind.clone()),
                start_time: Some(operation.started.to_string()),
            };
            let cluster_operation_info_list = Some(items.into_iter().map(output).collect());
            reply(&ListClusterOperationsV2Response { cluster_operation_info_list, next_token })
        }
        "ListClusterOperations" => {
            let cluster = named(ask)?;
            let (items, next_token) = page(ask, cluster.operations.iter().collect())?;
            let output = |operation: &crate::drill::world::msk::MskOperation| ClusterOperationInfo {
                cluster_arn: Some(cluster.arn.clone()),
                creation_time: Some(operation.started.to_string()),
                end_time: operation.ended.map(|time| time.to_string()),
                operation_arn: Some(operation.arn.clone()),
                operation_state: Some(operation.state.clone()),
                operation_type: Some(operation.kind.clone()),
                ..ClusterOperationInfo::default()
            };
            let cluster_operation_info_list = Some(items.into_iter().map(output).collect());
            reply(&ListClusterOperationsResponse { cluster_operation_info_list, next_token })
        }
        "ListTagsForResource" => {
            let arn = ask.input.text("resourceArn").unwrap_or_default();
            let tags = by_arn(ask, arn)?.tags.clone().into_iter().collect();
            reply(&ListTagsForResourceResponse { tags: Some(tags) })
        }
        _ => Err(ask.unknown()),
    }
}

fn by_arn<'a>(ask: &Ask<'a>, arn: &str) -> Result<&'a MskCluster, ApiError> {
    if !arn.starts_with("arn:") {
        return Err(ApiError::bad("BadRequestException", "One or more of the parameters are not valid."));
    }
    let found = ask.world.msk_clusters.values().find(|cluster| cluster.arn == arn);
    found.ok_or_else(|| ApiError::new(404, "NotFoundException", format!("The cluster {arn} was not found.")))
}

fn named<'a>(ask: &Ask<'a>) -> Result<&'a MskCluster, ApiError> {
    by_arn(ask, ask.input.text("clusterArn").unwrap_or_default())
}

/// The clusters that `clusterNameFilter` and `clusterTypeFilter` choose.
fn clusters<'a>(ask: &Ask<'a>) -> Vec<&'a MskCluster> {
    let name = ask.input.text("clusterNameFilter").unwrap_or_default();
    let provisioned = ask.input.text("clusterTypeFilter").is_none_or(|kind| kind == "PROVISIONED");
    ask.world.msk_clusters.values().filter(|cluster| provisioned && cluster.name.starts_with(name)).collect()
}

fn page<T>(ask: &Ask<'_>, all: Vec<T>) -> Result<(Vec<T>, Option<String>), ApiError> {
    let input = ask.input;
    let filter = format!("{:?}{:?}", input.text("clusterArn"), input.text("clusterNameFilter"));
    let page = ask
        .page(all, ask.size("maxResults", PAGE, PAGE), input.text("nextToken"), &filter)
        .map_err(|_| ApiError::bad("BadRequestException", "The provided nextToken is not valid."))?;
    Ok((page.items, page.next))
}

fn nodes(cluster: &MskCluster) -> BrokerNodeGroupInfo {
    let mut subnets: Vec<String> = cluster.brokers.iter().map(|broker| broker.subnet.clone()).collect();
    subnets.sort();
    subnets.dedup();
    BrokerNodeGroupInfo {
        broker_a_z_distribution: Some("DEFAULT".to_owned()),
        client_subnets: subnets,
        instance_type: cluster.broker_type.clone(),
        storage_info: Some(StorageInfo {
            ebs_storage_info: Some(EBSStorageInfo {
                provisioned_throughput: None,
                volume_size: i32::try_from(cluster.volume_gb).ok(),
            }),
        }),
        ..BrokerNodeGroupInfo::default()
    }
}

fn software(cluster: &MskCluster) -> BrokerSoftwareInfo {
    BrokerSoftwareInfo { kafka_version: Some(cluster.kafka_version.clone()), ..BrokerSoftwareInfo::default() }
}

/// The operation that is going on.
fn active(cluster: &MskCluster) -> Option<String> {
    cluster.operations.iter().find(|operation| operation.ended.is_none()).map(|operation| operation.arn.clone())
}

fn cluster_v2(cluster: &MskCluster) -> Cluster {
    Cluster {
        active_operation_arn: active(cluster),
        cluster_arn: Some(cluster.arn.clone()),
        cluster_name: Some(cluster.name.clone()),
        cluster_type: Some("PROVISIONED".to_owned()),
        creation_time: Some(cluster.created.to_string()),
        current_version: Some(cluster.current_version.clone()),
        provisioned: Some(Provisioned {
            broker_node_group_info: Some(nodes(cluster)),
            current_broker_software_info: Some(software(cluster)),
            enhanced_monitoring: Some(cluster.monitoring.clone()),
            number_of_broker_nodes: i32::try_from(cluster.brokers.len()).ok(),
            storage_mode: Some("LOCAL".to_owned()),
            ..Provisioned::default()
        }),
        state: Some(cluster.state.clone()),
        tags: Some(cluster.tags.clone().into_iter().collect()),
        ..Cluster::default()
    }
}

fn cluster_v1(cluster: &MskCluster) -> ClusterInfo {
    ClusterInfo {
        active_operation_arn: active(cluster),
        broker_node_group_info: Some(nodes(cluster)),
        cluster_arn: Some(cluster.arn.clone()),
        cluster_name: Some(cluster.name.clone()),
        creation_time: Some(cluster.created.to_string()),
        current_broker_software_info: Some(software(cluster)),
        current_version: Some(cluster.current_version.clone()),
        enhanced_monitoring: Some(cluster.monitoring.clone()),
        number_of_broker_nodes: i32::try_from(cluster.brokers.len()).ok(),
        state: Some(cluster.state.clone()),
        storage_mode: Some("LOCAL".to_owned()),
        tags: Some(cluster.tags.clone().into_iter().collect()),
        ..ClusterInfo::default()
    }
}

fn node(cluster: &MskCluster, broker: &Broker) -> NodeInfo {
    NodeInfo {
        added_to_cluster_time: Some(broker.added.to_string()),
        broker_node_info: Some(BrokerNodeInfo {
            broker_id: Some(f64::from(broker.id)),
            client_subnet: Some(broker.subnet.clone()),
            client_vpc_ip_address: Some(broker.ip.clone()),
            current_broker_software_info: Some(software(cluster)),
            endpoints: Some(vec![broker.address.clone()]),
            ..BrokerNodeInfo::default()
        }),
        instance_type: Some(cluster.broker_type.trim_start_matches("kafka.").to_owned()),
        node_a_r_n: Some(broker.arn.clone()),
        node_type: Some("BROKER".to_owned()),
        ..NodeInfo::default()
    }
}
