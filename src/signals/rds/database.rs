//! What RDS says of DB instances and DB clusters, as far as it is watched.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::Fault;

/// What RDS said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    /// DB clusters that belong to the environment, or of which members do.
    pub clusters: Vec<Cluster>,
    /// DB instances, those of clusters among them.
    pub instances: Vec<Instance>,
    /// The first call that failed although another succeeded.
    pub fault: Option<Fault>,
}

/// A DB cluster: Aurora, or Multi-AZ with two readable standbys.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cluster {
    /// Its identifier.
    pub name: Text,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// What DescribeDBClusters says; `None` when that failed.
    pub state: Option<ClusterState>,
    /// Pending maintenance actions; `None` when they could not be read.
    pub maintenance: Option<Vec<Text>>,
    /// When it was created; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its state at a past minute is not known; empty where it is, and live.
    pub unsure: Text,
}

/// What DescribeDBClusters says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClusterState {
    /// `available`, `failing-over`, …
    pub status: Text,
    /// e.g. `aurora-mysql`.
    pub engine: Text,
    /// e.g. `8.0.mysql_aurora.3.08.0`.
    pub engine_version: Text,
    /// All members, also those that do not belong to the environment.
    pub members: Vec<Member>,
    /// Aurora Serverless v1: has no members that one could see.
    pub serverless_v1: bool,
    /// It replicates another region's cluster: then it has no writer of its own.
    pub secondary: bool,
    /// Standbys in more than one zone.
    pub multi_az: Option<bool>,
    /// Writer endpoint, `address:port`.
    pub endpoint: Text,
    /// Reader endpoint.
    pub reader_endpoint: Text,
    /// Days that automated backups are kept.
    pub backup_days: Option<i32>,
    /// It cannot be deleted by mistake.
    pub deletion_protection: Option<bool>,
    /// Storage is encrypted.
    pub encrypted: Option<bool>,
    /// e.g. `aurora`, `io1`.
    pub storage_type: Text,
    /// Smallest and largest capacity of its serverless members in ACU; `None` where it has no such bounds.
    pub acu: Option<(f64, f64)>,
    /// Changes that wait for the next maintenance window.
    pub pending: Vec<Text>,
}

/// A member of a cluster.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Member {
    /// Identifier of the instance.
    pub instance: Text,
    /// `None`: RDS does not say.
    pub writer: Option<bool>,
    /// The lowest tier is promoted first.
    pub tier: Option<i32>,
}

impl ClusterState {
    /// The members that can be written to.
    pub fn writers(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.writer == Some(true))
    }

    /// The members that can only be read from, the next writer first.
    pub fn readers(&self) -> Vec<&Member> {
        let mut readers: Vec<&Member> = self.members.iter().filter(|member| member.writer == Some(false)).collect();
        readers.sort_by_key(|member| (member.tier.unwrap_or(i32::MAX), member.instance.clone()));
        readers
    }
}

/// What an instance is to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Stands alone.
    Primary,
    /// Has read replicas.
    Source,
    /// Is a read replica.
    Replica,
    /// Writer of a cluster.
    Writer,
    /// Reader of a cluster.
    Reader,
    /// A member of a cluster that could not be described.
    #[default]
    Unknown,
}

/// A DB instance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instance {
    /// Its identifier.
    pub name: Text,
    /// Its ARN; empty when it could not be described.
    pub arn: Text,
    /// The cluster that it is a member of.
    pub cluster: Option<Text>,
    /// What it is to others.
    pub role: Role,
    /// What DescribeDBInstances says; `None` when that failed.
    pub state: Option<InstanceState>,
    /// Bounds of its cluster, in ACU.
    pub acu: Option<(f64, f64)>,
    /// Pending maintenance actions; `None` when they could not be read.
    pub maintenance: Option<Vec<Text>>,
    /// When it was created; `None` where AWS does not say.
    pub created: Option<Timestamp>,
    /// Why its status and role at a past minute are not known; empty where they are, and live.
    pub unsure: Text,
}

/// What DescribeDBInstances says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InstanceState {
    /// `available`, `storage-full`, …
    pub status: Text,
    /// e.g. `postgres`.
    pub engine: Text,
    /// e.g. `16.4`.
    pub engine_version: Text,
    /// e.g. `db.t4g.micro`; `db.serverless` for Aurora Serverless v2.
    pub class: Text,
    /// A standby in another zone takes over.
    pub multi_az: Option<bool>,
    /// Availability zone.
    pub zone: Text,
    /// Storage in GiB; meaningless for Aurora.
    pub allocated_gb: Option<i32>,
    /// Limit of storage autoscaling in GiB; `None` where it is off.
    pub max_allocated_gb: Option<i32>,
    /// e.g. `gp3`.
    pub storage_type: Text,
    /// `address:port`; empty while it is being created.
    pub endpoint: Text,
    /// Days that automated backups are kept.
    pub backup_days: Option<i32>,
    /// It cannot be deleted by mistake.
    pub deletion_protection: Option<bool>,
    /// Storage is encrypted.
    pub encrypted: Option<bool>,
    /// What it is a read replica of: an instance, or a cluster.
    pub source: Text,
    /// Its read replicas.
    pub replicas: Vec<Text>,
    /// State of its replication, where it is a replica.
    pub replication: Option<Replication>,
    /// Changes that wait for the next maintenance window.
    pub pending: Vec<Text>,
}

/// What a read replica says about its replication.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replication {
    /// `replicating`, `error`, `stopped`, `terminated`, …
    pub status: Text,
    /// False for an error; `None`: RDS does not say.
    pub normal: Option<bool>,
    /// The error.
    pub message: Text,
}

impl InstanceState {
    /// Aurora's storage belongs to the cluster and grows by itself.
    pub fn is_aurora(&self) -> bool {
        self.engine.starts_with("aurora")
    }

    /// Aurora Serverless v2.
    pub fn is_serverless(&self) -> bool {
        self.class == "db.serverless"
    }
}
