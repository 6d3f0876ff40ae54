//! ListServiceDeployments and DescribeServiceDeployments.

use winterbaume_ecs::model::{
    DescribeServiceDeploymentsResponse, ListServiceDeploymentsResponse, Rollback as RollbackOutput,
    ServiceDeployment as DeploymentOutput, ServiceDeploymentBrief, ServiceDeploymentCircuitBreaker,
    ServiceRevisionSummary,
};

use super::super::{ApiError, Ask, Reply, epoch, reply};
use super::{MAX_PAGE, batch, cluster, invalid, missing, service, short};
use crate::drill::world::ecs::Service;
use crate::drill::world::service_deployment::{DeploymentStatus, ServiceDeployment};

/// Deployments of a DescribeServiceDeployments batch.
const BATCH: usize = 20;

/// The service deployments that are remembered, newest first.
pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let cluster = cluster(ask)?;
    let asked = ask.input.text("service").unwrap_or_default();
    let service =
        service(cluster, asked).ok_or_else(|| ApiError::bad("ServiceNotFoundException", "Service not found."))?;
    let states = ask.input.texts("status");
    let bound = |key: &str| ask.input.inner("createdAt").and_then(|within| within.time(key));
    let (after, before) = (bound("after"), bound("before"));
    let brief = |one: &ServiceDeployment| ServiceDeploymentBrief {
        cluster_arn: Some(service.cluster_arn.clone()),
        created_at: Some(epoch(one.created)),
        finished_at: one.finished.map(epoch),
        service_arn: Some(service.arn.clone()),
        service_deployment_arn: Some(arn(service, &one.id)),
        started_at: started(one),
        status: Some(one.status.word().to_owned()),
        status_reason: Some(one.reason.clone()).filter(|reason| !reason.is_empty()),
        target_service_revision_arn: Some(revision_arn(service, &one.id)),
    };
    let wanted = service.history.iter().filter(|one| {
        (states.is_empty() || states.contains(&one.status.word()))
            && after.is_none_or(|after| one.created > after)
            && before.is_none_or(|before| one.created < before)
    });
    let filter = format!("{}{states:?}{after:?}{before:?}", service.arn);
    let size = ask.size("maxResults", BATCH, MAX_PAGE);
    let page = ask.page(wanted.map(brief).collect(), size, ask.input.text("nextToken"), &filter);
    let page = page.map_err(|_| invalid("Invalid token: nextToken"))?;
    reply(&ListServiceDeploymentsResponse { next_token: page.next, service_deployments: Some(page.items) })
}

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let arns = batch(ask, "serviceDeploymentArns", "Service deployment ARNs", BATCH)?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for asked in arns {
        match find(ask, asked) {
            Some((service, one)) => found.push(output(service, one)),
            None => failures.push(missing(asked.to_owned())),
        }
    }
    reply(&DescribeServiceDeploymentsResponse { failures: Some(failures), service_deployments: Some(found) })
}

/// The service deployment with this ARN.
pub(super) fn find<'a>(ask: &Ask<'a>, asked: &str) -> Option<(&'a Service, &'a ServiceDeployment)> {
    let services = ask.world.clusters.values().flat_map(|cluster| cluster.services.values());
    let mut all = services.flat_map(|service| service.history.iter().map(move |one| (service, one)));
    all.find(|(service, one)| arn(service, &one.id) == asked)
}

fn output(service: &Service, one: &ServiceDeployment) -> DeploymentOutput {
    let earlier = service.history.iter().skip_while(|known| known.id != one.id).skip(1);
    let source = earlier.into_iter().find(|known| known.status == DeploymentStatus::Successful);
    let breaker = service.circuit_breaker;
    let failed = service.deployments.iter().find(|known| known.id == one.id).map_or(0, |known| known.failed_tasks);
    DeploymentOutput {
        cluster_arn: Some(service.cluster_arn.clone()),
        created_at: Some(epoch(one.created)),
        deployment_circuit_breaker: breaker.enable.then(|| ServiceDeploymentCircuitBreaker {
            failure_count: i32::try_from(failed).ok(),
            status: Some(if one.status.is_running() { "MONITORING" } else { "MONITORING_COMPLETE" }.to_owned()),
            threshold: i32::try_from(service.desired.div_ceil(2).clamp(3, 200)).ok(),
        }),
        finished_at: one.finished.map(epoch),
        rollback: one.rollback.as_ref().map(|back| RollbackOutput {
            reason: Some(back.reason.clone()),
            service_revision_arn: Some(revision_arn(service, &back.to)),
            started_at: Some(epoch(back.started)),
        }),
        service_arn: Some(service.arn.clone()),
        service_deployment_arn: Some(arn(service, &one.id)),
        source_service_revisions: Some(source.map(|known| summary(service, &known.id)).into_iter().collect()),
        started_at: started(one),
        status: Some(one.status.word().to_owned()),
        status_reason: Some(one.reason.clone()).filter(|reason| !reason.is_empty()),
        stopped_at: one.stopped.map(epoch),
        target_service_revision: Some(summary(service, &one.id)),
        updated_at: Some(epoch(one.updated)),
        ..DeploymentOutput::default()
    }
}

/// The tasks of a service revision.
fn summary(service: &Service, id: &str) -> ServiceRevisionSummary {
    let count = |number: u32| i32::try_from(number).ok();
    let current = service.deployments.iter().find(|known| known.id == id);
    ServiceRevisionSummary {
        arn: Some(revision_arn(service, id)),
        pending_task_count: count(service.pending_of(id)),
        requested_task_count: count(current.map_or(0, |known| known.desired)),
        running_task_count: count(service.running_of(id)),
        ..ServiceRevisionSummary::default()
    }
}

fn started(one: &ServiceDeployment) -> Option<f64> {
    (one.status != DeploymentStatus::Pending).then(|| epoch(one.created))
}

/// `arn:aws:ecs:<region>:<account>:service-deployment/<cluster>/<service>/<id>`.
pub(super) fn arn(service: &Service, id: &str) -> String {
    format!("{}/{}", service.arn.replacen(":service/", ":service-deployment/", 1), short(id))
}

/// The same for the revision that a service deployment wanted.
pub(super) fn revision_arn(service: &Service, id: &str) -> String {
    format!("{}/{}", service.arn.replacen(":service/", ":service-revision/", 1), short(id))
}
