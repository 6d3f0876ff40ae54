//! Tests of the API Gateway signal: judgement on plain data, inventories through the real SDK clients.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, BOUNDARIES, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn stage(protocol: Protocol, api: &str) -> Stage {
    Stage {
        protocol,
        api_id: format!("id-{api}").into(),
        api_name: api.into(),
        name: "prod".into(),
        ..Stage::default()
    }
}

fn read(inventory: &Inventory, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let set = metrics(&ApiGateway.queries(inventory), points);
    let reading = interpret(&ApiGateway, inventory, &set);
    check_invariants(&reading);
    reading
}

fn of(stages: Vec<Stage>) -> Inventory {
    Inventory { stages, ..Inventory::default() }
}

/// One REST stage with 1000 requests a minute, these errors a minute and this latency.
fn one(errors_5xx: f64, errors_4xx: f64, latency: f64) -> Reading {
    read(&of(vec![stage(Protocol::Rest, "payments-api")]), |query| match &*query.name {
        "Count" => steady(1000.0),
        "5XXError" => steady(errors_5xx),
        "4XXError" => steady(errors_4xx),
        _ => steady(latency),
    })
}

#[rstest]
#[case(0.0, 0.0, 100.0, Severity::Ok, "5xx 0.0 %")]
#[case(4.9, 0.0, 100.0, Severity::Ok, "5xx 0.5 %")]
#[case(5.0, 0.0, 100.0, Severity::Warning, "5xx 0.5 %")]
#[case(39.0, 0.0, 100.0, Severity::Critical, "5xx 3.9 %")]
#[case(0.0, 249.0, 100.0, Severity::Ok, "5xx 0.0 %")]
#[case(0.0, 250.0, 100.0, Severity::Warning, "4xx 25.0 %")]
#[case(5.0, 600.0, 100.0, Severity::Critical, "4xx 60.0 %")]
#[case(0.0, 0.0, 2000.0, Severity::Warning, "p95 2.0 s")]
#[case(39.0, 600.0, 9000.0, Severity::Critical, "5xx 3.9 %")]
fn rates_as_severities(
    #[case] errors_5xx: f64,
    #[case] errors_4xx: f64,
    #[case] latency: f64,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let reading = one(errors_5xx, errors_4xx, latency);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
    assert_eq!(reading.since, (severity > Severity::Ok).then(|| minute(0)));
}

#[test]
fn the_cell_has_number_curve_and_row() {
    let reading = one(39.0, 0.0, 120.0);
    assert_eq!((reading.value, reading.unit.as_str()), (Some(3.9), "%"));
    assert_eq!(reading.series.unwrap().points[2], Some(3.9));
    assert_eq!(
        (reading.resources[0].name.as_str(), reading.resources[0].logical_name.as_str()),
        ("payments-api/prod", "api")
    );
    assert_eq!(reading.resources[0].reason, "5000 requests in 5 minutes, 5xx 3.9 %, p95 120 ms");
}

#[test]
fn http_apis_are_asked_by_id_and_rest_apis_by_name() {
    let queries = ApiGateway.queries(&of(vec![stage(Protocol::Rest, "r"), stage(Protocol::Http, "h")]));
    let asked: Vec<(&str, &str, &str)> =
        queries.iter().map(|q| (&*q.name, &*q.dimensions[0].0, q.dimensions[0].1.as_str())).collect();
    assert_eq!(asked[0], ("5XXError", "ApiName", "r"));
    assert_eq!(asked[4], ("5xx", "ApiId", "id-h"));
    assert_eq!((queries[2].stat, queries[3].stat), (Stat::SampleCount, Stat::Percentile(95)));
    assert!(queries.iter().all(|q| q.dimensions.len() == 2 && q.dimensions[1] == ("Stage".into(), "prod".to_owned())));
}

#[test]
fn missing_errors_are_zero_and_silence_is_idle() {
    let inventory = of(vec![stage(Protocol::Rest, "a")]);
    let idle = read(&inventory, |_| silent());
    assert_eq!((idle.severity, idle.headline.as_str()), (Severity::Ok, "idle"));
    let busy = read(&inventory, |query| match &*query.name {
        "Count" => steady(10.0),
        "Latency" => steady(80.0),
        _ => silent(),
    });
    assert_eq!((busy.severity, busy.headline.as_str()), (Severity::Ok, "5xx 0.0 %"));
    let no_latency = read(&inventory, |query| if query.name == "Count" { steady(10.0) } else { silent() });
    assert_eq!((no_latency.severity, no_latency.headline.as_str()), (Severity::Unknown, "latency unknown"));
}

#[test]
fn unanswered_is_unknown_and_every_stage_is_listed() {
    let inventory = of(vec![stage(Protocol::Rest, "a"), stage(Protocol::Http, "b")]);
    for missing in ["5XXError", "4xx", "Count", "Latency"] {
        let reading = read(&inventory, |query| if query.name == missing { None } else { steady(0.0) });
        let expected = if missing == "Latency" { Severity::Ok } else { Severity::Unknown };
        assert_eq!(reading.severity, expected, "{missing}");
    }
    let fault = Fault::new(FaultKind::Unsupported, "GetMetricData", "404");
    let unread = MetricSet { fault: Some(fault.clone()), ..MetricSet::default() };
    let reading = interpret(&ApiGateway, &inventory, &unread);
    assert_eq!((reading.headline.as_str(), reading.resources.len()), ("metrics unsupported", 2));
    assert_eq!((reading.severity, reading.fault), (Severity::Unknown, Some(fault)));
}

#[test]
fn what_was_not_listed_is_unknown_and_websockets_are_noted() {
    let inventory = Inventory {
        unlisted: vec![Unlisted { name: "HTTP APIs".into(), arn: Text::default() }],
        fault: Some(Fault::new(FaultKind::Denied, "GetApis", "no")),
        websockets: 2,
        ..of(vec![stage(Protocol::Rest, "a")])
    };
    let reading = read(&inventory, |_| steady(0.0));
    assert_eq!((reading.severity, reading.note.as_str()), (Severity::Unknown, "2 websocket not judged"));
    assert_eq!(reading.resources[0].name, "HTTP APIs");
    assert_eq!(read(&of(vec![]), |_| None).headline, "–");
}

/// An account with this many REST APIs and HTTP APIs, one stage each.
fn answer(call: &Call, rest: usize, http: usize) -> Answer {
    let path: Vec<&str> = call.operation.trim_start_matches("GET /").split('/').collect();
    match path[..] {
        ["restapis"] => {
            assert_eq!(call.get("limit").as_deref(), Some("500"));
            let all: Vec<Value> =
                (0..rest).map(|i| json!({"id": format!("r{i:03}"), "name": format!("rest{i:03}")})).collect();
            let (items, next) = page(&all, 500, call.get("position").as_deref());
            Ok(json!({"item": items, "position": next}))
        }
        ["restapis", _, "stages"] => Ok(json!({"item": [{"stageName": "live", "deploymentId": "d1",
            "lastUpdatedDate": 60, "methodSettings": {"*/*": {"throttlingRateLimit": 2000.0, "throttlingBurstLimit": 4000}}}]})),
        ["v2", "apis"] => {
            let all: Vec<Value> = (0..http)
                .map(|i| {
                    json!({"apiId": format!("h{i:03}"), "name": format!("http{i:03}"), "protocolType": "HTTP",
                    "routeSelectionExpression": "$request.method"})
                })
                .collect();
            let (items, next) = page(&all, 25, call.get("nextToken").as_deref());
            Ok(json!({"items": items, "nextToken": next}))
        }
        ["v2", "apis", _, "stages"] => {
            let stages = [json!({"stageName": "$default"}), json!({"stageName": "beta"})];
            let (items, next) = page(&stages, 1, call.get("nextToken").as_deref());
            Ok(json!({"items": items, "nextToken": next}))
        }
        _ => panic!("{}", call.operation),
    }
}

#[tokio::test]
async fn every_page_and_api_is_read_once() {
    for &count in BOUNDARIES {
        let (session, calls) = wire::session(move |call| answer(call, count, 0)).await;
        let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
        assert_eq!(found.stages.len(), count);
        assert!(found.stages.is_sorted_by_key(|s| s.api_name.clone()), "order depends on the network");
        assert_eq!(calls.all().len(), pages(count, 500) + count + 1);
        let (session, calls) = wire::session(move |call| answer(call, 0, count)).await;
        assert_eq!(Signal::inventory(&ApiGateway, &session).await.unwrap().stages.len(), count * 2);
        assert_eq!(calls.all().len(), 1 + pages(count, 25) + count * 2);
    }
}

#[tokio::test]
async fn a_stage_with_all_it_has() {
    let (session, _) = wire::session(|call| answer(call, 1, 0)).await;
    let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
    let stage = &found.stages[0];
    assert_eq!((stage.throttle_rate, stage.throttle_burst), (Some(2000.0), Some(4000)));
    assert_eq!((stage.updated, stage.deployment.as_str()), (Some(minute(1)), "d1"));
    assert_eq!(stage.arn, "arn:aws:apigateway:us-east-1::/restapis/r000/stages/live");
}

#[tokio::test]
async fn rest_apis_of_one_name_share_their_metrics() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "GET /restapis" => {
            Ok(json!({"item": [{"id": "a", "name": "same"}, {"id": "b", "name": "same"}, {"id": "c", "name": "own"}]}))
        }
        _ => answer(call, 0, 0),
    })
    .await;
    let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
    let shared: Vec<(&str, bool)> = found.stages.iter().map(|s| (s.api_name.as_str(), s.shares_metrics)).collect();
    assert_eq!(shared, [("own", false), ("same", true), ("same", true)]);
    let reading = interpret(&ApiGateway, &found, &MetricSet::default());
    assert_eq!(field(&reading.resources[2], "shares_metrics"), FieldValue::Flag(true));
}

#[tokio::test]
async fn odd_names_reach_the_metrics_as_they_are_and_the_screen_cleaned() {
    let name = "zahlung 💶 \u{202e}\u{1b}[31m".to_owned();
    let raw = name.clone();
    let (session, _) = wire::session(move |call| match call.operation.as_str() {
        "GET /restapis" => Ok(json!({"item": [{"id": "a", "name": name}]})),
        _ => answer(call, 0, 0),
    })
    .await;
    let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
    assert_eq!(ApiGateway.queries(&found)[0].dimensions[0].1, raw);
    assert_eq!(interpret(&ApiGateway, &found, &MetricSet::default()).resources[0].name, "zahlung 💶 [31m/live");
}

#[tokio::test]
async fn websockets_are_counted_and_not_asked() {
    let (session, calls) = wire::session(|call| match call.operation.as_str() {
        "GET /v2/apis" => Ok(json!({"items": [{"apiId": "w", "name": "w", "protocolType": "WEBSOCKET"}]})),
        _ => answer(call, 0, 0),
    })
    .await;
    let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
    assert_eq!((found.stages.len(), found.websockets, calls.all().len()), (0, 1, 2));
}

#[tokio::test]
async fn partial_failures_leave_the_rest() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "GET /v2/apis" => Err((403, "AccessDeniedException")),
        "GET /restapis/r001/stages" => Err((403, "AccessDeniedException")),
        "GET /restapis/r002/stages" => Err((404, "NotFoundException")),
        _ => answer(call, 4, 0),
    })
    .await;
    let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
    assert_eq!(found.stages.iter().map(|s| s.api_name.as_str()).collect::<Vec<_>>(), ["rest000", "rest003"]);
    assert_eq!(found.unlisted.iter().map(|u| u.name.as_str()).collect::<Vec<_>>(), ["rest001", "HTTP APIs"]);
    assert_eq!(found.fault.unwrap().kind, FaultKind::Denied);
}

#[tokio::test]
async fn both_services_failing_is_a_fault_and_repeated_tokens_are_unlisted() {
    let (session, _) = wire::session(|_| Err((403, "AccessDeniedException"))).await;
    assert_eq!(Signal::inventory(&ApiGateway, &session).await.unwrap_err().kind, FaultKind::Denied);
    let (session, calls) = wire::session(|call| match call.operation.as_str() {
        "GET /v2/apis" => Ok(json!({"items": [], "nextToken": "again"})),
        _ => answer(call, 1, 0),
    })
    .await;
    let found = Signal::inventory(&ApiGateway, &session).await.unwrap();
    assert_eq!((found.stages.len(), found.unlisted.len()), (1, 1));
    assert_eq!(calls.count("GET /v2/apis"), 2);
}

proptest! {
    #[test]
    fn nothing_unanswered_is_ok(
        points in prop::collection::vec(prop::option::of(prop::collection::vec(prop::option::of(any::<f64>()), 0..9)), 8),
        names in prop::collection::vec(".{0,9}", 2),
    ) {
        let inventory = of(vec![stage(Protocol::Rest, &names[0]), stage(Protocol::Http, &names[1])]);
        let queries = ApiGateway.queries(&inventory);
        let answered = |query: &MetricQuery| points[queries.iter().position(|q| q == query).unwrap()].clone();
        let missing = queries.iter().any(|q| q.name != "Latency" && answered(q).is_none());
        let reading = read(&inventory, answered);
        prop_assert!(!missing || reading.severity >= Severity::Unknown);
    }
}
