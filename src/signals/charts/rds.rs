//! Charts of RDS instances, Aurora instances and Aurora clusters (RDS and Aurora User Guides, "CloudWatch metrics").

use super::spec::{Charts, Line, Maker, Unit, after, chart, text};
use crate::model::{Resource, Stat};

/// CPU, connections, storage, memory, replica lag; for a cluster its Serverless capacity.
pub fn charts(database: &Resource) -> Charts {
    match after(&database.arn, ":cluster:") {
        Some(cluster) => of_cluster(cluster),
        None => of_instance(database, after(&database.arn, ":db:").unwrap_or(&database.name)),
    }
}

fn of_instance(database: &Resource, name: &str) -> Charts {
    let make = Maker::new("AWS/RDS", &[("DBInstanceIdentifier", name)]);
    let aurora = text(database, "engine").is_some_and(|engine| engine.starts_with("aurora"));
    // Aurora keeps its data apart from its instances, and tells its lag in milliseconds, RDS in seconds.
    let (storage, lag, lag_unit) = if aurora {
        ("FreeLocalStorage", "AuroraReplicaLag", Unit::Milliseconds)
    } else {
        ("FreeStorageSpace", "ReplicaLag", Unit::Seconds)
    };
    let one = |title: &str, unit, label: &str, metric, stat| chart(title, unit, vec![make.gauge(label, metric, stat)]);
    let mut charts = vec![
        one("CPU", Unit::Percent, "average", "CPUUtilization", Stat::Average),
        one("Connections", Unit::Plain, "most", "DatabaseConnections", Stat::Maximum),
        one("Free storage", Unit::Bytes, "least", storage, Stat::Minimum),
        one("Freeable memory", Unit::Bytes, "least", "FreeableMemory", Stat::Minimum),
        one("Replica lag", lag_unit, "most", lag, Stat::Maximum),
        chart(
            "Latency",
            Unit::Milliseconds,
            vec![
                in_ms(make.gauge("read", "ReadLatency", Stat::Average)),
                in_ms(make.gauge("write", "WriteLatency", Stat::Average)),
            ],
        ),
    ];
    if aurora {
        charts.push(capacity(&make));
    }
    make.charts(charts, &["DBInstanceIdentifier"])
}

fn of_cluster(name: &str) -> Charts {
    let make = Maker::new("AWS/RDS", &[("DBClusterIdentifier", name)]);
    let charts = vec![
        chart("CPU", Unit::Percent, vec![make.gauge("average", "CPUUtilization", Stat::Average)]),
        chart("Connections", Unit::Plain, vec![make.gauge("sum", "DatabaseConnections", Stat::Sum)]),
        capacity(&make),
        chart("Replica lag", Unit::Milliseconds, vec![make.gauge("most", "AuroraReplicaLagMaximum", Stat::Maximum)]),
        chart("Volume used", Unit::Bytes, vec![make.gauge("volume", "VolumeBytesUsed", Stat::Average)]),
    ];
    make.charts(charts, &["DBClusterIdentifier"])
}

/// Aurora capacity units, where it is Serverless v2.
fn capacity(make: &Maker<'_>) -> super::spec::Chart {
    chart(
        "Serverless capacity (ACU)",
        Unit::Plain,
        vec![make.gauge("ACU", "ServerlessDatabaseCapacity", Stat::Average)],
    )
}

/// RDS tells these latencies in seconds.
fn in_ms(line: Line) -> Line {
    Line { scale: 1000.0, ..line }
}
