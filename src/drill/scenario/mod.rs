//! Scenarios as data: `config/drills/<estate>/<scenario>.toml`. A scenario only sets inputs; what follows from them is
//! the plant's doing.

use serde::Deserialize;

use super::estate::{self, Estate};
use super::options::{DrillError, hint};

mod check;
mod configuration;
mod data_stores;
mod faults;
mod web;

pub use configuration::{ConfigurationChange, Settings as ConfigurationSettings};
pub use data_stores::{BrokerLost, CacheGrowth, CacheNodeLost, DatabaseDegraded, Failover, StorageGrowth};
pub use faults::{Fault, Mode};
pub use web::{ApiDeploy, ConsumerChange, LogBurst, UnhealthyTargets, lasts};
mod truth;

pub use truth::{Cause, CauseKind, Expect};

/// What happens, and when. All times count from the beginning of the scenario.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// One line for people.
    pub title: String,
    /// New versions of functions.
    #[serde(default)]
    pub publish: Vec<Publish>,
    /// Changes of the load.
    #[serde(default)]
    pub load: Vec<Load>,
    /// Changes of what a table is asked for.
    #[serde(default)]
    pub table_load: Vec<TableLoad>,
    /// Rollouts of services.
    #[serde(default)]
    pub deploy: Vec<Deploy>,
    /// Databases whose storage runs out.
    #[serde(default)]
    pub storage_growth: Vec<StorageGrowth>,
    /// Databases that do badly.
    #[serde(default)]
    pub database_degraded: Vec<DatabaseDegraded>,
    /// Failovers of databases.
    #[serde(default)]
    pub failover: Vec<Failover>,
    /// Nodes of caches that are lost.
    #[serde(default)]
    pub cache_node_lost: Vec<CacheNodeLost>,
    /// Caches that are filled.
    #[serde(default)]
    pub cache_growth: Vec<CacheGrowth>,
    /// Brokers that are lost.
    #[serde(default)]
    pub broker_lost: Vec<BrokerLost>,
    /// Targets that fail their health checks.
    #[serde(default)]
    pub unhealthy: Vec<UnhealthyTargets>,
    /// Consumers of queues that become slower or fail.
    #[serde(default)]
    pub consumer: Vec<ConsumerChange>,
    /// Floods of log lines.
    #[serde(default)]
    pub log_burst: Vec<LogBurst>,
    /// Deployments of REST APIs.
    #[serde(default)]
    pub api_deploy: Vec<ApiDeploy>,
    /// Changes of the bounds of node groups.
    #[serde(default)]
    pub node_group_update: Vec<NodeGroupUpdate>,
    /// Environments that cannot be reached.
    #[serde(default)]
    pub unreachable: Vec<Outage>,
    /// Environments whose credentials have expired.
    #[serde(default)]
    pub expired: Vec<Outage>,
    /// Requests that go wrong.
    #[serde(default)]
    pub fault: Vec<Fault>,
    /// Storms of alarms.
    #[serde(default)]
    pub alarm_flood: Vec<AlarmFlood>,
    /// Resources whose configuration is not the estate's from the start.
    #[serde(default)]
    pub configuration: Vec<ConfigurationChange>,
    /// What the scenario is about; `None` where nothing happens.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// The alarms that go off, in this order; no others do, but for those of an alarm flood.
    #[serde(default)]
    pub expect: Vec<Expect>,
}

/// A new version of a function is published and its alias moved to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the function.
    pub function: String,
    /// Description of the version.
    pub description: String,
    /// What is wrong with the version.
    #[serde(default)]
    pub fault: FunctionFault,
}

/// How a version misbehaves.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FunctionFault {
    /// Share of the invocations that fail, besides the usual.
    pub error_rate: f64,
    /// Share of the invocations that take longer.
    pub slow_share: f64,
    /// By how much they take longer, in milliseconds.
    pub slow_ms: f64,
    /// Write units that a failing invocation spends on tries of its own, besides the usual.
    pub write_units_per_error: f64,
    /// Seconds until it shows in full.
    pub ramp_s: i64,
}

/// The load of an environment is multiplied.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// By how much.
    pub factor: f64,
    /// Seconds until it is there in full.
    #[serde(default)]
    pub ramp_s: i64,
}

/// What one table is asked for is multiplied.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableLoad {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the table.
    pub table: String,
    /// Reads by how much.
    #[serde(default = "unchanged")]
    pub read_factor: f64,
    /// Writes by how much.
    #[serde(default = "unchanged")]
    pub write_factor: f64,
    /// Seconds until it is there in full.
    #[serde(default)]
    pub ramp_s: i64,
}

fn unchanged() -> f64 {
    1.0
}

/// A new revision of a service's task definition is registered and deployed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deploy {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the service.
    pub service: String,
    /// Tag of the new image.
    pub image_tag: String,
    /// False: there is no such image.
    #[serde(default = "pullable")]
    pub pullable: bool,
    /// What is wrong with the revision.
    #[serde(default)]
    pub fault: ServiceFault,
}

fn pullable() -> bool {
    true
}

/// How a revision of a service misbehaves, as far as its tasks run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceFault {
    /// Share of the requests that fail, besides the usual.
    pub error_rate: f64,
    /// Share of the background jobs that fail, besides the usual.
    pub failed_jobs: f64,
    /// CPU that a request needs more, as a share of the usual: 1 doubles it.
    pub more_cpu: f64,
}

/// The bounds of a managed node group are changed (UpdateNodegroupConfig).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeGroupUpdate {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the node group.
    pub node_group: String,
    /// New smallest size.
    #[serde(default)]
    pub min: Option<u32>,
    /// New largest size.
    #[serde(default)]
    pub max: Option<u32>,
}

/// An environment answers nobody for some time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Seconds that it lasts.
    pub for_s: i64,
}

/// Many alarms that exist all the time and go off within a third of the time that the storm lasts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmFlood {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// How many.
    pub count: u32,
    /// Seconds until all is well again.
    pub for_s: i64,
    /// Name of each; `{n}` stands for its number.
    pub name: String,
    /// What they are for.
    pub description: String,
    /// Namespace of their metric, which has the alarm's name as its dimension `Check`.
    pub namespace: String,
    /// Their metric.
    pub metric: String,
    /// Name of the SNS topic.
    pub topic: String,
}

/// How much of a change that began at `from` and takes `ramp` seconds is there at `now`, 0 to 1.
pub fn progress(now: i64, from: i64, ramp: i64) -> f64 {
    if now < from {
        return 0.0;
    }
    let done = i32::try_from(now - from).unwrap_or(i32::MAX);
    let whole = i32::try_from(ramp).unwrap_or(i32::MAX).max(1);
    (f64::from(done) / f64::from(whole)).min(1.0)
}

/// Names of an estate's scenarios, sorted.
pub fn names(estate: &str) -> Vec<&'static str> {
    estate::scenario_names(estate)
}

/// Reads a scenario of an estate: its default where none is named; `none` is `calm`.
///
/// # Errors
/// The estate has no such scenario, or its file is wrong.
pub fn load(estate: &Estate, name: Option<&str>) -> Result<Scenario, DrillError> {
    let name = match name {
        None => estate.default_scenario.as_str(),
        Some("none") => "calm",
        Some(name) => name,
    };
    let known = names(&estate.name);
    if !known.contains(&name) {
        return Err(DrillError::UnknownScenario {
            estate: estate.name.clone(),
            name: name.to_owned(),
            hint: hint(name, known.iter().copied()),
            known: known.join(", "),
        });
    }
    let file = format!("{}/{name}.toml", estate.name);
    let parsed: Result<Scenario, String> = toml::from_str(estate::text(&file)?).map_err(|error| error.to_string());
    parsed
        .and_then(|scenario| check::names_exist(&scenario, estate).map(|()| scenario))
        .map_err(|reason| DrillError::Data { file, reason })
}
