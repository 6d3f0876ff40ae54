//! Tests of the SQS signal: judgement on plain data, inventories through the real SDK client.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::config::Select;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, interpret_by, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn queue(name: &str) -> Queue {
    let attributes = QueueAttributes { visible: Some(0), in_flight: Some(0), ..QueueAttributes::default() };
    Queue {
        name: name.into(),
        arn: format!("arn:aws:sqs:us-east-1:111122223333:{name}"),
        attributes: Some(attributes),
        ..Queue::default()
    }
}

fn of(queues: Vec<Queue>) -> Inventory {
    Inventory { queues, fault: None }
}

fn read(inventory: &Inventory, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let reading = interpret(&Sqs, inventory, &metrics(&Sqs.queries(inventory), points));
    check_invariants(&reading);
    reading
}

fn is_age(query: &MetricQuery) -> bool {
    query.name == "ApproximateAgeOfOldestMessage"
}

#[rstest]
#[case(0.0, Severity::Ok, "empty")]
#[case(12.0, Severity::Ok, "oldest 12 s")]
#[case(299.0, Severity::Ok, "oldest 5 min")]
#[case(300.0, Severity::Warning, "oldest 5 min")]
#[case(1800.0, Severity::Critical, "oldest 30 min")]
fn ages_as_severities(#[case] age: f64, #[case] severity: Severity, #[case] headline: &str) {
    let reading = read(&of(vec![queue("orders")]), |query| steady(if is_age(query) { age } else { 7.0 }));
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
    assert_eq!((reading.value, reading.unit.as_str()), (Some(age), "s"));
    assert_eq!(reading.since, (severity > Severity::Ok).then(|| minute(0)));
}

#[rstest]
#[case(0.0, Severity::Ok, "no dead letters")]
#[case(1.0, Severity::Warning, "1 dead letter")]
#[case(100.0, Severity::Critical, "100 dead letters")]
fn dead_letters_as_severities(#[case] count: f64, #[case] severity: Severity, #[case] headline: &str) {
    let dead = Queue { is_dead_letter: true, ..queue("orders-dead") };
    let reading = read(&of(vec![queue("orders"), dead]), |query| {
        steady(if query.dimensions[0].1 == "orders-dead" { count } else { 0.0 })
    });
    let found = reading.resources.iter().find(|r| r.name == "orders-dead").unwrap();
    assert_eq!((found.severity, found.headline.as_str()), (severity, headline));
    if severity > Severity::Ok {
        assert_eq!((reading.headline.as_str(), reading.value), (headline, Some(count)));
        assert_eq!(reading.unit, "messages");
    }
}

#[test]
fn nobody_asks_for_the_age_of_dead_letters() {
    let dead = Queue { is_dead_letter: true, ..queue("dead") };
    let asked: Vec<String> = Sqs.queries(&of(vec![dead])).iter().map(|query| query.name.to_string()).collect();
    assert_eq!(asked, ["ApproximateNumberOfMessagesVisible"]);
}

#[test]
fn backlogs_judge_only_where_they_are_configured() {
    let inventory = of(vec![queue("orders")]);
    let points = |query: &MetricQuery| steady(if is_age(query) { 20.0 } else { 5000.0 });
    assert_eq!(read(&inventory, points).severity, Severity::Ok);
    let level = [("backlog".to_owned(), Level { warn: 1000.0, critical: 10_000.0 })];
    let thresholds = [("sqs".to_owned(), level.into())].into();
    let reading = interpret_by(&Sqs, &inventory, &metrics(&Sqs.queries(&inventory), points), &thresholds);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Warning, "5000 waiting"));
    assert_eq!(reading.resources[0].reason, "5000 waiting, oldest 20 s");
}

#[test]
fn a_sleeping_queue_has_no_metrics_and_its_attributes_tell() {
    let with = |visible, in_flight| {
        let attributes = QueueAttributes { visible, in_flight, ..QueueAttributes::default() };
        read(&of(vec![Queue { attributes: Some(attributes), ..queue("orders") }]), |_| silent())
    };
    let empty = with(Some(0), Some(0));
    assert_eq!((empty.severity, empty.headline.as_str()), (Severity::Ok, "empty"));
    let full = with(Some(3), Some(0));
    assert_eq!((full.severity, full.headline.as_str()), (Severity::Unknown, "3 waiting, age unknown"));
    assert_eq!(with(Some(0), Some(2)).severity, Severity::Unknown);
    assert_eq!(with(None, None).severity, Severity::Unknown);
    let dead = Queue { is_dead_letter: true, ..queue("dead") };
    assert_eq!(read(&of(vec![dead]), |_| silent()).headline, "no dead letters");
}

#[test]
fn what_was_not_answered_is_unknown() {
    let unread = Queue { attributes: None, ..queue("a") };
    let reading = read(&of(vec![unread.clone()]), |_| steady(0.0));
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "attributes unread"));
    assert_eq!(field(&reading.resources[0], "is_dead_letter_queue"), FieldValue::Unknown);
    assert_eq!(read(&of(vec![unread]), |_| steady(9999.0)).severity, Severity::Critical);
    let fault = Fault::new(FaultKind::Throttled, "GetMetricData", "slow down");
    let set = MetricSet { fault: Some(fault), ..MetricSet::default() };
    let reading = interpret(&Sqs, &of(vec![queue("a")]), &set);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "metrics throttled"));
    assert_eq!(read(&of(vec![]), |_| None).headline, "–");
}

fn url(name: &str) -> String {
    format!("https://sqs.us-east-1.amazonaws.com/111122223333/{name}")
}

/// An account with these queues; of each pair `x`, `x-dead` the second is the dead-letter queue.
fn answer(call: &Call, names: &[String]) -> Answer {
    match call.operation.as_str() {
        "ListQueues" => {
            assert_eq!(call.get("MaxResults").as_deref(), Some("1000"));
            let urls: Vec<Value> = names.iter().map(|name| json!(url(name))).collect();
            let (urls, next) = page(&urls, 1000, call.get("NextToken").as_deref());
            Ok(json!({"QueueUrls": urls, "NextToken": next}))
        }
        "GetQueueAttributes" => {
            let url = call.get("QueueUrl").unwrap();
            let name = url.rsplit('/').next().unwrap();
            let arn = format!("arn:aws:sqs:us-east-1:111122223333:{name}");
            let mut attributes = json!({"QueueArn": arn, "ApproximateNumberOfMessages": "4", "VisibilityTimeout": "30",
                "ApproximateNumberOfMessagesNotVisible": "2", "MessageRetentionPeriod": "345600"});
            if names.contains(&format!("{name}-dead")) {
                let policy = json!({"deadLetterTargetArn": format!("{arn}-dead"), "maxReceiveCount": "5"});
                attributes["RedrivePolicy"] = json!(policy.to_string());
            }
            Ok(json!({"Attributes": attributes}))
        }
        _ => panic!("{}", call.operation),
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("q{number:04}")).collect()
}

#[tokio::test]
async fn every_page_is_read_and_every_new_queue_asked_once() {
    for count in [0, 1, 99, 100, 101, 250, 999, 1000, 1001] {
        let all = names(count);
        let (session, calls) = wire::session(move |call| answer(call, &all)).await;
        let found = Signal::inventory(&Sqs, &session).await.unwrap();
        assert_eq!(found.queues.len(), count);
        assert!(found.queues.is_sorted_by_key(|queue| queue.name.clone()), "order depends on the network");
        assert!(found.queues.iter().all(|queue| queue.attributes.is_some()));
        assert_eq!(calls.count("ListQueues"), pages(count, 1000));
        assert_eq!(calls.count("GetQueueAttributes"), count);
    }
}

#[tokio::test]
async fn many_queues_take_turns_and_nothing_is_forgotten() {
    let all = names(250);
    let (session, calls) = wire::session(move |call| answer(call, &all)).await;
    Signal::inventory(&Sqs, &session).await.unwrap();
    for round in 1..=3 {
        let found = Signal::inventory(&Sqs, &session).await.unwrap();
        assert_eq!(calls.count("GetQueueAttributes"), 250 + round * 100);
        assert!(found.queues.iter().all(|queue| queue.attributes.is_some()));
    }
    let asked: std::collections::BTreeSet<_> =
        calls.all().iter().skip(252).filter_map(|call| call.get("QueueUrl")).collect();
    assert_eq!(asked.len(), 250, "all had their turn in three rounds");
}

#[tokio::test]
async fn dead_letter_queues_are_those_that_a_policy_names() {
    let all = ["orders", "orders-dead", "a.fifo"].map(str::to_owned);
    let (session, _) = wire::session(move |call| answer(call, &all)).await;
    let found = Signal::inventory(&Sqs, &session).await.unwrap();
    let dead: Vec<(&str, bool)> = found.queues.iter().map(|q| (q.name.as_str(), q.is_dead_letter)).collect();
    assert_eq!(dead, [("a.fifo", false), ("orders", false), ("orders-dead", true)]);
    let reading = interpret(&Sqs, &found, &metrics(&Sqs.queries(&found), |_| steady(0.0)));
    let of = |name: &str| reading.resources.iter().find(|r| r.name == name).unwrap();
    assert_eq!(field(of("a.fifo"), "fifo"), FieldValue::Flag(true));
    assert_eq!(field(of("orders"), "max_receives"), FieldValue::Count(5));
    assert_eq!(field(of("orders"), "in_flight"), FieldValue::Count(2));
    assert_eq!(of("orders").arn, "arn:aws:sqs:us-east-1:111122223333:orders");
}

#[tokio::test]
async fn what_does_not_belong_is_not_asked_and_what_has_gone_is_left_out() {
    let select = Select { names: vec!["prod-*".into()], ..Select::default() };
    let all = ["prod-a", "dev-a", "prod-gone", "prod-denied"].map(str::to_owned);
    let (session, calls) = wire::session_selecting(select, move |call| match call.get("QueueUrl") {
        Some(url) if url.ends_with("gone") => Err((400, "QueueDoesNotExist")),
        Some(url) if url.ends_with("denied") => Err((403, "AccessDeniedException")),
        _ => answer(call, &all),
    })
    .await;
    let found = Signal::inventory(&Sqs, &session).await.unwrap();
    let known: Vec<(&str, bool)> = found.queues.iter().map(|q| (q.name.as_str(), q.attributes.is_some())).collect();
    assert_eq!(known, [("prod-a", true), ("prod-denied", false)]);
    assert_eq!(found.fault.unwrap().kind, FaultKind::Denied);
    assert_eq!(calls.count("GetQueueAttributes"), 3);
}

#[tokio::test]
async fn odd_policies_and_denials_are_no_panic() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "ListQueues" => Ok(json!({"QueueUrls": ["", "x", "https://sqs/1/ü"]})),
        _ => Ok(json!({"Attributes": {"RedrivePolicy": "{not json", "ApproximateNumberOfMessages": "many"}})),
    })
    .await;
    let found = Signal::inventory(&Sqs, &session).await.unwrap();
    assert_eq!(found.queues.len(), 3);
    check_invariants(&interpret(&Sqs, &found, &metrics(&Sqs.queries(&found), |_| silent())));
    let (session, _) = wire::session(|_| Err((403, "AccessDeniedException"))).await;
    assert_eq!(Signal::inventory(&Sqs, &session).await.unwrap_err().kind, FaultKind::Denied);
    let (session, _) = wire::session(|_| Ok(json!({"QueueUrls": [], "NextToken": "again"}))).await;
    assert_eq!(Signal::inventory(&Sqs, &session).await.unwrap_err().kind, FaultKind::Service);
}

proptest! {
    #[test]
    fn nothing_unanswered_is_ok(
        points in prop::collection::vec(prop::option::of(prop::collection::vec(prop::option::of(any::<f64>()), 0..12)), 3),
        name in ".{0,12}", dead: bool,
    ) {
        let inventory = of(vec![queue("first"), Queue { is_dead_letter: dead, ..queue(&name) }]);
        let queries = Sqs.queries(&inventory);
        let answered = |query: &MetricQuery| points[queries.iter().position(|q| q == query).unwrap() % 3].clone();
        let missing = queries.iter().any(|query| is_age(query) && answered(query).is_none());
        let reading = read(&inventory, answered);
        prop_assert!(!missing || reading.severity >= Severity::Unknown);
    }
}
