//! Deployments of a service: from which revision to which, how they go, and what they change.

use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service};
use jiff::Timestamp;

use crate::base::Text;
use crate::changes::arn::last_part;
use crate::changes::ecs::revisions::{Revisions, previous_revision};
use crate::changes::span::Span;
use crate::changes::task_definition::difference;
use crate::model::{Change, ChangeKind, EnvId, Severity};
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

/// The deployment itself, and where its task definition differs from the one before, that.
pub fn changes(rollout: &Rollout, revisions: &Revisions, span: Span, env: EnvId) -> Vec<Change> {
    let to = last_part(&rollout.to);
    let from = rollout.from.as_deref().map(last_part).unwrap_or_default();
    let back = revision_number(from) > revision_number(to);
    let failed = rollout.state == Some(DeploymentRolloutState::Failed);
    let how = match &rollout.state {
        Some(DeploymentRolloutState::Failed) => format!("deployment of {to} failed"),
        Some(DeploymentRolloutState::Completed) if back => format!("rolled back to {to}"),
        Some(DeploymentRolloutState::Completed) => format!("{to} deployed"),
        _ if back => format!("rolling back to {to}"),
        _ if rollout.failed_tasks > 0 => format!("deploying {to}, {} tasks failed", rollout.failed_tasks),
        _ => format!("deploying {to}"),
    };
    let severity = match &rollout.state {
        _ if failed => Severity::Critical,
        Some(DeploymentRolloutState::InProgress) if rollout.failed_tasks > 0 => Severity::Warning,
        _ => Severity::Ok,
    };
    let (old, new) = (rollout.from.as_ref().and_then(|arn| revisions.get(arn)), revisions.get(&rollout.to));
    let mut deployment = Change {
        summary: how.into(),
        arn: rollout.arn.clone(),
        touches: vec![rollout.cluster.clone(), to.into()],
        // Without an older deployment nobody says what ran before.
        before: if rollout.guessed { Text::default() } else { from.into() },
        after: to.into(),
        reason: rollout.reason.clone(),
        by: new.map(|new| new.registered_by.clone()).unwrap_or_default(),
        severity,
        ..Change::new(rollout.at, env, ChangeKind::Deployment, &*rollout.service)
    };
    if !rollout.guessed && from == to {
        deployment.summary = format!("{how}, the same revision again", how = deployment.summary).into();
    }
    let mut changes = vec![deployment];
    if let (Some(old), Some(new), false) = (old, new, from == to) {
        let differs = difference(old, new);
        if !differs.before.is_empty() {
            let what = if differs.image { "new image" } else { "new task definition" };
            let summary = match (differs.image, back) {
                (true, true) => format!("image back to {}", differs.after.first().map_or("", |image| last_part(image))),
                (true, false) => format!("{what} {}", differs.after.first().map_or("", |image| last_part(image))),
                (false, _) => format!("{what}: {}", differs.after.join(", ")),
            };
            let registered = new.registered_at.filter(|at| span.contains(*at) && *at <= rollout.at && !back);
            changes.push(Change {
                summary: summary.into(),
                arn: Text::new(&rollout.to),
                touches: vec![rollout.cluster.clone(), rollout.service.clone()],
                before: differs.before.join(", ").into(),
                after: differs.after.join(", ").into(),
                reason: if rollout.guessed {
                    format!("compared with {from}, the revision before it").into()
                } else {
                    Text::default()
                },
                by: new.registered_by.clone(),
                ..Change::new(registered.unwrap_or(rollout.at), env, ChangeKind::TaskDefinition, to)
            });
        }
    }
    changes
}

fn revision_number(name: &str) -> Option<u64> {
    name.rsplit_once(':').and_then(|(_, number)| number.parse().ok())
}
