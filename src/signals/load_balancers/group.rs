//! Target groups' failures, response times and unhealthy targets as severities.

use super::{FEWEST_ERRORS, Group, GroupQueries, Health, HttpQueries, Levels, suffix};
use crate::base::Text;
use crate::model::{Field, MetricSet, Resource, Series, Severity};
use crate::signals::figures::{count, listed, milliseconds, percent};
use crate::signals::metrics::{self as read, Gap};
use crate::signals::{Judge, worst};

/// What is known of one group. `None` anywhere is unknown.
struct Measured {
    http: Option<Http>,
    /// Targets that fail their checks: by the newest minute, else as they were listed.
    unhealthy: Option<f64>,
    /// Those of them that are to take requests.
    in_service: Option<usize>,
}

struct Http {
    errors: Option<Series>,
    requests: Option<Series>,
    p95_ms: Option<f64>,
}

impl Http {
    fn of(queries: &HttpQueries, metrics: &MetricSet) -> Self {
        Self {
            errors: read::counts(metrics, &queries.errors_5xx),
            requests: read::counts(metrics, &queries.requests),
            // CloudWatch has seconds.
            p95_ms: read::gauge(metrics, &queries.p95).map(|seconds| seconds * 1000.0),
        }
    }

    /// Percent of the requests. `None` when unknown, and when there were none.
    fn rate(&self) -> Option<f64> {
        read::share(self.errors.as_ref()?, self.requests.as_ref()?)
    }

    fn rates(&self) -> Option<Series> {
        Some(read::share_series(self.errors.as_ref()?, self.requests.as_ref()?))
    }

    fn is_known(&self) -> bool {
        self.errors.is_some() && self.requests.is_some()
    }

    /// Known to have had no request: then there is no response time.
    fn is_idle(&self) -> bool {
        [&self.errors, &self.requests].iter().all(|s| s.as_ref().is_some_and(|s| read::sum(s) <= 0.0))
    }
}

impl Measured {
    fn of(group: &Group, queries: Option<&GroupQueries>, metrics: &MetricSet) -> Self {
        let by_metric = queries.and_then(|queries| read::gauge(metrics, &queries.unhealthy));
        let listed = group.health.as_ref().map(|health| health.unhealthy as f64);
        Self {
            http: queries.and_then(|queries| queries.http.as_ref()).map(|http| Http::of(http, metrics)),
            unhealthy: by_metric.or(listed),
            in_service: group.health.as_ref().map(Health::in_service).or(group.counted),
        }
    }

    /// Unhealthy targets in percent of those in service. `None` when unknown.
    fn unhealthy_share(&self) -> Option<f64> {
        let unhealthy = self.unhealthy?;
        if unhealthy <= 0.0 {
            return Some(0.0);
        }
        // The metric is newer than the list: a target that is counted was registered.
        let all = (self.in_service? as f64).max(unhealthy);
        Some(unhealthy / all * 100.0)
    }
}

/// A target group as a resource.
pub fn resource(group: &Group, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels, gap: Option<&Gap>) -> Resource {
    let queries = GroupQueries::of(group);
    let measured = Measured::of(group, queries.as_ref(), metrics);
    let http = measured.http.as_ref();
    let (rate, curve) = (http.and_then(Http::rate), http.and_then(Http::rates));
    let enough = http.and_then(|http| http.errors.as_ref()).is_some_and(|errors| read::sum(errors) >= FEWEST_ERRORS);
    let by_rate = rate.filter(|_| enough).map_or(Severity::Ok, |rate| levels.target_5xx.judge(rate));
    let by_p95 = match http {
        Some(http) if !http.is_idle() => worst::judge(levels.p95, http.p95_ms),
        _ => Severity::Ok,
    };
    let by_health = by_health(group, &measured, levels);
    let unread = http.is_some_and(|http| !http.is_known());
    let severity = by_rate.max(by_p95).max(by_health).max(if unread { Severity::Unknown } else { Severity::Ok });
    let bad = severity > Severity::Unknown;
    let headline = match severity {
        Severity::Unknown if unread => gap.map_or("unknown".to_owned(), |gap| gap.headline.clone()),
        Severity::Unknown if by_health == severity => health_words(group, &measured),
        Severity::Unknown => "p95 unknown".to_owned(),
        _ if bad && by_rate < severity && by_health == severity => health_words(group, &measured),
        _ if bad && by_rate < severity => {
            format!("p95 {}", milliseconds(http.and_then(|http| http.p95_ms).unwrap_or_default()))
        }
        _ => match rate {
            Some(rate) => format!("5xx {}", percent(rate)),
            None if http.is_some() && measured.in_service.is_some_and(|all| all > 0) => "idle".to_owned(),
            None => health_words(group, &measured),
        },
    };
    let since = match queries.as_ref() {
        _ if !bad => None,
        _ if by_rate == severity => {
            curve.as_ref().and_then(|curve| read::bad_since(curve, |rate| levels.target_5xx.judge(rate) > Severity::Ok))
        }
        Some(queries) if by_health == severity => {
            metrics.get(&queries.unhealthy).and_then(|series| read::bad_since(series, |hosts| hosts > 0.0))
        }
        Some(GroupQueries { http: Some(http), .. }) => metrics
            .get(&http.p95)
            .and_then(|series| read::bad_since(series, |p95| levels.p95.judge(p95 * 1000.0) > Severity::Ok)),
        _ => None,
    };
    Resource {
        logical_name: judge.logical_name(&group.name),
        name: group.name.clone(),
        arn: Text::from(&group.arn),
        severity,
        headline: headline.into(),
        reason: if bad { reason(group, &measured, rate) } else { String::new() }.into(),
        since,
        fields: fields(group, &measured, rate),
        series: curve,
        curve: "5xx, % of requests".into(),
    }
}

/// A group that no load balancer uses, and one without targets, has nothing to be unhealthy.
fn by_health(group: &Group, measured: &Measured, levels: &Levels) -> Severity {
    if group.balancer.is_none() {
        return Severity::Ok;
    }
    match (measured.unhealthy_share(), &group.health) {
        (Some(_), Some(health)) if health.healthy == 0 && health.unhealthy == 0 && health.initial > 0 => {
            Severity::Unknown
        }
        (Some(share), _) => levels.unhealthy.judge(share),
        // Some are unhealthy, but nobody knows of how many.
        (None, _) if measured.unhealthy.is_some() => levels.unhealthy.judge(100.0).min(Severity::Warning),
        (None, _) => Severity::Unknown,
    }
}

/// `2 of 8 unhealthy`, `8 healthy`, `no targets`.
fn health_words(group: &Group, measured: &Measured) -> String {
    if group.balancer.is_none() {
        return "unused".to_owned();
    }
    match (measured.unhealthy, &group.health) {
        (Some(unhealthy), Some(health)) if unhealthy > 0.0 => {
            format!("{unhealthy:.0} of {:.0} unhealthy", (health.in_service() as f64).max(unhealthy))
        }
        (Some(unhealthy), None) if unhealthy > 0.0 => format!("{unhealthy:.0} unhealthy"),
        (_, Some(health)) if health.healthy > 0 => format!("{} healthy", health.healthy),
        (_, Some(health)) if health.initial > 0 => format!("{} not checked yet", health.initial),
        (_, Some(health)) if health.unchecked > 0 => format!("{} without checks", health.unchecked),
        (_, Some(_)) => "no targets".to_owned(),
        (Some(_), None) => "none unhealthy".to_owned(),
        (None, None) => "health unknown".to_owned(),
    }
}

fn reason(group: &Group, measured: &Measured, rate: Option<f64>) -> String {
    let http = measured.http.as_ref();
    let requests = http.and_then(|http| http.requests.as_ref()).map(read::sum);
    let unhealthy = measured.unhealthy.is_some_and(|unhealthy| unhealthy > 0.0);
    let reasons = group.health.iter().flat_map(|health| &health.reasons).map(Text::to_string);
    listed(
        [
            requests.map_or(String::new(), |requests| format!("{requests:.0} requests in 5 minutes")),
            rate.filter(|rate| *rate > 0.0).map_or(String::new(), |rate| format!("5xx {}", percent(rate))),
            http.and_then(|http| http.p95_ms).map_or(String::new(), |p95| format!("p95 {}", milliseconds(p95))),
            if unhealthy { health_words(group, measured) } else { String::new() },
        ]
        .into_iter()
        .chain(reasons),
    )
}

fn fields(group: &Group, measured: &Measured, rate: Option<f64>) -> Vec<Field> {
    let mut fields = vec![Field::new("kind", "target group")];
    if let Some(http) = &measured.http {
        let total = |series: &Option<Series>| series.as_ref().map(read::sum);
        fields.extend([
            Field::with_unit("error_5xx_rate", rate, "%"),
            Field::new("errors_5xx", total(&http.errors)),
            Field::new("requests", total(&http.requests)),
            Field::with_unit("p95_ms", http.p95_ms, "ms"),
        ]);
    }
    let balancer = group.balancer.as_deref().and_then(|arn| suffix(arn).split('/').nth(1));
    fields.push(Field::new("load_balancer", balancer.map(Text::new)));
    if group.balancer.is_some() {
        let of = |part: fn(&Health) -> usize| group.health.as_ref().map(|health| count(part(health)));
        fields.extend([
            Field::new("unhealthy", measured.unhealthy),
            Field::with_unit("unhealthy_share", measured.unhealthy_share(), "%"),
            Field::new("healthy", of(|health| health.healthy)),
            Field::new("initial", of(|health| health.initial)),
            Field::new("draining", of(|health| health.draining)),
            Field::new("unhealthy_reasons", group.health.as_ref().map(|health| health.reasons.clone())),
            Field::new("unhealthy_targets", group.health.as_ref().map(|health| health.unhealthy_targets.clone())),
        ]);
    }
    fields.extend([
        Field::new("target_type", group.target_type.clone()),
        Field::new("protocol", group.protocol.clone()),
        Field::new("port", group.port),
        Field::new("health_path", group.health_path.clone()),
    ]);
    fields
}
