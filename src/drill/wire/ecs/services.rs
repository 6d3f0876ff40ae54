//! ListServices and DescribeServices.

use winterbaume_ecs::model::{
    Deployment as DeploymentOutput, DeploymentCircuitBreaker, DeploymentConfiguration, DeploymentController,
    DescribeServicesResponse, ListServicesResponse, LoadBalancer, Service as ServiceOutput,
    ServiceEvent as EventOutput,
};

use super::super::{Ask, Reply, epoch, reply};
use super::{batch, cluster, deployments, includes, missing, page, service, tag_list};
use crate::drill::world::ecs::{Deployment, Service, ServiceEvent, TargetGroup};

/// Services of a ListServices page where the client names no number, and of a DescribeServices batch.
const DEFAULT_PAGE: usize = 10;
const BATCH: usize = 10;

pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let cluster = cluster(ask)?;
    let fargate = ask.input.text("launchType").is_none_or(|kind| kind == "FARGATE");
    let arns = cluster.services.values().filter(|_| fargate).map(|service| service.arn.clone()).collect();
    let (service_arns, next_token) = page(ask, arns, DEFAULT_PAGE, &format!("{}{fargate}", cluster.name))?;
    reply(&ListServicesResponse { next_token, service_arns: Some(service_arns) })
}

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let names = batch(ask, "services", "Services", BATCH)?;
    let cluster = cluster(ask)?;
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match service(cluster, name) {
            Some(found) => services.push(output(ask, found)),
            None if name.starts_with("arn:") => failures.push(missing(name.to_owned())),
            None => {
                let arn = cluster.arn.replace(":cluster/", ":service/");
                failures.push(missing(format!("{arn}/{name}")));
            }
        }
    }
    reply(&DescribeServicesResponse { failures: Some(failures), services: Some(services) })
}

fn count(number: u32) -> Option<i32> {
    i32::try_from(number).ok()
}

/// A service as the API shows it.
pub(super) fn output(ask: &Ask<'_>, service: &Service) -> ServiceOutput {
    let deployments = service.deployments.iter().enumerate();
    let deployments = deployments.map(|(place, one)| deployment(service, one, place == 0)).collect();
    ServiceOutput {
        cluster_arn: Some(service.cluster_arn.clone()),
        created_at: Some(epoch(service.created)),
        current_service_deployment: service
            .history
            .iter()
            .find(|known| known.status.is_running())
            .map(|known| deployments::arn(service, &known.id)),
        deployment_configuration: Some(DeploymentConfiguration {
            deployment_circuit_breaker: Some(DeploymentCircuitBreaker {
                enable: service.circuit_breaker.enable,
                rollback: service.circuit_breaker.rollback,
            }),
            maximum_percent: count(service.maximum_percent),
            minimum_healthy_percent: count(service.minimum_healthy_percent),
            strategy: Some("ROLLING".to_owned()),
            ..DeploymentConfiguration::default()
        }),
        deployment_controller: Some(DeploymentController { r#type: "ECS".to_owned() }),
        deployments: Some(deployments),
        desired_count: count(service.desired),
        enable_e_c_s_managed_tags: Some(true),
        enable_execute_command: Some(false),
        events: Some(service.events.iter().map(event).collect()),
        launch_type: Some("FARGATE".to_owned()),
        load_balancers: Some(service.target_group.iter().map(load_balancer).collect()),
        pending_count: count(service.pending()),
        placement_constraints: Some(Vec::new()),
        placement_strategy: Some(Vec::new()),
        platform_family: Some("Linux".to_owned()),
        platform_version: Some("LATEST".to_owned()),
        propagate_tags: Some("SERVICE".to_owned()),
        running_count: count(service.running()),
        scheduling_strategy: Some("REPLICA".to_owned()),
        service_arn: Some(service.arn.clone()),
        service_name: Some(service.name.clone()),
        service_registries: Some(Vec::new()),
        status: Some("ACTIVE".to_owned()),
        tags: Some(if includes(ask, "TAGS") { tag_list(&service.tags) } else { Vec::new() }),
        task_definition: Some(service.task_definition.clone()),
        ..ServiceOutput::default()
    }
}

fn deployment(service: &Service, deployment: &Deployment, primary: bool) -> DeploymentOutput {
    DeploymentOutput {
        created_at: Some(epoch(deployment.created)),
        desired_count: count(deployment.desired),
        failed_tasks: count(deployment.failed_tasks),
        id: Some(deployment.id.clone()),
        launch_type: Some("FARGATE".to_owned()),
        pending_count: count(service.pending_of(&deployment.id)),
        platform_family: Some("Linux".to_owned()),
        platform_version: Some("1.4.0".to_owned()),
        rollout_state: Some(deployment.rollout_state.word().to_owned()),
        rollout_state_reason: Some(deployment.rollout_reason.clone()),
        running_count: count(service.running_of(&deployment.id)),
        status: Some(if primary { "PRIMARY" } else { "ACTIVE" }.to_owned()),
        task_definition: Some(deployment.task_definition.clone()),
        updated_at: Some(epoch(deployment.updated)),
        ..DeploymentOutput::default()
    }
}

fn event(event: &ServiceEvent) -> EventOutput {
    EventOutput {
        created_at: Some(epoch(event.created)),
        id: Some(event.id.clone()),
        message: Some(event.message.clone()),
    }
}

fn load_balancer(target: &TargetGroup) -> LoadBalancer {
    LoadBalancer {
        container_name: Some(target.container.clone()),
        container_port: count(target.port),
        target_group_arn: Some(target.arn.clone()),
        ..LoadBalancer::default()
    }
}
