//! The life cycle of everything that is read: waiting, live, stale, failed. Stale is never fresh.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::Fault;

/// Where a stale value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In this run of the program.
    ThisRun,
    /// In an earlier run: it comes from the last-wall cache.
    Cache,
}

/// A value with its age and its trouble.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Datum<T> {
    /// Asked for, nothing has come yet.
    #[default]
    Waiting,
    /// Read at `at`, and the last attempt went well.
    Live {
        /// The value.
        value: Arc<T>,
        /// When AWS answered.
        at: Timestamp,
    },
    /// The last good value; a later attempt failed, or it was read by an earlier run.
    Stale {
        /// The value.
        value: Arc<T>,
        /// When AWS answered with it.
        at: Timestamp,
        /// Why there is nothing newer; `None` for a cached value while the first answer is awaited.
        fault: Option<Fault>,
        /// Who read it.
        origin: Origin,
    },
    /// No value, ever: only the reason.
    Failed {
        /// Why.
        fault: Fault,
        /// When the last attempt failed.
        at: Timestamp,
    },
}

impl<T> Datum<T> {
    /// The value, fresh or not.
    pub fn value(&self) -> Option<&Arc<T>> {
        match self {
            Self::Live { value, .. } | Self::Stale { value, .. } => Some(value),
            Self::Waiting | Self::Failed { .. } => None,
        }
    }

    /// When the value was read.
    pub fn read_at(&self) -> Option<Timestamp> {
        match self {
            Self::Live { at, .. } | Self::Stale { at, .. } => Some(*at),
            Self::Waiting | Self::Failed { .. } => None,
        }
    }

    /// Why the last attempt failed.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Stale { fault, .. } => fault.as_ref(),
            Self::Failed { fault, .. } => Some(fault),
            Self::Waiting | Self::Live { .. } => None,
        }
    }

    /// A good answer arrived.
    pub fn succeed(&mut self, value: T, at: Timestamp) {
        *self = Self::Live { value: Arc::new(value), at };
    }

    /// An attempt failed: the last good value is kept and marked.
    pub fn fail(&mut self, fault: Fault, now: Timestamp) {
        *self = match std::mem::take(self) {
            Self::Live { value, at } => Self::Stale { value, at, fault: Some(fault), origin: Origin::ThisRun },
            Self::Stale { value, at, origin, .. } => Self::Stale { value, at, fault: Some(fault), origin },
            Self::Waiting | Self::Failed { .. } => Self::Failed { fault, at: now },
        };
    }

    /// Forgets the value: it must not be shown (another account answered).
    pub fn withdraw(&mut self, fault: Fault, now: Timestamp) {
        *self = Self::Failed { fault, at: now };
    }
}
