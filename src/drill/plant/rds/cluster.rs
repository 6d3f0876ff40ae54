//! Aurora clusters: load on writer and readers, Serverless v2 capacity, failover.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ailment::Ailment;
use super::load::{Demand, Response, respond};
use super::series::{InstanceSeries, handle};
use super::serverless::Capacity;
use super::takeover::{Refusal, Takeover};
use crate::drill::estate::databases::DbClusterData;
use crate::drill::plant::noise::Noise;
use crate::drill::world::metric::{MetricStore, Point, SeriesId};
use crate::drill::world::rds::{DbCluster, DbEvent, DbSource, Rds};

/// The dynamics of a cluster.
pub struct ClusterPlant {
    /// How it is described.
    pub data: DbClusterData,
    ailments: BTreeMap<String, Vec<Ailment>>,
    takeover: Option<Takeover>,
    /// A failover that ended within this minute.
    ended: Option<Takeover>,
    members: Vec<MemberPlant>,
    writer: InstanceSeries,
    reader: InstanceSeries,
    lag_maximum: SeriesId,
    lag_minimum: SeriesId,
    capacity: Option<(SeriesId, SeriesId)>,
}

struct MemberPlant {
    id: String,
    series: InstanceSeries,
    local: SeriesId,
    lag: SeriesId,
    serverless: Option<Capacity>,
}

impl ClusterPlant {
    /// A cluster.
    pub fn new(data: &DbClusterData, metrics: &mut MetricStore) -> Self {
        let members = data.members.iter().map(|id| {
            let by_id = [("DBInstanceIdentifier", id.as_str())];
            MemberPlant {
                id: id.clone(),
                series: InstanceSeries::new(metrics, &by_id),
                local: handle(metrics, "FreeLocalStorage", &by_id),
                lag: handle(metrics, "AuroraReplicaLag", &by_id),
                serverless: data.serverless.map(|bounds| Capacity::new(bounds, metrics, &by_id)),
            }
        });
        let members = members.collect();
        let by_cluster = [("DBClusterIdentifier", data.id.as_str())];
        let mut role =
            |role: &str| InstanceSeries::new(metrics, &[("DBClusterIdentifier", data.id.as_str()), ("Role", role)]);
        Self {
            members,
            writer: role("WRITER"),
            reader: role("READER"),
            lag_maximum: handle(metrics, "AuroraReplicaLagMaximum", &by_cluster),
            lag_minimum: handle(metrics, "AuroraReplicaLagMinimum", &by_cluster),
            capacity: data.serverless.map(|_| {
                let capacity = handle(metrics, "ServerlessDatabaseCapacity", &by_cluster);
                (capacity, handle(metrics, "ACUUtilization", &by_cluster))
            }),
            data: data.clone(),
            ailments: BTreeMap::new(),
            takeover: None,
            ended: None,
        }
    }

    /// The member that writes now suffers from `ailment`.
    pub fn ail(&mut self, rds: &Rds, ailment: Ailment) {
        let writer = rds.clusters.get(&self.data.id).and_then(DbCluster::writer);
        if let Some(writer) = writer {
            self.ailments.entry(writer.to_owned()).or_default().push(ailment);
        }
    }

    /// True while the member that writes suffers from something.
    pub fn ails(&self, rds: &Rds) -> bool {
        let writer = rds.clusters.get(&self.data.id).and_then(DbCluster::writer);
        writer.and_then(|writer| self.ailments.get(writer)).is_some_and(|ailments| !ailments.is_empty())
    }

    /// Begins the failover to `target`, or to the first reader in the order of promotion.
    pub fn begin_failover(
        &mut self,
        rds: &mut Rds,
        target: Option<&str>,
        now: Timestamp,
        noise: &Noise,
    ) -> Result<(), Refusal> {
        let cluster = rds.clusters.get_mut(&self.data.id).ok_or(Refusal::Unknown)?;
        let (Some(from), "available") = (cluster.writer(), cluster.status.as_str()) else {
            return Err(Refusal::State);
        };
        let readers = cluster.readers();
        let to = match target {
            Some(target) => *readers.iter().find(|reader| **reader == target).ok_or(Refusal::Target)?,
            None => *readers.first().ok_or(Refusal::State)?,
        };
        let takeover = Takeover::aurora(from, to, now, noise);
        cluster.status = "failing-over".to_owned();
        let zone = |id: &str| rds.instances.get(id).map(|instance| instance.zone.as_str());
        let kind = if zone(&takeover.from) == zone(&takeover.to) { "same" } else { "cross" };
        let message = format!("Started {kind} AZ failover to DB instance: {}", takeover.to);
        let event = about(cluster, now, message);
        rds.note(event);
        self.takeover = Some(takeover);
        Ok(())
    }

    /// The turn that ends at `now`.
    pub fn tick(&mut self, rds: &mut Rds, now: Timestamp) {
        let Some(takeover) = self.takeover.take_if(|takeover| takeover.done(now)) else { return };
        let at = Timestamp::from_second(takeover.until).unwrap_or(now);
        // The old writer was restarted.
        self.ailments.remove(&takeover.from);
        if let Some(cluster) = rds.clusters.get_mut(&self.data.id) {
            for member in &mut cluster.members {
                member.writer = member.instance == takeover.to;
            }
            cluster.status = "available".to_owned();
            let message = format!("Completed failover to DB instance: {}", takeover.to);
            let event = about(cluster, at, message);
            for id in [&takeover.from, &takeover.to] {
                let restarted = rds.instances.get(id).map(|instance| DbEvent {
                    at,
                    source: DbSource::Instance,
                    id: id.clone(),
                    arn: instance.arn.clone(),
                    category: "availability",
                    message: "DB instance restarted".to_owned(),
                });
                restarted.into_iter().for_each(|event| rds.note(event));
            }
            rds.note(event);
        }
        self.ended = Some(takeover);
    }

    /// One minute.
    pub fn minute(&mut self, rds: &Rds, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) {
        let Some(cluster) = rds.clusters.get(&self.data.id) else { return };
        let writer = cluster.writer().unwrap_or_default();
        let now = minute * 60;
        let (mut writing, mut reading, mut lags, mut units) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let takeovers: Vec<Takeover> = [self.takeover.clone(), self.ended.take()].into_iter().flatten().collect();
        let mut strained = 1.0_f64;
        // The writer comes first: readers fall behind when it is short of CPU.
        self.members.sort_by_key(|member| member.id != writer);
        for member in &mut self.members {
            let writes = member.id == writer;
            let usual = match self.data.reader {
                Some(reader) if !writes => reader,
                _ => self.data.writer,
            };
            let away: f64 = takeovers.iter().filter(|one| one.from == member.id).map(|one| one.share_of(now)).sum();
            let demand = Demand { up: (1.0 - away).clamp(0.0, 1.0), ..Demand::usual(load) };
            let ailments = self.ailments.get(&member.id).into_iter().flatten();
            let demand = ailments.fold(demand, |demand, ailment| ailment.on(demand, now));
            let room = member.serverless.as_mut().map(|capacity| {
                let wanted = usual.cpu_percent * demand.load * demand.cpu_factor / 100.0;
                let point = capacity.minute(metrics, minute, wanted);
                units.push(point.0);
                point.1
            });
            let response = respond(&usual, &demand, room.unwrap_or(1.0), noise.wave(&member.id, minute));
            member.series.report(metrics, minute, &[response]);
            let local =
                self.data.free_local_gb * 1e9 * (1.0 + 0.01 * noise.wave(&format!("{} disk", member.id), minute));
            metrics.record(member.local, minute, Point::gauge(local.round()));
            if writes {
                strained = (response.wanted / 90.0).max(1.0);
                writing.push(response);
            } else {
                let wave = noise.wave(&format!("{} lag", member.id), minute);
                let lag = self.data.replica_lag_ms * (1.0 + 0.3 * wave) * strained * strained;
                metrics.record(member.lag, minute, Point::gauge(lag));
                lags.push(lag);
                reading.push(response);
            }
        }
        self.report(metrics, minute, (&writing, &reading), &lags, &units);
    }

    /// What is reported for the cluster as a whole.
    fn report(
        &self,
        metrics: &mut MetricStore,
        minute: i64,
        (writing, reading): (&[Response], &[Response]),
        lags: &[f64],
        units: &[f64],
    ) {
        self.writer.report(metrics, minute, writing);
        self.reader.report(metrics, minute, reading);
        if let Some(point) = Point::of(lags) {
            metrics.record(self.lag_maximum, minute, Point::gauge(point.max));
            metrics.record(self.lag_minimum, minute, Point::gauge(point.min));
        }
        if let (Some((capacity, utilization)), Some(bounds)) = (self.capacity, self.data.serverless) {
            let shares: Vec<f64> = units.iter().map(|units| units / bounds.max * 100.0).collect();
            for (series, values) in [(capacity, units), (utilization, shares.as_slice())] {
                if let Some(point) = Point::of(values) {
                    metrics.record(series, minute, point);
                }
            }
        }
    }
}

fn about(cluster: &DbCluster, at: Timestamp, message: String) -> DbEvent {
    let (id, arn) = (cluster.id.clone(), cluster.arn.clone());
    DbEvent { at, source: DbSource::Cluster, id, arn, category: "failover", message }
}
