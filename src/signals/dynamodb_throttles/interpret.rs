//! Throttles and used capacity as severities.

use super::{Inventory, Levels, Queries, Store};
use crate::model::{Field, FieldValue, MetricSet, Reading, Resource, Series, Severity};
use crate::signals::figures::{listed, per_minute, percent};
use crate::signals::metrics::{self as read, Gap};
use crate::signals::{Judge, worst};

/// What the metrics say of one table or index. `None` anywhere is unknown.
struct Measured {
    read_throttles: Option<f64>,
    write_throttles: Option<f64>,
    consumed_read: Option<f64>,
    consumed_write: Option<f64>,
    throttles: Option<Series>,
}

impl Measured {
    fn of(store: &Store, metrics: &MetricSet) -> Self {
        let queries = Queries::of(store);
        let reads = read::counts(metrics, &queries.read_throttles);
        let writes = read::counts(metrics, &queries.write_throttles);
        let per_second = |query| read::counts(metrics, query).as_ref().map(read::per_second);
        Self {
            read_throttles: reads.as_ref().map(read::per_minute),
            write_throttles: writes.as_ref().map(read::per_minute),
            consumed_read: per_second(&queries.consumed_read),
            consumed_write: per_second(&queries.consumed_write),
            throttles: reads
                .zip(writes)
                .map(|(reads, writes)| reads.zip(&writes, |a, b| Some(a.unwrap_or(0.0) + b.unwrap_or(0.0)))),
        }
    }

    fn throttles_per_min(&self) -> Option<f64> {
        Some(self.read_throttles? + self.write_throttles?)
    }
}

/// Used capacity: percent of read and of write units. `None` is unknown or without a limit.
#[derive(Clone, Copy, Default)]
struct Used {
    read: Option<f64>,
    write: Option<f64>,
}

impl Used {
    fn of(store: &Store, measured: &Measured) -> Self {
        let Some((read, write)) = store.description.as_ref().and_then(|d| d.provisioned) else {
            return Self::default();
        };
        let share = |consumed: Option<f64>, units: i64| {
            consumed.filter(|_| units > 0).map(|consumed| consumed / units as f64 * 100.0)
        };
        Self { read: share(measured.consumed_read, read), write: share(measured.consumed_write, write) }
    }

    fn larger(self) -> Option<f64> {
        match (self.read, self.write) {
            (Some(read), Some(write)) => Some(read.max(write)),
            (read, write) => read.or(write),
        }
    }
}

/// The cell: throttled requests a minute of the worst table or index.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, inventory.stores.iter().flat_map(|store| Queries::of(store).all()));
    let resources = inventory.stores.iter().map(|s| resource(s, metrics, judge, levels, gap.as_ref())).collect();
    let fault = inventory.fault.clone().or(gap.and_then(|gap| gap.fault));
    let mut reading = worst::reading(resources, fault);
    worst::speak(&mut reading, "throttles_per_min", "/min");
    reading
}

fn resource(store: &Store, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels, gap: Option<&Gap>) -> Resource {
    let measured = Measured::of(store, metrics);
    let used = Used::of(store, &measured);
    let throttled = measured.throttles_per_min();
    let by_throttles = worst::judge(levels.throttles, throttled);
    let by_use = used.larger().map_or(Severity::Ok, |used| levels.utilisation.judge(used));
    let consumption_known = measured.consumed_read.is_some() && measured.consumed_write.is_some();
    let known = if store.description.is_some() && consumption_known { Severity::Ok } else { Severity::Unknown };
    let severity = by_throttles.max(by_use).max(known);
    let name = match &store.index {
        Some(index) => format!("{}/{index}", store.table),
        None => store.table.to_string(),
    };
    let headline = match severity {
        Severity::Warning | Severity::Critical if by_throttles < Severity::Warning => {
            format!("{} used", percent(used.larger().unwrap_or(0.0)))
        }
        Severity::Unknown if store.description.is_none() => "not described".to_owned(),
        Severity::Unknown => gap.map_or("unknown".to_owned(), |gap| gap.headline.clone()),
        _ => per_minute(throttled.unwrap_or(0.0)),
    };
    let since = measured.throttles.as_ref().filter(|_| by_throttles >= Severity::Warning).and_then(|series| {
        let minutes = f64::from(series.period_s) / 60.0;
        read::bad_since(series, |count| levels.throttles.judge(count / minutes) > Severity::Ok)
    });
    Resource {
        logical_name: judge.logical_name(&name),
        name: name.into(),
        arn: store.arn.clone(),
        severity,
        headline: headline.into(),
        reason: reason(&measured, used, severity).into(),
        since,
        fields: fields(store, &measured, used),
        series: measured.throttles,
        curve: "throttled requests".into(),
    }
}

fn reason(measured: &Measured, used: Used, severity: Severity) -> String {
    if severity < Severity::Warning {
        return String::new();
    }
    let throttled = |what: &str, rate: Option<f64>| match rate {
        Some(rate) if rate > 0.0 => format!("{} {what} throttled", per_minute(rate)),
        _ => String::new(),
    };
    let share = |what: &str, used: Option<f64>| {
        used.map_or(String::new(), |used| format!("{} of the {what} units used", percent(used)))
    };
    listed([
        throttled("reads", measured.read_throttles),
        throttled("writes", measured.write_throttles),
        share("read", used.read),
        share("write", used.write),
    ])
}

fn fields(store: &Store, measured: &Measured, used: Used) -> Vec<Field> {
    let description = store.description.as_ref();
    let units = |of: fn((i64, i64)) -> i64| match description.map(|d| d.provisioned) {
        Some(Some(provisioned)) => FieldValue::from(of(provisioned)),
        Some(None) => "on demand".into(),
        None => FieldValue::Unknown,
    };
    let mode = description.map(|d| if d.provisioned.is_some() { "PROVISIONED" } else { "PAY_PER_REQUEST" });
    vec![
        Field::with_unit("throttles_per_min", measured.throttles_per_min(), "/min"),
        Field::with_unit("read_throttles_per_min", measured.read_throttles, "/min"),
        Field::with_unit("write_throttles_per_min", measured.write_throttles, "/min"),
        Field::with_unit("consumed_read_per_s", measured.consumed_read, "/s"),
        Field::with_unit("consumed_write_per_s", measured.consumed_write, "/s"),
        Field::with_unit("provisioned_read_per_s", units(|(read, _)| read), "/s"),
        Field::with_unit("provisioned_write_per_s", units(|(_, write)| write), "/s"),
        Field::with_unit("read_utilisation", used.read, "%"),
        Field::with_unit("write_utilisation", used.write, "%"),
        Field::new("billing_mode", mode),
        Field::new("status", description.map(|d| d.status.clone())),
        Field::new("kind", if store.index.is_some() { "index" } else { "table" }),
        Field::new("table", store.table.clone()),
    ]
}
