//! A managed node group as EKS tells it, which ones are meant, and who else sets its size.

use std::collections::HashMap;

use aws_sdk_eks::operation::list_clusters::ListClustersOutput;
use aws_sdk_eks::operation::list_nodegroups::ListNodegroupsOutput;
use aws_sdk_eks::types::{Cluster, Nodegroup as EksNodegroup};

use crate::actions::Wanted;
use crate::actions::lists::Field;
use crate::actions::targets::{gone, meant, target};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::plan::Owner;
use crate::model::{Fault, Target, TargetKind, Value, Values};
use crate::signals::paging::{all_pages, all_pages_unless_gone, each, unless_gone};

/// IAM actions of finding and reading one.
pub const READS: [&str; 4] = ["eks:DescribeCluster", "eks:DescribeNodegroup", "eks:ListClusters", "eks:ListNodegroups"];

/// What [`Nodegroup::values`] means.
pub const FIELDS: [Field; 6] = [
    ("cluster", "name of the cluster"),
    ("status", "EKS's word: ACTIVE, UPDATING, DEGRADED, …"),
    ("desired", "nodes wanted"),
    ("min", "smallest number of nodes"),
    ("max", "largest number of nodes"),
    ("autoscaler", "what sets the number of nodes by itself; none where no tag says so"),
];

/// Who sets the desired size within the group's bounds.
pub const CLUSTER_AUTOSCALER: &str = "Cluster Autoscaler";

/// A managed node group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Nodegroup {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// Name of its cluster.
    pub cluster: Text,
    /// `ACTIVE`, `UPDATING`, …
    pub status: Text,
    /// Nodes wanted.
    pub desired: i64,
    /// Smallest number of nodes.
    pub min: i64,
    /// Largest number of nodes.
    pub max: i64,
    /// Health issues in EKS's words.
    pub issues: Vec<Text>,
    /// What else sets its size.
    pub owner: Option<Owner>,
}

impl Nodegroup {
    /// From EKS's answers. The tags of the cluster count too: they say what runs in it.
    pub fn new(group: &EksNodegroup, cluster: Option<&Cluster>) -> Self {
        let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
        let scaling = group.scaling_config();
        let count = |value: Option<i32>| i64::from(value.unwrap_or(0));
        let issues = group.health().map(|health| health.issues()).unwrap_or_default();
        let marks = [group.tags(), group.labels(), cluster.and_then(Cluster::tags)];
        Self {
            name: text(group.nodegroup_name()),
            arn: text(group.nodegroup_arn()),
            cluster: text(group.cluster_name()),
            status: text(group.status().map(|status| status.as_str())),
            desired: count(scaling.and_then(|one| one.desired_size())),
            min: count(scaling.and_then(|one| one.min_size())),
            max: count(scaling.and_then(|one| one.max_size())),
            issues: issues
                .iter()
                .map(|issue| {
                    let code = issue.code().map_or("issue", |code| code.as_str());
                    format!("{code}: {}", issue.message().unwrap_or_default()).into()
                })
                .collect(),
            owner: owner(marks.into_iter().flatten()),
        }
    }

    /// True where Cluster Autoscaler sets the desired size.
    pub fn is_autoscaled(&self) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.who == CLUSTER_AUTOSCALER)
    }

    /// What predicates can speak of.
    pub fn values(&self) -> Values {
        let pairs: [(&str, Value); 6] = [
            ("cluster", (&self.cluster).into()),
            ("status", (&self.status).into()),
            ("desired", self.desired.into()),
            ("min", self.min.into()),
            ("max", self.max.into()),
            ("autoscaler", self.owner.as_ref().map(|owner| &owner.who).into()),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What else sets the size, by the tags and labels that its documentation asks for.
fn owner<'a>(marks: impl Iterator<Item = &'a HashMap<String, String>>) -> Option<Owner> {
    let mut found: Option<Owner> = None;
    for (key, value) in marks.flatten() {
        if key.starts_with("k8s.io/cluster-autoscaler/") && !key.contains("/node-template/") && value != "false" {
            return Some(Owner {
                who: CLUSTER_AUTOSCALER.into(),
                instead: "give min or max: it keeps within them, and overwrites the desired size".into(),
            });
        }
        if key.starts_with("karpenter.sh/") {
            found = Some(Owner {
                who: "Karpenter".into(),
                instead: "change its NodePool's limits: its nodes are outside of node groups".into(),
            });
        }
    }
    found
}

/// Reads the node group that a target pins.
///
/// # Errors
/// It is not there (any more), or could not be read.
pub async fn read(session: &Session, target: &Target) -> Result<Nodegroup, Fault> {
    let (cluster, name) = place(&target.arn).unwrap_or_default();
    let group = async {
        let request = session.eks().describe_nodegroup().cluster_name(cluster).nodegroup_name(name);
        unless_gone(session, "DescribeNodegroup", request.send().await)
    };
    let whole = async {
        let answer = session.eks().describe_cluster().name(cluster).send().await;
        unless_gone(session, "DescribeCluster", answer)
    };
    let (group, whole) = futures_util::future::try_join(group, whole).await?;
    let group = group.and_then(|answer| answer.nodegroup).filter(|one| one.nodegroup_arn() == Some(&*target.arn));
    let group = group.ok_or_else(|| gone("DescribeNodegroup", "the node group", &target.name))?;
    Ok(Nodegroup::new(&group, whole.and_then(|answer| answer.cluster).as_ref()))
}

/// Cluster and name in `arn:…:nodegroup/CLUSTER/NAME/ID`.
pub fn place(arn: &str) -> Option<(&str, &str)> {
    let (_, rest) = arn.split_once(":nodegroup/")?;
    let (cluster, rest) = rest.split_once('/')?;
    Some((cluster, rest.split_once('/').map_or(rest, |(name, _)| name)))
}

/// The node groups that are meant.
///
/// # Errors
/// A list could not be read: what is not known is never taken for absent.
pub async fn find(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let selection = session.selection().await?;
    let within = wanted.within.get("cluster").and_then(|value| value.text()).map(|name| name.as_str());
    let by_arn = wanted.arn.as_deref().and_then(place);
    let pages = session.eks().list_clusters().into_paginator().page_size(limits::EKS_PAGE).send();
    let names = |page: ListClustersOutput| page.clusters.unwrap_or_default();
    let clusters = all_pages(session, "ListClusters", pages, |page| page.next_token(), names).await?;
    let called = |cluster: &&String| {
        within.is_none_or(|name| name == cluster.as_str()) && by_arn.is_none_or(|(name, _)| name == cluster.as_str())
    };
    let clusters: Vec<String> = clusters.iter().filter(called).cloned().collect();
    let listed = each(clusters, |cluster| list(session, cluster), |_, _| None).await?;
    if let Some(fault) = listed.fault {
        return Err(fault);
    }
    let all: Vec<(Text, Text)> = listed.found.into_iter().flatten().collect();
    let names = |(cluster, name): &(Text, Text)| vec![name.clone(), Text::new(format!("{cluster}/{name}"))];
    let by_name = Wanted { arn: None, name: wanted.name.clone(), within: Values::new() };
    let chosen: Vec<(Text, Text)> = match by_arn {
        Some((cluster, name)) => all.iter().filter(|one| one.0 == cluster && one.1 == name).cloned().collect(),
        None => meant(session, &by_name, &all, |(_, name)| name, names).into_iter().cloned().collect(),
    };
    let described = each(chosen, |(cluster, name)| describe(session, cluster, name), |_, _| None).await?;
    if let Some(fault) = described.fault {
        return Err(fault);
    }
    let mut targets = Vec::new();
    for (cluster, group) in described.found {
        let whole = (cluster.as_str(), format!(":cluster/{cluster}"));
        let belongs = selection.admits(&group.name, &group.arn) || selection.admits_ending(whole.0, &whole.1);
        if belongs && wanted.arn.as_ref().is_none_or(|arn| *arn == group.arn) {
            targets.push(target(session, TargetKind::EksNodegroup, &group.name, &group.arn).await?);
        }
    }
    Ok(targets)
}

async fn list(session: &Session, cluster: String) -> Result<Option<Vec<(Text, Text)>>, Fault> {
    let request = session.eks().list_nodegroups().cluster_name(&cluster);
    let pages = request.into_paginator().page_size(limits::EKS_PAGE).send();
    let names = |page: ListNodegroupsOutput| page.nodegroups.unwrap_or_default();
    let names = all_pages_unless_gone(session, "ListNodegroups", pages, |page| page.next_token(), names).await?;
    Ok(names.map(|names| names.iter().map(|name| (Text::new(&cluster), Text::new(name))).collect()))
}

async fn describe(session: &Session, cluster: Text, name: Text) -> Result<Option<(Text, Nodegroup)>, Fault> {
    let request = session.eks().describe_nodegroup().cluster_name(cluster.as_str()).nodegroup_name(name.as_str());
    let answer = unless_gone(session, "DescribeNodegroup", request.send().await)?;
    let group = answer.and_then(|answer| answer.nodegroup).map(|group| Nodegroup::new(&group, None));
    Ok(group.map(|group| (cluster, group)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(marks: &[(&str, &str)]) -> Option<String> {
        let marks: HashMap<String, String> =
            marks.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        owner([&marks].into_iter()).map(|owner| owner.who.to_string())
    }

    #[test]
    fn tags_say_who_sets_the_size() {
        assert_eq!(of(&[("k8s.io/cluster-autoscaler/enabled", "true")]).unwrap(), "Cluster Autoscaler");
        assert_eq!(of(&[("k8s.io/cluster-autoscaler/prod", "owned")]).unwrap(), "Cluster Autoscaler");
        assert_eq!(of(&[("karpenter.sh/discovery", "prod")]).unwrap(), "Karpenter");
        assert_eq!(of(&[("k8s.io/cluster-autoscaler/enabled", "false")]), None);
        assert_eq!(of(&[("k8s.io/cluster-autoscaler/node-template/label/x", "y")]), None);
        assert_eq!(of(&[("Environment", "prod")]), None);
    }

    #[test]
    fn an_arn_names_cluster_and_group() {
        assert_eq!(place("arn:aws:eks:us-east-1:1:nodegroup/prod/web/0ab"), Some(("prod", "web")));
        assert_eq!(place("arn:aws:eks:us-east-1:1:cluster/prod"), None);
    }
}
