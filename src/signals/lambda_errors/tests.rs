//! Tests of the Lambda errors signal: judgement on plain data, inventories through the real SDK clients.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, BOUNDARIES, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, interpret_by, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn functions(names: &[&str]) -> Vec<Function> {
    names.iter().map(|name| Function { name: (*name).into(), memory_mb: Some(2048), ..Function::default() }).collect()
}

/// Answers by function and metric name.
fn answered(functions: &Vec<Function>, points: impl Fn(&str, &str) -> Points) -> MetricSet {
    metrics(&LambdaErrors.queries(functions), |query| points(&query.dimensions[0].1, &query.name))
}

fn read(functions: &Vec<Function>, points: impl Fn(&str, &str) -> Points) -> Reading {
    let reading = interpret(&LambdaErrors, functions, &answered(functions, points));
    check_invariants(&reading);
    reading
}

/// One function with steady invocations, errors and throttles a minute.
fn one(invocations: f64, errors: f64, throttles: f64) -> Reading {
    read(&functions(&["f"]), |_, metric| match metric {
        "Invocations" => steady(invocations),
        "Errors" => steady(errors),
        "Throttles" => steady(throttles),
        _ => steady(2100.0),
    })
}

#[rstest]
#[case(1000.0, 0.0, 0.0, Severity::Ok, "0.0 %")]
#[case(1000.0, 9.0, 0.0, Severity::Ok, "0.9 %")]
#[case(1000.0, 10.0, 0.0, Severity::Warning, "1.0 %")]
#[case(1000.0, 84.0, 0.0, Severity::Critical, "8.4 %")]
#[case(0.0, 3.0, 0.0, Severity::Critical, "100.0 %")]
#[case(0.0, 0.0, 0.0, Severity::Ok, "idle")]
#[case(1000.0, 0.0, 0.8, Severity::Ok, "0.0 %")]
#[case(1000.0, 0.0, 1.0, Severity::Warning, "throttled 1/min")]
#[case(0.0, 0.0, 60.0, Severity::Critical, "throttled 60/min")]
#[case(1000.0, 84.0, 60.0, Severity::Critical, "8.4 %")]
fn rates_as_severities(
    #[case] invocations: f64,
    #[case] errors: f64,
    #[case] throttles: f64,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let reading = one(invocations, errors, throttles);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[test]
fn missing_errors_and_throttles_are_zero_when_answered() {
    let points = |_: &str, metric: &str| if metric == "Invocations" { steady(50.0) } else { silent() };
    let reading = read(&functions(&["f"]), points);
    assert_eq!((reading.severity, reading.headline.as_str(), reading.value), (Severity::Ok, "0.0 %", Some(0.0)));
    assert_eq!(field(&reading.resources[0], "p95_ms"), FieldValue::Unknown);
}

#[rstest]
#[case("Invocations")]
#[case("Errors")]
#[case("Throttles")]
fn an_unanswered_query_is_unknown(#[case] missing: &str) {
    let reading = read(&functions(&["f"]), |_, metric| if metric == missing { None } else { steady(0.0) });
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "…"));
}

#[test]
fn the_worst_function_speaks_and_dates() {
    let incident = |bad: f64| {
        let mut points = vec![Some(0.0); 10];
        points[4..].fill(Some(bad));
        Some(points)
    };
    let reading =
        read(&functions(&["a", "payments-prod-processing", "z"]), |function, metric| match (function, metric) {
            (_, "Invocations") => steady(1000.0),
            ("payments-prod-processing", "Errors") => incident(84.0),
            ("z", "Errors") => incident(60.0),
            (_, "Duration") => silent(),
            _ => steady(0.0),
        });
    assert_eq!((reading.headline.as_str(), reading.value), ("8.4 %", Some(8.4)));
    assert_eq!(reading.unit, "%");
    assert_eq!((reading.since, reading.resources[0].since), (Some(minute(4)), Some(minute(4))));
    assert_eq!(reading.series.unwrap().points[9], Some(8.4));
    assert_eq!(reading.resources[0].logical_name, "processing");
    assert_eq!(reading.resources[0].reason, "420 of 5000 invocations failed in 5 minutes");
}

#[test]
fn the_newest_minute_is_not_judged() {
    let reading = read(&functions(&["f"]), |_, metric| {
        let mut points = vec![Some(if metric == "Invocations" { 100.0 } else { 0.0 }); 10];
        points[9] = Some(100.0);
        Some(points)
    });
    assert_eq!(reading.severity, Severity::Ok);
}

#[test]
fn durations_are_judged_only_where_configured() {
    assert_eq!(one(10.0, 0.0, 0.0).severity, Severity::Ok);
    let functions = functions(&["f"]);
    let level = Level { warn: 1000.0, critical: 3000.0 };
    let thresholds = BTreeMap::from([("lambda-errors".into(), BTreeMap::from([("p95_ms".into(), level)]))]);
    let judged = |p95: Points| {
        let set = answered(&functions, |_, metric| match metric {
            "Invocations" => steady(10.0),
            "Duration" => p95.clone(),
            _ => silent(),
        });
        let reading = interpret_by(&LambdaErrors, &functions, &set, &thresholds);
        (reading.severity, reading.headline.to_string())
    };
    assert_eq!(judged(steady(2100.0)), (Severity::Warning, "p95 2.1 s".to_owned()));
    assert_eq!(judged(silent()), (Severity::Unknown, "duration unknown".to_owned()));
}

#[test]
fn without_metrics_every_function_is_listed_and_unknown() {
    let functions = functions(&["a", "b"]);
    let fault = Fault::new(FaultKind::Unsupported, "GetMetricData", "404");
    let unread = MetricSet { fault: Some(fault.clone()), at: Some(minute(1)), ..MetricSet::default() };
    let reading = interpret(&LambdaErrors, &functions, &unread);
    check_invariants(&reading);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "metrics unsupported"));
    assert_eq!((reading.resources.len(), reading.fault), (2, Some(fault)));
    let waiting = interpret(&LambdaErrors, &functions, &MetricSet::default());
    assert_eq!((waiting.severity, waiting.headline.as_str(), waiting.fault), (Severity::Unknown, "…", None));
}

#[test]
fn one_unknown_beside_a_critical_is_noted() {
    let reading = read(&functions(&["a", "b"]), |function, metric| match (function, metric) {
        ("a", "Errors") => None,
        ("b", _) => steady(10.0),
        _ => steady(0.0),
    });
    assert_eq!((reading.severity, reading.note.as_str()), (Severity::Critical, "1 unknown"));
}

#[test]
fn no_functions_is_absent() {
    assert_eq!(read(&vec![], |_, _| None).headline, "–");
}

fn answer(call: &Call, all: &[Value]) -> Answer {
    assert!(call.operation.starts_with("GET /2015-03-31/functions"));
    assert_eq!(call.get("MaxItems").as_deref(), Some("50"));
    let (functions, next) = page(all, 50, call.get("Marker").as_deref());
    Ok(json!({"Functions": functions, "NextMarker": next}))
}

fn wire_function(name: &str) -> Value {
    json!({"FunctionName": name, "FunctionArn": format!("arn:aws:lambda:us-east-1:1:function:{name}"),
        "Runtime": "python3.13", "MemorySize": 2048, "Timeout": 30, "Version": "$LATEST", "CodeSha256": "abc=",
        "LastModified": "2026-11-21T03:04:00.000+0000"})
}

#[tokio::test]
async fn every_page_is_read_once() {
    for count in BOUNDARIES.iter().copied().chain([49, 50, 51]) {
        let all: Vec<Value> = (0..count).map(|i| wire_function(&format!("f{i:03}"))).collect();
        let (session, calls) = wire::session(move |call| answer(call, &all)).await;
        assert_eq!(Signal::inventory(&LambdaErrors, &session).await.unwrap().len(), count);
        assert_eq!(calls.all().len(), pages(count, 50), "{count} functions");
    }
}

#[tokio::test]
async fn a_function_with_all_it_has() {
    let (session, _) =
        wire::session(|call| answer(call, &[wire_function("f"), json!({"FunctionName": "e", "PackageType": "Image"})]))
            .await;
    let found = Signal::inventory(&LambdaErrors, &session).await.unwrap();
    assert_eq!((found[0].name.as_str(), found[0].runtime.as_str()), ("e", "container"));
    let function = &found[1];
    assert_eq!((function.memory_mb, function.timeout_s), (Some(2048), Some(30)));
    assert_eq!((function.runtime.as_str(), function.code_sha256.as_str()), ("python3.13", "abc="));
}

#[tokio::test]
async fn repeated_markers_and_denials_are_faults() {
    let (session, calls) = wire::session(|_| Ok(json!({"Functions": [], "NextMarker": "again"}))).await;
    assert_eq!(Signal::inventory(&LambdaErrors, &session).await.unwrap_err().kind, FaultKind::Service);
    assert_eq!(calls.all().len(), 2);
    let (session, _) = wire::session(|_| Err((403, "AccessDeniedException"))).await;
    assert_eq!(Signal::inventory(&LambdaErrors, &session).await.unwrap_err().kind, FaultKind::Denied);
}

proptest! {
    #[test]
    fn nothing_unanswered_is_ok(
        points in prop::collection::vec(prop::option::of(prop::collection::vec(prop::option::of(any::<f64>()), 0..12)), 8),
        names in prop::collection::vec(".{1,12}", 2),
    ) {
        let functions = functions(&[&names[0], &names[1]]);
        let queries = LambdaErrors.queries(&functions);
        let set = metrics(&queries, |query| points[queries.iter().position(|q| q == query).unwrap() % 8].clone());
        let reading = interpret(&LambdaErrors, &functions, &set);
        check_invariants(&reading);
        let unanswered = queries.iter().any(|q| q.name != "Duration" && set.get(q).is_none());
        prop_assert!(!unanswered || reading.severity >= Severity::Unknown);
    }
}
