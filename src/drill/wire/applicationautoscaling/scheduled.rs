//! Scheduled actions: PutScheduledAction, DeleteScheduledAction and DescribeScheduledActions.

use winterbaume_applicationautoscaling::model::{
    DescribeScheduledActionsResponse, ScalableTargetAction, ScheduledAction as ActionOutput,
};

use super::super::{ApiError, Ask, Edit, Reply, epoch, reply, schedule};
use super::targets::capacity;
use super::{PAGE, chosen, invalid, page, required};
use crate::drill::world::autoscaling::{ScalableTarget, ScheduledAction};
use crate::drill::world::hash;

/// Parameters that the drill's scheduled actions have.
const KNOWN: &[&str] = &[
    "ServiceNamespace",
    "ResourceId",
    "ScalableDimension",
    "ScheduledActionName",
    "Schedule",
    "Timezone",
    "ScalableTargetAction",
];

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let names = ask.input.texts("ScheduledActionNames");
    let of = |target: &'_ ScalableTarget| {
        let wanted = |one: &&ScheduledAction| names.is_empty() || names.contains(&one.name.as_str());
        target.scheduled.values().filter(wanted).map(|one| output(target, one)).collect::<Vec<_>>()
    };
    let all = chosen(ask)?.into_iter().flat_map(of).collect();
    let (items, next_token) = page(ask, all, PAGE)?;
    reply(&DescribeScheduledActionsResponse { next_token, scheduled_actions: Some(items) })
}

fn output(target: &ScalableTarget, action: &ScheduledAction) -> ActionOutput {
    let bound = |bound: Option<u32>| bound.and_then(|bound| i32::try_from(bound).ok());
    ActionOutput {
        creation_time: Some(epoch(action.created)),
        resource_id: Some(target.resource_id.clone()),
        scalable_dimension: Some(target.dimension.clone()),
        scalable_target_action: Some(ScalableTargetAction {
            max_capacity: bound(action.max),
            min_capacity: bound(action.min),
        }),
        schedule: Some(action.schedule.clone()),
        scheduled_action_a_r_n: Some(action.arn.clone()),
        scheduled_action_name: Some(action.name.clone()),
        service_namespace: Some(target.service_namespace.clone()),
        ..ActionOutput::default()
    }
}

/// Makes or changes one. What is not given stays as it was.
pub(super) fn put(edit: &mut Edit<'_>) -> Reply {
    edit.only(KNOWN).map_err(invalid)?;
    let input = edit.input;
    let (namespace, id, _) = required(input)?;
    let name = input.text("ScheduledActionName").ok_or_else(|| invalid("ScheduledActionName is missing."))?;
    let (now, account, region) = (edit.now, edit.world.account.clone(), edit.world.region.clone());
    let target = edit.world.scalable_targets.get_mut(id).filter(|target| target.service_namespace == namespace);
    let target = target.ok_or_else(|| no_target(namespace, id))?;
    let held = target.scheduled.get(name);
    let (text, at) = match (input.text("Schedule"), held) {
        (Some(text), _) => (text.to_owned(), schedule::at(text, input.text("Timezone")).map_err(invalid)?),
        (None, Some(held)) => (held.schedule.clone(), held.at),
        (None, None) => return Err(invalid("Schedule is missing.")),
    };
    if at <= now {
        return Err(invalid("The scheduled time must be in the future."));
    }
    let given = input.inner("ScalableTargetAction");
    let (min, max) = match (given, held) {
        (Some(given), _) => (capacity(given, "MinCapacity")?, capacity(given, "MaxCapacity")?),
        (None, held) => (held.and_then(|held| held.min), held.and_then(|held| held.max)),
    };
    if min.is_none() && max.is_none() {
        return Err(invalid("ScalableTargetAction needs MinCapacity, MaxCapacity or both."));
    }
    if min.zip(max).is_some_and(|(min, max)| max < min) {
        return Err(invalid("Maximum capacity cannot be less than minimum capacity."));
    }
    let mark = hash::uuid(&(id, name));
    let arn = format!(
        "arn:aws:autoscaling:{region}:{account}:scheduledAction:{mark}:resource/{namespace}/{id}:scheduledActionName/{name}"
    );
    let action =
        ScheduledAction { name: name.to_owned(), arn, schedule: text, at, min, max, created: now, done: false };
    target.scheduled.insert(name.to_owned(), action);
    Ok(serde_json::json!({}))
}

pub(super) fn delete(edit: &mut Edit<'_>) -> Reply {
    let (namespace, id, _) = required(edit.input)?;
    let name = edit.input.text("ScheduledActionName").unwrap_or_default();
    let target = edit.world.scalable_targets.get_mut(id);
    let removed = target.and_then(|target| target.scheduled.remove(name));
    let missing = || {
        let message =
            format!("No scheduled action found for service namespace: {namespace}, resource ID: {id}, name: {name}");
        ApiError::bad("ObjectNotFoundException", message)
    };
    removed.map(|_| serde_json::json!({})).ok_or_else(missing)
}

fn no_target(namespace: &str, id: &str) -> ApiError {
    let message = format!("No scalable target registered for service namespace: {namespace}, resource ID: {id}");
    ApiError::bad("ObjectNotFoundException", message)
}
