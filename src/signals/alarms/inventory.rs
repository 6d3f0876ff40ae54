//! DescribeAlarms, all pages, and beside it the mute rules in force.

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_cloudwatch::types::{
    AlarmMuteRuleStatus, AlarmType, CompositeAlarm, Dimension, EvaluationState, MetricAlarm, StateValue,
};

use super::{Alarm, Inventory, Kind, State, class::class};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, Field};
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, each, unless_gone};

/// Reads the alarms that belong to the environment. Mute rules that cannot be read make `mutes_known` false, no fault:
/// endpoints and roles without them are common.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let (alarms, muted) = futures_util::future::join(alarms(session), muted_of(session)).await;
    let mut alarms = alarms?;
    if let Ok(muted) = &*muted {
        for alarm in &mut alarms {
            alarm.muted = muted.contains(&*alarm.name);
        }
    }
    Ok(Inventory { alarms, mutes_known: muted.is_ok() })
}

async fn alarms(session: &Session) -> Result<Vec<Alarm>, Fault> {
    // Without the types DescribeAlarms answers with metric alarms only (CloudWatch API Reference).
    let pages = session
        .cloudwatch()
        .describe_alarms()
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm)
        .into_paginator()
        .page_size(limits::ALARMS_PER_PAGE)
        .send();
    let selection = session.selection().await?;
    let all = all_pages(
        session,
        "DescribeAlarms",
        pages,
        |page| page.next_token(),
        |page| {
            let metric = page.metric_alarms().iter().map(metric_alarm);
            metric.chain(page.composite_alarms().iter().map(composite_alarm)).collect()
        },
    )
    .await?;
    Ok(all.into_iter().filter(|alarm: &Alarm| selection.admits(&alarm.name, &alarm.arn)).collect())
}

/// The mute rules change as seldom as what exists, so they are asked for as seldom, also when that fails.
async fn muted_of(session: &Session) -> Arc<Result<HashSet<Text>, Fault>> {
    const MUTED: &str = "alarm mute rules";
    match session.memo.recall(MUTED, session.settled_for) {
        Some(known) => known,
        None => session.memo.remember(MUTED, muted(session).await),
    }
}

async fn muted(session: &Session) -> Result<HashSet<Text>, Fault> {
    let pages = session
        .cloudwatch()
        .list_alarm_mute_rules()
        .statuses(AlarmMuteRuleStatus::Active)
        .into_paginator()
        .page_size(limits::ALARMS_PER_PAGE)
        .send();
    let rules = all_pages(
        session,
        "ListAlarmMuteRules",
        pages,
        |page| page.next_token(),
        |page| {
            page.alarm_mute_rule_summaries()
                .iter()
                .filter_map(|rule| rule.alarm_mute_rule_arn())
                .map(rule_name)
                .collect()
        },
    )
    .await?;
    let targets = |rule: String| async move {
        let answer = session.cloudwatch().get_alarm_mute_rule().alarm_mute_rule_name(rule).send().await;
        unless_gone(session, "GetAlarmMuteRule", answer)
    };
    let gathered = each(rules, targets, |_, _| None).await?;
    match gathered.fault {
        Some(fault) => Err(fault),
        None => Ok(gathered
            .found
            .iter()
            .filter_map(|rule| rule.mute_targets())
            .flat_map(|targets| targets.alarm_names())
            .map(Text::from)
            .collect()),
    }
}

/// The ARN ends in `alarm-mute-rule:NAME`.
fn rule_name(arn: &str) -> String {
    arn.rsplit(':').next().unwrap_or(arn).to_owned()
}

fn state(value: Option<&StateValue>) -> State {
    match value {
        Some(StateValue::Ok) => State::Ok,
        Some(StateValue::Alarm) => State::Alarm,
        _ => State::NoData,
    }
}

fn text(value: Option<&str>) -> Text {
    Text::new(value.unwrap_or_default())
}

fn metric_alarm(alarm: &MetricAlarm) -> Alarm {
    Alarm {
        name: text(alarm.alarm_name()),
        arn: text(alarm.alarm_arn()),
        kind: Kind::Metric,
        state: state(alarm.state_value()),
        since: alarm.state_transitioned_timestamp().or(alarm.state_updated_timestamp()).and_then(moment),
        reason: text(alarm.state_reason()),
        actions_enabled: alarm.actions_enabled().unwrap_or(true),
        muted: false,
        suppressed_by: None,
        evaluation: alarm.evaluation_state().map(EvaluationState::as_str).map(Text::from),
        class: class(alarm.alarm_name().unwrap_or_default(), alarm.alarm_actions().iter().map(String::as_str)),
        watches: metric_fields(alarm),
    }
}

fn metric_fields(alarm: &MetricAlarm) -> Vec<Field> {
    // A metric-math alarm names its metrics in expressions; the first metric stands for it.
    let inner = alarm.metrics().iter().find_map(|query| query.metric_stat());
    let metric = inner.and_then(|stat| stat.metric());
    let expression = alarm.metrics().iter().find_map(|query| query.expression());
    let dimensions = metric.map_or(alarm.dimensions(), |metric| metric.dimensions());
    let statistic = alarm
        .statistic()
        .map(|statistic| statistic.as_str())
        .or(alarm.extended_statistic())
        .or(inner.and_then(|stat| stat.stat()));
    let mut fields = vec![
        Field::new("namespace", alarm.namespace().or(metric.and_then(|metric| metric.namespace()))),
        Field::new("metric", alarm.metric_name().or(metric.and_then(|metric| metric.metric_name()))),
        Field::new("statistic", statistic),
        Field::new("dimensions", dimensions.iter().map(dimension).collect::<Vec<_>>()),
        Field::with_unit("period_s", alarm.period().or(inner.and_then(|stat| stat.period())), "s"),
        Field::new("comparison", alarm.comparison_operator().map(|operator| operator.as_str())),
        Field::new("threshold", alarm.threshold()),
        Field::new("evaluation_periods", alarm.evaluation_periods()),
        Field::new("datapoints_to_alarm", alarm.datapoints_to_alarm()),
        Field::new("treat_missing_data", alarm.treat_missing_data().unwrap_or("missing")),
    ];
    if let Some(expression) = expression {
        fields.push(Field::new("expression", expression));
    }
    fields.extend(actions(alarm.alarm_description(), alarm.alarm_actions()));
    fields
}

fn composite_alarm(alarm: &CompositeAlarm) -> Alarm {
    let mut watches = vec![
        Field::new("rule", alarm.alarm_rule()),
        Field::new("suppressor", alarm.actions_suppressor().unwrap_or_default()),
        Field::new("suppressed_reason", alarm.actions_suppressed_reason().unwrap_or_default()),
    ];
    watches.extend(actions(alarm.alarm_description(), alarm.alarm_actions()));
    Alarm {
        name: text(alarm.alarm_name()),
        arn: text(alarm.alarm_arn()),
        kind: Kind::Composite,
        state: state(alarm.state_value()),
        since: alarm.state_transitioned_timestamp().or(alarm.state_updated_timestamp()).and_then(moment),
        reason: text(alarm.state_reason()),
        actions_enabled: alarm.actions_enabled().unwrap_or(true),
        muted: false,
        suppressed_by: alarm.actions_suppressed_by().map(|by| Text::new(by.as_str())),
        evaluation: None,
        class: class(alarm.alarm_name().unwrap_or_default(), alarm.alarm_actions().iter().map(String::as_str)),
        watches,
    }
}

fn actions(description: Option<&str>, actions: &[String]) -> [Field; 2] {
    [
        Field::new("description", description.unwrap_or_default()),
        Field::new("alarm_actions", actions.iter().map(Text::from).collect::<Vec<_>>()),
    ]
}

fn dimension(dimension: &Dimension) -> Text {
    Text::new(format!("{}={}", dimension.name().unwrap_or_default(), dimension.value().unwrap_or_default()))
}
