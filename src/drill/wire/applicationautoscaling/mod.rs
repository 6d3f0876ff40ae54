//! Application Auto Scaling: targets, policies and what they did.

mod scheduled;
mod targets;

use winterbaume_applicationautoscaling::model::{
    DescribeScalableTargetsResponse, DescribeScalingActivitiesResponse, DescribeScalingPoliciesResponse,
    PredefinedMetricSpecification, ScalableTarget as TargetOutput, ScalingActivity as ActivityOutput,
    ScalingPolicy as PolicyOutput, SuspendedState, TargetTrackingScalingPolicyConfiguration,
};

use super::{ApiError, Ask, Edit, Input, Reply, epoch, reply};
use crate::drill::world::autoscaling::{ScalableTarget, ScalingActivity, ScalingPolicy};

/// Most items of a page: 50 targets and activities, 10 policies.
const PAGE: usize = 50;
const POLICIES_PAGE: usize = 10;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "DescribeScalableTargets" => {
            let targets = chosen(ask)?.into_iter().map(target).collect();
            let (items, next_token) = page(ask, targets, PAGE)?;
            reply(&DescribeScalableTargetsResponse { next_token, scalable_targets: Some(items) })
        }
        "DescribeScalingPolicies" => {
            let names = ask.input.texts("PolicyNames");
            let wanted = |policy: &&ScalingPolicy| names.is_empty() || names.contains(&policy.name.as_str());
            let of = |target: &'_ ScalableTarget| {
                target.policies.iter().filter(wanted).map(|one| policy(target, one)).collect::<Vec<_>>()
            };
            let policies = chosen(ask)?.into_iter().flat_map(of).collect();
            let (items, next_token) = page(ask, policies, POLICIES_PAGE)?;
            reply(&DescribeScalingPoliciesResponse { next_token, scaling_policies: Some(items) })
        }
        "DescribeScalingActivities" => {
            let of = |target: &'_ ScalableTarget| {
                let all = target.activities.iter().enumerate();
                all.map(|(place, one)| activity(target, one, place == 0)).collect::<Vec<_>>()
            };
            let mut activities: Vec<ActivityOutput> = chosen(ask)?.into_iter().flat_map(of).collect();
            activities.sort_by(|a, b| b.start_time.partial_cmp(&a.start_time).unwrap_or(std::cmp::Ordering::Equal));
            let (items, next_token) = page(ask, activities, PAGE)?;
            reply(&DescribeScalingActivitiesResponse { next_token, scaling_activities: Some(items) })
        }
        "DescribeScheduledActions" => scheduled::describe(ask),
        _ => Err(ask.unknown()),
    }
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "RegisterScalableTarget" => targets::register(edit),
        "PutScheduledAction" => scheduled::put(edit),
        "DeleteScheduledAction" => scheduled::delete(edit),
        _ => Err(edit.unknown()),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("ValidationException", message)
}

/// `ServiceNamespace`, `ResourceId` and `ScalableDimension`.
fn required(input: Input<'_>) -> Result<(&str, &str, &str), ApiError> {
    let one = |key: &str| {
        let member = format!("{}{}", key[..1].to_lowercase(), &key[1..]);
        input.text(key).ok_or_else(|| {
            invalid(format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ))
        })
    };
    Ok((one("ServiceNamespace")?, one("ResourceId")?, one("ScalableDimension")?))
}

/// The targets that `ServiceNamespace`, `ResourceIds`, `ResourceId` and `ScalableDimension` choose.
fn chosen<'a>(ask: &Ask<'a>) -> Result<Vec<&'a ScalableTarget>, ApiError> {
    let input = ask.input;
    let Some(namespace) = input.text("ServiceNamespace") else {
        let message = "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null";
        return Err(ApiError::bad("ValidationException", message));
    };
    let (ids, id) = (input.texts("ResourceIds"), input.text("ResourceId"));
    let dimension = input.text("ScalableDimension");
    let wanted = |target: &&ScalableTarget| {
        target.service_namespace == namespace
            && (ids.is_empty() || ids.contains(&target.resource_id.as_str()))
            && id.is_none_or(|id| target.resource_id == id)
            && dimension.is_none_or(|dimension| target.dimension == dimension)
    };
    Ok(ask.world.scalable_targets.values().filter(wanted).collect())
}

fn page<T>(ask: &Ask<'_>, all: Vec<T>, most: usize) -> Result<(Vec<T>, Option<String>), ApiError> {
    let input = ask.input;
    let filter = format!(
        "{:?}{:?}{:?}{:?}",
        input.texts("ResourceIds"),
        input.text("ResourceId"),
        input.text("ScalableDimension"),
        input.texts("PolicyNames")
    );
    let page = ask
        .page(all, ask.size("MaxResults", most, most), input.text("NextToken"), &filter)
        .map_err(|_| ApiError::bad("InvalidNextTokenException", "The next token is not valid."))?;
    Ok((page.items, page.next))
}

fn target(target: &ScalableTarget) -> TargetOutput {
    TargetOutput {
        creation_time: Some(epoch(target.created)),
        max_capacity: i32::try_from(target.max).ok(),
        min_capacity: i32::try_from(target.min).ok(),
        resource_id: Some(target.resource_id.clone()),
        role_a_r_n: Some(target.role.clone()),
        scalable_dimension: Some(target.dimension.clone()),
        scalable_target_a_r_n: Some(target.arn.clone()),
        service_namespace: Some(target.service_namespace.clone()),
        suspended_state: Some(SuspendedState {
            dynamic_scaling_in_suspended: Some(target.suspended.dynamic_in),
            dynamic_scaling_out_suspended: Some(target.suspended.dynamic_out),
            scheduled_scaling_suspended: Some(target.suspended.scheduled),
        }),
        ..TargetOutput::default()
    }
}

fn policy(target: &ScalableTarget, policy: &ScalingPolicy) -> PolicyOutput {
    PolicyOutput {
        alarms: Some(Vec::new()),
        creation_time: Some(epoch(target.created)),
        policy_a_r_n: Some(policy.arn.clone()),
        policy_name: Some(policy.name.clone()),
        policy_type: Some("TargetTrackingScaling".to_owned()),
        resource_id: Some(target.resource_id.clone()),
        scalable_dimension: Some(target.dimension.clone()),
        service_namespace: Some(target.service_namespace.clone()),
        target_tracking_scaling_policy_configuration: Some(TargetTrackingScalingPolicyConfiguration {
            disable_scale_in: Some(false),
            predefined_metric_specification: Some(PredefinedMetricSpecification {
                predefined_metric_type: policy.metric.clone(),
                resource_label: None,
            }),
            scale_in_cooldown: i32::try_from(policy.scale_in_cooldown_s).ok(),
            scale_out_cooldown: i32::try_from(policy.scale_out_cooldown_s).ok(),
            target_value: policy.target,
            ..TargetTrackingScalingPolicyConfiguration::default()
        }),
        ..PolicyOutput::default()
    }
}

/// An activity succeeds when the wanted tasks run; until then it is in progress, unless a later one overtook it.
fn activity(target: &ScalableTarget, activity: &ScalingActivity, newest: bool) -> ActivityOutput {
    let text = activity.description.strip_suffix('.').unwrap_or(&activity.description);
    let done = match text.strip_prefix("Setting ") {
        Some(what) => format!("Successfully set {what}."),
        None => format!("Successfully {}", activity.description),
    };
    let (code, message) = match (activity.ended, newest) {
        (Some(_), _) if activity.cause.starts_with("scheduled action") => ("Successful", done),
        (Some(_), _) => ("Successful", format!("{done} Change successfully fulfilled by ecs.")),
        (None, true) => ("InProgress", format!("{done} Waiting for change to be fulfilled by ecs.")),
        (None, false) => ("Overridden", format!("{done} Another scaling activity was started meanwhile.")),
    };
    ActivityOutput {
        activity_id: Some(activity.id.clone()),
        cause: Some(activity.cause.clone()),
        description: Some(activity.description.clone()),
        end_time: activity.ended.map(epoch),
        resource_id: Some(target.resource_id.clone()),
        scalable_dimension: Some(target.dimension.clone()),
        service_namespace: Some(target.service_namespace.clone()),
        start_time: Some(epoch(activity.started)),
        status_code: Some(code.to_owned()),
        status_message: Some(message),
        ..ActivityOutput::default()
    }
}
