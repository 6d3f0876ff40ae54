//! Databases, caches and streams of an environment with what the scenario does to them.

use jiff::Timestamp;

use super::caches::Caches;
use super::due::due;
use super::noise::Noise;
use super::rds::Databases;
use super::streams::Streams;
use crate::drill::estate::data::Resources;
use crate::drill::scenario::{BrokerLost, CacheNodeLost, DatabaseDegraded, Failover, Scenario};
use crate::drill::world::EnvironmentWorld;

/// The data stores of an environment.
pub struct DataStores {
    /// RDS and Aurora.
    pub databases: Databases,
    caches: Caches,
    streams: Streams,
    degraded: Vec<DatabaseDegraded>,
    failovers: Vec<Failover>,
    nodes_lost: Vec<CacheNodeLost>,
    brokers_lost: Vec<BrokerLost>,
    began: Timestamp,
}

impl DataStores {
    /// As the estate describes them, under a scenario that begins at `began`.
    pub fn new(resources: &Resources, scenario: &Scenario, began: Timestamp, world: &mut EnvironmentWorld) -> Self {
        let name = world.name.clone();
        let second = began.as_second();
        let growth: Vec<_> =
            scenario.storage_growth.iter().filter(|input| input.environment == name).cloned().collect();
        let filling: Vec<_> = scenario.cache_growth.iter().filter(|input| input.environment == name).cloned().collect();
        Self {
            databases: Databases::new(&resources.rds, &growth, second, world),
            caches: Caches::new(&resources.elasticache.group, &filling, second, world),
            streams: Streams::new(&resources.msk.cluster, &mut world.metrics),
            degraded: scenario.database_degraded.iter().filter(|input| input.environment == name).cloned().collect(),
            failovers: scenario.failover.iter().filter(|input| input.environment == name).cloned().collect(),
            nodes_lost: scenario.cache_node_lost.iter().filter(|input| input.environment == name).cloned().collect(),
            brokers_lost: scenario.broker_lost.iter().filter(|input| input.environment == name).cloned().collect(),
            began,
        }
    }

    /// The turn that ends at `now`.
    pub fn tick(&mut self, world: &mut EnvironmentWorld, now: Timestamp, noise: &Noise) {
        for (input, at) in due(&mut self.degraded, self.began, now, |input| input.at_s) {
            self.databases.degrade(world, input, at);
        }
        for (input, at) in due(&mut self.failovers, self.began, now, |input| input.at_s) {
            if input.if_degraded && !self.databases.ails(world, &input.database) {
                continue;
            }
            // One that is refused does not happen, as in AWS.
            let _ = self.databases.begin_failover(world, &input.database, input.target.as_deref(), at, noise);
        }
        for (input, at) in due(&mut self.nodes_lost, self.began, now, |input| input.at_s) {
            self.caches.lose(world, &input, at, noise);
        }
        for (input, at) in due(&mut self.brokers_lost, self.began, now, |input| input.at_s) {
            self.streams.lose(world, &input, at);
        }
        self.databases.tick(world, now, noise);
        self.caches.tick(world, now);
        self.streams.tick(world, now);
    }

    /// One minute.
    pub fn minute(&mut self, world: &mut EnvironmentWorld, minute: i64, load: f64, noise: &Noise) {
        self.databases.minute(world, minute, load, noise);
        self.caches.minute(world, minute, load, noise);
        self.streams.minute(&mut world.metrics, minute, load, noise);
    }
}
