//! 5xx and 4xx rates and latencies as severities.

use super::{Inventory, Levels, Protocol, Queries, Stage, Unlisted};
use crate::base::Text;
use crate::model::{Field, MetricSet, Reading, Resource, Series, Severity};
use crate::signals::figures::{counted, listed, milliseconds, percent};
use crate::signals::metrics::{self as read, Gap};
use crate::signals::{Judge, worst};

/// What the metrics say of one stage. `None` anywhere is unknown.
struct Measured {
    requests: Option<Series>,
    errors_5xx: Option<Series>,
    errors_4xx: Option<Series>,
    latency: Option<f64>,
}

impl Measured {
    fn of(stage: &Stage, metrics: &MetricSet) -> Self {
        let queries = Queries::of(stage);
        Self {
            requests: read::counts(metrics, &queries.requests),
            errors_5xx: read::counts(metrics, &queries.errors_5xx),
            errors_4xx: read::counts(metrics, &queries.errors_4xx),
            latency: read::gauge(metrics, &queries.latency),
        }
    }

    /// Percent of the requests. `None` when unknown, and when there were none.
    fn rate(&self, errors: &Option<Series>) -> Option<f64> {
        read::share(errors.as_ref()?, self.requests.as_ref()?)
    }

    fn rates(&self, errors: &Option<Series>) -> Option<Series> {
        Some(read::share_series(errors.as_ref()?, self.requests.as_ref()?))
    }

    fn is_known(&self) -> bool {
        self.requests.is_some() && self.errors_5xx.is_some() && self.errors_4xx.is_some()
    }

    fn is_idle(&self) -> bool {
        [&self.requests, &self.errors_5xx, &self.errors_4xx]
            .iter()
            .all(|series| series.as_ref().is_some_and(|series| read::sum(series) <= 0.0))
    }
}

/// The cell: the 5xx rate of the worst stage.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, inventory.stages.iter().flat_map(|stage| Queries::of(stage).all()));
    let resources = inventory
        .stages
        .iter()
        .map(|stage| resource(stage, metrics, judge, levels, gap.as_ref()))
        .chain(inventory.unlisted.iter().map(|what| unlisted(what, judge)))
        .collect();
    let fault = inventory.fault.clone().or(gap.and_then(|gap| gap.fault));
    let mut reading = worst::reading(resources, fault);
    worst::speak(&mut reading, "error_5xx_rate", "%");
    reading.note = listed([reading.note.to_string(), counted(inventory.websockets, "websocket not judged")]).into();
    reading
}

fn resource(stage: &Stage, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels, gap: Option<&Gap>) -> Resource {
    let measured = Measured::of(stage, metrics);
    let rate_5xx = measured.rate(&measured.errors_5xx);
    let rate_4xx = measured.rate(&measured.errors_4xx);
    let by_5xx = rate_5xx.map_or(Severity::Ok, |rate| levels.errors_5xx.judge(rate));
    let by_4xx = rate_4xx.map_or(Severity::Ok, |rate| levels.errors_4xx.judge(rate));
    let by_latency = if measured.is_idle() { Severity::Ok } else { worst::judge(levels.latency, measured.latency) };
    let known = if measured.is_known() { Severity::Ok } else { Severity::Unknown };
    let severity = by_5xx.max(by_4xx).max(by_latency).max(known);
    let bad = severity >= Severity::Warning;
    let curve_5xx = measured.rates(&measured.errors_5xx);
    let since = match severity {
        _ if !bad => None,
        _ if by_5xx == severity => {
            curve_5xx.as_ref().and_then(|s| read::bad_since(s, |rate| levels.errors_5xx.judge(rate) > Severity::Ok))
        }
        _ if by_4xx == severity => measured
            .rates(&measured.errors_4xx)
            .and_then(|s| read::bad_since(&s, |rate| levels.errors_4xx.judge(rate) > Severity::Ok)),
        _ => metrics
            .get(&Queries::of(stage).latency)
            .and_then(|s| read::bad_since(s, |latency| levels.latency.judge(latency) > Severity::Ok)),
    };
    let headline = match (rate_5xx, rate_4xx) {
        _ if severity == Severity::Unknown && known == Severity::Unknown => {
            gap.map_or("unknown".to_owned(), |gap| gap.headline.clone())
        }
        _ if severity == Severity::Unknown => "latency unknown".to_owned(),
        (_, Some(rate)) if bad && by_5xx < severity && by_4xx == severity => format!("4xx {}", percent(rate)),
        _ if bad && by_5xx < severity => format!("p95 {}", milliseconds(measured.latency.unwrap_or(0.0))),
        (Some(rate), _) => format!("5xx {}", percent(rate)),
        (None, _) if measured.is_idle() => "idle".to_owned(),
        (None, _) => "5xx 0.0 %".to_owned(),
    };
    let name = format!("{}/{}", stage.api_name, stage.name);
    Resource {
        logical_name: judge.logical_name(&name),
        name: name.into(),
        arn: stage.arn.clone(),
        severity,
        headline: headline.into(),
        reason: if bad { reason(&measured, rate_5xx, rate_4xx) } else { String::new() }.into(),
        since,
        fields: fields(stage, &measured, rate_5xx, rate_4xx),
        series: curve_5xx,
        curve: "5xx, % of requests".into(),
    }
}

fn reason(measured: &Measured, rate_5xx: Option<f64>, rate_4xx: Option<f64>) -> String {
    let share = |what: &str, rate: Option<f64>| match rate {
        Some(rate) if rate > 0.0 => format!("{what} {}", percent(rate)),
        _ => String::new(),
    };
    let requests = measured.requests.as_ref().map_or(0.0, read::sum);
    listed([
        format!("{requests:.0} requests in 5 minutes"),
        share("5xx", rate_5xx),
        share("4xx", rate_4xx),
        measured.latency.map_or(String::new(), |latency| format!("p95 {}", milliseconds(latency))),
    ])
}

fn fields(stage: &Stage, measured: &Measured, rate_5xx: Option<f64>, rate_4xx: Option<f64>) -> Vec<Field> {
    let total = |series: &Option<Series>| series.as_ref().map(read::sum);
    let mut fields = vec![
        Field::new("requests", total(&measured.requests)),
        Field::with_unit("error_5xx_rate", rate_5xx, "%"),
        Field::with_unit("error_4xx_rate", rate_4xx, "%"),
        Field::new("errors_5xx", total(&measured.errors_5xx)),
        Field::new("errors_4xx", total(&measured.errors_4xx)),
        Field::with_unit("latency_p95_ms", measured.latency, "ms"),
        Field::new("protocol", if stage.protocol == Protocol::Rest { "REST" } else { "HTTP" }),
        Field::new("api_id", stage.api_id.clone()),
        Field::new("api_name", Text::new(&stage.api_name)),
        Field::new("stage", stage.name.clone()),
        Field::new("deployment_id", stage.deployment.clone()),
        Field::new("updated_at", stage.updated),
        Field::new("shares_metrics", stage.shares_metrics),
    ];
    fields.extend(stage.throttle_rate.map(|rate| Field::with_unit("throttle_rate", rate, "/s")));
    fields.extend(stage.throttle_burst.map(|burst| Field::new("throttle_burst", burst)));
    fields
}

/// What could not be listed stands in for its stages.
fn unlisted(what: &Unlisted, judge: &Judge<'_>) -> Resource {
    Resource {
        name: what.name.clone(),
        logical_name: judge.logical_name(&what.name),
        arn: what.arn.clone(),
        severity: Severity::Unknown,
        headline: "not listed".into(),
        ..Resource::default()
    }
}
