//! ECS: clusters, services with their tasks and scaling, and the containers of the tasks.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ecs::types::{Cluster, ClusterField, Service, ServiceField, Tag, TaskDefinition};
use futures_util::future::{BoxFuture, join, join_all};

use super::source::{Found, Inventory, ask_each};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::{Fault, FaultKind};
use crate::signals::paging::{all_pages, all_pages_unless_gone, unless_gone};

mod scaling;
mod task;

use scaling::Scaling;

/// The inventory.
#[derive(Debug)]
pub struct EcsServices;

const CLUSTER: &str = "ecs cluster";
const SERVICE: &str = "ecs service";
const CONTAINER: &str = "ecs container";

impl Inventory for EcsServices {
    fn id(&self) -> &'static str {
        "ecs"
    }
    fn title(&self) -> &'static str {
        "ECS"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[CLUSTER, SERVICE, CONTAINER]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:DescribeScalingPolicies",
            "ecs:DescribeClusters",
            "ecs:DescribeServices",
            "ecs:DescribeTaskDefinition",
            "ecs:ListClusters",
            "ecs:ListServices",
        ]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match cluster_arns(session).await {
                Ok(arns) if arns.is_empty() => Found::default(),
                Ok(arns) => read(session, arns).await,
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

async fn cluster_arns(session: &Session) -> Result<Vec<String>, Fault> {
    let pages = session.ecs().list_clusters().into_paginator().page_size(limits::ECS_LIST_PAGE).send();
    all_pages(session, "ListClusters", pages, |page| page.next_token(), |page| page.cluster_arns.unwrap_or_default())
        .await
}

async fn read(session: &Session, arns: Vec<String>) -> Found {
    let clusters = clusters(session, &arns);
    let services = ask_each(arns.clone(), |arn| services(session, arn));
    let ((clusters, services), scaling) = join(join(clusters, services), scaling::read(session)).await;
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for services in services {
        match services {
            Ok(services) => all.extend(services),
            Err(fault) => faults.push(fault),
        }
    }
    let mut found = Found::of(&[CLUSTER], clusters);
    for fault in &faults {
        found = found.and(Found::unlisted(&[SERVICE, CONTAINER], fault));
    }
    let wanted: BTreeSet<String> = all.iter().filter_map(|service| service.task_definition.clone()).collect();
    let definitions = ask_each(wanted.into_iter().collect(), |arn| async move {
        let definition = definition(session, &arn).await;
        Some((arn, definition))
    });
    let definitions: BTreeMap<String, Result<TaskDefinition, Fault>> = definitions.await.into_iter().collect();
    for service in &all {
        let definition = service.task_definition().and_then(|arn| definitions.get(arn));
        found = found.and(described(service, definition, &scaling));
    }
    found
}

async fn clusters(session: &Session, arns: &[String]) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    let batches = arns.chunks(limits::ECS_CLUSTERS_PER_CALL).map(|batch| {
        let request = session.ecs().describe_clusters().set_clusters(Some(batch.to_vec()));
        request.include(ClusterField::Settings).include(ClusterField::Tags).send()
    });
    let mut clusters = Vec::new();
    for answer in join_all(batches).await {
        let answer = answer.map_err(|error| session.fault("DescribeClusters", &error))?;
        clusters.extend(answer.clusters().iter().map(cluster));
    }
    clusters.retain(|cluster: &Configured| selection.admits(&cluster.name, &cluster.arn));
    Ok(clusters)
}

fn cluster(cluster: &Cluster) -> Configured {
    let insights = cluster.settings().iter().find(|setting| {
        setting.name().is_some_and(|name| *name == aws_sdk_ecs::types::ClusterSettingName::ContainerInsights)
    });
    let settings = vec![
        Setting::new(
            "container_insights",
            Value::text(insights.and_then(|setting| setting.value()).or(Some("disabled"))),
        ),
        Setting::new("capacity_providers", Value::list(cluster.capacity_providers())),
    ];
    let (name, arn) = (cluster.cluster_name(), cluster.cluster_arn());
    Configured::new(CLUSTER, name.unwrap_or_default(), arn.unwrap_or_default(), settings).tagged(tags(cluster.tags()))
}

fn tags(tags: &[Tag]) -> Tags {
    Tags::known(tags.iter().filter_map(|tag| Some((tag.key()?, tag.value().unwrap_or_default()))))
}

/// The services of a cluster, ten a call; `None` for a cluster that is gone.
async fn services(session: &Session, cluster: String) -> Option<Result<Vec<Service>, Fault>> {
    let listed = async {
        let selection = session.selection().await?;
        let request = session.ecs().list_services().cluster(&cluster);
        let pages = request.into_paginator().page_size(limits::ECS_LIST_PAGE).send();
        let arns = all_pages_unless_gone(
            session,
            "ListServices",
            pages,
            |page| page.next_token(),
            |page| page.service_arns.unwrap_or_default(),
        )
        .await?;
        let whole = (last_part(&cluster), cluster.as_str());
        Ok(arns.map(|mut arns| {
            arns.retain(|arn| selection.admits_part(last_part(arn), arn, whole));
            arns
        }))
    };
    let arns = match listed.await {
        Ok(arns) => arns?,
        Err(fault) => return Some(Err(fault)),
    };
    let batches: Vec<Vec<String>> = arns.chunks(limits::ECS_SERVICES_PER_CALL).map(<[String]>::to_vec).collect();
    let answers = ask_each(batches, |batch| describe(session, &cluster, batch)).await;
    Some(answers.into_iter().try_fold(Vec::new(), |mut all, services| {
        all.extend(services?);
        Ok(all)
    }))
}

async fn describe(session: &Session, cluster: &str, arns: Vec<String>) -> Option<Result<Vec<Service>, Fault>> {
    let request = session.ecs().describe_services().cluster(cluster).set_services(Some(arns));
    let answer = match unless_gone(session, "DescribeServices", request.include(ServiceField::Tags).send().await) {
        Ok(answer) => answer?,
        Err(fault) => return Some(Err(fault)),
    };
    // A MISSING service was deleted since it was listed; an INACTIVE one is remembered by ECS only.
    if let Some(failure) = answer.failures().iter().find(|failure| failure.reason() != Some("MISSING")) {
        let reason = failure.reason().or(failure.detail()).unwrap_or("no reason given");
        return Some(Err(Fault::new(FaultKind::Service, "DescribeServices", reason)));
    }
    let services = answer.services.unwrap_or_default();
    Some(Ok(services.into_iter().filter(|service| service.status() != Some("INACTIVE")).collect()))
}

async fn definition(session: &Session, arn: &str) -> Result<TaskDefinition, Fault> {
    let answer = session.ecs().describe_task_definition().task_definition(arn).send().await;
    let answer = answer.map_err(|error| session.fault("DescribeTaskDefinition", &error))?;
    let none = || Fault::new(FaultKind::Service, "DescribeTaskDefinition", "the answer is empty");
    answer.task_definition.ok_or_else(none)
}

fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn described(
    service: &Service,
    definition: Option<&Result<TaskDefinition, Fault>>,
    scaling: &Result<Scaling, Fault>,
) -> Found {
    let name = service.service_name().unwrap_or_default();
    let cluster = last_part(service.cluster_arn().unwrap_or_default());
    let target = format!("service/{cluster}/{name}");
    let mut settings = scaling::settings(scaling, &target, service.desired_count());
    settings.extend(deployment(service));
    let whole = format!("{cluster}/{name}");
    let mut containers = Found::default();
    match definition {
        Some(Ok(definition)) => {
            settings.extend(task::settings(definition));
            containers.resources = task::containers(CONTAINER, &whole, definition);
        }
        Some(Err(fault)) => {
            settings.extend(task::unknown(fault));
            containers = Found::unlisted(&[CONTAINER], fault);
        }
        None => {}
    }
    let service = Configured::new(SERVICE, &whole, service.service_arn().unwrap_or_default(), settings)
        .tagged(tags(service.tags()));
    Found { resources: vec![service], ..Found::default() }.and(containers)
}

fn deployment(service: &Service) -> Vec<Setting> {
    let deployment = service.deployment_configuration();
    let breaker = deployment.and_then(|deployment| deployment.deployment_circuit_breaker());
    let controller = service.deployment_controller().map_or("ECS", |controller| controller.r#type().as_str());
    let strategy = deployment.and_then(|deployment| deployment.strategy()).map(|strategy| strategy.as_str());
    let providers = service.capacity_provider_strategy().iter().map(|provider| {
        format!("{} weight {} base {}", provider.capacity_provider(), provider.weight(), provider.base())
    });
    let groups = service.load_balancers().iter().filter_map(|balancer| balancer.target_group_arn());
    vec![
        Setting::new("launch_type", Value::text(service.launch_type().map(|kind| kind.as_str()))),
        Setting::new("capacity_providers", Value::list(providers)),
        Setting::new("platform_version", Value::text(service.platform_version())),
        Setting::new("deployment_controller", Value::text(Some(controller))),
        Setting::new("deployment_strategy", Value::text(strategy.or(Some("ROLLING")))),
        Setting::new("min_healthy_percent", Value::number(deployment.and_then(|d| d.minimum_healthy_percent()))),
        Setting::new("max_percent", Value::number(deployment.and_then(|deployment| deployment.maximum_percent()))),
        Setting::new("circuit_breaker", Value::Bool(breaker.is_some_and(|breaker| breaker.enable()))),
        Setting::new("rollback_on_failure", Value::Bool(breaker.is_some_and(|breaker| breaker.rollback()))),
        Setting::new("health_check_grace_s", Value::number(service.health_check_grace_period_seconds())),
        Setting::new("execute_command", Value::Bool(service.enable_execute_command())),
        Setting::names("target_groups", Value::list(groups)),
    ]
}
