//! ListClusters, ListServices for each, DescribeServices ten at a time; beside them the scalable targets.

use std::collections::HashMap;

use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};
use aws_sdk_ecs::operation::list_clusters::ListClustersOutput;
use aws_sdk_ecs::operation::list_services::ListServicesOutput;
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service as EcsService};

use super::{Cluster, Inventory, Rollout, Service, ServiceState};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::moment::moment;
use crate::signals::paging::{Gathered, all_pages, all_pages_unless_gone, each, unless_gone};

/// Reads all services that belong to the environment.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let clusters = clusters(session).await?;
    if clusters.is_empty() {
        return Ok(Inventory { bounds_known: true, ..Inventory::default() });
    }
    let (services, bounds) = futures_util::future::join(services(session, clusters), bounds(session)).await;
    let mut inventory = services?;
    match bounds {
        Ok(bounds) => {
            for service in &mut inventory.services {
                service.bounds = bounds.get(&format!("service/{}/{}", service.cluster, service.name)).copied();
            }
            inventory.bounds_known = true;
        }
        Err(fault) => {
            inventory.fault.get_or_insert(fault);
        }
    }
    Ok(inventory)
}

async fn clusters(session: &Session) -> Result<Vec<Cluster>, Fault> {
    let pages = session.ecs().list_clusters().into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    let arns = |page: ListClustersOutput| page.cluster_arns.unwrap_or_default();
    let arns = all_pages(session, "ListClusters", pages, |page| page.next_token(), arns).await?;
    Ok(arns.iter().map(|arn| Cluster { name: last_part(arn), arn: arn.into() }).collect())
}

/// The services of a cluster by ARN; `None` when they could not be listed.
type Listed = (Cluster, Option<Vec<String>>);

async fn list(session: &Session, cluster: Cluster) -> Result<Option<Listed>, Fault> {
    let request = session.ecs().list_services().cluster(&*cluster.arn);
    let pages = request.into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    let arns = |page: ListServicesOutput| page.service_arns.unwrap_or_default();
    let arns = all_pages_unless_gone(session, "ListServices", pages, |page| page.next_token(), arns).await?;
    Ok(arns.map(|arns| (cluster, Some(arns))))
}

async fn services(session: &Session, clusters: Vec<Cluster>) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let listed = each(clusters, |cluster| list(session, cluster), |cluster, _| Some((cluster.clone(), None))).await?;
    let mut inventory = Inventory { fault: listed.fault, ..Inventory::default() };
    let mut batches: Vec<(Cluster, Vec<String>)> = Vec::new();
    for (cluster, arns) in listed.found {
        let Some(mut arns) = arns else {
            if selection.admits(&cluster.name, &cluster.arn) {
                inventory.unlisted.push(cluster);
            }
            continue;
        };
        arns.retain(|arn| selection.admits_part(&last_part(arn), arn, (&cluster.name, &cluster.arn)));
        arns.sort_unstable();
        batches.extend(arns.chunks(limits::ECS_SERVICES_PER_CALL).map(|batch| (cluster.clone(), batch.to_vec())));
    }
    let described = each(
        batches,
        |(cluster, arns)| describe(session, cluster, arns),
        |(cluster, arns), _| {
            let services = arns.iter().map(|arn| unknown(arn, cluster)).collect();
            Some(Gathered { found: services, fault: None })
        },
    )
    .await?;
    inventory.fault = inventory.fault.or(described.fault);
    for batch in described.found {
        inventory.services.extend(batch.found);
        inventory.fault = inventory.fault.or(batch.fault);
    }
    Ok(inventory)
}

async fn describe(session: &Session, cluster: Cluster, arns: Vec<String>) -> Result<Option<Gathered<Service>>, Fault> {
    let request = session.ecs().describe_services().cluster(&*cluster.arn).set_services(Some(arns));
    let Some(answer) = unless_gone(session, "DescribeServices", request.send().await)? else { return Ok(None) };
    // INACTIVE services are deleted ones that ECS still remembers; MISSING ones were deleted since they were listed.
    let mut found: Vec<Service> =
        answer.services().iter().filter(|s| s.status() != Some("INACTIVE")).map(|s| service(s, &cluster)).collect();
    let mut fault = None;
    for failure in answer.failures().iter().filter(|f| f.reason() != Some("MISSING")) {
        let reason = failure.reason().or(failure.detail()).unwrap_or("no reason given");
        fault.get_or_insert_with(|| Fault::new(FaultKind::Service, "DescribeServices", reason));
        found.extend(failure.arn().map(|arn| unknown(arn, &cluster)));
    }
    Ok(Some(Gathered { found, fault }))
}

async fn bounds(session: &Session) -> Result<HashMap<String, (i32, i32)>, Fault> {
    let pages = session
        .autoscaling()
        .describe_scalable_targets()
        .service_namespace(ServiceNamespace::Ecs)
        .into_paginator()
        .page_size(limits::SCALABLE_TARGETS_PAGE)
        .send();
    let targets = all_pages(
        session,
        "DescribeScalableTargets",
        pages,
        |page| page.next_token(),
        |page| page.scalable_targets.unwrap_or_default(),
    )
    .await?;
    Ok(targets
        .into_iter()
        .filter(|target| target.scalable_dimension == ScalableDimension::EcsServiceDesiredCount)
        .map(|target| (target.resource_id, (target.min_capacity, target.max_capacity)))
        .collect())
}

/// The part of an ARN after its last `/`: clusters end in `cluster/NAME`, services in `service/CLUSTER/NAME`, old ones
/// in `service/NAME`, task definitions in `task-definition/FAMILY:REVISION`.
fn last_part(arn: &str) -> Text {
    Text::new(arn.rsplit('/').next().unwrap_or(arn))
}

fn unknown(arn: &str, cluster: &Cluster) -> Service {
    Service { name: last_part(arn), arn: arn.into(), cluster: cluster.name.clone(), ..Service::default() }
}

fn text(value: Option<&str>) -> Text {
    Text::new(value.unwrap_or_default())
}

fn service(service: &EcsService, cluster: &Cluster) -> Service {
    let primary = service.deployments().iter().find(|d| d.status() == Some("PRIMARY"));
    let rollout = primary.and_then(Deployment::rollout_state).and_then(rollout);
    let failed_before =
        |d: &Deployment| d.status() != Some("PRIMARY") && d.rollout_state() == Some(&DeploymentRolloutState::Failed);
    let several = service.deployments().len() > 1 || service.task_sets().len() > 1;
    let state = ServiceState {
        desired: service.desired_count(),
        running: service.running_count(),
        pending: service.pending_count(),
        status: text(service.status()),
        task_definition: last_part(service.task_definition().unwrap_or_default()),
        launch: launch(service),
        controller: service.deployment_controller().map_or("ECS".into(), |c| Text::new(c.r#type().as_str())),
        rollout,
        rollout_reason: text(primary.and_then(Deployment::rollout_state_reason)),
        rolled_back: service.deployments().iter().any(failed_before),
        deploying: several || rollout == Some(Rollout::InProgress),
        failed_tasks: primary.map_or(0, Deployment::failed_tasks),
        changed_at: service
            .deployments()
            .iter()
            .flat_map(|d| [d.created_at(), d.updated_at()])
            .flatten()
            .filter_map(moment)
            .max(),
        deployed_at: primary.and_then(Deployment::created_at).and_then(moment),
        event: text(service.events().first().and_then(|event| event.message())),
        unsteady_since: service
            .events()
            .iter()
            .take_while(|event| !event.message().is_some_and(|m| m.contains("has reached a steady state")))
            .filter_map(|event| event.created_at().and_then(moment))
            .min(),
    };
    Service {
        name: text(service.service_name()),
        arn: text(service.service_arn()),
        cluster: cluster.name.clone(),
        state: Some(state),
        ..Service::default()
    }
}

fn rollout(state: &DeploymentRolloutState) -> Option<Rollout> {
    match state {
        DeploymentRolloutState::InProgress => Some(Rollout::InProgress),
        DeploymentRolloutState::Completed => Some(Rollout::Completed),
        DeploymentRolloutState::Failed => Some(Rollout::Failed),
        _ => None,
    }
}

fn launch(service: &EcsService) -> Text {
    let providers: Vec<&str> =
        service.capacity_provider_strategy().iter().map(|item| item.capacity_provider()).collect();
    match service.launch_type() {
        Some(launch) if providers.is_empty() => Text::new(launch.as_str()),
        _ => Text::new(providers.join(", ")),
    }
}
