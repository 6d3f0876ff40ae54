//! What an estate file may say about RDS and Aurora.

use serde::Deserialize;

use crate::drill::world::rds::AcuBounds;

/// RDS of one environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RdsData {
    /// DB instances that belong to no cluster.
    pub instance: Vec<DbInstanceData>,
    /// Aurora clusters.
    pub cluster: Vec<DbClusterData>,
}

/// A DB instance with its read replicas, and how it behaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbInstanceData {
    /// Identifier.
    pub id: String,
    /// e.g. `postgres`.
    pub engine: String,
    /// e.g. `16.4`.
    pub engine_version: String,
    /// e.g. `db.t3.medium`.
    pub class: String,
    /// Storage in GiB.
    pub allocated_gb: u32,
    /// Limit of storage auto scaling in GiB.
    #[serde(default)]
    pub max_allocated_gb: Option<u32>,
    /// e.g. `gp3`.
    #[serde(default = "gp3")]
    pub storage_type: String,
    /// Storage that is free at the beginning of the scenario, in GB (10⁹ bytes).
    pub free_storage_gb: f64,
    /// GB that the data grows by in a day, on average load.
    #[serde(default)]
    pub growth_gb_per_day: f64,
    /// A standby in another zone takes over.
    #[serde(default)]
    pub multi_az: bool,
    /// Days that automated backups are kept.
    #[serde(default = "week")]
    pub backup_retention_days: u32,
    /// It cannot be deleted by mistake.
    #[serde(default)]
    pub deletion_protection: bool,
    /// Storage is encrypted.
    #[serde(default = "yes")]
    pub encrypted: bool,
    /// Database that was made with it.
    #[serde(default)]
    pub database: Option<String>,
    /// How it behaves.
    pub usual: DbLoadData,
    /// Its read replicas, of the same class and storage.
    #[serde(default)]
    pub replica: Vec<ReplicaData>,
}

/// A read replica.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicaData {
    /// Identifier.
    pub id: String,
    /// Seconds that it is behind on average.
    pub lag_s: f64,
    /// How it behaves.
    pub usual: DbLoadData,
}

/// An instance on an average day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbLoadData {
    /// CPU in percent. Serverless v2: percent of the CPU at the largest capacity, as CloudWatch gives it.
    pub cpu_percent: f64,
    /// Connections.
    pub connections: f64,
    /// Most connections that the engine lets in.
    #[serde(default = "many")]
    pub max_connections: f64,
    /// Memory that is free, in GB (10⁹ bytes).
    pub freeable_memory_gb: f64,
    /// Milliseconds of a read.
    #[serde(default = "latency_ms")]
    pub read_latency_ms: f64,
    /// Milliseconds of a write.
    #[serde(default = "latency_ms")]
    pub write_latency_ms: f64,
}

/// An Aurora cluster: provisioned, or Serverless v2 where `serverless` is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbClusterData {
    /// Identifier.
    pub id: String,
    /// e.g. `aurora-mysql`.
    pub engine: String,
    /// e.g. `8.0.mysql_aurora.3.08.2`.
    pub engine_version: String,
    /// e.g. `db.r6g.2xlarge`; Serverless v2 is `db.serverless`.
    pub class: String,
    /// Bounds of Serverless v2.
    #[serde(default)]
    pub serverless: Option<AcuBounds>,
    /// Days that automated backups are kept.
    #[serde(default = "week")]
    pub backup_retention_days: u32,
    /// It cannot be deleted by mistake.
    #[serde(default)]
    pub deletion_protection: bool,
    /// Storage is encrypted.
    #[serde(default = "yes")]
    pub encrypted: bool,
    /// Database that was made with it.
    #[serde(default)]
    pub database: Option<String>,
    /// GB of local storage that each member has free.
    #[serde(default = "local_gb")]
    pub free_local_gb: f64,
    /// Milliseconds that readers are behind on average.
    #[serde(default = "lag_ms")]
    pub replica_lag_ms: f64,
    /// The writer on an average day.
    pub writer: DbLoadData,
    /// A reader on an average day.
    #[serde(default)]
    pub reader: Option<DbLoadData>,
    /// Identifiers of the members; the first one writes, the others are promoted in this order.
    pub members: Vec<String>,
}

fn gp3() -> String {
    "gp3".to_owned()
}

fn week() -> u32 {
    7
}

fn yes() -> bool {
    true
}

fn many() -> f64 {
    5000.0
}

fn latency_ms() -> f64 {
    1.2
}

fn local_gb() -> f64 {
    40.0
}

fn lag_ms() -> f64 {
    18.0
}
