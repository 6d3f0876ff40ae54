//! What an estate file may say about the metrics that applications publish themselves.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An application: what it publishes follows from how busy its service is and from how its database does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationData {
    /// Namespace of `ResponseTime` (ms), `RequestCount`, `ErrorRate` (%) and `DatabaseConnections`.
    pub namespace: String,
    /// Dimensions of all of them.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// Cluster that it runs on.
    pub cluster: String,
    /// Its ECS service, or its Kubernetes workload.
    pub service: String,
    /// Requests per minute on an average day.
    pub requests_per_minute: f64,
    /// Median of the response time in milliseconds.
    pub median_ms: f64,
    /// 95th percentile of the response time in milliseconds.
    pub p95_ms: f64,
    /// Share of responses 5xx on a calm day.
    pub error_rate: f64,
    /// Connections that each task or pod holds to the database, at average load.
    #[serde(default)]
    pub connections: f64,
    /// Shares of the requests by operation; `RequestCount` is also published by `Operation` then.
    #[serde(default)]
    pub operations: BTreeMap<String, f64>,
    /// Webhooks that it takes in and works off.
    #[serde(default)]
    pub webhooks: Option<WebhooksData>,
}

/// Webhooks and the queue that they wait in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhooksData {
    /// Namespace of `ProcessingTime` (ms), `QueueSize`, `WebhooksPerMinute` and `FailedRate` (%).
    pub namespace: String,
    /// Webhooks per minute on an average day.
    pub per_minute: f64,
    /// Webhooks per minute that a task can work off.
    pub capacity_per_task: f64,
    /// Median of the processing time in milliseconds.
    pub median_ms: f64,
    /// 95th percentile of the processing time in milliseconds.
    pub p95_ms: f64,
    /// Share of the webhooks that fail on a calm day.
    pub failed_rate: f64,
}
