//! Tests of the custom metrics: judgement on plain data; the inventory makes no call.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::config::Missing;
use crate::model::{FaultKind, FieldValue, Severity, Stat};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady, wire};

type Points = Option<Vec<Option<f64>>>;

fn metric(title: &str, warn: f64, critical: f64) -> MetricConfig {
    MetricConfig {
        title: title.into(),
        namespace: "Analytics".into(),
        metric: title.into(),
        statistic: Stat::PercentileTenths(999),
        unit: "s".into(),
        warn: Some(warn),
        critical: Some(critical),
        dimensions: [("Service".to_owned(), "api".to_owned())].into(),
        ..MetricConfig::default()
    }
}

fn read(configured: &Vec<MetricConfig>, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let reading = interpret(&Custom, configured, &metrics(&Custom.queries(configured), points));
    check_invariants(&reading);
    reading
}

#[rstest]
#[case(3.0, 5.0, 2.9, Severity::Ok)]
#[case(3.0, 5.0, 3.0, Severity::Warning)]
#[case(3.0, 5.0, 5.0, Severity::Critical)]
#[case(3.0, 5.0, 0.0, Severity::Ok)]
#[case(10.0, 2.0, 11.0, Severity::Ok)]
#[case(10.0, 2.0, 10.0, Severity::Warning)]
#[case(10.0, 2.0, 0.0, Severity::Critical)]
fn thresholds_in_both_directions(
    #[case] warn: f64,
    #[case] critical: f64,
    #[case] value: f64,
    #[case] severity: Severity,
) {
    let reading = read(&vec![metric("Webhook time", warn, critical)], |_| steady(value));
    assert_eq!((reading.severity, reading.value), (severity, Some(value)));
    assert_eq!(reading.since, (severity > Severity::Ok).then(|| minute(0)));
}

#[test]
fn the_only_metric_speaks_for_the_cell() {
    let reading = read(&vec![metric("Webhook time", 3.0, 5.0)], |_| steady(4.83));
    assert_eq!((reading.headline.as_str(), reading.unit.as_str(), reading.note.as_str()), ("4.8 s", "s", ""));
    let resource = &reading.resources[0];
    assert_eq!((resource.name.as_str(), resource.logical_name.as_str()), ("Webhook time", "Webhook time"));
    assert_eq!(resource.reason, "Webhook time p99.9 at or above 3 s");
    assert_eq!(field(resource, "dimensions"), FieldValue::List(vec!["Service=api".into()]));
    assert_eq!(field(resource, "warn"), FieldValue::Number(3.0));
}

#[test]
fn several_are_counted_and_the_worst_is_named() {
    let configured = vec![metric("Backlog", 3.0, 5.0), metric("Failed", 3.0, 5.0), metric("Time", 3.0, 5.0)];
    let one_of_each = |query: &MetricQuery| match &*query.name {
        "Backlog" => steady(0.5),
        "Failed" => steady(9.0),
        _ => silent(),
    };
    let reading = read(&configured, one_of_each);
    assert_eq!((reading.headline.as_str(), reading.note.as_str()), ("1 of 3", "Failed 9 s, 1 unknown"));
    assert_eq!(read(&configured, |_| steady(1.0)).headline, "3 ok");
    let some_unknown = read(&configured, |query| if query.name == "Time" { silent() } else { steady(1.0) });
    assert_eq!((some_unknown.severity, some_unknown.headline.as_str()), (Severity::Unknown, "1 of 3 unknown"));
    assert_eq!(some_unknown.note, "Time no data");
    assert_eq!(read(&configured, |_| silent()).headline, "no data");
}

#[test]
fn missing_is_unknown_unless_it_is_said_to_be_zero() {
    let mut configured = vec![metric("Failed", 3.0, 5.0)];
    let unknown = read(&configured, |_| silent());
    assert_eq!((unknown.severity, unknown.headline.as_str()), (Severity::Unknown, "no data"));
    configured[0].missing = Missing::Zero;
    let zero = read(&configured, |_| silent());
    assert_eq!((zero.severity, zero.headline.as_str(), zero.value), (Severity::Ok, "0 s", Some(0.0)));
    let unanswered = read(&configured, |_| None);
    assert_eq!((unanswered.severity, unanswered.headline.as_str()), (Severity::Unknown, "…"));
    let fault = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let denied = interpret(&Custom, &configured, &MetricSet { fault: Some(fault.clone()), ..MetricSet::default() });
    assert_eq!((denied.headline.as_str(), denied.fault), ("metrics denied", Some(fault)));
}

#[test]
fn a_point_every_five_minutes_is_enough_and_the_newest_minute_is_not_judged() {
    let configured = vec![metric("Backlog", 3.0, 5.0)];
    let rare = |_: &MetricQuery| Some((0..10).map(|i| (i % 5 == 1).then_some(1.0)).collect());
    assert_eq!(read(&configured, rare).headline, "1 s");
    let newest = |_: &MetricQuery| Some((0..10).map(|i| Some(if i == 9 { 100.0 } else { 1.0 })).collect());
    assert_eq!(read(&configured, newest).severity, Severity::Ok);
}

#[test]
fn scale_comes_before_thresholds_and_none_never_judge() {
    let scaled = MetricConfig { scale: 0.001, ..metric("Time", 3.0, 5.0) };
    let reading = read(&vec![scaled], |_| steady(4000.0));
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Warning, "4 s"));
    assert_eq!(reading.series.unwrap().points[3], Some(4.0));
    let shown = MetricConfig { warn: None, critical: None, ..metric("Time", 0.0, 0.0) };
    assert_eq!(read(&vec![shown.clone()], |_| steady(1e12)).severity, Severity::Ok);
    assert_eq!(read(&vec![shown], |_| silent()).severity, Severity::Unknown);
}

#[tokio::test]
async fn without_configuration_the_row_is_absent_and_nothing_is_called() {
    let (session, calls) = wire::session(|call| panic!("{}", call.operation)).await;
    assert_eq!(Signal::inventory(&Custom, &session).await.unwrap(), vec![]);
    assert_eq!(read(&vec![], |_| None).headline, "–");
    let session = session.watching(vec![metric("Time", 3.0, 5.0)]);
    assert_eq!(Signal::inventory(&Custom, &session).await.unwrap().len(), 1);
    assert_eq!(calls.all().len(), 0);
}

#[test]
fn odd_names_reach_the_metrics_as_they_are_and_the_screen_cleaned() {
    let mut configured = vec![metric("a\u{202e}b", 3.0, 5.0)];
    configured[0].dimensions = [("Cluster Name".to_owned(), "x\u{1b}y".to_owned())].into();
    assert_eq!(Custom.queries(&configured)[0].dimensions[0], ("Cluster Name".into(), "x\u{1b}y".to_owned()));
    let reading = read(&configured, |_| steady(1.0));
    assert_eq!(reading.resources[0].name, "ab");
    assert!(!format!("{:?}", field(&reading.resources[0], "dimensions")).contains('\u{1b}'));
}

proptest! {
    #[test]
    fn nothing_without_a_value_is_ok(
        points in prop::collection::vec(prop::option::of(prop::collection::vec(prop::option::of(any::<f64>()), 0..12)), 3),
        warn in 0.0f64..1e6, critical in 0.0f64..1e6, scale in 1e-6f64..1e6,
    ) {
        let configured: Vec<MetricConfig> =
            ["a", "b", "c"].iter().map(|title| MetricConfig { scale, ..metric(title, warn, critical) }).collect();
        let queries = Custom.queries(&configured);
        let reading = read(&configured, |query| points[queries.iter().position(|q| q == query).unwrap()].clone());
        for resource in &reading.resources {
            let known = matches!(field(resource, "value"), FieldValue::Number(_));
            prop_assert_eq!(known, resource.severity != Severity::Unknown);
        }
    }
}
