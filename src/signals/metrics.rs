//! Series into figures: sums, rates and gauges over the periods that may be judged.

use jiff::Timestamp;

use crate::model::{Fault, MetricQuery, MetricSet, Series};

/// Periods to judge on: one bad minute is noise, five are an incident.
pub const JUDGED: usize = 5;

/// A count's series with missing points read as zero. `None`: CloudWatch did not answer, so it is unknown.
pub fn counts(metrics: &MetricSet, query: &MetricQuery) -> Option<Series> {
    metrics.get(query).map(Series::or_zero)
}

/// The newest value of a gauge among the judged periods. `None` is unknown, never zero.
pub fn gauge(metrics: &MetricSet, query: &MetricQuery) -> Option<f64> {
    metrics.get(query).and_then(|series| series.latest(JUDGED)).filter(|value| value.is_finite())
}

/// Sum over the judged periods.
pub fn sum(series: &Series) -> f64 {
    series.judged(JUDGED).iter().flatten().filter(|value| value.is_finite()).sum()
}

/// Average a second over the judged periods; zero for a series without any.
pub fn per_second(series: &Series) -> f64 {
    let seconds = series.judged(JUDGED).len() as f64 * f64::from(series.period_s);
    if seconds > 0.0 { sum(series) / seconds } else { 0.0 }
}

/// Average a minute over the judged periods; zero for a series without any.
pub fn per_minute(series: &Series) -> f64 {
    per_second(series) * 60.0
}

/// `part` of `whole` in percent over the judged periods. `None` where there was neither.
pub fn share(part: &Series, whole: &Series) -> Option<f64> {
    percentage(sum(part), sum(whole))
}

/// `part` of `whole` in percent, period by period.
pub fn share_series(part: &Series, whole: &Series) -> Series {
    part.zip(whole, |part, whole| percentage(part.unwrap_or(0.0), whole.unwrap_or(0.0)))
}

/// Errors without requests are the lag of one metric behind the other: all of them failed as far as is known.
fn percentage(part: f64, whole: f64) -> Option<f64> {
    if part <= 0.0 && whole <= 0.0 { None } else { Some((part / whole.max(part) * 100.0).clamp(0.0, 100.0)) }
}

/// Start of the first of the consecutive bad periods that reach into the judged ones.
pub fn bad_since(series: &Series, bad: impl Fn(f64) -> bool) -> Option<Timestamp> {
    let end = series.points.len().saturating_sub(1);
    let is_bad = |index: &usize| series.points[*index].is_some_and(&bad);
    let newest = (end.saturating_sub(JUDGED)..end).rev().find(is_bad)?;
    let first = (0..=newest).rev().take_while(is_bad).last()?;
    Some(series.time_of(first))
}

/// Why metrics are missing, in words for a cell, and the fault where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// `metrics denied`, or `…` while nothing has been asked.
    pub headline: String,
    /// Why they were not answered; `None` while they are awaited.
    pub fault: Option<Fault>,
}

/// The gap, where any of `queries` was not answered.
pub fn gap(metrics: &MetricSet, queries: impl IntoIterator<Item = MetricQuery>) -> Option<Gap> {
    queries.into_iter().any(|query| metrics.get(&query).is_none()).then(|| match &metrics.fault {
        Some(fault) => Gap { headline: format!("metrics {}", fault.kind.word()), fault: Some(fault.clone()) },
        None => Gap { headline: "…".to_owned(), fault: None },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[Option<f64>]) -> Series {
        Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points: points.to_vec() }
    }

    fn minute(index: i64) -> Option<Timestamp> {
        Timestamp::from_second(index * 60).ok()
    }

    #[test]
    fn the_newest_period_is_never_judged() {
        let all_in_the_newest = series(&[Some(0.0), Some(0.0), Some(100.0)]);
        assert_eq!(sum(&all_in_the_newest), 0.0);
        assert_eq!(bad_since(&all_in_the_newest, |v| v > 1.0), None);
    }

    #[test]
    fn rates_are_by_the_minute_whatever_the_period() {
        let five_minutes = Series { period_s: 300, ..series(&[Some(50.0), Some(100.0), Some(9.0)]) };
        assert_eq!(per_minute(&five_minutes), 15.0);
        assert_eq!(per_minute(&series(&[])), 0.0);
        assert_eq!(per_minute(&series(&[Some(3.0)])), 0.0);
    }

    #[test]
    fn a_share_of_nothing_is_unknown() {
        assert_eq!(share(&series(&[Some(0.0); 6]), &series(&[None; 6])), None);
        assert_eq!(share(&series(&[Some(1.0); 6]), &series(&[Some(0.0); 6])), Some(100.0));
        assert_eq!(share(&series(&[Some(1.0); 6]), &series(&[Some(4.0); 6])), Some(25.0));
    }

    #[test]
    fn badness_dates_from_its_first_consecutive_period() {
        let s = series(&[Some(9.0), Some(0.0), Some(9.0), Some(9.0), Some(9.0), Some(9.0), Some(0.0), Some(0.0)]);
        assert_eq!(bad_since(&s, |v| v > 1.0), minute(2));
        assert_eq!(bad_since(&series(&[Some(9.0); 40]), |v| v > 1.0), minute(0));
        assert_eq!(bad_since(&series(&[Some(9.0), None, Some(9.0), None]), |v| v > 1.0), minute(2));
        let long_over = series(&[Some(9.0), Some(0.0), Some(0.0), Some(0.0), Some(0.0), Some(0.0), Some(0.0)]);
        assert_eq!(bad_since(&long_over, |v| v > 1.0), None);
    }
}
