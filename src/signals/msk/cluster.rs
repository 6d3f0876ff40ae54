//! A cluster judged: its state, its brokers, its controller, and partitions that are offline or short of replicas.

use super::broker;
use super::levels::Levels;
use super::queries::ClusterQueries;
use super::stream::{Cluster, Provisioned};
use crate::base::Text;
use crate::model::{Field, FieldValue, MetricSet, Resource, Severity};
use crate::signals::Judge;
use crate::signals::aspects::{Aspect, Figure, Judged};
use crate::signals::figures::{count, listed, plural};

/// The states of a cluster (MSK Developer Guide, cluster states). One that heals or reboots a broker can be used, but
/// is short of a broker.
pub fn severity(state: &str) -> Severity {
    match state {
        "ACTIVE" | "CREATING" | "DELETING" | "MAINTENANCE" | "UPDATING" => Severity::Ok,
        "HEALING" | "REBOOTING_BROKER" => Severity::Warning,
        "FAILED" => Severity::Critical,
        _ => Severity::Unknown,
    }
}

/// The state for a cell.
pub fn words(state: &str) -> String {
    if state.is_empty() { "no state".to_owned() } else { state.to_lowercase().replace('_', " ") }
}

/// The cluster as a resource.
pub fn judged(cluster: &Cluster, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Judged {
    let mut resource = Resource {
        name: cluster.name.clone(),
        logical_name: judge.logical_name(&cluster.name),
        arn: cluster.arn.clone(),
        fields: vec![
            Field::new("kind", if cluster.provisioned.is_some() { "cluster" } else { "serverless cluster" }),
            Field::new("state", cluster.state.clone()),
        ],
        ..Resource::default()
    };
    if !cluster.unsure.is_empty() {
        resource.fields.truncate(1);
        return Judged::unknown(resource, &cluster.unsure);
    }
    let state = words(&cluster.state);
    let mut aspects =
        vec![Aspect::state(severity(&cluster.state), state.clone()).with_detail(cluster.state_reason.to_string())];
    let Some(settings) = &cluster.provisioned else { return Judged::new(resource, aspects, state) };
    aspects.extend(missing_brokers(cluster, settings));
    let queries = ClusterQueries::of(cluster);
    let gauge = |query| Figure::gauge(metrics, query, 1.0, "partitions");
    let controllers = queries.as_ref().map(|queries| Figure::gauge(metrics, &queries.controllers, 1.0, ""));
    let offline = queries.as_ref().and_then(|queries| queries.offline.as_ref()).map(gauge);
    aspects.extend(controllers.as_ref().map(controller));
    aspects
        .extend(offline.as_ref().map(|offline| offline.judged(levels.offline, |count| format!("{count:.0} offline"))));
    let replication = Replication::of(cluster, metrics);
    aspects.extend(replication.aspect(levels));
    resource.fields.extend([
        Field::new("brokers", cluster.brokers.as_ref().map(|brokers| count(brokers.len()))),
        Field::new("broker_count", settings.broker_count),
    ]);
    resource.fields.extend(controllers.map(|controllers| controllers.field("active_controllers")));
    resource.fields.push(match offline {
        Some(offline) => offline.field("offline_partitions"),
        None => Field::new("offline_partitions", replication.words.clone()),
    });
    resource.fields.push(Field::with_unit("under_replicated", replication.field(), "partitions"));
    resource.fields.extend(configuration(settings));
    let brokers = cluster.brokers.as_ref().map_or(String::new(), |brokers| plural(brokers.len(), "broker"));
    let calm = if cluster.state == "ACTIVE" { brokers } else { listed([state, brokers]) };
    Judged::new(resource, aspects, calm)
}

/// Brokers that are not there, of a cluster that runs.
fn missing_brokers(cluster: &Cluster, settings: &Provisioned) -> Option<Aspect> {
    if !cluster.runs() {
        return None;
    }
    let Some(brokers) = &cluster.brokers else {
        return Some(Aspect::state(Severity::Unknown, "brokers not listed"));
    };
    let (there, wanted) = (brokers.len(), usize::try_from(settings.broker_count?).unwrap_or(0));
    // Three copies of every partition, two of which must be in sync, bear the loss of one broker in three.
    let severity = if there * 2 <= wanted { Severity::Critical } else { Severity::Warning };
    (there < wanted).then(|| Aspect::state(severity, format!("{there}/{wanted} brokers")))
}

fn controller(controllers: &Figure) -> Aspect {
    match controllers.value {
        Some(count) if count >= 1.0 => Aspect::state(Severity::Ok, ""),
        Some(_) => Aspect::state(Severity::Critical, "no controller"),
        None => Aspect::state(Severity::Unknown, controllers.missing.clone()),
    }
}

/// Under-replicated partitions over all brokers.
struct Replication {
    /// Sum over the brokers that report it.
    sum: Option<f64>,
    /// A broker should report it and does not.
    unknown: bool,
    /// Why nobody reports it.
    words: FieldValue,
}

impl Replication {
    fn of(cluster: &Cluster, metrics: &MetricSet) -> Self {
        let mut replication = Self { sum: None, unknown: false, words: "not published in this state".into() };
        for broker in cluster.brokers.iter().flatten() {
            match broker::under_replicated(cluster, broker, metrics) {
                FieldValue::Number(count) => replication.sum = Some(replication.sum.unwrap_or(0.0) + count),
                FieldValue::Unknown => replication.unknown = true,
                words => replication.words = words,
            }
        }
        replication
    }

    /// Of a broker that says nothing its own resource says so: the others are judged by what they say.
    fn aspect(&self, levels: &Levels) -> Option<Aspect> {
        let figure = Figure { value: self.sum, ..Figure::none("partitions") };
        match self.sum {
            Some(_) => Some(figure.judged(levels.under_replicated, |count| format!("{count:.0} under-replicated"))),
            None => self.unknown.then(|| Aspect::state(Severity::Unknown, "replication unknown")),
        }
    }

    fn field(&self) -> FieldValue {
        match self.sum {
            Some(sum) => sum.into(),
            None if self.unknown => FieldValue::Unknown,
            None => self.words.clone(),
        }
    }
}

fn configuration(settings: &Provisioned) -> [Field; 5] {
    let word = |text: &Text| if text.is_empty() { FieldValue::Unknown } else { FieldValue::from(text.clone()) };
    let storage = if settings.is_express() { "automatic".into() } else { FieldValue::from(settings.storage_gb) };
    [
        Field::new("kafka_version", word(&settings.kafka_version)),
        Field::new("instance_type", word(&settings.instance_type)),
        Field::with_unit("broker_storage", storage, "GB"),
        Field::new("storage_mode", word(&settings.storage_mode)),
        Field::new("monitoring", word(&settings.monitoring)),
    ]
}
