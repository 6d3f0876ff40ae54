//! What a scenario may do to databases, caches and streams.

use serde::Deserialize;

/// A database writes more than usual: its storage runs out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageGrowth {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Identifier of a DB instance that belongs to no cluster.
    pub database: String,
    /// GB (10⁹ bytes) a minute, besides the usual.
    pub gb_per_minute: f64,
    /// Seconds that it goes on; without end where it is not given.
    #[serde(default)]
    pub for_s: Option<i64>,
}

/// A database does badly: the instance, or the member of a cluster that writes at that time. A failover away from it
/// ends this.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseDegraded {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Identifier of a DB cluster, or of a DB instance that belongs to none.
    pub database: String,
    /// CPU by how much.
    #[serde(default = "unchanged")]
    pub cpu_factor: f64,
    /// Time of reads and writes by how much.
    #[serde(default = "unchanged")]
    pub latency_factor: f64,
    /// Connections by how much: those that wait stay open.
    #[serde(default = "unchanged")]
    pub connections_factor: f64,
    /// Seconds until it shows in full.
    #[serde(default)]
    pub ramp_s: i64,
    /// Seconds that it goes on; without end where it is not given.
    #[serde(default)]
    pub for_s: Option<i64>,
}

/// A DB cluster fails over to one of its readers, or a Multi-AZ DB instance to its standby.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Identifier of the DB cluster or DB instance.
    pub database: String,
    /// Reader that takes over; the first in the order of promotion where it is not given.
    #[serde(default)]
    pub target: Option<String>,
    /// It happens only while the database does badly: not when somebody has helped it.
    #[serde(default)]
    pub if_degraded: bool,
}

/// A node of a replication group is lost and replaced.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheNodeLost {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Id of the replication group.
    pub group: String,
    /// Id of the node, e.g. `sessions-001`; the primary where it is not given.
    #[serde(default)]
    pub node: Option<String>,
    /// Seconds until another node is in its place.
    pub for_s: i64,
}

/// A replication group is filled beyond its memory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheGrowth {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Id of the replication group.
    pub group: String,
    /// Percentage points of memory a minute. What no longer fits is evicted.
    pub percent_per_minute: f64,
    /// Seconds that it goes on; without end where it is not given.
    #[serde(default)]
    pub for_s: Option<i64>,
}

/// A broker of an MSK cluster is lost and replaced.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerLost {
    /// Seconds into the scenario.
    pub at_s: i64,
    /// Name of the environment.
    pub environment: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Id of the broker.
    pub broker: u32,
    /// Seconds until another broker is in its place.
    pub for_s: i64,
}

fn unchanged() -> f64 {
    1.0
}
