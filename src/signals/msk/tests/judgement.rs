//! Judgement on plain data.

use proptest::prelude::*;
use rstest::rstest;

use crate::model::{Fault, FaultKind, FieldValue, MetricQuery, MetricSet, Reading, Severity};
use crate::signals::Signal;
use crate::signals::msk::Msk;
use crate::signals::msk::stream::{Broker, Cluster, Inventory, Provisioned};
use crate::signals::testing::{check_invariants, field, interpret, metrics, minute, silent, steady};

type Points = Option<Vec<Option<f64>>>;

fn cluster(brokers: i64) -> Cluster {
    Cluster {
        name: "wallet".into(),
        arn: "arn:c".into(),
        state: "ACTIVE".into(),
        state_reason: "".into(),
        provisioned: Some(Provisioned {
            broker_count: Some(3),
            instance_type: "kafka.m5.large".into(),
            monitoring: "PER_BROKER".into(),
            ..Provisioned::default()
        }),
        brokers: Some((1..=brokers).map(|id| Broker { id, ..Broker::default() }).collect()),
        ..Cluster::default()
    }
}

fn with(change: impl FnOnce(&mut Cluster)) -> Cluster {
    let mut cluster = cluster(3);
    change(&mut cluster);
    cluster
}

fn with_settings(change: impl FnOnce(&mut Provisioned)) -> Cluster {
    with(|cluster| change(cluster.provisioned.as_mut().unwrap()))
}

fn read(clusters: Vec<Cluster>, points: impl Fn(&MetricQuery) -> Points) -> Reading {
    let inventory = Inventory { clusters, fault: None };
    let reading = interpret(&Msk, &inventory, &metrics(&Msk.queries(&inventory), points));
    check_invariants(&reading);
    reading
}

fn well(query: &MetricQuery) -> Points {
    match &*query.name {
        "ActiveControllerCount" => steady(1.0),
        "KafkaDataLogsDiskUsed" => steady(40.0),
        _ => steady(0.0),
    }
}

fn broker_of(query: &MetricQuery) -> Option<&str> {
    query.dimensions.iter().find(|(name, _)| *name == "Broker ID").map(|(_, id)| id.as_str())
}

#[test]
fn dimensions_have_names_with_spaces() {
    let inventory = Inventory { clusters: vec![cluster(2)], fault: None };
    let queries: Vec<String> = Msk
        .queries(&inventory)
        .iter()
        .map(|query| {
            let dimensions: Vec<String> =
                query.dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{} {} {} {}", query.namespace, query.name, query.stat, dimensions.join(","))
        })
        .collect();
    assert_eq!(
        queries,
        [
            "AWS/Kafka ActiveControllerCount Maximum Cluster Name=wallet",
            "AWS/Kafka OfflinePartitionsCount Maximum Cluster Name=wallet",
            "AWS/Kafka KafkaDataLogsDiskUsed Maximum Cluster Name=wallet,Broker ID=1",
            "AWS/Kafka UnderReplicatedPartitions Maximum Cluster Name=wallet,Broker ID=1",
            "AWS/Kafka KafkaDataLogsDiskUsed Maximum Cluster Name=wallet,Broker ID=2",
            "AWS/Kafka UnderReplicatedPartitions Maximum Cluster Name=wallet,Broker ID=2",
        ]
    );
}

#[rstest]
#[case("ActiveControllerCount", 1.0, Severity::Ok, "3 brokers")]
#[case("ActiveControllerCount", 0.0, Severity::Critical, "no controller")]
#[case("OfflinePartitionsCount", 4.0, Severity::Critical, "4 offline")]
#[case("UnderReplicatedPartitions", 4.0, Severity::Warning, "12 under-replicated")]
#[case("KafkaDataLogsDiskUsed", 74.9, Severity::Ok, "3 brokers")]
#[case("KafkaDataLogsDiskUsed", 78.0, Severity::Warning, "disk 78 %")]
#[case("KafkaDataLogsDiskUsed", 85.0, Severity::Critical, "disk 85 %")]
fn figures_as_severities(#[case] metric: &str, #[case] value: f64, #[case] severity: Severity, #[case] headline: &str) {
    let reading = read(vec![cluster(3)], |query| if query.name == metric { steady(value) } else { well(query) });
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[rstest]
#[case("ACTIVE", Severity::Ok, "3 brokers")]
#[case("UPDATING", Severity::Ok, "updating, 3 brokers")]
#[case("MAINTENANCE", Severity::Ok, "maintenance, 3 brokers")]
#[case("HEALING", Severity::Warning, "healing")]
#[case("REBOOTING_BROKER", Severity::Warning, "rebooting broker")]
#[case("FAILED", Severity::Critical, "failed")]
#[case("SOMETHING_NEW", Severity::Unknown, "something new")]
#[case("", Severity::Unknown, "no state")]
fn states_as_severities(#[case] state: &str, #[case] severity: Severity, #[case] headline: &str) {
    let reading = read(vec![with(|cluster| cluster.state = state.into())], well);
    let cluster = reading.resources.iter().find(|resource| resource.name == "wallet").unwrap();
    assert_eq!((cluster.severity, cluster.headline.as_str()), (severity, headline));
}

#[rstest]
#[case(3, Severity::Ok, "3 brokers")]
#[case(2, Severity::Warning, "2/3 brokers")]
#[case(1, Severity::Critical, "1/3 brokers")]
#[case(0, Severity::Critical, "0/3 brokers")]
fn missing_brokers_show(#[case] brokers: i64, #[case] severity: Severity, #[case] headline: &str) {
    let reading = read(vec![cluster(brokers)], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (severity, headline));
}

#[test]
fn a_lost_broker_is_unknown_beside_a_healing_cluster() {
    let healing = with(|cluster| {
        cluster.state = "HEALING".into();
        cluster.state_reason = "replacing broker 2".into();
    });
    let reading = read(vec![healing], |query| match (broker_of(query), &*query.name) {
        (Some("2"), _) => silent(),
        (Some(_), "UnderReplicatedPartitions") => steady(5.0),
        _ => well(query),
    });
    let seen: Vec<(&str, Severity, &str)> =
        reading.resources.iter().map(|r| (r.name.as_str(), r.severity, r.headline.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("wallet", Severity::Warning, "healing"),
            ("wallet/broker-2", Severity::Unknown, "no data"),
            ("wallet/broker-1", Severity::Ok, "disk 40 %"),
            ("wallet/broker-3", Severity::Ok, "disk 40 %"),
        ]
    );
    assert_eq!(reading.resources[0].reason, "replacing broker 2, 10 under-replicated");
    assert_eq!(field(&reading.resources[0], "under_replicated"), FieldValue::Number(10.0));
    assert_eq!(reading.note, "1 unknown");
}

#[test]
fn what_the_level_does_not_publish_is_said_and_not_unknown() {
    let without = |query: &MetricQuery| if query.name == "UnderReplicatedPartitions" { silent() } else { well(query) };
    let reading = read(vec![with_settings(|settings| settings.monitoring = "DEFAULT".into())], without);
    assert_eq!(reading.severity, Severity::Ok);
    let words = FieldValue::Text("not published at level DEFAULT".into());
    assert!(reading.resources.iter().all(|resource| field(resource, "under_replicated") == words));
    let reading = read(vec![cluster(3)], without);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "replication unknown"));
}

#[test]
fn express_brokers_are_not_asked_for_what_they_do_not_have() {
    let express = with_settings(|settings| settings.instance_type = "express.m7g.large".into());
    let inventory = Inventory { clusters: vec![express.clone()], fault: None };
    let asked: Vec<String> = Msk.queries(&inventory).iter().map(|query| query.name.to_string()).collect();
    assert_eq!(asked, ["ActiveControllerCount"]);
    let reading = read(vec![express], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Ok, "3 brokers"));
    let words = FieldValue::Text("not published by Express brokers".into());
    assert_eq!(field(&reading.resources[1], "disk"), words);
    assert_eq!(field(&reading.resources[0], "offline_partitions"), words);
}

#[test]
fn serverless_clusters_have_a_state() {
    let serverless = with(|cluster| (cluster.provisioned, cluster.brokers) = (None, Some(vec![])));
    let inventory = Inventory { clusters: vec![serverless.clone()], fault: None };
    assert!(Msk.queries(&inventory).is_empty());
    let reading = read(vec![serverless], well);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Ok, "1 cluster"));
    assert_eq!(reading.resources[0].headline, "active");
}

#[test]
fn missing_figures_are_unknown() {
    for (metric, headline) in [
        ("ActiveControllerCount", "no data"),
        ("OfflinePartitionsCount", "no data"),
        ("KafkaDataLogsDiskUsed", "no data"),
    ] {
        let reading = read(vec![cluster(3)], |query| if query.name == metric { silent() } else { well(query) });
        assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, headline), "{metric}");
    }
    let inventory = Inventory { clusters: vec![cluster(3)], fault: None };
    let fault = Fault::new(FaultKind::Denied, "GetMetricData", "no");
    let unread = MetricSet { fault: Some(fault.clone()), ..MetricSet::default() };
    let reading = interpret(&Msk, &inventory, &unread);
    assert_eq!((reading.severity, reading.fault), (Severity::Unknown, Some(fault)));
    let unlisted = read(vec![with(|cluster| cluster.brokers = None)], well);
    assert_eq!((unlisted.severity, unlisted.headline.as_str()), (Severity::Unknown, "brokers not listed"));
    assert_eq!(field(&unlisted.resources[0], "brokers"), FieldValue::Unknown);
}

#[test]
fn a_cluster_that_is_made_has_no_figures_yet() {
    let made = with(|cluster| (cluster.state, cluster.brokers) = ("CREATING".into(), Some(vec![])));
    let reading = read(vec![made], |_| None);
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Ok, "1 cluster"));
    assert_eq!(reading.note, "1 creating");
    assert_eq!(read(vec![], well).severity, Severity::Absent);
}

#[test]
fn the_cell_has_curve_time_and_number() {
    let reading = read(vec![cluster(3)], |query| match (broker_of(query), &*query.name) {
        (Some("2"), "KafkaDataLogsDiskUsed") => steady(91.0),
        _ => well(query),
    });
    assert_eq!((reading.value, reading.unit.as_str(), reading.since), (Some(91.0), "%", Some(minute(0))));
    assert_eq!(reading.resources[0].name, "wallet/broker-2");
    let calm = read(vec![cluster(3)], well);
    assert_eq!((calm.value, calm.unit.as_str()), (Some(3.0), "brokers"));
}

proptest! {
    #[test]
    fn nothing_unseen_is_ok(
        state in prop_oneof![Just("ACTIVE"), Just("UPDATING"), Just("?")],
        listed in any::<bool>(),
        count in 1i64..6,
        value in any::<f64>(),
        answered in any::<bool>(),
    ) {
        let brokers = cluster(count).brokers.filter(|_| listed);
        let cluster = with(|cluster| (cluster.state, cluster.brokers) = (state.into(), brokers));
        let reading = read(vec![cluster], |_| if answered { steady(value) } else { silent() });
        let unseen = state == "?" || !listed || !answered || !value.is_finite();
        prop_assert!(!unseen || reading.severity >= Severity::Unknown);
    }
}
