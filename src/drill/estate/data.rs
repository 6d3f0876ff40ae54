//! What an estate file may say about the serverless part, alarms and gauges of an environment.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::applications::ApplicationData;
use super::caches::CacheData;
use super::containers::{EcsData, LoadBalancerData};
use super::databases::RdsData;
use super::eks::EksData;
use super::logs::LogGroupData;
use super::queues::QueueData;
use super::storage::{BucketData, KeyData};
use super::streams::MskData;
use crate::drill::world::Tags;
use crate::drill::world::alarm::{Comparison, MissingData};

/// Everything in one environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Resources {
    /// Tags of every resource.
    pub tags: Tags,
    /// How the load moves through the day.
    pub traffic: TrafficData,
    /// Lambda.
    pub function: Vec<FunctionData>,
    /// DynamoDB.
    pub table: Vec<TableData>,
    /// API Gateway REST APIs.
    pub rest_api: Vec<RestApiData>,
    /// ECS.
    pub ecs: EcsData,
    /// RDS and Aurora.
    pub rds: RdsData,
    /// ElastiCache.
    pub elasticache: CacheData,
    /// MSK.
    pub msk: MskData,
    /// EKS clusters.
    pub eks: Vec<EksData>,
    /// Application load balancers.
    pub load_balancer: Vec<LoadBalancerData>,
    /// SQS.
    pub queue: Vec<QueueData>,
    /// CloudWatch Logs.
    pub log_group: Vec<LogGroupData>,
    /// S3.
    pub bucket: Vec<BucketData>,
    /// KMS.
    pub key: Vec<KeyData>,
    /// Metrics that applications publish.
    pub application: Vec<ApplicationData>,
    /// Metrics of things that are not simulated themselves.
    pub gauge: Vec<GaugeData>,
    /// CloudWatch metric alarms.
    pub alarm: Vec<AlarmData>,
    /// CloudWatch composite alarms.
    pub composite_alarm: Vec<CompositeData>,
}

/// The daily curve of the load: a sine around 1.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrafficData {
    /// Share of the mean by which the load rises and falls.
    pub swing: f64,
    /// UTC hour of the highest load.
    pub peak_hour: f64,
}

impl Default for TrafficData {
    fn default() -> Self {
        Self { swing: 0.08, peak_hour: 15.0 }
    }
}

/// A Lambda function and how it behaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionData {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Runtime.
    pub runtime: String,
    /// Memory in MB.
    pub memory_mb: u32,
    /// Timeout in seconds.
    pub timeout_s: u32,
    /// Number of the newest published version.
    pub version: u32,
    /// Alias on that version.
    pub alias: String,
    /// Days since it was published, at the beginning of the scenario.
    pub published_days_ago: u32,
    /// Median of the duration in milliseconds.
    pub median_ms: f64,
    /// 95th percentile of the duration in milliseconds.
    pub p95_ms: f64,
    /// Share of invocations that fail on a calm day.
    pub error_rate: f64,
    /// Reserved concurrency.
    #[serde(default)]
    pub reserved_concurrency: Option<u32>,
    /// Names and values of its environment variables.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Capacity units that an invocation uses.
    #[serde(default)]
    pub access: Vec<AccessData>,
    /// Functions that it invokes. They stand after it in the file.
    #[serde(default)]
    pub invokes: Vec<InvokeData>,
}

/// What an invocation asks of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessData {
    /// Name of the table.
    pub table: String,
    /// Read units.
    #[serde(default)]
    pub read_units: f64,
    /// Write units.
    #[serde(default)]
    pub write_units: f64,
}

/// An invocation of one function by another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvokeData {
    /// Name of the function.
    pub function: String,
    /// Invocations for each successful invocation.
    pub share: f64,
}

/// A DynamoDB table with provisioned capacity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableData {
    /// Name.
    pub name: String,
    /// Partition key, then sort key, each `name:type`.
    pub key: Vec<String>,
    /// Units per second.
    pub read_units: u32,
    /// Units per second.
    pub write_units: u32,
    /// Items.
    pub items: u64,
    /// Bytes.
    pub bytes: u64,
    /// Seconds of unused capacity that may be used later. AWS keeps up to 300, without promise.
    #[serde(default = "burst_s")]
    pub burst_s: f64,
    /// Its indexes.
    #[serde(default)]
    pub index: Vec<IndexData>,
}

fn burst_s() -> f64 {
    300.0
}

/// A global secondary index with provisioned capacity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexData {
    /// Name.
    pub name: String,
    /// Partition key, then sort key, each `name:type`.
    pub key: Vec<String>,
    /// Units per second.
    pub read_units: u32,
    /// Units per second.
    pub write_units: u32,
    /// Units of the index for each write unit of the table.
    pub write_share: f64,
    /// Units of the index for each read unit of the table.
    pub read_share: f64,
}

/// A REST API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestApiData {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Name of its stage.
    pub stage: String,
    /// Throttle in requests per second.
    pub rate_limit: f64,
    /// Burst.
    pub burst_limit: u32,
    /// Requests per minute on an average day.
    pub requests_per_minute: f64,
    /// Share of requests that clients get wrong (4xx).
    pub client_error_rate: f64,
    /// How often clients try again after a failure.
    pub client_retries: u32,
    /// Its routes.
    pub route: Vec<RouteData>,
}

/// A route of an API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteData {
    /// e.g. `/process`.
    pub path: String,
    /// e.g. `POST`.
    pub method: String,
    /// Name of the function.
    pub function: String,
    /// Share of the API's requests.
    pub share: f64,
}

/// A metric that follows a mean, noise and perhaps the load.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GaugeData {
    /// Namespace.
    pub namespace: String,
    /// Metric.
    pub metric: String,
    /// Dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// Mean.
    pub mean: f64,
    /// Share of the mean by which it strays.
    #[serde(default)]
    pub noise: f64,
    /// Exponent of the load: 0 does not follow it, 1 grows with it.
    #[serde(default)]
    pub load: f64,
    /// Highest value that it can have.
    #[serde(default)]
    pub limit: Option<f64>,
}

/// A metric alarm.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmData {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Namespace.
    pub namespace: String,
    /// Metric.
    pub metric: String,
    /// Dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// Statistic.
    pub statistic: String,
    /// Seconds.
    #[serde(default = "period_s")]
    pub period_s: u32,
    /// Periods looked at.
    #[serde(default = "one")]
    pub evaluation_periods: u32,
    /// Breaching periods that set it off; all, where it is not given.
    #[serde(default)]
    pub datapoints_to_alarm: Option<u32>,
    /// Comparison.
    pub comparison: Comparison,
    /// Threshold.
    pub threshold: f64,
    /// Missing periods. Alarms on `AWS/DynamoDB` always ignore them, as in CloudWatch.
    #[serde(default)]
    pub missing: MissingData,
    /// False: nobody is told.
    #[serde(default = "yes")]
    pub actions_enabled: bool,
    /// Name of the SNS topic.
    pub topic: String,
    /// True for an alarm that has never had data.
    #[serde(default)]
    pub without_data: bool,
}

/// A composite alarm.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositeData {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Expression.
    pub rule: String,
    /// False: nobody is told.
    #[serde(default = "yes")]
    pub actions_enabled: bool,
    /// Name of the SNS topic.
    pub topic: String,
}

fn period_s() -> u32 {
    60
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}
