//! ListServiceDeployments and DescribeServiceDeployments.

use winterbaume_ecs::model::{
    DescribeServiceDeploymentsResponse, ListServiceDeploymentsResponse, ServiceDeployment, ServiceDeploymentBrief,
    ServiceRevisionSummary,
};

use super::super::{ApiError, Ask, Reply, epoch, reply};
use super::{MAX_PAGE, batch, cluster, invalid, missing, service, short};
use crate::drill::world::ecs::{Deployment, RolloutState, Service};

/// Deployments of a DescribeServiceDeployments batch.
const BATCH: usize = 20;

/// The rollouts that a service still shows, newest first.
pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let cluster = cluster(ask)?;
    let asked = ask.input.text("service").unwrap_or_default();
    let service =
        service(cluster, asked).ok_or_else(|| ApiError::bad("ServiceNotFoundException", "Service not found."))?;
    let states = ask.input.texts("status");
    let brief = |one: &Deployment| ServiceDeploymentBrief {
        cluster_arn: Some(service.cluster_arn.clone()),
        created_at: Some(epoch(one.created)),
        finished_at: finished(one),
        service_arn: Some(service.arn.clone()),
        service_deployment_arn: Some(arn(service, one)),
        started_at: Some(epoch(one.created)),
        status: Some(status(one).to_owned()),
        status_reason: Some(one.rollout_reason.clone()),
        target_service_revision_arn: Some(revision_arn(service, one)),
    };
    let wanted = service.deployments.iter().filter(|one| states.is_empty() || states.contains(&status(one)));
    let filter = format!("{}{states:?}", service.arn);
    let size = ask.size("maxResults", BATCH, MAX_PAGE);
    let page = ask.page(wanted.map(brief).collect(), size, ask.input.text("nextToken"), &filter);
    let page = page.map_err(|_| invalid("Invalid token: nextToken"))?;
    reply(&ListServiceDeploymentsResponse { next_token: page.next, service_deployments: Some(page.items) })
}

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let arns = batch(ask, "serviceDeploymentArns", "Service deployment ARNs", BATCH)?;
    let services = || ask.world.clusters.values().flat_map(|cluster| cluster.services.values());
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for asked in arns {
        let all = services().flat_map(|service| service.deployments.iter().map(move |one| (service, one)));
        match all.into_iter().find(|(service, one)| arn(service, one) == asked) {
            Some((service, one)) => found.push(output(service, one)),
            None => failures.push(missing(asked.to_owned())),
        }
    }
    reply(&DescribeServiceDeploymentsResponse { failures: Some(failures), service_deployments: Some(found) })
}

fn output(service: &Service, one: &Deployment) -> ServiceDeployment {
    let count = |number: u32| i32::try_from(number).ok();
    ServiceDeployment {
        cluster_arn: Some(service.cluster_arn.clone()),
        created_at: Some(epoch(one.created)),
        finished_at: finished(one),
        service_arn: Some(service.arn.clone()),
        service_deployment_arn: Some(arn(service, one)),
        started_at: Some(epoch(one.created)),
        status: Some(status(one).to_owned()),
        status_reason: Some(one.rollout_reason.clone()),
        target_service_revision: Some(ServiceRevisionSummary {
            arn: Some(revision_arn(service, one)),
            pending_task_count: count(service.pending_of(&one.id)),
            requested_task_count: count(one.desired),
            running_task_count: count(service.running_of(&one.id)),
            ..ServiceRevisionSummary::default()
        }),
        updated_at: Some(epoch(one.updated)),
        ..ServiceDeployment::default()
    }
}

/// `arn:aws:ecs:<region>:<account>:service-deployment/<cluster>/<service>/<id>`.
fn arn(service: &Service, one: &Deployment) -> String {
    format!("{}/{}", service.arn.replacen(":service/", ":service-deployment/", 1), short(&one.id))
}

fn revision_arn(service: &Service, one: &Deployment) -> String {
    format!("{}/{}", service.arn.replacen(":service/", ":service-revision/", 1), short(&one.id))
}

fn status(one: &Deployment) -> &'static str {
    match one.rollout_state {
        RolloutState::InProgress => "IN_PROGRESS",
        RolloutState::Completed => "SUCCESSFUL",
        RolloutState::Failed => "ROLLBACK_SUCCESSFUL",
    }
}

fn finished(one: &Deployment) -> Option<f64> {
    (one.rollout_state != RolloutState::InProgress).then(|| epoch(one.updated))
}
