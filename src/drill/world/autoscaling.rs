//! Application Auto Scaling: scalable targets, target tracking policies and scaling activities.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ecs::Service;
use super::hash;

/// Activities that are remembered.
const KEPT: usize = 50;

/// A resource whose capacity is scaled, e.g. an ECS service's desired count.
#[derive(Debug, Clone)]
pub struct ScalableTarget {
    /// e.g. `ecs`.
    pub service_namespace: String,
    /// e.g. `service/uex-payments-prod/uex-backend`.
    pub resource_id: String,
    /// e.g. `ecs:service:DesiredCount`.
    pub dimension: String,
    /// Lower bound.
    pub min: u32,
    /// Upper bound.
    pub max: u32,
    /// ARN.
    pub arn: String,
    /// Service-linked role.
    pub role: String,
    /// When it was registered.
    pub created: Timestamp,
    /// Its policies.
    pub policies: Vec<ScalingPolicy>,
    /// Newest first, up to 50.
    pub activities: Vec<ScalingActivity>,
    /// By name.
    pub scheduled: BTreeMap<String, ScheduledAction>,
    /// What it does not do for now.
    pub suspended: Suspended,
}

impl ScalableTarget {
    /// Notes an activity that began at `now`.
    pub fn act(&mut self, description: String, cause: String, now: Timestamp, ended: Option<Timestamp>) {
        let mut id = hash::uuid(&(&self.resource_id, now.as_second()));
        while self.activities.iter().any(|known| known.id == id) {
            id = hash::uuid(&id);
        }
        self.activities.insert(0, ScalingActivity { id, description, cause, started: now, ended });
        self.activities.truncate(KEPT);
    }

    /// Brings a service within the bounds, at once.
    pub fn bound(&mut self, service: &mut Service, now: Timestamp) {
        let (wanted, which) = match service.desired {
            desired if desired < self.min => (self.min, "minimum"),
            desired if desired > self.max => (self.max, "maximum"),
            _ => return,
        };
        self.set_desired(service, wanted, &format!("{which} capacity was set to {wanted}"), now);
    }

    /// Sets a service's desired count, with an activity and an event that say why.
    pub fn set_desired(&mut self, service: &mut Service, wanted: u32, cause: &str, now: Timestamp) {
        service.desired = wanted;
        let description = format!("Setting desired count to {wanted}.");
        service.say(format!("(service {}) {description} Cause: {cause}", service.name), now);
        self.act(description, cause.to_owned(), now, None);
    }
}

/// `SuspendedState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Suspended {
    /// Policies do not scale in.
    pub dynamic_in: bool,
    /// Policies do not scale out.
    pub dynamic_out: bool,
    /// Scheduled actions do not run.
    pub scheduled: bool,
}

/// A change of the bounds at a given time.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledAction {
    /// Name, unique within its target.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// As it was given, e.g. `at(2026-11-21T04:00:00)`.
    pub schedule: String,
    /// The time that the schedule means.
    pub at: Timestamp,
    /// New lower bound.
    pub min: Option<u32>,
    /// New upper bound.
    pub max: Option<u32>,
    /// When it was made or last changed.
    pub created: Timestamp,
    /// It has run.
    pub done: bool,
}

/// A target tracking policy.
#[derive(Debug, Clone)]
pub struct ScalingPolicy {
    /// Name.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// e.g. `ECSServiceAverageCPUUtilization`.
    pub metric: String,
    /// Wanted value, percent.
    pub target: f64,
    /// Seconds after scaling out.
    pub scale_out_cooldown_s: u32,
    /// Seconds after scaling in.
    pub scale_in_cooldown_s: u32,
}

/// A change that a policy made.
#[derive(Debug, Clone)]
pub struct ScalingActivity {
    /// UUID.
    pub id: String,
    /// e.g. `Setting desired count to 8.`
    pub description: String,
    /// Why.
    pub cause: String,
    /// When it began.
    pub started: Timestamp,
    /// When the wanted tasks ran; `None`: they do not yet, or another change overtook it.
    pub ended: Option<Timestamp>,
}
