//! Application load balancers: listeners, rules, target groups and the health of their targets.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use jiff::Timestamp;

use super::ecs::{Service, Task, TaskStatus};
use super::{Tags, hash};

/// Seconds that a new target takes to pass its first health checks.
const INITIAL_S: i64 = 20;

/// An application load balancer.
#[derive(Debug, Clone)]
pub struct LoadBalancer {
    /// e.g. `uex-payments-prod`.
    pub name: String,
    /// ARN; it ends in the CloudWatch dimension, `app/<name>/<id>`.
    pub arn: String,
    /// Host name.
    pub dns_name: String,
    /// Availability zones, e.g. `us-east-1a`.
    pub zones: Vec<String>,
    /// When it was created.
    pub created: Timestamp,
    /// Its listeners.
    pub listeners: Vec<Listener>,
    /// Tags.
    pub tags: Tags,
}

/// A listener. What no rule takes is answered 404.
#[derive(Debug, Clone)]
pub struct Listener {
    /// ARN.
    pub arn: String,
    /// Port.
    pub port: u32,
    /// In order of their priority.
    pub rules: Vec<Rule>,
}

/// A rule that forwards a path to a target group.
#[derive(Debug, Clone)]
pub struct Rule {
    /// ARN.
    pub arn: String,
    /// From 1, lowest first.
    pub priority: u32,
    /// e.g. `/api/uex/*`.
    pub path: String,
    /// ARN of the target group.
    pub target_group: String,
}

/// A target group. Its targets are the tasks of one ECS service.
#[derive(Debug, Clone)]
pub struct TargetGroup {
    /// Name.
    pub name: String,
    /// ARN; it ends in the CloudWatch dimension, `targetgroup/<name>/<id>`.
    pub arn: String,
    /// ARN of the load balancer that uses it.
    pub load_balancer: String,
    /// Port of its targets.
    pub port: u32,
    /// Path of the health check.
    pub health_path: String,
    /// Cluster of the service behind it.
    pub cluster: String,
    /// Service behind it.
    pub service: String,
    /// Ids of the tasks that fail their health checks.
    pub failing: BTreeSet<String>,
    /// Tags.
    pub tags: Tags,
}

/// What a load balancer thinks of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetHealth {
    /// Registered, not checked often enough yet.
    Initial,
    /// Gets requests.
    Healthy,
    /// Fails its health checks.
    Unhealthy,
    /// Deregistered, finishes what it has.
    Draining,
}

impl TargetHealth {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Draining => "draining",
        }
    }

    /// Reason and description of the API (ELBv2 API Reference, TargetHealth).
    pub fn reason(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Healthy => None,
            Self::Initial => Some(("Elb.RegistrationInProgress", "Target registration is in progress")),
            Self::Unhealthy => Some(("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")),
            Self::Draining => Some(("Target.DeregistrationInProgress", "Target deregistration is in progress")),
        }
    }
}

/// A registered target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Private address of the task.
    pub address: Ipv4Addr,
    /// Its health.
    pub health: TargetHealth,
}

impl TargetGroup {
    /// The health of a task of the service; `None` before it is registered.
    pub fn health(&self, task: &Task, now: Timestamp) -> Option<TargetHealth> {
        match task.last_status {
            TaskStatus::Running => {
                let since = task.started.unwrap_or(task.created);
                Some(if now.as_second() - since.as_second() < INITIAL_S {
                    TargetHealth::Initial
                } else if self.failing.contains(&task.id) {
                    TargetHealth::Unhealthy
                } else {
                    TargetHealth::Healthy
                })
            }
            TaskStatus::Deprovisioning => Some(TargetHealth::Draining),
            TaskStatus::Provisioning | TaskStatus::Pending | TaskStatus::Stopped => None,
        }
    }

    /// The registered targets: the tasks of `service`, which is the one behind this group.
    pub fn targets(&self, service: &Service, now: Timestamp) -> Vec<Target> {
        let target = |task: &Task| Some(Target { address: address(&task.id), health: self.health(task, now)? });
        service.tasks.iter().filter_map(target).collect()
    }
}

/// Private address of a task's network interface.
pub fn address(task: &str) -> Ipv4Addr {
    let octet = |place: u32| u8::try_from(hash::of(&(task, "address", place)) % 250).unwrap_or(0) + 2;
    Ipv4Addr::new(10, 20, octet(1), octet(2))
}
