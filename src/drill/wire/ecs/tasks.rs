//! ListTasks and DescribeTasks.

use winterbaume_ecs::model::{Container, DescribeTasksResponse, ListTasksResponse, Task as TaskOutput};

use super::super::{Ask, Reply, epoch, reply};
use super::{MAX_PAGE, batch, cluster, includes, missing, page, service, short, tag_list};
use crate::drill::world::ecs::{Cluster, Service, Task, TaskStatus};

/// What ECS wants of a task: only tasks that are being stopped shall not run.
fn desired(task: &Task) -> &'static str {
    let stopping = matches!(task.last_status, TaskStatus::Deprovisioning | TaskStatus::Stopped);
    if stopping || task.stopping.is_some() { "STOPPED" } else { "RUNNING" }
}

/// Tasks that are not stopped, then the last stopped ones, of every service.
fn tasks(cluster: &Cluster) -> impl Iterator<Item = (&Service, &Task)> {
    cluster
        .services
        .values()
        .flat_map(|service| service.tasks.iter().chain(&service.stopped).map(move |task| (service, task)))
}

/// Tasks that shall run, unless the client asks for stopped ones.
pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let cluster = cluster(ask)?;
    let input = ask.input;
    let wanted_status = input.text("desiredStatus").unwrap_or("RUNNING");
    let (name, family, started_by) = (input.text("serviceName"), input.text("family"), input.text("startedBy"));
    let only = match name {
        Some(name) => Some(
            service(cluster, name)
                .ok_or_else(|| super::ApiError::bad("ServiceNotFoundException", "Service not found."))?,
        ),
        None => None,
    };
    let arns = tasks(cluster)
        .filter(|(service, task)| {
            desired(task) == wanted_status
                && only.is_none_or(|only| only.name == service.name)
                && family.is_none_or(|family| short(&task.task_definition).split(':').next() == Some(family))
                && started_by.is_none_or(|id| task.deployment == id)
        })
        .map(|(_, task)| task.arn.clone())
        .collect();
    let filter = format!("{}{wanted_status}{name:?}{family:?}{started_by:?}", cluster.name);
    let (task_arns, next_token) = page(ask, arns, MAX_PAGE, &filter)?;
    reply(&ListTasksResponse { next_token, task_arns: Some(task_arns) })
}

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let asked = batch(ask, "tasks", "Tasks", MAX_PAGE)?;
    let cluster = cluster(ask)?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for name in asked {
        match tasks(cluster).find(|(_, task)| task.arn == name || task.id == name) {
            Some((service, task)) => found.push(output(ask, service, task)),
            None if name.starts_with("arn:") => failures.push(missing(name.to_owned())),
            None => failures.push(missing(format!("{}/{name}", cluster.arn.replace(":cluster/", ":task/")))),
        }
    }
    reply(&DescribeTasksResponse { failures: Some(failures), tasks: Some(found) })
}

fn output(ask: &Ask<'_>, service: &Service, task: &Task) -> TaskOutput {
    let definition = ask.world.task_definitions.get(short(&task.task_definition));
    let container_arn = |name: &str| format!("{}/{name}", task.arn.replacen(":task/", ":container/", 1));
    let container = |one: &crate::drill::world::ecs::Container| Container {
        container_arn: Some(container_arn(&one.name)),
        image: Some(one.image.clone()),
        last_status: Some(task.last_status.word().to_owned()),
        name: Some(one.name.clone()),
        reason: task.stopped_reason.clone().filter(|_| task.started.is_none()),
        task_arn: Some(task.arn.clone()),
        ..Container::default()
    };
    TaskOutput {
        cluster_arn: Some(service.cluster_arn.clone()),
        containers: definition.map(|definition| definition.containers.iter().map(container).collect()),
        cpu: definition.map(|definition| definition.cpu.to_string()),
        created_at: Some(epoch(task.created)),
        desired_status: Some(desired(task).to_owned()),
        group: Some(format!("service:{}", service.name)),
        health_status: Some("UNKNOWN".to_owned()),
        last_status: Some(task.last_status.word().to_owned()),
        launch_type: Some("FARGATE".to_owned()),
        memory: definition.map(|definition| definition.memory_mb.to_string()),
        platform_family: Some("Linux".to_owned()),
        platform_version: Some("1.4.0".to_owned()),
        started_at: task.started.map(epoch),
        started_by: Some(task.deployment.clone()),
        stop_code: task.stop_code.clone(),
        stopped_at: task.stopped.map(epoch),
        stopped_reason: task.stopped_reason.clone(),
        stopping_at: task.stopping.map(epoch),
        tags: Some(if includes(ask, "TAGS") { tag_list(&service.tags) } else { Vec::new() }),
        task_arn: Some(task.arn.clone()),
        task_definition_arn: Some(task.task_definition.clone()),
        ..TaskOutput::default()
    }
}
