//! What a scenario may do to load balancers, queues, logs and the deployments of APIs.

use serde::Deserialize;

/// Targets of a service begin to fail their load balancer's health checks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnhealthyTargets {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Seconds that it lasts; none: until the end.
    #[serde(default)]
    pub for_s: Option<i64>,
    /// Name of the environment.
    pub environment: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the service.
    pub service: String,
    /// Share of its running tasks, 0 to 1; at least one task.
    pub share: f64,
}

/// The consumer of a queue becomes slower, or its messages cannot be handled.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerChange {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Seconds that it lasts; none: until the end.
    #[serde(default)]
    pub for_s: Option<i64>,
    /// Name of the environment.
    pub environment: String,
    /// Name of the queue.
    pub queue: String,
    /// What is left of the consumer's capacity: 1 all, 0 nothing.
    #[serde(default = "all")]
    pub capacity: f64,
    /// Share of the messages that cannot be handled however often they are tried.
    #[serde(default)]
    pub poison: f64,
}

fn all() -> f64 {
    1.0
}

/// Additional lines in a log group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogBurst {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Seconds that it lasts.
    pub for_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the log group.
    pub group: String,
    /// Lines a second.
    pub lines_per_second: u32,
    /// What they say.
    #[serde(default = "message")]
    pub message: String,
}

fn message() -> String {
    "retrying request".to_owned()
}

/// A REST API is deployed to its stage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiDeploy {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the API.
    pub rest_api: String,
    /// What the deployer said.
    pub description: String,
    /// Requests per second that the same pipeline sets on the stage.
    #[serde(default)]
    pub rate_limit: Option<f64>,
}

/// True at `now` for a change that began at `from` and lasts `for_s` seconds, all in seconds.
pub fn lasts(now: i64, from: i64, for_s: Option<i64>) -> bool {
    now >= from && for_s.is_none_or(|length| now < from.saturating_add(length))
}
