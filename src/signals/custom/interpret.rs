//! Configured metrics as severities.

use super::query;
use crate::base::Text;
use crate::config::{MetricConfig, Missing};
use crate::model::{Field, Level, MetricSet, Reading, Resource, Series, Severity};
use crate::signals::figures::{count, counted, listed, measured};
use crate::signals::metrics::{self as read, Gap};
use crate::signals::worst;

/// Minutes in which the newest point may stand: what is published every five minutes comes late by up to three.
const WITHIN: usize = 10;

/// The cell: the figure of the only metric, or how many of several are bad.
pub fn reading(configured: &[MetricConfig], metrics: &MetricSet) -> Reading {
    let gap = read::gap(metrics, configured.iter().map(query));
    let resources = configured.iter().map(|metric| resource(metric, metrics, gap.as_ref())).collect();
    let mut reading = worst::reading(resources, gap.and_then(|gap| gap.fault));
    match configured {
        [] => {}
        [only] => worst::speak(&mut reading, "value", &only.unit),
        several => speak_of(&mut reading, several.len()),
    }
    reading
}

/// `1 of 5`, and the worst of them by name; `5 ok`.
fn speak_of(reading: &mut Reading, all: usize) {
    let worst = reading.severity;
    let as_bad = worst::having(&reading.resources, worst);
    if worst > Severity::Unknown {
        let bad = reading.resources.iter().filter(|r| r.severity > Severity::Unknown).count();
        reading.headline = format!("{bad} of {all}").into();
        (reading.value, reading.unit) = (Some(bad as f64), "metrics".into());
    } else if worst == Severity::Ok {
        reading.headline = format!("{all} ok").into();
        (reading.value, reading.unit) = (Some(0.0), "metrics".into());
        return;
    } else if reading.fault.is_none() {
        let first = reading.resources.first().map(|r| r.headline.clone()).unwrap_or_default();
        reading.headline = if as_bad == all { first } else { format!("{as_bad} of {all} unknown").into() };
    }
    if let Some(first) = reading.resources.first() {
        reading.note = format!("{} {}", first.name, first.headline).into();
        reading.series = first.series.clone();
    }
    if worst > Severity::Unknown {
        let unknown = counted(worst::having(&reading.resources, Severity::Unknown), "unknown");
        if !unknown.is_empty() {
            reading.note = format!("{}, {unknown}", reading.note).into();
        }
    }
}

fn resource(metric: &MetricConfig, metrics: &MetricSet, gap: Option<&Gap>) -> Resource {
    let answered = metrics.get(&query(metric)).map(|series| scaled(series, metric));
    let newest = answered.as_ref().map(|series| match (series.latest(WITHIN), metric.missing) {
        (None, Missing::Zero) => Some(0.0),
        (value, _) => value.filter(|value| value.is_finite()),
    });
    let value = newest.flatten();
    let level = metric.level();
    let severity = match (value, level) {
        (None, _) => Severity::Unknown,
        (Some(value), Some(level)) => level.judge(value),
        (Some(_), None) => Severity::Ok,
    };
    let curve = answered.map(|series| match metric.missing {
        Missing::Zero => series.or_zero(),
        Missing::Unknown => series,
    });
    let headline = match value {
        Some(value) => measured(value, &metric.unit),
        None if newest.is_some() => "no data".to_owned(),
        None => gap.map_or("unknown".to_owned(), |gap| gap.headline.clone()),
    };
    let bad = level.filter(|_| severity > Severity::Unknown);
    Resource {
        name: Text::from(&metric.title),
        logical_name: Text::from(&metric.title),
        severity,
        headline: headline.into(),
        reason: bad.map_or(String::new(), |level| reason(metric, level, severity)).into(),
        since: bad.and_then(|level| {
            curve.as_ref().and_then(|curve| read::bad_since(curve, |value| level.judge(value) > Severity::Ok))
        }),
        series: curve,
        curve: listed([metric.metric.clone(), metric.unit.clone()]).into(),
        fields: fields(metric, value),
        ..Resource::default()
    }
}

fn scaled(series: &Series, metric: &MetricConfig) -> Series {
    let points = series.points.iter().map(|point| point.map(|value| value * metric.scale)).collect();
    Series { points, ..series.clone() }
}

fn reason(metric: &MetricConfig, level: Level, severity: Severity) -> String {
    let side = if level.critical < level.warn { "or below" } else { "or above" };
    let threshold = if severity == Severity::Critical { level.critical } else { level.warn };
    format!("{} {} at {side} {}", metric.metric, metric.statistic, measured(threshold, &metric.unit))
}

fn fields(metric: &MetricConfig, value: Option<f64>) -> Vec<Field> {
    let dimensions = metric.dimensions.iter().map(|(name, value)| Text::new(format!("{name}={value}")));
    let mut fields = vec![
        Field::with_unit("value", value, &metric.unit),
        Field::new("namespace", Text::from(&metric.namespace)),
        Field::new("metric", Text::from(&metric.metric)),
        Field::new("dimensions", dimensions.collect::<Vec<_>>()),
        Field::new("statistic", Text::new(metric.statistic.to_string())),
        Field::with_unit("period_s", count(60), "s"),
    ];
    if metric.scale != 1.0 {
        fields.push(Field::new("scale", metric.scale));
    }
    if let Some(level) = metric.level() {
        fields.push(Field::with_unit("warn", level.warn, &metric.unit));
        fields.push(Field::with_unit("critical", level.critical, &metric.unit));
    }
    fields.push(Field::new("missing", if metric.missing == Missing::Zero { "zero" } else { "unknown" }));
    fields
}
