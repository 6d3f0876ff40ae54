//! DescribeReplicationGroups, DescribeCacheClusters and DescribeServerlessCaches side by side.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_elasticache::operation::describe_cache_clusters::DescribeCacheClustersOutput;
use aws_sdk_elasticache::operation::describe_replication_groups::DescribeReplicationGroupsOutput;
use aws_sdk_elasticache::operation::describe_serverless_caches::DescribeServerlessCachesOutput;

use super::cache::{CacheCluster, Group, GroupState, Inventory, Role, Serverless};
use super::{convert, status};
use crate::base::Text;
use crate::cloud::{Selection, Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::paging::{all_pages, either};

/// Reads the caches that belong to the environment.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let request = session.elasticache().describe_replication_groups();
    let pages = request.into_paginator().page_size(limits::ELASTICACHE_PAGE).send();
    let items = |page: DescribeReplicationGroupsOutput| page.replication_groups.unwrap_or_default();
    let groups = all_pages(session, "DescribeReplicationGroups", pages, |page| page.marker(), items);
    let request = session.elasticache().describe_cache_clusters().show_cache_node_info(true);
    let pages = request.into_paginator().page_size(limits::ELASTICACHE_PAGE).send();
    let items = |page: DescribeCacheClustersOutput| page.cache_clusters.unwrap_or_default();
    let clusters = all_pages(session, "DescribeCacheClusters", pages, |page| page.marker(), items);
    let (groups, clusters, serverless) = futures_util::future::join3(groups, clusters, serverless(session)).await;
    let (groups, clusters, fault) = either(groups, clusters)?;
    let groups = groups.map(|all| all.iter().filter_map(convert::group).collect());
    let clusters = clusters.map(|all| all.iter().filter_map(convert::cluster).collect());
    let mut inventory = belonging(joined(groups, clusters), &selection);
    inventory.fault = fault.or_else(|| serverless.as_ref().err().cloned());
    inventory.serverless = serverless.unwrap_or_default();
    inventory.serverless.retain(|cache| selection.admits(&cache.name, &cache.arn));
    inventory.serverless.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(inventory)
}

/// The serverless caches; none where the endpoint does not know them.
async fn serverless(session: &Session) -> Result<Vec<Serverless>, Fault> {
    let request = session.elasticache().describe_serverless_caches();
    let pages = request.into_paginator().page_size(limits::SERVERLESS_CACHES_PAGE).send();
    let items = |page: DescribeServerlessCachesOutput| page.serverless_caches.unwrap_or_default();
    let answer = all_pages(session, "DescribeServerlessCaches", pages, |page| page.next_token(), items).await;
    match answer {
        Ok(caches) => Ok(caches.iter().filter_map(convert::serverless).collect()),
        Err(fault) if fault.kind == FaultKind::Unsupported => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

/// Groups and cache clusters with what each says of the other. A list that could not be read leaves unknown ones
/// behind wherever the other list names them.
fn joined(groups: Option<Vec<Group>>, clusters: Option<Vec<CacheCluster>>) -> Inventory {
    let clusters_known = clusters.is_some();
    let mut groups = groups.unwrap_or_default();
    let mut clusters = clusters.unwrap_or_default();
    let known: BTreeSet<Text> = groups.iter().map(|group| group.name.clone()).collect();
    let named: BTreeSet<Text> = clusters.iter().filter_map(|cluster| cluster.group.clone()).collect();
    groups.extend(named.difference(&known).map(|name| Group { name: name.clone(), ..Group::default() }));
    let mut members: BTreeMap<Text, (Text, Role)> = BTreeMap::new();
    for group in &groups {
        let Some(state) = &group.state else { continue };
        members.extend(state.members.iter().map(|id| (id.clone(), (group.name.clone(), role(state, id)))));
    }
    let serving: HashMap<Text, usize> = clusters
        .iter()
        .filter_map(|cluster| Some((cluster.name.clone(), status::nodes_ok(cluster.state.as_ref()?))))
        .collect();
    for cluster in &mut clusters {
        if let Some((group, role)) = members.remove(&cluster.name) {
            (cluster.group, cluster.role) = (Some(group), role);
        }
    }
    clusters.extend(members.into_iter().map(|(name, (group, role))| CacheCluster {
        name,
        group: Some(group),
        role,
        ..CacheCluster::default()
    }));
    for group in groups.iter_mut().filter(|_| clusters_known) {
        let members = group.state.iter().flat_map(|state| &state.members);
        group.nodes_ok = members.map(|id| serving.get(id).copied()).sum();
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    clusters.sort_by(|a, b| a.name.cmp(&b.name));
    Inventory { groups, clusters, ..Inventory::default() }
}

fn role(group: &GroupState, member: &Text) -> Role {
    let shard = group.shards.iter().find(|shard| shard.members.iter().any(|(id, _)| id == member));
    let Some(shard) = shard else { return Role::Unknown };
    match shard.members.iter().find(|(id, _)| id == member) {
        Some((_, Some(role))) => *role,
        _ if shard.members.len() > 1 => Role::Member,
        _ => Role::Single,
    }
}

/// What belongs to the environment: groups with their members, and members by themselves.
fn belonging(mut all: Inventory, selection: &Selection) -> Inventory {
    // What could not be described has no ARN to select by: it is kept, as unknown.
    let own = |name: &Text, arn: &Text, described: bool| {
        selection.admits(name, arn) || (!described && selection.may_admit(name))
    };
    let whole: HashMap<Text, Text> = all
        .groups
        .iter()
        .filter(|group| own(&group.name, &group.arn, group.state.is_some()))
        .map(|group| (group.name.clone(), group.arn.clone()))
        .collect();
    all.clusters.retain(|cluster| {
        own(&cluster.name, &cluster.arn, cluster.state.is_some())
            || cluster.group.as_ref().and_then(|name| whole.get_key_value(name)).is_some_and(|(name, arn)| {
                selection.admits_part(&cluster.name, &cluster.arn, (name.as_str(), arn.as_str()))
            })
    });
    let with_members: BTreeSet<Text> = all.clusters.iter().filter_map(|cluster| cluster.group.clone()).collect();
    all.groups.retain(|group| whole.contains_key(&group.name) || with_members.contains(&group.name));
    all
}
