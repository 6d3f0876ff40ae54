//! Which metrics of a cluster and its brokers there are: by state, kind of broker and monitoring level.

use super::stream::{Broker, Cluster};
use crate::model::{MetricQuery, Stat};

/// The metrics of a cluster that runs (MSK Developer Guide, metrics for Standard and Express brokers: all of these are
/// published at the DEFAULT level). The names of the dimensions contain spaces.
pub struct ClusterQueries {
    /// Every broker reports whether it is the controller: the largest is 1.
    pub controllers: MetricQuery,
    /// Partitions without a leader; Express brokers do not report it.
    pub offline: Option<MetricQuery>,
}

/// The metrics of a Standard broker.
pub struct BrokerQueries {
    /// Percent of the disk for data.
    pub disk: MetricQuery,
    /// Partitions that it leads and that have fewer replicas in sync than they should.
    pub under_replicated: MetricQuery,
}

fn query(metric: &'static str, stat: Stat, dimensions: &[(&'static str, &str)]) -> MetricQuery {
    MetricQuery::new("AWS/Kafka", metric, stat, dimensions)
}

impl ClusterQueries {
    /// `None` for a cluster without brokers, and for one that does not run.
    pub fn of(cluster: &Cluster) -> Option<Self> {
        let settings = cluster.provisioned.as_ref().filter(|_| cluster.runs())?;
        let by_cluster = [("Cluster Name", cluster.name.as_str())];
        Some(Self {
            controllers: query("ActiveControllerCount", Stat::Maximum, &by_cluster),
            offline: (!settings.is_express()).then(|| query("OfflinePartitionsCount", Stat::Maximum, &by_cluster)),
        })
    }
}

impl BrokerQueries {
    /// `None` for an Express broker, and for one of a cluster that does not run.
    pub fn of(cluster: &Cluster, broker: &Broker) -> Option<Self> {
        cluster.provisioned.as_ref().filter(|settings| cluster.runs() && !settings.is_express())?;
        let id = broker.id.to_string();
        let by_broker = [("Cluster Name", cluster.name.as_str()), ("Broker ID", id.as_str())];
        Some(Self {
            disk: query("KafkaDataLogsDiskUsed", Stat::Maximum, &by_broker),
            under_replicated: query("UnderReplicatedPartitions", Stat::Maximum, &by_broker),
        })
    }
}

/// All metrics of a cluster and its brokers.
pub fn all(cluster: &Cluster) -> Vec<MetricQuery> {
    let mut all = Vec::new();
    if let Some(queries) = ClusterQueries::of(cluster) {
        all.push(queries.controllers);
        all.extend(queries.offline);
    }
    let brokers = cluster.brokers.iter().flatten().filter_map(|broker| BrokerQueries::of(cluster, broker));
    all.extend(brokers.flat_map(|queries| [queries.disk, queries.under_replicated]));
    all
}
