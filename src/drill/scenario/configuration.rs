//! Configuration that a scenario finds changed from its start: what somebody did by hand, long ago.

use serde::Deserialize;

/// One resource whose configuration is not the estate's. Exactly one resource is named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationChange {
    /// Name of the environment.
    pub environment: String,
    /// Name of a Lambda function.
    #[serde(default)]
    pub function: Option<String>,
    /// Name of a DynamoDB table.
    #[serde(default)]
    pub table: Option<String>,
    /// `TABLE/INDEX` of a DynamoDB index.
    #[serde(default)]
    pub index: Option<String>,
    /// Name of a REST API.
    #[serde(default)]
    pub rest_api: Option<String>,
    /// Name of a log group.
    #[serde(default)]
    pub log_group: Option<String>,
    /// Name of an S3 bucket.
    #[serde(default)]
    pub bucket: Option<String>,
    /// `CLUSTER/SERVICE` of an ECS service.
    #[serde(default)]
    pub service: Option<String>,
    /// Alias of a KMS key.
    #[serde(default)]
    pub key: Option<String>,
    /// Name of an alarm.
    #[serde(default)]
    pub alarm: Option<String>,
    /// Settings that are not the estate's.
    #[serde(default)]
    pub set: Settings,
    /// Keys of tags that it lacks.
    #[serde(default)]
    pub untag: Vec<String>,
    /// True for a resource that is not there.
    #[serde(default)]
    pub remove: bool,
}

/// Settings; those that the kind of resource does not have change nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Memory of a function in MB.
    pub memory_mb: Option<u32>,
    /// Timeout of a function in seconds.
    pub timeout_s: Option<u32>,
    /// Read units a second of a table or index.
    pub read_units: Option<u32>,
    /// Write units a second of a table or index.
    pub write_units: Option<u32>,
    /// Throttle of a REST API's stage in requests per second.
    pub rate_limit: Option<f64>,
    /// Burst of a REST API's stage.
    pub burst_limit: Option<u32>,
    /// Days that a log group keeps events.
    pub retention_days: Option<u32>,
    /// Days after which a bucket's objects expire.
    pub expire_days: Option<u32>,
    /// A bucket keeps versions.
    pub versioning: Option<bool>,
    /// A bucket blocks public access.
    pub public_access_blocked: Option<bool>,
    /// A key is rotated.
    pub rotation: Option<bool>,
    /// Auto scaling of a service does nothing by itself.
    pub scaling_suspended: Option<bool>,
    /// An alarm tells somebody.
    pub actions_enabled: Option<bool>,
    /// Threshold of a metric alarm.
    pub threshold: Option<f64>,
}
