//! EKS: clusters and their managed node groups.

mod update;

use winterbaume_eks::model::{
    Addon as AddonOutput, AddonHealth, Cluster, ClusterHealth, DescribeAddonResponse, DescribeClusterResponse,
    DescribeNodegroupResponse, DescribeUpdateResponse, Issue, ListAddonsResponse, ListClustersResponse,
    ListNodegroupsResponse, ListTagsForResourceResponse, ListUpdatesResponse, Nodegroup, NodegroupHealth,
    NodegroupScalingConfig, NodegroupUpdateConfig, Update as UpdateOutput, UpdateParam,
};

use super::{ApiError, Ask, Edit, Reply, epoch, reply};
use crate::drill::world::eks::{Addon, EksCluster, NodeGroup, Update};
use crate::drill::world::hash;

/// Most items of a page.
const PAGE: usize = 100;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "ListClusters" => {
            let (items, next_token) = page(ask, ask.world.eks_clusters.keys().cloned().collect(), "")?;
            reply(&ListClustersResponse { clusters: Some(items), next_token })
        }
        "DescribeCluster" => {
            let cluster = describe(ask, cluster(ask)?);
            reply(&DescribeClusterResponse { cluster: Some(cluster) })
        }
        "ListNodegroups" => {
            let cluster = cluster(ask)?;
            let (items, next_token) = page(ask, cluster.node_groups.keys().cloned().collect(), &cluster.name)?;
            reply(&ListNodegroupsResponse { next_token, nodegroups: Some(items) })
        }
        "DescribeNodegroup" => {
            let cluster = cluster(ask)?;
            let group = group(cluster, ask.input.text("nodegroupName").unwrap_or_default())?;
            reply(&DescribeNodegroupResponse { nodegroup: Some(node_group(cluster, group)) })
        }
        "ListAddons" => {
            let cluster = cluster(ask)?;
            let (items, next_token) = page(ask, cluster.addons.keys().cloned().collect(), &cluster.name)?;
            reply(&ListAddonsResponse { addons: Some(items), next_token })
        }
        "DescribeAddon" => {
            let cluster = cluster(ask)?;
            let name = ask.input.text("addonName").unwrap_or_default();
            let addon = cluster.addons.get(name);
            let addon =
                addon.ok_or_else(|| not_found(format!("No addon: {name} found in cluster: {}", cluster.name)))?;
            reply(&DescribeAddonResponse { addon: Some(addon_output(cluster, addon)) })
        }
        "ListUpdates" => {
            let ids = updates(ask)?.iter().map(|update| update.id.clone()).collect();
            let filter = format!("{:?}{:?}", ask.input.text("name"), ask.input.text("nodegroupName"));
            let (items, next_token) = page(ask, ids, &filter)?;
            reply(&ListUpdatesResponse { next_token, update_ids: Some(items) })
        }
        "DescribeUpdate" => {
            let id = ask.input.text("updateId").unwrap_or_default();
            let update = updates(ask)?.iter().find(|update| update.id == id);
            let update = update.ok_or_else(|| not_found(format!("No update found for ID: {id}")))?;
            reply(&DescribeUpdateResponse { update: Some(update_output(update)) })
        }
        "ListTagsForResource" => {
            let arn = ask.input.text("resourceArn").unwrap_or_default();
            let tagged = ask.world.tagged();
            let tags = tagged.get(arn).filter(|_| arn.contains(":eks:"));
            let tags = tags.ok_or_else(|| not_found(format!("No resource found for ARN: {arn}.")))?;
            reply(&ListTagsForResourceResponse { tags: Some((*tags).clone().into_iter().collect()) })
        }
        _ => Err(ask.unknown()),
    }
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "UpdateNodegroupConfig" => update::node_group_config(edit),
        _ => Err(edit.unknown()),
    }
}

fn not_found(message: String) -> ApiError {
    ApiError::new(404, "ResourceNotFoundException", message)
}

fn cluster<'a>(ask: &Ask<'a>) -> Result<&'a EksCluster, ApiError> {
    let name = ask.input.text("name").unwrap_or_default();
    ask.world.eks_clusters.get(name).ok_or_else(|| not_found(format!("No cluster found for name: {name}.")))
}

fn group<'a>(cluster: &'a EksCluster, name: &str) -> Result<&'a NodeGroup, ApiError> {
    cluster.node_groups.get(name).ok_or_else(|| not_found(format!("No node group found for name: {name}.")))
}

/// The updates of a node group where one is named, else of the cluster. Add-ons have none.
fn updates<'a>(ask: &Ask<'a>) -> Result<&'a [Update], ApiError> {
    let cluster = cluster(ask)?;
    match ask.input.text("nodegroupName") {
        Some(name) => Ok(&group(cluster, name)?.updates),
        None if ask.input.text("addonName").is_some() => Ok(&[]),
        None => Ok(&cluster.updates),
    }
}

fn addon_output(cluster: &EksCluster, addon: &Addon) -> AddonOutput {
    AddonOutput {
        addon_arn: Some(addon.arn.clone()),
        addon_name: Some(addon.name.clone()),
        addon_version: Some(addon.version.clone()),
        cluster_name: Some(cluster.name.clone()),
        created_at: Some(epoch(addon.created)),
        health: Some(AddonHealth { issues: Some(Vec::new()) }),
        modified_at: Some(epoch(addon.created)),
        status: Some(addon.status.clone()),
        // Whoever made the cluster made its add-ons.
        tags: Some(cluster.tags.clone().into_iter().collect()),
        ..AddonOutput::default()
    }
}

fn update_output(update: &Update) -> UpdateOutput {
    let param =
        |(name, value): &(String, String)| UpdateParam { r#type: Some(name.clone()), value: Some(value.clone()) };
    UpdateOutput {
        created_at: Some(epoch(update.created)),
        errors: Some(Vec::new()),
        id: Some(update.id.clone()),
        params: Some(update.params.iter().map(param).collect()),
        r#type: Some(update.kind.clone()),
        status: Some(update.status.clone()),
    }
}

fn page(ask: &Ask<'_>, all: Vec<String>, filter: &str) -> Result<(Vec<String>, Option<String>), ApiError> {
    let page = ask
        .page(all, ask.size("maxResults", PAGE, PAGE), ask.input.text("nextToken"), filter)
        .map_err(|_| ApiError::bad("InvalidParameterException", "nextToken is not valid"))?;
    Ok((page.items, page.next))
}

fn describe(ask: &Ask<'_>, cluster: &EksCluster) -> Cluster {
    let mark = hash::hex(&cluster.arn, 32).to_uppercase();
    Cluster {
        arn: Some(cluster.arn.clone()),
        created_at: Some(epoch(cluster.created)),
        endpoint: Some(format!("https://{mark}.gr7.{}.eks.amazonaws.com", ask.world.region)),
        health: Some(ClusterHealth { issues: Some(Vec::new()) }),
        name: Some(cluster.name.clone()),
        platform_version: Some("eks.1".to_owned()),
        status: Some(cluster.status.clone()),
        tags: Some(cluster.tags.clone().into_iter().collect()),
        version: Some(cluster.version.clone()),
        ..Cluster::default()
    }
}

fn node_group(cluster: &EksCluster, group: &NodeGroup) -> Nodegroup {
    let issue = |(code, message): &(String, String)| Issue {
        code: Some(code.clone()),
        message: Some(message.clone()),
        resource_ids: Some(Vec::new()),
    };
    let size = |size: u32| i32::try_from(size).ok();
    Nodegroup {
        ami_type: Some("AL2023_x86_64_STANDARD".to_owned()),
        capacity_type: Some("ON_DEMAND".to_owned()),
        cluster_name: Some(cluster.name.clone()),
        created_at: Some(epoch(group.created)),
        health: Some(NodegroupHealth { issues: Some(group.health_issues.iter().map(issue).collect()) }),
        instance_types: Some(group.instance_types.clone()),
        modified_at: Some(epoch(group.modified)),
        nodegroup_arn: Some(group.arn.clone()),
        nodegroup_name: Some(group.name.clone()),
        scaling_config: Some(NodegroupScalingConfig {
            desired_size: size(group.desired),
            max_size: size(group.max),
            min_size: size(group.min),
        }),
        status: Some(group.status.clone()),
        tags: Some(group.tags.clone().into_iter().collect()),
        update_config: Some(NodegroupUpdateConfig { max_unavailable: Some(1), ..NodegroupUpdateConfig::default() }),
        version: Some(cluster.version.clone()),
        ..Nodegroup::default()
    }
}
