//! The metric store: per-minute points, statistics over periods, and the delay with which points appear.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::model::Stat;

/// Name of a metric: namespace, name and exactly these dimensions, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricId {
    /// e.g. `AWS/Lambda`.
    pub namespace: String,
    /// e.g. `Errors`.
    pub name: String,
    /// Name and value.
    pub dimensions: Vec<(String, String)>,
}

impl MetricId {
    /// A name; the dimensions may come in any order.
    pub fn new(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Self {
        let mut dimensions: Vec<_> =
            dimensions.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        dimensions.sort();
        Self { namespace: namespace.to_owned(), name: name.to_owned(), dimensions }
    }
}

/// What was reported of a metric in one minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Sum of the values.
    pub sum: f64,
    /// Number of values.
    pub count: f64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// p50, p90, p95 and p99.
    pub quantiles: [f64; 4],
}

/// The percentiles that a [`Point`] keeps.
const QUANTILES: [f64; 4] = [0.50, 0.90, 0.95, 0.99];

impl Point {
    /// One value, reported once.
    pub fn gauge(value: f64) -> Self {
        Self { sum: value, count: 1.0, min: value, max: value, quantiles: [value; 4] }
    }

    /// Values that were each reported once, by several resources or at several times. `None` for no values.
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let count = f64::from(u32::try_from(sorted.len()).ok()?);
        let quantile = |q: f64| {
            let above =
                |place: &&f64| sorted.iter().filter(|other| *other <= *place).map(|_| 1.0).sum::<f64>() >= q * count;
            sorted.iter().find(above).copied().unwrap_or(max)
        };
        Some(Self { sum: sorted.iter().sum(), count, min, max, quantiles: QUANTILES.map(quantile) })
    }

    /// `hits` of `trials` that each reported 1 or 0, such as errors of invocations.
    pub fn ratio(hits: f64, trials: f64) -> Self {
        let share = if trials > 0.0 { hits / trials } else { 0.0 };
        let quantiles = QUANTILES.map(|q| if share > 1.0 - q { 1.0 } else { 0.0 });
        Self {
            sum: hits,
            count: trials,
            min: if hits < trials { 0.0 } else { 1.0 },
            max: if hits > 0.0 { 1.0 } else { 0.0 },
            quantiles,
        }
    }

    /// `count` values that add up to `sum` and are all alike, such as the units of requests.
    pub fn total(sum: f64, count: f64) -> Self {
        let each = if count > 0.0 { sum / count } else { 0.0 };
        Self { sum, count, min: each, max: each, quantiles: [each; 4] }
    }

    /// `count` values with this mean, spread as `quantile` says.
    pub fn spread(count: f64, mean: f64, quantile: impl Fn(f64) -> f64) -> Self {
        let outermost = 0.5 / count.max(1.0);
        Self {
            sum: mean * count,
            count,
            min: quantile(outermost),
            max: quantile(1.0 - outermost),
            quantiles: QUANTILES.map(&quantile),
        }
    }

    fn percentile(&self, p: f64) -> f64 {
        let known = [
            (0.0, self.min),
            (QUANTILES[0], self.quantiles[0]),
            (QUANTILES[1], self.quantiles[1]),
            (QUANTILES[2], self.quantiles[2]),
            (QUANTILES[3], self.quantiles[3]),
            (1.0, self.max),
        ];
        known
            .windows(2)
            .find(|pair| p <= pair[1].0)
            .map(|pair| pair[0].1 + (pair[1].1 - pair[0].1) * (p - pair[0].0) / (pair[1].0 - pair[0].0))
            .unwrap_or(self.max)
    }
}

/// A statistic's name in the API, e.g. `Average`, `p95`; `None` for what the drill does not know.
pub fn parse_stat(name: &str) -> Option<Stat> {
    Some(match name {
        "Sum" => Stat::Sum,
        "Average" => Stat::Average,
        "Minimum" => Stat::Minimum,
        "Maximum" => Stat::Maximum,
        "SampleCount" => Stat::SampleCount,
        other => other.parse().ok()?,
    })
}

/// Handle of a series in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesId(usize);

#[derive(Debug, Clone)]
struct Stored {
    id: MetricId,
    delay_s: i64,
    points: VecDeque<(i64, Point)>,
}

/// Minutes that are kept.
const KEPT_MINUTES: i64 = 6 * 60;

/// All series of one account and region.
#[derive(Debug, Clone, Default)]
pub struct MetricStore {
    index: HashMap<MetricId, SeriesId>,
    series: Vec<Stored>,
}

impl MetricStore {
    /// The handle for `id`, made when it is new.
    pub fn handle(&mut self, id: MetricId) -> SeriesId {
        if let Some(known) = self.index.get(&id) {
            return *known;
        }
        let handle = SeriesId(self.series.len());
        // CloudWatch shows a point 20 to 50 s after its minute; each metric has its own delay.
        let delay_s = 20 + i64::try_from(super::hash::of(&id) % 31).unwrap_or(0);
        self.index.insert(id.clone(), handle);
        self.series.push(Stored { id, delay_s, points: VecDeque::new() });
        handle
    }

    /// Keeps `point` for the minute that begins at `minute` × 60 s after the epoch. Minutes come in order.
    pub fn record(&mut self, series: SeriesId, minute: i64, point: Point) {
        let Some(stored) = self.series.get_mut(series.0) else { return };
        stored.points.push_back((minute, point));
        while stored.points.front().is_some_and(|(oldest, _)| *oldest <= minute - KEPT_MINUTES) {
            stored.points.pop_front();
        }
    }

    /// What was reported of a metric in a minute, visible or not.
    pub fn point(&self, id: &MetricId, minute: i64) -> Option<&Point> {
        let points = &self.series.get(self.index.get(id)?.0)?.points;
        points.iter().rev().take_while(|(at, _)| *at >= minute).find(|(at, _)| *at == minute).map(|(_, point)| point)
    }

    /// What was reported for a minute, also before it is visible.
    pub fn recorded(&self, id: &MetricId, minute: i64) -> Option<&Point> {
        let stored = self.index.get(id).and_then(|handle| self.series.get(handle.0))?;
        let place = stored.points.partition_point(|(known, _)| *known < minute);
        stored.points.get(place).filter(|(known, _)| *known == minute).map(|(_, point)| point)
    }

    /// Names of all metrics that have a visible point since `since`.
    pub fn names(&self, since: Timestamp, now: Timestamp) -> impl Iterator<Item = &MetricId> {
        let from = since.as_second().div_euclid(60);
        self.series
            .iter()
            .filter(move |stored| {
                stored.points.iter().any(|(minute, _)| *minute >= from && stored.visible(*minute, now))
            })
            .map(|stored| &stored.id)
    }

    /// Points from `start` (rounded down to the period) up to, not including, `end`, oldest first, as far as they are
    /// visible at `now`. Periods without data have no point. A period below 60 s counts as 60 s.
    pub fn query(
        &self,
        now: Timestamp,
        id: &MetricId,
        stat: Stat,
        period_s: u32,
        start: Timestamp,
        end: Timestamp,
    ) -> Vec<(Timestamp, f64)> {
        let Some(stored) = self.index.get(id).and_then(|handle| self.series.get(handle.0)) else { return Vec::new() };
        let minutes = i64::from(period_s.max(60) / 60);
        let first = start.as_second().div_euclid(minutes * 60) * minutes;
        let last = end.as_second().saturating_add(59).div_euclid(60);
        let mut answer = Vec::new();
        let mut bin: Option<(i64, Gathered)> = None;
        let from = stored.points.partition_point(|(minute, _)| *minute < first);
        let visible = stored.points.range(from..).take_while(|(m, _)| *m < last && stored.visible(*m, now));
        for (minute, point) in visible {
            let begins = minute.div_euclid(minutes) * minutes;
            match &mut bin {
                Some((current, gathered)) if *current == begins => gathered.add(point),
                _ => {
                    answer.extend(bin.take().and_then(|(begins, gathered)| gathered.answer(begins, stat)));
                    bin = Some((begins, Gathered::new(*point)));
                }
            }
        }
        answer.extend(bin.and_then(|(begins, gathered)| gathered.answer(begins, stat)));
        answer
    }
}

impl Stored {
    fn visible(&self, minute: i64, now: Timestamp) -> bool {
        (minute + 1) * 60 + self.delay_s <= now.as_second()
    }
}

/// The points of one period.
struct Gathered {
    total: Point,
    weight: f64,
}

impl Gathered {
    fn new(point: Point) -> Self {
        Self { total: point, weight: point.count }
    }

    fn add(&mut self, point: &Point) {
        let weight = self.weight + point.count;
        let share = if weight > 0.0 { point.count / weight } else { 0.5 };
        for (mine, other) in self.total.quantiles.iter_mut().zip(point.quantiles) {
            *mine += (other - *mine) * share;
        }
        self.total.sum += point.sum;
        self.total.count += point.count;
        self.total.min = self.total.min.min(point.min);
        self.total.max = self.total.max.max(point.max);
        self.weight = weight;
    }

    fn answer(&self, minute: i64, stat: Stat) -> Option<(Timestamp, f64)> {
        let point = &self.total;
        let value = match stat {
            Stat::Sum => point.sum,
            Stat::Average => point.sum / point.count.max(f64::MIN_POSITIVE),
            Stat::Minimum => point.min,
            Stat::Maximum => point.max,
            Stat::SampleCount => point.count,
            Stat::Percentile(p) => point.percentile(f64::from(p) / 100.0),
            Stat::PercentileTenths(p) => point.percentile(f64::from(p) / 1000.0),
        };
        Some((Timestamp::from_second(minute * 60).ok()?, value))
    }
}
