//! RegisterScalableTarget: new bounds of a target, which hold at once.

use std::collections::BTreeMap;

use winterbaume_applicationautoscaling::model::RegisterScalableTargetResponse;

use super::super::{ApiError, Edit, Input, Reply, reply};
use super::{invalid, required};
use crate::drill::world::autoscaling::{ScalableTarget, Suspended};
use crate::drill::world::hash;

/// Parameters that the drill's targets have.
const KNOWN: &[&str] =
    &["ServiceNamespace", "ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState"];

pub(super) fn register(edit: &mut Edit<'_>) -> Reply {
    edit.only(KNOWN).map_err(invalid)?;
    let input = edit.input;
    let (namespace, id, dimension) = required(input)?;
    let (min, max) = (capacity(input, "MinCapacity")?, capacity(input, "MaxCapacity")?);
    let held = edit.world.scalable_targets.get(id);
    let bounds = match held {
        Some(target) => Some((min.unwrap_or(target.min), max.unwrap_or(target.max))),
        None => min.zip(max),
    };
    let (min, max) = bounds.ok_or_else(|| invalid("A new scalable target needs MinCapacity and MaxCapacity."))?;
    if max < min {
        return Err(invalid("Maximum capacity cannot be less than minimum capacity."));
    }
    let exists = held.is_some() || exists(edit, id);
    if namespace != "ecs" || dimension != "ecs:service:DesiredCount" || !exists {
        return Err(invalid(format!("ECS service doesn't exist: {id}")));
    }
    let new = new_target(edit, id);
    let target = edit.world.scalable_targets.entry(id.to_owned()).or_insert(new);
    (target.min, target.max) = (min, max);
    if let Some(state) = input.inner("SuspendedState") {
        target.suspended = suspended(target.suspended, state);
    }
    let arn = target.arn.clone();
    let now = edit.now;
    if let Some((service, target)) = edit.world.scaled(id) {
        target.bound(service, now);
    }
    reply(&RegisterScalableTargetResponse { scalable_target_a_r_n: Some(arn) })
}

/// A capacity that is not negative.
pub(super) fn capacity(input: Input<'_>, key: &str) -> Result<Option<u32>, ApiError> {
    match input.int(key) {
        Some(value) => u32::try_from(value).map(Some).map_err(|_| invalid(format!("{key} cannot be less than 0."))),
        None => Ok(None),
    }
}

fn suspended(held: Suspended, state: Input<'_>) -> Suspended {
    Suspended {
        dynamic_in: state.flag("DynamicScalingInSuspended").unwrap_or(held.dynamic_in),
        dynamic_out: state.flag("DynamicScalingOutSuspended").unwrap_or(held.dynamic_out),
        scheduled: state.flag("ScheduledScalingSuspended").unwrap_or(held.scheduled),
    }
}

fn exists(edit: &Edit<'_>, id: &str) -> bool {
    let names = id.strip_prefix("service/").and_then(|rest| rest.split_once('/'));
    let found = names.and_then(|(cluster, name)| edit.world.clusters.get(cluster)?.services.get(name));
    found.is_some()
}

/// A target without policies.
fn new_target(edit: &Edit<'_>, id: &str) -> ScalableTarget {
    let (region, account) = (&edit.world.region, &edit.world.account);
    ScalableTarget {
        service_namespace: "ecs".to_owned(),
        resource_id: id.to_owned(),
        dimension: "ecs:service:DesiredCount".to_owned(),
        min: 0,
        max: 0,
        arn: format!("arn:aws:application-autoscaling:{region}:{account}:scalable-target/{}", hash::id(id, 36)),
        role: format!(
            "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
        ),
        created: edit.now,
        policies: Vec::new(),
        activities: Vec::new(),
        scheduled: BTreeMap::new(),
        suspended: Suspended::default(),
    }
}
