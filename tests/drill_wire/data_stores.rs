//! RDS, ElastiCache and MSK through their SDK clients.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_elasticache::error::ProvideErrorMetadata as _;
use aws_sdk_rds::types::{Filter, SourceType};
use jiff::Timestamp;
use watchfloor::drill::accounts::Accounts;
use watchfloor::drill::estate;
use watchfloor::drill::wire::{Endpoint, Source};
use watchfloor::drill::world::EnvironmentWorld;
use watchfloor::drill::world::elasticache::{CacheEvent, CacheSource};
use watchfloor::drill::world::msk::MskOperation;
use watchfloor::drill::world::rds::{DbEvent, DbSource};

use crate::estate::{ago, now, sdk};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "sa-east-1";
const ESTATE: &str = r#"
name = "stores"
default_scenario = "calm"
[[environment]]
name = "prod"
tier = "production"
account = "111122223333"
region = "sa-east-1"
[tags]
Environment = "{env}"
[[rds.instance]]
each = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"]
id = "single-{each}"
engine = "postgres"
engine_version = "16.4"
class = "db.t4g.micro"
allocated_gb = 20
free_storage_gb = 12
usual = { cpu_percent = 20, connections = 20, freeable_memory_gb = 0.4 }
[[rds.instance]]
id = "main"
engine = "postgres"
engine_version = "16.4"
class = "db.r5.xlarge"
allocated_gb = 500
max_allocated_gb = 1000
free_storage_gb = 300
multi_az = true
backup_retention_days = 30
deletion_protection = true
usual = { cpu_percent = 20, connections = 20, freeable_memory_gb = 8 }
replica = [
  { id = "main-r2", lag_s = 0.2, usual = { cpu_percent = 9, connections = 9, freeable_memory_gb = 8 } },
  { id = "main-r1", lag_s = 0.2, usual = { cpu_percent = 9, connections = 9, freeable_memory_gb = 8 } },
]
[[rds.cluster]]
id = "wallet"
engine = "aurora-mysql"
engine_version = "8.0.mysql_aurora.3.08.2"
class = "db.serverless"
serverless = { min = 0.5, max = 64 }
writer = { cpu_percent = 30, connections = 100, freeable_memory_gb = 8 }
members = ["wallet-1", "wallet-2", "wallet-3"]
[[elasticache.group]]
each = ["g1", "g2"]
id = "{each}"
description = "Sessions <ünï>"
engine_version = "7.0.7"
node_type = "cache.r6g.large"
nodes = 12
automatic_failover = true
multi_az = true
engine_cpu_percent = 10
memory_percent = 50
connections = 100
reads_per_minute = 1000
[[msk.cluster]]
each = ["k1", "k2", "k3"]
name = "{each}"
kafka_version = "3.7.x"
broker_type = "kafka.m5.large"
brokers = 6
volume_gb = 1000
partitions = 600
cpu_percent = 20
disk_percent = 40
bytes_in_per_s = 1e6
"#;

struct Fixed(EnvironmentWorld);

impl Source for Fixed {
    fn read(&self, _account: &str, _region: &str, with: &mut dyn FnMut(&EnvironmentWorld, Timestamp)) {
        with(&self.0, now());
    }

    fn now(&self) -> Timestamp {
        now()
    }
}

fn world() -> EnvironmentWorld {
    let estate = estate::parse(ESTATE).unwrap();
    let mut world = estate::build::environment(&estate.environments[0], now());
    let arn = world.rds.clusters["wallet"].arn.clone();
    let event = |at, message: String| DbEvent {
        at,
        source: DbSource::Cluster,
        id: "wallet".into(),
        arn: arn.clone(),
        category: "failover",
        message,
    };
    world.rds.note(event(ago(200), "an old one".into()));
    (0..45).for_each(|n| world.rds.note(event(ago(50 - n), format!("event {n}"))));
    let arn = world.rds.instances["main"].arn.clone();
    let (source, id) = (DbSource::Instance, "main".to_owned());
    let message = "Allocated storage has been exhausted.".to_owned();
    world.rds.note(DbEvent { at: ago(2), source, id, arn, category: "low storage", message });
    for (source, id) in [(CacheSource::Group, "g1"), (CacheSource::Cluster, "g1-002")] {
        let message = "Failover from primary node g1-001 to replica node g1-002 completed".to_owned();
        world.elasticache.note(CacheEvent { at: ago(5), source, id: id.to_owned(), message });
    }
    let cluster = world.msk_clusters.get_mut("k2").unwrap();
    cluster.state = "HEALING".into();
    cluster.brokers[2].online = false;
    cluster.operations.push_front(MskOperation {
        arn: format!("{}/op", cluster.arn),
        kind: "HEAL_CLUSTER".into(),
        state: "UPDATE_IN_PROGRESS".into(),
        started: ago(3),
        ended: None,
    });
    world
}

fn here() -> SdkConfig {
    let endpoint = Endpoint::new(Fixed(world()), Accounts::new([ACCOUNT.to_owned()]));
    sdk(&Arc::new(endpoint), ACCOUNT, REGION)
}

#[tokio::test]
async fn db_instances_come_in_pages_with_their_values() {
    let client = aws_sdk_rds::Client::new(&here());
    for size in [20, 25, 100] {
        let mut pages = client.describe_db_instances().into_paginator().page_size(size).items().send();
        let mut ids = Vec::new();
        while let Some(instance) = pages.next().await {
            ids.push(instance.unwrap().db_instance_identifier.unwrap());
        }
        assert_eq!(ids.len(), 26, "by {size}");
        assert!(ids.is_sorted());
    }
    for size in [19, 101] {
        let error = client.describe_db_instances().max_records(size).send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterValue"), "{size}");
    }
    let error = client.describe_db_instances().marker("x").send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    let answer = client.describe_db_instances().db_instance_identifier("MAIN").send().await.unwrap();
    let main = &answer.db_instances()[0];
    assert_eq!(main.db_instance_class(), Some("db.r5.xlarge"));
    assert_eq!((main.engine(), main.engine_version()), (Some("postgres"), Some("16.4")));
    assert_eq!(
        (main.allocated_storage(), main.max_allocated_storage(), main.iops()),
        (Some(500), Some(1000), Some(12_000))
    );
    assert_eq!((main.multi_az(), main.storage_type()), (Some(true), Some("gp3")));
    assert_eq!(
        (main.availability_zone(), main.secondary_availability_zone()),
        (Some("sa-east-1a"), Some("sa-east-1b"))
    );
    assert_eq!((main.backup_retention_period(), main.deletion_protection()), (Some(30), Some(true)));
    assert_eq!((main.storage_encrypted(), main.db_instance_status()), (Some(true), Some("available")));
    assert!(main.endpoint().unwrap().address().unwrap().ends_with(".sa-east-1.rds.amazonaws.com"));
    assert_eq!(main.endpoint().unwrap().port(), Some(5432));
    assert_eq!(main.read_replica_db_instance_identifiers(), ["main-r1", "main-r2"]);
    assert_eq!(main.tag_list()[0].value(), Some("prod"));
    assert_eq!(main.db_parameter_groups()[0].db_parameter_group_name(), Some("default.postgres16"));
    assert!(main.instance_create_time().unwrap().secs() < now().as_second());
    let replica = client.describe_db_instances().db_instance_identifier("main-r1").send().await.unwrap();
    let replica = &replica.db_instances()[0];
    assert_eq!(replica.read_replica_source_db_instance_identifier(), Some("main"));
    assert_eq!(replica.status_infos()[0].status(), Some("replicating"));
    let error = client.describe_db_instances().db_instance_identifier("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_db_instance_not_found_fault());
}

#[tokio::test]
async fn aurora_clusters_and_their_members() {
    let client = aws_sdk_rds::Client::new(&here());
    let answer = client.describe_db_clusters().send().await.unwrap();
    let cluster = &answer.db_clusters()[0];
    assert_eq!(cluster.db_cluster_identifier(), Some("wallet"));
    assert_eq!((cluster.status(), cluster.port()), (Some("available"), Some(3306)));
    let writers: Vec<_> = cluster.db_cluster_members().iter().filter_map(|member| member.is_cluster_writer()).collect();
    assert_eq!(writers, [true, false, false]);
    let bounds = cluster.serverless_v2_scaling_configuration().unwrap();
    assert_eq!((bounds.min_capacity(), bounds.max_capacity()), (Some(0.5), Some(64.0)));
    assert_eq!(cluster.availability_zones(), ["sa-east-1a", "sa-east-1b", "sa-east-1c"]);
    assert!(cluster.endpoint().unwrap().starts_with("wallet.cluster-"));
    assert!(cluster.reader_endpoint().unwrap().starts_with("wallet.cluster-ro-"));
    let filter = |value: &str| Filter::builder().name("db-cluster-id").values(value).build();
    for value in ["wallet", cluster.db_cluster_arn().unwrap()] {
        let members = client.describe_db_instances().filters(filter(value)).send().await.unwrap();
        assert_eq!(members.db_instances().len(), 3, "{value}");
        assert!(members.db_instances().iter().all(|member| member.db_cluster_identifier() == Some("wallet")));
    }
    let unknown = Filter::builder().name("colour").values("red").build();
    let error = client.describe_db_instances().filters(unknown).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    let error = client.describe_db_clusters().db_cluster_identifier("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_db_cluster_not_found_fault());
    let endpoints = client.describe_db_cluster_endpoints().db_cluster_identifier("wallet").send().await.unwrap();
    let kinds: Vec<_> = endpoints.db_cluster_endpoints().iter().filter_map(|one| one.endpoint_type()).collect();
    assert_eq!(kinds, ["WRITER", "READER"]);
    assert!(
        client.describe_pending_maintenance_actions().send().await.unwrap().pending_maintenance_actions().is_empty()
    );
    let tags = client.list_tags_for_resource().resource_name(cluster.db_cluster_arn().unwrap()).send().await.unwrap();
    assert_eq!(tags.tag_list()[0].key(), Some("Environment"));
    let error = client.list_tags_for_resource().resource_name("arn:aws:rds:r:1:db:none").send().await.unwrap_err();
    assert!(error.into_service_error().is_db_instance_not_found_fault());
    let error = client.failover_db_cluster().db_cluster_identifier("wallet").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDenied"), "nothing is changed yet");
}

#[tokio::test]
async fn events_of_databases_by_time_and_source() {
    use aws_sdk_rds::primitives::DateTime;
    let client = aws_sdk_rds::Client::new(&here());
    let time = |at: Timestamp| DateTime::from_millis(at.as_millisecond());
    let mut pages = client.describe_events().into_paginator().page_size(20).items().send();
    let mut found = Vec::new();
    while let Some(event) = pages.next().await {
        found.push(event.unwrap());
    }
    assert_eq!(found.len(), 46, "those of the last hour");
    assert!(found.is_sorted_by_key(|event| event.date().unwrap().secs()));
    let newest = found.last().unwrap();
    assert_eq!(newest.source_type(), Some(&SourceType::DbInstance));
    assert_eq!(newest.event_categories(), ["low storage"]);
    let long = client.describe_events().duration(300).send().await.unwrap();
    assert_eq!(long.events()[0].message(), Some("an old one"));
    let few = client.describe_events().start_time(time(ago(20))).end_time(time(ago(18))).send().await.unwrap();
    assert_eq!(few.events().len(), 3);
    let of = client.describe_events().source_type(SourceType::DbInstance).source_identifier("main").send().await;
    assert_eq!(of.unwrap().events().len(), 1);
    let error = client.describe_events().source_identifier("main").send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterCombination"));
}

#[tokio::test]
async fn replication_groups_and_cache_clusters() {
    let client = aws_sdk_elasticache::Client::new(&here());
    let groups = client.describe_replication_groups().send().await.unwrap();
    assert_eq!(groups.replication_groups().len(), 2);
    let group = &groups.replication_groups()[0];
    assert_eq!((group.status(), group.description()), (Some("available"), Some("Sessions <ünï>")));
    assert_eq!(group.automatic_failover().unwrap().as_str(), "enabled");
    assert_eq!(group.member_clusters().len(), 12);
    let members = group.node_groups()[0].node_group_members();
    let roles: Vec<_> = members.iter().filter_map(|member| member.current_role()).collect();
    assert_eq!((roles[0], roles[1], roles.len()), ("primary", "replica", 12));
    let mut pages =
        client.describe_cache_clusters().show_cache_node_info(true).into_paginator().page_size(20).items().send();
    let mut count = 0;
    while let Some(cluster) = pages.next().await {
        let cluster = cluster.unwrap();
        assert_eq!(cluster.cache_nodes()[0].cache_node_status(), Some("available"));
        assert_eq!(cluster.engine_version(), Some("7.0.7"));
        count += 1;
    }
    assert_eq!(count, 24);
    let plain = client.describe_cache_clusters().cache_cluster_id("g1-001").send().await.unwrap();
    assert!(plain.cache_clusters()[0].cache_nodes().is_empty(), "nodes only where they are asked for");
    let alone = client.describe_cache_clusters().show_cache_clusters_not_in_replication_groups(true).send().await;
    assert!(alone.unwrap().cache_clusters().is_empty());
    assert!(client.describe_serverless_caches().send().await.unwrap().serverless_caches().is_empty());
    let error = client.describe_cache_clusters().cache_cluster_id("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_cache_cluster_not_found_fault());
    let error = client.describe_replication_groups().replication_group_id("none").send().await.unwrap_err();
    assert!(error.into_service_error().is_replication_group_not_found_fault());
    let events = client.describe_events().duration(30).send().await.unwrap();
    assert_eq!(events.events().len(), 2);
    assert_eq!(events.events()[0].source_type().unwrap().as_str(), "replication-group");
    let tags = client.list_tags_for_resource().resource_name(group.arn().unwrap()).send().await.unwrap();
    assert_eq!(tags.tag_list()[0].value(), Some("prod"));
}

#[tokio::test]
async fn kafka_clusters_and_brokers() {
    let client = aws_sdk_kafka::Client::new(&here());
    for size in [1, 2, 100] {
        let mut pages = client.list_clusters_v2().into_paginator().page_size(size).items().send();
        let mut names = Vec::new();
        while let Some(cluster) = pages.next().await {
            names.push(cluster.unwrap().cluster_name.unwrap());
        }
        assert_eq!(names, ["k1", "k2", "k3"], "by {size}");
    }
    let one = client.list_clusters_v2().cluster_name_filter("k2").send().await.unwrap();
    let listed = &one.cluster_info_list()[0];
    let arn = listed.cluster_arn().unwrap();
    let described = client.describe_cluster_v2().cluster_arn(arn).send().await.unwrap().cluster_info.unwrap();
    assert_eq!(described.state().unwrap().as_str(), "HEALING");
    let provisioned = described.provisioned().unwrap();
    assert_eq!(provisioned.number_of_broker_nodes(), Some(6));
    let nodes = provisioned.broker_node_group_info().unwrap();
    assert_eq!(nodes.instance_type(), Some("kafka.m5.large"));
    assert_eq!(nodes.storage_info().unwrap().ebs_storage_info().unwrap().volume_size(), Some(1000));
    let old = client.describe_cluster().cluster_arn(arn).send().await.unwrap().cluster_info.unwrap();
    assert_eq!((old.cluster_name(), old.number_of_broker_nodes()), (Some("k2"), Some(6)));
    assert_eq!(client.list_clusters().send().await.unwrap().cluster_info_list().len(), 3);
    let mut pages = client.list_nodes().cluster_arn(arn).into_paginator().page_size(2).items().send();
    let mut ids = Vec::new();
    while let Some(node) = pages.next().await {
        ids.push(node.unwrap().broker_node_info().unwrap().broker_id().unwrap());
    }
    assert_eq!(ids, [1.0, 2.0, 4.0, 5.0, 6.0], "the lost broker is not listed");
    let operations = client.list_cluster_operations_v2().cluster_arn(arn).send().await.unwrap();
    let operation = &operations.cluster_operation_info_list()[0];
    assert_eq!(operation.operation_state(), Some("UPDATE_IN_PROGRESS"));
    assert_eq!(operation.start_time().unwrap().to_millis().unwrap(), ago(3).as_millisecond());
    assert_eq!(described.active_operation_arn(), operation.operation_arn());
    let tags = client.list_tags_for_resource().resource_arn(arn).send().await.unwrap();
    assert_eq!(tags.tags().unwrap()["Environment"], "prod");
    let none = format!("{arn}x");
    let error = client.describe_cluster_v2().cluster_arn(none).send().await.unwrap_err();
    assert!(error.into_service_error().is_not_found_exception());
    let error = client.describe_cluster_v2().cluster_arn("k2").send().await.unwrap_err();
    assert!(error.into_service_error().is_bad_request_exception());
}
