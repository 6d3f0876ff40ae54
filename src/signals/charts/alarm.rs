//! The chart of an alarm: its own metric with its threshold; and which alarms are about which resource.

use super::metric;
use super::spec::{Chart, Charts, Limit, number, text};
use crate::model::{MetricQuery, Resource, Stat};

/// The alarm's metric and its threshold. A composite alarm watches no metric and has no chart.
pub fn charts(alarm: &Resource) -> Charts {
    let chart = metric::of(alarm).map(|mut chart| {
        chart.limits.extend(limit(alarm));
        chart
    });
    let identity = metric::dimensions(alarm);
    Charts { charts: chart.into_iter().collect(), identity, place: Vec::new() }
}

/// True when `alarm` is about the resource that `charts` belong to: it has all dimensions of its identity and none
/// with another value. A metric of its own, which has no identity, is named by its name and all its dimensions.
pub fn is_about(alarm: &Resource, charts: &Charts) -> bool {
    if charts.identity.is_empty() {
        return charts.charts.iter().flat_map(|chart| &chart.lines).any(|line| watches(alarm, &line.query));
    }
    let own = metric::dimensions(alarm);
    let has = |wanted: &(String, String)| own.contains(wanted);
    let contradicts = |(name, value): &(String, String)| own.iter().any(|(n, v)| n == name && v != value);
    charts.identity.iter().all(has) && !charts.place.iter().any(contradicts)
}

/// True when `alarm` watches exactly this metric, whatever the statistic.
fn watches(alarm: &Resource, query: &MetricQuery) -> bool {
    let own = metric::dimensions(alarm);
    let same =
        |(name, value): &(std::borrow::Cow<'static, str>, String)| own.iter().any(|(n, v)| n == name && v == value);
    text(alarm, "namespace") == Some(&*query.namespace)
        && text(alarm, "metric") == Some(&*query.name)
        && own.len() == query.dimensions.len()
        && query.dimensions.iter().all(same)
}

/// Draws the threshold of `alarm` into the chart of the same metric. True when there was one.
pub fn draw_into(alarm: &Resource, charts: &mut [Chart]) -> bool {
    let (namespace, name) = (text(alarm, "namespace"), text(alarm, "metric"));
    let stat = text(alarm, "statistic").and_then(|stat| stat.parse::<Stat>().ok());
    let (Some(limit), Some(stat)) = (limit(alarm), stat) else { return false };
    let dimensions = metric::dimensions(alarm);
    for chart in charts {
        let same = chart.lines.iter().find(|line| {
            let query = &line.query;
            let asked =
                query.dimensions.iter().all(|(n, v)| dimensions.iter().any(|(own, value)| own == n && value == v));
            Some(&*query.namespace) == namespace && Some(&*query.name) == name && query.stat == stat && asked
        });
        if let Some(line) = same {
            chart.limits.push(Limit { value: limit.value * line.scale, ..limit });
            return true;
        }
    }
    false
}

/// The threshold as it compares with points of a minute: a sum over five minutes is five times as much.
fn limit(alarm: &Resource) -> Option<Limit> {
    let threshold = number(alarm, "threshold")?;
    let period = number(alarm, "period_s").filter(|period| *period > 0.0).unwrap_or(60.0);
    let sums = matches!(text(alarm, "statistic"), Some("Sum" | "SampleCount"));
    if sums && period != 60.0 {
        let label = format!("{} {} in {} min", alarm.name, threshold, period / 60.0);
        return Some(Limit { label: label.into(), value: threshold * 60.0 / period });
    }
    Some(Limit { label: alarm.name.clone(), value: threshold })
}
