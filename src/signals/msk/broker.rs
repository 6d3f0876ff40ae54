//! A broker judged: its disk; and what it says of replication.

use super::levels::Levels;
use super::queries::BrokerQueries;
use super::stream::{Broker, Cluster};
use crate::base::Text;
use crate::model::{Field, FieldValue, MetricSet, Resource};
use crate::signals::Judge;
use crate::signals::aspects::{Figure, Judged};
use crate::signals::figures::whole_percent;

/// The broker as a resource, `cluster/broker-1`.
pub fn judged(cluster: &Cluster, broker: &Broker, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Judged {
    let name = format!("{}/broker-{}", cluster.name, broker.id);
    let queries = BrokerQueries::of(cluster, broker);
    let disk = queries.as_ref().map(|queries| Figure::gauge(metrics, &queries.disk, 1.0, "%"));
    let words = |value: f64| format!("disk {}", whole_percent(value));
    let aspects = disk.iter().map(|disk| disk.judged(levels.disk, words)).collect();
    let calm = match disk.as_ref().and_then(|disk| disk.value) {
        Some(used) => words(used),
        None => "listed".to_owned(),
    };
    let mut fields = vec![
        Field::new("kind", "broker"),
        Field::new("cluster", cluster.name.clone()),
        Field::new("broker_id", broker.id),
    ];
    fields.push(disk.map_or_else(|| Field::new("disk", not_published(cluster)), |disk| disk.field("disk")));
    fields.push(Field::new("under_replicated", under_replicated(cluster, broker, metrics)));
    fields.extend([
        Field::new("instance_type", broker.instance_type.clone()),
        Field::new("kafka_version", broker.kafka_version.clone()),
        Field::new("endpoints", broker.endpoints.clone()),
        Field::new("subnet", broker.subnet.clone()),
    ]);
    let resource = Resource {
        logical_name: judge.logical_name(&name),
        name: name.into(),
        arn: broker.arn.clone(),
        fields,
        ..Resource::default()
    };
    if !broker.unsure.is_empty() {
        return Judged::unknown(resource, &broker.unsure);
    }
    Judged::new(resource, aspects, calm)
}

/// Under-replicated partitions as a number, as unknown, or as a metric that there is not.
pub fn under_replicated(cluster: &Cluster, broker: &Broker, metrics: &MetricSet) -> FieldValue {
    let Some(queries) = BrokerQueries::of(cluster, broker) else { return not_published(cluster) };
    let figure = Figure::gauge(metrics, &queries.under_replicated, 1.0, "");
    let level = cluster.provisioned.as_ref().map(|settings| settings.monitoring.as_str());
    match figure.value {
        Some(value) => value.into(),
        // Older clusters report it from PER_BROKER on.
        None if figure.series.is_some() && level == Some("DEFAULT") => "not published at level DEFAULT".into(),
        None => FieldValue::Unknown,
    }
}

/// Why there is no such metric.
fn not_published(cluster: &Cluster) -> FieldValue {
    let express = cluster.provisioned.as_ref().is_some_and(|settings| settings.is_express());
    let words = if express { "not published by Express brokers" } else { "not published in this state" };
    Text::new(words).into()
}
