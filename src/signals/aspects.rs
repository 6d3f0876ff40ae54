//! A resource that is judged by several figures and states: the worst of them speaks for it.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Fault, Field, Level, MetricQuery, MetricSet, Reading, Resource, Series, Severity};
use crate::signals::events::UNTOLD;
use crate::signals::figures::{counted, listed};
use crate::signals::metrics as read;
use crate::signals::worst::{self, OFF};

/// A measured figure with the curve that it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The figure; `None` is unknown.
    pub value: Option<f64>,
    /// Its unit, e.g. `%`.
    pub unit: &'static str,
    /// Its curve, in the same unit; `None` where CloudWatch did not answer.
    pub series: Option<Series>,
    /// What the curve shows and in what: `CPUUtilization, %`.
    pub curve: String,
    /// Why there is none, in words for a cell: `metrics denied`, `no data`.
    pub missing: String,
}

impl Figure {
    /// The newest value of a gauge, times `scale`.
    pub fn gauge(metrics: &MetricSet, query: &MetricQuery, scale: f64, unit: &'static str) -> Self {
        let series = metrics.get(query).map(|series| {
            let points = series.points.iter().map(|point| point.map(|value| value * scale)).collect();
            Series { points, ..series.clone() }
        });
        let value = read::gauge(metrics, query).map(|value| value * scale);
        Self { value, unit, series, curve: curve(query, unit), missing: missing(metrics, query) }
    }

    /// A count by the minute, over the judged periods; missing points are zero.
    pub fn per_minute(metrics: &MetricSet, query: &MetricQuery) -> Self {
        let series = read::counts(metrics, query).map(|series| {
            let minutes = f64::from(series.period_s) / 60.0;
            let points = series.points.iter().map(|point| point.map(|value| value / minutes)).collect();
            Series { points, ..series }
        });
        let value = read::counts(metrics, query).as_ref().map(read::per_minute);
        Self { value, unit: "/min", series, curve: curve(query, "/min"), missing: missing(metrics, query) }
    }

    /// A figure that is not asked for: neither known nor missed.
    pub fn none(unit: &'static str) -> Self {
        Self { value: None, unit, series: None, curve: String::new(), missing: String::new() }
    }

    /// The figure as a detail.
    pub fn field(&self, key: &str) -> Field {
        Field::with_unit(key, self.value, self.unit)
    }

    /// Judged; unknown where the figure is, except by a level that is off.
    pub fn judged(&self, level: Level, words: impl Fn(f64) -> String) -> Aspect {
        if self.value.is_none() && level != OFF {
            return Aspect { severity: Severity::Unknown, words: self.missing.clone(), ..Aspect::calm() };
        }
        self.judged_if_known(level, words)
    }

    /// Judged where it is known: a figure that is missing takes nothing away from the others.
    pub fn judged_if_known(&self, level: Level, words: impl Fn(f64) -> String) -> Aspect {
        let Some(value) = self.value else { return Aspect::calm() };
        let severity = level.judge(value);
        let bad = |value: f64| level.judge(value) > Severity::Ok;
        Aspect {
            severity,
            words: words(value),
            detail: String::new(),
            excess: excess(level, value, severity),
            value: Some(value),
            unit: self.unit,
            since: self.series.as_ref().filter(|_| severity > Severity::Ok).and_then(|s| read::bad_since(s, bad)),
            series: self.series.clone(),
            curve: self.curve.clone(),
        }
    }
}

fn curve(query: &MetricQuery, unit: &str) -> String {
    listed([query.name.to_string(), unit.to_owned()])
}

fn missing(metrics: &MetricSet, query: &MetricQuery) -> String {
    read::gap(metrics, [query.clone()]).map_or_else(|| "no data".to_owned(), |gap| gap.headline)
}

/// How far a value is beyond the threshold that it crossed, as a ratio.
fn excess(level: Level, value: f64, severity: Severity) -> f64 {
    let threshold = if severity == Severity::Critical { level.critical } else { level.warn };
    let ratio = if level.critical < level.warn { threshold / value } else { value / threshold };
    if ratio.is_nan() { 0.0 } else { ratio.clamp(0.0, f64::MAX) }
}

/// One thing that a resource is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Aspect {
    /// What it alone would make of the resource.
    pub severity: Severity,
    /// For a cell: `CPU 93 %`, `failing-over`.
    pub words: String,
    /// More than the words, where AWS says more.
    pub detail: String,
    /// How far beyond its threshold: of two that are equally severe the one further beyond speaks.
    pub excess: f64,
    /// The figure, where it has one.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: &'static str,
    /// Since when it is bad, where known.
    pub since: Option<Timestamp>,
    /// The curve behind it.
    pub series: Option<Series>,
    /// What that shows and in what.
    pub curve: String,
}

impl Aspect {
    /// A state in words. It speaks before figures of the same severity.
    pub fn state(severity: Severity, words: impl Into<String>) -> Self {
        Self { severity, words: words.into(), excess: f64::INFINITY, ..Self::calm() }
    }

    /// The same with what AWS says about it.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn calm() -> Self {
        Self {
            severity: Severity::Ok,
            words: String::new(),
            detail: String::new(),
            excess: 0.0,
            value: None,
            unit: "",
            since: None,
            series: None,
            curve: String::new(),
        }
    }

    fn speaks_before(&self, other: &Self) -> bool {
        (self.severity, self.excess) > (other.severity, other.excess)
    }
}

/// A resource as bad as the worst that it is judged by.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The resource.
    pub resource: Resource,
    worst: Aspect,
}

impl Judged {
    /// Gives `resource` its severity, headline, reason, time and curve. `calm` is its headline while all is well.
    pub fn new(mut resource: Resource, aspects: Vec<Aspect>, calm: impl Into<String>) -> Self {
        let bad = || aspects.iter().filter(|aspect| aspect.severity >= Severity::Warning);
        let reasons = bad().map(|a| if a.detail.is_empty() { a.words.clone() } else { a.detail.clone() });
        let reason = listed(reasons);
        let curves = aspects.iter().filter(|aspect| aspect.series.is_some());
        let worse = |a: &Aspect, b: &Aspect| a.severity > Severity::Ok && a.speaks_before(b);
        let curve = curves
            .reduce(|worst, a| if worse(a, worst) { a } else { worst })
            .map(|a| (a.series.clone(), a.curve.clone()));
        let worst = aspects.into_iter().reduce(|worst, a| if a.speaks_before(&worst) { a } else { worst });
        let worst = worst.unwrap_or_else(Aspect::calm);
        let headline = if worst.severity > Severity::Ok { worst.words.clone() } else { calm.into() };
        resource.severity = worst.severity;
        resource.headline = if headline.is_empty() { "unknown".into() } else { headline.into() };
        resource.reason = if *resource.headline == *reason { resource.reason } else { reason.into() };
        resource.since = worst.since;
        let own = worst.series.is_some().then(|| (worst.series.clone(), worst.curve.clone()));
        let (series, shown) = own.or(curve).unwrap_or_default();
        (resource.series, resource.curve) = (series, shown.into());
        Self { resource, worst }
    }

    /// One of which `unsure` says why its past is not fully known. What is critical by what is known was critical,
    /// whatever else there was; everything else is unknown, because it may have been worse.
    pub fn partly(resource: Resource, known: Vec<Aspect>, unsure: &Text) -> Self {
        let judged = Self::new(resource, known, UNTOLD);
        if judged.resource.severity != Severity::Critical {
            return Self::unknown(judged.resource, unsure);
        }
        let reason = listed([judged.resource.reason.to_string(), unsure.to_string()]).into();
        Self { resource: Resource { reason, ..judged.resource }, ..judged }
    }

    /// One that was not described, or of which `unsure` says why its past is not known.
    pub fn unknown(resource: Resource, unsure: &Text) -> Self {
        let words = if unsure.is_empty() { "not described" } else { UNTOLD };
        let mut judged = Self::new(resource, vec![Aspect::state(Severity::Unknown, words)], "");
        judged.resource.reason = unsure.clone();
        judged
    }
}

/// The cell: the resource that is furthest beyond speaks; while all are well, `calm` sets headline, note and number.
pub fn reading(judged: Vec<Judged>, fault: Option<Fault>, calm: impl FnOnce(&mut Reading)) -> Reading {
    let mut speaker: Option<&Judged> = None;
    for candidate in &judged {
        let first = speaker.is_none_or(|speaker| {
            candidate.worst.speaks_before(&speaker.worst)
                || (!speaker.worst.speaks_before(&candidate.worst) && candidate.resource.name < speaker.resource.name)
        });
        if first {
            speaker = Some(candidate);
        }
    }
    let said = speaker.map(|s| (s.resource.headline.clone(), s.resource.series.clone(), s.worst.value, s.worst.unit));
    let mut reading = worst::reading(judged.into_iter().map(|judged| judged.resource).collect(), fault);
    match said {
        Some((headline, series, value, unit)) if reading.severity > Severity::Ok => {
            reading.headline = headline;
            reading.series = series;
            reading.value = value;
            reading.unit = unit.into();
            if reading.severity > Severity::Unknown {
                reading.note = counted(worst::having(&reading.resources, Severity::Unknown), "unknown").into();
            }
        }
        Some(_) => calm(&mut reading),
        None => {}
    }
    reading
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::Stat;
    use crate::signals::figures::percent;
    use crate::signals::testing::{metrics, minute, silent, steady};

    const RISING: Level = Level { warn: 80.0, critical: 95.0 };
    const FALLING: Level = Level { warn: 2.0, critical: 1.0 };

    fn query() -> MetricQuery {
        MetricQuery::new("AWS/X", "M", Stat::Average, &[])
    }

    fn figure(points: Option<Vec<Option<f64>>>) -> Figure {
        Figure::gauge(&metrics(&[query()], |_| points.clone()), &query(), 0.5, "%")
    }

    fn judged(name: &str, aspects: Vec<Aspect>) -> Judged {
        Judged::new(Resource { name: name.into(), ..Resource::default() }, aspects, "fine")
    }

    #[test]
    fn a_gauge_has_value_curve_and_time() {
        let aspect = figure(steady(180.0)).judged(RISING, percent);
        assert_eq!(
            (aspect.severity, aspect.words.as_str(), aspect.since),
            (Severity::Warning, "90.0 %", Some(minute(0)))
        );
        assert_eq!(aspect.curve, "M, %");
        assert_eq!(judged("a", vec![aspect.clone()]).resource.curve, "M, %");
        assert_eq!(aspect.series.unwrap().points[0], Some(90.0));
    }

    #[test]
    fn a_missing_gauge_is_unknown_and_says_why() {
        let words = |points| figure(points).judged(RISING, percent);
        assert_eq!((words(silent()).severity, words(silent()).words.as_str()), (Severity::Unknown, "no data"));
        assert_eq!(words(None).words, "…");
        assert_eq!(figure(None).judged(OFF, percent).severity, Severity::Ok);
        assert_eq!(figure(None).judged_if_known(RISING, percent).severity, Severity::Ok);
    }

    #[test]
    fn counts_are_by_the_minute_and_missing_ones_zero() {
        let silent = Figure::per_minute(&metrics(&[query()], |_| silent()), &query());
        assert_eq!(silent.value, Some(0.0));
        assert_eq!(Figure::per_minute(&MetricSet::default(), &query()).value, None);
    }

    #[test]
    fn of_equals_the_one_further_beyond_speaks() {
        let hot = || figure(steady(200.0)).judged(RISING, |v| format!("hot {v}"));
        let full = || Figure { value: Some(0.5), ..Figure::none("GB") }.judged(FALLING, |v| format!("free {v}"));
        let one = judged("a", vec![hot(), full()]);
        assert_eq!((one.resource.headline.as_str(), one.resource.reason.as_str()), ("free 0.5", "hot 100, free 0.5"));
        let state = Aspect::state(Severity::Critical, "failed").with_detail("the disk burnt");
        assert_eq!(judged("a", vec![hot(), state.clone()]).resource.headline, "failed");
        let cell =
            reading(vec![judged("b", vec![hot()]), judged("a", vec![hot()]), judged("c", vec![full()])], None, |_| {});
        assert_eq!((cell.headline.as_str(), cell.value, cell.unit.as_str()), ("free 0.5", Some(0.5), "GB"));
        assert_eq!(judged("a", vec![state]).resource.reason, "the disk burnt");
    }

    #[test]
    fn a_calm_cell_speaks_for_all() {
        let well = judged("a", vec![figure(steady(2.0)).judged(RISING, percent)]);
        assert_eq!((well.resource.severity, well.resource.headline.as_str()), (Severity::Ok, "fine"));
        assert!(well.resource.series.is_some());
        let cell = reading(vec![well], None, |reading| reading.headline = "1 fine".into());
        assert_eq!(cell.headline, "1 fine");
        let none = reading(vec![], None, |_| panic!("nobody there"));
        assert_eq!(none.severity, Severity::Absent);
    }

    #[test]
    fn unknown_ones_are_noted_beside_bad_ones() {
        let bad = judged("a", vec![Aspect::state(Severity::Warning, "stopped")]);
        let unread = judged("b", vec![Aspect::state(Severity::Unknown, "not described")]);
        let cell = reading(vec![unread, bad], None, |_| {});
        assert_eq!((cell.headline.as_str(), cell.note.as_str()), ("stopped", "1 unknown"));
    }
}
