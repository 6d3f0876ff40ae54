//! What ElastiCache says of replication groups, cache clusters and serverless caches, as far as it is watched.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::Fault;

/// What ElastiCache said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// Replication groups that belong to the environment, or of which members do.
    pub groups: Vec<Group>,
    /// Cache clusters: the members of groups, and those that stand alone.
    pub clusters: Vec<CacheCluster>,
    /// Serverless caches.
    pub serverless: Vec<Serverless>,
    /// The first call that failed although others succeeded.
    pub fault: Option<Fault>,
}

/// A replication group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// Its id.
    pub name: Text,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// What DescribeReplicationGroups says; `None` when that failed.
    pub state: Option<GroupState>,
    /// How many of its nodes can be used; `None` when not all of them are described.
    pub nodes_ok: Option<usize>,
    /// When it was created; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

/// What DescribeReplicationGroups says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupState {
    /// `available`, `modifying`, …
    pub status: Text,
    /// Ids of all members, also of those that do not belong to the environment.
    pub members: Vec<Text>,
    /// One without cluster mode, up to 500 with it.
    pub shards: Vec<Shard>,
    /// `enabled`, `enabling`, `disabled`, `disabling`.
    pub automatic_failover: Text,
    /// `enabled`, `disabled`.
    pub multi_az: Text,
    /// Sharded.
    pub cluster_mode: Option<bool>,
    /// The node that is being promoted by hand; empty for none.
    pub promoting: Text,
    /// e.g. `cache.r5.large`.
    pub node_type: Text,
    /// Where to write, `address:port`.
    pub endpoint: Text,
    /// Days that snapshots are kept; 0 for no snapshots.
    pub snapshot_days: Option<i32>,
    /// At rest.
    pub encrypted_at_rest: Option<bool>,
    /// In transit.
    pub encrypted_in_transit: Option<bool>,
    /// Changes that wait.
    pub pending: Vec<Text>,
}

/// A shard: a primary and its replicas.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shard {
    /// e.g. `0001`.
    pub name: Text,
    /// Id and role of its members. Cluster mode does not tell roles.
    pub members: Vec<(Text, Option<Role>)>,
}

/// What a cache cluster is to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// In no group.
    Standalone,
    /// Takes writes.
    Primary,
    /// Follows a primary.
    Replica,
    /// One of several nodes of a shard in cluster mode, which does not tell who takes writes.
    Member,
    /// The only node of its shard in cluster mode.
    Single,
    /// Its group could not be described.
    #[default]
    Unknown,
}

/// A cache cluster: one node of a replication group, or a cluster by itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CacheCluster {
    /// Its id.
    pub name: Text,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// Its replication group.
    pub group: Option<Text>,
    /// Its part in the group.
    pub role: Role,
    /// What DescribeCacheClusters says; `None` when that failed.
    pub state: Option<ClusterState>,
    /// When it was created; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

/// What DescribeCacheClusters says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClusterState {
    /// `available`, `rebooting cluster nodes`, …
    pub status: Text,
    /// `redis`, `valkey`, `memcached`.
    pub engine: Text,
    /// e.g. `7.0.7`.
    pub engine_version: Text,
    /// e.g. `cache.t3.micro`.
    pub node_type: Text,
    /// Nodes that it should have.
    pub node_count: Option<i32>,
    /// Status of every node.
    pub nodes: Vec<Text>,
    /// Availability zone.
    pub zone: Text,
}

/// A serverless cache.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Serverless {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// `available`, `create-failed`, …
    pub status: Text,
    /// `redis`, `valkey`, `memcached`.
    pub engine: Text,
    /// Whole engine version.
    pub engine_version: Text,
    /// Largest size of the data in GB; `None` for no limit of one's own.
    pub max_storage_gb: Option<i32>,
    /// Most processing units a second.
    pub max_ecpu_per_s: Option<i32>,
    /// When it was created; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

impl ClusterState {
    /// Memcached has neither replication nor a share of memory that is worth an alarm.
    pub fn is_memcached(&self) -> bool {
        self.engine == "memcached"
    }

    /// Nodes that it should have: at least the ones that it shows.
    pub fn node_total(&self) -> usize {
        let wanted = self.node_count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        wanted.max(self.nodes.len()).max(1)
    }
}
