//! ECS: clusters, services, tasks and task definitions.

mod clusters;
mod deployments;
mod revisions;
mod services;
mod task_definitions;
mod tasks;
mod update;

use winterbaume_ecs::model::{Failure, ListTagsForResourceResponse, Tag};

use super::{ApiError, Ask, Edit, Reply, reply};
use crate::drill::world::Tags;
use crate::drill::world::ecs::{Cluster, Service};

/// Most items of a page, and of a batch of most Describe operations.
const MAX_PAGE: usize = 100;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "ListClusters" => clusters::list(ask),
        "DescribeClusters" => clusters::describe(ask),
        "ListServices" => services::list(ask),
        "DescribeServices" => services::describe(ask),
        "ListServiceDeployments" => deployments::list(ask),
        "DescribeServiceDeployments" => deployments::describe(ask),
        "DescribeServiceRevisions" => revisions::describe(ask),
        "ListTasks" => tasks::list(ask),
        "DescribeTasks" => tasks::describe(ask),
        "ListTaskDefinitions" => task_definitions::list(ask),
        "ListTaskDefinitionFamilies" => task_definitions::families(ask),
        "DescribeTaskDefinition" => task_definitions::describe(ask),
        "ListTagsForResource" => list_tags_for_resource(ask),
        _ => Err(ask.unknown()),
    }
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "UpdateService" => update::service(edit),
        "StopServiceDeployment" => update::stop_deployment(edit),
        _ => Err(edit.unknown()),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("InvalidParameterException", message)
}

/// The last part of an ARN, or the name that stands alone.
fn short(name_or_arn: &str) -> &str {
    name_or_arn.rsplit('/').next().unwrap_or(name_or_arn)
}

/// The cluster of a request, by name or ARN; `default` where none is named.
fn cluster<'a>(ask: &Ask<'a>) -> Result<&'a Cluster, ApiError> {
    let asked = ask.input.text("cluster").unwrap_or("default");
    let found = ask.world.clusters.get(short(asked));
    found.ok_or_else(|| ApiError::bad("ClusterNotFoundException", "Cluster not found."))
}

/// A service of a cluster, by name or ARN.
fn service<'a>(cluster: &'a Cluster, asked: &str) -> Option<&'a Service> {
    if asked.starts_with("arn:") {
        return cluster.services.values().find(|service| service.arn == asked);
    }
    cluster.services.get(asked)
}

/// A page of strings.
fn page(
    ask: &Ask<'_>,
    all: Vec<String>,
    default: usize,
    filter: &str,
) -> Result<(Vec<String>, Option<String>), ApiError> {
    let size = ask.size("maxResults", default, MAX_PAGE);
    let page = ask.page(all, size, ask.input.text("nextToken"), filter);
    let page = page.map_err(|_| invalid("Invalid token: nextToken"))?;
    Ok((page.items, page.next))
}

/// A batch of names that must have 1 to `most` members.
fn batch<'a>(ask: &Ask<'a>, key: &str, what: &str, most: usize) -> Result<Vec<&'a str>, ApiError> {
    let names = ask.input.texts(key);
    match names.len() {
        0 => Err(invalid(format!("{what} cannot be empty."))),
        many if many > most => Err(invalid(format!("{what} cannot have more than {most} elements."))),
        _ => Ok(names),
    }
}

fn includes(ask: &Ask<'_>, what: &str) -> bool {
    ask.input.texts("include").contains(&what)
}

fn missing(arn: String) -> Failure {
    Failure { arn: Some(arn), detail: None, reason: Some("MISSING".to_owned()) }
}

fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}

fn list_tags_for_resource(ask: &Ask<'_>) -> Reply {
    let arn = ask.input.text("resourceArn").unwrap_or_default();
    let clusters = ask.world.clusters.values();
    let tags = clusters.clone().find(|cluster| cluster.arn == arn).map(|cluster| &cluster.tags).or_else(|| {
        clusters.flat_map(|cluster| cluster.services.values()).find(|service| service.arn == arn).map(|one| &one.tags)
    });
    let tags = tags.ok_or_else(|| invalid("The specified resource is not found."))?;
    reply(&ListTagsForResourceResponse { tags: Some(tag_list(tags)) })
}
