//! The clock is passed in, so that the drill can run faster than the wall and tests need not wait.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// What time it is, and how to wait for a later one.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A simulated clock: `epoch` at the tokio instant `started`, running `speed` times as fast. A speed of 0 stands still.
    Simulated {
        /// Simulated time at `started`.
        epoch: Timestamp,
        /// The tokio instant that stands for `epoch`.
        started: Instant,
        /// Simulated seconds per real second.
        speed: f64,
    },
}

impl Clock {
    /// A simulated clock that begins now at `epoch`. Needs no running tokio runtime.
    pub fn simulated(epoch: Timestamp, speed: f64) -> Self {
        Self::Simulated { epoch, started: Instant::now(), speed: speed.max(0.0) }
    }

    /// A clock that stands still at `at`: reproducible pictures and one-shot reports.
    pub fn frozen(at: Timestamp) -> Self {
        Self::simulated(at, 0.0)
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Simulated { epoch, started, speed } => {
                let run = started.elapsed().as_secs_f64() * speed;
                SignedDuration::try_from_secs_f64(run)
                    .ok()
                    .and_then(|run| epoch.checked_add(run).ok())
                    .unwrap_or(*epoch)
            }
        }
    }

    /// Seconds of this clock for each second of the operator's; 0 on a frozen clock.
    pub fn speed(&self) -> f64 {
        match self {
            Self::System => 1.0,
            Self::Simulated { speed, .. } => *speed,
        }
    }

    /// Waits until `wanted` of this clock's time has gone by; for ever on a frozen clock.
    pub async fn sleep(&self, wanted: Duration) {
        match self {
            Self::System => tokio::time::sleep(wanted).await,
            Self::Simulated { speed, .. } if *speed > 0.0 => tokio::time::sleep(wanted.div_f64(*speed)).await,
            Self::Simulated { .. } => std::future::pending().await,
        }
    }
}

/// Whole seconds from `earlier` to `later`, never negative.
pub fn seconds_between(earlier: Timestamp, later: Timestamp) -> u64 {
    u64::try_from(later.duration_since(earlier).as_secs()).unwrap_or(0)
}
