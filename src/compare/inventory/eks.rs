//! EKS: clusters, their node groups and add-ons.

use aws_sdk_eks::types::{Addon, Cluster, Nodegroup};
use futures_util::future::{BoxFuture, join3};

use super::source::{Found, Inventory, ask_each};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::{all_pages, all_pages_unless_gone, unless_gone};

/// The inventory.
#[derive(Debug)]
pub struct KubernetesClusters;

const CLUSTER: &str = "eks cluster";
const GROUP: &str = "eks node group";
const ADDON: &str = "eks add-on";

impl Inventory for KubernetesClusters {
    fn id(&self) -> &'static str {
        "eks"
    }
    fn title(&self) -> &'static str {
        "EKS"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[CLUSTER, GROUP, ADDON]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[
            "eks:DescribeAddon",
            "eks:DescribeCluster",
            "eks:DescribeNodegroup",
            "eks:ListAddons",
            "eks:ListClusters",
            "eks:ListNodegroups",
        ]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match names(session).await {
                Ok(names) => {
                    let found = ask_each(names, |name| cluster(session, name)).await;
                    found.into_iter().fold(Found::default(), Found::and)
                }
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

async fn names(session: &Session) -> Result<Vec<String>, Fault> {
    let selection = session.selection().await?;
    let pages = session.eks().list_clusters().into_paginator().page_size(limits::EKS_PAGE).send();
    let mut names =
        all_pages(session, "ListClusters", pages, |page| page.next_token(), |page| page.clusters.unwrap_or_default())
            .await?;
    names.retain(|name| selection.may_admit(name));
    Ok(names)
}

async fn cluster(session: &Session, name: String) -> Option<Found> {
    let selection = session.selection().await.ok()?;
    let about = session.eks().describe_cluster().name(&name).send().await;
    let described = match unless_gone(session, "DescribeCluster", about) {
        Ok(answer) => described(answer?.cluster.as_ref()?),
        Err(fault) => Configured::undescribed(CLUSTER, &name, "", &fault),
    };
    if described.unread.is_none() && !selection.admits(&name, &described.arn) {
        return None;
    }
    let groups = async {
        match group_names(session, &name).await.transpose()? {
            Ok(groups) => Some(all(ask_each(groups, |group| node_group(session, &name, group)).await)),
            Err(fault) => Some(Found::unlisted(&[GROUP], &fault)),
        }
    };
    let addons = async {
        match addon_names(session, &name).await.transpose()? {
            Ok(addons) => Some(all(ask_each(addons, |addon| one_addon(session, &name, addon)).await)),
            Err(fault) => Some(Found::unlisted(&[ADDON], &fault)),
        }
    };
    let (described, groups, addons) = join3(std::future::ready(described), groups, addons).await;
    Some(all(vec![described]).and(groups.unwrap_or_default()).and(addons.unwrap_or_default()))
}

fn all(resources: Vec<Configured>) -> Found {
    Found { resources, ..Found::default() }
}

fn described(cluster: &Cluster) -> Configured {
    let vpc = cluster.resources_vpc_config();
    let logs = cluster.logging().map(|logging| logging.cluster_logging()).unwrap_or_default();
    let kinds = logs.iter().filter(|log| log.enabled() == Some(true)).flat_map(|log| log.types());
    let access = cluster.access_config().and_then(|access| access.authentication_mode());
    let keys = cluster.encryption_config().iter().filter_map(|one| one.provider()).filter_map(|one| one.key_arn());
    let settings = vec![
        Setting::new("version", Value::text(cluster.version())),
        Setting::new("public_endpoint", Value::flag(vpc.map(|vpc| vpc.endpoint_public_access()))),
        Setting::new("private_endpoint", Value::flag(vpc.map(|vpc| vpc.endpoint_private_access()))),
        Setting::new("log_types", Value::list(kinds.map(|kind| kind.as_str()))),
        Setting::new("authentication", Value::text(access.map(|mode| mode.as_str()))),
        Setting::names("kms_keys", Value::list(keys)),
        Setting::new("deletion_protection", Value::flag(cluster.deletion_protection())),
        Setting::new(
            "support",
            Value::text(
                cluster.upgrade_policy().and_then(|policy| policy.support_type()).map(|support| support.as_str()),
            ),
        ),
    ];
    Configured::new(CLUSTER, cluster.name().unwrap_or_default(), cluster.arn().unwrap_or_default(), settings)
        .tagged(Tags::known(cluster.tags().into_iter().flatten()))
}

async fn group_names(session: &Session, cluster: &str) -> Result<Option<Vec<String>>, Fault> {
    let request = session.eks().list_nodegroups().cluster_name(cluster);
    let pages = request.into_paginator().page_size(limits::EKS_PAGE).send();
    all_pages_unless_gone(
        session,
        "ListNodegroups",
        pages,
        |page| page.next_token(),
        |page| page.nodegroups.unwrap_or_default(),
    )
    .await
}

async fn addon_names(session: &Session, cluster: &str) -> Result<Option<Vec<String>>, Fault> {
    let request = session.eks().list_addons().cluster_name(cluster);
    let pages = request.into_paginator().page_size(limits::EKS_PAGE).send();
    all_pages_unless_gone(
        session,
        "ListAddons",
        pages,
        |page| page.next_token(),
        |page| page.addons.unwrap_or_default(),
    )
    .await
}

async fn node_group(session: &Session, cluster: &str, name: String) -> Option<Configured> {
    let answer = session.eks().describe_nodegroup().cluster_name(cluster).nodegroup_name(&name).send().await;
    match unless_gone(session, "DescribeNodegroup", answer) {
        Ok(answer) => answer?.nodegroup.as_ref().map(|group| described_group(cluster, group)),
        Err(fault) => Some(Configured::undescribed(GROUP, format!("{cluster}/{name}"), "", &fault)),
    }
}

fn described_group(cluster: &str, group: &Nodegroup) -> Configured {
    let scaling = group.scaling_config();
    let update = group.update_config();
    let settings = vec![
        Setting::new("version", Value::text(group.version())),
        Setting::new("instance_types", Value::list(group.instance_types())),
        Setting::new("min_nodes", Value::number(scaling.and_then(|scaling| scaling.min_size()))),
        Setting::new("max_nodes", Value::number(scaling.and_then(|scaling| scaling.max_size()))),
        Setting::new("capacity_type", Value::text(group.capacity_type().map(|kind| kind.as_str()))),
        Setting::new("ami_type", Value::text(group.ami_type().map(|kind| kind.as_str()))),
        Setting::new("disk_gb", Value::number(group.disk_size())),
        Setting::new("most_unavailable", Value::number(update.and_then(|update| update.max_unavailable()))),
        Setting::names("labels", Value::list(group.labels().into_iter().flatten().map(|(k, v)| format!("{k}={v}")))),
        Setting::new("taints", Value::list(group.taints().iter().filter_map(|taint| taint.key()))),
    ];
    let name = format!("{cluster}/{}", group.nodegroup_name().unwrap_or_default());
    Configured::new(GROUP, name, group.nodegroup_arn().unwrap_or_default(), settings)
        .tagged(Tags::known(group.tags().into_iter().flatten()))
}

async fn one_addon(session: &Session, cluster: &str, name: String) -> Option<Configured> {
    let answer = session.eks().describe_addon().cluster_name(cluster).addon_name(&name).send().await;
    match unless_gone(session, "DescribeAddon", answer) {
        Ok(answer) => answer?.addon.as_ref().map(|addon| described_addon(cluster, addon)),
        Err(fault) => Some(Configured::undescribed(ADDON, format!("{cluster}/{name}"), "", &fault)),
    }
}

fn described_addon(cluster: &str, addon: &Addon) -> Configured {
    let settings = vec![Setting::new("version", Value::text(addon.addon_version()))];
    let name = format!("{cluster}/{}", addon.addon_name().unwrap_or_default());
    Configured::new(ADDON, name, addon.addon_arn().unwrap_or_default(), settings)
        .tagged(Tags::known(addon.tags().into_iter().flatten()))
}
