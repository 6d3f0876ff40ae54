//! Charts of an ElastiCache node (ElastiCache User Guide, "Metrics for Redis OSS and Valkey").

use super::spec::{Charts, Maker, Unit, after, chart, text};
use crate::model::{Resource, Stat};

/// Engine CPU, memory, evictions, connections, lag. A replication group has no metrics of its own: its first node's
/// stand for it where the resource names one.
pub fn charts(cache: &Resource) -> Charts {
    let node = after(&cache.arn, ":cluster:");
    let member = ["primary", "writer", "primary_node"].iter().find_map(|key| text(cache, key));
    let name = node.or(member).unwrap_or(&cache.name);
    let make = Maker::new("AWS/ElastiCache", &[("CacheClusterId", name)]);
    let one = |title: &str, unit, metric, stat| chart(title, unit, vec![make.gauge(name, metric, stat)]);
    let charts = vec![
        one("Engine CPU", Unit::Percent, "EngineCPUUtilization", Stat::Maximum),
        one("Memory used", Unit::Percent, "DatabaseMemoryUsagePercentage", Stat::Maximum),
        chart("Evictions", Unit::Count, vec![make.counter("evictions", "Evictions", Stat::Sum)]),
        one("Connections", Unit::Plain, "CurrConnections", Stat::Maximum),
        one("Replication lag", Unit::Seconds, "ReplicationLag", Stat::Maximum),
    ];
    make.charts(charts, &["CacheClusterId"])
}
