//! Tests of the EKS capacity signal: judgement on plain data, inventories through the real SDK clients.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::testing::wire::{self, Answer, BOUNDARIES, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, metrics, silent, steady};

fn group(name: &str, status: &str, (min, desired, max): (i32, i32, i32)) -> NodeGroup {
    let state = NodeGroupState { status: status.into(), min, desired, max, ..NodeGroupState::default() };
    NodeGroup { name: name.into(), arn: "arn:g".into(), state: Some(state), ..NodeGroup::default() }
}

fn cluster(groups: Vec<NodeGroup>) -> Cluster {
    let state = ClusterState { status: "ACTIVE".into(), version: "1.33".into(), issues: vec![] };
    Cluster {
        name: "wallet".into(),
        arn: "arn:c".into(),
        state: Some(state),
        groups: Some(groups),
        ..Cluster::default()
    }
}

fn read(clusters: Vec<Cluster>, points: impl Fn(&str) -> Option<Vec<Option<f64>>>) -> Reading {
    let inventory = Inventory { clusters, fault: None };
    let set = metrics(&EksCapacity.queries(&inventory), |query| points(&query.name));
    let reading = interpret(&EksCapacity, &inventory, &set);
    check_invariants(&reading);
    reading
}

#[test]
fn without_container_insights_the_groups_are_still_well() {
    let reading =
        read(vec![cluster(vec![group("a", "ACTIVE", (2, 2, 4)), group("b", "ACTIVE", (1, 1, 2))])], |_| silent());
    assert_eq!((reading.severity, reading.headline.as_str(), reading.note.as_str()), (Severity::Ok, "3 nodes", "3–6"));
    assert_eq!((reading.value, reading.unit.as_str()), (Some(3.0), "nodes"));
    let names: Vec<&str> = reading.resources.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["wallet/a", "wallet/b"]);
    let insights = field(&reading.resources[0], "container_insights");
    assert_eq!(insights, FieldValue::Text("no Container Insights".into()));
}

#[rstest]
#[case("ACTIVE", Severity::Ok)]
#[case("UPDATING", Severity::Ok)]
#[case("DEGRADED", Severity::Warning)]
#[case("CREATE_FAILED", Severity::Critical)]
#[case("DELETE_FAILED", Severity::Critical)]
#[case("SOMETHING_NEW", Severity::Unknown)]
fn statuses_as_severities(#[case] status: &str, #[case] expected: Severity) {
    assert_eq!(read(vec![cluster(vec![group("a", status, (1, 1, 2))])], |_| silent()).severity, expected);
}

#[test]
fn health_issues_are_the_reason() {
    let mut sick = group("a", "ACTIVE", (1, 1, 2));
    sick.state.as_mut().unwrap().issues = vec!["AsgInstanceLaunchFailures: no capacity".into()];
    let reading = read(vec![cluster(vec![sick])], |_| silent());
    assert_eq!(reading.severity, Severity::Warning);
    assert_eq!(reading.resources[0].reason, "AsgInstanceLaunchFailures: no capacity");
}

#[test]
fn at_max_warns_only_while_pods_wait() {
    let full = || vec![cluster(vec![group("a", "ACTIVE", (2, 10, 10))])];
    let calm = read(full(), |_| silent());
    assert_eq!((calm.severity, calm.note.as_str()), (Severity::Ok, "2–10, 1 at max"));
    let waiting = |name: &str| if name.contains("UNSCHEDULABLE") { steady(7.0) } else { silent() };
    let reading = read(full(), waiting);
    assert_eq!(reading.severity, Severity::Warning);
    assert_eq!(reading.resources[0].headline, "10 nodes (2–10) · at max, 7 pods wait");
    assert_eq!(read(vec![cluster(vec![group("a", "ACTIVE", (2, 3, 10))])], waiting).severity, Severity::Ok);
}

#[rstest]
#[case("cluster_failed_node_count", 1.0, Severity::Warning, "active, failed nodes 1")]
#[case("node_cpu_utilization", 96.0, Severity::Critical, "active, cpu 96 %")]
#[case("node_memory_utilization", 85.0, Severity::Warning, "active, memory 85 %")]
fn container_insights_are_judged_for_the_cluster(
    #[case] metric: &str,
    #[case] value: f64,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let reading = read(vec![cluster(vec![group("a", "ACTIVE", (1, 3, 5))])], |name| {
        if name == metric { steady(value) } else { steady(0.0) }
    });
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, "3 nodes"));
    assert_eq!((reading.resources[0].name.as_str(), reading.resources[0].headline.as_str()), ("wallet", headline));
}

#[test]
fn a_cluster_without_node_groups_is_there() {
    let reading = read(vec![cluster(vec![])], |_| silent());
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Ok, "1 cluster"));
    assert_eq!(read(vec![], |_| silent()).severity, Severity::Absent);
}

#[test]
fn what_was_not_read_is_unknown() {
    let undescribed = NodeGroup { state: None, ..group("b", "", (0, 0, 0)) };
    let reading = read(vec![cluster(vec![group("a", "ACTIVE", (1, 1, 2)), undescribed])], |_| silent());
    assert_eq!(
        (reading.severity, reading.headline.as_str(), reading.note.as_str()),
        (Severity::Unknown, "1 node", "1–2, 1 unknown")
    );
    for unread in [Cluster { state: None, ..cluster(vec![]) }, Cluster { groups: None, ..cluster(vec![]) }] {
        assert_eq!(read(vec![unread], |_| silent()).severity, Severity::Unknown);
    }
}

#[test]
fn unread_metrics_leave_the_states_and_name_the_fault() {
    let inventory = Inventory { clusters: vec![cluster(vec![group("a", "ACTIVE", (1, 1, 2))])], fault: None };
    let fault = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let unread = MetricSet { fault: Some(fault.clone()), ..MetricSet::default() };
    let reading = interpret(&EksCapacity, &inventory, &unread);
    assert_eq!((reading.severity, reading.fault), (Severity::Ok, Some(fault)));
    assert_eq!(field(&reading.resources[0], "container_insights"), FieldValue::Unknown);
}

/// An account with `clusters` clusters of `groups` node groups.
fn answer(call: &Call, clusters: usize, groups: usize) -> Answer {
    let token = call.get("nextToken");
    let path: Vec<&str> = call.operation.trim_start_matches("GET /").split('/').collect();
    let list = |key: &str, prefix: &str, count: usize| {
        assert_eq!(call.get("maxResults").as_deref(), Some("100"));
        let all: Vec<String> = (0..count).map(|i| format!("{prefix}{i:03}")).collect();
        let (names, next) = page(&all, 100, token.as_deref());
        let mut answer = json!({"nextToken": next});
        answer[key] = json!(names);
        Ok(answer)
    };
    match path[..] {
        ["clusters"] => list("clusters", "c", clusters),
        ["clusters", name] => Ok(json!({"cluster": {"name": name, "arn": format!("arn:{name}"), "status": "ACTIVE",
            "version": "1.33", "health": {"issues": [{"code": "Ec2SubnetNotFound", "message": "gone"}]}}})),
        ["clusters", _, "node-groups"] => list("nodegroups", "g", groups),
        ["clusters", cluster, "node-groups", name] => Ok(json!({"nodegroup": {"nodegroupName": name,
            "nodegroupArn": format!("arn:{cluster}/{name}"), "status": "DEGRADED", "instanceTypes": ["c5.2xlarge"],
            "capacityType": "SPOT", "scalingConfig": {"minSize": 10, "maxSize": 50, "desiredSize": 12},
            "health": {"issues": [{"code": "AccessDenied", "message": "role"}]}}})),
        _ => panic!("{}", call.operation),
    }
}

fn ends(call: &Call, end: &str) -> bool {
    call.operation.ends_with(end)
}

#[tokio::test]
async fn every_page_and_group_is_read_once() {
    for &count in BOUNDARIES {
        let (session, calls) = wire::session(move |call| answer(call, 1, count)).await;
        let found = Signal::inventory(&EksCapacity, &session).await.unwrap();
        let groups = found.clusters[0].groups.as_ref().unwrap();
        assert_eq!(groups.len(), count);
        assert!(groups.is_sorted_by_key(|g| g.name.clone()), "order depends on the network");
        assert_eq!(calls.all().len(), 2 + pages(count, 100) + count);
    }
    let (session, calls) = wire::session(|call| answer(call, 101, 1)).await;
    assert_eq!(Signal::inventory(&EksCapacity, &session).await.unwrap().clusters.len(), 101);
    assert_eq!(calls.all().len(), 2 + 3 * 101);
    let (session, calls) = wire::session(|call| answer(call, 0, 0)).await;
    assert_eq!(Signal::inventory(&EksCapacity, &session).await.unwrap(), Inventory::default());
    assert_eq!(calls.all().len(), 1);
}

#[tokio::test]
async fn a_group_with_all_it_has() {
    let (session, _) = wire::session(|call| answer(call, 1, 1)).await;
    let found = Signal::inventory(&EksCapacity, &session).await.unwrap();
    let cluster = &found.clusters[0];
    assert_eq!(cluster.state.as_ref().unwrap().issues, ["Ec2SubnetNotFound: gone"]);
    let state = cluster.groups.as_ref().unwrap()[0].state.as_ref().unwrap();
    assert_eq!((state.min, state.desired, state.max), (10, 12, 50));
    assert_eq!((state.capacity_type.as_str(), &state.issues[..]), ("SPOT", &["AccessDenied: role".into()][..]));
}

#[tokio::test]
async fn partial_failures_leave_the_rest() {
    let (session, _) = wire::session(|call| match () {
        () if ends(call, "/g001") => Err((403, "AccessDeniedException")),
        () if ends(call, "/g002") => Err((404, "ResourceNotFoundException")),
        () if ends(call, "/clusters/c001") => Err((403, "AccessDeniedException")),
        () if ends(call, "/c002/node-groups") => Err((403, "AccessDeniedException")),
        () if call.operation.contains("/c003") => Err((404, "ResourceNotFoundException")),
        () if call.operation.contains("/c004") => Err((403, "AccessDeniedException")),
        () => answer(call, 5, 3),
    })
    .await;
    let found = Signal::inventory(&EksCapacity, &session).await.unwrap();
    let names: Vec<&str> = found.clusters.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["c000", "c001", "c002", "c004"]);
    let [whole, undescribed, unlisted, unread] = &found.clusters[..] else { panic!("four clusters") };
    let described: Vec<bool> = whole.groups.as_ref().unwrap().iter().map(|g| g.state.is_some()).collect();
    assert_eq!(described, [true, false]);
    assert!(undescribed.state.is_none() && undescribed.groups.is_some());
    assert!(unlisted.state.is_some() && unlisted.groups.is_none());
    assert!(unread.state.is_none() && unread.groups.is_none());
    assert_eq!(found.fault.unwrap().kind, FaultKind::Denied);
}

#[tokio::test]
async fn repeated_tokens_and_denials_are_faults() {
    let (session, calls) = wire::session(|_| Ok(json!({"clusters": ["c"], "nextToken": "again"}))).await;
    assert_eq!(Signal::inventory(&EksCapacity, &session).await.unwrap_err().kind, FaultKind::Service);
    assert_eq!(calls.all().len(), 2);
    let (session, _) = wire::session(|_| Err((403, "AccessDeniedException"))).await;
    assert_eq!(Signal::inventory(&EksCapacity, &session).await.unwrap_err().kind, FaultKind::Denied);
}

fn any_group() -> impl Strategy<Value = NodeGroup> {
    let statuses = prop_oneof![Just("ACTIVE"), Just("DEGRADED"), Just("CREATE_FAILED"), Just("?")];
    (".{0,9}", statuses, any::<(i32, i32, i32)>(), any::<bool>()).prop_map(|(name, status, bounds, described)| {
        let group = group(&name, status, bounds);
        NodeGroup { state: group.state.filter(|_| described), ..group }
    })
}

proptest! {
    #[test]
    fn nothing_unseen_is_ok(groups in prop::collection::vec(any_group(), 0..8), value in any::<f64>(), listed in any::<bool>()) {
        let unseen = !listed || groups.iter().any(|g| g.state.is_none());
        let cluster = Cluster { groups: listed.then_some(groups), ..cluster(vec![]) };
        let reading = read(vec![cluster], |_| steady(value));
        prop_assert!(!unseen || reading.severity >= Severity::Unknown);
    }
}

#[test]
fn a_past_without_history_says_that_it_is_unknown_at_that_minute() {
    let live = Inventory { clusters: vec![cluster(vec![group("a", "ACTIVE", (1, 1, 2))])], fault: None };
    let then = past::inventory(&live);
    let reading = interpret(&EksCapacity, &then, &metrics(&EksCapacity.queries(&then), |_| silent()));
    assert_eq!((reading.severity, &*reading.headline), (Severity::Unknown, "unknown at that minute"));
}
