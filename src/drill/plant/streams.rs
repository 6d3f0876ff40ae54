//! MSK: brokers under load, lost brokers and what becomes of the partitions.

use jiff::Timestamp;

use super::noise::Noise;
use crate::drill::estate::streams::MskClusterData;
use crate::drill::scenario::BrokerLost;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};
use crate::drill::world::msk::{MskCluster, MskOperation};
use crate::drill::world::{EnvironmentWorld, hash};

/// Minutes in which a broker that is back catches up with its replicas.
const CATCH_UP_MIN: f64 = 6.0;
/// Operations that are kept.
const OPERATIONS_KEPT: usize = 50;

/// The Kafka clusters of an environment.
pub struct Streams {
    clusters: Vec<ClusterPlant>,
}

/// One cluster.
struct ClusterPlant {
    data: MskClusterData,
    controller: u32,
    lost: Vec<(u32, i64)>,
    /// Partitions that are not yet replicated again, and how many are in a minute.
    behind: (f64, f64),
    active_controllers: SeriesId,
    offline: SeriesId,
    partitions: SeriesId,
    brokers: Vec<(u32, BrokerSeries)>,
}

/// A broker's metrics.
struct BrokerSeries {
    cpu: SeriesId,
    disk: SeriesId,
    bytes_in: SeriesId,
    under_replicated: SeriesId,
    under_min_isr: SeriesId,
}

impl Streams {
    /// As the estate describes them.
    pub fn new(data: &[MskClusterData], metrics: &mut MetricStore) -> Self {
        Self { clusters: data.iter().map(|data| ClusterPlant::new(data, metrics)).collect() }
    }

    /// A broker is lost.
    pub fn lose(&mut self, world: &mut EnvironmentWorld, input: &BrokerLost, at: Timestamp) {
        let plant = self.clusters.iter_mut().find(|plant| plant.data.name == input.cluster);
        if let (Some(plant), Some(cluster)) = (plant, world.msk_clusters.get_mut(&input.cluster)) {
            plant.lose(cluster, input, at);
        }
    }

    /// The turn that ends at `now`.
    pub fn tick(&mut self, world: &mut EnvironmentWorld, now: Timestamp) {
        for plant in self.clusters.iter_mut().filter(|plant| !plant.lost.is_empty()) {
            if let Some(cluster) = world.msk_clusters.get_mut(&plant.data.name) {
                plant.tick(cluster, now.as_second());
            }
        }
    }

    /// One minute.
    pub fn minute(&mut self, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) {
        for plant in &mut self.clusters {
            plant.minute(metrics, minute, load, noise);
        }
    }
}

impl ClusterPlant {
    fn new(data: &MskClusterData, metrics: &mut MetricStore) -> Self {
        let name = data.name.as_str();
        let mut handle = |metric: &str, broker: Option<&str>| {
            let mut dimensions = vec![("Cluster Name", name)];
            dimensions.extend(broker.map(|id| ("Broker ID", id)));
            metrics.handle(MetricId::new("AWS/Kafka", metric, &dimensions))
        };
        let mut broker = |id: u32| {
            let text = id.to_string();
            let mut of_broker = |metric: &str| handle(metric, Some(&text));
            let series = BrokerSeries {
                cpu: of_broker("CpuUser"),
                disk: of_broker("KafkaDataLogsDiskUsed"),
                bytes_in: of_broker("BytesInPerSec"),
                under_replicated: of_broker("UnderReplicatedPartitions"),
                under_min_isr: of_broker("UnderMinIsrPartitionCount"),
            };
            (id, series)
        };
        Self {
            brokers: (1..=data.brokers).map(&mut broker).collect(),
            active_controllers: handle("ActiveControllerCount", None),
            offline: handle("OfflinePartitionsCount", None),
            partitions: handle("GlobalPartitionCount", None),
            controller: 1,
            lost: Vec::new(),
            behind: (0.0, 0.0),
            data: data.clone(),
        }
    }

    fn lose(&mut self, cluster: &mut MskCluster, input: &BrokerLost, at: Timestamp) {
        let Some(broker) = cluster.brokers.iter_mut().find(|broker| broker.id == input.broker && broker.online) else {
            return;
        };
        broker.online = false;
        cluster.state = "HEALING".to_owned();
        let operation = hash::uuid(&(&cluster.arn, input.broker, at.as_second()));
        cluster.operations.push_front(MskOperation {
            arn: format!("{}/{operation}", cluster.arn.replacen(":cluster/", ":cluster-operation/", 1)),
            kind: "HEAL_CLUSTER".to_owned(),
            state: "UPDATE_IN_PROGRESS".to_owned(),
            started: at,
            ended: None,
        });
        cluster.operations.truncate(OPERATIONS_KEPT);
        self.lost.push((input.broker, at.as_second() + input.for_s));
    }

    fn tick(&mut self, cluster: &mut MskCluster, now: i64) {
        let before = self.under_replicated();
        let back: Vec<(u32, i64)> = self.lost.extract_if(.., |(_, until)| now >= *until).collect();
        for (id, until) in &back {
            let at = Timestamp::from_second(*until).unwrap_or_default();
            for broker in cluster.brokers.iter_mut().filter(|broker| broker.id == *id) {
                broker.online = true;
                broker.added = at;
            }
            if let Some(operation) = cluster.operations.iter_mut().rev().find(|known| known.ended.is_none()) {
                operation.ended = Some(at);
                operation.state = "UPDATE_COMPLETE".to_owned();
            }
        }
        if !back.is_empty() {
            let behind = self.behind.0 + (before - self.under_replicated()).max(0.0);
            self.behind = (behind, behind / CATCH_UP_MIN);
        }
        if self.lost.is_empty() {
            cluster.state = "ACTIVE".to_owned();
        }
    }

    /// Share of the partitions of which `lost` replicas are on lost brokers.
    fn share(&self, lost: u32) -> f64 {
        let away = u32::try_from(self.lost.len()).unwrap_or(u32::MAX);
        let replicas = self.data.replication_factor.min(self.data.brokers);
        lost_replicas(self.data.brokers, away, replicas, lost)
    }

    fn under_replicated(&self) -> f64 {
        f64::from(self.data.partitions) * (1.0 - self.share(0))
    }

    fn minute(&mut self, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) {
        let data = &self.data;
        let is_lost = |id: u32| self.lost.iter().any(|(lost, _)| *lost == id);
        let there: Vec<&(u32, BrokerSeries)> = self.brokers.iter().filter(|(id, _)| !is_lost(*id)).collect();
        let count = f64::from(u32::try_from(there.len()).unwrap_or(u32::MAX));
        let (partitions, replicas) = (f64::from(data.partitions), data.replication_factor.min(data.brokers));
        // Every broker reports whether it is the controller.
        let elected = !is_lost(self.controller);
        let controller = if elected { self.controller } else { there.first().map_or(0, |(id, _)| *id) };
        if count > 0.0 {
            let active = Point::ratio(if elected { 1.0 } else { 0.0 }, count);
            metrics.record(self.active_controllers, minute, active);
            let offline = (partitions * self.share(replicas)).round();
            metrics.record(self.offline, minute, Point::gauge(offline));
            metrics.record(self.partitions, minute, Point::gauge(partitions));
        }
        let short: f64 =
            (0..=replicas).filter(|lost| replicas - lost < data.min_in_sync).map(|lost| self.share(lost)).sum();
        let under = ((self.under_replicated() + self.behind.0) / count.max(1.0)).ceil();
        let taken_over = f64::from(data.brokers) / count.max(1.0);
        for (id, series) in there {
            let wave = |what: &str| noise.wave(&format!("{} {id} {what}", data.name), minute);
            let mut gauge = |series, value: f64| metrics.record(series, minute, Point::gauge(value));
            gauge(series.cpu, (data.cpu_percent * load * taken_over * (1.0 + 0.1 * wave("cpu"))).min(100.0));
            gauge(series.disk, (data.disk_percent * (1.0 + 0.01 * wave("disk"))).min(100.0));
            gauge(series.bytes_in, data.bytes_in_per_s * load * taken_over * (1.0 + 0.06 * wave("in")));
            gauge(series.under_replicated, under);
            gauge(series.under_min_isr, (partitions * short / count.max(1.0)).ceil());
        }
        self.controller = controller;
        self.behind.0 = (self.behind.0 - self.behind.1).max(0.0);
    }
}

/// Share of the partitions that have exactly `lost` of their `replicas` on the `away` of `brokers`, when replicas are
/// spread evenly.
fn lost_replicas(brokers: u32, away: u32, replicas: u32, lost: u32) -> f64 {
    let choose = |from: u32, some: u32| {
        if some > from {
            return 0.0;
        }
        (0..some).map(|nth| f64::from(from - nth) / f64::from(nth + 1)).product::<f64>()
    };
    if lost > replicas {
        return 0.0;
    }
    choose(away, lost) * choose(brokers.saturating_sub(away), replicas - lost) / choose(brokers, replicas).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_brokers_take_their_replicas_with_them() {
        let share = |brokers, away, lost| lost_replicas(brokers, away, 3, lost);
        assert_eq!((share(3, 0, 0), share(3, 1, 0), share(3, 1, 1)), (1.0, 0.0, 1.0));
        assert_eq!(share(6, 1, 0), 0.5);
        assert_eq!((share(3, 3, 3), share(3, 2, 3)), (1.0, 0.0));
        let all: f64 = (0..=3).map(|lost| share(6, 2, lost)).sum();
        assert!((all - 1.0).abs() < 1e-9);
    }
}
