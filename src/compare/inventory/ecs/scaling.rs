//! Application Auto Scaling of ECS services: bounds and targets.

use std::collections::BTreeMap;

use aws_sdk_applicationautoscaling::types::{ScalableDimension, ScalableTarget, ScalingPolicy, ServiceNamespace};
use futures_util::future::try_join;

use crate::cloud::{Session, limits};
use crate::compare::setting::{Setting, Value};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// Scalable targets and policies by resource, e.g. `service/CLUSTER/NAME`.
#[derive(Debug, Default)]
pub(super) struct Scaling {
    targets: BTreeMap<String, ScalableTarget>,
    policies: BTreeMap<String, Vec<ScalingPolicy>>,
}

/// All of the environment: two lists.
pub(super) async fn read(session: &Session) -> Result<Scaling, Fault> {
    let client = session.autoscaling();
    let targets = client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs).into_paginator();
    let targets = all_pages(
        session,
        "DescribeScalableTargets",
        targets.page_size(limits::SCALABLE_TARGETS_PAGE).send(),
        |page| page.next_token(),
        |page| page.scalable_targets.unwrap_or_default(),
    );
    let policies = client.describe_scaling_policies().service_namespace(ServiceNamespace::Ecs).into_paginator();
    let policies = all_pages(
        session,
        "DescribeScalingPolicies",
        policies.page_size(limits::SCALABLE_TARGETS_PAGE).send(),
        |page| page.next_token(),
        |page| page.scaling_policies.unwrap_or_default(),
    );
    let (targets, policies) = try_join(targets, policies).await?;
    let mut scaling = Scaling::default();
    let of_tasks = |target: &ScalableTarget| target.scalable_dimension == ScalableDimension::EcsServiceDesiredCount;
    for target in targets.into_iter().filter(of_tasks) {
        scaling.targets.insert(target.resource_id.clone(), target);
    }
    for policy in policies {
        scaling.policies.entry(policy.resource_id.clone()).or_default().push(policy);
    }
    Ok(scaling)
}

/// How many tasks a service may have. Where they are scaled, how many there are just now is no configuration.
pub(super) fn settings(scaling: &Result<Scaling, Fault>, resource: &str, desired: i32) -> Vec<Setting> {
    let scaling = match scaling {
        Ok(scaling) => scaling,
        Err(fault) => {
            let keys = ["tasks", "min_tasks", "max_tasks"];
            return keys.map(|key| Setting::new(key, Value::Unknown(fault.clone()))).into();
        }
    };
    let target = scaling.targets.get(resource);
    let tasks = if target.is_some() { Value::Absent } else { Value::Number(f64::from(desired)) };
    let mut settings = vec![
        Setting::new("tasks", tasks),
        Setting::new("min_tasks", Value::number(target.map(|target| target.min_capacity()))),
        Setting::new("max_tasks", Value::number(target.map(|target| target.max_capacity()))),
    ];
    for policy in scaling.policies.get(resource).into_iter().flatten() {
        settings.extend(of_policy(policy));
    }
    settings
}

fn of_policy(policy: &ScalingPolicy) -> Vec<Setting> {
    let Some(tracking) = policy.target_tracking_scaling_policy_configuration() else {
        let key = format!("scaling.{}", policy.policy_type().as_str());
        return vec![Setting::names(&key, Value::text(Some(policy.policy_name())))];
    };
    let predefined = tracking.predefined_metric_specification().map(|metric| metric.predefined_metric_type().as_str());
    let own = tracking.customized_metric_specification().and_then(|metric| metric.metric_name());
    let metric = predefined.or(own).unwrap_or("metric");
    let key = |what: &str| format!("scaling.{metric}.{what}");
    vec![
        Setting::new(&key("target"), Value::number(Some(tracking.target_value()))),
        Setting::new(&key("out_cooldown_s"), Value::number(tracking.scale_out_cooldown())),
        Setting::new(&key("in_cooldown_s"), Value::number(tracking.scale_in_cooldown())),
        Setting::new(&key("in_disabled"), Value::Bool(tracking.disable_scale_in().unwrap_or(false))),
    ]
}
