//! A DynamoDB table under load: demand → consumed units, burst capacity, throttled requests.

use std::collections::BTreeMap;

use crate::drill::estate::data::TableData;
use crate::drill::world::dynamodb::{Table, Throughput};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Units of a typical request; a throttled request is one event.
const UNITS_PER_REQUEST: f64 = 4.0;

/// Capacity of one kind on one table or index.
#[derive(Debug, Clone, Copy, Default)]
struct Capacity {
    burst: f64,
}

/// What became of a minute's demand.
#[derive(Debug, Clone, Copy, Default)]
struct Served {
    consumed: f64,
    rejected: f64,
}

impl Capacity {
    /// A minute of `demand` units against `per_second` provisioned units (`None`: on demand, never short). Unused
    /// units of the last `burst_s` seconds help out.
    fn serve(&mut self, demand: f64, per_second: Option<u32>, burst_s: f64) -> Served {
        let Some(per_second) = per_second.map(f64::from) else { return Served { consumed: demand, rejected: 0.0 } };
        let whole = per_second * 60.0;
        let spare = whole - demand;
        if spare >= 0.0 {
            self.burst = (self.burst + spare).min(per_second * burst_s);
            return Served { consumed: demand, rejected: 0.0 };
        }
        let helped = self.burst.min(-spare);
        self.burst -= helped;
        Served { consumed: whole + helped, rejected: (-spare - helped).max(0.0) }
    }
}

/// Handles of one kind (read or write) of a table or index.
struct KindSeries {
    consumed: SeriesId,
    provisioned: SeriesId,
    throttled: SeriesId,
}

impl KindSeries {
    fn new(metrics: &mut MetricStore, kind: &str, dimensions: &[(&str, &str)]) -> Self {
        let mut handle = |name: String| metrics.handle(MetricId::new("AWS/DynamoDB", &name, dimensions));
        Self {
            consumed: handle(format!("Consumed{kind}CapacityUnits")),
            provisioned: handle(format!("Provisioned{kind}CapacityUnits")),
            throttled: handle(format!("{kind}ThrottleEvents")),
        }
    }

    /// Throttle events are reported only when there are some, as CloudWatch does.
    fn report(&self, metrics: &mut MetricStore, minute: i64, served: Served, provisioned: Option<u32>) {
        if served.consumed > 0.0 {
            let requests = (served.consumed / UNITS_PER_REQUEST).ceil();
            metrics.record(self.consumed, minute, Point::total(served.consumed.round(), requests));
        }
        if let Some(provisioned) = provisioned {
            metrics.record(self.provisioned, minute, Point::gauge(f64::from(provisioned)));
        }
        let events = (served.rejected / UNITS_PER_REQUEST).round();
        if events > 0.0 {
            metrics.record(self.throttled, minute, Point::total(events, events));
        }
    }
}

/// Reads and writes of a table or of one of its indexes.
struct Part {
    read: (Capacity, KindSeries),
    write: (Capacity, KindSeries),
}

impl Part {
    fn new(metrics: &mut MetricStore, provisioned: Throughput, burst_s: f64, dimensions: &[(&str, &str)]) -> Self {
        let full = |units: u32| Capacity { burst: f64::from(units) * burst_s };
        Self {
            read: (full(provisioned.read), KindSeries::new(metrics, "Read", dimensions)),
            write: (full(provisioned.write), KindSeries::new(metrics, "Write", dimensions)),
        }
    }

    /// Serves and reports a minute; the shares of the reads and writes that were rejected.
    fn minute(
        &mut self,
        metrics: &mut MetricStore,
        minute: i64,
        demand: Demand,
        provisioned: Option<Throughput>,
        burst_s: f64,
    ) -> Demand {
        let read = self.read.0.serve(demand.read, provisioned.map(|units| units.read), burst_s);
        let write = self.write.0.serve(demand.write, provisioned.map(|units| units.write), burst_s);
        self.read.1.report(metrics, minute, read, provisioned.map(|units| units.read));
        self.write.1.report(metrics, minute, write, provisioned.map(|units| units.write));
        let share = |served: Served, demand: f64| if demand > 0.0 { served.rejected / demand } else { 0.0 };
        Demand { read: share(read, demand.read), write: share(write, demand.write) }
    }
}

/// Reads and writes of a minute: units, or shares of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demand {
    /// Reads.
    pub read: f64,
    /// Writes.
    pub write: f64,
}

/// The dynamics of a table.
pub struct TablePlant {
    /// How it is used.
    pub data: TableData,
    /// Shares of the last minute's reads and writes that were rejected.
    pub rejected: Demand,
    whole: Part,
    indexes: BTreeMap<String, Part>,
}

impl TablePlant {
    /// A table with all its burst capacity.
    pub fn new(data: &TableData, metrics: &mut MetricStore) -> Self {
        let units = Throughput { read: data.read_units, write: data.write_units };
        let name = data.name.as_str();
        let mut indexes = BTreeMap::new();
        for index in &data.index {
            let dimensions = [("TableName", name), ("GlobalSecondaryIndexName", index.name.as_str())];
            let units = Throughput { read: index.read_units, write: index.write_units };
            indexes.insert(index.name.clone(), Part::new(metrics, units, data.burst_s, &dimensions));
        }
        let whole = Part::new(metrics, units, data.burst_s, &[("TableName", name)]);
        Self { data: data.clone(), rejected: Demand::default(), whole, indexes }
    }

    /// One minute.
    pub fn minute(&mut self, table: &Table, metrics: &mut MetricStore, minute: i64, demand: Demand) {
        let burst_s = self.data.burst_s;
        self.rejected = self.whole.minute(metrics, minute, demand, table.provisioned, burst_s);
        for index in &self.data.index {
            let (Some(part), Some(built)) = (self.indexes.get_mut(&index.name), table.indexes.get(&index.name)) else {
                continue;
            };
            let demand = Demand { read: demand.read * index.read_share, write: demand.write * index.write_share };
            let rejected = part.minute(metrics, minute, demand, built.provisioned, burst_s);
            self.rejected.read = self.rejected.read.max(rejected.read);
            self.rejected.write = self.rejected.write.max(rejected.write);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_rejected_up_to_the_capacity_and_burst_helps_only_for_a_while() {
        let mut capacity = Capacity::default();
        assert_eq!(capacity.serve(600.0, Some(10), 30.0).rejected, 0.0);
        assert_eq!(capacity.serve(0.0, Some(10), 30.0).rejected, 0.0);
        let first = capacity.serve(800.0, Some(10), 30.0);
        assert_eq!((first.consumed, first.rejected), (800.0, 0.0));
        let second = capacity.serve(800.0, Some(10), 30.0);
        assert_eq!((second.consumed, second.rejected), (700.0, 100.0));
        let third = capacity.serve(800.0, Some(10), 30.0);
        assert_eq!((third.consumed, third.rejected), (600.0, 200.0));
    }

    #[test]
    fn on_demand_is_never_short() {
        assert_eq!(Capacity::default().serve(1e9, None, 0.0).rejected, 0.0);
    }
}
