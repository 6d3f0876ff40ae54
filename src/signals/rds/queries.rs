//! Which metrics of a DB instance there are: by engine, role and class.

use super::database::{Instance, Role};
use super::status;
use crate::model::{MetricQuery, Stat};

/// Bytes in the GB that RDS counts storage in.
pub const GIGABYTE: f64 = 1024.0 * 1024.0 * 1024.0;

/// Replication lag, in the unit that its metric has (RDS and Aurora User Guides, CloudWatch metrics).
pub enum Lag {
    /// ReplicaLag, in seconds. −1 while replication does not run.
    Seconds(MetricQuery),
    /// AuroraReplicaLag, in milliseconds.
    Milliseconds(MetricQuery),
}

/// The metrics of an instance that runs.
pub struct Queries {
    /// Percent.
    pub cpu: MetricQuery,
    /// How many.
    pub connections: MetricQuery,
    /// Bytes.
    pub free_memory: MetricQuery,
    /// Bytes of the database's storage; for Aurora of the instance's own, which holds temporary files and logs.
    pub free_storage: MetricQuery,
    /// For replicas and readers.
    pub lag: Option<Lag>,
    /// ACU, and percent of the largest capacity; for Aurora Serverless v2.
    pub acu: Option<(MetricQuery, MetricQuery)>,
}

impl Queries {
    /// `None` for an instance that could not be described or does not run.
    pub fn of(instance: &Instance) -> Option<Self> {
        let state = instance.state.as_ref().filter(|state| status::runs(&state.status))?;
        let query = |metric, stat| {
            MetricQuery::new("AWS/RDS", metric, stat, &[("DBInstanceIdentifier", instance.name.as_str())])
        };
        let lag = match instance.role {
            Role::Reader if state.is_aurora() => Some(Lag::Milliseconds(query("AuroraReplicaLag", Stat::Maximum))),
            Role::Replica | Role::Reader => Some(Lag::Seconds(query("ReplicaLag", Stat::Maximum))),
            Role::Primary | Role::Source | Role::Writer | Role::Unknown => None,
        };
        let free_storage = if state.is_aurora() { "FreeLocalStorage" } else { "FreeStorageSpace" };
        Some(Self {
            cpu: query("CPUUtilization", Stat::Average),
            connections: query("DatabaseConnections", Stat::Average),
            free_memory: query("FreeableMemory", Stat::Minimum),
            free_storage: query(free_storage, Stat::Minimum),
            lag,
            acu: state
                .is_serverless()
                .then(|| (query("ServerlessDatabaseCapacity", Stat::Average), query("ACUUtilization", Stat::Average))),
        })
    }

    /// All of them.
    pub fn all(self) -> Vec<MetricQuery> {
        let mut all = vec![self.cpu, self.connections, self.free_memory, self.free_storage];
        all.extend(self.lag.map(|(Lag::Seconds(query) | Lag::Milliseconds(query))| query));
        all.extend(self.acu.into_iter().flat_map(|(capacity, used)| [capacity, used]));
        all
    }
}
