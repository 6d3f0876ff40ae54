//! Task counts, deployments and utilisation as severities.

use super::{Cluster, EcsCapacity, Inventory, Rollout, Service, ServiceState, cpu_query, memory_query};
use crate::model::{Field, FieldValue, Level, MetricSet, Reading, Resource, Severity};
use crate::signals::figures::{counted, listed};
use crate::signals::{Judge, Signal, metrics as read, worst};

/// CPU from which a service that cannot scale out any further is a warning, in percent.
const BUSY: f64 = 80.0;

/// The cell: tasks running of tasks wanted over all services.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: (Level, Level)) -> Reading {
    let services = inventory.services.iter();
    let resources = services
        .clone()
        .map(|service| resource(inventory, service, metrics, judge, levels))
        .chain(inventory.unlisted.iter().map(|cluster| unlisted(cluster, judge)))
        .collect();
    let gap = read::gap(metrics, EcsCapacity.queries(inventory));
    let fault = inventory.fault.clone().or(gap.and_then(|gap| gap.fault));
    let mut reading = worst::reading(resources, fault);
    let states: Vec<&ServiceState> = services.clone().filter_map(|service| service.state.as_ref()).collect();
    if states.is_empty() {
        return reading;
    }
    let total = |count: fn(&ServiceState) -> i32| states.iter().map(|s| i64::from(count(s).max(0))).sum::<i64>();
    let having = |is: fn(&ServiceState) -> bool| states.iter().filter(|state| is(state)).count();
    let (running, desired) = (total(|s| s.running), total(|s| s.desired));
    reading.headline = format!("{running}/{desired}").into();
    reading.note = listed([
        counted(usize::try_from(total(|s| s.pending)).unwrap_or(0), "pending"),
        counted(having(|s| s.rollout == Some(Rollout::Failed)), "failed deployment"),
        counted(having(|s| s.deploying && s.rollout != Some(Rollout::Failed)), "deploying"),
        counted(services.filter(|service| at_max(service)).count(), "at max"),
        counted(worst::having(&reading.resources, Severity::Unknown), "unknown"),
    ])
    .into();
    reading.value = Some(running as f64);
    reading.unit = "tasks".into();
    reading
}

/// True when autoscaling may not add another task, although it may vary the count at all.
fn at_max(service: &Service) -> bool {
    match (service.bounds, &service.state) {
        (Some((min, max)), Some(state)) => max > min && state.desired >= max,
        _ => false,
    }
}

fn count_severity(state: &ServiceState) -> Severity {
    if state.running >= state.desired {
        Severity::Ok
    } else if state.running <= 0 || i64::from(state.running) * 2 < i64::from(state.desired) {
        Severity::Critical
    } else {
        Severity::Warning
    }
}

fn deployment_severity(state: &ServiceState) -> Severity {
    match state.rollout {
        Some(Rollout::Failed) => Severity::Critical,
        _ if state.rolled_back || (state.deploying && state.failed_tasks > 0) => Severity::Warning,
        _ => Severity::Ok,
    }
}

/// A gauge that is missing is an unknown figure; it takes nothing away from the counts, which are known.
fn gauge_severity(level: Level, value: Option<f64>) -> Severity {
    value.map_or(Severity::Ok, |value| worst::judge(level, Some(value)))
}

fn resource(
    inventory: &Inventory,
    service: &Service,
    metrics: &MetricSet,
    judge: &Judge<'_>,
    levels: (Level, Level),
) -> Resource {
    let cpu = read::gauge(metrics, &cpu_query(service));
    let memory = read::gauge(metrics, &memory_query(service));
    let mut resource = Resource {
        name: service.name.clone(),
        logical_name: judge.logical_name(&service.name),
        arn: service.arn.clone(),
        severity: Severity::Unknown,
        headline: "not described".into(),
        fields: fields(inventory, service, cpu, memory),
        ..Resource::default()
    };
    if !service.unsure.is_empty() {
        resource.headline = "not known".into();
        resource.reason = service.unsure.clone();
    }
    let hot = gauge_severity(levels.0, cpu).max(gauge_severity(levels.1, memory));
    let Some(state) = &service.state else {
        // What is critical by what is known was critical whatever else there was; anything else may have been worse.
        if hot == Severity::Critical && !service.unsure.is_empty() {
            resource.severity = hot;
            resource.headline = listed(hot_words(cpu, memory, levels)).into();
        }
        return resource;
    };
    let counts = count_severity(state);
    let deployment = deployment_severity(state);
    let crowded = at_max(service) && cpu.is_some_and(|cpu| cpu >= BUSY);
    resource.severity = [
        counts,
        deployment,
        hot,
        if crowded { Severity::Warning } else { Severity::Ok },
        if service.unsure.is_empty() { Severity::Ok } else { Severity::Unknown },
    ]
    .into_iter()
    .max()
    .unwrap_or(Severity::Unknown);
    resource.headline = headline(service, state, cpu, memory, levels).into();
    if !service.unsure.is_empty() {
        if resource.severity < Severity::Critical {
            resource.severity = Severity::Unknown;
        }
        return resource;
    }
    if deployment > Severity::Ok && !state.rollout_reason.is_empty() {
        resource.reason = state.rollout_reason.clone();
    } else if counts > Severity::Ok || deployment > Severity::Ok {
        resource.reason = state.event.clone();
    }
    resource.since = match (deployment, counts) {
        (Severity::Ok, Severity::Ok) => None,
        (Severity::Ok, _) => state.unsteady_since,
        _ => state.deployed_at,
    };
    resource
}

/// The gauges beyond their levels, in words; empty for the others.
fn hot_words(cpu: Option<f64>, memory: Option<f64>, levels: (Level, Level)) -> [String; 2] {
    [("cpu", levels.0, cpu), ("memory", levels.1, memory)].map(|(name, level, value)| match value {
        Some(value) if gauge_severity(level, Some(value)) > Severity::Ok => format!("{name} {value:.0} %"),
        _ => String::new(),
    })
}

fn headline(
    service: &Service,
    state: &ServiceState,
    cpu: Option<f64>,
    memory: Option<f64>,
    levels: (Level, Level),
) -> String {
    let deployment = match state.rollout {
        Some(Rollout::Failed) => "deployment failed",
        _ if state.rolled_back => "rolled back",
        _ if state.deploying => "deploying",
        _ => "",
    };
    let pending = usize::try_from(state.pending).unwrap_or(0);
    let failed = usize::try_from(state.failed_tasks).unwrap_or(0);
    let [hot_cpu, hot_memory] = hot_words(cpu, memory, levels);
    let notes = listed([
        counted(pending, "pending"),
        deployment.to_owned(),
        counted(failed, "failed tasks"),
        hot_cpu,
        hot_memory,
        if at_max(service) { "at max".to_owned() } else { String::new() },
    ]);
    let counts = format!("{}/{}", state.running, state.desired);
    if notes.is_empty() { counts } else { format!("{counts} · {notes}") }
}

fn fields(inventory: &Inventory, service: &Service, cpu: Option<f64>, memory: Option<f64>) -> Vec<Field> {
    let state = service.state.as_ref();
    let bound = |of: fn((i32, i32)) -> i32| match service.bounds {
        Some(bounds) => FieldValue::from(of(bounds)),
        None if inventory.bounds_known => "none".into(),
        None => FieldValue::Unknown,
    };
    vec![
        Field::new("cluster", service.cluster.clone()),
        Field::new("desired", state.map(|s| s.desired)),
        Field::new("running", state.map(|s| s.running)),
        Field::new("pending", state.map(|s| s.pending)),
        Field::with_unit("cpu", cpu, "%"),
        Field::with_unit("memory", memory, "%"),
        Field::new("status", state.map(|s| s.status.clone())),
        Field::new("deployment", state.map(deployment_word)),
        Field::new("failed_tasks", state.map(|s| s.failed_tasks)),
        Field::new("deployed_at", state.and_then(|s| s.deployed_at)),
        Field::new("task_definition", state.map(|s| s.task_definition.clone())),
        Field::new("scaling_min", bound(|(min, _)| min)),
        Field::new("scaling_max", bound(|(_, max)| max)),
        Field::new("launch", state.map(|s| s.launch.clone())),
        Field::new("deployment_controller", state.map(|s| s.controller.clone())),
    ]
}

fn deployment_word(state: &ServiceState) -> &'static str {
    match state.rollout {
        Some(Rollout::Failed) => "FAILED",
        Some(Rollout::InProgress) => "IN_PROGRESS",
        Some(Rollout::Completed) => "COMPLETED",
        None if state.deploying => "in progress",
        None => "none",
    }
}

/// A cluster whose services nobody could list stands in for them.
fn unlisted(cluster: &Cluster, judge: &Judge<'_>) -> Resource {
    Resource {
        name: cluster.name.clone(),
        logical_name: judge.logical_name(&cluster.name),
        arn: cluster.arn.clone(),
        severity: Severity::Unknown,
        headline: "services not listed".into(),
        fields: vec![Field::new("cluster", cluster.name.clone())],
        ..Resource::default()
    }
}
