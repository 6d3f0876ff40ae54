//! What MSK says of clusters and their brokers, as far as it is watched.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::Fault;

/// What MSK said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// The clusters that belong to the environment.
    pub clusters: Vec<Cluster>,
    /// The first ListNodes that failed although the rest succeeded.
    pub fault: Option<Fault>,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cluster {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// `ACTIVE`, `HEALING`, …
    pub state: Text,
    /// Why it is in that state, where MSK says so.
    pub state_reason: Text,
    /// Settings of a cluster with brokers; `None` for a serverless one.
    pub provisioned: Option<Provisioned>,
    /// Its brokers; `None` when they could not be listed.
    pub brokers: Option<Vec<Broker>>,
    /// When it was created; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

/// Settings of a cluster with brokers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provisioned {
    /// e.g. `3.6.0`.
    pub kafka_version: Text,
    /// Brokers that it should have.
    pub broker_count: Option<i32>,
    /// e.g. `kafka.m5.large`, `express.m7g.large`.
    pub instance_type: Text,
    /// Storage of each broker in GiB; `None` where it grows by itself.
    pub storage_gb: Option<i32>,
    /// `DEFAULT`, `PER_BROKER`, `PER_TOPIC_PER_BROKER`, `PER_TOPIC_PER_PARTITION`.
    pub monitoring: Text,
    /// `LOCAL` or `TIERED`.
    pub storage_mode: Text,
}

/// A broker.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Broker {
    /// Its number, from 1.
    pub id: i64,
    /// ARN; MSK does not give one to every broker.
    pub arn: Text,
    /// e.g. `kafka.m5.large`.
    pub instance_type: Text,
    /// Kafka's version on it.
    pub kafka_version: Text,
    /// Host names.
    pub endpoints: Vec<Text>,
    /// Subnet.
    pub subnet: Text,
    /// When it was added; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

impl Provisioned {
    /// Express brokers have storage that is not theirs, and fewer metrics.
    pub fn is_express(&self) -> bool {
        self.instance_type.starts_with("express.")
    }
}

impl Cluster {
    /// True while it can be used, so that it has metrics (MSK Developer Guide, cluster states).
    pub fn runs(&self) -> bool {
        matches!(&*self.state, "ACTIVE" | "HEALING" | "MAINTENANCE" | "REBOOTING_BROKER" | "UPDATING")
    }
}
