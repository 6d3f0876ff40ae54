//! RDS: DB instances, Aurora clusters, events and tags.

use winterbaume_rds::model::{PendingMaintenanceActions, PendingMaintenanceActionsMessage, TagListMessage};

use super::{Ask, Edit, Reply, reply};

mod clusters;
mod events;
mod failover;
mod instances;
mod parts;

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "FailoverDBCluster" => failover::cluster(edit),
        _ => Err(edit.unknown()),
    }
}

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "DescribeDBInstances" => instances::describe(ask),
        "DescribeDBClusters" => clusters::describe(ask),
        "DescribeDBClusterEndpoints" => clusters::endpoints(ask),
        "DescribeEvents" => events::describe(ask),
        "DescribePendingMaintenanceActions" => {
            let none = PendingMaintenanceActions::default();
            reply(&PendingMaintenanceActionsMessage { marker: None, pending_maintenance_actions: Some(none) })
        }
        "ListTagsForResource" => {
            let arn = ask.input.text("ResourceName").unwrap_or_default();
            let rds = &ask.world.rds;
            let instance = rds.instances.values().find(|instance| instance.arn == arn).map(|found| &found.tags);
            let cluster = rds.clusters.values().find(|cluster| cluster.arn == arn).map(|found| &found.tags);
            let tags = instance.or(cluster).ok_or_else(|| parts::nothing_at(arn))?;
            reply(&TagListMessage { tag_list: Some(parts::tags(tags)) })
        }
        _ => Err(ask.unknown()),
    }
}
