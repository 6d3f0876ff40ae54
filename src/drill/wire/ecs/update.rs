//! UpdateService and StopServiceDeployment.

use winterbaume_ecs::model::{StopServiceDeploymentResponse, UpdateServiceResponse};

use super::super::{ApiError, Edit, Input, Reply, reply};
use super::{cluster, deployments, invalid, service as find, services, task_definitions};
use crate::drill::world::ecs::Service;
use crate::drill::world::service_deployment::{DeploymentStatus, StopType};

/// Parameters that the drill's services have.
const KNOWN: &[&str] =
    &["cluster", "service", "desiredCount", "taskDefinition", "forceNewDeployment", "deploymentConfiguration"];

/// Changes the count, the bounds of a rollout, or begins a rollout. Another task definition, or force, begins one.
pub(super) fn service(edit: &mut Edit<'_>) -> Reply {
    let input = edit.input;
    edit.only(KNOWN).map_err(invalid)?;
    let ask = edit.ask();
    let cluster = cluster(&ask)?;
    let asked = input.text("service").ok_or_else(|| invalid("Service cannot be empty."))?;
    let current =
        find(cluster, asked).ok_or_else(|| ApiError::bad("ServiceNotFoundException", "Service not found."))?;
    let desired = match input.int("desiredCount") {
        Some(count) => Some(u32::try_from(count).map_err(|_| invalid("desiredCount cannot be less than 0"))?),
        None if input.has("desiredCount") => return Err(invalid("desiredCount must be a number.")),
        None => None,
    };
    let client = |message: &str| ApiError::bad("ClientException", message);
    let definition = match input.text("taskDefinition") {
        Some(asked) => {
            let found = task_definitions::find(&ask, asked).ok_or_else(|| client("TaskDefinition not found."))?;
            if found.deregistered.is_some() {
                return Err(client("TaskDefinition is inactive"));
            }
            Some(found.arn.clone())
        }
        None => None,
    };
    let force = input.flag("forceNewDeployment").unwrap_or(false);
    let rolls = force || definition.as_ref().is_some_and(|wanted| *wanted != current.task_definition);
    let definition = definition.unwrap_or_else(|| current.task_definition.clone());
    let (cluster, name) = (cluster.name.clone(), current.name.clone());
    let now = edit.now;
    let changed = edit.world.clusters.get_mut(&cluster).and_then(|cluster| cluster.services.get_mut(&name));
    let changed = changed.ok_or_else(|| ApiError::bad("ServiceNotFoundException", "Service not found."))?;
    if let Some(configuration) = input.inner("deploymentConfiguration") {
        configure(changed, configuration)?;
    }
    if let Some(desired) = desired {
        changed.desired = desired;
        if let Some(primary) = changed.deployments.first_mut().filter(|primary| primary.desired != desired) {
            primary.desired = desired;
            primary.updated = now;
        }
    }
    if rolls {
        changed.deploy(&definition, now);
    }
    let ask = edit.ask();
    let shown = ask.world.clusters.get(&cluster).and_then(|cluster| cluster.services.get(&name));
    reply(&UpdateServiceResponse { service: shown.map(|one| services::output(&ask, one)) })
}

fn configure(service: &mut Service, configuration: Input<'_>) -> Result<(), ApiError> {
    let percent = |key: &str, held: u32| match configuration.int(key) {
        Some(value) => u32::try_from(value).map_err(|_| invalid(format!("{key} cannot be less than 0"))),
        None => Ok(held),
    };
    let least = percent("minimumHealthyPercent", service.minimum_healthy_percent)?;
    let most = percent("maximumPercent", service.maximum_percent)?;
    if most <= least && most <= 100 {
        return Err(invalid(
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
        ));
    }
    (service.minimum_healthy_percent, service.maximum_percent) = (least, most);
    if let Some(breaker) = configuration.inner("deploymentCircuitBreaker") {
        service.circuit_breaker.enable = breaker.flag("enable").unwrap_or(service.circuit_breaker.enable);
        service.circuit_breaker.rollback = breaker.flag("rollback").unwrap_or(service.circuit_breaker.rollback);
    }
    Ok(())
}

/// Asks a service deployment that is under way to stop; the scheduler does it.
pub(super) fn stop_deployment(edit: &mut Edit<'_>) -> Reply {
    let input = edit.input;
    let arn = input.text("serviceDeploymentArn").ok_or_else(|| invalid("serviceDeploymentArn cannot be empty."))?;
    let kind = match input.text("stopType") {
        None | Some("ROLLBACK") => StopType::Rollback,
        Some("ABORT") => StopType::Abort,
        Some(other) => return Err(invalid(format!("stopType {other} is not one of ABORT, ROLLBACK."))),
    };
    let unknown = || ApiError::bad("ServiceDeploymentNotFoundException", "Service deployment not found.");
    let conflict = |message: &str| ApiError::bad("ConflictException", message);
    let ask = edit.ask();
    let (service, deployment) = deployments::find(&ask, arn).ok_or_else(unknown)?;
    if !matches!(deployment.status, DeploymentStatus::Pending | DeploymentStatus::InProgress) {
        let state = deployment.status.word();
        return Err(conflict(&format!("The service deployment cannot be stopped because it is in state {state}.")));
    }
    let back = service.history.iter().any(|known| known.status == DeploymentStatus::Successful);
    if kind == StopType::Rollback && !back {
        return Err(conflict("There is no service revision to roll back to."));
    }
    let (service, id, now) = (service.arn.clone(), deployment.id.clone(), edit.now);
    let services = edit.world.clusters.values_mut().flat_map(|cluster| cluster.services.values_mut());
    let mut records = services.filter(|one| one.arn == service).flat_map(|one| &mut one.history);
    let record = records.find(|known| known.id == id).ok_or_else(unknown)?;
    record.stop = Some(kind);
    record.turn(DeploymentStatus::StopRequested, "Service deployment was requested to stop.", now);
    reply(&StopServiceDeploymentResponse { service_deployment_arn: Some(arn.to_owned()) })
}
