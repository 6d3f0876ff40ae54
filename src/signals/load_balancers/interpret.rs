//! Load balancers' own failures as severities, and the cell of both them and their target groups.

use super::group;
use super::{Balancer, BalancerQueries, FEWEST_ERRORS, Inventory, Kind, Levels, queries_of};
use crate::base::Text;
use crate::model::{Field, MetricSet, Reading, Resource, Severity};
use crate::signals::figures::percent;
use crate::signals::metrics::{self as read, Gap};
use crate::signals::{Judge, worst};

/// The cell: the highest share of 5xx among the worst.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, queries_of(inventory));
    let balancers = inventory.balancers.iter().map(|balancer| resource(balancer, metrics, judge, levels, gap.as_ref()));
    let groups = inventory.groups.iter().map(|group| group::resource(group, metrics, judge, levels, gap.as_ref()));
    let unlisted = inventory.unlisted.iter().map(|what| Resource {
        name: what.clone(),
        logical_name: what.clone(),
        severity: Severity::Unknown,
        headline: "not listed".into(),
        ..Resource::default()
    });
    let resources = balancers.chain(groups).chain(unlisted).collect();
    let mut reading = worst::reading(resources, inventory.fault.clone().or(gap.and_then(|gap| gap.fault)));
    worst::speak(&mut reading, "error_5xx_rate", "%");
    reading
}

fn resource(
    balancer: &Balancer,
    metrics: &MetricSet,
    judge: &Judge<'_>,
    levels: &Levels,
    gap: Option<&Gap>,
) -> Resource {
    let queries = BalancerQueries::of(balancer);
    let errors = queries.as_ref().map(|queries| read::counts(metrics, &queries.errors_5xx));
    let requests = queries.as_ref().map(|queries| read::counts(metrics, &queries.requests));
    // Requests that are refused before a target is chosen are not among the requests (User Guide): a share of the
    // larger of both.
    let rate = errors.as_ref().and_then(|e| read::share(e.as_ref()?, requests.as_ref()?.as_ref()?));
    let curve = errors.as_ref().and_then(|e| Some(read::share_series(e.as_ref()?, requests.as_ref()?.as_ref()?)));
    let unread = [&errors, &requests].iter().any(|series| matches!(series, Some(None)));
    let by_state = match balancer.state.as_deref() {
        Some("active" | "provisioning") => Severity::Ok,
        Some("active_impaired") => Severity::Warning,
        Some("failed") => Severity::Critical,
        _ => Severity::Unknown,
    };
    let enough = matches!(&errors, Some(Some(errors)) if read::sum(errors) >= FEWEST_ERRORS);
    let by_rate = rate.filter(|_| enough).map_or(Severity::Ok, |rate| levels.elb_5xx.judge(rate));
    let severity = by_state.max(by_rate).max(if unread { Severity::Unknown } else { Severity::Ok });
    let bad = severity > Severity::Unknown;
    let state = balancer.state.clone().unwrap_or_else(|| "state unknown".into());
    let headline = match rate {
        Some(rate) if bad && by_rate == severity => format!("own 5xx {}", percent(rate)),
        _ if bad || by_state == Severity::Unknown => state.to_string(),
        _ if unread => gap.map_or("unknown".to_owned(), |gap| gap.headline.clone()),
        Some(rate) => format!("own 5xx {}", percent(rate)),
        None if balancer.kind == Kind::Application && state == "active" => "idle".to_owned(),
        None => state.to_string(),
    };
    let total = |series: &Option<Option<crate::model::Series>>| series.as_ref().and_then(|s| s.as_ref().map(read::sum));
    let reason = match (total(&errors), total(&requests)) {
        (Some(errors), Some(requests)) if bad && by_rate == severity => {
            format!("{errors:.0} answered with 5xx by the load balancer itself, {requests:.0} requests in 5 minutes")
        }
        _ if bad => balancer.state_reason.to_string(),
        _ => String::new(),
    };
    let since = curve.as_ref().filter(|_| bad && by_rate == severity);
    let mut fields = vec![
        Field::new("kind", "load balancer"),
        Field::with_unit("error_5xx_rate", rate, "%"),
        Field::new("errors_5xx", total(&errors)),
        Field::new("requests", total(&requests)),
        Field::new("state", balancer.state.clone()),
        Field::new("type", kind_word(balancer.kind)),
        Field::new("scheme", balancer.scheme.clone()),
        Field::new("availability_zones", balancer.zones.clone()),
        Field::new("dns_name", balancer.dns_name.clone()),
    ];
    if queries.is_none() {
        fields.retain(|field| !["error_5xx_rate", "errors_5xx", "requests"].contains(&field.key.as_str()));
    }
    Resource {
        logical_name: judge.logical_name(&balancer.name),
        name: balancer.name.clone(),
        arn: Text::from(&balancer.arn),
        severity,
        headline: headline.into(),
        reason: reason.into(),
        since: since.and_then(|curve| read::bad_since(curve, |rate| levels.elb_5xx.judge(rate) > Severity::Ok)),
        series: curve,
        curve: "5xx, % of requests".into(),
        fields,
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Application => "application",
        Kind::Network => "network",
        Kind::Gateway => "gateway",
    }
}
