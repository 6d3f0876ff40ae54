//! ListTaskDefinitions, ListTaskDefinitionFamilies and DescribeTaskDefinition.

use std::collections::HashMap;

use winterbaume_ecs::model::{
    ContainerDefinition, DescribeTaskDefinitionResponse, HealthCheck, ListTaskDefinitionFamiliesResponse,
    ListTaskDefinitionsResponse, LogConfiguration, PortMapping, RuntimePlatform, TaskDefinition as DefinitionOutput,
};

use super::super::{ApiError, Ask, Reply, epoch, reply};
use super::{MAX_PAGE, page};
use crate::drill::world::ecs::{Container, TaskDefinition};

/// Of one family where the client names one: the whole name, as `familyPrefix` of this operation means it.
pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let (family, sort) = (ask.input.text("familyPrefix"), ask.input.text("sort"));
    let status = ask.input.text("status").unwrap_or("ACTIVE");
    let mut definitions: Vec<&TaskDefinition> = ask
        .world
        .task_definitions
        .values()
        .filter(|one| self::status(one) == status && family.is_none_or(|family| one.family == family))
        .collect();
    definitions.sort_by(|a, b| (&a.family, a.revision).cmp(&(&b.family, b.revision)));
    if sort == Some("DESC") {
        definitions.reverse();
    }
    let arns = definitions.into_iter().map(|definition| definition.arn.clone()).collect();
    let (arns, next_token) = page(ask, arns, MAX_PAGE, &format!("{family:?}{sort:?}{status}"))?;
    reply(&ListTaskDefinitionsResponse { next_token, task_definition_arns: Some(arns) })
}

pub(super) fn families(ask: &Ask<'_>) -> Reply {
    let prefix = ask.input.text("familyPrefix").unwrap_or_default();
    let all = ask.world.task_definitions.values().map(|definition| definition.family.clone());
    let mut families: Vec<String> = all.filter(|family| family.starts_with(prefix)).collect();
    families.sort();
    families.dedup();
    let (families, next_token) = page(ask, families, MAX_PAGE, prefix)?;
    reply(&ListTaskDefinitionFamiliesResponse { families: Some(families), next_token })
}

/// By ARN, `family:revision`, or `family` alone for its newest revision.
pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let asked = ask.input.text("taskDefinition").unwrap_or_default();
    let found =
        find(ask, asked).ok_or_else(|| ApiError::bad("ClientException", "Unable to describe task definition."))?;
    let tags = Some(Vec::new());
    reply(&DescribeTaskDefinitionResponse { tags, task_definition: Some(output(ask, found)) })
}

/// By ARN, `family:revision`, or `family` alone for its newest active revision.
pub(super) fn find<'a>(ask: &Ask<'a>, asked: &str) -> Option<&'a TaskDefinition> {
    let all = &ask.world.task_definitions;
    if asked.starts_with("arn:") {
        return all.values().find(|one| one.arn == asked);
    }
    let of_family = all.values().filter(|one| one.family == asked && one.deregistered.is_none());
    all.get(asked).or_else(|| of_family.max_by_key(|one| one.revision))
}

fn status(definition: &TaskDefinition) -> &'static str {
    if definition.deregistered.is_some() { "INACTIVE" } else { "ACTIVE" }
}

fn output(ask: &Ask<'_>, definition: &TaskDefinition) -> DefinitionOutput {
    DefinitionOutput {
        compatibilities: Some(vec!["EC2".to_owned(), "FARGATE".to_owned()]),
        container_definitions: Some(definition.containers.iter().map(|one| container(ask, one)).collect()),
        cpu: Some(definition.cpu.to_string()),
        deregistered_at: definition.deregistered.map(epoch),
        execution_role_arn: Some(definition.execution_role.clone()),
        family: Some(definition.family.clone()),
        memory: Some(definition.memory_mb.to_string()),
        network_mode: Some("awsvpc".to_owned()),
        registered_at: Some(epoch(definition.registered)),
        registered_by: Some(definition.registered_by.clone()),
        requires_compatibilities: Some(vec!["FARGATE".to_owned()]),
        revision: i32::try_from(definition.revision).ok(),
        runtime_platform: Some(RuntimePlatform {
            cpu_architecture: Some(definition.architecture.clone()),
            operating_system_family: Some("LINUX".to_owned()),
        }),
        status: Some(status(definition).to_owned()),
        task_definition_arn: Some(definition.arn.clone()),
        volumes: Some(Vec::new()),
        ..DefinitionOutput::default()
    }
}

fn container(ask: &Ask<'_>, container: &Container) -> ContainerDefinition {
    let port = |port: u32| PortMapping {
        container_port: i32::try_from(port).ok(),
        host_port: i32::try_from(port).ok(),
        protocol: Some("tcp".to_owned()),
        ..PortMapping::default()
    };
    let options = [
        ("awslogs-group", container.log_group.clone()),
        ("awslogs-region", ask.world.region.clone()),
        ("awslogs-stream-prefix", container.name.clone()),
    ];
    ContainerDefinition {
        cpu: Some(0),
        essential: Some(true),
        image: Some(container.image.clone()),
        log_configuration: Some(LogConfiguration {
            log_driver: "awslogs".to_owned(),
            options: Some(options.map(|(key, value)| (key.to_owned(), value)).into_iter().collect::<HashMap<_, _>>()),
            secret_options: None,
        }),
        health_check: container.health_path.as_deref().map(|path| health_check(path, container.port)),
        memory: container.memory_mb.and_then(|limit| i32::try_from(limit).ok()),
        name: Some(container.name.clone()),
        port_mappings: Some(container.port.map(port).into_iter().collect()),
        ..ContainerDefinition::default()
    }
}

fn health_check(path: &str, port: Option<u32>) -> HealthCheck {
    let port = port.unwrap_or(80);
    HealthCheck {
        command: vec!["CMD-SHELL".to_owned(), format!("curl -f http://localhost:{port}{path} || exit 1")],
        interval: Some(30),
        retries: Some(3),
        start_period: Some(60),
        timeout: Some(5),
    }
}
