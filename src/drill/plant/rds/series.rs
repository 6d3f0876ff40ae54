//! The metrics of `AWS/RDS`, with the dimensions of the Amazon RDS and Aurora User Guides.

use super::load::Response;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// What every instance reports.
pub struct InstanceSeries {
    cpu: SeriesId,
    connections: SeriesId,
    memory: SeriesId,
    read: SeriesId,
    write: SeriesId,
}

/// A series of `AWS/RDS`.
pub fn handle(metrics: &mut MetricStore, name: &str, dimensions: &[(&str, &str)]) -> SeriesId {
    metrics.handle(MetricId::new("AWS/RDS", name, dimensions))
}

impl InstanceSeries {
    /// The series under `dimensions`: an instance, or a role in a cluster.
    pub fn new(metrics: &mut MetricStore, dimensions: &[(&str, &str)]) -> Self {
        let mut handle = |name: &str| handle(metrics, name, dimensions);
        Self {
            cpu: handle("CPUUtilization"),
            connections: handle("DatabaseConnections"),
            memory: handle("FreeableMemory"),
            read: handle("ReadLatency"),
            write: handle("WriteLatency"),
        }
    }

    /// Reports a minute of one instance, or of several with the same role. Nothing is reported for none.
    pub fn report(&self, metrics: &mut MetricStore, minute: i64, responses: &[Response]) {
        let mut record = |series: SeriesId, value: fn(&Response) -> f64| {
            let values: Vec<f64> = responses.iter().map(value).collect();
            if let Some(point) = Point::of(&values) {
                metrics.record(series, minute, point);
            }
        };
        record(self.cpu, |response| response.cpu);
        record(self.connections, |response| response.connections);
        record(self.memory, |response| response.freeable_memory);
        record(self.read, |response| response.read_ms / 1000.0);
        record(self.write, |response| response.write_ms / 1000.0);
    }
}
