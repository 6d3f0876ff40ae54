//! Builds alarms with the state that they have had for a while.

use super::Site;
use crate::drill::estate::data::{AlarmData, CompositeData};
use crate::drill::world::alarm::{Alarm, AlarmRule, AlarmState, MetricRule, MissingData, Transition};
use crate::drill::world::metric::{MetricId, parse_stat};
use crate::drill::world::{EnvironmentWorld, hash};
use crate::model::Stat;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    let resources = &site.data.resources;
    let metric = resources.alarm.iter().map(|data| metric_alarm(data, site));
    let composite = resources.composite_alarm.iter().map(|data| composite_alarm(data, site));
    world.alarms = metric.chain(composite).map(|alarm| (alarm.name.clone(), alarm)).collect();
}

/// A metric alarm that has been quiet for a while.
pub fn metric_alarm(data: &AlarmData, site: &Site<'_>) -> Alarm {
    let dimensions: Vec<_> = data.dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let rule = MetricRule {
        metric: MetricId::new(&data.namespace, &data.metric, &dimensions),
        stat: parse_stat(&data.statistic).unwrap_or(Stat::Average),
        period_s: data.period_s,
        evaluation_periods: data.evaluation_periods,
        datapoints_to_alarm: data.datapoints_to_alarm.unwrap_or(data.evaluation_periods),
        threshold: data.threshold,
        comparison: data.comparison,
        // CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
        missing: if data.namespace == "AWS/DynamoDB" { MissingData::Ignore } else { data.missing },
    };
    let first = if data.without_data {
        (AlarmState::InsufficientData, "Unchecked: Initial alarm creation".to_owned())
    } else {
        (AlarmState::Ok, "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].".to_owned())
    };
    alarm(&data.name, &data.description, data.actions_enabled, &data.topic, AlarmRule::Metric(rule), first, site)
}

fn composite_alarm(data: &CompositeData, site: &Site<'_>) -> Alarm {
    let rule = AlarmRule::Composite(data.rule.clone());
    let reason = format!(
        "{} was created and its alarm rule evaluates to OK",
        site.arn("cloudwatch", &format!("alarm:{}", data.name))
    );
    let first = (AlarmState::Ok, reason);
    alarm(&data.name, &data.description, data.actions_enabled, &data.topic, rule, first, site)
}

fn alarm(
    name: &str,
    description: &str,
    actions_enabled: bool,
    topic: &str,
    rule: AlarmRule,
    first: (AlarmState, String),
    site: &Site<'_>,
) -> Alarm {
    let age = 12 + u32::try_from(hash::of(&(name, &site.data.head.account)) % 40).unwrap_or(0);
    let topic = site.arn("sns", topic);
    Alarm {
        name: name.to_owned(),
        arn: site.arn("cloudwatch", &format!("alarm:{name}")),
        description: description.to_owned(),
        actions_enabled,
        alarm_actions: vec![topic.clone()],
        ok_actions: vec![topic],
        rule,
        configured: site.days_ago(age),
        history: vec![Transition {
            at: site.days_ago(age),
            state: first.0,
            reason: first.1,
            reason_data: String::new(),
        }],
        tags: site.data.resources.tags.clone(),
    }
}
