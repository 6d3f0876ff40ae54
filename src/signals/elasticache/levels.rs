//! The thresholds of caches.

use crate::model::{Level, SignalId};
use crate::signals::{Judge, Threshold};

/// Processor of the engine's own thread.
pub static ENGINE_CPU: Threshold = Threshold {
    key: "engine_cpu",
    level: Level { warn: 80.0, critical: 90.0 },
    unit: "%",
    help: "CPU utilisation of the Redis or Valkey engine's thread; of the whole node for Memcached",
};
/// Memory for data.
pub static MEMORY: Threshold = Threshold {
    key: "memory",
    level: Level { warn: 80.0, critical: 90.0 },
    unit: "%",
    help: "used share of the memory for data; not for Memcached",
};
/// Evicted keys.
pub static EVICTIONS: Threshold = Threshold {
    key: "evictions_per_min",
    level: Level { warn: 100.0, critical: 1000.0 },
    unit: "/min",
    help: "keys that were dropped for want of memory a minute, over five minutes",
};
/// Lag of a replica.
pub static REPLICA_LAG: Threshold = Threshold {
    key: "replica_lag_s",
    level: Level { warn: 5.0, critical: 30.0 },
    unit: "s",
    help: "seconds that a replica lags behind its primary",
};
/// All of them.
pub static THRESHOLDS: [Threshold; 4] = [ENGINE_CPU, MEMORY, EVICTIONS, REPLICA_LAG];

/// The levels in force.
pub struct Levels {
    /// See [`ENGINE_CPU`].
    pub engine_cpu: Level,
    /// See [`MEMORY`].
    pub memory: Level,
    /// See [`EVICTIONS`].
    pub evictions: Level,
    /// See [`REPLICA_LAG`].
    pub replica_lag: Level,
}

impl Levels {
    /// As configured for the environment.
    pub fn of(signal: SignalId, judge: &Judge<'_>) -> Self {
        let level = |threshold| judge.level(signal, threshold);
        Self {
            engine_cpu: level(&ENGINE_CPU),
            memory: level(&MEMORY),
            evictions: level(&EVICTIONS),
            replica_lag: level(&REPLICA_LAG),
        }
    }
}
