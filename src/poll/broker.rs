//! The metric broker: everybody's queries of one environment in the fewest GetMetricData calls.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind, MetricQuery, MetricSet, Series};

/// Seconds in a period: CloudWatch keeps one-minute points for 15 days.
pub const PERIOD_S: u32 = 60;
/// Periods in the window. 500 queries × 60 points stay below the 100,800 points of one call.
pub const PERIODS: usize = 60;

/// Start of the window that ends with the last full minute before `now`.
pub fn window_start(now: Timestamp) -> Timestamp {
    Window::before(now, PERIODS).start
}

/// Asks for all `queries`, 500 a call, calls side by side. What one call cannot answer does not hurt the others: it is
/// missing from the set and the set says why.
pub async fn fetch(session: &Session, queries: &BTreeSet<MetricQuery>, now: Timestamp) -> MetricSet {
    fetch_window(session, queries, Window::before(now, PERIODS), now).await
}

/// Evenly spaced periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Start of the first period.
    pub start: Timestamp,
    /// Length of a period in seconds: 60 or a multiple of it.
    pub period_s: u32,
    /// How many.
    pub periods: usize,
}

impl Window {
    /// The `periods` full minutes before `now`. Up to 200 of 500 queries stay below the 100,800 points of one call.
    pub fn before(now: Timestamp, periods: usize) -> Self {
        let end = now.as_second() - now.as_second().rem_euclid(i64::from(PERIOD_S));
        let length = i64::from(PERIOD_S) * i64::try_from(periods).unwrap_or(0);
        Self { start: Timestamp::from_second(end - length).unwrap_or(now), period_s: PERIOD_S, periods }
    }

    fn end(self) -> Timestamp {
        let length = i64::from(self.period_s) * i64::try_from(self.periods).unwrap_or(0);
        self.start.checked_add(SignedDuration::from_secs(length)).unwrap_or(self.start)
    }
}

/// Asks for all `queries` over a window. `answered` is when that is said to have been.
pub async fn fetch_window(
    session: &Session,
    queries: &BTreeSet<MetricQuery>,
    window: Window,
    answered: Timestamp,
) -> MetricSet {
    let all: Vec<&MetricQuery> = queries.iter().collect();
    let calls = all.chunks(limits::METRIC_QUERIES_PER_CALL).map(|batch| fetch_batch(session, batch, window));
    let mut set = MetricSet { at: Some(answered), ..MetricSet::default() };
    for (series, fault) in join_all(calls).await {
        set.series.extend(series);
        set.fault = set.fault.or(fault);
    }
    set
}

type Batch = (HashMap<MetricQuery, Arc<Series>>, Option<Fault>);

async fn fetch_batch(session: &Session, batch: &[&MetricQuery], window: Window) -> Batch {
    let empty = Series::empty(window.start, window.period_s, window.periods);
    let mut gathered: Vec<Series> = vec![empty; batch.len()];
    let mut unanswered: HashSet<usize> = (0..batch.len()).collect();
    let mut fault = None;
    let mut token: Option<String> = None;
    let queries: Vec<MetricDataQuery> =
        batch.iter().enumerate().map(|(id, query)| wire_query(id, query, window.period_s)).collect();
    loop {
        let request = session
            .cloudwatch()
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(DateTime::from_secs(window.start.as_second()))
            .end_time(DateTime::from_secs(window.end().as_second()))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(token.clone());
        session.meter.metrics_requested(batch.len());
        let page = match request.send().await {
            Ok(page) => page,
            Err(error) => return (HashMap::new(), Some(session.fault("GetMetricData", &error))),
        };
        for result in page.metric_data_results() {
            match absorb(result, &mut gathered) {
                Ok(index) => {
                    unanswered.remove(&index);
                }
                Err(problem) => fault = fault.or(problem),
            }
        }
        let next = page.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_some() && next == token {
            return (HashMap::new(), Some(Fault::new(FaultKind::Service, "GetMetricData", "the same page came twice")));
        }
        match next {
            Some(next) => token = Some(next),
            None => break,
        }
    }
    if !unanswered.is_empty() && fault.is_none() {
        fault = Some(Fault::new(
            FaultKind::Service,
            "GetMetricData",
            format!("{} of {} metrics were not answered", unanswered.len(), batch.len()),
        ));
    }
    let answered = gathered.into_iter().enumerate().filter(|(index, _)| !unanswered.contains(index));
    (answered.map(|(index, series)| (batch[index].clone(), Arc::new(series))).collect(), fault)
}

fn wire_query(id: usize, query: &MetricQuery, period_s: u32) -> MetricDataQuery {
    let dimensions =
        query.dimensions.iter().map(|(name, value)| Dimension::builder().name(&**name).value(value).build());
    let metric = Metric::builder()
        .namespace(&*query.namespace)
        .metric_name(&*query.name)
        .set_dimensions(Some(dimensions.collect()))
        .build();
    let stat = MetricStat::builder()
        .metric(metric)
        .period(i32::try_from(period_s).unwrap_or(60))
        .stat(query.stat.to_string())
        .build();
    MetricDataQuery::builder().id(format!("q{id}")).metric_stat(stat).return_data(true).build()
}

/// Puts a result's points into its series and returns the query's index. `Err` for a result that answers nothing,
/// with the reason where it says one.
fn absorb(result: &MetricDataResult, gathered: &mut [Series]) -> Result<usize, Option<Fault>> {
    let index = result.id().and_then(|id| id.strip_prefix('q')).and_then(|id| id.parse::<usize>().ok()).ok_or(None)?;
    let series = gathered.get_mut(index).ok_or(None)?;
    let refused = |kind, word: &str| {
        let detail = result.messages().iter().filter_map(|m| m.value()).collect::<Vec<_>>().join(" ");
        Err(Some(Fault::new(kind, "GetMetricData", format!("{word} {detail}").trim())))
    };
    match result.status_code() {
        Some(StatusCode::Forbidden) => return refused(FaultKind::Denied, "Forbidden"),
        Some(StatusCode::InternalError) => return refused(FaultKind::Service, "InternalError"),
        _ => {}
    }
    for (at, value) in result.timestamps().iter().zip(result.values()) {
        let offset = at.secs() - series.start.as_second();
        let slot = usize::try_from(offset.div_euclid(i64::from(series.period_s.max(1)))).ok();
        if let Some(point) = slot.and_then(|slot| series.points.get_mut(slot)) {
            *point = Some(*value).filter(|value| value.is_finite());
        }
    }
    Ok(index)
}
