//! DescribeAlarms and what belongs to alarms.

use jiff::Timestamp;
use winterbaume_cloudwatch::model::{
    CompositeAlarm, DescribeAlarmsOutput, ListTagsForResourceOutput, MetricAlarm, Tag,
};

use super::super::{ApiError, Ask, Edit, Reply, epoch, reply};
use super::{bad_token, dimensions, invalid};
use crate::drill::world::alarm::{Alarm, AlarmRule, MetricRule};
use crate::model::Stat;

/// Alarms a page where the client names no number, and the most that it may name.
const DEFAULT_RECORDS: usize = 50;
const MAX_RECORDS: i64 = 100;

/// Metric alarms only, unless the client asks for composite ones.
pub(super) fn describe_alarms(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let names = input.texts("AlarmNames");
    let prefix = input.text("AlarmNamePrefix").unwrap_or_default();
    if names.len() > 100 {
        return Err(invalid("The collection AlarmNames must not have a size greater than 100."));
    }
    if !names.is_empty() && !prefix.is_empty() {
        return Err(invalid("AlarmNames and AlarmNamePrefix cannot be specified together."));
    }
    if let Some(other) = ["ChildrenOfAlarmName", "ParentsOfAlarmName"].into_iter().find(|name| input.has(name)) {
        return Err(invalid(format!("The drill does not offer {other}.")));
    }
    let size = records(ask)?;
    let kinds = kinds(ask);
    let (state, action) = (input.text("StateValue"), input.text("ActionPrefix"));
    let wanted = |alarm: &&Alarm| {
        kinds.contains(&kind(alarm))
            && (names.is_empty() || names.contains(&alarm.name.as_str()))
            && alarm.name.starts_with(prefix)
            && state.is_none_or(|state| alarm.at(ask.now).is_some_and(|at| at.state.word() == state))
            && action.is_none_or(|prefix| alarm.alarm_actions.iter().any(|action| action.starts_with(prefix)))
    };
    let filter = format!("{kinds:?}{names:?}{prefix}{state:?}{action:?}");
    let alarms: Vec<&Alarm> = ask.world.alarms.values().filter(wanted).collect();
    let page = ask.page(alarms, size, input.text("NextToken"), &filter).map_err(bad_token)?;
    let (mut metric_alarms, mut composite_alarms) = (Vec::new(), Vec::new());
    for alarm in page.items {
        match &alarm.rule {
            AlarmRule::Metric(rule) => metric_alarms.push(metric_alarm(alarm, rule, ask.now)),
            AlarmRule::Composite(rule) => composite_alarms.push(composite_alarm(alarm, rule, ask.now)),
        }
    }
    reply(&DescribeAlarmsOutput {
        composite_alarms: Some(composite_alarms),
        metric_alarms: Some(metric_alarms),
        next_token: page.next,
    })
}

/// `MaxRecords`, which CloudWatch refuses above 100.
pub(super) fn records(ask: &Ask<'_>) -> Result<usize, ApiError> {
    match ask.input.int("MaxRecords") {
        Some(records) if !(1..=MAX_RECORDS).contains(&records) => {
            Err(invalid(format!("Value {records} at 'maxRecords' failed to satisfy constraint: between 1 and 100")))
        }
        _ => Ok(ask.size("MaxRecords", DEFAULT_RECORDS, 100)),
    }
}

/// `AlarmTypes`: metric alarms only where the client names none.
pub(super) fn kinds<'a>(ask: &Ask<'a>) -> Vec<&'a str> {
    let kinds = ask.input.texts("AlarmTypes");
    if kinds.is_empty() { vec!["MetricAlarm"] } else { kinds }
}

/// `AlarmType` of an alarm.
pub(super) fn kind(alarm: &Alarm) -> &'static str {
    match alarm.rule {
        AlarmRule::Metric(_) => "MetricAlarm",
        AlarmRule::Composite(_) => "CompositeAlarm",
    }
}

fn metric_alarm(alarm: &Alarm, rule: &MetricRule, now: Timestamp) -> MetricAlarm {
    let state = alarm.at(now);
    let (statistic, extended_statistic) = match rule.stat {
        Stat::Percentile(_) | Stat::PercentileTenths(_) => (None, Some(rule.stat.to_string())),
        _ => (Some(rule.stat.to_string()), None),
    };
    MetricAlarm {
        actions_enabled: Some(alarm.actions_enabled),
        alarm_actions: Some(alarm.alarm_actions.clone()),
        alarm_arn: Some(alarm.arn.clone()),
        alarm_configuration_updated_timestamp: Some(epoch(alarm.configured)),
        alarm_description: Some(alarm.description.clone()),
        alarm_name: Some(alarm.name.clone()),
        comparison_operator: Some(rule.comparison.word().to_owned()),
        datapoints_to_alarm: i32::try_from(rule.datapoints_to_alarm).ok(),
        dimensions: Some(dimensions(&rule.metric)),
        evaluation_periods: i32::try_from(rule.evaluation_periods).ok(),
        extended_statistic,
        insufficient_data_actions: Some(Vec::new()),
        metric_name: Some(rule.metric.name.clone()),
        namespace: Some(rule.metric.namespace.clone()),
        o_k_actions: Some(alarm.ok_actions.clone()),
        period: i32::try_from(rule.period_s).ok(),
        state_reason: state.map(|state| state.reason.clone()),
        state_reason_data: state.map(|state| state.reason_data.clone()),
        state_transitioned_timestamp: state.map(|state| epoch(state.at)),
        state_updated_timestamp: state.map(|state| epoch(state.at)),
        state_value: state.map(|state| state.state.word().to_owned()),
        statistic,
        threshold: Some(rule.threshold),
        treat_missing_data: Some(rule.missing.word().to_owned()),
        ..MetricAlarm::default()
    }
}

fn composite_alarm(alarm: &Alarm, rule: &str, now: Timestamp) -> CompositeAlarm {
    let state = alarm.at(now);
    CompositeAlarm {
        actions_enabled: Some(alarm.actions_enabled),
        alarm_actions: Some(alarm.alarm_actions.clone()),
        alarm_arn: Some(alarm.arn.clone()),
        alarm_configuration_updated_timestamp: Some(epoch(alarm.configured)),
        alarm_description: Some(alarm.description.clone()),
        alarm_name: Some(alarm.name.clone()),
        alarm_rule: Some(rule.to_owned()),
        insufficient_data_actions: Some(Vec::new()),
        o_k_actions: Some(alarm.ok_actions.clone()),
        state_reason: state.map(|state| state.reason.clone()),
        state_reason_data: state.map(|state| state.reason_data.clone()),
        state_transitioned_timestamp: state.map(|state| epoch(state.at)),
        state_updated_timestamp: state.map(|state| epoch(state.at)),
        state_value: state.map(|state| state.state.word().to_owned()),
        ..CompositeAlarm::default()
    }
}

pub(super) fn list_tags_for_resource(ask: &Ask<'_>) -> Reply {
    let arn = ask.input.text("ResourceARN").unwrap_or_default();
    let rule = ask.world.mute_rules.values().find(|rule| rule.arn == arn).map(|rule| &rule.tags);
    let alarm = ask.world.alarms.values().find(|alarm| alarm.arn == arn).map(|alarm| &alarm.tags);
    let Some(tags) = alarm.or(rule) else {
        return Err(ApiError::new(404, "ResourceNotFoundException", format!("Unknown resource {arn}")));
    };
    let tag = |(key, value): (&String, &String)| Tag { key: key.clone(), value: value.clone() };
    reply(&ListTagsForResourceOutput { tags: Some(tags.iter().map(tag).collect()) })
}

/// Switches the actions of alarms on or off. Names that no alarm has are passed over, as in CloudWatch.
pub(super) fn enable_actions(edit: &mut Edit<'_>, enabled: bool) -> Reply {
    let names = edit.input.texts("AlarmNames");
    if names.is_empty() || names.len() > 100 {
        return Err(invalid("AlarmNames must have 1 to 100 members."));
    }
    for name in names {
        if let Some(alarm) = edit.world.alarms.get_mut(name).filter(|alarm| alarm.actions_enabled != enabled) {
            alarm.actions_enabled = enabled;
            alarm.configured = edit.now;
        }
    }
    Ok(serde_json::json!({}))
}
