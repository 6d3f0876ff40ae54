//! CloudWatch metrics: what to ask for and what came back.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Fault;

/// A CloudWatch statistic; as text it is what CloudWatch and the configuration call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Stat {
    /// Sum of the values.
    Sum,
    /// Sum over sample count.
    #[default]
    Average,
    /// Smallest value.
    Minimum,
    /// Largest value.
    Maximum,
    /// Number of values.
    SampleCount,
    /// A percentile, e.g. `Percentile(95)` is `p95`.
    Percentile(u8),
    /// A percentile between two whole ones, in tenths: `PercentileTenths(999)` is `p99.9`.
    PercentileTenths(u16),
}

impl fmt::Display for Stat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum => f.write_str("Sum"),
            Self::Average => f.write_str("Average"),
            Self::Minimum => f.write_str("Minimum"),
            Self::Maximum => f.write_str("Maximum"),
            Self::SampleCount => f.write_str("SampleCount"),
            Self::Percentile(p) => write!(f, "p{p}"),
            Self::PercentileTenths(tenths) => write!(f, "p{}.{}", tenths / 10, tenths % 10),
        }
    }
}

/// A text that names no statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a statistic is Sum, Average, Minimum, Maximum, SampleCount or a percentile such as p95 or p99.9")]
pub struct NotAStat;

impl FromStr for Stat {
    type Err = NotAStat;

    /// Percentiles are from p0 to p100 (CloudWatch API Reference, ExtendedStatistic), with at most one decimal.
    fn from_str(text: &str) -> Result<Self, NotAStat> {
        let named = [Self::Sum, Self::Average, Self::Minimum, Self::Maximum, Self::SampleCount];
        if let Some(stat) = named.into_iter().find(|stat| stat.to_string() == text) {
            return Ok(stat);
        }
        let number = text.strip_prefix('p').ok_or(NotAStat)?;
        let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
        let digits =
            |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole, 3) || !digits(tenth, 1) {
            return Err(NotAStat);
        }
        let (whole, tenth): (u8, u16) = (whole.parse().map_err(|_| NotAStat)?, tenth.parse().map_err(|_| NotAStat)?);
        match u16::from(whole) * 10 + tenth {
            tenths if tenths > 1000 => Err(NotAStat),
            _ if tenth == 0 => Ok(Self::Percentile(whole)),
            tenths => Ok(Self::PercentileTenths(tenths)),
        }
    }
}

impl TryFrom<String> for Stat {
    type Error = NotAStat;

    fn try_from(text: String) -> Result<Self, NotAStat> {
        text.parse()
    }
}

impl From<Stat> for String {
    fn from(stat: Stat) -> Self {
        stat.to_string()
    }
}

/// One metric asked for. Two signals that ask the same question share one query.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricQuery {
    /// e.g. `AWS/Lambda`.
    pub namespace: Cow<'static, str>,
    /// e.g. `Errors`.
    pub name: Cow<'static, str>,
    /// Name and value, in the order given; exactly these dimensions, no more.
    pub dimensions: Vec<(Cow<'static, str>, String)>,
    /// Which statistic.
    pub stat: Stat,
}

impl MetricQuery {
    /// A query for `stat` of `namespace`/`name` with exactly these dimensions.
    pub fn new(namespace: &'static str, name: &'static str, stat: Stat, dimensions: &[(&'static str, &str)]) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            dimensions: dimensions.iter().map(|(key, value)| ((*key).into(), (*value).to_owned())).collect(),
            stat,
        }
    }
}

/// Evenly spaced points, oldest first. `None` is a period for which CloudWatch had no point.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Series {
    /// Start of the first period.
    pub start: Timestamp,
    /// Length of a period in seconds.
    pub period_s: u32,
    /// One entry a period.
    pub points: Vec<Option<f64>>,
}

impl Series {
    /// A series without points.
    pub fn empty(start: Timestamp, period_s: u32, len: usize) -> Self {
        Self { start, period_s, points: vec![None; len] }
    }

    /// Start of the period with this index.
    pub fn time_of(&self, index: usize) -> Timestamp {
        let offset = i64::try_from(index).unwrap_or(i64::MAX).saturating_mul(i64::from(self.period_s));
        self.start.checked_add(SignedDuration::from_secs(offset)).unwrap_or(self.start)
    }

    /// The same with missing points read as zero: right for counts of errors and throttles, wrong for gauges. The
    /// newest period stays as it is: its point may only be late.
    #[must_use]
    pub fn or_zero(&self) -> Self {
        let mut points = self.points.clone();
        if let Some((_, settled)) = points.split_last_mut() {
            for point in settled {
                *point = point.or(Some(0.0));
            }
        }
        Self { points, ..self.clone() }
    }

    /// The `count` periods to judge on, oldest first: the newest period is left out, since metrics lag 1–3 minutes.
    pub fn judged(&self, count: usize) -> &[Option<f64>] {
        let end = self.points.len().saturating_sub(1);
        &self.points[end.saturating_sub(count)..end]
    }

    /// The newest point among the last `within` judged periods.
    pub fn latest(&self, within: usize) -> Option<f64> {
        self.judged(within).iter().rev().find_map(|p| *p)
    }

    /// Point by point: `combine(self, other)`, over the points that both have.
    #[must_use]
    pub fn zip(&self, other: &Self, combine: impl Fn(Option<f64>, Option<f64>) -> Option<f64>) -> Self {
        let points = self.points.iter().zip(&other.points).map(|(a, b)| combine(*a, *b)).collect();
        Self { points, ..self.clone() }
    }
}

/// The answers to one refresh's queries of one environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MetricSet {
    /// What was answered. A query that CloudWatch answered without points is here with an empty series.
    pub series: HashMap<MetricQuery, Arc<Series>>,
    /// Why some or all of the queries were not answered.
    pub fault: Option<Fault>,
    /// When the answer came; `None` while nothing has been asked yet.
    pub at: Option<Timestamp>,
}

impl MetricSet {
    /// The series for `query`; `None` when it was not answered (see `fault`), which is **unknown**, not zero.
    pub fn get(&self, query: &MetricQuery) -> Option<&Series> {
        self.series.get(query).map(Arc::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Sum", Some(Stat::Sum))]
    #[case("SampleCount", Some(Stat::SampleCount))]
    #[case("p5", Some(Stat::Percentile(5)))]
    #[case("p99", Some(Stat::Percentile(99)))]
    #[case("p99.9", Some(Stat::PercentileTenths(999)))]
    #[case("p95.0", Some(Stat::Percentile(95)))]
    #[case("p0.5", Some(Stat::PercentileTenths(5)))]
    #[case("sum", None)]
    #[case("p100", Some(Stat::Percentile(100)))]
    #[case("p100.1", None)]
    #[case("p101", None)]
    #[case("p999", None)]
    #[case("p99.99", None)]
    #[case("p+9", None)]
    #[case("p", None)]
    #[case("P95", None)]
    #[case("", None)]
    fn statistics_by_their_names(#[case] text: &str, #[case] stat: Option<Stat>) {
        assert_eq!(text.parse::<Stat>().ok(), stat);
    }

    proptest! {
        #[test]
        fn what_a_statistic_is_called_names_it(tenths in 0u16..=1000) {
            let text = format!("p{}.{}", tenths / 10, tenths % 10);
            let stat: Stat = text.parse().map_err(|e: NotAStat| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(stat.to_string().parse(), Ok(stat));
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,8}|p[0-9.]{0,6}") {
            let _ = text.parse::<Stat>();
        }
    }
}
