//! A DB instance judged: status, replication, processor, storage, memory, connections and capacity.

use super::database::{Instance, InstanceState, Role};
use super::levels::Levels;
use super::queries::{GIGABYTE, Lag, Queries};
use super::status;
use crate::model::{Field, FieldValue, MetricSet, Resource, Severity};
use crate::signals::Judge;
use crate::signals::aspects::{Aspect, Figure, Judged};
use crate::signals::figures::{gigabytes, milliseconds, seconds, whole_percent};

/// What the metrics say of one instance.
struct Measured {
    cpu: Figure,
    connections: Figure,
    free_memory: Figure,
    free_storage: Figure,
    free_share: Figure,
    lag: Option<Figure>,
    capacity: Option<Figure>,
    used_capacity: Option<Figure>,
}

impl Measured {
    fn of(state: &InstanceState, queries: &Queries, metrics: &MetricSet) -> Self {
        let gauge = |query, scale, unit| Figure::gauge(metrics, query, scale, unit);
        let allocated = state.allocated_gb.filter(|allocated| *allocated > 0 && !state.is_aurora());
        Self {
            cpu: gauge(&queries.cpu, 1.0, "%"),
            connections: gauge(&queries.connections, 1.0, ""),
            free_memory: gauge(&queries.free_memory, 1024.0 / GIGABYTE, "MB"),
            free_storage: gauge(&queries.free_storage, 1.0 / GIGABYTE, "GB"),
            free_share: allocated.map_or(Figure::none("%"), |allocated| {
                gauge(&queries.free_storage, 100.0 / (GIGABYTE * f64::from(allocated)), "%")
            }),
            lag: queries.lag.as_ref().map(|lag| match lag {
                Lag::Seconds(query) => gauge(query, 1.0, "s"),
                Lag::Milliseconds(query) => gauge(query, 1.0, "ms"),
            }),
            capacity: queries.acu.as_ref().map(|(capacity, _)| gauge(capacity, 1.0, "ACU")),
            used_capacity: queries.acu.as_ref().map(|(_, used)| gauge(used, 1.0, "%")),
        }
    }

    fn aspects(&self, state: &InstanceState, levels: &Levels) -> Vec<Aspect> {
        let free = |value: f64| format!("free {}", gigabytes(value));
        let mut aspects = vec![self.cpu.judged(levels.cpu, |value| format!("CPU {}", whole_percent(value)))];
        if state.is_aurora() {
            aspects.push(self.free_storage.judged_if_known(levels.free_storage_gb, free));
        } else {
            aspects.push(self.free_storage.judged(levels.free_storage_gb, free));
            let share = |value: f64| format!("free {} of storage", whole_percent(value));
            aspects.push(self.free_share.judged_if_known(levels.free_storage_share, share));
        }
        let memory = |value: f64| format!("free memory {value:.0} MB");
        aspects.push(self.free_memory.judged_if_known(levels.free_memory_mb, memory));
        aspects.push(self.connections.judged(levels.connections, |value| format!("{value:.0} connections")));
        if let Some(used) = &self.used_capacity {
            aspects.push(used.judged(levels.acu_utilisation, |value| format!("ACU {}", whole_percent(value))));
        }
        match &self.lag {
            Some(lag) if lag.value.is_some_and(|value| value < 0.0) => {
                aspects.push(Aspect::state(Severity::Warning, "not replicating"));
            }
            Some(lag) if lag.unit == "ms" => {
                let words = |value: f64| format!("lag {}", milliseconds(value));
                aspects.push(lag.judged(levels.aurora_replica_lag_ms, words));
            }
            Some(lag) => aspects.push(lag.judged(levels.replica_lag_s, |value| format!("lag {}", seconds(value)))),
            None => {}
        }
        aspects
    }

    fn fields(&self, state: &InstanceState) -> Vec<Field> {
        let storage = if state.is_aurora() { "free_local_storage" } else { "free_storage" };
        let mut fields = vec![
            self.cpu.field("cpu"),
            self.connections.field("connections"),
            self.free_storage.field(storage),
            self.free_memory.field("free_memory"),
        ];
        if !state.is_aurora() {
            fields.insert(3, self.free_share.field("free_storage_share"));
        }
        fields.extend(self.lag.as_ref().map(|lag| lag.field("replica_lag")));
        fields.extend(self.capacity.as_ref().map(|capacity| capacity.field("capacity")));
        fields.extend(self.used_capacity.as_ref().map(|used| used.field("acu_utilisation")));
        fields
    }
}

/// The instance as a resource.
pub fn judged(instance: &Instance, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Judged {
    let mut resource = Resource {
        name: instance.name.clone(),
        logical_name: judge.logical_name(&instance.name),
        arn: instance.arn.clone(),
        fields: vec![Field::new("kind", "instance"), Field::new("role", role(instance))],
        ..Resource::default()
    };
    resource.fields.extend(instance.cluster.clone().map(|cluster| Field::new("cluster", cluster)));
    let Some(state) = &instance.state else {
        return Judged::unknown(resource, &instance.unsure);
    };
    let queries = Queries::of(instance);
    let measured = queries.map(|queries| Measured::of(state, &queries, metrics));
    if !instance.unsure.is_empty() {
        resource.fields.extend(measured.iter().flat_map(|measured| measured.fields(state)));
        let known = measured.iter().flat_map(|measured| measured.aspects(state, levels)).collect();
        return Judged::partly(resource, known, &instance.unsure);
    }
    let mut aspects = vec![Aspect::state(status::severity(&state.status), status::words(&state.status))];
    aspects.extend(replication(state));
    if instance.role == Role::Unknown {
        aspects.push(Aspect::state(Severity::Unknown, "role unknown"));
    }
    aspects.extend(measured.iter().flat_map(|measured| measured.aspects(state, levels)));
    let calm = match measured.as_ref().and_then(|measured| measured.cpu.value) {
        Some(cpu) if state.status == "available" => format!("CPU {}", whole_percent(cpu)),
        _ => status::words(&state.status).to_owned(),
    };
    resource.fields.push(Field::new("status", state.status.clone()));
    resource.fields.extend(measured.iter().flat_map(|measured| measured.fields(state)));
    resource.fields.extend(configuration(instance, state));
    Judged::new(resource, aspects, calm)
}

fn role(instance: &Instance) -> FieldValue {
    match instance.role {
        Role::Primary => "primary".into(),
        Role::Source => "source".into(),
        Role::Replica => "replica".into(),
        Role::Writer => "writer".into(),
        Role::Reader => "reader".into(),
        Role::Unknown => FieldValue::Unknown,
    }
}

/// A read replica whose replication is in an error state falls behind without end.
fn replication(state: &InstanceState) -> Option<Aspect> {
    let replication = state.replication.as_ref()?;
    let severity = match (&*replication.status, replication.normal) {
        ("error" | "terminated", _) => Severity::Critical,
        (_, Some(false)) | ("stopped", _) => Severity::Warning,
        _ => return None,
    };
    let detail = if replication.message.is_empty() {
        String::new()
    } else {
        format!("replication {}: {}", replication.status, replication.message)
    };
    Some(Aspect::state(severity, format!("replication {}", replication.status)).with_detail(detail))
}

fn configuration(instance: &Instance, state: &InstanceState) -> Vec<Field> {
    let mut fields = vec![
        Field::new("engine", state.engine.clone()),
        Field::new("engine_version", state.engine_version.clone()),
        Field::new("instance_class", state.class.clone()),
    ];
    if state.is_serverless() {
        fields.push(Field::with_unit("acu_min", instance.acu.map(|(min, _)| min), "ACU"));
        fields.push(Field::with_unit("acu_max", instance.acu.map(|(_, max)| max), "ACU"));
    }
    if !state.is_aurora() {
        let limit = state.max_allocated_gb.map_or("none".into(), FieldValue::from);
        fields.push(Field::with_unit("allocated_storage", state.allocated_gb, "GB"));
        fields.push(Field::with_unit("max_allocated_storage", limit, "GB"));
    }
    fields.extend([
        Field::new("storage_type", state.storage_type.clone()),
        Field::new("multi_az", state.multi_az),
        Field::new("zone", state.zone.clone()),
        Field::new("endpoint", state.endpoint.clone()),
        Field::with_unit("backup_retention", state.backup_days, "days"),
        Field::new("deletion_protection", state.deletion_protection),
        Field::new("encrypted", state.encrypted),
    ]);
    if !state.source.is_empty() {
        fields.push(Field::new("replica_source", state.source.clone()));
    }
    if !state.replicas.is_empty() {
        fields.push(Field::new("replicas", state.replicas.clone()));
    }
    fields.extend(state.replication.as_ref().map(|replication| Field::new("replication", replication.status.clone())));
    fields.push(Field::new("pending_changes", state.pending.clone()));
    fields.push(Field::new("pending_maintenance", instance.maintenance.clone()));
    fields
}
