//! The scalable target that sets a service's desired count, and how long it holds still after its last activity.

use aws_sdk_applicationautoscaling::operation::describe_scaling_policies::DescribeScalingPoliciesOutput;
use aws_sdk_applicationautoscaling::types::{
    ScalableDimension, ScalingActivity, ScalingActivityStatusCode, ScalingPolicy, ServiceNamespace,
};
use jiff::{SignedDuration, Timestamp};

use crate::actions::ecs::service::Service;
use crate::actions::lists::Field;
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::cloud::{Session, limits};
use crate::model::{Fault, Value, Values};
use crate::signals::moment::moment;
use crate::signals::paging::all_pages;

/// IAM actions of reading it.
pub const READS: [&str; 3] = [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingActivities",
    "application-autoscaling:DescribeScalingPolicies",
];

/// Names that [`add`] gives, with their meaning.
pub const FIELDS: [Field; 3] = [
    ("autoscaling", "yes where Application Auto Scaling sets the desired count"),
    ("min", "smallest desired count that Application Auto Scaling sets; none where it does not"),
    ("max", "largest desired count that Application Auto Scaling sets; none where it does not"),
];

/// Policies of one page of DescribeScalingPolicies (Application Auto Scaling API Reference, MaxResults).
const POLICIES_PAGE: i32 = 10;
/// Seconds of a cool-down that a policy leaves to AWS (Application Auto Scaling User Guide: 300 for ECS).
const COOLDOWN_S: i32 = 300;
/// The newest activities: the last one that scaled is among them.
const ACTIVITIES: i32 = 10;

/// A scalable target of `ecs:service:DesiredCount`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scalable {
    /// `MinCapacity`.
    pub min: i64,
    /// `MaxCapacity`.
    pub max: i64,
    /// Parts of scaling that somebody has suspended, in words.
    pub suspended: Vec<&'static str>,
}

/// The last scaling, and until when policies hold still after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cooldown {
    /// What was done, in AWS's words.
    pub after: Text,
    /// When it ends.
    pub until: Timestamp,
}

/// `service/CLUSTER/NAME`: the service as Application Auto Scaling names it.
pub fn resource_id(service: &Service) -> String {
    format!("service/{}/{}", last_part(&service.cluster), service.name)
}

/// Reads the scalable target; `None` where the service has none.
///
/// # Errors
/// It could not be read: who owns the desired count is not known then.
pub async fn read(session: &Session, service: &Service) -> Result<Option<Scalable>, Fault> {
    let id = resource_id(service);
    let request = session.autoscaling().describe_scalable_targets().service_namespace(ServiceNamespace::Ecs);
    let request = request.resource_ids(&id).scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
    let answer = request.send().await.map_err(|error| session.fault("DescribeScalableTargets", &error))?;
    let ours = answer.scalable_targets().iter().find(|target| {
        target.resource_id == id && target.scalable_dimension == ScalableDimension::EcsServiceDesiredCount
    });
    Ok(ours.map(|target| {
        let state = target.suspended_state();
        let suspended = [
            ("scale-in", state.and_then(|one| one.dynamic_scaling_in_suspended())),
            ("scale-out", state.and_then(|one| one.dynamic_scaling_out_suspended())),
            ("scheduled scaling", state.and_then(|one| one.scheduled_scaling_suspended())),
        ];
        Scalable {
            min: target.min_capacity.into(),
            max: target.max_capacity.into(),
            suspended: suspended.iter().filter(|(_, is)| *is == Some(true)).map(|(what, _)| *what).collect(),
        }
    }))
}

/// Reads whether a cool-down is in force.
///
/// # Errors
/// Policies or activities could not be read.
pub async fn cooldown(session: &Session, service: &Service, now: Timestamp) -> Result<Option<Cooldown>, Fault> {
    let id = resource_id(service);
    let (namespace, dimension) = (ServiceNamespace::Ecs, ScalableDimension::EcsServiceDesiredCount);
    let pages = session
        .autoscaling()
        .describe_scaling_policies()
        .service_namespace(namespace.clone())
        .resource_id(&id)
        .scalable_dimension(dimension.clone())
        .into_paginator()
        .page_size(POLICIES_PAGE.min(limits::SCALABLE_TARGETS_PAGE))
        .send();
    let items = |page: DescribeScalingPoliciesOutput| page.scaling_policies.unwrap_or_default();
    let policies = all_pages(session, "DescribeScalingPolicies", pages, |page| page.next_token(), items);
    let activities = async {
        let request = session.autoscaling().describe_scaling_activities().service_namespace(namespace.clone());
        let request = request.resource_id(&id).scalable_dimension(dimension.clone()).max_results(ACTIVITIES);
        request.send().await.map_err(|error| session.fault("DescribeScalingActivities", &error))
    };
    let (policies, activities) = futures_util::future::try_join(policies, activities).await?;
    Ok(in_force(&policies, activities.scaling_activities(), now))
}

/// The longest cool-down of the policies after the newest activity that scaled, where it has not ended.
fn in_force(policies: &[ScalingPolicy], activities: &[ScalingActivity], now: Timestamp) -> Option<Cooldown> {
    let scaled = |one: &&ScalingActivity| {
        matches!(one.status_code, ScalingActivityStatusCode::Successful | ScalingActivityStatusCode::InProgress)
    };
    let last = activities.iter().filter(scaled).max_by_key(|one| moment(&one.start_time))?;
    let begins = moment(last.end_time().unwrap_or(&last.start_time))?;
    let seconds = policies.iter().map(longest).max()?;
    let until = begins.checked_add(SignedDuration::from_secs(seconds.into())).ok()?;
    (until > now).then(|| Cooldown { after: Text::new(&last.description), until })
}

fn longest(policy: &ScalingPolicy) -> i32 {
    let tracking = policy
        .target_tracking_scaling_policy_configuration()
        .map(|one| one.scale_in_cooldown().unwrap_or(COOLDOWN_S).max(one.scale_out_cooldown().unwrap_or(COOLDOWN_S)));
    let step = policy.step_scaling_policy_configuration().map(|one| one.cooldown().unwrap_or(COOLDOWN_S));
    tracking.into_iter().chain(step).max().unwrap_or(0)
}

/// Adds what predicates can speak of.
pub fn add(scalable: Option<&Scalable>, values: &mut Values) {
    values.insert("autoscaling".to_owned(), scalable.is_some().into());
    values.insert("min".to_owned(), scalable.map_or(Value::None, |one| one.min.into()));
    values.insert("max".to_owned(), scalable.map_or(Value::None, |one| one.max.into()));
}

#[cfg(test)]
mod tests {
    use aws_sdk_applicationautoscaling::types::{PolicyType, TargetTrackingScalingPolicyConfiguration};
    use aws_smithy_types::DateTime;

    use super::*;

    fn policy(scale_in: Option<i32>, scale_out: Option<i32>) -> ScalingPolicy {
        let tracking = TargetTrackingScalingPolicyConfiguration::builder()
            .target_value(60.0)
            .set_scale_in_cooldown(scale_in)
            .set_scale_out_cooldown(scale_out)
            .build();
        ScalingPolicy::builder()
            .policy_arn("p")
            .policy_name("cpu")
            .service_namespace(ServiceNamespace::Ecs)
            .resource_id("service/prod/api")
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
            .policy_type(PolicyType::TargetTrackingScaling)
            .target_tracking_scaling_policy_configuration(tracking.unwrap())
            .creation_time(DateTime::from_secs(0))
            .build()
            .unwrap()
    }

    fn activity(start_s: i64, status: ScalingActivityStatusCode) -> ScalingActivity {
        ScalingActivity::builder()
            .activity_id("a")
            .service_namespace(ServiceNamespace::Ecs)
            .resource_id("service/prod/api")
            .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
            .description("Setting desired count to 8.")
            .cause("alarm")
            .start_time(DateTime::from_secs(start_s))
            .status_code(status)
            .build()
            .unwrap()
    }

    #[test]
    fn a_cool_down_counts_from_the_last_scaling_and_ends() {
        let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        let policies = [policy(Some(60), Some(30)), policy(Some(120), None)];
        let done = activity(1000, ScalingActivityStatusCode::Successful);
        let until =
            |now: i64, activities: &[ScalingActivity]| in_force(&policies, activities, at(now)).map(|one| one.until);
        assert_eq!(until(1200, std::slice::from_ref(&done)), Some(at(1300)), "what a policy does not say is 300 s");
        assert_eq!(until(1300, std::slice::from_ref(&done)), None);
        assert_eq!(until(1200, &[activity(1100, ScalingActivityStatusCode::Failed), done]), Some(at(1300)));
        assert_eq!(in_force(&[], &[activity(1000, ScalingActivityStatusCode::Successful)], at(1001)), None);
    }
}
