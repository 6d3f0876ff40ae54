//! What AWS says of a replication group, a cache cluster with its nodes, or a serverless cache.

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::charts::spec::text;
use crate::signals::raw::{Raw, raw};

/// DescribeReplicationGroups, DescribeCacheClusters or DescribeServerlessCaches.
pub async fn ask(session: &Session, cache: &Resource) -> Vec<Raw> {
    let (client, name) = (session.elasticache(), &*cache.name);
    let raw = match text(cache, "kind") {
        Some("serverless cache") => {
            let request = client.describe_serverless_caches().serverless_cache_name(name);
            raw!(session, "DescribeServerlessCaches", request).await
        }
        Some("node" | "cluster") => {
            let request = client.describe_cache_clusters().cache_cluster_id(name).show_cache_node_info(true);
            raw!(session, "DescribeCacheClusters", request).await
        }
        _ => {
            let request = client.describe_replication_groups().replication_group_id(name);
            raw!(session, "DescribeReplicationGroups", request).await
        }
    };
    vec![raw]
}
