//! A cache cluster judged: nodes, processor, memory, evictions and lag; and a serverless cache by its status.

use super::cache::{CacheCluster, ClusterState, Role, Serverless};
use super::levels::Levels;
use super::queries::Queries;
use super::status;
use crate::model::{Field, FieldValue, MetricSet, Resource, Severity};
use crate::signals::Judge;
use crate::signals::aspects::{Aspect, Figure, Judged};
use crate::signals::figures::{count, per_minute, seconds, whole_percent};

/// What the metrics say of one cache cluster.
struct Measured {
    cpu: Figure,
    memory: Option<Figure>,
    evictions: Figure,
    connections: Figure,
    lag: Option<Figure>,
}

impl Measured {
    fn of(queries: &Queries, metrics: &MetricSet) -> Self {
        let gauge = |query, unit| Figure::gauge(metrics, query, 1.0, unit);
        Self {
            cpu: gauge(&queries.cpu, "%"),
            memory: queries.memory.as_ref().map(|query| gauge(query, "%")),
            evictions: Figure::per_minute(metrics, &queries.evictions),
            connections: gauge(&queries.connections, ""),
            lag: queries.lag.as_ref().map(|query| gauge(query, "s")),
        }
    }

    fn aspects(&self, role: Role, levels: &Levels) -> Vec<Aspect> {
        let mut aspects = vec![
            self.cpu.judged(levels.engine_cpu, |value| format!("CPU {}", whole_percent(value))),
            self.evictions.judged(levels.evictions, |value| format!("{} evicted", per_minute(value))),
        ];
        let memory = |value: f64| format!("memory {}", whole_percent(value));
        aspects.extend(self.memory.as_ref().map(|used| used.judged(levels.memory, memory)));
        let words = |value: f64| format!("lag {}", seconds(value));
        aspects.extend(self.lag.as_ref().map(|lag| match role {
            Role::Replica => lag.judged(levels.replica_lag, words),
            _ => lag.judged_if_known(levels.replica_lag, words),
        }));
        aspects
    }

    fn fields(&self, state: &ClusterState) -> Vec<Field> {
        let mut fields = vec![self.cpu.field(if state.is_memcached() { "cpu" } else { "engine_cpu" })];
        fields.extend(self.memory.as_ref().map(|memory| memory.field("memory")));
        fields.extend([self.evictions.field("evictions_per_min"), self.connections.field("connections")]);
        fields.extend(self.lag.as_ref().map(|lag| lag.field("replica_lag")));
        fields
    }
}

/// The cache cluster as a resource.
pub fn judged(cluster: &CacheCluster, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Judged {
    let mut resource = Resource {
        name: cluster.name.clone(),
        logical_name: judge.logical_name(&cluster.name),
        arn: cluster.arn.clone(),
        fields: vec![Field::new("kind", if cluster.group.is_some() { "node" } else { "cluster" })],
        ..Resource::default()
    };
    resource.fields.push(Field::new("role", role(cluster.role)));
    resource.fields.extend(cluster.group.clone().map(|group| Field::new("replication_group", group)));
    let Some(state) = &cluster.state else {
        return Judged::unknown(resource, &cluster.unsure);
    };
    let measured = Queries::of(cluster).map(|queries| Measured::of(&queries, metrics));
    let plain = status::plain(&state.status);
    let mut aspects = vec![Aspect::state(status::severity(&state.status), plain.clone())];
    aspects.extend(nodes(state));
    aspects.extend(measured.iter().flat_map(|measured| measured.aspects(cluster.role, levels)));
    let calm = match measured.as_ref().and_then(|measured| measured.cpu.value) {
        Some(cpu) if plain == "available" => format!("CPU {}", whole_percent(cpu)),
        _ => plain,
    };
    resource.fields.push(Field::new("status", state.status.clone()));
    resource.fields.extend(measured.iter().flat_map(|measured| measured.fields(state)));
    resource.fields.extend([
        Field::new("nodes_ok", count(status::nodes_ok(state))),
        Field::new("nodes", count(state.node_total())),
        Field::new("engine", state.engine.clone()),
        Field::new("engine_version", state.engine_version.clone()),
        Field::new("node_type", state.node_type.clone()),
        Field::new("zone", state.zone.clone()),
    ]);
    Judged::new(resource, aspects, calm)
}

/// Nodes that cannot be used while the cluster can.
fn nodes(state: &ClusterState) -> Option<Aspect> {
    let (ok, total) = (status::nodes_ok(state), state.node_total());
    let severity = if ok == 0 { Severity::Critical } else { Severity::Warning };
    (status::serves(&state.status) && ok < total).then(|| Aspect::state(severity, format!("{ok}/{total} nodes")))
}

fn role(role: Role) -> FieldValue {
    match role {
        Role::Standalone => "standalone".into(),
        Role::Primary => "primary".into(),
        Role::Replica => "replica".into(),
        Role::Member => "primary or replica".into(),
        Role::Single => "primary".into(),
        Role::Unknown => FieldValue::Unknown,
    }
}

/// The serverless cache as a resource: it has a status and limits, and scales by itself.
pub fn serverless(cache: &Serverless, judge: &Judge<'_>) -> Judged {
    let limit = |value: Option<i32>| value.map_or("none".into(), FieldValue::from);
    let resource = Resource {
        name: cache.name.clone(),
        logical_name: judge.logical_name(&cache.name),
        arn: cache.arn.clone(),
        fields: vec![
            Field::new("kind", "serverless cache"),
            Field::new("status", cache.status.clone()),
            Field::new("engine", cache.engine.clone()),
            Field::new("engine_version", cache.engine_version.clone()),
            Field::with_unit("max_storage", limit(cache.max_storage_gb), "GB"),
            Field::with_unit("max_ecpu", limit(cache.max_ecpu_per_s), "/s"),
        ],
        ..Resource::default()
    };
    if !cache.unsure.is_empty() {
        return Judged::unknown(resource, &cache.unsure);
    }
    let status = Aspect::state(status::severity(&cache.status), cache.status.to_string());
    Judged::new(resource, vec![status], cache.status.to_string())
}
