//! Load balancers: what share of the requests fails at the targets and at the balancer itself, how long they take, and
//! which targets are unhealthy.

mod group;
mod interpret;
mod inventory;
mod past;
mod raw;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, Level, MetricQuery, MetricSet, Reading, Resource, SignalId, Stat};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct LoadBalancers;

/// The application's failures.
pub static TARGET_5XX: Threshold = Threshold {
    key: "target_5xx_rate",
    level: Level { warn: 1.0, critical: 5.0 },
    unit: "%",
    help: "share of a target group's requests answered with 5xx by the targets, over five minutes",
};
/// Requests that no target answered.
pub static ELB_5XX: Threshold = Threshold {
    key: "elb_5xx_rate",
    level: Level { warn: 1.0, critical: 5.0 },
    unit: "%",
    help: "share of a load balancer's requests answered with 5xx by itself, over five minutes",
};
/// Time from the request leaving the load balancer to the target's answer.
pub static P95: Threshold = Threshold {
    key: "p95_ms",
    level: Level { warn: 2000.0, critical: 5000.0 },
    unit: "ms",
    help: "95th percentile of a target group's response time",
};
/// Capacity that is missing.
pub static UNHEALTHY: Threshold = Threshold {
    key: "unhealthy_share",
    level: Level { warn: 1.0, critical: 50.0 },
    unit: "%",
    help: "share of a target group's registered targets that fail their health checks",
};
static THRESHOLDS: [Threshold; 4] = [TARGET_5XX, ELB_5XX, P95, UNHEALTHY];

/// What Elastic Load Balancing said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// By name.
    pub balancers: Vec<Balancer>,
    /// By name; a group that serves several load balancers stands here once for each.
    pub groups: Vec<Group>,
    /// What could not be listed: `load balancers`, `target groups`.
    pub unlisted: Vec<Text>,
    /// The first call that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// Kinds of load balancers, as their ARNs say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// `app/…`: HTTP.
    #[default]
    Application,
    /// `net/…`: TCP and UDP.
    Network,
    /// `gwy/…`: appliances.
    Gateway,
}

/// A load balancer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Balancer {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: String,
    /// What it balances.
    pub kind: Kind,
    /// `active`, `provisioning`, `active_impaired`, `failed`; `None` is unknown.
    pub state: Option<Text>,
    /// Why it is in that state; empty where AWS does not say.
    pub state_reason: Text,
    /// `internet-facing` or `internal`; empty where AWS does not say.
    pub scheme: Text,
    /// Availability zones.
    pub zones: Vec<Text>,
    /// Its DNS name.
    pub dns_name: Text,
    /// When it was created.
    pub created: Option<Timestamp>,
}

/// A target group as one load balancer uses it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: String,
    /// ARN of the load balancer; `None` while none uses it.
    pub balancer: Option<String>,
    /// `instance`, `ip`, `lambda`, `alb`.
    pub target_type: Text,
    /// e.g. `HTTP`; empty for Lambda functions.
    pub protocol: Text,
    /// Port of the targets.
    pub port: Option<i32>,
    /// Path that the health checks ask for; empty for other checks.
    pub health_path: Text,
    /// What DescribeTargetHealth said; `None` where it could not be asked.
    pub health: Option<Health>,
    /// Targets in service at a past minute, as its metrics say; `None` where they do not, and live.
    pub counted: Option<usize>,
}

/// The targets of a group by state (Elastic Load Balancing API Reference, TargetHealth).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Pass their checks.
    pub healthy: usize,
    /// Fail their checks, those that drain meanwhile included.
    pub unhealthy: usize,
    /// Not checked often enough yet.
    pub initial: usize,
    /// Leaving.
    pub draining: usize,
    /// Not checked, or in a state that is not known here.
    pub unchecked: usize,
    /// `reason ×count` of the unhealthy ones, the commonest first, e.g. `Target.ResponseCodeMismatch ×2`.
    pub reasons: Vec<Text>,
    /// The unhealthy ones: `id:port`.
    pub unhealthy_targets: Vec<Text>,
}

impl Health {
    /// Targets that are to take requests.
    pub fn in_service(&self) -> usize {
        self.healthy + self.unhealthy + self.initial
    }
}

/// Kind of the load balancer with this ARN.
fn kind_of(arn: &str) -> Kind {
    match suffix(arn) {
        suffix if suffix.starts_with("net/") => Kind::Network,
        suffix if suffix.starts_with("gwy/") => Kind::Gateway,
        _ => Kind::Application,
    }
}

/// The part of an ARN that is the metrics' dimension: `app/name/id`, `targetgroup/name/id`.
fn suffix(arn: &str) -> &str {
    let resource = arn.rsplit(':').next().unwrap_or(arn);
    resource.strip_prefix("loadbalancer/").unwrap_or(resource)
}

/// A load balancer's metrics; those of network and gateway load balancers do not count requests.
struct BalancerQueries {
    errors_5xx: MetricQuery,
    requests: MetricQuery,
}

impl BalancerQueries {
    /// Names as in the User Guide for Application Load Balancers, "CloudWatch metrics".
    fn of(balancer: &Balancer) -> Option<Self> {
        let dimensions = [("LoadBalancer", suffix(&balancer.arn))];
        let query = |metric| MetricQuery::new("AWS/ApplicationELB", metric, Stat::Sum, &dimensions);
        (balancer.kind == Kind::Application)
            .then(|| Self { errors_5xx: query("HTTPCode_ELB_5XX_Count"), requests: query("RequestCount") })
    }

    fn all(self) -> [MetricQuery; 2] {
        [self.errors_5xx, self.requests]
    }
}

/// A target group's metrics.
struct GroupQueries {
    unhealthy: MetricQuery,
    http: Option<HttpQueries>,
}

/// What only groups of application load balancers have.
struct HttpQueries {
    errors_5xx: MetricQuery,
    requests: MetricQuery,
    p95: MetricQuery,
}

impl GroupQueries {
    /// `None` for a group without metrics: unused, or of a gateway load balancer.
    fn of(group: &Group) -> Option<Self> {
        let balancer = group.balancer.as_deref()?;
        let namespace = match kind_of(balancer) {
            Kind::Application => "AWS/ApplicationELB",
            Kind::Network => "AWS/NetworkELB",
            Kind::Gateway => return None,
        };
        let dimensions = [("LoadBalancer", suffix(balancer)), ("TargetGroup", suffix(&group.arn))];
        let query = |metric, stat| MetricQuery::new(namespace, metric, stat, &dimensions);
        let http = (kind_of(balancer) == Kind::Application).then(|| HttpQueries {
            errors_5xx: query("HTTPCode_Target_5XX_Count", Stat::Sum),
            requests: query("RequestCount", Stat::Sum),
            p95: query("TargetResponseTime", Stat::Percentile(95)),
        });
        Some(Self { unhealthy: query("UnHealthyHostCount", Stat::Maximum), http })
    }

    fn all(self) -> impl Iterator<Item = MetricQuery> {
        let http = self.http.into_iter().flat_map(|http| [http.errors_5xx, http.requests, http.p95]);
        std::iter::once(self.unhealthy).chain(http)
    }
}

fn queries_of(inventory: &Inventory) -> impl Iterator<Item = MetricQuery> {
    let balancers = inventory.balancers.iter().filter_map(BalancerQueries::of).flat_map(BalancerQueries::all);
    balancers.chain(inventory.groups.iter().filter_map(GroupQueries::of).flat_map(GroupQueries::all))
}

/// Fewer failed requests than this in five minutes are no rate: one of sixty is noise where little comes in.
const FEWEST_ERRORS: f64 = 3.0;

/// The levels in force.
struct Levels {
    target_5xx: Level,
    elb_5xx: Level,
    p95: Level,
    unhealthy: Level,
}

impl Signal for LoadBalancers {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("load-balancers")
    }

    fn title(&self) -> &'static str {
        "Load balancers"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &[
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        ]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }

    fn thresholds(&self) -> &'static [Threshold] {
        &THRESHOLDS
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Inventory, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        queries_of(inventory).collect()
    }

    fn past_queries(&self, inventory: &Inventory) -> Vec<MetricQuery> {
        inventory.groups.iter().filter_map(past::queries).flatten().collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::inventory(&live, then))) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels = Levels {
            target_5xx: judge.level(self.id(), &TARGET_5XX),
            elb_5xx: judge.level(self.id(), &ELB_5XX),
            p95: judge.level(self.id(), &P95),
            unhealthy: judge.level(self.id(), &UNHEALTHY),
        };
        interpret::reading(inventory, metrics, judge, &levels)
    }
}
