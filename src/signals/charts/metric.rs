//! A chart of the one metric that a resource's fields describe: an alarm's, or a metric row of the configuration.

use super::spec::{Chart, Kind, Line, Unit, chart, text};
use crate::model::{FieldValue, MetricQuery, Resource, Stat};

/// The chart of the metric that the fields `namespace`, `metric`, `statistic` and `dimensions` (`name=value` each) name;
/// `None` where the fields name no metric.
pub fn of(resource: &Resource) -> Option<Chart> {
    let name = text(resource, "metric")?;
    let stat = text(resource, "statistic").and_then(|stat| stat.parse().ok()).unwrap_or(Stat::Average);
    let query = MetricQuery {
        namespace: text(resource, "namespace")?.to_owned().into(),
        name: name.to_owned().into(),
        dimensions: dimensions(resource).into_iter().map(|(name, value)| (name.into(), value)).collect(),
        stat,
    };
    let kind = if matches!(stat, Stat::Sum | Stat::SampleCount) { Kind::Counter } else { Kind::Gauge };
    let line = Line { label: stat.to_string().into(), query, kind, scale: 1.0 };
    Some(chart(name, unit(name, stat), vec![line]))
}

/// The dimensions that the fields name.
pub fn dimensions(resource: &Resource) -> Vec<(String, String)> {
    let found = resource.fields.iter().find(|field| field.key == "dimensions").map(|field| &field.value);
    let Some(FieldValue::List(all)) = found else { return Vec::new() };
    let split = |text: &crate::base::Text| text.split_once('=').map(|(name, value)| (name.into(), value.into()));
    all.iter().filter_map(split).collect()
}

/// The unit that a metric's name tells; CloudWatch leaves units to whoever publishes.
fn unit(name: &str, stat: Stat) -> Unit {
    let lower = name.to_lowercase();
    let has = |word: &str| lower.contains(word);
    if stat == Stat::SampleCount {
        Unit::Count
    } else if has("utilization") || has("percent") {
        Unit::Percent
    } else if has("bytes") || has("storage") || has("memory") {
        Unit::Bytes
    } else if stat == Stat::Sum {
        Unit::Count
    } else if name == "Duration" || name == "Latency" || name == "IntegrationLatency" || lower.ends_with("ms") {
        Unit::Milliseconds
    } else if has("age") && has("oldest") || name == "TargetResponseTime" || lower.ends_with("seconds") {
        Unit::Seconds
    } else {
        Unit::Plain
    }
}
