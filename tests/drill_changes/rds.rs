use aws_sdk_rds::Client;
use aws_sdk_rds::error::ProvideErrorMetadata;
use aws_sdk_rds::types::{DbCluster, SourceType};

use crate::rig::Rig;

const CLUSTER: &str = "wallet-production";

async fn cluster(client: &Client) -> DbCluster {
    let describe = client.describe_db_clusters().db_cluster_identifier(CLUSTER);
    describe.send().await.unwrap().db_clusters()[0].clone()
}

fn members(cluster: &DbCluster, writes: bool) -> Vec<String> {
    let ours = cluster.db_cluster_members().iter().filter(|member| member.is_cluster_writer() == Some(writes));
    ours.map(|member| member.db_instance_identifier().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_failover_ends_the_incident_of_a_slow_writer() {
    let rig = Rig::new("wallet-ecs", "aurora-writer", 8);
    let client = Client::new(&rig.sdk("production"));
    let latency = "wallet-production-P2-aurora-write-latency".to_owned();
    assert!(rig.alarms("production").contains(&latency), "{:?}", rig.alarms("production"));
    let before = cluster(&client).await;
    let (writer, reader) = (members(&before, true).remove(0), members(&before, false).remove(0));
    let failover = || client.failover_db_cluster().db_cluster_identifier(CLUSTER);
    let error = failover().target_db_instance_identifier(&writer).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidDBInstanceState"));
    let answer = failover().target_db_instance_identifier(&reader).send().await.unwrap();
    assert_eq!(answer.db_cluster().unwrap().db_cluster_identifier(), Some(CLUSTER));
    let again = failover().send().await.unwrap_err();
    assert_eq!(again.code(), Some("InvalidDBClusterStateFault"));
    rig.seconds(15).await;
    assert_eq!(cluster(&client).await.status(), Some("failing-over"));
    rig.seconds(125).await;
    let after = cluster(&client).await;
    assert_eq!((after.status(), members(&after, true)), (Some("available"), vec![reader.clone()]));
    let events = client.describe_events().source_type(SourceType::DbCluster).source_identifier(CLUSTER);
    let events = events.send().await.unwrap();
    let told: Vec<&str> = events.events().iter().filter_map(|event| event.message()).collect();
    assert!(told.iter().any(|text| text.contains("Started")) && told.iter().any(|text| text.contains("Completed")));
    rig.minutes(30).await;
    assert_eq!(rig.alarms("production"), Vec::<String>::new());
    assert_eq!(members(&cluster(&client).await, true), [reader], "nobody fails over a second time");
    assert_eq!(rig.sent("FailoverDBCluster"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_is_not_there_is_refused() {
    let rig = Rig::new("wallet-ecs", "calm", 5);
    let client = Client::new(&rig.sdk("production"));
    let error = client.failover_db_cluster().db_cluster_identifier("nobody").send().await.unwrap_err();
    assert_eq!(error.code(), Some("DBClusterNotFoundFault"));
    let before = members(&cluster(&client).await, true);
    client.failover_db_cluster().db_cluster_identifier(CLUSTER).send().await.unwrap();
    rig.minutes(3).await;
    assert_ne!(members(&cluster(&client).await, true), before, "without a target the first reader takes over");
}
