//! What runbook files may speak of, gathered from the actions and the signals.

use crate::actions::{self, Action, ParamKind};
use crate::config::runbook::{ActionWords, FieldWords, Kind, ParamType, ParamWords, RunbookWords};
use crate::signals;

/// Everything that runbooks may speak of.
pub fn words() -> RunbookWords {
    RunbookWords {
        actions: actions::ALL.iter().map(|action| of_action(*action)).collect(),
        signals: signals::ALL.iter().map(|signal| signal.id().0.to_owned()).collect(),
    }
}

fn of_action(action: &dyn Action) -> ActionWords {
    let param = |param: &actions::Param| ParamWords {
        name: param.name.to_owned(),
        accepts: accepts(param.kind).to_vec(),
        required: param.required,
    };
    let field = |(name, _): &(&str, &str)| FieldWords { name: (*name).to_owned(), kind: kind_of(name) };
    let sends = SENDS.iter().filter(|(id, ..)| *id == action.id());
    ActionWords {
        id: action.id().to_owned(),
        kind: action.kind(),
        params: action.params().iter().map(param).collect(),
        fields: action.fields().iter().map(field).collect(),
        sends: sends.map(|(_, word, sets)| ((*word).to_owned(), sets.map(str::to_owned))).collect(),
    }
}

/// The types that a runbook may give a parameter of the action's kind, the usual one first.
fn accepts(kind: ParamKind) -> &'static [ParamType] {
    match kind {
        ParamKind::Count => &[ParamType::Count],
        ParamKind::Number => &[ParamType::Number, ParamType::Count],
        ParamKind::Revision => {
            &[ParamType::Text, ParamType::TaskDefinition, ParamType::Version, ParamType::Instance, ParamType::Count]
        }
        ParamKind::Text => &[ParamType::Text, ParamType::Version, ParamType::Instance],
        ParamKind::Duration => &[ParamType::Duration],
        ParamKind::Flag => &[ParamType::Flag],
    }
}

/// What `send` may name besides parameters: the field of AWS's request, and the parameter that sets it. Actions whose
/// request follows from all their parameters have a word that sets none.
const SENDS: &[(&str, &str, Option<&str>)] = &[
    ("ecs.rollback", "task_definition", Some("to")),
    ("ecs.scale", "desired_count", Some("desired")),
    ("ecs.redeploy", "force_new_deployment", None),
    ("ecs.stop_deployment", "stop_deployment", None),
    ("lambda.alias_rollback", "function_version", Some("to")),
    ("lambda.concurrency", "reserved_concurrent_executions", Some("reserved")),
    ("dynamodb.capacity", "provisioned_throughput", None),
    ("apigateway.throttle", "throttling", None),
    ("eks.nodegroup_scale", "scaling_config", None),
    ("eks.nodegroup_scale", "desired_size", Some("desired")),
    ("aurora.failover", "target_instance", Some("to")),
    ("alarm.mute", "mute", None),
    ("alarm.unmute", "unmute", None),
];

/// The kind of what a field holds. Only what is certain: a wrong kind would refuse a good condition.
fn kind_of(field: &str) -> Option<Kind> {
    const NUMBERS: &[&str] = &[
        "running",
        "desired",
        "pending",
        "min",
        "max",
        "deployments",
        "deployment.failed_tasks",
        "healthy_targets",
        "decreases_left",
        "decreases_today",
        "to.lag_ms",
        "to.tier",
    ];
    const FLAGS: &[&str] =
        &["deployment_in_progress", "autoscaling", "actions_enabled", "drives_scaling", "rules_supported"];
    const TEXTS: &[&str] = &[
        "to",
        "current",
        "task_definition",
        "primary_deployment",
        "mine",
        "status",
        "to.status",
        "deployment.state",
        "state",
        "controller",
        "writer",
        "engine",
        "billing_mode",
        "table_status",
        "index_status",
        "update.status",
    ];
    let kinds = [(NUMBERS, Kind::Number), (FLAGS, Kind::Flag), (TEXTS, Kind::Text)];
    kinds.iter().find(|(names, _)| names.contains(&field)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_belongs_to_a_parameter_of_the_action() {
        for (id, word, sets) in SENDS {
            let Some(action) = actions::by_id(id) else { continue };
            if let Some(sets) = sets {
                assert!(action.params().iter().any(|param| param.name == *sets), "{id} {word} sets no {sets}");
            }
        }
        let words = words();
        for action in actions::ALL {
            let words = words.action(action.id()).unwrap();
            assert!(!words.sends.is_empty() && !words.fields.is_empty(), "{}", action.id());
        }
        assert!(words.signals.contains(&"alarms".to_owned()));
    }
}
