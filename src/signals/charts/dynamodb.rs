//! Charts of a DynamoDB table or index (DynamoDB Developer Guide, "DynamoDB Metrics and dimensions").

use super::spec::{Chart, Charts, Limit, Line, Maker, Unit, chart, number, text};
use crate::model::{Resource, Stat};

/// Throttles, capacity used against capacity bought, latency.
pub fn charts(store: &Resource) -> Charts {
    let (of_name, index) = match store.name.split_once('/') {
        Some((table, index)) => (table, Some(index)),
        None => (&*store.name, None),
    };
    let table = text(store, "table").unwrap_or(of_name);
    let mut dimensions = vec![("TableName", table)];
    dimensions.extend(index.map(|index| ("GlobalSecondaryIndexName", index)));
    let make = Maker::new("AWS/DynamoDB", &dimensions);
    let mut charts = vec![
        chart(
            "Throttled requests",
            Unit::Count,
            vec![
                make.counter("read", "ReadThrottleEvents", Stat::Sum),
                make.counter("write", "WriteThrottleEvents", Stat::Sum),
            ],
        ),
        capacity("Read capacity", &make, "ConsumedReadCapacityUnits", number(store, "provisioned_read_per_s")),
        capacity("Write capacity", &make, "ConsumedWriteCapacityUnits", number(store, "provisioned_write_per_s")),
    ];
    if index.is_none() {
        // Latency exists by table and operation only.
        let of = |operation: &'static str, label: &str| {
            let make = Maker::new("AWS/DynamoDB", &[("TableName", table), ("Operation", operation)]);
            make.gauge(label, "SuccessfulRequestLatency", Stat::Average)
        };
        charts.push(chart("Latency", Unit::Milliseconds, vec![of("GetItem", "GetItem"), of("PutItem", "PutItem")]));
    }
    make.charts(charts, &["TableName"])
}

/// Units a second: the metric is a sum over the period of a minute.
fn capacity(title: &str, make: &Maker<'_>, metric: &'static str, provisioned: Option<f64>) -> Chart {
    let used = Line { scale: 1.0 / 60.0, ..make.counter("consumed", metric, Stat::Sum) };
    let limits = provisioned.filter(|units| *units > 0.0).map(|value| Limit { label: "provisioned".into(), value });
    Chart { limits: limits.into_iter().collect(), ..chart(title, Unit::PerSecond, vec![used]) }
}
