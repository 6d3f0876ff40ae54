//! What operators asked for and takes its time: tables and node groups that are updated, scheduled actions, and
//! autoscalers that come back to what they want.

use jiff::Timestamp;

use crate::drill::world::EnvironmentWorld;
use crate::drill::world::autoscaling::ScheduledAction;

/// Goes on to what is due at `now`.
pub fn settle(world: &mut EnvironmentWorld, now: Timestamp) {
    for table in world.tables.values_mut() {
        table.settle(now);
    }
    for group in world.eks_clusters.values_mut().flat_map(|cluster| cluster.node_groups.values_mut()) {
        group.settle(now);
    }
    scheduled_actions(world, now);
    overwrites(world, now);
}

fn scheduled_actions(world: &mut EnvironmentWorld, now: Timestamp) {
    let is_due = |action: &ScheduledAction| !action.done && action.at <= now;
    let targets = world.scalable_targets.values().filter(|target| !target.suspended.scheduled);
    let with_due = targets.filter(|target| target.scheduled.values().any(is_due));
    let ids: Vec<String> = with_due.map(|target| target.resource_id.clone()).collect();
    for id in ids {
        let Some((service, target)) = world.scaled(&id) else { continue };
        let mut due: Vec<ScheduledAction> = target.scheduled.values().filter(|one| is_due(one)).cloned().collect();
        due.sort_by_key(|action| action.at);
        for action in due {
            target.min = action.min.unwrap_or(target.min);
            target.max = action.max.unwrap_or(target.max).max(target.min);
            let bounds = match (action.min, action.max) {
                (Some(min), Some(max)) => format!("min capacity to {min} and max capacity to {max}"),
                (Some(min), None) => format!("min capacity to {min}"),
                (None, max) => format!("max capacity to {}", max.unwrap_or(target.max)),
            };
            let cause = format!("scheduled action name {} was triggered", action.name);
            target.act(format!("Setting {bounds}"), cause, action.at, Some(action.at));
            target.bound(service, now);
            if let Some(action) = target.scheduled.get_mut(&action.name) {
                action.done = true;
            }
        }
    }
}

fn overwrites(world: &mut EnvironmentWorld, now: Timestamp) {
    let due: Vec<_> = world.overwrites.extract_if(.., |overwrite| overwrite.at <= now).collect();
    for overwrite in due {
        let id = format!("service/{}/{}", overwrite.cluster, overwrite.service);
        let cause =
            format!("monitor alarm TargetTracking-{id}-AlarmLow in state ALARM triggered policy target-tracking");
        if let Some((service, target)) = world.scaled(&id) {
            target.set_desired(service, overwrite.desired, &cause, overwrite.at);
        } else if let Some(cluster) = world.clusters.get_mut(&overwrite.cluster)
            && let Some(service) = cluster.services.get_mut(&overwrite.service)
        {
            service.desired = overwrite.desired;
        }
    }
}
