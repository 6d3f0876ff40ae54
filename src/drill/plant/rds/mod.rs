//! RDS and Aurora: load, storage, ailments and failovers.

use jiff::Timestamp;

use self::ailment::Ailment;
use self::cluster::ClusterPlant;
use self::instance::InstancePlant;
use super::noise::Noise;
use crate::drill::estate::databases::RdsData;
use crate::drill::scenario::{DatabaseDegraded, StorageGrowth};
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::rds::DbCluster;

mod ailment;
mod cluster;
mod instance;
mod load;
mod series;
mod serverless;
mod takeover;

pub use takeover::Refusal;

/// The databases of an environment.
pub struct Databases {
    instances: Vec<InstancePlant>,
    clusters: Vec<ClusterPlant>,
}

impl Databases {
    /// As the estate describes them; `growth` is this environment's and counts from second `began`.
    pub fn new(data: &RdsData, growth: &[StorageGrowth], began: i64, world: &mut EnvironmentWorld) -> Self {
        let metrics = &mut world.metrics;
        let instance = |data| {
            let id: &crate::drill::estate::databases::DbInstanceData = data;
            let growth = growth.iter().filter(|input| input.database == id.id).cloned().collect();
            InstancePlant::new(data, growth, began, metrics)
        };
        let instances = data.instance.iter().map(instance).collect();
        Self {
            instances,
            clusters: data.cluster.iter().map(|data| ClusterPlant::new(data, &mut world.metrics)).collect(),
        }
    }

    /// A database begins to do badly.
    pub fn degrade(&mut self, world: &EnvironmentWorld, input: DatabaseDegraded, at: Timestamp) {
        let database = input.database.clone();
        let ailment = Ailment::new(input, at.as_second());
        for plant in self.clusters.iter_mut().filter(|plant| plant.data.id == database) {
            plant.ail(&world.rds, ailment.clone());
        }
        for plant in self.instances.iter_mut().filter(|plant| plant.data.id == database) {
            plant.ailments.push(ailment.clone());
        }
    }

    /// Begins the failover of a DB cluster to `target` (the first reader in the order of promotion where none is
    /// named), or of a Multi-AZ DB instance to its standby. It takes 30 to 120 seconds.
    ///
    /// # Errors
    /// There is no such database, it is not in a state for it, or the target is no reader.
    pub fn begin_failover(
        &mut self,
        world: &mut EnvironmentWorld,
        database: &str,
        target: Option<&str>,
        now: Timestamp,
        noise: &Noise,
    ) -> Result<(), Refusal> {
        let rds = &mut world.rds;
        if let Some(plant) = self.clusters.iter_mut().find(|plant| plant.data.id == database) {
            return plant.begin_failover(rds, target, now, noise);
        }
        let plant = self.instances.iter_mut().find(|plant| plant.data.id == database);
        plant.ok_or(Refusal::Unknown)?.begin_failover(rds, now, noise)
    }

    /// True while a database that writes does badly: the writer of a DB cluster, or a DB instance on its own.
    pub fn ails(&self, world: &EnvironmentWorld, database: &str) -> bool {
        let clusters = self.clusters.iter().filter(|plant| plant.data.id == database);
        let instances = self.instances.iter().filter(|plant| plant.data.id == database);
        clusters.into_iter().any(|plant| plant.ails(&world.rds))
            || instances.into_iter().any(|one| !one.ailments.is_empty())
    }

    /// The turn that ends at `now`.
    pub fn tick(&mut self, world: &mut EnvironmentWorld, now: Timestamp, noise: &Noise) {
        let ordered = |(id, cluster): (&String, &mut DbCluster)| Some((id.clone(), cluster.failover.take()?));
        let orders: Vec<_> = world.rds.clusters.iter_mut().filter_map(ordered).collect();
        for (id, order) in orders {
            // It was checked when it was taken; what has come between is refused, as in AWS.
            let _ = self.begin_failover(world, &id, order.target.as_deref(), now, noise);
        }
        for plant in &mut self.instances {
            plant.tick(&mut world.rds, now);
        }
        for plant in &mut self.clusters {
            plant.tick(&mut world.rds, now);
        }
    }

    /// One minute.
    pub fn minute(&mut self, world: &mut EnvironmentWorld, minute: i64, load: f64, noise: &Noise) {
        let EnvironmentWorld { rds, metrics, .. } = world;
        for plant in &mut self.instances {
            plant.minute(rds, metrics, minute, load, noise);
        }
        for plant in &mut self.clusters {
            plant.minute(rds, metrics, minute, load, noise);
        }
    }
}
