//! MSK: provisioned Kafka clusters, their brokers and the operations on them.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::Tags;

/// A provisioned cluster.
#[derive(Debug, Clone)]
pub struct MskCluster {
    /// Name, also its CloudWatch dimension `Cluster Name`.
    pub name: String,
    /// `arn:aws:kafka:…:cluster/<name>/<uuid>-<n>`.
    pub arn: String,
    /// e.g. `ACTIVE`, `HEALING`.
    pub state: String,
    /// e.g. `3.7.x`.
    pub kafka_version: String,
    /// e.g. `kafka.m5.large`.
    pub broker_type: String,
    /// GiB of each broker's volume.
    pub volume_gb: u32,
    /// Level of metrics: `DEFAULT`, `PER_BROKER`, …
    pub monitoring: String,
    /// Version of the cluster that changes ask for.
    pub current_version: String,
    /// By id, from 1.
    pub brokers: Vec<Broker>,
    /// Newest first.
    pub operations: VecDeque<MskOperation>,
    /// When it was created.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// A broker.
#[derive(Debug, Clone)]
pub struct Broker {
    /// From 1, also its CloudWatch dimension `Broker ID`.
    pub id: u32,
    /// ARN of the node.
    pub arn: String,
    /// Host name.
    pub address: String,
    /// Subnet, one for each zone.
    pub subnet: String,
    /// Address in the subnet.
    pub ip: String,
    /// False while it is lost.
    pub online: bool,
    /// When it was added.
    pub added: Timestamp,
}

/// An operation on a cluster.
#[derive(Debug, Clone)]
pub struct MskOperation {
    /// ARN.
    pub arn: String,
    /// e.g. `HEAL_CLUSTER`.
    pub kind: String,
    /// e.g. `UPDATE_IN_PROGRESS`, `UPDATE_COMPLETE`.
    pub state: String,
    /// When it began.
    pub started: Timestamp,
    /// When it was done.
    pub ended: Option<Timestamp>,
}
