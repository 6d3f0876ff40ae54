//! ListClusters, ListServices for each, DescribeServices ten at a time.

use aws_sdk_ecs::operation::list_clusters::ListClustersOutput;
use aws_sdk_ecs::operation::list_services::ListServicesOutput;
use aws_sdk_ecs::types::Service;

use crate::changes::arn::last_part;
use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::paging::{all_pages, all_pages_unless_gone, each, unless_gone};

/// The services that belong to the environment.
pub struct Described {
    /// As ECS describes them.
    pub services: Vec<Service>,
    /// What could not be listed or described.
    pub faults: Vec<Fault>,
}

/// Reads them.
pub async fn read(session: &Session) -> Result<Described, Fault> {
    let selection = session.selection().await?;
    let pages = session.ecs().list_clusters().into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    let arns = |page: ListClustersOutput| page.cluster_arns.unwrap_or_default();
    let clusters = all_pages(session, "ListClusters", pages, |page| page.next_token(), arns).await?;
    let listed = each(clusters, |cluster| list(session, cluster), |_, _| None).await?;
    let mut batches: Vec<(String, Vec<String>)> = Vec::new();
    for (cluster, mut arns) in listed.found {
        arns.retain(|arn| selection.admits_part(last_part(arn), arn, (last_part(&cluster), &cluster)));
        batches.extend(arns.chunks(limits::ECS_SERVICES_PER_CALL).map(|batch| (cluster.clone(), batch.to_vec())));
    }
    let described = each(batches, |(cluster, arns)| describe(session, cluster, arns), |_, _| None).await?;
    let mut faults: Vec<Fault> = listed.fault.into_iter().chain(described.fault).collect();
    let mut services = Vec::new();
    for (found, fault) in described.found {
        services.extend(found);
        faults.extend(fault);
    }
    faults.dedup();
    Ok(Described { services, faults })
}

async fn list(session: &Session, cluster: String) -> Result<Option<(String, Vec<String>)>, Fault> {
    let pages =
        session.ecs().list_services().cluster(&cluster).into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    let arns = |page: ListServicesOutput| page.service_arns.unwrap_or_default();
    let arns = all_pages_unless_gone(session, "ListServices", pages, |page| page.next_token(), arns).await?;
    Ok(arns.map(|arns| (cluster, arns)))
}

type Batch = (Vec<Service>, Option<Fault>);

async fn describe(session: &Session, cluster: String, arns: Vec<String>) -> Result<Option<Batch>, Fault> {
    let request = session.ecs().describe_services().cluster(cluster).set_services(Some(arns));
    let Some(answer) = unless_gone(session, "DescribeServices", request.send().await)? else { return Ok(None) };
    let unread = answer.failures().iter().find(|failure| failure.reason() != Some("MISSING"));
    let fault = unread.map(|failure| {
        let reason = failure.reason().or(failure.detail()).unwrap_or("no reason given");
        Fault::new(FaultKind::Service, "DescribeServices", reason)
    });
    Ok(Some((answer.services.unwrap_or_default(), fault)))
}
