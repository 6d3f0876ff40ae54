//! What it does to requests that a service is short of CPU, or that its database does badly.

use std::collections::BTreeMap;

use super::containers::Busy;
use crate::drill::estate::data::Resources;
use crate::drill::estate::databases::DbLoadData;
use crate::drill::world::metric::{MetricId, MetricStore};

/// Utilisation at which the described response times hold.
pub const USUAL: f64 = 0.4;
/// Share of a response's time that goes to the database.
const DATABASE_SHARE: f64 = 0.35;
/// Share of the usual connections below which requests find none.
const CONNECTIONS_NEEDED: f64 = 0.7;

/// How much longer requests take at a utilisation, as a factor.
pub fn longer(utilisation: f64) -> f64 {
    (1.0 - 0.9 * USUAL) / (1.0 - 0.9 * utilisation.min(1.0))
}

/// Share of the requests that are lost at a utilisation.
pub fn lost(utilisation: f64) -> f64 {
    ((utilisation - 0.95) * 0.5).clamp(0.0, 0.5)
}

/// A database as the services before it feel it.
struct Felt {
    usual: DbLoadData,
    connections: MetricId,
    write_latency: MetricId,
}

/// The databases that services depend on, by identifier.
pub struct Dependencies {
    databases: BTreeMap<String, Felt>,
}

impl Dependencies {
    /// The databases of an environment.
    pub fn new(resources: &Resources) -> Self {
        let felt = |usual: DbLoadData, dimensions: &[(&str, &str)]| Felt {
            usual,
            connections: MetricId::new("AWS/RDS", "DatabaseConnections", dimensions),
            write_latency: MetricId::new("AWS/RDS", "WriteLatency", dimensions),
        };
        let instances = resources.rds.instance.iter();
        let instances = instances.map(|one| (&one.id, felt(one.usual, &[("DBInstanceIdentifier", &one.id)])));
        let clusters = resources.rds.cluster.iter();
        let clusters =
            clusters.map(|one| (&one.id, felt(one.writer, &[("DBClusterIdentifier", &one.id), ("Role", "WRITER")])));
        Self { databases: instances.chain(clusters).map(|(id, felt)| (id.clone(), felt)).collect() }
    }

    /// Adds to a service's trouble what its database did in a minute.
    pub fn feel(&self, busy: &mut Busy, metrics: &MetricStore, minute: i64) {
        let Some(felt) = busy.database.as_ref().and_then(|id| self.databases.get(id)) else { return };
        let mean = |id| metrics.point(id, minute).map(|point| point.sum / point.count.max(1.0));
        let connected = mean(&felt.connections).unwrap_or(0.0) / felt.usual.connections.max(1.0);
        let failing = ((CONNECTIONS_NEEDED - connected) / CONNECTIONS_NEEDED).clamp(0.0, 1.0) * 0.9;
        let latency = mean(&felt.write_latency).unwrap_or(0.0) * 1000.0 / felt.usual.write_latency_ms.max(0.001);
        busy.slowdown += DATABASE_SHARE * (latency - 1.0).max(0.0);
        busy.fault.error_rate += failing;
        busy.fault.failed_jobs += failing;
    }
}
