//! Error rates, throttles and durations as severities.

use super::{Function, Levels, Queries};
use crate::model::{Field, MetricSet, Reading, Resource, Series, Severity};
use crate::signals::figures::{listed, milliseconds, per_minute, percent};
use crate::signals::metrics::{self as read, Gap};
use crate::signals::{Judge, worst};

/// What the metrics say of one function. `None` anywhere is unknown.
struct Measured {
    invocations: Option<Series>,
    errors: Option<Series>,
    throttles: Option<Series>,
    p95: Option<f64>,
}

impl Measured {
    /// Errors in percent of invocations. `None` when unknown, and when there was nothing to fail.
    fn error_rate(&self) -> Option<f64> {
        read::share(self.errors.as_ref()?, self.invocations.as_ref()?)
    }

    fn rate_series(&self) -> Option<Series> {
        Some(read::share_series(self.errors.as_ref()?, self.invocations.as_ref()?))
    }

    /// True when it is known that nothing was invoked and nothing failed or was turned away.
    fn is_idle(&self) -> bool {
        [&self.invocations, &self.errors, &self.throttles]
            .iter()
            .all(|s| s.as_ref().is_some_and(|s| read::sum(s) <= 0.0))
    }

    fn is_known(&self) -> bool {
        self.invocations.is_some() && self.errors.is_some() && self.throttles.is_some()
    }
}

/// The cell: the error rate of the worst function.
pub fn reading(functions: &[Function], metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, functions.iter().flat_map(|function| Queries::of(function).all()));
    let resources: Vec<Resource> =
        functions.iter().map(|function| resource(function, metrics, judge, levels, gap.as_ref())).collect();
    let mut reading = worst::reading(resources, gap.as_ref().and_then(|gap| gap.fault.clone()));
    worst::speak(&mut reading, "error_rate", "%");
    reading
}

fn resource(
    function: &Function,
    metrics: &MetricSet,
    judge: &Judge<'_>,
    levels: &Levels,
    gap: Option<&Gap>,
) -> Resource {
    let queries = Queries::of(function);
    let measured = Measured {
        invocations: read::counts(metrics, &queries.invocations),
        errors: read::counts(metrics, &queries.errors),
        throttles: read::counts(metrics, &queries.throttles),
        p95: read::gauge(metrics, &queries.duration),
    };
    let rate = measured.error_rate();
    let throttles = measured.throttles.as_ref().map(read::per_minute);
    let by_rate = rate.map_or(Severity::Ok, |rate| levels.error_rate.judge(rate));
    let by_throttles = worst::judge(levels.throttles, throttles);
    let by_duration = if measured.is_idle() { Severity::Ok } else { worst::judge(levels.p95, measured.p95) };
    let known = if measured.is_known() { Severity::Ok } else { Severity::Unknown };
    let severity = by_rate.max(by_throttles).max(by_duration).max(known);
    let rates = measured.rate_series();
    let since = match severity {
        Severity::Critical | Severity::Warning if by_rate == severity => {
            rates.as_ref().and_then(|rates| read::bad_since(rates, |rate| levels.error_rate.judge(rate) > Severity::Ok))
        }
        Severity::Critical | Severity::Warning if by_throttles == severity => {
            measured.throttles.as_ref().and_then(|s| {
                let minutes = f64::from(s.period_s) / 60.0;
                read::bad_since(s, |count| levels.throttles.judge(count / minutes) > Severity::Ok)
            })
        }
        _ => None,
    };
    let headline = match (severity, rate) {
        (Severity::Unknown, _) if known == Severity::Unknown => {
            gap.map_or("unknown".to_owned(), |gap| gap.headline.clone())
        }
        (Severity::Unknown, _) => "duration unknown".to_owned(),
        (Severity::Warning | Severity::Critical, _) if by_rate < severity && by_throttles == severity => {
            format!("throttled {}", per_minute(throttles.unwrap_or(0.0)))
        }
        (Severity::Warning | Severity::Critical, _) if by_rate < severity => {
            format!("p95 {}", milliseconds(measured.p95.unwrap_or(0.0)))
        }
        (_, Some(rate)) => percent(rate),
        (_, None) => "idle".to_owned(),
    };
    Resource {
        name: function.name.clone(),
        logical_name: judge.logical_name(&function.name),
        arn: function.arn.clone(),
        severity,
        headline: headline.into(),
        reason: reason(&measured, rate, throttles, severity).into(),
        since,
        fields: fields(function, &measured, rate, throttles),
        series: rates,
        curve: "errors, % of invocations".into(),
    }
}

fn reason(measured: &Measured, rate: Option<f64>, throttles: Option<f64>, severity: Severity) -> String {
    if severity < Severity::Warning {
        return String::new();
    }
    let of = |series: &Option<Series>| series.as_ref().map_or(0.0, read::sum);
    listed([
        rate.map_or(String::new(), |_| {
            format!("{:.0} of {:.0} invocations failed in 5 minutes", of(&measured.errors), of(&measured.invocations))
        }),
        throttles.filter(|t| *t > 0.0).map_or(String::new(), |t| format!("{} throttled", per_minute(t))),
        measured.p95.map_or(String::new(), |p95| format!("p95 {}", milliseconds(p95))),
    ])
}

fn fields(function: &Function, measured: &Measured, rate: Option<f64>, throttles: Option<f64>) -> Vec<Field> {
    let total = |series: &Option<Series>| series.as_ref().map(read::sum);
    vec![
        Field::new("invocations", total(&measured.invocations)),
        Field::new("errors", total(&measured.errors)),
        Field::with_unit("error_rate", rate, "%"),
        Field::with_unit("throttles_per_min", throttles, "/min"),
        Field::with_unit("p95_ms", measured.p95, "ms"),
        Field::new("runtime", function.runtime.clone()),
        Field::with_unit("memory_mb", function.memory_mb, "MB"),
        Field::with_unit("timeout_s", function.timeout_s, "s"),
        Field::new("version", function.version.clone()),
        Field::new("last_modified", function.last_modified.clone()),
        Field::new("code_sha256", function.code_sha256.clone()),
        Field::new("state", function.state.clone()),
    ]
}
