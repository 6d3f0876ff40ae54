//! The thresholds of databases.

use crate::model::{Level, SignalId};
use crate::signals::worst::OFF;
use crate::signals::{Judge, Threshold};

/// Processor of an instance.
pub static CPU: Threshold = Threshold {
    key: "cpu",
    level: Level { warn: 80.0, critical: 95.0 },
    unit: "%",
    help: "CPU utilisation of an instance",
};
/// Storage that is left.
pub static FREE_STORAGE_GB: Threshold = Threshold {
    key: "free_storage_gb",
    level: Level { warn: 2.0, critical: 1.0 },
    unit: "GB",
    help: "free storage of an instance; of an Aurora instance its local storage",
};
/// Share of the storage that is left.
pub static FREE_STORAGE_SHARE: Threshold = Threshold {
    key: "free_storage_share",
    // RDS's own autoscaling begins at a tenth (RDS User Guide, storage autoscaling).
    level: Level { warn: 10.0, critical: 5.0 },
    unit: "%",
    help: "free storage of an instance as a share of the allocated storage; not for Aurora",
};
/// Memory that is left.
pub static FREE_MEMORY_MB: Threshold = Threshold {
    key: "free_memory_mb",
    level: Level { warn: 64.0, critical: 32.0 },
    unit: "MB",
    help: "freeable memory of an instance",
};
/// Connections.
pub static CONNECTIONS: Threshold = Threshold {
    key: "connections",
    // How many are too many depends on the engine's parameters: judged only where the configuration sets it.
    level: OFF,
    unit: "",
    help: "connections to an instance",
};
/// Lag of a read replica.
pub static REPLICA_LAG_S: Threshold = Threshold {
    key: "replica_lag_s",
    level: Level { warn: 30.0, critical: 300.0 },
    unit: "s",
    help: "seconds that a read replica lags behind its source; not for Aurora",
};
/// Lag of an Aurora reader.
pub static AURORA_REPLICA_LAG_MS: Threshold = Threshold {
    key: "aurora_replica_lag_ms",
    level: Level { warn: 1000.0, critical: 10_000.0 },
    unit: "ms",
    help: "milliseconds that an Aurora reader lags behind its writer",
};
/// Used capacity of Aurora Serverless v2.
pub static ACU_UTILISATION: Threshold = Threshold {
    key: "acu_utilisation",
    level: Level { warn: 85.0, critical: 95.0 },
    unit: "%",
    help: "used share of the largest capacity of an Aurora Serverless v2 instance",
};
/// All of them.
pub static THRESHOLDS: [Threshold; 8] = [
    CPU,
    FREE_STORAGE_GB,
    FREE_STORAGE_SHARE,
    FREE_MEMORY_MB,
    CONNECTIONS,
    REPLICA_LAG_S,
    AURORA_REPLICA_LAG_MS,
    ACU_UTILISATION,
];

/// The levels in force.
pub struct Levels {
    /// See [`CPU`].
    pub cpu: Level,
    /// See [`FREE_STORAGE_GB`].
    pub free_storage_gb: Level,
    /// See [`FREE_STORAGE_SHARE`].
    pub free_storage_share: Level,
    /// See [`FREE_MEMORY_MB`].
    pub free_memory_mb: Level,
    /// See [`CONNECTIONS`].
    pub connections: Level,
    /// See [`REPLICA_LAG_S`].
    pub replica_lag_s: Level,
    /// See [`AURORA_REPLICA_LAG_MS`].
    pub aurora_replica_lag_ms: Level,
    /// See [`ACU_UTILISATION`].
    pub acu_utilisation: Level,
}

impl Levels {
    /// As configured for the environment.
    pub fn of(signal: SignalId, judge: &Judge<'_>) -> Self {
        let level = |threshold| judge.level(signal, threshold);
        Self {
            cpu: level(&CPU),
            free_storage_gb: level(&FREE_STORAGE_GB),
            free_storage_share: level(&FREE_STORAGE_SHARE),
            free_memory_mb: level(&FREE_MEMORY_MB),
            connections: level(&CONNECTIONS),
            replica_lag_s: level(&REPLICA_LAG_S),
            aurora_replica_lag_ms: level(&AURORA_REPLICA_LAG_MS),
            acu_utilisation: level(&ACU_UTILISATION),
        }
    }
}
