//! A stretch of time.

use jiff::{SignedDuration, Timestamp};

/// From `from` to `to`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
}

impl Span {
    /// The stretch of this length that ends at `to`.
    pub fn before(to: Timestamp, length: SignedDuration) -> Self {
        Self { from: to.checked_sub(length).unwrap_or(Timestamp::UNIX_EPOCH), to }
    }

    /// True when `at` lies within.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.to
    }
}
