//! Since when a value is as it is, as far as the timeline knows. Pure.

use jiff::Timestamp;

use crate::app::screens::timeline::data::Data;
use crate::compare::matrix::TAG;
use crate::compare::setting::Value;
use crate::compare::verdict::EXISTS;
use crate::model::{Change, ChangeKind, EnvId};

/// A value of a setting in one environment.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// In which.
    pub env: EnvId,
    /// Kind of the resource.
    pub kind: &'a str,
    /// AWS's name of it; empty where it is not there.
    pub name: &'a str,
    /// The setting.
    pub key: &'a str,
    /// Its value.
    pub value: &'a Value,
}

/// Since when, in words; why it cannot be known where it cannot.
pub fn since(known: [&Data; 2], place: &Place<'_>) -> String {
    let Some((source, wanted)) = told_by(place) else {
        return format!(
            "not known: nothing that is read tells when {} of this {} changed",
            words(place.key),
            place.kind
        );
    };
    let parts = || known.into_iter().filter_map(|data| Some((data, data.part(place.env, source)?)));
    let about = |change: &&Change| wanted.contains(&change.kind) && is_about(change, place);
    let changes = parts().flat_map(|(_, part)| &part.changes).map(|change| &**change).filter(about);
    if let Some(change) = changes.max_by_key(|change| change.at) {
        let by = if change.by.is_empty() { String::new() } else { format!(" by {}", change.by) };
        // The change may have been one of something else; then the value is older.
        let or_before = if names(change, place) && !change.estimated { "" } else { " at the latest" };
        return format!("since {}{or_before}: {} {}{by}", at(change.at), change.kind.word(), change.summary);
    }
    let read = parts().filter(|(_, part)| part.faults.is_empty());
    let from = read.filter_map(|(data, part)| part.cut_before.max(data.span.map(|span| span.from))).min();
    match from {
        Some(from) => format!("since before {}: the timeline knows no change of it", at(from)),
        None if parts().next().is_some() => "not known: the timeline could not read its changes".to_owned(),
        None => "not known: the timeline has not been read".to_owned(),
    }
}

/// The source whose changes may have changed the setting, and the kinds of these. `None` where no source tells of it.
fn told_by(place: &Place<'_>) -> Option<(&'static str, &'static [ChangeKind])> {
    use ChangeKind as K;
    // Adding a tag is no change of what it is on, and of what is not there nothing is told.
    if place.key.starts_with(TAG) || place.key == EXISTS || place.name.is_empty() {
        return None;
    }
    Some(match place.kind {
        // Concurrency is set apart from the configuration.
        "lambda function" if place.key != "reserved_concurrency" => ("lambda", &[K::Publish, K::FunctionUpdate]),
        "lambda alias" => ("lambda", &[K::Alias]),
        "ecs service" if is_scaling(place.key) => return None,
        "ecs service" | "ecs container" => ("ecs", &[K::Deployment]),
        "eks cluster" | "eks node group" => ("eks-updates", &[K::ClusterUpdate]),
        "db instance" | "db cluster" => ("rds-events", &[K::Database]),
        "rest api route" | "http api route" => ("api-deployments", &[K::ApiDeployment]),
        "msk cluster" => ("msk-operations", &[K::KafkaOperation]),
        "alarm" | "composite alarm" => ("alarm-history", &[K::AlarmConfiguration]),
        _ => return None,
    })
}

fn is_scaling(key: &str) -> bool {
    matches!(key, "tasks" | "min_tasks" | "max_tasks") || key.starts_with("scaling")
}

/// True for a change of this resource. Parts are called after their whole: `cluster/service`, `function/alias`, `api GET /x`.
fn is_about(change: &Change, place: &Place<'_>) -> bool {
    let (head, tail) = place.name.split_once('/').unwrap_or((place.name, ""));
    let touches = |name: &str| change.touches.iter().any(|touched| **touched == *name);
    match place.kind {
        "lambda alias" => *change.resource == *head && touches(&format!("{head}:{tail}")),
        "ecs service" | "ecs container" => {
            let service = tail.split('/').next().unwrap_or_default();
            *change.resource == *service && touches(head)
        }
        "eks node group" => *change.resource == *tail && touches(head),
        "rest api route" | "http api route" => {
            place.name.strip_prefix(&*change.resource).is_some_and(|rest| rest.starts_with(' '))
        }
        // Of backups and restarts nothing is another setting (RDS User Guide, event categories).
        "db instance" | "db cluster" => {
            *change.resource == *place.name && change.reason.contains("configuration change")
        }
        _ => *change.resource == *place.name,
    }
}

/// True where the change itself says that the setting became this value.
fn names(change: &Change, place: &Place<'_>) -> bool {
    let wanted = format!("{} {}", words(place.key), place.value).to_lowercase();
    let says = |text: &str| text.to_lowercase().split(", ").any(|part| part == wanted);
    says(&change.after) && !says(&change.before)
}

fn words(key: &str) -> String {
    match key.strip_prefix(TAG) {
        Some(tag) => format!("the tag {tag}"),
        None if key == EXISTS => "the existence".to_owned(),
        None => key.replace('_', " "),
    }
}

fn at(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%MZ").to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::Text;
    use crate::changes::{Span, Told};
    use crate::model::{Fault, FaultKind};

    fn time(minute: u32) -> Timestamp {
        format!("2026-11-21T03:{minute:02}:00Z").parse().unwrap()
    }

    fn told(source: &'static str, changes: Vec<Change>, faults: Vec<Fault>) -> Data {
        let mut data = Data::default();
        data.ask(&[EnvId(0)], Span { from: time(0), to: time(30) }, time(30));
        let changes = changes.into_iter().map(Arc::new).collect();
        let (source, title) = (Some(source), source);
        data.take(Told { asked: 1, env: EnvId(0), source, title, changes, faults, failed: false, cut_before: None });
        data
    }

    fn publish(minute: u32, before: &str, after: &str) -> Change {
        Change {
            summary: format!("v{minute} published").into(),
            before: before.into(),
            after: after.into(),
            ..Change::new(time(minute), EnvId(0), ChangeKind::Publish, "payments-prod-processing")
        }
    }

    const NOW: Value = Value::Number(1536.0);
    const MEMORY: Place<'_> = Place {
        env: EnvId(0),
        kind: "lambda function",
        name: "payments-prod-processing",
        key: "memory_mb",
        value: &NOW,
    };

    fn of(data: &Data, place: Place<'_>) -> String {
        since([data, &Data::default()], &place)
    }

    #[test]
    fn a_change_that_says_the_value_is_when_it_began_and_another_is_the_latest_time() {
        let said = publish(4, "v42, memory MB 2048", "v43, memory MB 1536");
        let data = told("lambda", vec![said.clone()], Vec::new());
        assert_eq!(of(&data, MEMORY), "since 2026-11-21 03:04Z: publish v4 published");
        let data = told("lambda", vec![publish(9, "v43", "v44, code 1234"), said], Vec::new());
        assert_eq!(of(&data, MEMORY), "since 2026-11-21 03:09Z at the latest: publish v9 published");
        let other = Place { name: "payments-prod-other", ..MEMORY };
        assert_eq!(of(&data, other), "since before 2026-11-21 03:00Z: the timeline knows no change of it");
    }

    #[test]
    fn what_is_not_known_says_why() {
        let fault = Fault::new(FaultKind::Denied, "ListVersionsByFunction", "no");
        let unread = told("lambda", Vec::new(), vec![fault]);
        assert_eq!(of(&unread, MEMORY), "not known: the timeline could not read its changes");
        assert_eq!(of(&Data::default(), MEMORY), "not known: the timeline has not been read");
        let bucket = Place { kind: "s3 bucket", key: "expire_days", ..MEMORY };
        let none = "not known: nothing that is read tells when expire days of this s3 bucket changed";
        assert_eq!(of(&unread, bucket), none);
        let gone = Place { key: "tag:Team", ..MEMORY };
        assert!(of(&unread, gone).starts_with("not known: nothing that is read tells when the tag Team"));
    }

    #[test]
    fn parts_are_found_by_their_whole() {
        let deployed = Change {
            touches: vec!["main".into(), "web:7".into()],
            ..Change::new(time(5), EnvId(0), ChangeKind::Deployment, "web")
        };
        let data = told("ecs", vec![deployed], Vec::new());
        let text = Value::Text(Text::from("x"));
        let container = Place { kind: "ecs container", name: "main/web/app", key: "image", value: &text, ..MEMORY };
        assert!(of(&data, container).starts_with("since 2026-11-21 03:05Z at the latest: deployment"));
        let elsewhere = Place { name: "other/web/app", ..container };
        assert!(of(&data, elsewhere).starts_with("since before"));
        let moved = Change {
            estimated: true,
            touches: vec!["f:live".into()],
            ..Change::new(time(6), EnvId(0), ChangeKind::Alias, "f")
        };
        let data = told("lambda", vec![moved], Vec::new());
        let alias = Place { kind: "lambda alias", name: "f/live", key: "code_sha256", value: &text, ..MEMORY };
        assert!(of(&data, alias).starts_with("since 2026-11-21 03:06Z at the latest"));
    }
}
