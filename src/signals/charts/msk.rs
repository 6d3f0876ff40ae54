//! Charts of an MSK cluster (MSK Developer Guide, "Amazon MSK metrics for monitoring"): dimension names have spaces.

use super::spec::{Charts, Maker, Unit, after, chart, text};
use crate::model::{Resource, Stat};

/// Partitions in trouble, controller, disk. A broker's own disk where the resource is a broker.
pub fn charts(resource: &Resource) -> Charts {
    let of_arn = after(&resource.arn, ":cluster/").and_then(|rest| rest.split('/').next());
    let cluster = text(resource, "cluster").or(of_arn).unwrap_or(&resource.name);
    let make = Maker::new("AWS/Kafka", &[("Cluster Name", cluster)]);
    let broker = text(resource, "broker").or_else(|| text(resource, "broker_id"));
    let mut dimensions = vec![("Cluster Name", cluster)];
    dimensions.extend(broker.map(|broker| ("Broker ID", broker)));
    let own = Maker::new("AWS/Kafka", &dimensions);
    let mut charts = vec![
        chart(
            "Partitions in trouble",
            Unit::Plain,
            vec![
                make.gauge("offline", "OfflinePartitionsCount", Stat::Maximum),
                own.gauge("under-replicated", "UnderReplicatedPartitions", Stat::Maximum),
            ],
        ),
        chart("Active controllers", Unit::Plain, vec![make.gauge("controllers", "ActiveControllerCount", Stat::Sum)]),
    ];
    if broker.is_some() {
        charts.push(chart(
            "Data disk used",
            Unit::Percent,
            vec![own.gauge("used", "KafkaDataLogsDiskUsed", Stat::Maximum)],
        ));
        charts.push(chart(
            "CPU",
            Unit::Percent,
            vec![own.gauge("user", "CpuUser", Stat::Average), own.gauge("system", "CpuSystem", Stat::Average)],
        ));
        charts.push(chart("Bytes in", Unit::Bytes, vec![own.gauge("in", "BytesInPerSec", Stat::Average)]));
    }
    make.charts(charts, &["Cluster Name"])
}
