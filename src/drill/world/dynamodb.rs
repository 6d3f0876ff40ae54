//! DynamoDB tables and their global secondary indexes.

use std::collections::BTreeMap;

use jiff::Timestamp;

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
    /// When the capacity was last raised.
    pub last_increase: Option<Timestamp>,
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
    /// Items, as of the last count.
    pub item_count: u64,
    /// Bytes, as of the last count.
    pub size_bytes: u64,
}
