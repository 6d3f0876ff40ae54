//! A DB cluster with its members as RDS tells it, and which ones are meant.

use aws_sdk_rds::operation::describe_db_clusters::DescribeDbClustersOutput;
use aws_sdk_rds::operation::describe_db_instances::DescribeDbInstancesOutput;
use aws_sdk_rds::types::{DbCluster, DbInstance, Filter};

use crate::actions::Wanted;
use crate::actions::lists::Field;
use crate::actions::targets::{gone, meant, target};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, Target, TargetKind, Value, Values};
use crate::signals::paging::all_pages;

/// IAM actions of finding and reading one.
pub const READS: [&str; 2] = ["rds:DescribeDBClusters", "rds:DescribeDBInstances"];

/// What [`Cluster::values`] means.
pub const FIELDS: [Field; 4] = [
    ("status", "RDS's word: available, failing-over, …"),
    ("engine", "e.g. aurora-postgresql"),
    ("writer", "the instance that takes writes; none where there is none"),
    ("readers", "the other members, by name"),
];

/// A cluster.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cluster {
    /// Its identifier.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// `available`, `failing-over`, …
    pub status: Text,
    /// e.g. `aurora-mysql`.
    pub engine: Text,
    /// All members.
    pub members: Vec<Member>,
}

/// A member of a cluster.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Member {
    /// Identifier of the instance.
    pub name: Text,
    /// It takes writes.
    pub writer: bool,
    /// The lowest tier is promoted first.
    pub tier: Option<i64>,
    /// `available`, …; empty where the instance could not be described.
    pub status: Text,
    /// e.g. `db.r6g.large`; `db.serverless` for Aurora Serverless v2.
    pub class: Text,
    /// Availability zone.
    pub zone: Text,
    /// Milliseconds that it is behind the writer, where CloudWatch says.
    pub lag_ms: Option<f64>,
}

impl Cluster {
    /// From RDS's answers.
    pub fn new(cluster: &DbCluster, instances: &[DbInstance]) -> Self {
        let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
        let mut members: Vec<Member> = cluster
            .db_cluster_members()
            .iter()
            .map(|member| {
                let id = member.db_instance_identifier();
                let instance = instances.iter().find(|one| one.db_instance_identifier() == id);
                Member {
                    name: text(id),
                    writer: member.is_cluster_writer() == Some(true),
                    tier: member.promotion_tier().map(Into::into),
                    status: text(instance.and_then(DbInstance::db_instance_status)),
                    class: text(instance.and_then(DbInstance::db_instance_class)),
                    zone: text(instance.and_then(DbInstance::availability_zone)),
                    lag_ms: None,
                }
            })
            .collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            name: text(cluster.db_cluster_identifier()),
            arn: text(cluster.db_cluster_arn()),
            status: text(cluster.status()),
            engine: text(cluster.engine()),
            members,
        }
    }

    /// The member that takes writes.
    pub fn writer(&self) -> Option<&Member> {
        self.members.iter().find(|member| member.writer)
    }

    /// The other members, by name.
    pub fn readers(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| !member.writer)
    }

    /// The reader to promote: one that is available, of the lowest tier, and of these the one that is least behind. A
    /// lag that is not known counts as the longest.
    pub fn best(&self) -> Option<&Member> {
        self.readers().filter(|one| one.status == "available").min_by(|a, b| {
            let rank = |one: &Member| (one.tier.unwrap_or(i64::MAX), one.lag_ms.unwrap_or(f64::INFINITY));
            let ((a_tier, a_lag), (b_tier, b_lag)) = (rank(a), rank(b));
            a_tier.cmp(&b_tier).then(a_lag.total_cmp(&b_lag)).then(a.name.cmp(&b.name))
        })
    }

    /// What predicates can speak of.
    pub fn values(&self) -> Values {
        let readers: Vec<&Text> = self.readers().map(|one| &one.name).collect();
        let pairs: [(&str, Value); 4] = [
            ("status", (&self.status).into()),
            ("engine", (&self.engine).into()),
            ("writer", self.writer().map(|one| &one.name).into()),
            ("readers", readers.into()),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Reads the cluster that a target pins.
///
/// # Errors
/// It is not there (any more), or it or its instances could not be read.
pub async fn read(session: &Session, target: &Target) -> Result<Cluster, Fault> {
    let clusters = async {
        let request = session.rds().describe_db_clusters().db_cluster_identifier(target.name.as_str());
        match request.send().await {
            Ok(answer) => Ok(answer.db_clusters.unwrap_or_default()),
            Err(error) if error.as_service_error().is_some_and(|one| one.is_db_cluster_not_found_fault()) => {
                Ok(Vec::new())
            }
            Err(error) => Err(session.fault("DescribeDBClusters", &error)),
        }
    };
    let (clusters, instances) = futures_util::future::try_join(clusters, instances(session, &target.name)).await?;
    let ours = clusters.iter().find(|one| one.db_cluster_arn() == Some(target.arn.as_str()));
    let ours = ours.ok_or_else(|| gone("DescribeDBClusters", "the cluster", &target.name))?;
    Ok(Cluster::new(ours, &instances))
}

async fn instances(session: &Session, cluster: &str) -> Result<Vec<DbInstance>, Fault> {
    let filter = Filter::builder().name("db-cluster-id").values(cluster).build();
    let request = session.rds().describe_db_instances().filters(filter);
    let pages = request.into_paginator().page_size(limits::RDS_PAGE).send();
    let items = |page: DescribeDbInstancesOutput| page.db_instances.unwrap_or_default();
    all_pages(session, "DescribeDBInstances", pages, |page| page.marker(), items).await
}

/// The clusters that are meant.
///
/// # Errors
/// They could not be listed.
pub async fn find(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let selection = session.selection().await?;
    let pages = session.rds().describe_db_clusters().into_paginator().page_size(limits::RDS_PAGE).send();
    let items = |page: DescribeDbClustersOutput| page.db_clusters.unwrap_or_default();
    let all = all_pages(session, "DescribeDBClusters", pages, |page| page.marker(), items).await?;
    let all: Vec<(Text, Text)> = all
        .iter()
        .filter_map(|one| Some((one.db_cluster_identifier()?.into(), one.db_cluster_arn()?.into())))
        .filter(|(name, arn): &(Text, Text)| selection.admits(name, arn))
        .collect();
    let mut targets = Vec::new();
    for (name, arn) in meant(session, wanted, &all, |(_, arn)| arn, |(name, _)| vec![name.clone()]) {
        targets.push(target(session, TargetKind::RdsCluster, name, arn).await?);
    }
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, tier: i64, status: &str, lag_ms: Option<f64>) -> Member {
        Member { name: name.into(), tier: Some(tier), status: status.into(), lag_ms, ..Member::default() }
    }

    #[test]
    fn the_best_reader_is_available_of_the_lowest_tier_and_least_behind() {
        let mut cluster = Cluster {
            members: vec![
                Member { writer: true, ..member("a", 0, "available", None) },
                member("b", 1, "rebooting", Some(1.0)),
                member("c", 2, "available", Some(1.0)),
                member("d", 1, "available", None),
                member("e", 1, "available", Some(30.0)),
            ],
            ..Cluster::default()
        };
        assert_eq!(cluster.best().map(|one| one.name.as_str()), Some("e"));
        cluster.members.truncate(2);
        assert_eq!(cluster.best(), None);
    }
}
