//! What an estate file may say about ElastiCache.

use serde::Deserialize;

/// ElastiCache of one environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CacheData {
    /// Replication groups.
    pub group: Vec<CacheGroupData>,
}

/// A replication group with cluster mode disabled, and how it behaves. Its nodes are `<id>-001`, `<id>-002`, …
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheGroupData {
    /// Id.
    pub id: String,
    /// What it is for.
    pub description: String,
    /// `redis`, `valkey`.
    #[serde(default = "redis")]
    pub engine: String,
    /// e.g. `7.0.7`.
    pub engine_version: String,
    /// e.g. `cache.t3.micro`.
    pub node_type: String,
    /// Nodes; the first is the primary.
    pub nodes: u32,
    /// A replica takes over when the primary is lost.
    #[serde(default)]
    pub automatic_failover: bool,
    /// Nodes are in several zones.
    #[serde(default)]
    pub multi_az: bool,
    /// Days that snapshots are kept.
    #[serde(default)]
    pub snapshot_retention_days: u32,
    /// Encrypted at rest and in transit.
    #[serde(default = "yes")]
    pub encrypted: bool,
    /// CPU of the engine's thread on the primary in percent, on an average day.
    pub engine_cpu_percent: f64,
    /// Memory in percent of the most that the engine may use.
    pub memory_percent: f64,
    /// Connections of each node.
    pub connections: f64,
    /// Seconds that replicas are behind.
    #[serde(default = "lag_s")]
    pub replication_lag_s: f64,
    /// Reads a minute on an average day, all nodes together.
    pub reads_per_minute: f64,
    /// Share of the reads that find their key.
    #[serde(default = "hit_rate")]
    pub hit_rate: f64,
}

fn redis() -> String {
    "redis".to_owned()
}

fn yes() -> bool {
    true
}

fn lag_s() -> f64 {
    0.4
}

fn hit_rate() -> f64 {
    0.94
}
