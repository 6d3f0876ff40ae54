//! What an estate file may say about MSK.

use serde::Deserialize;

/// MSK of one environment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MskData {
    /// Provisioned clusters.
    pub cluster: Vec<MskClusterData>,
}

/// A provisioned cluster and how it behaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MskClusterData {
    /// Name.
    pub name: String,
    /// e.g. `3.7.x`.
    pub kafka_version: String,
    /// e.g. `kafka.m5.large`.
    pub broker_type: String,
    /// Brokers, spread over three zones.
    pub brokers: u32,
    /// GiB of each broker's volume.
    pub volume_gb: u32,
    /// Level of metrics.
    #[serde(default = "per_broker")]
    pub monitoring: String,
    /// Partitions of all topics, without replicas.
    pub partitions: u32,
    /// Replicas of a partition.
    #[serde(default = "three")]
    pub replication_factor: u32,
    /// In-sync replicas without which a partition takes no writes.
    #[serde(default = "two")]
    pub min_in_sync: u32,
    /// CPU of a broker in user space in percent, on an average day.
    pub cpu_percent: f64,
    /// Data logs in percent of the volume.
    pub disk_percent: f64,
    /// Bytes that a broker receives each second, on an average day.
    pub bytes_in_per_s: f64,
}

fn per_broker() -> String {
    "PER_BROKER".to_owned()
}

fn three() -> u32 {
    3
}

fn two() -> u32 {
    2
}
