//! ElastiCache: replication groups, their cache clusters (one node each) and what happened to them.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::Tags;

/// Events that are kept. ElastiCache itself keeps them for 14 days.
const EVENTS_KEPT: usize = 400;

/// ElastiCache of one account and region.
#[derive(Debug, Clone, Default)]
pub struct ElastiCache {
    /// Replication groups by id.
    pub groups: BTreeMap<String, ReplicationGroup>,
    /// Cache clusters by id, those of replication groups among them.
    pub clusters: BTreeMap<String, CacheCluster>,
    /// Newest last.
    pub events: VecDeque<CacheEvent>,
}

impl ElastiCache {
    /// Adds an event; the oldest ones go.
    pub fn note(&mut self, event: CacheEvent) {
        self.events.push_back(event);
        while self.events.len() > EVENTS_KEPT {
            self.events.pop_front();
        }
    }

    /// Id of the cache cluster that is the primary of a group. Nothing while none is.
    pub fn primary(&self, group: &str) -> Option<&str> {
        let group = self.groups.get(group)?;
        let primary = |id: &&String| self.clusters.get(*id).is_some_and(|cluster| cluster.primary);
        group.members.iter().find(primary).map(String::as_str)
    }
}

/// A replication group with cluster mode disabled: one node group.
#[derive(Debug, Clone)]
pub struct ReplicationGroup {
    /// Id.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// `redis`, `valkey`.
    pub engine: String,
    /// e.g. `cache.r5.large`.
    pub node_type: String,
    /// e.g. `available`, `modifying`.
    pub status: String,
    /// A replica takes over when the primary is lost.
    pub automatic_failover: bool,
    /// Nodes are in several zones.
    pub multi_az: bool,
    /// Ids of its cache clusters.
    pub members: Vec<String>,
    /// Host name of the primary endpoint.
    pub address: String,
    /// Host name of the reader endpoint.
    pub reader_address: String,
    /// Port.
    pub port: u32,
    /// Days that snapshots are kept.
    pub snapshot_retention_days: u32,
    /// Encrypted at rest and in transit.
    pub encrypted: bool,
    /// When it was created.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// A cache cluster of one node, `0001`.
#[derive(Debug, Clone)]
pub struct CacheCluster {
    /// Id.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// Replication group that it is a member of.
    pub group: Option<String>,
    /// Takes writes.
    pub primary: bool,
    /// `redis`, `valkey`.
    pub engine: String,
    /// e.g. `7.0.7`.
    pub engine_version: String,
    /// e.g. `cache.r5.large`.
    pub node_type: String,
    /// e.g. `available`, `rebooting cluster nodes`.
    pub status: String,
    /// Status of its node: `available`, `rebooting`.
    pub node_status: String,
    /// Zone.
    pub zone: String,
    /// Host name of the node.
    pub address: String,
    /// Port.
    pub port: u32,
    /// When it was created.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheSource {
    /// A cache cluster.
    Cluster,
    /// A replication group.
    Group,
}

impl CacheSource {
    /// The word of the ElastiCache API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cluster => "cache-cluster",
            Self::Group => "replication-group",
        }
    }
}

/// An event, worded as in the ElastiCache User Guide, "Testing automatic failover".
#[derive(Debug, Clone, PartialEq)]
pub struct CacheEvent {
    /// When.
    pub at: Timestamp,
    /// Kind of the source.
    pub source: CacheSource,
    /// Id of the source.
    pub id: String,
    /// The sentence.
    pub message: String,
}
