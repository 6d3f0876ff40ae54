//! Tests of the ECS capacity signal: judgement on plain data, inventories through the real SDK clients.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, BOUNDARIES, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady};

fn state(running: i32, desired: i32) -> ServiceState {
    ServiceState { running, desired, status: "ACTIVE".into(), controller: "ECS".into(), ..ServiceState::default() }
}

fn service(name: &str, state: Option<ServiceState>) -> Service {
    Service {
        name: name.into(),
        arn: format!("arn:{name}").into(),
        cluster: "main".into(),
        state,
        ..Service::default()
    }
}

fn read_with(inventory: &Inventory, cpu: Option<Vec<Option<f64>>>) -> Reading {
    let queries = EcsCapacity.queries(inventory);
    let answered = metrics(&queries, |query| if query.name == "CPUUtilization" { cpu.clone() } else { steady(40.0) });
    let reading = interpret(&EcsCapacity, inventory, &answered);
    check_invariants(&reading);
    reading
}

fn read(services: Vec<Service>) -> Reading {
    read_with(&Inventory { services, bounds_known: true, ..Inventory::default() }, steady(30.0))
}

#[test]
fn the_cell_sums_all_services() {
    let mut short = state(8, 10);
    short.pending = 2;
    short.event = "(service b) was unable to place a task".into();
    short.unsteady_since = Some(minute(7));
    let reading = read(vec![service("a", Some(state(10, 10))), service("b", Some(short))]);
    assert_eq!((reading.headline.as_str(), reading.note.as_str()), ("18/20", "2 pending"));
    assert_eq!((reading.severity, reading.since), (Severity::Warning, Some(minute(7))));
    assert_eq!(reading.resources[0].reason, "(service b) was unable to place a task");
}

#[rstest]
#[case(0, 0, Severity::Ok)]
#[case(2, 2, Severity::Ok)]
#[case(3, 2, Severity::Ok)]
#[case(1, 2, Severity::Warning)]
#[case(9, 10, Severity::Warning)]
#[case(4, 10, Severity::Critical)]
#[case(5, 10, Severity::Warning)]
#[case(0, 1, Severity::Critical)]
fn counts_as_severities(#[case] running: i32, #[case] desired: i32, #[case] expected: Severity) {
    assert_eq!(read(vec![service("a", Some(state(running, desired)))]).severity, expected);
}

#[test]
fn a_failed_deployment_is_critical_and_none_is_not_failed() {
    let failed = ServiceState {
        rollout: Some(Rollout::Failed),
        rollout_reason: "ECS deployment circuit breaker: tasks failed to start".into(),
        deploying: true,
        deployed_at: Some(minute(3)),
        ..state(2, 2)
    };
    let reading = read(vec![service("a", Some(failed)), service("b", Some(state(2, 2)))]);
    assert_eq!((reading.severity, reading.note.as_str()), (Severity::Critical, "1 failed deployment"));
    assert_eq!(reading.since, Some(minute(3)));
    assert_eq!(reading.resources[1].severity, Severity::Ok);
    assert!(reading.resources[0].reason.contains("circuit breaker"));
}

#[test]
fn a_deployment_in_progress_is_noted_and_failing_tasks_warn() {
    let deploying = ServiceState { rollout: Some(Rollout::InProgress), deploying: true, ..state(2, 2) };
    let reading = read(vec![service("a", Some(deploying.clone()))]);
    assert_eq!((reading.severity, reading.note.as_str()), (Severity::Ok, "1 deploying"));
    let failing = ServiceState { failed_tasks: 3, event: "CannotPullContainerError".into(), ..deploying };
    let reading = read(vec![service("a", Some(failing))]);
    assert_eq!(reading.severity, Severity::Warning);
    assert_eq!(reading.resources[0].headline, "2/2 · deploying, 3 failed tasks");
    assert_eq!(reading.resources[0].reason, "CannotPullContainerError");
}

#[test]
fn no_room_to_scale_and_busy_is_a_warning() {
    let at_max = |cpu| {
        let full = Service { bounds: Some((1, 6)), ..service("a", Some(state(6, 6))) };
        read_with(&Inventory { services: vec![full], bounds_known: true, ..Inventory::default() }, steady(cpu))
    };
    assert_eq!((at_max(79.0).severity, at_max(79.0).note.as_str()), (Severity::Ok, "1 at max"));
    assert_eq!(at_max(80.0).severity, Severity::Warning);
    assert_eq!(at_max(96.0).severity, Severity::Critical);
}

#[test]
fn a_missing_gauge_is_unknown_and_the_counts_stay_real() {
    let inventory = Inventory { services: vec![service("a", Some(state(2, 2)))], ..Inventory::default() };
    let reading = read_with(&inventory, silent());
    assert_eq!(reading.severity, Severity::Ok);
    assert_eq!(field(&reading.resources[0], "cpu"), FieldValue::Unknown);
    assert_eq!(field(&reading.resources[0], "memory"), FieldValue::Number(40.0));
    assert_eq!(field(&reading.resources[0], "scaling_max"), FieldValue::Unknown);
    let denied = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let unread = MetricSet { fault: Some(denied.clone()), ..MetricSet::default() };
    let reading = interpret(&EcsCapacity, &inventory, &unread);
    assert_eq!((reading.severity, reading.fault), (Severity::Ok, Some(denied)));
}

#[test]
fn what_was_not_described_is_unknown() {
    let inventory = Inventory {
        services: vec![service("a", Some(state(2, 2))), service("b", None)],
        unlisted: vec![Cluster { name: "hidden".into(), arn: "arn:hidden".into() }],
        fault: Some(Fault::new(FaultKind::Denied, "ListServices", "no")),
        bounds_known: true,
    };
    let reading = read_with(&inventory, steady(1.0));
    assert_eq!(
        (reading.severity, reading.headline.as_str(), reading.note.as_str()),
        (Severity::Unknown, "2/2", "2 unknown")
    );
    let nothing = Inventory { services: vec![service("b", None)], ..inventory };
    assert_eq!(read_with(&nothing, steady(1.0)).headline, "denied");
}

#[test]
fn no_services_is_absent() {
    assert_eq!(read(vec![]).severity, Severity::Absent);
}

fn wire_service(arn: &str) -> Value {
    let name = arn.rsplit('/').next().unwrap();
    json!({"serviceName": name, "serviceArn": arn, "status": "ACTIVE", "desiredCount": 2, "runningCount": 1,
        "pendingCount": 1, "launchType": "FARGATE", "taskDefinition": "arn:aws:ecs:us-east-1:1:task-definition/f:7",
        "deployments": [{"status": "PRIMARY", "rolloutState": "IN_PROGRESS", "createdAt": 120, "failedTasks": 0}],
        "events": [{"message": "has started 1 tasks", "createdAt": 300}, {"message": "stopped", "createdAt": 240},
            {"message": "(service x) has reached a steady state.", "createdAt": 60}]})
}

fn arn(cluster: &str, name: &str) -> String {
    format!("arn:aws:ecs:us-east-1:111122223333:service/{cluster}/{name}")
}

/// An account whose clusters all have `services` services.
fn answer(call: &Call, clusters: &[&str], services: usize) -> Answer {
    let token = call.get("nextToken");
    match call.operation.as_str() {
        "ListClusters" => {
            let all: Vec<String> = clusters.iter().map(|c| format!("arn:aws:ecs:us-east-1:1:cluster/{c}")).collect();
            let (arns, next) = page(&all, 100, token.as_deref());
            Ok(json!({"clusterArns": arns, "nextToken": next}))
        }
        "ListServices" => {
            assert_eq!(call.input["maxResults"], 100);
            let cluster = call.get("cluster").unwrap().rsplit('/').next().unwrap().to_owned();
            let all: Vec<String> = (0..services).map(|i| arn(&cluster, &format!("s{i:03}"))).collect();
            let (arns, next) = page(&all, 100, token.as_deref());
            Ok(json!({"serviceArns": arns, "nextToken": next}))
        }
        "DescribeServices" => {
            let wanted = call.input["services"].as_array().unwrap();
            assert!((1..=10).contains(&wanted.len()));
            Ok(json!({"services": wanted.iter().map(|a| wire_service(a.as_str().unwrap())).collect::<Vec<_>>()}))
        }
        "DescribeScalableTargets" => Ok(json!({"ScalableTargets": [{
            "ServiceNamespace": "ecs", "ResourceId": "service/main/s000", "ScalableDimension": "ecs:service:DesiredCount",
            "MinCapacity": 1, "MaxCapacity": 6, "RoleARN": "arn:r", "CreationTime": 0}]})),
        _ => Err((400, "UnknownOperationException")),
    }
}

#[tokio::test]
async fn every_page_and_batch_is_read_once() {
    for &count in BOUNDARIES {
        let (session, calls) = wire::session(move |call| answer(call, &["main"], count)).await;
        let found = Signal::inventory(&EcsCapacity, &session).await.unwrap();
        assert_eq!(found.services.len(), count);
        assert!(found.services.is_sorted_by_key(|s| s.name.clone()), "order depends on the network");
        assert_eq!(calls.count("ListServices"), pages(count, 100));
        assert_eq!(calls.count("DescribeServices"), count.div_ceil(10));
        assert_eq!((calls.count("ListClusters"), calls.count("DescribeScalableTargets")), (1, 1));
    }
}

#[tokio::test]
async fn many_clusters_and_none() {
    let names: Vec<String> = (0..101).map(|i| format!("c{i:03}")).collect();
    let (session, calls) =
        wire::session(move |call| answer(call, &names.iter().map(String::as_str).collect::<Vec<_>>(), 1)).await;
    assert_eq!(Signal::inventory(&EcsCapacity, &session).await.unwrap().services.len(), 101);
    assert_eq!((calls.count("ListClusters"), calls.count("ListServices")), (2, 101));
    let (session, calls) = wire::session(|call| answer(call, &[], 0)).await;
    assert!(Signal::inventory(&EcsCapacity, &session).await.unwrap().services.is_empty());
    assert_eq!(calls.all().len(), 1);
}

#[tokio::test]
async fn a_service_with_all_it_has() {
    let (session, _) = wire::session(|call| answer(call, &["main"], 1)).await;
    let found = Signal::inventory(&EcsCapacity, &session).await.unwrap();
    let [service] = &found.services[..] else { panic!("one service") };
    let state = service.state.as_ref().unwrap();
    assert_eq!(service.bounds, Some((1, 6)));
    assert_eq!((state.task_definition.as_str(), state.launch.as_str()), ("f:7", "FARGATE"));
    assert_eq!((state.rollout, state.deployed_at), (Some(Rollout::InProgress), Some(minute(2))));
    assert_eq!((state.event.as_str(), state.unsteady_since), ("has started 1 tasks", Some(minute(4))));
}

#[tokio::test]
async fn one_denied_call_leaves_the_rest() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "ListServices" if call.get("cluster").unwrap().ends_with("/b") => Err((400, "AccessDeniedException")),
        "ListServices" if call.get("cluster").unwrap().ends_with("/gone") => Err((400, "ClusterNotFoundException")),
        "DescribeScalableTargets" => Err((400, "AccessDeniedException")),
        "DescribeServices" if call.get("cluster").unwrap().ends_with("/c") => Err((400, "AccessDeniedException")),
        _ => answer(call, &["a", "b", "c", "gone"], 11),
    })
    .await;
    let found = Signal::inventory(&EcsCapacity, &session).await.unwrap();
    assert_eq!(found.services.len(), 22);
    assert_eq!(found.services.iter().filter(|s| s.state.is_none()).count(), 11);
    assert_eq!(found.unlisted.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(found.fault.as_ref().map(|f| (f.kind, f.operation.as_str())), Some((FaultKind::Denied, "ListServices")));
    assert!(!found.bounds_known);
    let reading = interpret(&EcsCapacity, &found, &MetricSet::default());
    assert!(reading.fault.is_some());
}

#[tokio::test]
async fn deleted_meanwhile_is_no_fault() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "DescribeServices" => Ok(json!({"services": [wire_service(&arn("main", "s000")),
            {"serviceName": "old", "serviceArn": arn("main", "old"), "status": "INACTIVE"}],
            "failures": [{"arn": arn("main", "s001"), "reason": "MISSING"}]})),
        _ => answer(call, &["main"], 2),
    })
    .await;
    let found = Signal::inventory(&EcsCapacity, &session).await.unwrap();
    assert_eq!((found.services.len(), found.fault), (1, None));
}

#[tokio::test]
async fn expired_credentials_stop_everything() {
    let (session, calls) = wire::session(|call| match call.operation.as_str() {
        "DescribeServices" => Err((400, "ExpiredTokenException")),
        _ => answer(call, &["main"], 501),
    })
    .await;
    assert_eq!(Signal::inventory(&EcsCapacity, &session).await.unwrap_err().kind, FaultKind::Expired);
    assert!(calls.count("DescribeServices") <= 2 * crate::cloud::limits::PARALLEL_DESCRIBES);
}

#[tokio::test]
async fn a_repeated_token_is_a_fault() {
    let (session, _) = wire::session(|call| match call.operation.as_str() {
        "ListServices" => Ok(json!({"serviceArns": [arn("main", "x")], "nextToken": "again"})),
        _ => answer(call, &["main"], 1),
    })
    .await;
    let found = Signal::inventory(&EcsCapacity, &session).await.unwrap();
    assert_eq!(found.unlisted.len(), 1);
    assert_eq!(found.fault.unwrap().operation, "ListServices");
}

#[tokio::test]
async fn only_what_belongs_is_described() {
    let select =
        crate::config::Select { names: vec!["main".into()], exclude: vec!["s000".into()], ..Default::default() };
    let (session, calls) = wire::session_selecting(select, |call| answer(call, &["main", "other"], 11)).await;
    assert_eq!(Signal::inventory(&EcsCapacity, &session).await.unwrap().services.len(), 10);
    assert_eq!(calls.count("DescribeServices"), 1);
}

fn any_service() -> impl Strategy<Value = Service> {
    let rollouts = prop_oneof![Just(None), Just(Some(Rollout::Failed)), Just(Some(Rollout::InProgress))];
    (".{0,12}", any::<bool>(), any::<(i32, i32, i32, i32)>(), rollouts, any::<(bool, i32, i32)>()).prop_map(
        |(name, described, (running, desired, pending, failed_tasks), rollout, (deploying, min, max))| {
            let state = ServiceState { pending, failed_tasks, rollout, deploying, ..state(running, desired) };
            Service { bounds: deploying.then_some((min, max)), ..service(&name, described.then_some(state)) }
        },
    )
}

proptest! {
    #[test]
    fn nothing_unseen_is_ok(services in prop::collection::vec(any_service(), 0..12), cpu in any::<f64>()) {
        let unseen = services.iter().any(|s| s.state.is_none());
        let reading = read_with(&Inventory { services, ..Inventory::default() }, steady(cpu));
        prop_assert!(!unseen || reading.severity >= Severity::Unknown);
    }
}
