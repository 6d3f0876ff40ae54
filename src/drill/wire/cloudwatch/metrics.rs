//! GetMetricStatistics and ListMetrics.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use winterbaume_cloudwatch::model::{Datapoint, GetMetricStatisticsOutput, ListMetricsOutput, Metric};

use super::super::{ApiError, Ask, Input, Reply, epoch, reply};
use super::{bad_token, dimensions, invalid};
use crate::drill::world::metric::{MetricId, parse_stat};
use crate::model::Stat;

/// Datapoints a GetMetricStatistics call, metrics a ListMetrics page: AWS's own numbers.
const MAX_DATAPOINTS: i64 = 1_440;
const METRICS_PAGE: usize = 500;

/// Namespace, name and dimensions of a request.
pub(super) fn metric_id(metric: Input<'_>) -> Result<MetricId, ApiError> {
    let missing = |name: &str| invalid(format!("The parameter {name} is required."));
    let namespace = metric.text("Namespace").ok_or_else(|| missing("Namespace"))?;
    let name = metric.text("MetricName").ok_or_else(|| missing("MetricName"))?;
    let mut dimensions = Vec::new();
    for dimension in metric.list("Dimensions") {
        let (Some(name), Some(value)) = (dimension.text("Name"), dimension.text("Value")) else {
            return Err(invalid("Every dimension needs a Name and a Value."));
        };
        dimensions.push((name, value));
    }
    Ok(MetricId::new(namespace, name, &dimensions))
}

/// Period in seconds: 1, 5, 10, 30 or a multiple of 60.
pub(super) fn period(input: Input<'_>) -> Result<u32, ApiError> {
    input
        .int("Period")
        .and_then(|period| u32::try_from(period).ok())
        .filter(|period| [1, 5, 10, 30].contains(period) || (*period > 0 && period.is_multiple_of(60)))
        .ok_or_else(|| invalid("The parameter Period must be 1, 5, 10, 30 or a multiple of 60."))
}

pub(super) fn get_metric_statistics(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let metric = metric_id(input)?;
    let period = period(input)?;
    let (Some(start), Some(end)) = (input.time("StartTime"), input.time("EndTime")) else {
        return Err(invalid("The parameters StartTime and EndTime are required."));
    };
    if start >= end {
        return Err(invalid("The parameter StartTime must be less than the parameter EndTime."));
    }
    if end.duration_since(start).as_secs() / i64::from(period) > MAX_DATAPOINTS {
        let message =
            "You have requested more datapoints than the limit of 1,440: reduce the time range or use a longer period.";
        return Err(ApiError::bad("InvalidParameterCombination", message));
    }
    let names = [input.texts("Statistics"), input.texts("ExtendedStatistics")].concat();
    if names.is_empty() {
        return Err(invalid("At least one of Statistics and ExtendedStatistics is required."));
    }
    let mut points: BTreeMap<Timestamp, Datapoint> = BTreeMap::new();
    for name in names {
        let stat = parse_stat(name).ok_or_else(|| invalid(format!("The statistic {name} is not supported.")))?;
        for (at, value) in ask.world.metrics.query(ask.now, &metric, stat, period, start, end) {
            let unit = Some("None".to_owned());
            let point = points.entry(at).or_insert_with(|| Datapoint {
                timestamp: Some(epoch(at)),
                unit,
                ..Datapoint::default()
            });
            match stat {
                Stat::Sum => point.sum = Some(value),
                Stat::Average => point.average = Some(value),
                Stat::Minimum => point.minimum = Some(value),
                Stat::Maximum => point.maximum = Some(value),
                Stat::SampleCount => point.sample_count = Some(value),
                Stat::Percentile(_) | Stat::PercentileTenths(_) => {
                    point.extended_statistics.get_or_insert_default().insert(name.to_owned(), value);
                }
            }
        }
    }
    reply(&GetMetricStatisticsOutput { datapoints: Some(points.into_values().collect()), label: Some(metric.name) })
}

pub(super) fn list_metrics(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let hours = if input.text("RecentlyActive").is_some() { 3 } else { 24 * 14 };
    let since = ask.now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::UNIX_EPOCH);
    let (namespace, name) = (input.text("Namespace"), input.text("MetricName"));
    let filters: Vec<(Option<&str>, Option<&str>)> =
        input.list("Dimensions").iter().map(|filter| (filter.text("Name"), filter.text("Value"))).collect();
    let has = |metric: &MetricId, (name, value): &(Option<&str>, Option<&str>)| {
        let fits = |wanted: &Option<&str>, actual: &String| wanted.is_none_or(|wanted| wanted == actual);
        metric.dimensions.iter().any(|(key, held)| fits(name, key) && fits(value, held))
    };
    let wanted = |metric: &&MetricId| {
        namespace.is_none_or(|namespace| metric.namespace == namespace)
            && name.is_none_or(|name| metric.name == name)
            && filters.iter().all(|filter| has(metric, filter))
    };
    let mut metrics: Vec<&MetricId> = ask.world.metrics.names(since, ask.now).filter(wanted).collect();
    metrics.sort();
    let filter = format!("{hours}{namespace:?}{name:?}{filters:?}");
    let page = ask.page(metrics, METRICS_PAGE, input.text("NextToken"), &filter).map_err(bad_token)?;
    let metric = |id: &MetricId| Metric {
        dimensions: Some(dimensions(id)),
        metric_name: Some(id.name.clone()),
        namespace: Some(id.namespace.clone()),
    };
    reply(&ListMetricsOutput {
        metrics: Some(page.items.into_iter().map(metric).collect()),
        next_token: page.next,
        owning_accounts: None,
    })
}
