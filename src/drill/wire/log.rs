//! The requests that reached the endpoint, for tests and benchmarks that count calls.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::Value;

use super::{Call, Service};

/// A request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// 12-digit account.
    pub account: String,
    /// Region code.
    pub region: String,
    /// Service.
    pub service: Service,
    /// Operation.
    pub operation: String,
    /// Parameters of a change as they were read; nothing for reads.
    pub input: Value,
    /// When, by the machine's clock.
    pub at: Instant,
}

/// Requests kept; older ones are only counted.
const KEPT: usize = 10_000;

/// All requests that were understood, also those that a fault rule then failed.
#[derive(Debug, Default)]
pub struct RequestLog(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    total: u64,
    changes: Vec<Received>,
    last: std::collections::VecDeque<Received>,
}

impl RequestLog {
    pub(super) fn note(&self, call: &Call) {
        let received = Received {
            account: call.account.clone(),
            region: call.region.clone(),
            service: call.service,
            operation: call.operation.clone(),
            input: if call.changes() { call.input.clone() } else { Value::Null },
            at: Instant::now(),
        };
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.total += 1;
        if call.changes() {
            noted.changes.push(received.clone());
        }
        if noted.last.len() == KEPT {
            noted.last.pop_front();
        }
        noted.last.push_back(received);
    }

    /// How many requests since the last [`RequestLog::clear`].
    pub fn total(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total
    }

    /// The last requests, oldest first, up to 10,000.
    pub fn received(&self) -> Vec<Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last.iter().cloned().collect()
    }

    /// All requests that were not known to read only, oldest first: also those that were refused, failed or cut, and
    /// without a limit to their number.
    pub fn changes(&self) -> Vec<Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).changes.clone()
    }

    /// Kept requests by account and operation.
    pub fn by_operation(&self) -> BTreeMap<(String, String), usize> {
        let mut counts = BTreeMap::new();
        for received in self.received() {
            *counts.entry((received.account, received.operation)).or_default() += 1;
        }
        counts
    }

    /// Kept requests for one operation, in all accounts.
    pub fn count(&self, operation: &str) -> usize {
        self.received().iter().filter(|received| received.operation == operation).count()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Noted::default();
    }
}
