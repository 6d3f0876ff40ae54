//! Tests of the load balancers' signal: judgement on plain data, inventories through the real SDK client.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::config::Select;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn arn(rest: &str) -> String {
    format!("arn:aws:elasticloadbalancing:us-east-1:111122223333:{rest}")
}

fn balancer(kind: &str) -> Balancer {
    let arn = arn(&format!("loadbalancer/{kind}/uex-prod/50dc6c495c0c9188"));
    Balancer { name: "uex-prod".into(), kind: kind_of(&arn), arn, state: Some("active".into()), ..Balancer::default() }
}

fn healthy(healthy: usize, unhealthy: usize) -> Option<Health> {
    let reasons = if unhealthy > 0 { vec![format!("Target.Timeout ×{unhealthy}").into()] } else { vec![] };
    Some(Health { healthy, unhealthy, reasons, ..Health::default() })
}

fn group(kind: &str, health: Option<Health>) -> Group {
    Group {
        name: "uex-prod-api".into(),
        arn: arn("targetgroup/uex-prod-api/73e2d6bc24d8a067"),
        balancer: Some(balancer(kind).arn),
        health,
        ..Group::default()
    }
}

fn of(groups: Vec<Group>) -> Inventory {
    Inventory { groups, ..Inventory::default() }
}

fn read(inventory: &Inventory, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let reading = interpret(&LoadBalancers, inventory, &metrics(&LoadBalancers.queries(inventory), points));
    check_invariants(&reading);
    reading
}

/// A group of eight with 1000 requests a minute, this many 5xx a minute, seconds at p95, and unhealthy targets.
fn one(errors: f64, p95_s: f64, unhealthy: f64) -> Reading {
    read(&of(vec![group("app", healthy(8, 0))]), |query| match &*query.name {
        "RequestCount" => steady(1000.0),
        "HTTPCode_Target_5XX_Count" => steady(errors),
        "TargetResponseTime" => steady(p95_s),
        "UnHealthyHostCount" => steady(unhealthy),
        other => panic!("{other}"),
    })
}

#[rstest]
#[case(0.0, 0.1, 0.0, Severity::Ok, "5xx 0.0 %")]
#[case(9.0, 0.1, 0.0, Severity::Ok, "5xx 0.9 %")]
#[case(10.0, 0.1, 0.0, Severity::Warning, "5xx 1.0 %")]
#[case(50.0, 0.1, 0.0, Severity::Critical, "5xx 5.0 %")]
#[case(0.0, 2.4, 0.0, Severity::Warning, "p95 2.4 s")]
#[case(0.0, 5.0, 0.0, Severity::Critical, "p95 5.0 s")]
#[case(0.0, 0.1, 2.0, Severity::Warning, "2 of 8 unhealthy")]
#[case(0.0, 0.1, 4.0, Severity::Critical, "4 of 8 unhealthy")]
#[case(10.0, 9.0, 8.0, Severity::Critical, "8 of 8 unhealthy")]
#[case(50.0, 9.0, 8.0, Severity::Critical, "5xx 5.0 %")]
fn groups_as_severities(
    #[case] errors: f64,
    #[case] p95_s: f64,
    #[case] unhealthy: f64,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let reading = one(errors, p95_s, unhealthy);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
    assert_eq!(reading.since, (severity > Severity::Ok).then(|| minute(0)));
}

#[test]
fn the_cell_has_number_curve_and_row() {
    let reading = one(39.0, 0.12, 0.0);
    assert_eq!((reading.value, reading.unit.as_str()), (Some(3.9), "%"));
    assert_eq!(reading.series.unwrap().points[2], Some(3.9));
    let resource = &reading.resources[0];
    assert_eq!(resource.reason, "5000 requests in 5 minutes, 5xx 3.9 %, p95 120 ms");
    assert_eq!(field(resource, "p95_ms"), FieldValue::Number(120.0));
    assert_eq!(field(resource, "load_balancer"), FieldValue::Text("uex-prod".into()));
}

#[rstest]
#[case("active", 0.0, Severity::Ok, "own 5xx 0.0 %")]
#[case("active", 10.0, Severity::Warning, "own 5xx 1.0 %")]
#[case("active", 50.0, Severity::Critical, "own 5xx 5.0 %")]
#[case("active_impaired", 0.0, Severity::Warning, "active_impaired")]
#[case("failed", 0.0, Severity::Critical, "failed")]
#[case("provisioning", 0.0, Severity::Ok, "own 5xx 0.0 %")]
#[case("new state", 0.0, Severity::Unknown, "new state")]
fn balancers_as_severities(
    #[case] state: &str,
    #[case] errors: f64,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let balancers = vec![Balancer { state: Some(state.into()), ..balancer("app") }];
    let inventory = Inventory { balancers, ..Inventory::default() };
    let reading = read(&inventory, |query| steady(if query.name == "RequestCount" { 1000.0 } else { errors }));
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[test]
fn dimensions_are_the_suffixes_of_arns() {
    let inventory = Inventory { balancers: vec![balancer("app")], ..of(vec![group("app", None)]) };
    let queries = LoadBalancers.queries(&inventory);
    assert_eq!(queries.len(), 6);
    assert_eq!(queries[0].dimensions, [("LoadBalancer".into(), "app/uex-prod/50dc6c495c0c9188".to_owned())]);
    assert_eq!(
        queries[2].dimensions[1],
        ("TargetGroup".into(), "targetgroup/uex-prod-api/73e2d6bc24d8a067".to_owned())
    );
    assert!(queries.iter().all(|query| query.namespace == "AWS/ApplicationELB"));
}

#[test]
fn network_groups_have_health_only_and_gateways_state_only() {
    let network = Inventory { balancers: vec![balancer("net")], ..of(vec![group("net", healthy(3, 1))]) };
    let asked: Vec<String> =
        LoadBalancers.queries(&network).iter().map(|q| format!("{}/{}", q.namespace, q.name)).collect();
    assert_eq!(asked, ["AWS/NetworkELB/UnHealthyHostCount"]);
    let reading = read(&network, |_| steady(1.0));
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Warning, "1 of 4 unhealthy"));
    let gateway = Inventory { balancers: vec![balancer("gwy")], ..of(vec![group("gwy", healthy(1, 0))]) };
    assert_eq!(LoadBalancers.queries(&gateway), vec![]);
    assert_eq!(read(&gateway, |_| None).severity, Severity::Ok);
}

#[test]
fn the_newest_minute_of_health_is_newer_than_the_list() {
    let points = |unhealthy: Points| {
        move |query: &MetricQuery| match &*query.name {
            "UnHealthyHostCount" => unhealthy.clone(),
            "TargetResponseTime" => steady(0.1),
            _ => steady(0.0),
        }
    };
    let listed = of(vec![group("app", healthy(6, 2))]);
    assert_eq!(read(&listed, points(steady(0.0))).severity, Severity::Ok, "they have recovered since");
    let reading = read(&listed, points(silent()));
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Warning, "2 of 8 unhealthy"));
    assert_eq!(reading.resources[0].reason, "0 requests in 5 minutes, p95 100 ms, 2 of 8 unhealthy, Target.Timeout ×2");
    let unlisted = of(vec![group("app", None)]);
    assert_eq!(read(&unlisted, points(silent())).headline, "health unknown");
    assert_eq!(read(&unlisted, points(steady(2.0))).headline, "2 unhealthy");
    assert_eq!(read(&unlisted, points(steady(0.0))).severity, Severity::Ok);
}

#[test]
fn no_requests_mean_no_time_and_no_share() {
    let inventory = of(vec![group("app", healthy(2, 0))]);
    let idle = read(&inventory, |_| silent());
    assert_eq!((idle.severity, idle.headline.as_str()), (Severity::Ok, "idle"));
    let no_time = read(&inventory, |query| if query.name == "RequestCount" { steady(5.0) } else { silent() });
    assert_eq!((no_time.severity, no_time.headline.as_str()), (Severity::Unknown, "p95 unknown"));
    let errors_alone = read(&inventory, |query| match &*query.name {
        "HTTPCode_Target_5XX_Count" => steady(1.0),
        "TargetResponseTime" => steady(0.1),
        _ => silent(),
    });
    assert_eq!(errors_alone.headline, "5xx 100.0 %");
}

#[rstest]
#[case(0.4, Severity::Ok)]
#[case(0.6, Severity::Critical)]
fn a_failure_or_two_are_no_rate(#[case] errors: f64, #[case] severity: Severity) {
    let inventory = Inventory { balancers: vec![balancer("app")], ..of(vec![group("app", healthy(2, 0))]) };
    let reading = read(&inventory, |query| match &*query.name {
        "RequestCount" => steady(10.0),
        "TargetResponseTime" => steady(0.1),
        "UnHealthyHostCount" => steady(0.0),
        _ => steady(errors),
    });
    assert_eq!(reading.severity, severity);
    assert!(reading.headline.contains("5xx"), "{}", reading.headline);
}

#[test]
fn empty_and_unused_groups_are_fine_and_unchecked_ones_unknown() {
    let empty = read(&of(vec![group("app", healthy(0, 0))]), |_| silent());
    assert_eq!((empty.severity, empty.headline.as_str()), (Severity::Ok, "no targets"));
    let unused = read(&of(vec![Group { balancer: None, ..group("app", None) }]), |_| None);
    assert_eq!((unused.severity, unused.headline.as_str()), (Severity::Ok, "unused"));
    let starting = Some(Health { initial: 3, ..Health::default() });
    let starting = read(&of(vec![group("app", starting)]), |_| silent());
    assert_eq!((starting.severity, starting.headline.as_str()), (Severity::Unknown, "3 not checked yet"));
    assert_eq!(read(&of(vec![]), |_| None).headline, "–");
}

#[test]
fn unanswered_is_unknown() {
    let inventory = Inventory { balancers: vec![balancer("app")], ..of(vec![group("app", healthy(2, 0))]) };
    for missing in ["RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"] {
        let reading = read(&inventory, |query| if query.name == missing { None } else { steady(0.0) });
        assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "…"), "{missing}");
    }
    let fault = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let reading =
        interpret(&LoadBalancers, &inventory, &MetricSet { fault: Some(fault.clone()), ..MetricSet::default() });
    assert_eq!((reading.headline.as_str(), reading.fault), ("metrics denied", Some(fault)));
}

/// An account with this many load balancers, one target group each.
fn answer(call: &Call, count: usize) -> Answer {
    let marker = call.get("Marker");
    let paged = |list: &str, all: Vec<Value>| {
        assert_eq!(call.get("PageSize").as_deref(), Some("400"));
        let (items, next) = page(&all, 100, marker.as_deref());
        Ok(json!({list: {"member": items}, "NextMarker": next}))
    };
    let balancer = |i: usize| arn(&format!("loadbalancer/app/lb{i:03}/0{i}"));
    match call.operation.as_str() {
        "DescribeLoadBalancers" => paged(
            "LoadBalancers",
            (0..count)
                .map(|i| {
                    json!({"LoadBalancerArn": balancer(i), "LoadBalancerName": format!("lb{i:03}"), "Type": "application",
                    "Scheme": "internal", "State": {"Code": "active"},
                    "AvailabilityZones": {"member": [{"ZoneName": "us-east-1a"}, {"ZoneName": "us-east-1b"}]}})
                })
                .collect(),
        ),
        "DescribeTargetGroups" => paged(
            "TargetGroups",
            (0..count)
                .map(|i| {
                    json!({"TargetGroupArn": arn(&format!("targetgroup/tg{i:03}/1{i}")), "TargetGroupName": format!("tg{i:03}"),
                    "Protocol": "HTTP", "Port": 3900, "TargetType": "ip", "HealthCheckPath": "/health",
                    "LoadBalancerArns": {"member": [balancer(i)]}})
                })
                .collect(),
        ),
        "DescribeTargetHealth" => {
            let target = |state: &str, reason: Option<&str>| {
                json!({"Target": {"Id": "10.0.0.7", "Port": 3900}, "TargetHealth": {"State": state, "Reason": reason}})
            };
            Ok(json!({"TargetHealthDescriptions": {"member": [
                target("healthy", None),
                target("unhealthy", Some("Target.ResponseCodeMismatch")),
                target("unhealthy.draining", Some("Target.ResponseCodeMismatch")),
                target("unhealthy", Some("Target.Timeout")),
                target("initial", Some("Elb.RegistrationInProgress")),
                target("draining", Some("Target.DeregistrationInProgress")),
                target("a new state", None),
            ]}}))
        }
        _ => panic!("{}", call.operation),
    }
}

#[tokio::test]
async fn every_page_and_group_is_read_once() {
    for count in [0, 1, 99, 100, 101, 250] {
        let (session, calls) = wire::session(move |call| answer(call, count)).await;
        let found = Signal::inventory(&LoadBalancers, &session).await.unwrap();
        assert_eq!((found.balancers.len(), found.groups.len()), (count, count));
        assert!(found.groups.is_sorted_by_key(|group| group.name.clone()), "order depends on the network");
        assert_eq!(calls.all().len(), 2 * pages(count, 100) + count);
    }
}

#[tokio::test]
async fn targets_with_all_they_have() {
    let (session, _) = wire::session(|call| answer(call, 1)).await;
    let found = Signal::inventory(&LoadBalancers, &session).await.unwrap();
    let health = found.groups[0].health.clone().unwrap();
    assert_eq!((health.healthy, health.unhealthy, health.initial, health.draining, health.unchecked), (1, 3, 1, 1, 1));
    assert_eq!(health.reasons, ["Target.ResponseCodeMismatch ×2", "Target.Timeout ×1"].map(Text::from));
    assert_eq!(health.unhealthy_targets[0], "10.0.0.7:3900");
    let group = &found.groups[0];
    assert_eq!((group.port, group.health_path.as_str(), group.target_type.as_str()), (Some(3900), "/health", "ip"));
    let balancer = &found.balancers[0];
    assert_eq!((balancer.zones.len(), balancer.scheme.as_str()), (2, "internal"));
    assert_eq!(balancer.state.as_deref(), Some("active"));
}

#[tokio::test]
async fn groups_belong_with_their_load_balancer() {
    let select = Select { names: vec!["lb001".into(), "tg002".into()], ..Select::default() };
    let (session, calls) = wire::session_selecting(select, |call| answer(call, 4)).await;
    let found = Signal::inventory(&LoadBalancers, &session).await.unwrap();
    let names = |all: Vec<&Text>| all.into_iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(found.balancers.iter().map(|b| &b.name).collect()), ["lb001"]);
    assert_eq!(names(found.groups.iter().map(|g| &g.name).collect()), ["tg001", "tg002"]);
    assert_eq!(calls.count("DescribeTargetHealth"), 2);
}

#[tokio::test]
async fn partial_failures_leave_the_rest() {
    let (session, _) = wire::session(|call| match (call.operation.as_str(), call.get("TargetGroupArn")) {
        ("DescribeTargetHealth", Some(arn)) if arn.contains("tg001") => Err((403, "AccessDenied")),
        ("DescribeTargetHealth", Some(arn)) if arn.contains("tg002") => Err((400, "TargetGroupNotFound")),
        _ => answer(call, 3),
    })
    .await;
    let found = Signal::inventory(&LoadBalancers, &session).await.unwrap();
    let known: Vec<(&str, bool)> = found.groups.iter().map(|g| (g.name.as_str(), g.health.is_some())).collect();
    assert_eq!(known, [("tg000", true), ("tg001", false)]);
    assert_eq!(found.fault.unwrap().kind, FaultKind::Denied);
    for (denied, other) in [("DescribeTargetGroups", "target groups"), ("DescribeLoadBalancers", "load balancers")] {
        let (session, _) =
            wire::session(
                move |call| {
                    if call.operation == denied { Err((403, "AccessDenied")) } else { answer(call, 2) }
                },
            )
            .await;
        let found = Signal::inventory(&LoadBalancers, &session).await.unwrap();
        assert_eq!(found.unlisted, [Text::from(other)]);
        let reading = read(&found, |_| steady(0.0));
        assert!(reading.resources.iter().any(|r| r.name == other && r.severity == Severity::Unknown));
    }
    let (session, _) = wire::session(|_| Err((403, "AccessDenied"))).await;
    assert_eq!(Signal::inventory(&LoadBalancers, &session).await.unwrap_err().kind, FaultKind::Denied);
}

#[tokio::test]
async fn a_group_of_two_load_balancers_is_asked_once_and_stands_twice() {
    let (session, calls) = wire::session(|call| match call.operation.as_str() {
        "DescribeTargetGroups" => {
            let arns = ["loadbalancer/app/a/1", "loadbalancer/net/b/2"].map(arn);
            let group = json!({"TargetGroupArn": arn("targetgroup/tg/3"), "TargetGroupName": "tg",
                "LoadBalancerArns": {"member": arns}});
            Ok(json!({"TargetGroups": {"member": [group]}}))
        }
        _ => answer(call, 0),
    })
    .await;
    let found = Signal::inventory(&LoadBalancers, &session).await.unwrap();
    assert_eq!((found.groups.len(), calls.count("DescribeTargetHealth")), (2, 1));
    assert_eq!(LoadBalancers.queries(&found).len(), 5);
}

proptest! {
    #[test]
    fn nothing_unanswered_is_ok(
        points in prop::collection::vec(prop::option::of(prop::collection::vec(prop::option::of(any::<f64>()), 0..9)), 6),
        counts in prop::option::of((0usize..9, 0usize..9, 0usize..9)),
    ) {
        let health = counts.map(|(healthy, unhealthy, initial)| Health { healthy, unhealthy, initial, ..Health::default() });
        let inventory = Inventory { balancers: vec![balancer("app")], ..of(vec![group("app", health)]) };
        let queries = LoadBalancers.queries(&inventory);
        let answered = |query: &MetricQuery| points[queries.iter().position(|q| q == query).unwrap()].clone();
        let missing = queries.iter().any(|query| {
            !["TargetResponseTime", "UnHealthyHostCount"].contains(&&*query.name) && answered(query).is_none()
        });
        let reading = read(&inventory, answered);
        prop_assert!(!missing || reading.severity >= Severity::Unknown);
    }
}
