//! Service events: what ECS says of a service, by what it means.

use aws_sdk_ecs::types::Service;

use crate::base::Text;
use crate::changes::arn::last_part;
use crate::changes::found::Found;
use crate::changes::span::Span;
use crate::model::{Change, ChangeKind, EnvId, Severity};
use crate::signals::moment::moment;

/// Events that ECS keeps of a service (ECS Developer Guide, Viewing service event messages).
const KEPT: usize = 100;

/// Parts of messages and how bad they are, most telling first (ECS Developer Guide, Service event messages).
const MEANINGS: &[(&str, Severity)] = &[
    ("circuit breaker", Severity::Critical),
    ("deployment failed", Severity::Critical),
    ("rolling back", Severity::Critical),
    ("unable to place", Severity::Critical),
    ("unable to consistently start", Severity::Critical),
    ("unable to assume", Severity::Critical),
    ("unable to launch", Severity::Critical),
    ("failed to launch", Severity::Critical),
    ("was unable to", Severity::Critical),
    ("operations are being throttled", Severity::Warning),
    ("is unhealthy", Severity::Warning),
    ("failed container health checks", Severity::Warning),
    ("failed elb health checks", Severity::Warning),
    ("has stopped", Severity::Warning),
    ("insufficient", Severity::Critical),
];

/// How bad an event is.
pub fn severity(message: &str) -> Severity {
    let message = message.to_lowercase();
    MEANINGS.iter().find(|(part, _)| message.contains(part)).map_or(Severity::Ok, |(_, severity)| *severity)
}

/// The message without what the row says already: `(service NAME)`, the task and target ids.
pub fn summary(message: &str) -> String {
    let rest = message.trim();
    let rest = match rest.strip_prefix("(service ").and_then(|rest| rest.split_once(')')) {
        Some((_, rest)) => rest.trim_start_matches(',').trim_start(),
        None => rest,
    };
    let end = rest.find(": (task ").or_else(|| rest.find(" (task ")).unwrap_or(rest.len());
    let short = rest.get(..end).unwrap_or(rest);
    short.trim_end_matches('.').to_owned()
}

/// The events of a service within `span`.
pub fn changes(service: &Service, span: Span, env: EnvId) -> Found {
    let events = service.events();
    let cluster = Text::from(last_part(service.cluster_arn().unwrap_or_default()));
    let change = |event: &aws_sdk_ecs::types::ServiceEvent| {
        let at = event.created_at().and_then(moment).filter(|at| span.contains(*at))?;
        let message = event.message()?;
        Some(Change {
            summary: summary(message).into(),
            reason: message.into(),
            arn: Text::new(service.service_arn().unwrap_or_default()),
            touches: vec![cluster.clone()],
            severity: severity(message),
            ..Change::new(at, env, ChangeKind::ServiceEvent, service.service_name().unwrap_or_default())
        })
    };
    let oldest = events.iter().filter_map(|event| event.created_at().and_then(moment)).min();
    Found {
        changes: events.iter().filter_map(change).collect(),
        faults: Vec::new(),
        cut_before: oldest.filter(|oldest| events.len() >= KEPT && *oldest > span.from),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("(service api) has reached a steady state.", Severity::Ok, "has reached a steady state")]
    #[case("(service api) has started 2 tasks: (task 0a1b) (task 2c3d).", Severity::Ok, "has started 2 tasks")]
    #[case(
        "(service api) was unable to place a task because no container instance met all of its requirements.",
        Severity::Critical,
        "was unable to place a task because no container instance met all of its requirements"
    )]
    #[case(
        "(service api) (deployment ecs-svc/1) deployment failed: tasks failed to start.",
        Severity::Critical,
        "(deployment ecs-svc/1) deployment failed: tasks failed to start"
    )]
    #[case(
        "(service api) rolling back to deployment ecs-svc/0.",
        Severity::Critical,
        "rolling back to deployment ecs-svc/0"
    )]
    #[case(
        "(service api) deregistered 1 targets in (target-group tg)",
        Severity::Ok,
        "deregistered 1 targets in (target-group tg)"
    )]
    #[case("(service api, taskSet ecs-svc/1) is unhealthy", Severity::Warning, "is unhealthy")]
    #[case("", Severity::Ok, "")]
    #[case("(service ", Severity::Ok, "(service")]
    fn messages_by_what_they_mean(#[case] message: &str, #[case] how: Severity, #[case] short: &str) {
        assert_eq!((severity(message), summary(message).as_str()), (how, short));
    }
}
