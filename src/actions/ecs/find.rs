//! Which services are meant: by ARN, or by name in one cluster or all of them.

use aws_sdk_ecs::operation::list_clusters::ListClustersOutput;
use aws_sdk_ecs::operation::list_services::ListServicesOutput;

use crate::actions::Wanted;
use crate::actions::targets::{gone, meant, target};
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::cloud::{Session, limits};
use crate::model::{Fault, Target, TargetKind};
use crate::signals::paging::{all_pages, all_pages_unless_gone, each};

/// IAM actions of finding a service.
pub const READS: [&str; 2] = ["ecs:ListClusters", "ecs:ListServices"];

/// A service that exists.
struct Listed {
    arn: Text,
    names: Vec<Text>,
}

/// The services that are meant.
///
/// # Errors
/// A list could not be read: what is not known is never taken for absent.
pub async fn services(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let within = wanted.within.get("cluster").and_then(|value| value.text());
    let by_arn = wanted.arn.as_deref().and_then(named_cluster);
    let selection = session.selection().await?;
    let mut all: Vec<Listed> = Vec::new();
    let clusters = clusters(session).await?.into_iter().filter(|cluster| {
        let called = |name: &str| name == cluster || name == last_part(cluster);
        within.is_none_or(|name| called(name)) && by_arn.is_none_or(called)
    });
    let listed = each(clusters.collect(), |cluster| list(session, cluster), |_, _| None).await?;
    if let Some(fault) = listed.fault {
        return Err(fault);
    }
    for (cluster, arns) in listed.found {
        let whole = last_part(&cluster);
        let belongs = arns.iter().filter(|arn| selection.admits_part(last_part(arn), arn, (whole, &cluster)));
        all.extend(belongs.map(|arn| Listed {
            arn: arn.into(),
            names: vec![last_part(arn).into(), format!("{whole}/{}", last_part(arn)).into()],
        }));
    }
    let mut targets = Vec::new();
    for one in meant(session, wanted, &all, |one| &one.arn, |one| one.names.clone()) {
        targets.push(target(session, TargetKind::EcsService, &one.names[0], &one.arn).await?);
    }
    Ok(targets)
}

/// The cluster of a service, by name where its ARN says it. ARNs of the old format do not (ECS Developer Guide, ARNs
/// and IDs): then every cluster is asked.
///
/// # Errors
/// No cluster has it, or a list could not be read.
pub async fn cluster_of(session: &Session, service: &Text) -> Result<Text, Fault> {
    if let Some(cluster) = named_cluster(service) {
        return Ok(cluster.into());
    }
    let listed = each(clusters(session).await?, |cluster| list(session, cluster), |_, _| None).await?;
    let holder = listed.found.into_iter().find(|(_, arns)| arns.iter().any(|arn| *arn == **service));
    match (holder, listed.fault) {
        (Some((cluster, _)), _) => Ok(cluster.into()),
        (None, Some(fault)) => Err(fault),
        (None, None) => Err(gone("ListServices", "the service", service)),
    }
}

/// `CLUSTER` of `arn:…:service/CLUSTER/NAME`.
fn named_cluster(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":service/")?;
    rest.split_once('/').map(|(cluster, _)| cluster)
}

async fn clusters(session: &Session) -> Result<Vec<String>, Fault> {
    let pages = session.ecs().list_clusters().into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    let arns = |page: ListClustersOutput| page.cluster_arns.unwrap_or_default();
    all_pages(session, "ListClusters", pages, |page| page.next_token(), arns).await
}

async fn list(session: &Session, cluster: String) -> Result<Option<(String, Vec<String>)>, Fault> {
    let request = session.ecs().list_services().cluster(&cluster);
    let pages = request.into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    let arns = |page: ListServicesOutput| page.service_arns.unwrap_or_default();
    let arns = all_pages_unless_gone(session, "ListServices", pages, |page| page.next_token(), arns).await?;
    Ok(arns.map(|arns| (cluster, arns)))
}

#[cfg(test)]
mod tests {
    use super::named_cluster;

    #[test]
    fn a_long_arn_names_its_cluster_and_an_old_one_does_not() {
        assert_eq!(named_cluster("arn:aws:ecs:eu-west-1:111122223333:service/prod/api"), Some("prod"));
        assert_eq!(named_cluster("arn:aws:ecs:eu-west-1:111122223333:service/api"), None);
    }
}
