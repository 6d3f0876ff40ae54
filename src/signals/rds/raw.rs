//! What AWS says of a database instance or a cluster.

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::raw::{Raw, raw};

/// DescribeDBInstances or DescribeDBClusters.
pub async fn ask(session: &Session, database: &Resource) -> Vec<Raw> {
    let (client, name) = (session.rds(), &*database.name);
    let raw = if database.arn.contains(":cluster:") {
        raw!(session, "DescribeDBClusters", client.describe_db_clusters().db_cluster_identifier(name)).await
    } else {
        raw!(session, "DescribeDBInstances", client.describe_db_instances().db_instance_identifier(name)).await
    };
    vec![raw]
}
