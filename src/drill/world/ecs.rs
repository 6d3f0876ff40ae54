//! ECS clusters, services, deployments, tasks and task definitions.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::service_deployment::{DeploymentStatus, KEPT, Rollback, ServiceDeployment};
use super::{Tags, hash};

/// Events that a service remembers (ECS API, DescribeServices).
const EVENTS_KEPT: usize = 100;

/// A Fargate cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// e.g. `uex-payments-prod`.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// Container Insights on.
    pub container_insights: bool,
    /// By name.
    pub services: BTreeMap<String, Service>,
    /// Tags.
    pub tags: Tags,
}

/// A service.
#[derive(Debug, Clone)]
pub struct Service {
    /// e.g. `uex-backend`.
    pub name: String,
    /// Long ARN, with the cluster's name.
    pub arn: String,
    /// ARN of the cluster.
    pub cluster_arn: String,
    /// ARN of the task definition that it shall run.
    pub task_definition: String,
    /// Tasks wanted.
    pub desired: u32,
    /// Lower bound of healthy tasks during a rollout, percent of desired, rounded up.
    pub minimum_healthy_percent: u32,
    /// Upper bound of tasks during a rollout, percent of desired, rounded down.
    pub maximum_percent: u32,
    /// What happens when tasks of a deployment do not start.
    pub circuit_breaker: CircuitBreaker,
    /// Newest (`PRIMARY`) first.
    pub deployments: Vec<Deployment>,
    /// Records of its rollouts, newest first.
    pub history: Vec<ServiceDeployment>,
    /// Tasks that are not stopped.
    pub tasks: Vec<Task>,
    /// The last stopped tasks, newest first.
    pub stopped: VecDeque<Task>,
    /// Up to 100, newest first.
    pub events: VecDeque<ServiceEvent>,
    /// When it was created.
    pub created: Timestamp,
    /// Target group and container port, where it is behind a load balancer.
    pub target_group: Option<TargetGroup>,
    /// Tags.
    pub tags: Tags,
}

impl Service {
    /// Tasks with last status `RUNNING`.
    pub fn running(&self) -> u32 {
        count(&self.tasks, |task| task.last_status == TaskStatus::Running)
    }

    /// Tasks that are on their way to `RUNNING`.
    pub fn pending(&self) -> u32 {
        count(&self.tasks, |task| task.last_status.is_starting())
    }

    /// Running tasks of one deployment.
    pub fn running_of(&self, deployment: &str) -> u32 {
        count(&self.tasks, |task| task.deployment == deployment && task.last_status == TaskStatus::Running)
    }

    /// Pending tasks of one deployment.
    pub fn pending_of(&self, deployment: &str) -> u32 {
        count(&self.tasks, |task| task.deployment == deployment && task.last_status.is_starting())
    }

    /// Adds an event.
    pub fn say(&mut self, message: String, now: Timestamp) {
        let id = hash::uuid(&(&self.arn, &message, now.as_second()));
        self.events.push_front(ServiceEvent { id, created: now, message });
        self.events.truncate(EVENTS_KEPT);
    }

    /// Begins a rollout of a task definition; what was under way is superseded.
    pub fn deploy(&mut self, definition: &str, now: Timestamp) {
        for running in self.history.iter_mut().filter(|known| known.status.is_running()) {
            let status = match running.status {
                DeploymentStatus::RollbackInProgress => DeploymentStatus::RollbackFailed,
                _ => DeploymentStatus::Stopped,
            };
            running.turn(status, "A new service deployment was started.", now);
        }
        let id = self.begin(definition, now);
        self.history.insert(0, ServiceDeployment::new(id, definition.to_owned(), now));
        self.history.truncate(KEPT);
    }

    /// Puts the revision of the last successful service deployment back, because `reason`. False, and nothing
    /// happens, where none is under way or there is no other revision to go back to.
    pub fn roll_back(&mut self, reason: &str, now: Timestamp) -> bool {
        let Some(place) = self.history.iter().position(|known| known.status.is_running()) else { return false };
        let earlier = self.history.iter().skip(place + 1);
        let Some(good) = earlier.clone().find(|known| known.status == DeploymentStatus::Successful).cloned() else {
            return false;
        };
        let name = &self.name;
        let message = format!("(service {name}) rolling back to task definition {}.", good.task_definition);
        self.say(message, now);
        let deployment = self.begin(&good.task_definition, now);
        if let Some(record) = self.history.get_mut(place) {
            record.turn(DeploymentStatus::RollbackInProgress, reason, now);
            record.rollback = Some(Rollback { reason: reason.to_owned(), started: now, to: good.id, deployment });
        }
        true
    }

    /// The record that a deployment belongs to, as its rollout or as its way back.
    pub fn record_of(&mut self, deployment: &str) -> Option<&mut ServiceDeployment> {
        let ours = |known: &&mut ServiceDeployment| {
            known.id == deployment || known.rollback.as_ref().is_some_and(|back| back.deployment == deployment)
        };
        self.history.iter_mut().find(ours)
    }

    fn begin(&mut self, definition: &str, now: Timestamp) -> String {
        let taken = |id: &String| {
            let back = |known: &ServiceDeployment| known.rollback.as_ref().is_some_and(|back| back.deployment == *id);
            self.history.iter().any(|known| known.id == *id || back(known))
        };
        let mut id = deployment_id(&self.arn, &format!("{definition} {now}"));
        while taken(&id) {
            id = deployment_id(&self.arn, &id);
        }
        definition.clone_into(&mut self.task_definition);
        self.deployments.insert(
            0,
            Deployment {
                rollout_reason: format!("ECS deployment {id} in progress."),
                id: id.clone(),
                task_definition: definition.to_owned(),
                desired: self.desired,
                failed_tasks: 0,
                rollout_state: RolloutState::InProgress,
                created: now,
                updated: now,
            },
        );
        id
    }
}

/// Id of the deployment of a task definition, `ecs-svc/` and 19 digits.
pub fn deployment_id(service_arn: &str, definition: &str) -> String {
    format!("ecs-svc/{:019}", hash::of(&(service_arn, definition)) % 10_u64.pow(19))
}

fn count(tasks: &[Task], which: impl Fn(&Task) -> bool) -> u32 {
    u32::try_from(tasks.iter().filter(|task| which(task)).count()).unwrap_or(u32::MAX)
}

/// Deployment circuit breaker of a rolling update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CircuitBreaker {
    /// Give up after half of the desired count (3 to 200) has failed to start.
    pub enable: bool,
    /// Go back to the last completed deployment then.
    pub rollback: bool,
}

/// Where a service is registered with a load balancer.
#[derive(Debug, Clone)]
pub struct TargetGroup {
    /// ARN.
    pub arn: String,
    /// Container name.
    pub container: String,
    /// Container port.
    pub port: u32,
}

/// `rolloutState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolloutState {
    /// Tasks are being replaced.
    InProgress,
    /// Steady state was reached.
    Completed,
    /// The circuit breaker gave up.
    Failed,
}

impl RolloutState {
    /// The word of the ECS API.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// One rollout of a service. The first of a service's list is `PRIMARY`, the others are `ACTIVE`.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// e.g. `ecs-svc/1234567890123456789`.
    pub id: String,
    /// ARN of its task definition.
    pub task_definition: String,
    /// Tasks that it wants: the service's for `PRIMARY`, what is left to drain for `ACTIVE`.
    pub desired: u32,
    /// Tasks in a row that did not start; 0 again as soon as one runs.
    pub failed_tasks: u32,
    /// See [`RolloutState`].
    pub rollout_state: RolloutState,
    /// Sentence for the state.
    pub rollout_reason: String,
    /// When it began.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

/// `lastStatus` of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskStatus {
    /// Waiting for a network interface.
    Provisioning,
    /// Pulling images, starting containers.
    Pending,
    /// Running.
    Running,
    /// Deregistering from the load balancer and stopping.
    Deprovisioning,
    /// Gone.
    Stopped,
}

impl TaskStatus {
    /// The word of the ECS API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }

    /// True before `RUNNING`.
    pub fn is_starting(self) -> bool {
        matches!(self, Self::Provisioning | Self::Pending)
    }
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// 32 hex digits.
    pub id: String,
    /// Long ARN, with the cluster's name.
    pub arn: String,
    /// ARN of its task definition.
    pub task_definition: String,
    /// Id of the deployment that started it (`startedBy`).
    pub deployment: String,
    /// What it is doing.
    pub last_status: TaskStatus,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it ran.
    pub started: Option<Timestamp>,
    /// When it was asked to stop.
    pub stopping: Option<Timestamp>,
    /// When it was gone.
    pub stopped: Option<Timestamp>,
    /// e.g. `TaskFailedToStart`, `ServiceSchedulerInitiated`.
    pub stop_code: Option<String>,
    /// e.g. `CannotPullContainerError: …`.
    pub stopped_reason: Option<String>,
}

/// A line in a service's event list.
#[derive(Debug, Clone)]
pub struct ServiceEvent {
    /// UUID.
    pub id: String,
    /// When.
    pub created: Timestamp,
    /// e.g. `(service uex-backend) has reached a steady state.`
    pub message: String,
}

/// A revision of a task definition family.
#[derive(Debug, Clone)]
pub struct TaskDefinition {
    /// Family.
    pub family: String,
    /// From 1.
    pub revision: u32,
    /// ARN with the revision.
    pub arn: String,
    /// CPU units (1024 = 1 vCPU).
    pub cpu: u32,
    /// Memory in MB.
    pub memory_mb: u32,
    /// `ARM64` or `X86_64`.
    pub architecture: String,
    /// Task execution role.
    pub execution_role: String,
    /// Containers.
    pub containers: Vec<Container>,
    /// When it was registered.
    pub registered: Timestamp,
    /// ARN of who registered it.
    pub registered_by: String,
    /// When it was deregistered: it is `INACTIVE` then and no service can be changed to it.
    pub deregistered: Option<Timestamp>,
}

/// A container of a task definition.
#[derive(Debug, Clone)]
pub struct Container {
    /// Name.
    pub name: String,
    /// Image with tag.
    pub image: String,
    /// Port, where it has one.
    pub port: Option<u32>,
    /// Log group.
    pub log_group: String,
    /// Hard limit of its memory in MB, where it has one of its own.
    pub memory_mb: Option<u32>,
    /// Path of its health check, where it has one.
    pub health_path: Option<String>,
}
