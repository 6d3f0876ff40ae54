//! CloudWatch alarms: what they watch, when they go off, and whom they tell.

use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, Dimension, MetricAlarm, MetricDataQuery};
use futures_util::future::BoxFuture;

use super::source::{Found, Inventory};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Value};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// The inventory.
#[derive(Debug)]
pub struct Alarms;

const METRIC: &str = "alarm";
const COMPOSITE: &str = "composite alarm";

impl Inventory for Alarms {
    fn id(&self) -> &'static str {
        "alarms"
    }
    fn title(&self) -> &'static str {
        "CloudWatch alarms"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[METRIC, COMPOSITE]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["cloudwatch:DescribeAlarms"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move { Found::of(self.kinds(), alarms(session).await) })
    }
}

async fn alarms(session: &Session) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    // Without the types DescribeAlarms answers with metric alarms only (CloudWatch API Reference).
    let pages = session
        .cloudwatch()
        .describe_alarms()
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm)
        .into_paginator()
        .page_size(limits::ALARMS_PER_PAGE)
        .send();
    let alarms = all_pages(
        session,
        "DescribeAlarms",
        pages,
        |page| page.next_token(),
        |page| {
            let metric = page.metric_alarms().iter().map(metric);
            metric.chain(page.composite_alarms().iter().map(composite)).collect()
        },
    )
    .await?;
    Ok(alarms.into_iter().filter(|alarm: &Configured| selection.admits(&alarm.name, &alarm.arn)).collect())
}

fn metric(alarm: &MetricAlarm) -> Configured {
    let statistic = alarm.statistic().map(|statistic| statistic.as_str()).or(alarm.extended_statistic());
    let mut settings = vec![
        Setting::new("namespace", Value::text(alarm.namespace())),
        Setting::new("metric", Value::text(alarm.metric_name())),
        Setting::names("dimensions", Value::list(alarm.dimensions().iter().map(dimension))),
        Setting::names("expressions", Value::list(alarm.metrics().iter().map(query))),
        Setting::new("statistic", Value::text(statistic)),
        Setting::new("period_s", Value::number(alarm.period())),
        Setting::new("comparison", Value::text(alarm.comparison_operator().map(|operator| operator.as_str()))),
        Setting::new("threshold", Value::number(alarm.threshold())),
        Setting::new("evaluation_periods", Value::number(alarm.evaluation_periods())),
        // All of them, where AWS does not say (CloudWatch API Reference, MetricAlarm).
        Setting::new("datapoints_to_alarm", Value::number(alarm.datapoints_to_alarm().or(alarm.evaluation_periods()))),
        Setting::new("missing_data", Value::text(Some(alarm.treat_missing_data().unwrap_or("missing")))),
    ];
    settings.extend(actions(
        alarm.actions_enabled(),
        [alarm.alarm_actions(), alarm.ok_actions(), alarm.insufficient_data_actions()],
    ));
    Configured::new(METRIC, alarm.alarm_name().unwrap_or_default(), alarm.alarm_arn().unwrap_or_default(), settings)
}

fn composite(alarm: &CompositeAlarm) -> Configured {
    let mut settings = vec![
        Setting::names("rule", Value::text(alarm.alarm_rule())),
        Setting::names("suppressor", Value::text(alarm.actions_suppressor())),
    ];
    settings.extend(actions(
        alarm.actions_enabled(),
        [alarm.alarm_actions(), alarm.ok_actions(), alarm.insufficient_data_actions()],
    ));
    Configured::new(COMPOSITE, alarm.alarm_name().unwrap_or_default(), alarm.alarm_arn().unwrap_or_default(), settings)
}

fn actions(enabled: Option<bool>, [alarm, ok, no_data]: [&[String]; 3]) -> [Setting; 4] {
    [
        Setting::new("actions_enabled", Value::flag(enabled)),
        Setting::names("alarm_actions", Value::list(alarm)),
        Setting::names("ok_actions", Value::list(ok)),
        Setting::names("no_data_actions", Value::list(no_data)),
    ]
}

fn dimension(dimension: &Dimension) -> String {
    format!("{}={}", dimension.name().unwrap_or_default(), dimension.value().unwrap_or_default())
}

/// One query of an alarm on several metrics: `id = expression`, or `id = statistic of namespace metric dimensions`.
fn query(query: &MetricDataQuery) -> String {
    let id = query.id().unwrap_or_default();
    let stat = query.metric_stat();
    let Some((stat, metric)) = stat.and_then(|stat| Some((stat, stat.metric()?))) else {
        return format!("{id} = {}", query.expression().unwrap_or_default());
    };
    let dimensions: Vec<String> = metric.dimensions().iter().map(dimension).collect();
    format!(
        "{id} = {} of {} {} {} every {} s",
        stat.stat().unwrap_or_default(),
        metric.namespace().unwrap_or_default(),
        metric.metric_name().unwrap_or_default(),
        dimensions.join(" "),
        stat.period().unwrap_or_default()
    )
}
