//! GetMetricData, with its limits and its pages of datapoints.

use std::collections::HashSet;

use jiff::Timestamp;
use winterbaume_cloudwatch::model::{GetMetricDataOutput, MetricDataResult};

use super::super::{ApiError, Ask, Input, Reply, epoch, page, reply};
use super::metrics::{metric_id, period};
use super::{bad_token, invalid};
use crate::drill::world::metric::parse_stat;

/// Queries and datapoints a call, as CloudWatch's quotas say.
const MAX_QUERIES: usize = 500;
const MAX_DATAPOINTS: usize = 100_800;

/// One query's answer, before paging.
struct Series {
    id: String,
    label: String,
    points: Vec<(Timestamp, f64)>,
}

pub(super) fn get_metric_data(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let queries = input.list("MetricDataQueries");
    if queries.is_empty() {
        return Err(invalid("The parameter MetricDataQueries is required."));
    }
    if queries.len() > MAX_QUERIES {
        return Err(invalid("The collection MetricDataQueries must not have a size greater than 500."));
    }
    let (Some(start), Some(end)) = (input.time("StartTime"), input.time("EndTime")) else {
        return Err(invalid("The parameters StartTime and EndTime are required."));
    };
    if start >= end {
        return Err(invalid("The parameter StartTime must be less than the parameter EndTime."));
    }
    let oldest_first = input.text("ScanBy") == Some("TimestampAscending");
    let mut ids = HashSet::new();
    let mut all = Vec::with_capacity(queries.len());
    for query in &queries {
        let series = series(ask, *query, start, end, oldest_first)?;
        if !ids.insert(series.id.clone()) {
            return Err(invalid(format!(
                "The values for parameter id in MetricDataQueries are not unique: {}",
                series.id
            )));
        }
        if query.flag("ReturnData") != Some(false) {
            all.push(series);
        }
    }
    let limit = ask.size("MaxDatapoints", MAX_DATAPOINTS, MAX_DATAPOINTS);
    let list = ask.list(&format!("{start}{end}{oldest_first}{}", all.len()));
    let from = input.text("NextToken").map_or(Ok(0), |token| page::read(token, &list)).map_err(bad_token)?;
    let (results, next) = cut(all, from, limit);
    reply(&GetMetricDataOutput {
        messages: Some(Vec::new()),
        metric_data_results: Some(results),
        next_token: next.map(|next| page::write(next, &list)),
    })
}

fn series(
    ask: &Ask<'_>,
    query: Input<'_>,
    start: Timestamp,
    end: Timestamp,
    oldest_first: bool,
) -> Result<Series, ApiError> {
    let id = query.text("Id").unwrap_or_default();
    let good = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && id.len() <= 255;
    if !good {
        return Err(invalid(format!(
            "The value {id} for parameter MetricDataQueries.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
        )));
    }
    if query.has("Expression") {
        return Err(invalid("The drill does not offer metric math: MetricDataQueries.Expression."));
    }
    let Some(stat) = query.inner("MetricStat") else {
        return Err(invalid("Either MetricStat or Expression is required for every member of MetricDataQueries."));
    };
    let metric = stat.inner("Metric").ok_or_else(|| invalid("MetricStat.Metric is required.")).and_then(metric_id)?;
    let period = period(stat)?;
    let name = stat.text("Stat").unwrap_or_default();
    let statistic = parse_stat(name)
        .ok_or_else(|| invalid(format!("The value {name} for parameter MetricStat.Stat is not supported.")))?;
    let mut points = ask.world.metrics.query(ask.now, &metric, statistic, period, start, end);
    if !oldest_first {
        points.reverse();
    }
    let label = query.text("Label").map_or(metric.name, str::to_owned);
    Ok(Series { id: id.to_owned(), label, points })
}

/// The datapoints from number `from`, at most `limit`, counted through all series; and the number to go on with.
/// Every series stands on at least one page, also one without datapoints.
fn cut(all: Vec<Series>, from: usize, limit: usize) -> (Vec<MetricDataResult>, Option<usize>) {
    let total: usize = all.iter().map(|series| series.points.len()).sum();
    let until = from.saturating_add(limit);
    let mut results = Vec::new();
    let mut before = 0;
    for series in all {
        let (begins, ends) = (before, before + series.points.len());
        before = ends;
        let starts_here = begins >= from && (begins < until || begins == total);
        let goes_on_here = begins < from && ends > from;
        if !(starts_here || goes_on_here) {
            continue;
        }
        let skip = from.saturating_sub(begins);
        let points: Vec<_> =
            series.points.into_iter().skip(skip).take(until.saturating_sub(begins.max(from))).collect();
        let status = if ends > until { "PartialData" } else { "Complete" };
        results.push(MetricDataResult {
            id: Some(series.id),
            label: Some(series.label),
            messages: None,
            status_code: Some(status.to_owned()),
            timestamps: Some(points.iter().map(|(at, _)| epoch(*at)).collect()),
            values: Some(points.iter().map(|(_, value)| *value).collect()),
        });
    }
    (results, (until < total).then_some(until))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::cast_precision_loss, reason = "small whole numbers")]
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn pages_of_every_size_carry_every_point_and_every_series_once() {
        let lengths = [0usize, 3, 0, 1, 5, 0];
        let all = || {
            let point = |n: usize| (Timestamp::UNIX_EPOCH, n as f64);
            let of = |(i, n): (usize, &usize)| Series {
                id: format!("s{i}"),
                label: String::new(),
                points: (0..*n).map(point).collect(),
            };
            lengths.iter().enumerate().map(of).collect::<Vec<_>>()
        };
        for limit in 1..=10 {
            let (mut from, mut seen) = (0, BTreeMap::<String, Vec<f64>>::new());
            let mut complete = 0;
            loop {
                let (results, next) = cut(all(), from, limit);
                assert!(results.iter().map(|r| r.values.as_ref().unwrap().len()).sum::<usize>() <= limit);
                for result in results {
                    complete += usize::from(result.status_code.as_deref() == Some("Complete"));
                    seen.entry(result.id.unwrap()).or_default().extend(result.values.unwrap());
                }
                match next {
                    Some(next) => from = next,
                    None => break,
                }
            }
            assert_eq!(complete, lengths.len(), "limit {limit}");
            for (i, n) in lengths.iter().enumerate() {
                assert_eq!(seen[&format!("s{i}")], (0..*n).map(|n| n as f64).collect::<Vec<_>>(), "limit {limit}");
            }
        }
    }
}
