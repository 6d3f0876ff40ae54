//! Inventories through the real SDK client.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::config::Select;
use crate::model::{FaultKind, FieldValue, Severity};
use crate::signals::Signal;
use crate::signals::rds::Rds;
use crate::signals::rds::database::{Inventory, Role};
use crate::signals::testing::wire::{Answer, BOUNDARIES, Call, page, pages, session, session_selecting};
use crate::signals::testing::{field, interpret, metrics, silent};

fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:rds:us-east-1:111122223333:{kind}:{name}")
}

fn instance(name: &str, more: &Value) -> Value {
    let mut instance = json!({"DBInstanceIdentifier": name, "DBInstanceArn": arn("db", name),
        "DBInstanceStatus": "available", "Engine": "postgres", "EngineVersion": "16.4",
        "DBInstanceClass": "db.r5.xlarge", "AllocatedStorage": 100, "MultiAZ": true,
        "Endpoint": {"Address": format!("{name}.example.com"), "Port": 5432}, "BackupRetentionPeriod": 7,
        "StorageType": "gp3", "StorageEncrypted": true, "DeletionProtection": false});
    instance.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    instance
}

fn list(call: &Call, list: &str, item: &str, all: &[Value]) -> Answer {
    assert_eq!(call.get("MaxRecords").as_deref(), Some("100"));
    let (items, marker) = page(all, 100, call.get("Marker").as_deref());
    let mut answer = json!({"Marker": marker});
    answer[list] = json!({item: items});
    Ok(answer)
}

fn answer(call: &Call, instances: &[Value], clusters: &[Value]) -> Answer {
    match call.operation.as_str() {
        "DescribeDBInstances" => list(call, "DBInstances", "DBInstance", instances),
        "DescribeDBClusters" => list(call, "DBClusters", "DBCluster", clusters),
        "DescribePendingMaintenanceActions" => {
            let pending = json!({"ResourceIdentifier": arn("db", "r000"), "PendingMaintenanceActionDetails":
                {"PendingMaintenanceAction": [{"Action": "system-update", "CurrentApplyDate": "2026-12-01T04:00:00Z"}]}});
            list(call, "PendingMaintenanceActions", "ResourcePendingMaintenanceActions", &[pending])
        }
        other => panic!("asked for {other}"),
    }
}

fn instances(count: usize) -> Vec<Value> {
    (0..count).map(|index| instance(&format!("r{index:03}"), &json!({}))).collect()
}

/// An Aurora cluster with a writer and a reader.
fn aurora() -> (Vec<Value>, Vec<Value>) {
    let member = json!({"DBClusterIdentifier": "wallet", "Engine": "aurora-mysql", "DBInstanceClass": "db.serverless"});
    let cluster = json!({"DBClusterIdentifier": "wallet", "DBClusterArn": arn("cluster", "wallet"),
        "Status": "available", "Engine": "aurora-mysql", "Endpoint": "wallet.example.com", "Port": 3306,
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 2},
        "PendingModifiedValues": {"EngineVersion": "8.0.mysql_aurora.3.09.0"},
        "DBClusterMembers": {"DBClusterMember": [
            {"DBInstanceIdentifier": "wallet-1", "IsClusterWriter": true, "PromotionTier": 0},
            {"DBInstanceIdentifier": "wallet-2", "IsClusterWriter": false, "PromotionTier": 1}]}});
    (vec![instance("wallet-2", &member), instance("wallet-1", &member)], vec![cluster])
}

async fn read(
    answer: impl Fn(&Call) -> Answer + Send + Sync + 'static,
) -> (Result<Inventory, crate::model::Fault>, usize) {
    let (session, calls) = session(answer).await;
    (Signal::inventory(&Rds, &session).await, calls.all().len())
}

fn names(inventory: &Inventory) -> (Vec<&str>, Vec<&str>) {
    (
        inventory.clusters.iter().map(|cluster| cluster.name.as_str()).collect(),
        inventory.instances.iter().map(|instance| instance.name.as_str()).collect(),
    )
}

#[tokio::test]
async fn every_page_is_read_once() {
    for &count in BOUNDARIES.iter().chain(&[250]) {
        let (found, calls) = read(move |call| answer(call, &instances(count), &[])).await;
        let found = found.unwrap();
        assert_eq!(found.instances.len(), count);
        assert!(found.instances.is_sorted_by_key(|instance| instance.name.clone()));
        assert_eq!(calls, pages(count, 100) + 1 + usize::from(count > 0));
    }
}

#[tokio::test]
async fn an_instance_with_all_it_has() {
    let replica = json!({"ReadReplicaSourceDBInstanceIdentifier": "r000", "StatusInfos": {"DBInstanceStatusInfo":
        [{"StatusType": "read replication", "Normal": false, "Status": "error", "Message": "broken"}]}});
    let source = json!({"MaxAllocatedStorage": 500,
        "ReadReplicaDBInstanceIdentifiers": {"ReadReplicaDBInstanceIdentifier": ["r001"]},
        "PendingModifiedValues": {"DBInstanceClass": "db.r5.2xlarge", "MultiAZ": false, "MasterUserPassword": "****"}});
    let all = [instance("r001", &replica), instance("r000", &source)];
    let (found, _) = read(move |call| answer(call, &all, &[])).await;
    let found = found.unwrap();
    assert_eq!(found.instances.iter().map(|i| i.role).collect::<Vec<_>>(), [Role::Source, Role::Replica]);
    let state = found.instances[0].state.as_ref().unwrap();
    assert_eq!(state.pending, ["class db.r5.2xlarge", "Multi-AZ off", "password"]);
    assert_eq!((state.endpoint.as_str(), state.max_allocated_gb), ("r000.example.com:5432", Some(500)));
    assert_eq!(found.instances[0].maintenance.as_ref().unwrap()[0], "system-update at 2026-12-01T04:00:00Z");
    assert_eq!(found.instances[1].maintenance, Some(vec![]));
    let replication = found.instances[1].state.as_ref().unwrap().replication.as_ref().unwrap();
    assert_eq!((replication.status.as_str(), replication.normal), ("error", Some(false)));
}

#[tokio::test]
async fn members_have_their_clusters_role_and_bounds() {
    let (members, clusters) = aurora();
    let (found, _) = read(move |call| answer(call, &members, &clusters)).await;
    let found = found.unwrap();
    let seen: Vec<_> = found.instances.iter().map(|i| (i.name.as_str(), i.role, i.acu)).collect();
    let bounds = Some((0.5, 2.0));
    assert_eq!(seen, [("wallet-1", Role::Writer, bounds), ("wallet-2", Role::Reader, bounds)]);
    let state = found.clusters[0].state.as_ref().unwrap();
    assert_eq!(state.pending, ["engine version 8.0.mysql_aurora.3.09.0"]);
    assert_eq!(state.endpoint, "wallet.example.com:3306");
}

#[tokio::test]
async fn other_services_databases_are_not_ours() {
    let all = [instance("n", &json!({"Engine": "neptune"})), instance("d", &json!({"Engine": "docdb"}))];
    let clusters = [json!({"DBClusterIdentifier": "n", "Engine": "neptune", "Status": "available"})];
    let (found, calls) = read(move |call| answer(call, &all, &clusters)).await;
    assert_eq!((found.unwrap(), calls), (Inventory::default(), 2));
}

#[tokio::test]
async fn clusters_that_are_denied_leave_their_members() {
    let (members, clusters) = aurora();
    let (found, _) = read(move |call| match call.operation.as_str() {
        "DescribeDBClusters" => Err((403, "AccessDenied")),
        _ => answer(call, &members, &clusters),
    })
    .await;
    let found = found.unwrap();
    assert_eq!(names(&found), (vec!["wallet"], vec!["wallet-1", "wallet-2"]));
    assert!(found.clusters[0].state.is_none() && found.instances.iter().all(|i| i.role == Role::Unknown));
    assert_eq!(found.fault.unwrap().kind, FaultKind::Denied);
}

#[tokio::test]
async fn instances_that_are_denied_leave_their_cluster() {
    let (members, clusters) = aurora();
    let (found, _) = read(move |call| match call.operation.as_str() {
        "DescribeDBInstances" => Err((403, "AccessDenied")),
        _ => answer(call, &members, &clusters),
    })
    .await;
    let found = found.unwrap();
    assert_eq!(names(&found), (vec!["wallet"], vec!["wallet-1", "wallet-2"]));
    assert!(found.instances.iter().all(|instance| instance.state.is_none()));
    let reading = interpret(&Rds, &found, &metrics(&[], |_| silent()));
    let severities: Vec<Severity> = reading.resources.iter().map(|r| r.severity).collect();
    assert_eq!(severities, [Severity::Unknown, Severity::Unknown, Severity::Ok]);
    assert_eq!(reading.fault.unwrap().kind, FaultKind::Denied);
}

#[tokio::test]
async fn maintenance_that_is_denied_is_only_not_known() {
    let (found, _) = read(|call| match call.operation.as_str() {
        "DescribePendingMaintenanceActions" => Err((403, "AccessDenied")),
        _ => answer(call, &instances(1), &[]),
    })
    .await;
    let found = found.unwrap();
    assert!(found.fault.is_none());
    let reading = interpret(&Rds, &found, &metrics(&Rds.queries(&found), |_| silent()));
    assert_eq!(field(&reading.resources[0], "pending_maintenance"), FieldValue::Unknown);
}

#[tokio::test]
async fn what_fails_for_good_is_a_fault() {
    let kind = |found: Result<Inventory, crate::model::Fault>| found.unwrap_err().kind;
    assert_eq!(kind(read(|_| Err((403, "AccessDenied"))).await.0), FaultKind::Denied);
    let expired = read(|call| match call.operation.as_str() {
        "DescribeDBClusters" => Err((403, "ExpiredToken")),
        _ => answer(call, &instances(1), &[]),
    });
    assert_eq!(kind(expired.await.0), FaultKind::Expired);
    let circle = read(|call| match call.operation.as_str() {
        "DescribeDBInstances" => Ok(json!({"Marker": "again", "DBInstances": {"DBInstance": instances(1)}})),
        _ => Err((403, "AccessDenied")),
    });
    assert_eq!(kind(circle.await.0), FaultKind::Service);
}

#[tokio::test]
async fn odd_answers_are_read_as_far_as_they_go() {
    let (found, _) = read(|call| match call.operation.as_str() {
        "DescribeDBInstances" => Ok(json!({"DBInstances": {"DBInstance": [{}, {"DBInstanceIdentifier": "bare"}]}})),
        _ => answer(call, &[], &[]),
    })
    .await;
    let found = found.unwrap();
    assert_eq!(names(&found).1, ["bare"]);
    let reading = interpret(&Rds, &found, &metrics(&Rds.queries(&found), |_| silent()));
    assert_eq!((reading.severity, reading.headline.as_str()), (Severity::Unknown, "no status"));
}

#[tokio::test]
async fn only_what_belongs_is_read() {
    let (mut all, clusters) = aurora();
    all.extend(instances(2));
    let select = |names: &[&str], tagged: bool| Select {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        tags: if tagged { BTreeMap::from([("Environment".into(), "prod".into())]) } else { BTreeMap::new() },
        ..Select::default()
    };
    let cases = [
        (select(&["wallet*"], false), vec!["wallet"], vec!["wallet-1", "wallet-2"]),
        (select(&["wallet"], false), vec!["wallet"], vec!["wallet-1", "wallet-2"]),
        (select(&["*-2"], false), vec!["wallet"], vec!["wallet-2"]),
        (select(&["r000"], false), vec![], vec!["r000"]),
        (select(&[], true), vec!["wallet"], vec!["wallet-1", "wallet-2"]),
        (select(&["nothing"], false), vec![], vec![]),
    ];
    for (select, wanted_clusters, wanted_instances) in cases {
        let (all, clusters) = (all.clone(), clusters.clone());
        let (session, _) = session_selecting(select, move |call| match call.operation.as_str() {
            "GetResources" => Ok(json!({"ResourceTagMappingList": [{"ResourceARN": arn("cluster", "wallet")}]})),
            _ => answer(call, &all, &clusters),
        })
        .await;
        let found = Signal::inventory(&Rds, &session).await.unwrap();
        assert_eq!(names(&found), (wanted_clusters, wanted_instances));
    }
}
