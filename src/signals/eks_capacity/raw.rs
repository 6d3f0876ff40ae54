//! What AWS says of a node group or a cluster.

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::charts::spec::text;
use crate::signals::raw::{Raw, raw};

/// DescribeNodegroup or DescribeCluster.
pub async fn ask(session: &Session, resource: &Resource) -> Vec<Raw> {
    let client = session.eks();
    let Some(cluster) = text(resource, "cluster") else {
        return vec![raw!(session, "DescribeCluster", client.describe_cluster().name(&*resource.name)).await];
    };
    // A node group stands under the name of its cluster and its own.
    let group = resource.name.strip_prefix(cluster).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&resource.name);
    let request = client.describe_nodegroup().cluster_name(cluster).nodegroup_name(group);
    vec![raw!(session, "DescribeNodegroup", request).await]
}
