//! What an estate file may say about containers and load balancers.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::drill::world::ecs::CircuitBreaker;

/// ECS of one environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EcsData {
    /// Clusters.
    pub cluster: Vec<ClusterData>,
}

/// A Fargate cluster and what its services have in common.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterData {
    /// Name.
    pub name: String,
    /// Container Insights on.
    pub container_insights: bool,
    /// CPU units of a task (1024 = 1 vCPU).
    pub cpu: u32,
    /// Memory of a task in MB.
    pub memory_mb: u32,
    /// `ARM64` or `X86_64`.
    pub architecture: String,
    /// Prefix of the images' names, e.g. `{account}.dkr.ecr.{region}.amazonaws.com`.
    pub registry: String,
    /// Seconds from the start of a task until it runs.
    pub startup_s: u32,
    /// Lower bound of a rollout, percent.
    pub minimum_healthy_percent: u32,
    /// Upper bound of a rollout, percent.
    pub maximum_percent: u32,
    /// Deployment circuit breaker.
    #[serde(default)]
    pub circuit_breaker: CircuitBreaker,
    /// Its services.
    pub service: Vec<ServiceData>,
}

/// A service and how it behaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceData {
    /// Name, also of its container and its image; its family is `<cluster>-<name>`.
    pub name: String,
    /// Container port.
    pub port: u32,
    /// Tasks wanted.
    pub desired: u32,
    /// Revision of its task definition.
    pub revision: u32,
    /// Tag of its image.
    pub image_tag: String,
    /// Path that the load balancer routes to it.
    #[serde(default)]
    pub path: Option<String>,
    /// Path of its health check, e.g. `/health`.
    #[serde(default)]
    pub health_path: Option<String>,
    /// Log group of its containers; `/ecs/<family>` where there is none.
    #[serde(default)]
    pub log_group: Option<String>,
    /// Containers beside its own.
    #[serde(default)]
    pub sidecar: Vec<SidecarData>,
    /// Identifier of the DB instance or cluster without which it does not work.
    #[serde(default)]
    pub database: Option<String>,
    /// CPU in percent at average load with the desired count.
    pub cpu_percent: f64,
    /// Memory in percent, likewise.
    pub memory_percent: f64,
    /// Auto scaling.
    #[serde(default)]
    pub scaling: Option<ScalingData>,
    /// Lower bound of a rollout in place of the cluster's.
    #[serde(default)]
    pub minimum_healthy_percent: Option<u32>,
    /// Upper bound of a rollout in place of the cluster's.
    #[serde(default)]
    pub maximum_percent: Option<u32>,
}

/// A container beside the service's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SidecarData {
    /// Name.
    pub name: String,
    /// Image with tag.
    pub image: String,
    /// Port.
    #[serde(default)]
    pub port: Option<u32>,
    /// Hard limit of its memory in MB.
    pub memory_mb: u32,
}

/// Target tracking on CPU, memory and perhaps requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalingData {
    /// Fewest tasks.
    pub min: u32,
    /// Most tasks.
    pub max: u32,
    /// Wanted CPU in percent.
    pub cpu_target: f64,
    /// Wanted memory in percent.
    pub memory_target: f64,
    /// Wanted requests per task and minute.
    #[serde(default)]
    pub requests_target: Option<f64>,
    /// Seconds between two steps out.
    pub out_cooldown_s: u32,
    /// Seconds between two steps in.
    pub in_cooldown_s: u32,
}

/// An application load balancer in front of a cluster.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadBalancerData {
    /// Name; its dimension is `app/<name>/<id>`.
    pub name: String,
    /// 16 hex digits.
    pub id: String,
    /// Cluster behind it.
    pub cluster: String,
    /// Path of the targets' health checks.
    #[serde(default = "health_path")]
    pub health_path: String,
    /// Requests per minute on an average day.
    pub requests_per_minute: f64,
    /// Median of the response time in milliseconds.
    pub median_ms: f64,
    /// 95th percentile of the response time in milliseconds.
    pub p95_ms: f64,
    /// Share of responses 5xx on a calm day.
    pub error_rate: f64,
    /// Share of responses 4xx.
    pub client_error_rate: f64,
    /// Share of the requests for each service of the cluster.
    pub shares: BTreeMap<String, f64>,
}

fn health_path() -> String {
    "/health".to_owned()
}
