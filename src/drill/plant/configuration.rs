//! Changes what exists at the start as a scenario says.

use crate::drill::scenario::{ConfigurationChange, ConfigurationSettings};
use crate::drill::world::alarm::AlarmRule;
use crate::drill::world::autoscaling::Suspended;
use crate::drill::world::dynamodb::Throughput;
use crate::drill::world::{EnvironmentWorld, Tags};

/// Makes one change. A resource that does not exist changes nothing: scenarios are checked when they are loaded.
pub(super) fn change(world: &mut EnvironmentWorld, change: &ConfigurationChange) {
    let set = &change.set;
    let untag = |tags: &mut Tags| tags.retain(|key, _| !change.untag.contains(key));
    if let Some(function) = part(&mut world.functions, change.function.as_ref(), change.remove) {
        put(&mut function.memory_mb, set.memory_mb);
        put(&mut function.timeout_s, set.timeout_s);
        untag(&mut function.tags);
    }
    if let Some((table, index)) = change.index.as_ref().and_then(|index| index.split_once('/'))
        && let Some(table) = world.tables.get_mut(table)
        && let Some(index) = part(&mut table.indexes, Some(&index.to_owned()), change.remove)
    {
        capacity(&mut index.provisioned, set);
    }
    if let Some(table) = part(&mut world.tables, change.table.as_ref(), change.remove) {
        capacity(&mut table.provisioned, set);
        untag(&mut table.tags);
    }
    let api = world.rest_apis.iter().find(|(_, api)| Some(&api.name) == change.rest_api.as_ref());
    let api = api.map(|(id, _)| id.clone());
    if let Some(api) = part(&mut world.rest_apis, api.as_ref(), change.remove) {
        untag(&mut api.tags);
        for stage in api.stages.values_mut() {
            put(&mut stage.rate_limit, set.rate_limit);
            put(&mut stage.burst_limit, set.burst_limit);
        }
    }
    if let Some(group) = part(&mut world.log_groups, change.log_group.as_ref(), change.remove) {
        group.retention_days = set.retention_days.or(group.retention_days);
        untag(&mut group.tags);
    }
    if let Some(bucket) = part(&mut world.buckets, change.bucket.as_ref(), change.remove) {
        bucket.expire_days = set.expire_days.or(bucket.expire_days);
        put(&mut bucket.versioning, set.versioning);
        put(&mut bucket.public_access_blocked, set.public_access_blocked);
        untag(&mut bucket.tags);
    }
    let scaled = change.service.as_ref().map(|service| format!("service/{service}"));
    if let Some(target) = scaled.and_then(|scaled| world.scalable_targets.get_mut(&scaled))
        && let Some(suspended) = set.scaling_suspended
    {
        target.suspended = Suspended { dynamic_in: suspended, dynamic_out: suspended, scheduled: suspended };
    }
    let key = world.keys.iter().find(|(_, key)| Some(&key.alias) == change.key.as_ref()).map(|(id, _)| id.clone());
    if let Some(key) = part(&mut world.keys, key.as_ref(), change.remove) {
        put(&mut key.rotation, set.rotation);
        untag(&mut key.tags);
    }
    if let Some(alarm) = part(&mut world.alarms, change.alarm.as_ref(), change.remove) {
        put(&mut alarm.actions_enabled, set.actions_enabled);
        if let AlarmRule::Metric(rule) = &mut alarm.rule {
            put(&mut rule.threshold, set.threshold);
        }
        untag(&mut alarm.tags);
    }
}

/// The resource of this name, unless it is to be removed: then it is.
fn part<'a, T>(
    all: &'a mut std::collections::BTreeMap<String, T>,
    name: Option<&String>,
    remove: bool,
) -> Option<&'a mut T> {
    let name = name?;
    if remove {
        all.remove(name);
        return None;
    }
    all.get_mut(name)
}

fn put<T>(held: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *held = new;
    }
}

fn capacity(held: &mut Option<Throughput>, set: &ConfigurationSettings) {
    if let Some(units) = held {
        put(&mut units.read, set.read_units);
        put(&mut units.write, set.write_units);
    }
}
