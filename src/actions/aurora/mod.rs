//! Actions on Aurora clusters, and on RDS clusters with two readable standbys: failing over.

pub mod cluster;
pub mod failover;
pub mod lag;
