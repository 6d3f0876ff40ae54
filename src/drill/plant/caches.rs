//! ElastiCache: replication groups under load, memory and evictions, lost nodes and automatic failover.

use jiff::Timestamp;

use super::noise::Noise;
use crate::drill::estate::caches::CacheGroupData;
use crate::drill::scenario::{CacheGrowth, CacheNodeLost, lasts};
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::elasticache::{CacheEvent, CacheSource, ElastiCache};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Keys that are evicted for a percentage point of memory that does not fit.
const EVICTED_PER_POINT: f64 = 2500.0;
/// Percentage points a minute by which memory goes back to the usual, as keys expire.
const EXPIRED_PER_MINUTE: f64 = 0.5;
/// Engine CPU of a replica as a share of the primary's.
const REPLICA_SHARE: f64 = 0.7;
/// Seconds until a replica is promoted, least and most.
const PROMOTION_S: (f64, f64) = (15.0, 45.0);

/// The replication groups of an environment.
pub struct Caches {
    groups: Vec<GroupPlant>,
}

/// One replication group.
struct GroupPlant {
    data: CacheGroupData,
    growth: Vec<CacheGrowth>,
    began: i64,
    memory: f64,
    lost: Vec<Lost>,
    nodes: Vec<(String, Vec<NodeSeries>)>,
}

/// A node that is being replaced.
struct Lost {
    node: String,
    since: i64,
    until: i64,
    /// When a replica takes its place as the primary.
    promotion: Option<i64>,
}

/// A node's metrics under one set of dimensions.
struct NodeSeries {
    engine_cpu: SeriesId,
    cpu: SeriesId,
    memory: SeriesId,
    evictions: SeriesId,
    connections: SeriesId,
    lag: SeriesId,
    hits: SeriesId,
    misses: SeriesId,
}

impl NodeSeries {
    fn new(metrics: &mut MetricStore, dimensions: &[(&str, &str)]) -> Self {
        let mut handle = |name: &str| metrics.handle(MetricId::new("AWS/ElastiCache", name, dimensions));
        Self {
            engine_cpu: handle("EngineCPUUtilization"),
            cpu: handle("CPUUtilization"),
            memory: handle("DatabaseMemoryUsagePercentage"),
            evictions: handle("Evictions"),
            connections: handle("CurrConnections"),
            lag: handle("ReplicationLag"),
            hits: handle("CacheHits"),
            misses: handle("CacheMisses"),
        }
    }
}

impl Caches {
    /// As the estate describes them; `growth` is this environment's and counts from second `began`.
    pub fn new(data: &[CacheGroupData], growth: &[CacheGrowth], began: i64, world: &mut EnvironmentWorld) -> Self {
        let EnvironmentWorld { elasticache, metrics, .. } = world;
        let mut group = |data: &CacheGroupData| {
            let members = elasticache.groups.get(&data.id).map(|group| group.members.clone()).unwrap_or_default();
            let mut series = |id: &str| {
                let by_cluster = [("CacheClusterId", id)];
                let by_node = [("CacheClusterId", id), ("CacheNodeId", "0001")];
                vec![NodeSeries::new(metrics, &by_cluster), NodeSeries::new(metrics, &by_node)]
            };
            GroupPlant {
                nodes: members.into_iter().map(|id| (id.clone(), series(&id))).collect(),
                growth: growth.iter().filter(|input| input.group == data.id).cloned().collect(),
                began,
                memory: data.memory_percent,
                lost: Vec::new(),
                data: data.clone(),
            }
        };
        Self { groups: data.iter().map(&mut group).collect() }
    }

    /// A node is lost.
    pub fn lose(&mut self, world: &mut EnvironmentWorld, input: &CacheNodeLost, at: Timestamp, noise: &Noise) {
        if let Some(group) = self.groups.iter_mut().find(|group| group.data.id == input.group) {
            group.lose(&mut world.elasticache, input, at, noise);
        }
    }

    /// The turn that ends at `now`.
    pub fn tick(&mut self, world: &mut EnvironmentWorld, now: Timestamp) {
        for group in self.groups.iter_mut().filter(|group| !group.lost.is_empty()) {
            group.tick(&mut world.elasticache, now.as_second());
        }
    }

    /// One minute.
    pub fn minute(&mut self, world: &mut EnvironmentWorld, minute: i64, load: f64, noise: &Noise) {
        let EnvironmentWorld { elasticache, metrics, .. } = world;
        for group in &mut self.groups {
            group.minute(elasticache, metrics, minute, load, noise);
        }
    }
}

impl GroupPlant {
    fn lose(&mut self, caches: &mut ElastiCache, input: &CacheNodeLost, at: Timestamp, noise: &Noise) {
        let primary = caches.primary(&self.data.id).map(str::to_owned);
        let Some(node) = input.node.clone().or(primary.clone()) else { return };
        let Some(cluster) = caches.clusters.get_mut(&node) else { return };
        cluster.status = "rebooting cluster nodes".to_owned();
        cluster.node_status = "rebooting".to_owned();
        let promotes = primary.as_ref() == Some(&node) && self.data.automatic_failover && self.data.nodes > 1;
        if let Some(group) = caches.groups.get_mut(&self.data.id) {
            group.status = "modifying".to_owned();
        }
        caches.note(told(CacheSource::Cluster, &node, at, "Recovering cache nodes 0001".to_owned()));
        let since = at.as_second();
        let share = noise.unit(&format!("{node} promotion"), since);
        #[allow(clippy::cast_possible_truncation, reason = "at most 45 seconds")]
        let wait = (PROMOTION_S.0 + (PROMOTION_S.1 - PROMOTION_S.0) * share).round() as i64;
        let promotion = promotes.then_some(since + wait);
        self.lost.push(Lost { node, since, until: since + input.for_s, promotion });
    }

    fn tick(&mut self, caches: &mut ElastiCache, now: i64) {
        for place in 0..self.lost.len() {
            if let Some(at) = self.lost[place].promotion.filter(|at| now >= *at) {
                self.lost[place].promotion = None;
                self.promote(caches, place, Timestamp::from_second(at).unwrap_or_default());
            }
        }
        let over: Vec<Lost> = self.lost.extract_if(.., |lost| now >= lost.until).collect();
        for lost in over {
            if let Some(cluster) = caches.clusters.get_mut(&lost.node) {
                cluster.status = "available".to_owned();
                cluster.node_status = "available".to_owned();
            }
            let at = Timestamp::from_second(lost.until).unwrap_or_default();
            let message = "Finished recovery for cache nodes 0001".to_owned();
            caches.note(told(CacheSource::Cluster, &lost.node, at, message));
        }
        if let (true, Some(group)) = (self.lost.is_empty(), caches.groups.get_mut(&self.data.id)) {
            group.status = "available".to_owned();
        }
    }

    /// The first node that is there becomes the primary in place of a lost one.
    fn promote(&self, caches: &mut ElastiCache, place: usize, at: Timestamp) {
        let from = &self.lost[place].node;
        let there = |id: &&String| !self.lost.iter().any(|lost| lost.node == **id);
        let Some(to) = self.nodes.iter().map(|(id, _)| id).find(there) else { return };
        for (id, _) in &self.nodes {
            if let Some(cluster) = caches.clusters.get_mut(id) {
                cluster.primary = id == to;
            }
        }
        let message = format!("Failover from primary node {from} to replica node {to} completed");
        caches.note(told(CacheSource::Cluster, to, at, message.clone()));
        caches.note(told(CacheSource::Group, &self.data.id, at, message));
    }

    fn minute(&mut self, caches: &ElastiCache, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) {
        let data = &self.data;
        let evicted = fill(&mut self.memory, data.memory_percent, growth(&self.growth, minute * 60 - self.began));
        let primary = caches.primary(&data.id);
        let away = |id: &str| self.lost.iter().find(|lost| lost.node == id);
        let there = self.nodes.iter().filter(|(id, _)| away(id).is_none()).count();
        let share = ratio(self.nodes.len(), there);
        let leaderless = primary.and_then(away).map_or(0, |lost| minute * 60 + 60 - lost.since);
        let missed = (1.0 - data.hit_rate) + (evicted / data.reads_per_minute.max(1.0)).min(data.hit_rate);
        for (id, series) in self.nodes.iter().filter(|(id, _)| away(id).is_none()) {
            let wave = |what: &str| noise.wave(&format!("{id} {what}"), minute);
            let is_primary = primary == Some(id.as_str());
            let role = if is_primary { 1.0 } else { REPLICA_SHARE };
            let engine = (data.engine_cpu_percent * role * load * share * (1.0 + 0.12 * wave("cpu"))).min(100.0);
            let memory = (self.memory * (1.0 + 0.005 * wave("memory"))).min(100.0);
            let connections = (data.connections * load.max(0.0).sqrt() * share * (1.0 + 0.03 * wave("open"))).round();
            let reads = noise.count(id, minute, data.reads_per_minute * load / ratio(there, 1).max(1.0));
            let misses = (reads * missed).round();
            let lag = data.replication_lag_s * (1.0 + 0.4 * wave("lag"));
            let lag = lag + f64::from(i32::try_from(leaderless).unwrap_or(0));
            for series in series {
                let mut gauge = |series, value: f64| metrics.record(series, minute, Point::gauge(value));
                gauge(series.engine_cpu, engine);
                gauge(series.cpu, 2.0 + 0.6 * engine);
                gauge(series.memory, memory);
                gauge(series.evictions, if is_primary { evicted } else { 0.0 });
                gauge(series.connections, connections);
                gauge(series.hits, reads - misses);
                gauge(series.misses, misses);
                if !is_primary {
                    gauge(series.lag, lag);
                }
            }
        }
    }
}

/// Percentage points that come in a minute at `since` seconds into the scenario.
fn growth(inputs: &[CacheGrowth], since: i64) -> f64 {
    inputs.iter().filter(|input| lasts(since, input.at_s, input.for_s)).map(|input| input.percent_per_minute).sum()
}

/// Fills memory for a minute; keys that are evicted because they do not fit.
fn fill(memory: &mut f64, usual: f64, more: f64) -> f64 {
    let expired = if more > 0.0 { 0.0 } else { (*memory - usual).clamp(0.0, EXPIRED_PER_MINUTE) };
    let wanted = *memory + more - expired;
    *memory = wanted.min(100.0);
    ((wanted - 100.0).max(0.0) * EVICTED_PER_POINT).round()
}

fn ratio(all: usize, there: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(all) / number(there.max(1))
}

fn told(source: CacheSource, id: &str, at: Timestamp, message: String) -> CacheEvent {
    CacheEvent { at, source, id: id.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_evicted_and_keys_expire_afterwards() {
        let mut memory = 98.0;
        assert_eq!(fill(&mut memory, 56.0, 1.5), 0.0);
        assert_eq!(fill(&mut memory, 56.0, 1.5), 2500.0);
        assert_eq!(memory, 100.0);
        assert_eq!(fill(&mut memory, 56.0, 0.0), 0.0);
        assert_eq!(memory, 99.5);
        let mut calm = 56.0;
        fill(&mut calm, 56.0, 0.0);
        assert_eq!(calm, 56.0);
    }
}
