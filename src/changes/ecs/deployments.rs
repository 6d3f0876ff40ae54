//! Deployments of a service: from which revision to which, how they go, and what they change.

use aws_sdk_ecs::types::DeploymentRolloutState;

use crate::base::Text;
use crate::changes::arn::last_part;
use crate::changes::ecs::revisions::Revisions;
use crate::changes::ecs::rollout::Rollout;
use crate::changes::span::Span;
use crate::changes::task_definition::difference;
use crate::model::{Change, ChangeKind, EnvId, Severity};

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
