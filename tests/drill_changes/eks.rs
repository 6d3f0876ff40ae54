use aws_sdk_eks::Client;
use aws_sdk_eks::error::ProvideErrorMetadata;
use aws_sdk_eks::types::{Nodegroup, NodegroupScalingConfig};

use crate::rig::Rig;

const CLUSTER: &str = "wallet-production";
const GROUP: &str = "wallet-production-workers";

fn sizes(min: i32, desired: i32, max: i32) -> NodegroupScalingConfig {
    NodegroupScalingConfig::builder().min_size(min).desired_size(desired).max_size(max).build()
}

async fn group(client: &Client) -> Nodegroup {
    let describe = client.describe_nodegroup().cluster_name(CLUSTER).nodegroup_name(GROUP);
    describe.send().await.unwrap().nodegroup.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_larger_node_group_ends_the_incident_of_full_nodes() {
    let rig = Rig::new("wallet-eks", "nodes-full", 15);
    let client = Client::new(&rig.sdk("production"));
    let pods = "wallet-production-P2-unschedulable-pods".to_owned();
    assert!(rig.alarms("production").contains(&pods), "{:?}", rig.alarms("production"));
    let before = group(&client).await.scaling_config.unwrap();
    let update = || client.update_nodegroup_config().cluster_name(CLUSTER).nodegroup_name(GROUP);
    let ask = || update().scaling_config(sizes(before.min_size().unwrap(), 30, 50)).client_request_token("once");
    let first = ask().send().await.unwrap().update.unwrap();
    assert_eq!(first.status().unwrap().as_str(), "InProgress");
    let second = ask().send().await.unwrap().update.unwrap();
    assert_eq!(second.id(), first.id(), "the same token is the same update");
    let busy = update().scaling_config(sizes(1, 31, 50)).client_request_token("twice").send().await.unwrap_err();
    assert_eq!(busy.code(), Some("ResourceInUseException"));
    let now = group(&client).await;
    assert_eq!(now.status().unwrap().as_str(), "UPDATING");
    assert_eq!(now.scaling_config().unwrap().desired_size(), Some(30));
    rig.minutes(2).await;
    let describe = client.describe_update().name(CLUSTER).nodegroup_name(GROUP).update_id(first.id().unwrap());
    assert_eq!(describe.send().await.unwrap().update().unwrap().status().unwrap().as_str(), "Successful");
    let listed = client.list_updates().name(CLUSTER).nodegroup_name(GROUP).send().await.unwrap();
    assert_eq!(listed.update_ids()[0], first.id().unwrap());
    assert_eq!(group(&client).await.status().unwrap().as_str(), "ACTIVE");
    rig.minutes(30).await;
    assert!(!rig.alarms("production").contains(&pods), "{:?}", rig.alarms("production"));
    assert_eq!(rig.sent("UpdateNodegroupConfig"), 3);
}

#[tokio::test(start_paused = true)]
async fn sizes_outside_their_bounds_are_refused() {
    let rig = Rig::new("wallet-eks", "calm", 5);
    let client = Client::new(&rig.sdk("production"));
    let before = group(&client).await.scaling_config.unwrap();
    let update = || client.update_nodegroup_config().cluster_name(CLUSTER).nodegroup_name(GROUP);
    for bad in [sizes(2, 11, 10), sizes(5, 4, 10), sizes(9, 9, 8), sizes(-1, 1, 2), sizes(0, 0, 0)] {
        let error = update().scaling_config(bad.clone()).send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterException"), "{bad:?}");
    }
    let none = update().send().await.unwrap_err();
    assert_eq!(none.code(), Some("InvalidParameterException"));
    let missing = client.update_nodegroup_config().cluster_name(CLUSTER).nodegroup_name("x");
    assert_eq!(
        missing.scaling_config(sizes(1, 1, 1)).send().await.unwrap_err().code(),
        Some("ResourceNotFoundException")
    );
    assert_eq!(group(&client).await.scaling_config.unwrap(), before);
}
