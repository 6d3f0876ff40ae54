//! The thresholds of streams.

use crate::model::{Level, SignalId};
use crate::signals::{Judge, Threshold};

/// Partitions without a leader.
pub static OFFLINE: Threshold = Threshold {
    key: "offline_partitions",
    level: Level { warn: 1.0, critical: 1.0 },
    unit: "partitions",
    help: "partitions of a cluster without a leader",
};
/// Partitions with too few replicas.
pub static UNDER_REPLICATED: Threshold = Threshold {
    key: "under_replicated",
    // They can still be used: what cannot is offline.
    level: Level { warn: 1.0, critical: f64::INFINITY },
    unit: "partitions",
    help: "partitions of a cluster with fewer replicas in sync than they should have, over all brokers",
};
/// Disk of a broker.
pub static DISK: Threshold = Threshold {
    key: "disk",
    level: Level { warn: 75.0, critical: 85.0 },
    unit: "%",
    help: "used share of a broker's disk for data",
};
/// All of them.
pub static THRESHOLDS: [Threshold; 3] = [OFFLINE, UNDER_REPLICATED, DISK];

/// The levels in force.
pub struct Levels {
    /// See [`OFFLINE`].
    pub offline: Level,
    /// See [`UNDER_REPLICATED`].
    pub under_replicated: Level,
    /// See [`DISK`].
    pub disk: Level,
}

impl Levels {
    /// As configured for the environment.
    pub fn of(signal: SignalId, judge: &Judge<'_>) -> Self {
        let level = |threshold| judge.level(signal, threshold);
        Self { offline: level(&OFFLINE), under_replicated: level(&UNDER_REPLICATED), disk: level(&DISK) }
    }
}
