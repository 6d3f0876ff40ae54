//! RDS: DB instances, Aurora DB clusters and what happened to them.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::Tags;

/// Events that are kept. RDS itself keeps them for 14 days.
const EVENTS_KEPT: usize = 400;

/// RDS of one account and region.
#[derive(Debug, Clone, Default)]
pub struct Rds {
    /// DB instances by identifier, those of clusters among them.
    pub instances: BTreeMap<String, DbInstance>,
    /// DB clusters by identifier.
    pub clusters: BTreeMap<String, DbCluster>,
    /// Newest last.
    pub events: VecDeque<DbEvent>,
}

impl Rds {
    /// Adds an event; the oldest ones go.
    pub fn note(&mut self, event: DbEvent) {
        self.events.push_back(event);
        while self.events.len() > EVENTS_KEPT {
            self.events.pop_front();
        }
    }

    /// Identifiers of the read replicas of an instance, sorted.
    pub fn replicas<'a>(&'a self, source: &'a str) -> impl Iterator<Item = &'a str> {
        let of_source = move |instance: &&DbInstance| instance.replicates.as_deref() == Some(source);
        self.instances.values().filter(of_source).map(|instance| instance.id.as_str())
    }
}

/// A DB instance: on its own, a read replica of another, or a member of a cluster.
#[derive(Debug, Clone)]
pub struct DbInstance {
    /// `DBInstanceIdentifier`.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// `DbiResourceId`, e.g. `db-ABC…`.
    pub resource_id: String,
    /// e.g. `postgres`, `aurora-mysql`.
    pub engine: String,
    /// e.g. `16.4`.
    pub engine_version: String,
    /// e.g. `db.r5.xlarge`, `db.serverless`.
    pub class: String,
    /// e.g. `available`, `rebooting`, `storage-full`.
    pub status: String,
    /// Cluster that it is a member of.
    pub cluster: Option<String>,
    /// Instance that it is a read replica of.
    pub replicates: Option<String>,
    /// A standby in another zone takes over.
    pub multi_az: bool,
    /// Zone.
    pub zone: String,
    /// Zone of the standby.
    pub secondary_zone: Option<String>,
    /// GiB; Aurora says 1.
    pub allocated_gb: u32,
    /// Limit of storage auto scaling in GiB.
    pub max_allocated_gb: Option<u32>,
    /// `gp3`, `aurora`.
    pub storage_type: String,
    /// Provisioned I/O operations per second.
    pub iops: Option<u32>,
    /// Days that automated backups are kept.
    pub backup_retention_days: u32,
    /// It cannot be deleted by mistake.
    pub deletion_protection: bool,
    /// ARN of the key that storage is encrypted with.
    pub kms_key: Option<String>,
    /// Host name.
    pub address: String,
    /// Port.
    pub port: u32,
    /// Order in which readers are promoted, 0 first.
    pub promotion_tier: Option<u32>,
    /// Database that was made with it.
    pub database: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// A DB cluster of Aurora.
#[derive(Debug, Clone)]
pub struct DbCluster {
    /// `DBClusterIdentifier`.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// `DbClusterResourceId`, e.g. `cluster-ABC…`.
    pub resource_id: String,
    /// e.g. `aurora-mysql`.
    pub engine: String,
    /// e.g. `8.0.mysql_aurora.3.08.2`.
    pub engine_version: String,
    /// e.g. `available`, `failing-over`.
    pub status: String,
    /// A failover that was asked for and has not begun.
    pub failover: Option<FailoverOrder>,
    /// Instances of the cluster.
    pub members: Vec<ClusterMember>,
    /// Capacity bounds of Serverless v2.
    pub serverless: Option<AcuBounds>,
    /// Zones of its storage.
    pub zones: Vec<String>,
    /// Days that automated backups are kept.
    pub backup_retention_days: u32,
    /// It cannot be deleted by mistake.
    pub deletion_protection: bool,
    /// ARN of the key that storage is encrypted with.
    pub kms_key: Option<String>,
    /// Host name of the writer endpoint.
    pub address: String,
    /// Host name of the reader endpoint.
    pub reader_address: String,
    /// Port.
    pub port: u32,
    /// Database that was made with it.
    pub database: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl DbCluster {
    /// Identifier of the member that writes.
    pub fn writer(&self) -> Option<&str> {
        self.members.iter().find(|member| member.writer).map(|member| member.instance.as_str())
    }

    /// Identifiers of the members that read, in the order in which they would be promoted.
    pub fn readers(&self) -> Vec<&str> {
        let mut readers: Vec<_> = self.members.iter().filter(|member| !member.writer).collect();
        readers.sort_by_key(|member| (member.promotion_tier, member.instance.as_str()));
        readers.into_iter().map(|member| member.instance.as_str()).collect()
    }
}

/// A failover that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailoverOrder {
    /// Reader that shall take over; the first in the order of promotion where none is named.
    pub target: Option<String>,
}

/// An instance's part in its cluster.
#[derive(Debug, Clone)]
pub struct ClusterMember {
    /// Identifier of the instance.
    pub instance: String,
    /// It is the one that writes.
    pub writer: bool,
    /// Order in which readers are promoted, 0 first.
    pub promotion_tier: u32,
}

/// Bounds of Serverless v2 in Aurora capacity units.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcuBounds {
    /// Least.
    pub min: f64,
    /// Most.
    pub max: f64,
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbSource {
    /// A DB instance.
    Instance,
    /// A DB cluster.
    Cluster,
}

impl DbSource {
    /// The word of the RDS API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Instance => "db-instance",
            Self::Cluster => "db-cluster",
        }
    }
}

/// An event, worded as in the RDS User Guide, "Amazon RDS event categories and event messages".
#[derive(Debug, Clone, PartialEq)]
pub struct DbEvent {
    /// When.
    pub at: Timestamp,
    /// Kind of the source.
    pub source: DbSource,
    /// Identifier of the source.
    pub id: String,
    /// ARN of the source.
    pub arn: String,
    /// e.g. `failover`, `low storage`.
    pub category: &'static str,
    /// The sentence.
    pub message: String,
}
