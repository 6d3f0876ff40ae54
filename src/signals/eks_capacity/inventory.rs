//! ListClusters; DescribeCluster and ListNodegroups for each; DescribeNodegroup for each node group.

use std::collections::HashMap;

use aws_sdk_eks::operation::list_clusters::ListClustersOutput;
use aws_sdk_eks::operation::list_nodegroups::ListNodegroupsOutput;
use aws_sdk_eks::types::Nodegroup;

use super::{Cluster, ClusterState, Inventory, NodeGroup, NodeGroupState};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::paging::{all_pages, all_pages_unless_gone, each, unless_gone};

/// Reads the clusters and node groups that belong to the environment.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let pages = session.eks().list_clusters().into_paginator().page_size(limits::EKS_PAGE).send();
    let names = |page: ListClustersOutput| page.clusters.unwrap_or_default();
    let mut names = all_pages(session, "ListClusters", pages, |page| page.next_token(), names).await?;
    names.sort_unstable();
    let unread = |name: &String, _: &Fault| Some(Listed::unread(name));
    let listed = each(names, |name| list(session, name), unread).await?;
    let mut fault = listed.fault;
    let mut wanted: Vec<(String, String)> = Vec::new();
    for cluster in &listed.found {
        fault = fault.or_else(|| cluster.fault.clone());
        let whole = selection.may_admit(&cluster.name);
        let groups = cluster.groups.iter().flatten().filter(|group| whole || selection.may_admit(group));
        wanted.extend(groups.map(|group| (cluster.name.clone(), group.clone())));
    }
    let undescribed = |(cluster, group): &(String, String), _: &Fault| {
        Some((cluster.clone(), NodeGroup { name: group.into(), ..NodeGroup::default() }))
    };
    let described = each(wanted, |(cluster, group)| describe(session, cluster, group), undescribed).await?;
    let mut by_cluster: HashMap<String, Vec<NodeGroup>> = HashMap::new();
    for (cluster, group) in described.found {
        by_cluster.entry(cluster).or_default().push(group);
    }
    let mut clusters = Vec::new();
    for listed in listed.found {
        let mut groups = by_cluster.remove(&listed.name).unwrap_or_default();
        // What could not be described has no ARN to select by: it is kept, as unknown.
        let belongs = selection.admits(&listed.name, &listed.arn)
            || (listed.state.is_none() && selection.may_admit(&listed.name));
        groups.retain(|group| {
            belongs
                || group.state.is_none()
                || selection.admits_part(&group.name, &group.arn, (&listed.name, &listed.arn))
        });
        if belongs || !groups.is_empty() {
            let (name, arn, state) = (listed.name.into(), listed.arn.into(), listed.state);
            clusters.push(Cluster { name, arn, state, groups: listed.groups.map(|_| groups), unsure: Text::default() });
        }
    }
    Ok(Inventory { clusters, fault: fault.or(described.fault) })
}

/// A cluster before its node groups are described.
struct Listed {
    name: String,
    arn: String,
    state: Option<ClusterState>,
    groups: Option<Vec<String>>,
    fault: Option<Fault>,
}

impl Listed {
    fn unread(name: &str) -> Self {
        Self { name: name.to_owned(), arn: String::new(), state: None, groups: None, fault: None }
    }
}

async fn list(session: &Session, name: String) -> Result<Option<Listed>, Fault> {
    let describe = async {
        let answer = session.eks().describe_cluster().name(&name).send().await;
        unless_gone(session, "DescribeCluster", answer)
    };
    let pages = session.eks().list_nodegroups().cluster_name(&name).into_paginator().page_size(limits::EKS_PAGE).send();
    let names = |page: ListNodegroupsOutput| page.nodegroups.unwrap_or_default();
    let groups = all_pages_unless_gone(session, "ListNodegroups", pages, |page| page.next_token(), names);
    let mut listed = Listed::unread(&name);
    let (described, groups) = futures_util::future::join(describe, groups).await;
    match (described, groups) {
        (Err(fault), Err(_)) => return Err(fault),
        (Ok(None), _) | (_, Ok(None)) => return Ok(None),
        (described, groups) => {
            for outcome in [described.as_ref().err(), groups.as_ref().err()] {
                listed.fault = listed.fault.or_else(|| outcome.cloned());
            }
            listed.groups = groups.ok().flatten().map(|mut groups| {
                groups.sort_unstable();
                groups
            });
            if let Some(cluster) = described.ok().flatten().and_then(|answer| answer.cluster) {
                listed.arn = cluster.arn().unwrap_or_default().to_owned();
                let issues = cluster.health().map(|health| health.issues()).unwrap_or_default();
                listed.state = Some(ClusterState {
                    status: text(cluster.status().map(|status| status.as_str())),
                    version: text(cluster.version()),
                    issues: issues.iter().map(|i| issue(i.code().map(|code| code.as_str()), i.message())).collect(),
                });
            }
        }
    }
    Ok(Some(listed))
}

async fn describe(session: &Session, cluster: String, group: String) -> Result<Option<(String, NodeGroup)>, Fault> {
    let request = session.eks().describe_nodegroup().cluster_name(&cluster).nodegroup_name(group);
    let answer = unless_gone(session, "DescribeNodegroup", request.send().await)?;
    Ok(answer.and_then(|answer| answer.nodegroup).map(|group| (cluster, node_group(&group))))
}

fn node_group(group: &Nodegroup) -> NodeGroup {
    let scaling = group.scaling_config();
    let issues = group.health().map(|health| health.issues()).unwrap_or_default();
    NodeGroup {
        name: text(group.nodegroup_name()),
        arn: text(group.nodegroup_arn()),
        unsure: Text::default(),
        state: Some(NodeGroupState {
            status: text(group.status().map(|status| status.as_str())),
            min: scaling.and_then(|s| s.min_size()).unwrap_or(0),
            max: scaling.and_then(|s| s.max_size()).unwrap_or(0),
            desired: scaling.and_then(|s| s.desired_size()).unwrap_or(0),
            issues: issues.iter().map(|i| issue(i.code().map(|code| code.as_str()), i.message())).collect(),
            instance_types: group.instance_types().iter().map(Text::from).collect(),
            capacity_type: text(group.capacity_type().map(|kind| kind.as_str())),
            version: text(group.version()),
        }),
    }
}

fn text(value: Option<&str>) -> Text {
    Text::new(value.unwrap_or_default())
}

fn issue(code: Option<&str>, message: Option<&str>) -> Text {
    Text::new(format!("{}: {}", code.unwrap_or("issue"), message.unwrap_or_default()))
}
