//! Judgement on plain data.

use proptest::prelude::*;
use rstest::rstest;

use crate::model::{Fault, FaultKind, FieldValue, MetricQuery, MetricSet, Reading, Severity};
use crate::signals::Signal;
use crate::signals::elasticache::ElastiCache;
use crate::signals::elasticache::cache::{
    CacheCluster, ClusterState, Group, GroupState, Inventory, Role, Serverless, Shard,
};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn node(name: &str, role: Role) -> CacheCluster {
    CacheCluster {
        name: name.into(),
        arn: "arn:n".into(),
        group: (role != Role::Standalone).then(|| "redis".into()),
        role,
        state: Some(ClusterState {
            status: "available".into(),
            engine: "redis".into(),
            node_count: Some(1),
            nodes: vec!["available".into()],
            ..ClusterState::default()
        }),
        ..CacheCluster::default()
    }
}

fn with(mut cluster: CacheCluster, change: impl FnOnce(&mut ClusterState)) -> CacheCluster {
    change(cluster.state.as_mut().unwrap());
    cluster
}

fn memcached(nodes: &[&str]) -> CacheCluster {
    with(node("sessions", Role::Standalone), |state| {
        state.engine = "memcached".into();
        state.node_count = i32::try_from(nodes.len()).ok();
        state.nodes = nodes.iter().map(|status| (*status).into()).collect();
    })
}

fn group(members: &[(&str, Option<Role>)], ok: Option<usize>) -> Group {
    let members: Vec<_> = members.iter().map(|(name, role)| ((*name).into(), *role)).collect();
    let state = GroupState {
        status: "available".into(),
        members: members.iter().map(|(name, _)| Clone::clone(name)).collect(),
        shards: vec![Shard { name: "0001".into(), members }],
        automatic_failover: "enabled".into(),
        multi_az: "enabled".into(),
        ..GroupState::default()
    };
    Group { name: "redis".into(), arn: "arn:g".into(), state: Some(state), nodes_ok: ok, ..Group::default() }
}

fn read_all(inventory: &Inventory, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let reading = interpret(&ElastiCache, inventory, &metrics(&ElastiCache.queries(inventory), points));
    check_invariants(&reading);
    reading
}

fn read(clusters: Vec<CacheCluster>, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    read_all(&Inventory { clusters, ..Inventory::default() }, points)
}

fn read_group(group: Group) -> Reading {
    read_all(&Inventory { groups: vec![group], ..Inventory::default() }, |_| silent())
}

fn well(query: &MetricQuery) -> Points {
    match &*query.name {
        "Evictions" => silent(),
        "ReplicationLag" => steady(0.0),
        _ => steady(10.0),
    }
}

#[rstest]
#[case("EngineCPUUtilization", 79.9, Severity::Ok, "1/1 nodes")]
#[case("EngineCPUUtilization", 80.0, Severity::Warning, "CPU 80 %")]
#[case("EngineCPUUtilization", 93.0, Severity::Critical, "CPU 93 %")]
#[case("DatabaseMemoryUsagePercentage", 85.0, Severity::Warning, "memory 85 %")]
#[case("DatabaseMemoryUsagePercentage", 90.0, Severity::Critical, "memory 90 %")]
#[case("Evictions", 99.0, Severity::Ok, "1/1 nodes")]
#[case("Evictions", 412.0, Severity::Warning, "412/min evicted")]
#[case("Evictions", 1000.0, Severity::Critical, "1000/min evicted")]
#[case("ReplicationLag", 0.4, Severity::Ok, "1/1 nodes")]
#[case("ReplicationLag", 7.5, Severity::Warning, "lag 7.5 s")]
#[case("ReplicationLag", 30.0, Severity::Critical, "lag 30 s")]
fn figures_as_severities(#[case] metric: &str, #[case] value: f64, #[case] severity: Severity, #[case] headline: &str) {
    let reading =
        read(
            vec![node("redis-002", Role::Replica)],
            |query| {
                if query.name == metric { steady(value) } else { well(query) }
            },
        );
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[test]
fn each_kind_of_cluster_is_asked_for_what_it_has() {
    let names = |cluster: CacheCluster| -> Vec<String> {
        let inventory = Inventory { clusters: vec![cluster], ..Inventory::default() };
        ElastiCache.queries(&inventory).iter().map(|query| query.name.to_string()).collect()
    };
    let engine = ["EngineCPUUtilization", "Evictions", "CurrConnections", "DatabaseMemoryUsagePercentage"];
    assert_eq!(names(node("a", Role::Primary)), engine);
    assert_eq!(names(node("a", Role::Standalone)), engine);
    assert_eq!(names(node("a", Role::Single)), engine);
    assert_eq!(names(node("a", Role::Replica))[4], "ReplicationLag");
    assert_eq!(names(node("a", Role::Member))[4], "ReplicationLag");
    assert_eq!(names(memcached(&["available"])), ["CPUUtilization", "Evictions", "CurrConnections"]);
    assert_eq!(names(with(node("a", Role::Primary), |state| state.status = "creating".into())), [""; 0]);
}

#[test]
fn missing_gauges_are_unknown_and_missing_evictions_none() {
    for metric in ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "ReplicationLag"] {
        let reading =
            read(vec![node("a", Role::Replica)], |query| if query.name == metric { silent() } else { well(query) });
        assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "no data"), "{metric}");
    }
    let reading = read(vec![node("a", Role::Replica)], |query| match &*query.name {
        "Evictions" | "CurrConnections" => silent(),
        _ => well(query),
    });
    assert_eq!(reading.severity, Severity::Ok);
    assert_eq!(field(&reading.resources[0], "evictions_per_min"), FieldValue::Number(0.0));
    assert_eq!(field(&reading.resources[0], "connections"), FieldValue::Unknown);
    // Cluster mode does not tell whether this is a replica, which alone has a lag.
    let reading =
        read(
            vec![node("a", Role::Member)],
            |query| {
                if query.name == "ReplicationLag" { silent() } else { well(query) }
            },
        );
    assert_eq!(reading.severity, Severity::Ok);
}

#[rstest]
#[case("available", Severity::Ok)]
#[case("modifying", Severity::Ok)]
#[case("snapshotting", Severity::Ok)]
#[case("rebooting cluster nodes", Severity::Warning)]
#[case("rebooting cache cluster nodes", Severity::Warning)]
#[case("incompatible-network", Severity::Critical)]
#[case("incompatible_parameters", Severity::Critical)]
#[case("restore-failed", Severity::Critical)]
#[case("something new", Severity::Unknown)]
#[case("", Severity::Unknown)]
fn statuses_as_severities(#[case] status: &str, #[case] expected: Severity) {
    let cluster = with(node("a", Role::Standalone), |state| state.status = status.into());
    assert_eq!(read(vec![cluster], well).severity, expected);
}

#[rstest]
#[case(&["available", "available", "available"], Severity::Ok, "3/3 nodes")]
#[case(&["available", "rebooting", "available"], Severity::Warning, "2/3 nodes")]
#[case(&["creating", "creating"], Severity::Critical, "0/2 nodes")]
fn memcached_counts_its_nodes(#[case] nodes: &[&str], #[case] severity: Severity, #[case] headline: &str) {
    let reading = read(vec![memcached(nodes)], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
    assert_eq!(field(&reading.resources[0], "cpu"), FieldValue::Number(10.0));
}

#[rstest]
#[case("available", Some(3), Severity::Ok, "3/3 nodes")]
#[case("available", Some(2), Severity::Warning, "2/3 nodes")]
#[case("available", Some(0), Severity::Critical, "0/3 nodes")]
#[case("available", None, Severity::Ok, "3 nodes")]
#[case("modifying", Some(3), Severity::Ok, "modifying, 3/3 nodes")]
#[case("creating", Some(0), Severity::Ok, "creating, 0/3 nodes")]
#[case("create-failed", Some(0), Severity::Critical, "create-failed")]
#[case("something", Some(3), Severity::Unknown, "something")]
fn a_group_needs_its_nodes(
    #[case] status: &str,
    #[case] ok: Option<usize>,
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let members = [("a", Some(Role::Primary)), ("b", Some(Role::Replica)), ("c", Some(Role::Replica))];
    let mut group = group(&members, ok);
    group.state.as_mut().unwrap().status = status.into();
    let reading = read_group(group);
    assert_eq!((reading.resources[0].severity, reading.resources[0].headline.as_str()), (severity, headline));
}

#[test]
fn a_shard_without_a_primary_is_critical() {
    let reading = read_group(group(&[("a", Some(Role::Replica)), ("b", Some(Role::Replica))], Some(2)));
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Critical, "no primary"));
    assert_eq!(read_group(group(&[("a", None), ("b", None)], Some(2))).severity, Severity::Ok);
}

#[test]
fn a_failover_by_hand_shows() {
    let mut group = group(&[("a", Some(Role::Primary)), ("b", Some(Role::Replica))], Some(2));
    group.state.as_mut().unwrap().promoting = "b".into();
    let reading = read_group(group);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Warning, "failing over"));
    assert_eq!(reading.resources[0].reason, "to b");
    assert_eq!(field(&reading.resources[0], "automatic_failover"), FieldValue::Text("enabled".into()));
    assert_eq!(field(&reading.resources[0], "primary"), FieldValue::List(vec!["a".into()]));
}

#[test]
fn serverless_caches_have_a_status() {
    let cache = |status: &str| Serverless { name: "cart".into(), status: status.into(), ..Serverless::default() };
    let read = |status| read_all(&Inventory { serverless: vec![cache(status)], ..Inventory::default() }, |_| silent());
    assert_eq!((read("available").severity, read("available").headline.as_str()), (Severity::Ok, "1 serverless cache"));
    assert_eq!(read("create-failed").severity, Severity::Critical);
    assert_eq!(read("something").severity, Severity::Unknown);
}

#[test]
fn the_cell_counts_nodes_and_the_worst_speaks() {
    let nodes = || vec![node("a", Role::Primary), node("b", Role::Replica), memcached(&["available", "available"])];
    let calm = read(nodes(), well);
    assert_eq!((calm.headline.as_str(), calm.value, calm.unit.as_str()), ("4/4 nodes", Some(4.0), "nodes"));
    let hot = read(nodes(), |query| match (&*query.name, query.dimensions[0].1.as_str()) {
        ("EngineCPUUtilization", "b") => steady(85.0),
        ("EngineCPUUtilization", "a") => steady(89.0),
        _ => well(query),
    });
    assert_eq!((hot.headline.as_str(), hot.value, hot.since), ("CPU 89 %", Some(89.0), Some(minute(0))));
    assert_eq!(read(vec![], well).severity, Severity::Absent);
}

#[test]
fn what_was_not_read_is_unknown() {
    let undescribed = Inventory {
        groups: vec![Group { state: None, ..group(&[], None) }],
        clusters: vec![CacheCluster { state: None, ..node("a", Role::Unknown) }],
        ..Inventory::default()
    };
    let reading = read_all(&undescribed, |_| silent());
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "not described"));
    let inventory = Inventory { clusters: vec![node("a", Role::Primary)], ..Inventory::default() };
    let fault = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let unread = MetricSet { fault: Some(fault.clone()), ..MetricSet::default() };
    let reading = interpret(&ElastiCache, &inventory, &unread);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "metrics denied"));
    assert_eq!(reading.fault, Some(fault));
}

fn any_cluster() -> impl Strategy<Value = CacheCluster> {
    let statuses = prop_oneof![Just("available"), Just("creating"), Just("rebooting"), Just("?"), Just("")];
    let roles = prop_oneof![Just(Role::Primary), Just(Role::Replica), Just(Role::Member), Just(Role::Standalone)];
    let nodes = prop::collection::vec(prop_oneof![Just("available"), Just("rebooting"), Just("?")], 0..4);
    (".{0,9}", statuses, roles, any::<bool>(), any::<Option<i32>>(), nodes).prop_map(
        |(name, status, role, described, count, nodes)| {
            let cluster = with(node(&name, role), |state| {
                state.status = status.into();
                state.node_count = count.map(|count| count % 100);
                state.nodes = nodes.into_iter().map(Into::into).collect();
            });
            CacheCluster { state: cluster.state.filter(|_| described), ..cluster }
        },
    )
}

proptest! {
    #[test]
    fn nothing_unseen_is_ok(clusters in prop::collection::vec(any_cluster(), 1..8), value in any::<f64>(), answered in any::<bool>()) {
        let unseen = clusters.iter().any(|cluster| {
            let status = cluster.state.as_ref().map_or("?", |state| state.status.as_str());
            matches!(status, "?" | "") || (status == "available" && (!answered || !value.is_finite()))
        });
        let reading = read(clusters, |_| if answered { steady(value) } else { silent() });
        prop_assert!(!unseen || reading.severity >= Severity::Unknown);
    }
}
