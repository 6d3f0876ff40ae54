//! Which kinds of change belong to which signal, and the reason for a place in words.

use jiff::Timestamp;

use super::judged::{Judged, Tier};
use super::names::Related;
use crate::base::Text;
use crate::model::{Change, ChangeKind, Severity, SignalId};

/// True when the signal is about this kind of thing.
pub fn is_of(signal: Option<SignalId>, change: &Change) -> bool {
    use ChangeKind::{
        Alias, ApiDeployment, Cache, ClusterUpdate, Database, Deployment, Failover, FunctionUpdate, KafkaOperation,
        Publish, Scaling, ServiceEvent, TaskDefinition,
    };
    let Some(SignalId(signal)) = signal else { return false };
    let scales = |what: &str| change.kind == Scaling && change.arn.contains(what);
    let function = matches!(change.kind, Publish | Alias | FunctionUpdate);
    let service = matches!(change.kind, Deployment | TaskDefinition | ServiceEvent);
    match signal {
        "lambda-errors" => function || scales(":lambda:"),
        "api-gateway" => function || change.kind == ApiDeployment,
        "dynamodb-throttles" => function || scales(":dynamodb:"),
        "ecs-capacity" | "load-balancers" => service || scales(":ecs:"),
        "eks-capacity" => change.kind == ClusterUpdate,
        "rds" => matches!(change.kind, Database | Failover) || scales(":rds:"),
        "elasticache" => matches!(change.kind, Cache | Failover),
        "msk" => change.kind == KafkaOperation,
        "sqs" => function || service,
        _ => false,
    }
}

/// The reason: what it has to do with what is red, what is wrong with it, and how long before it was.
pub(super) fn why(one: &Judged<'_>, first: bool, onset: Timestamp) -> Text {
    let change = one.change;
    let mut parts: Vec<String> = Vec::new();
    let thing = thing(change);
    match one.related {
        Related::Same => parts.push(format!("same {thing}")),
        Related::Near => parts.push(near(change).to_owned()),
        Related::No if one.area => parts.push("what this signal watches".to_owned()),
        Related::No => {}
    }
    match change.kind {
        ChangeKind::Deployment if change.severity == Severity::Critical => parts.push("its rollout failed".to_owned()),
        ChangeKind::Deployment if change.severity == Severity::Warning => parts.push("its tasks fail".to_owned()),
        ChangeKind::TaskDefinition if change.summary.contains("image") => parts.push("new image".to_owned()),
        ChangeKind::Publish => parts.push("new version".to_owned()),
        ChangeKind::Failover => parts.push("the primary changed".to_owned()),
        ChangeKind::Scaling if change.severity > Severity::Ok => parts.push("could not scale".to_owned()),
        ChangeKind::Scaling if one.tier == Tier::Reaction => parts.push("autoscaling reacted to it".to_owned()),
        ChangeKind::Alarm if first => parts.push("the first alarm".to_owned()),
        ChangeKind::Alarm if one.tier == Tier::Alarm => parts.push("an alarm: a symptom".to_owned()),
        ChangeKind::Alarm | ChangeKind::AlarmAction => parts.push("news of an alarm".to_owned()),
        _ if change.severity == Severity::Critical => parts.push("a failure".to_owned()),
        _ => {}
    }
    parts.push(when(change.at, onset, change.estimated));
    if one.repeats {
        parts.push("once more".to_owned());
    }
    if one.tier == Tier::Unlikely {
        parts.push("nothing else speaks for it".to_owned());
    }
    Text::new(parts.join(", "))
}

fn thing(change: &Change) -> &'static str {
    match change.kind {
        ChangeKind::Publish | ChangeKind::Alias | ChangeKind::FunctionUpdate => "function",
        ChangeKind::Deployment | ChangeKind::TaskDefinition | ChangeKind::ServiceEvent => "service",
        ChangeKind::Database => "database",
        ChangeKind::Cache => "cache",
        ChangeKind::ApiDeployment => "API",
        ChangeKind::ClusterUpdate => "node group or cluster",
        ChangeKind::KafkaOperation => "cluster",
        ChangeKind::Alarm | ChangeKind::AlarmConfiguration | ChangeKind::AlarmAction => "alarm",
        ChangeKind::Scaling | ChangeKind::Failover | ChangeKind::Action => "resource",
    }
}

fn near(change: &Change) -> &'static str {
    match change.kind {
        ChangeKind::Deployment | ChangeKind::TaskDefinition | ChangeKind::ServiceEvent => "touches the same cluster",
        _ => "related by name",
    }
}

fn when(at: Timestamp, onset: Timestamp, estimated: bool) -> String {
    let seconds = onset.duration_since(at).as_secs();
    let about = if estimated { "at most " } else { "" };
    let length = |seconds: i64| {
        if seconds < 90 { format!("{seconds} s") } else { format!("{} min", (seconds + 30) / 60) }
    };
    match seconds {
        0 => "at the time it turned red".to_owned(),
        1.. => format!("{about}{} before it turned red", length(seconds)),
        // A metric is known by the minute: what happened within it may well have come first.
        -59.. if onset.as_second() % 60 == 0 => "in the minute it turned red".to_owned(),
        _ => format!("{} after it turned red", length(-seconds)),
    }
}
