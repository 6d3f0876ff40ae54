//! Lambda errors: what share of every function's invocations fails, how many are throttled, how long they take.

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
use crate::signals::worst::OFF;
use crate::signals::{Judge, Signal, Then, Threshold};

/// The signal.
#[derive(Debug)]
pub struct LambdaErrors;

/// Errors of invocations.
pub static ERROR_RATE: Threshold = Threshold {
    key: "error_rate",
    level: Level { warn: 1.0, critical: 5.0 },
    unit: "%",
    help: "share of a function's invocations that fail, over five minutes",
};
/// Invocations turned away.
pub static THROTTLES: Threshold = Threshold {
    key: "throttles_per_min",
    level: Level { warn: 1.0, critical: 60.0 },
    unit: "/min",
    help: "invocations of a function turned away a minute, over five minutes",
};
/// Time that invocations take. Judged only where the configuration says what is slow: no default fits every function.
pub static P95: Threshold = Threshold {
    key: "p95_ms",
    level: OFF,
    unit: "ms",
    help: "95th percentile of a function's duration; off unless configured",
};
static THRESHOLDS: [Threshold; 3] = [ERROR_RATE, THROTTLES, P95];

/// A function, as ListFunctions describes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Function {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// Its runtime; `container` for an image.
    pub runtime: Text,
    /// Memory in MB.
    pub memory_mb: Option<i32>,
    /// Timeout in seconds.
    pub timeout_s: Option<i32>,
    /// The version listed: `$LATEST`.
    pub version: Text,
    /// When code or configuration last changed, as Lambda writes it.
    pub last_modified: Text,
    /// Base64 of the code's SHA-256.
    pub code_sha256: Text,
    /// `Active`, `Pending`, `Inactive` or `Failed`; empty where Lambda does not say.
    pub state: Text,
}

/// The four metrics of a function.
struct Queries {
    invocations: MetricQuery,
    errors: MetricQuery,
    throttles: MetricQuery,
    duration: MetricQuery,
}

impl Queries {
    fn of(function: &Function) -> Self {
        let query = |metric, stat| MetricQuery::new("AWS/Lambda", metric, stat, &[("FunctionName", &*function.name)]);
        Self {
            invocations: query("Invocations", Stat::Sum),
            errors: query("Errors", Stat::Sum),
            throttles: query("Throttles", Stat::Sum),
            duration: query("Duration", Stat::Percentile(95)),
        }
    }

    fn all(self) -> [MetricQuery; 4] {
        [self.invocations, self.errors, self.throttles, self.duration]
    }
}

/// The levels in force.
struct Levels {
    error_rate: Level,
    throttles: Level,
    p95: Level,
}

impl Signal for LambdaErrors {
    type Inventory = Vec<Function>;

    fn id(&self) -> SignalId {
        SignalId("lambda-errors")
    }

    fn title(&self) -> &'static str {
        "Lambda errors"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["lambda:ListFunctions"]
    }

    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }

    fn thresholds(&self) -> &'static [Threshold] {
        &THRESHOLDS
    }

    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<Function>, Fault>> {
        Box::pin(inventory::read(session))
    }

    fn queries(&self, inventory: &Vec<Function>) -> Vec<MetricQuery> {
        inventory.iter().flat_map(|function| Queries::of(function).all()).collect()
    }

    fn rewind<'a>(
        &'a self,
        _session: &'a Session,
        live: Arc<Vec<Function>>,
        then: &'a Then,
    ) -> BoxFuture<'a, Result<Arc<Vec<Function>>, Fault>> {
        Box::pin(async move { Ok(Arc::new(live.iter().map(|function| past::function(function, then.at)).collect())) })
    }

    fn raw<'a>(&'a self, session: &'a Session, resource: &'a Resource) -> Option<Asked<'a>> {
        Some(Box::pin(raw::ask(session, resource)))
    }

    fn interpret(&self, inventory: &Vec<Function>, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        let levels = Levels {
            error_rate: judge.level(self.id(), &ERROR_RATE),
            throttles: judge.level(self.id(), &THROTTLES),
            p95: judge.level(self.id(), &P95),
        };
        interpret::reading(inventory, metrics, judge, &levels)
    }
}
