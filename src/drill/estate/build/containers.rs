//! Builds clusters, services with their running tasks, task definitions and scalable targets.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::Site;
use crate::drill::estate::containers::{ClusterData, ScalingData, ServiceData};
use crate::drill::world::autoscaling::{ScalableTarget, ScalingPolicy};
use crate::drill::world::ecs::{
    Cluster, Container, Deployment, RolloutState, Service, ServiceEvent, TargetGroup, Task, TaskDefinition, TaskStatus,
    deployment_id,
};
use crate::drill::world::service_deployment::{DeploymentStatus, ServiceDeployment};
use crate::drill::world::{EnvironmentWorld, hash};

/// Older revisions that a family keeps; one more was deregistered.
const OLDER_REVISIONS: u32 = 4;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    for data in &site.data.resources.ecs.cluster {
        let mut cluster = Cluster {
            name: data.name.clone(),
            arn: site.arn("ecs", &format!("cluster/{}", data.name)),
            container_insights: data.container_insights,
            services: Default::default(),
            tags: site.data.resources.tags.clone(),
        };
        for service in &data.service {
            for revision in service.revision.saturating_sub(OLDER_REVISIONS + 1).max(1)..=service.revision {
                let definition = task_definition(data, service, revision, site);
                world.task_definitions.insert(format!("{}:{revision}", definition.family), definition);
            }
            if let Some(scaling) = &service.scaling {
                let target = scalable_target(data, service, scaling, site);
                world.scalable_targets.insert(target.resource_id.clone(), target);
            }
            cluster.services.insert(service.name.clone(), build_service(&cluster.arn, data, service, site));
        }
        world.clusters.insert(cluster.name.clone(), cluster);
    }
}

/// Name of the task definition family of a service.
pub fn family(cluster: &str, service: &str) -> String {
    format!("{cluster}-{service}")
}

fn task_definition(cluster: &ClusterData, service: &ServiceData, revision: u32, site: &Site<'_>) -> TaskDefinition {
    let family = family(&cluster.name, &service.name);
    let age = service.revision - revision;
    let tag = if age == 0 { service.image_tag.clone() } else { format!("{}-{age}", service.image_tag) };
    let log_group = service.log_group.clone().unwrap_or_else(|| format!("/ecs/{family}"));
    let own = Container {
        name: service.name.clone(),
        image: format!("{}/{}:{tag}", cluster.registry, service.name),
        port: Some(service.port),
        log_group: log_group.clone(),
        memory_mb: None,
        health_path: service.health_path.clone(),
    };
    let sidecars = service.sidecar.iter().map(|data| Container {
        name: data.name.clone(),
        image: data.image.clone(),
        port: data.port,
        log_group: log_group.clone(),
        memory_mb: Some(data.memory_mb),
        health_path: None,
    });
    TaskDefinition {
        arn: site.arn("ecs", &format!("task-definition/{family}:{revision}")),
        revision,
        cpu: cluster.cpu,
        memory_mb: cluster.memory_mb,
        architecture: cluster.architecture.clone(),
        execution_role: site.role(&format!("{}-task-execution", cluster.name)),
        containers: std::iter::once(own).chain(sidecars).collect(),
        registered: site.days_ago(6 + age * 8),
        registered_by: format!("arn:aws:sts::{}:assumed-role/deployment/{family}", site.data.head.account),
        deregistered: (age > OLDER_REVISIONS).then(|| site.days_ago(5 + OLDER_REVISIONS * 8)),
        family,
    }
}

fn build_service(cluster_arn: &str, cluster: &ClusterData, data: &ServiceData, site: &Site<'_>) -> Service {
    let arn = site.arn("ecs", &format!("service/{}/{}", cluster.name, data.name));
    let definition =
        site.arn("ecs", &format!("task-definition/{}:{}", family(&cluster.name, &data.name), data.revision));
    let since = site.days_ago(6);
    let deployment = Deployment {
        id: deployment_id(&arn, &definition),
        task_definition: definition.clone(),
        desired: data.desired,
        failed_tasks: 0,
        rollout_state: RolloutState::Completed,
        rollout_reason: format!("ECS deployment {} completed.", deployment_id(&arn, &definition)),
        created: since,
        updated: since,
    };
    let running = |number: u32| Task {
        last_status: TaskStatus::Running,
        started: Some(since),
        // Numbers of the scheduler's own tasks begin at 1 and stay far below.
        ..task(&arn, &definition, &deployment.id, u64::from(number) + (1 << 40), since)
    };
    let target_group = data.path.as_ref().map(|_| TargetGroup {
        arn: site.arn("elasticloadbalancing", &target_group(&cluster.name, &data.name)),
        container: data.name.clone(),
        port: data.port,
    });
    let steady = |hours: u32| {
        let hour = jiff::SignedDuration::from_hours(i64::from(hours));
        let at = site.began.checked_sub(hour).unwrap_or(site.began);
        event(&arn, format!("(service {}) has reached a steady state.", data.name), at)
    };
    Service {
        name: data.name.clone(),
        cluster_arn: cluster_arn.to_owned(),
        desired: data.desired,
        minimum_healthy_percent: data.minimum_healthy_percent.unwrap_or(cluster.minimum_healthy_percent),
        maximum_percent: data.maximum_percent.unwrap_or(cluster.maximum_percent),
        circuit_breaker: cluster.circuit_breaker,
        tasks: (0..data.desired).map(running).collect(),
        stopped: VecDeque::new(),
        events: [4, 10, 16, 22].map(steady).into(),
        created: site.days_ago(280),
        target_group,
        tags: site.data.resources.tags.clone(),
        task_definition: definition.clone(),
        deployments: vec![deployment],
        history: history(&arn, cluster, data, site),
        arn,
    }
}

/// The rollouts of the older revisions, newest first: all went well.
fn history(arn: &str, cluster: &ClusterData, data: &ServiceData, site: &Site<'_>) -> Vec<ServiceDeployment> {
    let first = data.revision.saturating_sub(OLDER_REVISIONS + 1).max(1);
    let of = |revision: u32| {
        let definition = format!("task-definition/{}:{revision}", family(&cluster.name, &data.name));
        let definition = site.arn("ecs", &definition);
        let began = site.days_ago(6 + (data.revision - revision) * 8);
        let took = jiff::SignedDuration::from_secs(260 + i64::from(revision % 5) * 20);
        let mut record = ServiceDeployment::new(deployment_id(arn, &definition), definition, began);
        record.turn(DeploymentStatus::Successful, "", began.checked_add(took).unwrap_or(began));
        record
    };
    (first..=data.revision).rev().map(of).collect()
}

/// `targetgroup/<name>/<16 hex digits>`: the last part of a target group's ARN and its CloudWatch dimension.
pub fn target_group(cluster: &str, service: &str) -> String {
    format!("targetgroup/{service}/{}", hash::hex(&(cluster, service), 16))
}

/// An event of a service.
pub fn event(service_arn: &str, message: String, at: Timestamp) -> ServiceEvent {
    ServiceEvent { id: hash::uuid(&(service_arn, &message, at.as_second())), created: at, message }
}

/// A task that has just been asked for; `number` tells it from the service's other tasks.
pub fn task(service_arn: &str, definition: &str, deployment: &str, number: u64, at: Timestamp) -> Task {
    let id = hash::hex(&(service_arn, number), 32);
    let cluster = service_arn.rsplit_once('/').map_or(service_arn, |(cluster, _)| cluster);
    Task {
        arn: format!("{}/{id}", cluster.replacen(":service/", ":task/", 1)),
        id,
        task_definition: definition.to_owned(),
        deployment: deployment.to_owned(),
        last_status: TaskStatus::Provisioning,
        created: at,
        started: None,
        stopping: None,
        stopped: None,
        stop_code: None,
        stopped_reason: None,
    }
}

fn scalable_target(
    cluster: &ClusterData,
    service: &ServiceData,
    scaling: &ScalingData,
    site: &Site<'_>,
) -> ScalableTarget {
    let resource_id = format!("service/{}/{}", cluster.name, service.name);
    let policy = |name: &str, metric: &str, target: f64| ScalingPolicy {
        name: format!("{}-{name}", service.name),
        arn: site.arn(
            "autoscaling",
            &format!(
                "scalingPolicy:{}:resource/ecs/{resource_id}:policyName/{}-{name}",
                hash::uuid(&(&resource_id, name)),
                service.name
            ),
        ),
        metric: metric.to_owned(),
        target,
        scale_out_cooldown_s: scaling.out_cooldown_s,
        scale_in_cooldown_s: scaling.in_cooldown_s,
    };
    ScalableTarget {
        service_namespace: "ecs".to_owned(),
        dimension: "ecs:service:DesiredCount".to_owned(),
        min: scaling.min,
        max: scaling.max,
        arn: site.arn("application-autoscaling", &format!("scalable-target/{}", hash::id(&resource_id, 36))),
        role: site.role(
            "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
        ),
        created: site.days_ago(280),
        policies: [
            Some(policy("cpu", "ECSServiceAverageCPUUtilization", scaling.cpu_target)),
            Some(policy("memory", "ECSServiceAverageMemoryUtilization", scaling.memory_target)),
            scaling.requests_target.map(|target| policy("requests", "ALBRequestCountPerTarget", target)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        activities: Vec::new(),
        scheduled: Default::default(),
        suspended: Default::default(),
        resource_id,
    }
}
