//! Tests of `suspects`.
use std::sync::Arc;

use jiff::SignedDuration;
use proptest::prelude::*;
use rstest::rstest;

use super::names::Related;
use super::*;
use crate::model::{Change, ChangeKind, EnvId, Resource, Severity, SignalId};
use crate::signals::testing::{environment, minute};

const ONSET: i64 = 1_000;

fn change(kind: ChangeKind, resource: &str, at: i64) -> Change {
    Change { summary: "it changed".into(), ..Change::new(minute(at), EnvId(0), kind, resource) }
}

fn raised(alarm: &str, at: i64) -> Change {
    Change { after: "ALARM".into(), severity: Severity::Critical, ..change(ChangeKind::Alarm, alarm, at) }
}

fn red(signal: &'static str, resource: &str) -> Red {
    let resource = Resource { name: resource.into(), ..Resource::default() };
    Red::new(&environment(), Some(SignalId(signal)), [resource].iter(), Some(minute(ONSET)))
}

fn order(changes: &[Change], red: &Red) -> Vec<Suspect> {
    let changes: Vec<Arc<Change>> = changes.iter().cloned().map(Arc::new).collect();
    suspects(changes.iter(), red, minute(ONSET + 10))
}

fn names(changes: &[Change], red: &Red) -> Vec<String> {
    order(changes, red)
        .iter()
        .map(|suspect| format!("{} {}", suspect.change.kind.word(), suspect.change.resource))
        .collect()
}

#[test]
fn the_published_version_stands_before_what_followed_from_it() {
    let changes = [
        raised("payments-prod-api-5xx", 999),
        change(ChangeKind::Publish, "payments-prod-payment-processing", 997),
        Change { estimated: true, ..change(ChangeKind::Alias, "payments-prod-payment-processing", 997) },
        change(ChangeKind::Publish, "payments-prod-notification", 998),
        change(ChangeKind::ServiceEvent, "worker", 999),
        change(ChangeKind::Scaling, "payments-prod-audit-logs", 999),
    ];
    let red = red("lambda-errors", "payments-prod-payment-processing");
    assert_eq!(
        names(&changes, &red),
        [
            "publish payments-prod-payment-processing",
            "alias payments-prod-payment-processing",
            "publish payments-prod-notification",
            "alarm payments-prod-api-5xx",
            "scaling payments-prod-audit-logs",
            "service event worker",
        ]
    );
    let why = order(&changes, &red)[0].why.clone();
    assert_eq!(why, "same function, new version, 3 min before it turned red");
}

#[test]
fn what_came_within_the_minute_of_a_metric_is_not_told_as_later() {
    let mut published = change(ChangeKind::Publish, "payments-prod-payment-processing", 1000);
    published.at += SignedDuration::from_secs(27);
    let red = red("lambda-errors", "payments-prod-payment-processing");
    let why = |published: &Change| order(std::slice::from_ref(published), &red)[0].why.clone();
    assert_eq!(why(&published), "same function, new version, in the minute it turned red");
    published.at += SignedDuration::from_secs(33);
    assert_eq!(why(&published), "same function, new version, 60 s after it turned red");
}

#[test]
fn our_own_action_is_suspected_where_it_changed_something() {
    let own = |after: &str| Change {
        after: after.into(),
        ..change(ChangeKind::Action, "payments-prod-payment-processing", 998)
    };
    let red = red("lambda-errors", "payments-prod-payment-processing");
    let likely = |own: Change| order(&[own], &red)[0].likely;
    assert!(likely(own("41")) && !likely(own("")), "what was armed, refused or verified changes nothing");
}

#[test]
fn a_failed_rollout_of_the_same_service_comes_first_and_says_so() {
    let failed = Change {
        severity: Severity::Critical,
        touches: vec!["uex".into()],
        ..change(ChangeKind::Deployment, "uex-backend", 990)
    };
    let events: Vec<Change> = (991..1000)
        .map(|at| Change { severity: Severity::Critical, ..change(ChangeKind::ServiceEvent, "uex-backend", at) })
        .collect();
    let changes: Vec<Change> = events.into_iter().chain([failed]).collect();
    let found = order(&changes, &red("ecs-capacity", "uex-backend"));
    assert_eq!(found[0].change.kind, ChangeKind::Deployment);
    assert_eq!(found[0].why, "same service, its rollout failed, 10 min before it turned red");
}

#[test]
fn what_is_told_again_and_again_hides_nothing() {
    let low = |at| Change { severity: Severity::Critical, ..change(ChangeKind::Database, "db", at) };
    let changes = [low(999), low(998), low(997), change(ChangeKind::Deployment, "api", 975)];
    assert_eq!(names(&changes, &red("rds", "db")), ["database db", "deployment api", "database db", "database db"]);
}

#[rstest]
#[case::alarm_of_the_function(
    "payments-prod-payment-processing-errors",
    "payments-prod-payment-processing",
    Related::Same
)]
#[case::stage_of_the_api("payments-api/prod", "payments-api", Related::Same)]
#[case::another_function("payments-prod-payment-validation", "payments-prod-payment-processing", Related::Near)]
#[case::nothing_in_common("payments-prod-transactions", "payments-prod-audit-logs", Related::No)]
#[case::only_the_place("payments-prod", "payments-prod", Related::Same)]
fn names_relate(#[case] what: &str, #[case] changed: &str, #[case] related: Related) {
    let change = change(ChangeKind::Publish, changed, 990);
    assert_eq!(red("alarms", what).relation(&change), related);
}

#[test]
fn arns_and_clusters_relate() {
    let arn = "arn:aws:lambda:us-east-1:111122223333:function:f";
    let function = Resource { name: "x".into(), arn: arn.into(), ..Resource::default() };
    let red_function = Red::new(&environment(), None, [function].iter(), None);
    let version = Change { arn: format!("{arn}:43").into(), ..change(ChangeKind::Publish, "y", 990) };
    assert_eq!(red_function.relation(&version), Related::Same);
    let other = Change { arn: format!("{arn}oo").into(), ..change(ChangeKind::Publish, "y", 990) };
    assert_eq!(red_function.relation(&other), Related::No);
    let neighbour = Change { touches: vec!["uex".into()], ..change(ChangeKind::Deployment, "zzz", 990) };
    assert_eq!(red("ecs-capacity", "uex/backend").relation(&neighbour), Related::Near);
}

#[test]
fn without_a_likely_cause_the_first_alarm_leads() {
    let changes = [
        raised("late", 1000),
        raised("early", 996),
        Change { after: "OK".into(), ..change(ChangeKind::Alarm, "other", 999) },
        change(ChangeKind::Database, "db", 995),
    ];
    let found = order(&changes, &red("alarms", "early"));
    let names: Vec<&str> = found.iter().map(|suspect| &*suspect.change.resource).collect();
    assert_eq!(names, ["early", "late", "db", "other"]);
    assert_eq!(found[0].why, "same alarm, the first alarm, 4 min before it turned red");
    assert!(found.iter().all(|suspect| !suspect.likely));
}

#[test]
fn without_a_time_the_oldest_alarm_that_is_still_on_tells_it() {
    let mut red = red("lambda-errors", "f");
    red.since = None;
    let over = [raised("gone", 980), Change { after: "OK".into(), ..change(ChangeKind::Alarm, "gone", 981) }];
    let on = [raised("a", 995), raised("b", 990)];
    let changes: Vec<Arc<Change>> = over.into_iter().chain(on).map(Arc::new).collect();
    assert_eq!(onset(changes.iter(), &red, minute(1005)), minute(990));
    assert_eq!(onset([].iter(), &red, minute(1005)), minute(1005));
}

#[test]
fn what_is_read_holds_what_is_suspected() {
    let red = red("lambda-errors", "f");
    let span = span(&red, minute(ONSET + 500));
    assert_eq!((span.from, span.to), (minute(ONSET - 30), minute(ONSET + 10)));
}

fn kinds() -> impl Strategy<Value = ChangeKind> {
    use ChangeKind::*;
    prop::sample::select(vec![
        Alarm,
        AlarmConfiguration,
        AlarmAction,
        Deployment,
        TaskDefinition,
        ServiceEvent,
        Publish,
        Alias,
        FunctionUpdate,
        Scaling,
        Database,
        Cache,
        Failover,
        ClusterUpdate,
        ApiDeployment,
        KafkaOperation,
    ])
}

prop_compose! {
    fn any_change()(
        kind in kinds(), resource in "(a|b|f|payments-prod-f|c-d)", at in 960i64..1015, env in 0usize..2,
        severity in prop::sample::select(vec![Severity::Ok, Severity::Warning, Severity::Critical]),
        summary in "[a-c]{0,2}", alarm in any::<bool>(), estimated in any::<bool>(),
    ) -> Change {
        let after = if alarm { "ALARM" } else { "OK" };
        Change {
            env: EnvId(env), severity, summary: summary.into(), after: after.into(), estimated,
            ..change(kind, &resource, at)
        }
    }
}

proptest! {
    #[test]
    fn the_list_holds_the_window_once_and_in_an_order_of_its_own(
        changes in prop::collection::vec(any_change(), 0..40), turn in 0usize..40,
    ) {
        let red = red("lambda-errors", "f");
        let found = order(&changes, &red);
        let reacts = |c: &Change| c.kind == ChangeKind::Scaling || (c.kind == ChangeKind::Alarm && &*c.after == "ALARM");
        let until = |c: &Change| minute(if reacts(c) { 1010 } else { 1002 });
        let inside = |c: &Change| c.env == EnvId(0) && minute(970) <= c.at && c.at <= until(c);
        prop_assert_eq!(found.len(), changes.iter().filter(|c| inside(c)).count());
        prop_assert!(found.iter().all(|suspect| inside(&suspect.change) && !suspect.why.is_empty()));
        prop_assert!(found.iter().all(|suspect| !suspect.likely || suspect.change.at <= minute(1002)), "a reaction is no cause");
        let mut turned = changes.clone();
        turned.rotate_left(turn.min(changes.len()));
        let again = order(&turned, &red);
        let told = |list: &[Suspect]| list.iter().map(|s| (s.change.resource.clone(), s.why.clone())).collect::<Vec<_>>();
        prop_assert_eq!(told(&found), told(&again));
    }

    #[test]
    fn symptoms_never_stand_before_likely_causes(changes in prop::collection::vec(any_change(), 0..40)) {
        let found = order(&changes, &red("lambda-errors", "f"));
        let first = found.iter().position(|suspect| !suspect.likely).unwrap_or(found.len());
        prop_assert!(found[first..].iter().all(|suspect| !suspect.likely));
        prop_assert!(found[..first].iter().all(|suspect| !suspect.change.kind.is_symptom()));
    }

    #[test]
    fn nearer_in_time_and_in_name_is_never_less_suspicious(
        kind in kinds(), early in 970i64..1000, later in 0i64..30, other in "(a|b|c-d)",
    ) {
        prop_assume!(!kind.is_symptom());
        let red = red("lambda-errors", "f");
        let late = (early + later).min(1000);
        let (far, near) = (change(kind, "f", early), change(kind, "f", late));
        prop_assert_eq!(order(&[far, near], &red)[0].change.at, minute(late));
        let (own, foreign) = (change(kind, "f", early), change(kind, &other, early));
        prop_assert_eq!(&*order(&[foreign, own], &red)[0].change.resource, "f");
    }
}
