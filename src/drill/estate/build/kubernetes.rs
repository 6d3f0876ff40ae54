//! Builds EKS clusters, their node groups and add-ons.

use super::Site;
use crate::drill::estate::eks::{EksData, NodeGroupData};
use crate::drill::world::eks::{Addon, EksCluster, NodeGroup, Update};
use crate::drill::world::{EnvironmentWorld, Tags, hash};

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    world.eks_clusters = site.data.resources.eks.iter().map(|data| (data.name.clone(), cluster(data, site))).collect();
}

fn cluster(data: &EksData, site: &Site<'_>) -> EksCluster {
    let arn = site.arn("eks", &format!("cluster/{}", data.name));
    let addon = |(name, version): (&String, &String)| {
        let addon = Addon {
            name: name.clone(),
            arn: site.arn("eks", &format!("addon/{}/{name}/{}", data.name, hash::uuid(&(&arn, name)))),
            version: version.clone(),
            status: "ACTIVE".to_owned(),
            created: site.days_ago(300),
        };
        (name.clone(), addon)
    };
    EksCluster {
        name: data.name.clone(),
        version: data.version.clone(),
        status: "ACTIVE".to_owned(),
        created: site.days_ago(300),
        node_groups: data.node_group.iter().map(|group| (group.name.clone(), node_group(data, group, site))).collect(),
        addons: data.addons.iter().map(addon).collect(),
        updates: vec![upgrade(&arn, data, 34, site)],
        tags: site.data.resources.tags.clone(),
        arn,
    }
}

fn node_group(cluster: &EksData, data: &NodeGroupData, site: &Site<'_>) -> NodeGroup {
    let mark = hash::uuid(&(&site.data.head.account, &cluster.name, &data.name));
    let arn = site.arn("eks", &format!("nodegroup/{}/{}/{mark}", cluster.name, data.name));
    NodeGroup {
        name: data.name.clone(),
        instance_types: vec![data.instance_type.clone()],
        min: data.min,
        desired: data.desired,
        max: data.max,
        status: "ACTIVE".to_owned(),
        health_issues: Vec::new(),
        created: site.days_ago(300),
        modified: site.days_ago(33),
        updates: vec![upgrade(&arn, cluster, 33, site)],
        tags: tags(cluster, site),
        arn,
    }
}

/// The estate's tags, and the one by which Cluster Autoscaler finds its groups (EKS Best Practices Guide, Cluster
/// Autoscaler).
fn tags(cluster: &EksData, site: &Site<'_>) -> Tags {
    let mut tags = site.data.resources.tags.clone();
    let runs = cluster.cluster_autoscaler.is_some();
    tags.insert("k8s.io/cluster-autoscaler/enabled".to_owned(), runs.to_string());
    tags
}

/// The update to the present version.
fn upgrade(arn: &str, data: &EksData, days_ago: u32, site: &Site<'_>) -> Update {
    let params = vec![("Version".to_owned(), data.version.clone())];
    update(arn, "VersionUpdate", params, site.days_ago(days_ago))
}

/// An update that went through at once.
pub fn update(arn: &str, kind: &str, params: Vec<(String, String)>, at: jiff::Timestamp) -> Update {
    Update {
        id: hash::uuid(&(arn, kind, at.as_second())),
        kind: kind.to_owned(),
        status: "Successful".to_owned(),
        params,
        created: at,
        until: None,
        token: None,
    }
}
