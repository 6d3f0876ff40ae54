//! DynamoDB tables and their global secondary indexes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Tags;

/// Read and write capacity units per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throughput {
    /// Read units per second.
    pub read: u32,
    /// Write units per second.
    pub write: u32,
}

/// A table with provisioned capacity, or on demand.
#[derive(Debug, Clone)]
pub struct Table {
    /// e.g. `payments-prod-transactions`.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// UUID.
    pub id: String,
    /// Attribute name → type (`S`, `N`, `B`) of all key attributes of the table and its indexes.
    pub attributes: BTreeMap<String, String>,
    /// Partition key, then sort key where there is one.
    pub key: Vec<String>,
    /// `None` is on demand (`PAY_PER_REQUEST`).
    pub provisioned: Option<Throughput>,
    /// When the capacity was changed.
    pub changes: CapacityChanges,
    /// What it is doing.
    pub state: TableState,
    /// Items that were put, in the order in which that was done. Those of the estate's own load are not among them.
    pub items: Vec<Map<String, Value>>,
    /// Attribute that says when an item may go, where one is named.
    pub time_to_live: Option<String>,
    /// Since when it can be restored to any second; `None` where it cannot.
    pub recoverable_since: Option<Timestamp>,
    /// Items, as of the last count.
    pub item_count: u64,
    /// Bytes, as of the last count.
    pub size_bytes: u64,
    /// When it was created.
    pub created: Timestamp,
    /// By name.
    pub indexes: BTreeMap<String, Index>,
    /// Tags.
    pub tags: Tags,
}

/// What a table is doing.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum TableState {
    /// `ACTIVE`.
    #[default]
    Active,
    /// `CREATING` until a time.
    Creating(Timestamp),
    /// `UPDATING` until a time; then it has other capacities.
    Updating(Timestamp, CapacityUpdate),
}

/// The capacities that a table shall have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CapacityUpdate {
    /// Of the table itself, where it changes.
    pub table: Option<Throughput>,
    /// Of indexes, by name.
    pub indexes: BTreeMap<String, Throughput>,
}

/// When a capacity was raised and lowered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CapacityChanges {
    /// When it was last raised.
    pub last_increase: Option<Timestamp>,
    /// When it was lowered, oldest first.
    pub decreases: Vec<Timestamp>,
}

impl CapacityChanges {
    /// Notes a change of capacity.
    pub fn note(&mut self, from: Throughput, to: Throughput, at: Timestamp) {
        if to.read > from.read || to.write > from.write {
            self.last_increase = Some(at);
        }
        if to.is_decrease_of(from) {
            self.decreases.push(at);
        }
    }

    /// Decreases on the UTC day of `now`.
    pub fn decreases_today(&self, now: Timestamp) -> usize {
        let day = |at: Timestamp| at.as_second().div_euclid(86_400);
        self.decreases.iter().filter(|at| day(**at) == day(now)).count()
    }
}

impl Throughput {
    /// True where reads or writes are fewer.
    pub fn is_decrease_of(self, from: Self) -> bool {
        self.read < from.read || self.write < from.write
    }
}

impl Table {
    /// `TableStatus`.
    pub fn status(&self) -> &'static str {
        match self.state {
            TableState::Active => "ACTIVE",
            TableState::Creating(_) => "CREATING",
            TableState::Updating(..) => "UPDATING",
        }
    }

    /// Goes on to what is due at `now`.
    pub fn settle(&mut self, now: Timestamp) {
        match &self.state {
            TableState::Creating(until) if *until <= now => self.state = TableState::Active,
            TableState::Updating(until, update) if *until <= now => {
                let (until, update) = (*until, update.clone());
                self.state = TableState::Active;
                if let (Some(from), Some(to)) = (self.provisioned, update.table) {
                    self.changes.note(from, to, until);
                    self.provisioned = Some(to);
                }
                for (name, to) in update.indexes {
                    let Some(index) = self.indexes.get_mut(&name) else { continue };
                    if let Some(from) = index.provisioned {
                        index.changes.note(from, to, until);
                    }
                    index.provisioned = Some(to);
                }
            }
            _ => {}
        }
    }
}

/// A global secondary index. It projects all attributes.
#[derive(Debug, Clone)]
pub struct Index {
    /// e.g. `by-merchant`.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// Partition key, then sort key where there is one.
    pub key: Vec<String>,
    /// `None` is on demand.
    pub provisioned: Option<Throughput>,
    /// When the capacity was changed.
    pub changes: CapacityChanges,
    /// Items, as of the last count.
    pub item_count: u64,
    /// Bytes, as of the last count.
    pub size_bytes: u64,
}
