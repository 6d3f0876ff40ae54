//! Judgement on plain data.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rstest::rstest;

use crate::base::Text;
use crate::model::{Fault, FaultKind, FieldValue, Level, MetricQuery, MetricSet, Reading, Severity};
use crate::signals::Signal;
use crate::signals::rds::Rds;
use crate::signals::rds::database::{
    Cluster, ClusterState, Instance, InstanceState, Inventory, Member, Replication, Role,
};
use crate::signals::testing::{check_invariants, field, interpret, interpret_by, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

const GB: f64 = 1024.0 * 1024.0 * 1024.0;

fn instance(name: &str, role: Role) -> Instance {
    Instance {
        name: name.into(),
        arn: format!("arn:aws:rds:us-east-1:111122223333:db:{name}").into(),
        role,
        state: Some(InstanceState {
            status: "available".into(),
            engine: "postgres".into(),
            class: "db.t4g.micro".into(),
            allocated_gb: Some(20),
            ..InstanceState::default()
        }),
        ..Instance::default()
    }
}

fn with(mut instance: Instance, change: impl FnOnce(&mut InstanceState)) -> Instance {
    change(instance.state.as_mut().unwrap());
    instance
}

fn member(name: &str, role: Role) -> Instance {
    let instance = Instance { cluster: Some("wallet".into()), ..instance(name, role) };
    with(instance, |state| state.engine = "aurora-mysql".into())
}

fn cluster(members: &[(&str, bool)]) -> Cluster {
    let members = members.iter().enumerate().map(|(tier, (name, writer))| Member {
        instance: (*name).into(),
        writer: Some(*writer),
        tier: i32::try_from(tier).ok(),
    });
    let state = ClusterState { status: "available".into(), members: members.collect(), ..ClusterState::default() };
    let (name, arn, state, maintenance) = ("wallet".into(), "arn:c".into(), Some(state), Some(vec![]));
    Cluster { name, arn, state, maintenance, ..Cluster::default() }
}

fn read_all(clusters: Vec<Cluster>, instances: Vec<Instance>, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let inventory = Inventory { clusters, instances, fault: None };
    let reading = interpret(&Rds, &inventory, &metrics(&Rds.queries(&inventory), points));
    check_invariants(&reading);
    reading
}

/// Figures of a database that is well.
fn well(query: &MetricQuery) -> Points {
    steady(match &*query.name {
        "FreeStorageSpace" | "FreeLocalStorage" => 15.0 * GB,
        "FreeableMemory" => 0.5 * GB,
        "AuroraReplicaLag" => 20.0,
        "ReplicaLag" => 0.0,
        _ => 10.0,
    })
}

fn read_one(instance: Instance, metric: &str, value: f64) -> Reading {
    read_all(vec![], vec![instance], |query| if query.name == metric { steady(value) } else { well(query) })
}

#[rstest]
#[case("CPUUtilization", 79.9, Severity::Ok, "1 available")]
#[case("CPUUtilization", 93.0, Severity::Warning, "CPU 93 %")]
#[case("CPUUtilization", 95.0, Severity::Critical, "CPU 95 %")]
#[case("FreeStorageSpace", 2.1 * GB, Severity::Ok, "1 available")]
#[case("FreeStorageSpace", 1.4 * GB, Severity::Warning, "free 1.4 GB")]
#[case("FreeStorageSpace", 0.9 * GB, Severity::Critical, "free 0.9 GB")]
#[case("FreeStorageSpace", 0.0, Severity::Critical, "free 0.0 GB")]
#[case("FreeableMemory", 50.0 * 1024.0 * 1024.0, Severity::Warning, "free memory 50 MB")]
#[case("DatabaseConnections", 100_000.0, Severity::Ok, "1 available")]
fn figures_as_severities(#[case] metric: &str, #[case] value: f64, #[case] severity: Severity, #[case] headline: &str) {
    let reading = read_one(instance("analytics", Role::Primary), metric, value);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[test]
fn little_free_storage_is_a_share_of_what_is_allocated() {
    let large = with(instance("big", Role::Primary), |state| state.allocated_gb = Some(1000));
    let reading = read_one(large, "FreeStorageSpace", 60.0 * GB);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Warning, "free 6 % of storage"));
    assert_eq!(field(&reading.resources[0], "free_storage_share"), FieldValue::Number(6.0));
    assert_eq!(field(&reading.resources[0], "free_storage"), FieldValue::Number(60.0));
}

#[rstest]
#[case(29.0, Severity::Ok, "1 available")]
#[case(42.0, Severity::Warning, "lag 42 s")]
#[case(300.0, Severity::Critical, "lag 300 s")]
#[case(-1.0, Severity::Warning, "not replicating")]
fn a_replica_lags_by_seconds(#[case] lag: f64, #[case] severity: Severity, #[case] headline: &str) {
    let replica = with(instance("replica", Role::Replica), |state| state.source = "main".into());
    let reading = read_one(replica, "ReplicaLag", lag);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
    let lag = reading.resources[0].fields.iter().find(|field| field.key == "replica_lag").unwrap();
    assert_eq!(lag.unit, "s");
}

#[rstest]
#[case(300.0, Severity::Ok, "1 available")]
#[case(2400.0, Severity::Warning, "lag 2.4 s")]
#[case(10_000.0, Severity::Critical, "lag 10.0 s")]
fn an_aurora_reader_lags_by_milliseconds(#[case] lag: f64, #[case] severity: Severity, #[case] headline: &str) {
    let reading = read_one(member("reader", Role::Reader), "AuroraReplicaLag", lag);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
    let lag = reading.resources[0].fields.iter().find(|field| field.key == "replica_lag").unwrap();
    assert_eq!(lag.unit, "ms");
}

#[test]
fn each_kind_of_instance_is_asked_for_what_it_has() {
    let names = |instance: Instance| -> Vec<String> {
        let inventory = Inventory { instances: vec![instance], ..Inventory::default() };
        Rds.queries(&inventory).iter().map(|query| query.name.to_string()).skip(3).collect()
    };
    assert_eq!(names(instance("a", Role::Source)), ["FreeStorageSpace"]);
    assert_eq!(names(instance("a", Role::Replica)), ["FreeStorageSpace", "ReplicaLag"]);
    assert_eq!(names(member("a", Role::Writer)), ["FreeLocalStorage"]);
    assert_eq!(names(member("a", Role::Reader)), ["FreeLocalStorage", "AuroraReplicaLag"]);
    // A reader of a Multi-AZ DB cluster is not Aurora's.
    let multi_az = with(member("a", Role::Reader), |state| state.engine = "mysql".into());
    assert_eq!(names(multi_az), ["FreeStorageSpace", "ReplicaLag"]);
    let serverless = with(member("a", Role::Writer), |state| state.class = "db.serverless".into());
    assert_eq!(names(serverless), ["FreeLocalStorage", "ServerlessDatabaseCapacity", "ACUUtilization"]);
    for status in ["stopped", "creating", "inaccessible-encryption-credentials-recoverable"] {
        assert_eq!(names(with(instance("a", Role::Primary), |state| state.status = status.into())), [""; 0]);
    }
}

#[test]
fn serverless_capacity_has_its_bounds() {
    let mut serverless = with(member("a", Role::Writer), |state| state.class = "db.serverless".into());
    serverless.acu = Some((8.0, 64.0));
    let reading = read_all(vec![], vec![serverless], |query| match &*query.name {
        "ServerlessDatabaseCapacity" => steady(61.0),
        "ACUUtilization" => steady(95.3),
        _ => well(query),
    });
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Critical, "ACU 95 %"));
    let expected = [("capacity", 61.0), ("acu_utilisation", 95.3), ("acu_min", 8.0), ("acu_max", 64.0)];
    for (key, value) in expected {
        assert_eq!(field(&reading.resources[0], key), FieldValue::Number(value), "{key}");
    }
}

#[rstest]
#[case("backing-up", Severity::Ok, "1 backing-up")]
#[case("configuring-log-exports", Severity::Ok, "1 configuring-log-exports")]
#[case("storage-optimization", Severity::Ok, "1 storage-optimization")]
#[case("creating", Severity::Ok, "1 creating")]
#[case("rebooting", Severity::Warning, "rebooting")]
#[case("stopped", Severity::Warning, "stopped")]
#[case("upgrading", Severity::Warning, "upgrading")]
#[case("storage-full", Severity::Critical, "storage-full")]
#[case("incompatible-parameters", Severity::Critical, "incompatible-parameters")]
#[case("inaccessible-encryption-credentials", Severity::Critical, "inaccessible-encryption-credentials")]
#[case("something-new", Severity::Unknown, "something-new")]
#[case("", Severity::Unknown, "no status")]
fn statuses_as_severities(#[case] status: &str, #[case] severity: Severity, #[case] headline: &str) {
    let reading =
        read_all(vec![], vec![with(instance("a", Role::Primary), |state| state.status = status.into())], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[rstest]
#[case("available", &[("a", true), ("b", false)], Severity::Ok, "writer, 1 reader")]
#[case("available", &[("a", true)], Severity::Ok, "writer, no reader")]
#[case("available", &[("a", false), ("b", false)], Severity::Critical, "no writer")]
#[case("available", &[], Severity::Critical, "no writer")]
#[case("modifying", &[("a", true), ("b", false)], Severity::Ok, "modifying, writer, 1 reader")]
#[case("creating", &[], Severity::Ok, "creating, no reader")]
#[case("stopped", &[("a", false)], Severity::Warning, "stopped")]
#[case("failing-over", &[("a", true), ("b", false)], Severity::Critical, "failing-over")]
#[case("failing-over", &[], Severity::Critical, "failing-over")]
#[case("something-new", &[("a", true)], Severity::Unknown, "something-new")]
fn a_cluster_needs_a_writer(
    #[case] status: &str,
    #[case] members: &[(&str, bool)],
    #[case] severity: Severity,
    #[case] headline: &str,
) {
    let mut cluster = cluster(members);
    cluster.state.as_mut().unwrap().status = status.into();
    let reading = read_all(vec![cluster], vec![], well);
    let resource = &reading.resources[0];
    assert_eq!((resource.severity, resource.headline.as_str()), (severity, headline));
}

#[test]
fn clusters_without_a_writer_by_their_nature_are_well() {
    for change in [(|state: &mut ClusterState| state.secondary = true) as fn(&mut ClusterState), |state| {
        (state.serverless_v1, state.members) = (true, vec![])
    }] {
        let mut without = cluster(&[("a", false)]);
        change(without.state.as_mut().unwrap());
        assert_eq!(read_all(vec![without], vec![], well).severity, Severity::Ok);
    }
}

#[test]
fn a_cluster_names_whom_it_would_fail_over_to() {
    let mut cluster = cluster(&[("w", true), ("r1", false), ("r2", false)]);
    cluster.state.as_mut().unwrap().members[1].tier = Some(5);
    let reading = read_all(vec![cluster.clone()], vec![], well);
    assert_eq!(field(&reading.resources[0], "failover_target"), FieldValue::Text("r2".into()));
    let readers = FieldValue::List(vec!["r2".into(), "r1".into()]);
    assert_eq!(field(&reading.resources[0], "readers"), readers);
    cluster.state.as_mut().unwrap().status = "failing-over".into();
    let reading = read_all(vec![cluster], vec![], well);
    assert_eq!(field(&reading.resources[0], "failover"), FieldValue::Text("in progress".into()));
}

#[test]
fn broken_replication_says_why() {
    let replication =
        Replication { status: "error".into(), normal: Some(false), message: "duplicate key in users".into() };
    let replica = with(instance("replica", Role::Replica), |state| state.replication = Some(replication));
    let reading = read_all(vec![], vec![replica], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Critical, "replication error"));
    assert_eq!(reading.resources[0].reason, "replication error: duplicate key in users");
}

#[test]
fn the_cell_counts_what_is_available() {
    let resting = with(instance("c", Role::Primary), |state| state.status = "backing-up".into());
    let instances = vec![instance("a", Role::Source), instance("b", Role::Replica), resting];
    let reading = read_all(vec![], instances, well);
    assert_eq!((reading.headline.as_str(), reading.note.as_str()), ("2 available", "1 backing-up"));
    assert_eq!((reading.value, reading.unit.as_str()), (Some(2.0), "available"));
    assert_eq!(reading.resources[0].headline, "CPU 10 %");
    assert_eq!(read_all(vec![], vec![], well).severity, Severity::Absent);
}

#[test]
fn the_worst_speaks_with_curve_time_and_number() {
    let reading = read_all(vec![], vec![instance("a", Role::Primary), instance("b", Role::Primary)], |query| {
        let second = query.dimensions[0].1 == "b";
        if second && query.name == "CPUUtilization" { steady(97.0) } else { well(query) }
    });
    assert_eq!((reading.value, reading.unit.as_str(), reading.since), (Some(97.0), "%", Some(minute(0))));
    assert_eq!(reading.series.unwrap().points[0], Some(97.0));
    assert_eq!(reading.resources[0].name, "b");
}

#[test]
fn figures_that_are_missing_are_unknown() {
    for metric in ["CPUUtilization", "FreeStorageSpace", "ReplicaLag"] {
        let missing = |points: Points| {
            read_all(vec![], vec![instance("a", Role::Replica)], |query| {
                if query.name == metric { points.clone() } else { well(query) }
            })
        };
        let reading = missing(silent());
        assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "no data"), "{metric}");
        assert_eq!(missing(None).headline, "…", "{metric}");
    }
    for metric in ["DatabaseConnections", "FreeableMemory"] {
        let reading = read_all(vec![], vec![instance("a", Role::Primary)], |query| {
            if query.name == metric { silent() } else { well(query) }
        });
        assert_eq!(reading.severity, Severity::Ok, "{metric}");
    }
}

#[test]
fn unread_metrics_leave_the_states_and_name_the_fault() {
    let stopped = with(instance("b", Role::Primary), |state| state.status = "stopped".into());
    let inventory = Inventory { instances: vec![instance("a", Role::Primary), stopped], ..Inventory::default() };
    let fault = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let unread = MetricSet { fault: Some(fault.clone()), ..MetricSet::default() };
    let reading = interpret(&Rds, &inventory, &unread);
    let seen: Vec<(Severity, &str)> = reading.resources.iter().map(|r| (r.severity, r.headline.as_str())).collect();
    assert_eq!(seen, [(Severity::Warning, "stopped"), (Severity::Unknown, "metrics denied")]);
    assert_eq!((reading.fault, reading.note.as_str()), (Some(fault), "1 unknown"));
}

#[test]
fn connections_are_judged_where_the_configuration_says() {
    let own = BTreeMap::from([("connections".to_owned(), Level { warn: 80.0, critical: 95.0 })]);
    let inventory = Inventory { instances: vec![instance("a", Role::Primary)], ..Inventory::default() };
    let judged = |points: Points| {
        let set = metrics(&Rds.queries(&inventory), |query| {
            if query.name == "DatabaseConnections" { points.clone() } else { well(query) }
        });
        interpret_by(&Rds, &inventory, &set, &BTreeMap::from([("rds".to_owned(), own.clone())]))
    };
    assert_eq!(judged(steady(85.0)).headline, "85 connections");
    assert_eq!(judged(silent()).severity, Severity::Unknown);
}

#[test]
fn what_was_not_described_is_unknown() {
    let reading = read_all(vec![Cluster { state: None, ..cluster(&[]) }], vec![], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "not described"));
    let reading = read_all(vec![], vec![Instance { state: None, ..instance("a", Role::Reader) }], well);
    assert_eq!(reading.severity, Severity::Unknown);
    let reading = read_all(vec![], vec![member("a", Role::Unknown)], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "role unknown"));
}

fn any_instance() -> impl Strategy<Value = Instance> {
    let statuses = prop_oneof![Just("available"), Just("stopped"), Just("backing-up"), Just("?"), Just("")];
    let roles = prop_oneof![Just(Role::Primary), Just(Role::Replica), Just(Role::Reader), Just(Role::Unknown)];
    (".{0,9}", statuses, roles, any::<bool>(), any::<Option<i32>>(), any::<bool>()).prop_map(
        |(name, status, role, described, allocated, aurora)| {
            let instance = with(instance(&name, role), |state| {
                state.status = status.into();
                state.allocated_gb = allocated;
                state.engine = if aurora { "aurora-postgresql" } else { "postgres" }.into();
            });
            Instance { state: instance.state.filter(|_| described), ..instance }
        },
    )
}

proptest! {
    #[test]
    fn nothing_unseen_is_ok(instances in prop::collection::vec(any_instance(), 1..8), value in any::<f64>(), answered in any::<bool>()) {
        let unseen = instances.iter().any(|instance| {
            let status = instance.state.as_ref().map(|state| state.status.clone());
            let needs_metrics = matches!(status.as_deref(), Some("available" | "backing-up"));
            status.is_none_or(|status| [Text::from("?"), Text::default()].contains(&status))
                || instance.role == Role::Unknown
                || (needs_metrics && (!answered || !value.is_finite()))
        });
        let reading = read_all(vec![], instances, |_| if answered { steady(value) } else { silent() });
        prop_assert!(!unseen || reading.severity >= Severity::Unknown);
    }
}
