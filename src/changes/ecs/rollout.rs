//! The deployments of a service, each with what it replaces.

use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service};
use jiff::Timestamp;

use crate::base::Text;
use crate::changes::arn::last_part;
use crate::changes::span::Span;
use crate::signals::moment::moment;

/// A deployment with what it replaces.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// Name of the service.
    pub service: Text,
    /// ARN of the service.
    pub arn: Text,
    /// Name of its cluster.
    pub cluster: Text,
    /// When it was created.
    pub at: Timestamp,
    /// ARN of its task definition.
    pub to: String,
    /// ARN of the one before it; where no older deployment is left, the revision before in the same family.
    pub from: Option<String>,
    /// True when `from` is only the revision before, not what is known to have run.
    pub guessed: bool,
    /// How it goes; only rolling deployments say.
    pub state: Option<DeploymentRolloutState>,
    /// Why, in ECS's words.
    pub reason: Text,
    /// Tasks in a row that failed to start.
    pub failed_tasks: i32,
}

/// The deployments of a service that began within `span`.
pub fn rollouts(service: &Service, span: Span) -> Vec<Rollout> {
    let began = |deployment: &Deployment| deployment.created_at().and_then(moment);
    let mut deployments: Vec<(&Deployment, Timestamp)> =
        service.deployments().iter().filter_map(|deployment| Some((deployment, began(deployment)?))).collect();
    deployments.sort_by_key(|(_, at)| *at);
    let rollout = |(index, (deployment, at)): (usize, &(&Deployment, Timestamp))| {
        let to = deployment.task_definition()?.to_owned();
        let older = index.checked_sub(1).and_then(|older| deployments.get(older));
        let replaced = older.and_then(|(older, _)| older.task_definition()).map(str::to_owned);
        Some(Rollout {
            service: Text::new(service.service_name().unwrap_or_default()),
            arn: Text::new(service.service_arn().unwrap_or_default()),
            cluster: last_part(service.cluster_arn().unwrap_or_default()).into(),
            at: *at,
            guessed: replaced.is_none(),
            from: replaced.or_else(|| previous_revision(&to)),
            to,
            state: deployment.rollout_state().cloned(),
            reason: Text::new(deployment.rollout_state_reason().unwrap_or_default()),
            failed_tasks: deployment.failed_tasks(),
        })
    };
    deployments.iter().enumerate().filter(|(_, (_, at))| span.contains(*at)).filter_map(rollout).collect()
}

/// The ARN of the revision before; `None` for the first one.
pub fn previous_revision(arn: &str) -> Option<String> {
    let (family, number) = arn.rsplit_once(':')?;
    let number: u64 = number.parse().ok()?;
    (number > 1).then(|| format!("{family}:{}", number - 1))
}
