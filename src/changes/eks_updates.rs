//! EKS ListUpdates and DescribeUpdate: updates of clusters and of their node groups.

use aws_sdk_eks::operation::list_clusters::ListClustersOutput;
use aws_sdk_eks::operation::list_nodegroups::ListNodegroupsOutput;
use aws_sdk_eks::operation::list_updates::ListUpdatesOutput;
use aws_sdk_eks::types::{Update, UpdateStatus};
use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::changes::arn;
use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::cloud::{Session, limits};
use crate::model::{Change, ChangeKind, Fault, FaultKind, Severity};
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, all_pages_unless_gone, each, unless_gone};

/// Updates that one reading describes; those that have ended are described once.
const DESCRIBED: usize = 200;

/// The source.
#[derive(Debug)]
pub struct EksUpdates;

impl ChangeSource for EksUpdates {
    fn id(&self) -> &'static str {
        "eks-updates"
    }

    fn title(&self) -> &'static str {
        "EKS updates"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["eks:DescribeUpdate", "eks:ListClusters", "eks:ListNodegroups", "eks:ListUpdates"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, memory: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span, memory))
    }
}

/// A cluster, or a node group of one.
#[derive(Debug, Clone)]
struct Place {
    cluster: String,
    group: Option<String>,
}

async fn read(session: &Session, span: Span, memory: &Memory) -> Result<Found, Fault> {
    let selection = session.selection().await?;
    let pages = session.eks().list_clusters().into_paginator().page_size(limits::EKS_PAGE).send();
    let names = |page: ListClustersOutput| page.clusters.unwrap_or_default();
    let clusters = all_pages(session, "ListClusters", pages, |page| page.next_token(), names).await?;
    let mut found = Found::default();
    let listed = each(clusters, |cluster| groups(session, cluster), |_, _| None).await?;
    found.faults.extend(listed.fault);
    let mut places = Vec::new();
    for (cluster, groups) in listed.found {
        let whole = selection.admits_ending(&cluster, &format!(":cluster/{cluster}"));
        if whole {
            places.push(Place { cluster: cluster.clone(), group: None });
        }
        let admitted = groups.into_iter().filter(|group| whole || selection.may_admit(group));
        places.extend(admitted.map(|group| Place { cluster: cluster.clone(), group: Some(group) }));
    }
    let listed = each(places, |place| updates(session, place), |_, _| None).await?;
    found.faults.extend(listed.fault);
    let mut wanted: Vec<(Place, String)> = Vec::new();
    for (place, ids) in listed.found {
        for id in ids {
            match memory.update(&key(session, &id)) {
                Some(known) => found.changes.push(known),
                None => wanted.push((place.clone(), id)),
            }
        }
    }
    let left = wanted.len().saturating_sub(DESCRIBED);
    wanted.truncate(DESCRIBED);
    if left > 0 {
        let message = format!("{left} updates are left for the next time");
        found.faults.push(Fault::new(FaultKind::Throttled, "DescribeUpdate", message));
    }
    let described = each(wanted, |(place, id)| describe(session, place, id), |_, _| None).await?;
    found.faults.extend(described.fault);
    for (id, change, ended) in described.found {
        if ended {
            memory.keep_update(key(session, &id), change.clone());
        }
        found.changes.push(change);
    }
    found.changes.retain(|change| span.contains(change.at));
    Ok(found.newest(MOST))
}

fn key(session: &Session, id: &str) -> String {
    format!("eks/{}/{}/{id}", session.environment.id.0, session.environment.region)
}

async fn groups(session: &Session, cluster: String) -> Result<Option<(String, Vec<String>)>, Fault> {
    let pages =
        session.eks().list_nodegroups().cluster_name(&cluster).into_paginator().page_size(limits::EKS_PAGE).send();
    let names = |page: ListNodegroupsOutput| page.nodegroups.unwrap_or_default();
    let groups = all_pages_unless_gone(session, "ListNodegroups", pages, |page| page.next_token(), names).await?;
    Ok(groups.map(|groups| (cluster, groups)))
}

async fn updates(session: &Session, place: Place) -> Result<Option<(Place, Vec<String>)>, Fault> {
    let request = session.eks().list_updates().name(&place.cluster).set_nodegroup_name(place.group.clone());
    let pages = request.into_paginator().page_size(limits::EKS_PAGE).send();
    let ids = |page: ListUpdatesOutput| page.update_ids.unwrap_or_default();
    let ids = all_pages_unless_gone(session, "ListUpdates", pages, |page| page.next_token(), ids).await?;
    Ok(ids.map(|ids| (place, ids)))
}

async fn describe(session: &Session, place: Place, id: String) -> Result<Option<(String, Change, bool)>, Fault> {
    let request = session.eks().describe_update().name(&place.cluster).update_id(&id);
    let answer = request.set_nodegroup_name(place.group.clone()).send().await;
    let update = unless_gone(session, "DescribeUpdate", answer)?.and_then(|answer| answer.update);
    Ok(update.and_then(|update| {
        let ended = !matches!(update.status(), Some(UpdateStatus::InProgress) | None);
        Some((id, change(session, &place, &update)?, ended))
    }))
}

fn change(session: &Session, place: &Place, update: &Update) -> Option<Change> {
    let at = update.created_at().and_then(moment)?;
    let what = update.r#type().map(|kind| kind.as_str()).unwrap_or("update");
    let status = update.status().map(|status| status.as_str()).unwrap_or("unknown");
    let params = update.params().iter().map(|param| {
        let name = param.r#type().map(|kind| kind.as_str()).unwrap_or_default();
        format!("{name} {}", param.value().unwrap_or_default())
    });
    let errors = update.errors().iter().map(|error| {
        let code = error.error_code().map(|code| code.as_str()).unwrap_or("error");
        format!("{code}: {}", error.error_message().unwrap_or_default())
    });
    let name = place.group.as_deref().unwrap_or(&place.cluster);
    let errors = errors.collect::<Vec<_>>().join("; ");
    let arn = match &place.group {
        // A node group's ARN ends in an id of its own.
        Some(_) => String::new(),
        None => arn::of(session, "eks", &format!("cluster/{name}")),
    };
    Some(Change {
        summary: format!("{what} {}", status.to_lowercase()).into(),
        arn: arn.into(),
        touches: place.group.iter().map(|_| Text::new(&place.cluster)).collect(),
        after: params.collect::<Vec<_>>().join(", ").into(),
        severity: if status == "Failed" || !errors.is_empty() { Severity::Critical } else { Severity::Ok },
        reason: errors.into(),
        ..Change::new(at, session.environment.id, ChangeKind::ClusterUpdate, name)
    })
}
