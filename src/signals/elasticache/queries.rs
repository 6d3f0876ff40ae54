//! Which metrics of a cache cluster there are: by engine and role.

use super::cache::{CacheCluster, Role};
use super::status;
use crate::model::{MetricQuery, Stat};

/// The metrics of a cache cluster that runs (ElastiCache User Guide, host-level and engine metrics).
pub struct Queries {
    /// Percent: of the engine's thread; of the node for Memcached, which has many threads.
    pub cpu: MetricQuery,
    /// Percent of the memory for data; not for Memcached.
    pub memory: Option<MetricQuery>,
    /// Keys.
    pub evictions: MetricQuery,
    /// How many.
    pub connections: MetricQuery,
    /// Seconds; for what is or may be a replica.
    pub lag: Option<MetricQuery>,
}

impl Queries {
    /// `None` for a cache cluster that could not be described or does not run.
    pub fn of(cluster: &CacheCluster) -> Option<Self> {
        let state = cluster.state.as_ref().filter(|state| status::runs(&state.status))?;
        let query = |metric, stat| {
            MetricQuery::new("AWS/ElastiCache", metric, stat, &[("CacheClusterId", cluster.name.as_str())])
        };
        let memcached = state.is_memcached();
        let follows = matches!(cluster.role, Role::Replica | Role::Member);
        Some(Self {
            cpu: query(if memcached { "CPUUtilization" } else { "EngineCPUUtilization" }, Stat::Average),
            memory: (!memcached).then(|| query("DatabaseMemoryUsagePercentage", Stat::Maximum)),
            evictions: query("Evictions", Stat::Sum),
            connections: query("CurrConnections", Stat::Average),
            lag: (follows && !memcached).then(|| query("ReplicationLag", Stat::Maximum)),
        })
    }

    /// All of them.
    pub fn all(self) -> impl Iterator<Item = MetricQuery> {
        [self.cpu, self.evictions, self.connections].into_iter().chain(self.memory).chain(self.lag)
    }
}
