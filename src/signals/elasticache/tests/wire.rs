//! Inventories through the real SDK client.

use serde_json::{Value, json};

use crate::config::Select;
use crate::model::{Fault, FaultKind, Severity};
use crate::signals::Signal;
use crate::signals::elasticache::ElastiCache;
use crate::signals::elasticache::cache::{Inventory, Role};
use crate::signals::testing::wire::{Answer, BOUNDARIES, Call, page, pages, session, session_selecting};
use crate::signals::testing::{interpret, metrics, silent};

fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:elasticache:us-east-1:111122223333:{kind}:{name}")
}

fn cluster(name: &str, more: &Value) -> Value {
    let mut cluster = json!({"CacheClusterId": name, "ARN": arn("cluster", name), "CacheClusterStatus": "available",
        "Engine": "redis", "EngineVersion": "7.0.7", "CacheNodeType": "cache.r5.large", "NumCacheNodes": 1,
        "CacheNodes": {"CacheNode": [{"CacheNodeId": "0001", "CacheNodeStatus": "available"}]}});
    cluster.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    cluster
}

/// A group of a primary and a replica, and its cache clusters.
fn redis() -> (Vec<Value>, Vec<Value>) {
    let member = |name: &str| cluster(name, &json!({"ReplicationGroupId": "uex"}));
    let group = json!({"ReplicationGroupId": "uex", "ARN": arn("replicationgroup", "uex"), "Status": "available",
        "MemberClusters": {"ClusterId": ["uex-001", "uex-002"]}, "AutomaticFailover": "enabled", "MultiAZ": "enabled",
        "ClusterEnabled": false, "CacheNodeType": "cache.r5.large", "SnapshotRetentionLimit": 7,
        "PendingModifiedValues": {"PrimaryClusterId": "uex-002"},
        "NodeGroups": {"NodeGroup": [{"NodeGroupId": "0001", "Status": "available",
            "PrimaryEndpoint": {"Address": "uex.example.com", "Port": 6379},
            "NodeGroupMembers": {"NodeGroupMember": [
                {"CacheClusterId": "uex-001", "CacheNodeId": "0001", "CurrentRole": "primary"},
                {"CacheClusterId": "uex-002", "CacheNodeId": "0001", "CurrentRole": "replica"}]}}]}});
    (vec![group], vec![member("uex-002"), member("uex-001")])
}

fn list(call: &Call, list: &str, item: &str, all: &[Value]) -> Answer {
    assert_eq!(call.get("MaxRecords").as_deref(), Some("100"));
    let (items, marker) = page(all, 100, call.get("Marker").as_deref());
    let mut answer = json!({"Marker": marker});
    answer[list] = json!({item: items});
    Ok(answer)
}

fn serverless(count: usize) -> Vec<Value> {
    let cache = |index| {
        json!({"ServerlessCacheName": format!("s{index:03}"), "ARN": arn("serverlesscache", "s"), "Status": "available",
            "Engine": "valkey", "MajorEngineVersion": "8", "CacheUsageLimits": {"DataStorage": {"Maximum": 10, "Unit": "GB"},
            "ECPUPerSecond": {"Maximum": 5000}}})
    };
    (0..count).map(cache).collect()
}

fn answer(call: &Call, groups: &[Value], clusters: &[Value], caches: &[Value]) -> Answer {
    match call.operation.as_str() {
        "DescribeReplicationGroups" => list(call, "ReplicationGroups", "ReplicationGroup", groups),
        "DescribeCacheClusters" => {
            assert_eq!(call.get("ShowCacheNodeInfo").as_deref(), Some("true"));
            list(call, "CacheClusters", "CacheCluster", clusters)
        }
        "DescribeServerlessCaches" => {
            assert_eq!(call.get("MaxResults").as_deref(), Some("50"));
            let (items, token) = page(caches, 50, call.get("NextToken").as_deref());
            Ok(json!({"NextToken": token, "ServerlessCaches": {"member": items}}))
        }
        other => panic!("asked for {other}"),
    }
}

fn clusters(count: usize) -> Vec<Value> {
    (0..count).map(|index| cluster(&format!("m{index:03}"), &json!({"Engine": "memcached"}))).collect()
}

async fn read(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (Result<Inventory, Fault>, usize) {
    let (session, calls) = session(answer).await;
    (Signal::inventory(&ElastiCache, &session).await, calls.all().len())
}

fn names(inventory: &Inventory) -> (Vec<&str>, Vec<&str>) {
    (
        inventory.groups.iter().map(|group| group.name.as_str()).collect(),
        inventory.clusters.iter().map(|cluster| cluster.name.as_str()).collect(),
    )
}

#[tokio::test]
async fn every_page_is_read_once() {
    for &count in BOUNDARIES.iter().chain(&[250]) {
        let (found, calls) = read(move |call| answer(call, &[], &clusters(count), &serverless(count))).await;
        let found = found.unwrap();
        assert_eq!((found.clusters.len(), found.serverless.len()), (count, count));
        assert!(found.clusters.is_sorted_by_key(|cluster| cluster.name.clone()));
        assert_eq!(calls, 1 + pages(count, 100) + pages(count, 50));
    }
}

#[tokio::test]
async fn members_have_their_groups_role() {
    let (groups, clusters) = redis();
    let (found, _) = read(move |call| answer(call, &groups, &clusters, &[])).await;
    let found = found.unwrap();
    let seen: Vec<_> = found.clusters.iter().map(|c| (c.name.as_str(), c.role)).collect();
    assert_eq!(seen, [("uex-001", Role::Primary), ("uex-002", Role::Replica)]);
    assert_eq!(found.groups[0].nodes_ok, Some(2));
    let state = found.groups[0].state.as_ref().unwrap();
    assert_eq!((state.endpoint.as_str(), state.snapshot_days), ("uex.example.com:6379", Some(7)));
    assert_eq!((state.promoting.as_str(), &state.pending[..]), ("uex-002", &["primary uex-002".into()][..]));
}

#[tokio::test]
async fn cluster_mode_does_not_tell_roles() {
    let shard = |name: &str, members: &[&str]| {
        let members: Vec<Value> =
            members.iter().map(|id| json!({"CacheClusterId": id, "CacheNodeId": "0001"})).collect();
        json!({"NodeGroupId": name, "Status": "available", "NodeGroupMembers": {"NodeGroupMember": members}})
    };
    let group = json!({"ReplicationGroupId": "g", "Status": "available", "ClusterEnabled": true,
        "NodeGroups": {"NodeGroup": [shard("0001", &["a", "b"]), shard("0002", &["c"])]}});
    let (found, _) = read(move |call| {
        let all = ["a", "b", "c"].map(|id| cluster(id, &json!({"ReplicationGroupId": "g"})));
        answer(call, std::slice::from_ref(&group), &all, &[])
    })
    .await;
    let roles: Vec<Role> = found.unwrap().clusters.iter().map(|cluster| cluster.role).collect();
    assert_eq!(roles, [Role::Member, Role::Member, Role::Single]);
}

#[tokio::test]
async fn a_denied_list_leaves_the_other() {
    let (groups, clusters) = redis();
    for denied in ["DescribeReplicationGroups", "DescribeCacheClusters"] {
        let (groups, clusters) = (groups.clone(), clusters.clone());
        let (found, _) = read(move |call| {
            if call.operation == denied { Err((403, "AccessDenied")) } else { answer(call, &groups, &clusters, &[]) }
        })
        .await;
        let found = found.unwrap();
        assert_eq!(names(&found), (vec!["uex"], vec!["uex-001", "uex-002"]), "{denied}");
        let unread = found.groups[0].state.is_none() || found.clusters.iter().all(|c| c.state.is_none());
        assert!(unread && found.groups[0].nodes_ok.is_none() != found.groups[0].state.is_none());
        let reading = interpret(&ElastiCache, &found, &metrics(&ElastiCache.queries(&found), |_| silent()));
        assert!(reading.resources.iter().any(|resource| resource.severity == Severity::Unknown), "{denied}");
        assert!(reading.severity >= Severity::Unknown, "{denied}");
        assert_eq!(reading.fault.unwrap().kind, FaultKind::Denied);
    }
}

#[tokio::test]
async fn serverless_caches_never_hurt_the_rest() {
    for (error, fault) in [
        ((403, "AccessDenied"), Some(FaultKind::Denied)),
        ((400, "InvalidAction"), None),
        ((501, "NotImplemented"), None),
    ] {
        let (found, _) = read(move |call| match call.operation.as_str() {
            "DescribeServerlessCaches" => Err(error),
            _ => answer(call, &[], &clusters(1), &[]),
        })
        .await;
        let found = found.unwrap();
        assert_eq!((found.clusters.len(), found.fault.map(|fault| fault.kind)), (1, fault));
    }
}

#[tokio::test]
async fn what_fails_for_good_is_a_fault() {
    let denied = read(|_| Err((403, "AccessDenied"))).await.0;
    assert_eq!(denied.unwrap_err().kind, FaultKind::Denied);
    let circle = read(|_| Ok(json!({"Marker": "again", "NextToken": "again"}))).await.0;
    assert_eq!(circle.unwrap_err().kind, FaultKind::Service);
}

#[tokio::test]
async fn a_lost_node_shows_in_its_group() {
    let (groups, mut clusters) = redis();
    clusters[0]["CacheClusterStatus"] = json!("rebooting cluster nodes");
    clusters[0]["CacheNodes"]["CacheNode"][0]["CacheNodeStatus"] = json!("rebooting");
    let (found, _) = read(move |call| answer(call, &groups, &clusters, &[])).await;
    assert_eq!(found.unwrap().groups[0].nodes_ok, Some(1));
}

#[tokio::test]
async fn a_node_that_nobody_describes_is_not_a_lost_one() {
    let (groups, mut clusters) = redis();
    clusters.remove(0);
    let (found, _) = read(move |call| answer(call, &groups, &clusters, &[])).await;
    let found = found.unwrap();
    assert_eq!(found.groups[0].nodes_ok, None);
    assert!(found.clusters.iter().any(|node| node.state.is_none() && node.group.is_some()));
}

#[tokio::test]
async fn only_what_belongs_is_read() {
    let (groups, mut all) = redis();
    all.extend(clusters(2));
    for (glob, wanted_groups, wanted_clusters) in [
        ("uex*", vec!["uex"], vec!["uex-001", "uex-002"]),
        ("uex", vec!["uex"], vec!["uex-001", "uex-002"]),
        ("m001", vec![], vec!["m001"]),
    ] {
        let (groups, all) = (groups.clone(), all.clone());
        let select = Select { names: vec![glob.to_owned()], ..Select::default() };
        let (session, _) = session_selecting(select, move |call| answer(call, &groups, &all, &[])).await;
        let found = Signal::inventory(&ElastiCache, &session).await.unwrap();
        assert_eq!(names(&found), (wanted_groups, wanted_clusters));
    }
}
