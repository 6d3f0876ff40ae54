//! A failover under way: how long it takes and who is away meanwhile.

use jiff::Timestamp;

use crate::drill::plant::noise::Noise;

/// Seconds that a failover takes, least and most (Aurora User Guide: typically within 60 s, often less than 30 s; RDS
/// User Guide, Multi-AZ: typically 60–120 s).
const AURORA_S: (f64, f64) = (30.0, 120.0);
const MULTI_AZ_S: (f64, f64) = (60.0, 120.0);

/// Why a failover does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such DB cluster or DB instance.
    Unknown,
    /// It is not `available`, or nobody can take over.
    State,
    /// The target is not a reader of the cluster.
    Target,
}

/// A failover under way.
#[derive(Debug, Clone)]
pub struct Takeover {
    /// Instance that gives up.
    pub from: String,
    /// Instance that takes over; the same one for a standby.
    pub to: String,
    /// When it began, in seconds since 1970.
    pub began: i64,
    /// When it is done, in seconds since 1970.
    pub until: i64,
}

impl Takeover {
    /// From an Aurora writer to a reader.
    pub fn aurora(from: &str, to: &str, now: Timestamp, noise: &Noise) -> Self {
        Self::lasting(from, to, now, noise, AURORA_S)
    }

    /// From a Multi-AZ instance to its standby.
    pub fn multi_az(id: &str, now: Timestamp, noise: &Noise) -> Self {
        Self::lasting(id, id, now, noise, MULTI_AZ_S)
    }

    fn lasting(from: &str, to: &str, now: Timestamp, noise: &Noise, (least, most): (f64, f64)) -> Self {
        let began = now.as_second();
        let share = noise.unit(&format!("{from} failover"), began);
        #[allow(clippy::cast_possible_truncation, reason = "at most 120 seconds")]
        let lasts = (least + (most - least) * share).round() as i64;
        Self { from: from.to_owned(), to: to.to_owned(), began, until: began + lasts }
    }

    /// True once it is over.
    pub fn done(&self, now: Timestamp) -> bool {
        now.as_second() >= self.until
    }

    /// Share of the minute that begins at second `from` in which it was under way.
    pub fn share_of(&self, from: i64) -> f64 {
        let seconds = (self.until.min(from + 60) - self.began.max(from)).clamp(0, 60);
        f64::from(i32::try_from(seconds).unwrap_or(0)) / 60.0
    }
}
