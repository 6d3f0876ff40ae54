//! Inventories through the real SDK client.

use serde_json::{Value, json};

use crate::config::Select;
use crate::model::{Fault, FaultKind, Severity};
use crate::signals::Signal;
use crate::signals::msk::Msk;
use crate::signals::msk::stream::Inventory;
use crate::signals::testing::wire::{Answer, BOUNDARIES, Call, page, pages, session, session_selecting};
use crate::signals::testing::{interpret, metrics, silent};

fn provisioned(name: &str) -> Value {
    json!({"clusterName": name, "clusterArn": format!("arn:{name}"), "clusterType": "PROVISIONED", "state": "ACTIVE",
        "provisioned": {"numberOfBrokerNodes": 3, "enhancedMonitoring": "PER_BROKER", "storageMode": "LOCAL",
            "brokerNodeGroupInfo": {"instanceType": "kafka.m5.large", "clientSubnets": [],
                "storageInfo": {"ebsStorageInfo": {"volumeSize": 1000}}},
            "currentBrokerSoftwareInfo": {"kafkaVersion": "3.6.0"}}})
}

fn serverless(name: &str) -> Value {
    json!({"clusterName": name, "clusterArn": format!("arn:{name}"), "clusterType": "SERVERLESS", "state": "ACTIVE",
        "serverless": {"vpcConfigs": []}})
}

fn broker(id: usize) -> Value {
    let info = json!({"brokerId": id, "clientSubnet": "subnet-1", "endpoints": [format!("b-{id}.example.com")],
        "currentBrokerSoftwareInfo": {"kafkaVersion": "3.6.0"}});
    json!({"nodeType": "BROKER", "nodeARN": format!("arn:broker-{id}"), "instanceType": "kafka.m5.large",
        "brokerNodeInfo": info})
}

fn answer(call: &Call, clusters: &[Value], brokers: usize) -> Answer {
    assert_eq!(call.get("maxResults").as_deref(), Some("100"));
    let token = call.get("nextToken");
    if call.operation == "GET /api/v2/clusters" {
        let (items, next) = page(clusters, 100, token.as_deref());
        return Ok(json!({"clusterInfoList": items, "nextToken": next}));
    }
    assert!(call.operation.ends_with("/nodes"), "asked for {}", call.operation);
    let controller = json!({"nodeType": "CONTROLLER", "controllerNodeInfo": {"endpoints": ["c-1.example.com"]}});
    let all: Vec<Value> = (1..=brokers).rev().map(broker).chain([controller]).collect();
    let (items, next) = page(&all, 100, token.as_deref());
    Ok(json!({"nodeInfoList": items, "nextToken": next}))
}

async fn read(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (Result<Inventory, Fault>, usize) {
    let (session, calls) = session(answer).await;
    (Signal::inventory(&Msk, &session).await, calls.all().len())
}

#[tokio::test]
async fn every_page_is_read_once() {
    for &count in BOUNDARIES.iter().chain(&[250]) {
        let (found, calls) = read(move |call| {
            let clusters: Vec<Value> = (0..count).map(|index| serverless(&format!("s{index:03}"))).collect();
            answer(call, &clusters, 0)
        })
        .await;
        assert_eq!((found.unwrap().clusters.len(), calls), (count, pages(count, 100)));
    }
    for brokers in [0, 1, 98, 99, 100, 250] {
        let (found, calls) = read(move |call| answer(call, &[provisioned("c")], brokers)).await;
        let found = found.unwrap();
        let ids: Vec<i64> = found.clusters[0].brokers.as_ref().unwrap().iter().map(|broker| broker.id).collect();
        assert_eq!(ids, (1..=i64::try_from(brokers).unwrap()).collect::<Vec<_>>());
        assert_eq!(calls, 1 + pages(brokers + 1, 100));
    }
}

#[tokio::test]
async fn a_cluster_with_all_it_has() {
    let mut cluster = provisioned("wallet");
    cluster["stateInfo"] = json!({"code": "X", "message": "why"});
    let (found, _) = read(move |call| answer(call, std::slice::from_ref(&cluster), 3)).await;
    let found = found.unwrap();
    let cluster = &found.clusters[0];
    assert_eq!((cluster.state.as_str(), cluster.state_reason.as_str()), ("ACTIVE", "why"));
    let settings = cluster.provisioned.as_ref().unwrap();
    assert_eq!((settings.broker_count, settings.storage_gb), (Some(3), Some(1000)));
    assert_eq!((settings.kafka_version.as_str(), settings.instance_type.as_str()), ("3.6.0", "kafka.m5.large"));
    assert_eq!((settings.monitoring.as_str(), settings.storage_mode.as_str()), ("PER_BROKER", "LOCAL"));
    let broker = &cluster.brokers.as_ref().unwrap()[0];
    assert_eq!((broker.id, broker.arn.as_str()), (1, "arn:broker-1"));
    assert_eq!(broker.endpoints, ["b-1.example.com"]);
}

#[tokio::test]
async fn brokers_that_are_denied_leave_the_cluster() {
    let (found, _) = read(|call| match () {
        () if call.operation.contains("arn%3Adenied") => Err((403, "AccessDeniedException")),
        () if call.operation.contains("arn%3Agone") => Err((404, "NotFoundException")),
        () => answer(call, &[provisioned("gone"), provisioned("denied"), provisioned("well"), serverless("s")], 3),
    })
    .await;
    let found = found.unwrap();
    let seen: Vec<_> = found.clusters.iter().map(|c| (c.name.as_str(), c.brokers.as_ref().map(Vec::len))).collect();
    assert_eq!(seen, [("denied", None), ("s", Some(0)), ("well", Some(3))]);
    let reading = interpret(&Msk, &found, &metrics(&Msk.queries(&found), |_| silent()));
    assert_eq!((reading.severity, reading.fault.unwrap().kind), (Severity::Unknown, FaultKind::Denied));
}

#[tokio::test]
async fn what_fails_for_good_is_a_fault() {
    let denied = read(|_| Err((403, "AccessDeniedException"))).await.0;
    assert_eq!(denied.unwrap_err().kind, FaultKind::Denied);
    let (circle, calls) = read(|_| Ok(json!({"clusterInfoList": [], "nextToken": "again"}))).await;
    assert_eq!((circle.unwrap_err().kind, calls), (FaultKind::Service, 2));
}

#[tokio::test]
async fn only_what_belongs_and_runs_is_asked_for_its_brokers() {
    let clusters = || {
        let mut made = provisioned("wallet-new");
        made["state"] = json!("CREATING");
        [made, provisioned("wallet"), provisioned("other"), json!({"clusterArn": "arn:nameless"})]
    };
    let select = Select { names: vec!["wallet*".to_owned()], ..Select::default() };
    let (session, calls) = session_selecting(select, move |call| answer(call, &clusters(), 3)).await;
    let found = Signal::inventory(&Msk, &session).await.unwrap();
    let names: Vec<&str> = found.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    assert_eq!((names, calls.all().len()), (vec!["wallet", "wallet-new"], 2));
}
