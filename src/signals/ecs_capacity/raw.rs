//! What AWS says of a service and its task definition, or a cluster.

use futures_util::join;

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::charts::spec::text;
use crate::signals::raw::{Raw, raw};

/// DescribeServices and DescribeTaskDefinition, or DescribeClusters.
pub async fn ask(session: &Session, resource: &Resource) -> Vec<Raw> {
    let client = session.ecs();
    if resource.arn.contains(":cluster/") {
        return vec![raw!(session, "DescribeClusters", client.describe_clusters().clusters(&*resource.arn)).await];
    }
    let service = if resource.arn.is_empty() { &*resource.name } else { &*resource.arn };
    let request = client.describe_services().services(service);
    let request = request.set_cluster(text(resource, "cluster").map(str::to_owned));
    let service = raw!(session, "DescribeServices", request);
    let Some(definition) = text(resource, "task_definition") else { return vec![service.await] };
    let request = client.describe_task_definition().task_definition(definition);
    let (service, definition) = join!(service, raw!(session, "DescribeTaskDefinition", request));
    vec![service, definition]
}
