//! DB instances that belong to no cluster, with their read replicas: load, storage, Multi-AZ failover.

use jiff::Timestamp;

use super::ailment::Ailment;
use super::load::{Demand, Response, respond};
use super::series::{InstanceSeries, handle};
use super::takeover::{Refusal, Takeover};
use crate::drill::estate::databases::{DbInstanceData, ReplicaData};
use crate::drill::plant::noise::Noise;
use crate::drill::scenario::{StorageGrowth, lasts};
use crate::drill::world::metric::{MetricStore, Point, SeriesId};
use crate::drill::world::rds::{DbEvent, DbInstance, DbSource, Rds};

/// Free shares of the storage at which RDS tells (RDS-EVENT-0089 begins at 10 %).
const LOW: [f64; 3] = [0.10, 0.05, 0.02];
const GIB: f64 = 1_073_741_824.0;
const GB: f64 = 1e9;
const MINUTES_A_DAY: f64 = 1440.0;

/// The dynamics of an instance and its replicas.
pub struct InstancePlant {
    /// How it is described.
    pub data: DbInstanceData,
    /// What it suffers from.
    pub ailments: Vec<Ailment>,
    growth: Vec<StorageGrowth>,
    began: i64,
    free: Option<f64>,
    told: usize,
    takeover: Option<Takeover>,
    /// A failover that ended within this minute.
    ended: Option<Takeover>,
    series: InstanceSeries,
    storage: SeriesId,
    replicas: Vec<ReplicaPlant>,
}

struct ReplicaPlant {
    data: ReplicaData,
    series: InstanceSeries,
    storage: SeriesId,
    lag: SeriesId,
}

impl InstancePlant {
    /// An instance; `growth` are the inputs of this instance, which count from second `began`.
    pub fn new(data: &DbInstanceData, growth: Vec<StorageGrowth>, began: i64, metrics: &mut MetricStore) -> Self {
        let by_id = |id: &'_ str| [("DBInstanceIdentifier".to_owned(), id.to_owned())];
        let mut parts = |id: &str| {
            let dimensions = by_id(id);
            let dimensions: Vec<_> = dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let series = InstanceSeries::new(metrics, &dimensions);
            let storage = handle(metrics, "FreeStorageSpace", &dimensions);
            (series, storage, handle(metrics, "ReplicaLag", &dimensions))
        };
        let (series, storage, _) = parts(&data.id);
        let replicas = data.replica.iter().map(|replica| {
            let (series, storage, lag) = parts(&replica.id);
            ReplicaPlant { data: replica.clone(), series, storage, lag }
        });
        Self {
            replicas: replicas.collect(),
            data: data.clone(),
            ailments: Vec::new(),
            growth,
            began,
            free: None,
            told: 0,
            takeover: None,
            ended: None,
            series,
            storage,
        }
    }

    /// Begins the failover to the standby.
    pub fn begin_failover(&mut self, rds: &mut Rds, now: Timestamp, noise: &Noise) -> Result<(), Refusal> {
        let instance = rds.instances.get_mut(&self.data.id).ok_or(Refusal::Unknown)?;
        if instance.status != "available" || !instance.multi_az {
            return Err(Refusal::State);
        }
        instance.status = "rebooting".to_owned();
        let event = event(instance, now, "failover", "Multi-AZ instance failover started".to_owned());
        rds.note(event);
        self.takeover = Some(Takeover::multi_az(&self.data.id, now, noise));
        Ok(())
    }

    /// The turn that ends at `now`.
    pub fn tick(&mut self, rds: &mut Rds, now: Timestamp) {
        let Some(takeover) = self.takeover.take_if(|takeover| takeover.done(now)) else { return };
        let at = Timestamp::from_second(takeover.until).unwrap_or(now);
        self.ended = Some(takeover);
        self.ailments.clear();
        let Some(instance) = rds.instances.get_mut(&self.data.id) else { return };
        instance.status = "available".to_owned();
        if let Some(standby) = instance.secondary_zone.as_mut() {
            std::mem::swap(&mut instance.zone, standby);
        }
        let restarted = event(instance, at, "availability", "DB instance restarted".to_owned());
        let completed = event(instance, at, "failover", "Multi-AZ instance failover completed".to_owned());
        rds.note(restarted);
        rds.note(completed);
    }

    /// One minute.
    pub fn minute(&mut self, rds: &mut Rds, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) {
        let id = self.data.id.clone();
        let now = minute * 60;
        let full = self.fill(rds, minute, load);
        let away: f64 = [&self.takeover, &self.ended].into_iter().flatten().map(|one| one.share_of(now)).sum();
        self.ended = None;
        let up = if full { 0.0 } else { (1.0 - away).clamp(0.0, 1.0) };
        let demand = Demand { up, ..Demand::usual(load) };
        let demand = self.ailments.iter().fold(demand, |demand, ailment| ailment.on(demand, now));
        let response = respond(&self.data.usual, &demand, 1.0, noise.wave(&id, minute));
        self.series.report(metrics, minute, &[response]);
        let free = self.free.unwrap_or_default();
        metrics.record(self.storage, minute, Point::gauge(free.round()));
        for replica in &self.replicas {
            replica.minute(metrics, minute, (load, free), &response, noise);
        }
    }

    /// Uses storage for a minute. True where there is none left.
    fn fill(&mut self, rds: &mut Rds, minute: i64, load: f64) -> bool {
        let usual = self.data.growth_gb_per_day * GB / MINUTES_A_DAY;
        let before = f64::from(i32::try_from(self.began.div_euclid(60) - minute).unwrap_or(0));
        let free = self.free.get_or_insert(self.data.free_storage_gb * GB + usual * before);
        let since = minute * 60 - self.began;
        let more: f64 = self
            .growth
            .iter()
            .filter(|input| lasts(since, input.at_s, input.for_s))
            .map(|input| input.gb_per_minute * GB)
            .sum();
        *free = (*free - usual * load - more).max(0.0);
        let free = *free;
        let Some(instance) = rds.instances.get_mut(&self.data.id) else { return false };
        let at = Timestamp::from_second((minute + 1) * 60).unwrap_or_default();
        let share = free / (f64::from(instance.allocated_gb) * GIB);
        let reached = LOW.iter().filter(|low| share < **low).count();
        let mut events = Vec::new();
        if reached > self.told && free > 0.0 {
            events.push(event(instance, at, "low storage", low_storage(instance, free, share)));
        }
        self.told = reached;
        if free <= 0.0 && instance.status == "available" {
            instance.status = "storage-full".to_owned();
            let message = "Allocated storage has been exhausted. Allocate additional storage to resolve.";
            events.push(event(instance, at, "low storage", message.to_owned()));
        }
        events.into_iter().for_each(|event| rds.note(event));
        free <= 0.0
    }
}

impl ReplicaPlant {
    fn minute(
        &self,
        metrics: &mut MetricStore,
        minute: i64,
        (load, source_free): (f64, f64),
        source: &Response,
        noise: &Noise,
    ) {
        let id = &self.data.id;
        let response = respond(&self.data.usual, &Demand::usual(load), 1.0, noise.wave(id, minute));
        self.series.report(metrics, minute, &[response]);
        // A replica keeps no temporary files of the source.
        metrics.record(self.storage, minute, Point::gauge((source_free * 1.02).round()));
        let behind = (source.wanted / 100.0 - 0.85).max(0.0) * 60.0;
        let lag = self.data.lag_s * (1.0 + 0.5 * noise.wave(&format!("{id} lag"), minute)) + behind;
        metrics.record(self.lag, minute, Point::gauge(lag.max(0.0)));
    }
}

fn event(instance: &DbInstance, at: Timestamp, category: &'static str, message: String) -> DbEvent {
    let (id, arn) = (instance.id.clone(), instance.arn.clone());
    DbEvent { at, source: DbSource::Instance, id, arn, category, message }
}

fn low_storage(instance: &DbInstance, free: f64, share: f64) -> String {
    format!(
        "The free storage capacity for DB instance: {} is low at {:.0}% of the provisioned storage [Provisioned Storage: {:.2} GB, Free Storage: {:.2} GB]. You may want to increase the provisioned storage to address this issue.",
        instance.id,
        share * 100.0,
        f64::from(instance.allocated_gb),
        free / GIB
    )
}
