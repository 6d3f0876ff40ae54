//! ListClusters and DescribeClusters.

use winterbaume_ecs::model::{
    Cluster as ClusterOutput, ClusterSetting, DescribeClustersResponse, ListClustersResponse,
};

use super::super::{Ask, Reply, reply};
use super::{MAX_PAGE, includes, invalid, missing, page, short, tag_list};
use crate::drill::world::ecs::{Cluster, Service};

pub(super) fn list(ask: &Ask<'_>) -> Reply {
    let arns = ask.world.clusters.values().map(|cluster| cluster.arn.clone()).collect();
    let (cluster_arns, next_token) = page(ask, arns, MAX_PAGE, "")?;
    reply(&ListClustersResponse { cluster_arns: Some(cluster_arns), next_token })
}

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let mut names = ask.input.texts("clusters");
    if names.len() > MAX_PAGE {
        return Err(invalid("Clusters cannot have more than 100 elements."));
    }
    if names.is_empty() {
        names.push("default");
    }
    let (mut clusters, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match ask.world.clusters.get(short(name)) {
            Some(cluster) => clusters.push(output(ask, cluster)),
            None => {
                let (region, account) = (&ask.world.region, &ask.world.account);
                failures.push(missing(format!("arn:aws:ecs:{region}:{account}:cluster/{}", short(name))));
            }
        }
    }
    reply(&DescribeClustersResponse { clusters: Some(clusters), failures: Some(failures) })
}

fn output(ask: &Ask<'_>, cluster: &Cluster) -> ClusterOutput {
    let sum = |count: fn(&Service) -> u32| i32::try_from(cluster.services.values().map(count).sum::<u32>()).ok();
    let insights = ClusterSetting {
        name: Some("containerInsights".to_owned()),
        value: Some(if cluster.container_insights { "enabled" } else { "disabled" }.to_owned()),
    };
    ClusterOutput {
        active_services_count: i32::try_from(cluster.services.len()).ok(),
        capacity_providers: Some(vec!["FARGATE".to_owned(), "FARGATE_SPOT".to_owned()]),
        cluster_arn: Some(cluster.arn.clone()),
        cluster_name: Some(cluster.name.clone()),
        pending_tasks_count: sum(Service::pending),
        registered_container_instances_count: Some(0),
        running_tasks_count: sum(Service::running),
        settings: Some(if includes(ask, "SETTINGS") { vec![insights] } else { Vec::new() }),
        status: Some("ACTIVE".to_owned()),
        tags: Some(if includes(ask, "TAGS") { tag_list(&cluster.tags) } else { Vec::new() }),
        ..ClusterOutput::default()
    }
}
