//! API Gateway: what share of every stage's requests fails, and how long they take. REST and HTTP APIs.

mod interpret;
mod inventory;
mod past;
mod raw;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::base::Text;
use crate::cloud::Session;
use crate::config::Cadence;
use crate::model::{Fault, Level, MetricQuery, MetricSet, Reading, Resource, SignalId, Stat};
use crate::signals::raw::Asked;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct ApiGateway;

/// Our own failures.
pub static ERROR_5XX: Threshold = Threshold {
    key: "error_5xx_rate",
    level: Level { warn: 0.5, critical: 2.0 },
    unit: "%",
    help: "share of a stage's requests answered with 5xx, over five minutes",
};
/// The callers' failures: normal up to a point.
pub static ERROR_4XX: Threshold = Threshold {
    key: "error_4xx_rate",
    level: Level { warn: 25.0, critical: 60.0 },
    unit: "%",
    help: "share of a stage's requests answered with 4xx, over five minutes",
};
/// Time from request to answer.
pub static LATENCY: Threshold = Threshold {
    key: "latency_p95_ms",
    level: Level { warn: 2000.0, critical: 5000.0 },
    unit: "ms",
    help: "95th percentile of a stage's latency",
};
static THRESHOLDS: [Threshold; 3] = [ERROR_5XX, ERROR_4XX, LATENCY];

/// What both API Gateway services said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// Deployed stages of all APIs that belong to the environment.
    pub stages: Vec<Stage>,
    /// What could not be listed: `REST APIs`, `HTTP APIs`, or an API whose stages are not known.
    pub unlisted: Vec<Unlisted>,
    /// WebSocket APIs; they count messages, not requests, and are not judged.
    pub websockets: usize,
    /// The first call that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// Something whose stages are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    /// Its name.
    pub name: Text,
    /// Its ARN; empty for a whole kind of APIs.
    pub arn: Text,
}

/// Which of the two services an API is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// REST API: metrics by ApiName.
    #[default]
    Rest,
    /// HTTP API: metrics by ApiId.
    Http,
}

/// A stage of an API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stage {
    /// REST or HTTP.
    pub protocol: Protocol,
    /// The API's id.
    pub api_id: Text,
    /// The API's name as AWS has it: the dimension of its metrics. May hold anything; show only cleaned.
    pub api_name: String,
    /// The stage's name, e.g. `prod` or `$default`.
    pub name: Text,
    /// The stage's ARN.
    pub arn: Text,
    /// Id of the deployment that is live.
    pub deployment: Text,
    /// When it was last updated.
    pub updated: Option<jiff::Timestamp>,
    /// Requests a second allowed for every method; `None` where the stage does not limit.
    pub throttle_rate: Option<f64>,
    /// Burst allowed with it.
    pub throttle_burst: Option<i32>,
    /// Another REST API has the same name and a stage of this name: CloudWatch adds their metrics up.
    pub shares_metrics: bool,
}

/// The four metrics of a stage.
struct Queries {
    errors_5xx: MetricQuery,
    errors_4xx: MetricQuery,
    requests: MetricQuery,
    latency: MetricQuery,
}

impl Queries {
    /// Names and dimensions as in the API Gateway Developer Guide: `5XXError` by ApiName for REST, `5xx` by ApiId for
    /// HTTP APIs. SampleCount of Count is the number of requests for both.
    fn of(stage: &Stage) -> Self {
        let (api, errors_5xx, errors_4xx) = match stage.protocol {
            Protocol::Rest => (("ApiName", stage.api_name.as_str()), "5XXError", "4XXError"),
            Protocol::Http => (("ApiId", &*stage.api_id), "5xx", "4xx"),
        };
        let dimensions = [api, ("Stage", &*stage.name)];
        let query = |metric, stat| MetricQuery::new("AWS/ApiGateway", metric, stat, &dimensions);
        Self {
            errors_5xx: query(errors_5xx, Stat::Sum),
            errors_4xx: query(errors_4xx, Stat::Sum),
            requests: query("Count", Stat::SampleCount),
            latency: query("Latency", Stat::Percentile(95)),
        }
    }

    fn all(self) -> [MetricQuery; 4] {
        [self.errors_5xx, self.errors_4xx, self.requests, self.latency]
    }
}

/// The levels in force.
struct Levels {
    errors_5xx: Level,
    errors_4xx: Level,
    latency: Level,
}

impl Signal for ApiGateway {
    type Inventory = Inventory;

    fn id(&self) -> SignalId {
        SignalId("api-gateway")
    }

    fn title(&self) -> &'static str {
        "API Gateway"
    }

    fn permissions(&self) -> &'static [&'static str] {
        // Both API Gateway services have one permission for everything that is read (IAM, apigateway:GET).
        &["apigateway:GET"]
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
        inventory.stages.iter().flat_map(|stage| Queries::of(stage).all()).collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Inventory>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Inventory>, Fault>> {
        Box::pin(async move { Ok(Arc::new(past::inventory(&live, then.at))) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels = Levels {
            errors_5xx: judge.level(self.id(), &ERROR_5XX),
            errors_4xx: judge.level(self.id(), &ERROR_4XX),
            latency: judge.level(self.id(), &LATENCY),
        };
        interpret::reading(inventory, metrics, judge, &levels)
    }
}
