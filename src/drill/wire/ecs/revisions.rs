//! DescribeServiceRevisions.

use winterbaume_ecs::model::{ContainerImage, DescribeServiceRevisionsResponse, ServiceRevision};

use super::super::{Ask, Reply, epoch, reply};
use super::{batch, deployments, missing, short};
use crate::drill::world::ecs::Service;
use crate::drill::world::service_deployment::ServiceDeployment;

/// Revisions of a batch.
const BATCH: usize = 20;

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let arns = batch(ask, "serviceRevisionArns", "Service revision ARNs", BATCH)?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for asked in arns {
        let services = ask.world.clusters.values().flat_map(|cluster| cluster.services.values());
        let mut all = services.flat_map(|service| service.history.iter().map(move |one| (service, one)));
        match all.find(|(service, one)| deployments::revision_arn(service, &one.id) == asked) {
            Some((service, one)) => found.push(output(ask, service, one)),
            None => failures.push(missing(asked.to_owned())),
        }
    }
    reply(&DescribeServiceRevisionsResponse { failures: Some(failures), service_revisions: Some(found) })
}

fn output(ask: &Ask<'_>, service: &Service, one: &ServiceDeployment) -> ServiceRevision {
    let definition = ask.world.task_definitions.get(short(&one.task_definition));
    let images = definition.into_iter().flat_map(|definition| &definition.containers).map(|container| ContainerImage {
        container_name: Some(container.name.clone()),
        image: Some(container.image.clone()),
        image_digest: None,
    });
    ServiceRevision {
        cluster_arn: Some(service.cluster_arn.clone()),
        container_images: Some(images.collect()),
        created_at: Some(epoch(one.created)),
        launch_type: Some("FARGATE".to_owned()),
        platform_family: Some("Linux".to_owned()),
        platform_version: Some("1.4.0".to_owned()),
        service_arn: Some(service.arn.clone()),
        service_revision_arn: Some(deployments::revision_arn(service, &one.id)),
        task_definition: Some(one.task_definition.clone()),
        ..ServiceRevision::default()
    }
}
