//! Node group states, bounds and node utilisation as severities.

use super::{Cluster, Inventory, Levels, NodeGroup, NodeGroupState, Queries};
use crate::model::{Field, FieldValue, Level, MetricQuery, MetricSet, Reading, Resource, Severity};
use crate::signals::events::UNTOLD;
use crate::signals::figures::{counted, listed};
use crate::signals::{Judge, metrics as read, worst};

/// What the metrics say of one cluster.
struct Measured {
    nodes: FieldValue,
    failed_nodes: FieldValue,
    cpu: FieldValue,
    memory: FieldValue,
    unschedulable: FieldValue,
    insights: FieldValue,
}

impl Measured {
    fn of(cluster: &Cluster, metrics: &MetricSet) -> Self {
        let queries = Queries::of(cluster);
        // Answered without points is a cluster that does not publish the metric; unanswered is unknown.
        let gauge = |query: &MetricQuery| match (metrics.get(query), read::gauge(metrics, query)) {
            (None, _) => FieldValue::Unknown,
            (Some(_), None) => "none".into(),
            (Some(_), Some(value)) => value.into(),
        };
        let (nodes, failed_nodes) = (gauge(&queries.nodes), gauge(&queries.failed_nodes));
        let (cpu, memory) = (gauge(&queries.cpu), gauge(&queries.memory));
        let all = [&nodes, &failed_nodes, &cpu, &memory];
        let insights = if all.iter().any(|value| number(value).is_some()) {
            "on".into()
        } else if all.contains(&&FieldValue::Unknown) {
            FieldValue::Unknown
        } else {
            "no Container Insights".into()
        };
        Self { unschedulable: gauge(&queries.unschedulable), nodes, failed_nodes, cpu, memory, insights }
    }

    fn severity(&self, levels: &Levels) -> Severity {
        let judge = |level: Level, value: &FieldValue| number(value).map_or(Severity::Ok, |value| level.judge(value));
        judge(levels.cpu, &self.cpu)
            .max(judge(levels.memory, &self.memory))
            .max(judge(levels.failed_nodes, &self.failed_nodes))
    }

    fn fields(&self) -> [Field; 6] {
        let field = |key: &str, value: &FieldValue, unit: &str| Field::with_unit(key, value.clone(), unit);
        [
            field("container_insights", &self.insights, ""),
            field("cluster_nodes", &self.nodes, ""),
            field("cluster_failed_nodes", &self.failed_nodes, ""),
            field("cluster_cpu", &self.cpu, "%"),
            field("cluster_memory", &self.memory, "%"),
            field("unschedulable_pods", &self.unschedulable, ""),
        ]
    }
}

fn number(value: &FieldValue) -> Option<f64> {
    match value {
        FieldValue::Number(value) => Some(*value),
        _ => None,
    }
}

/// The cell: nodes wanted over all node groups, and their bounds.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, inventory.clusters.iter().flat_map(|cluster| Queries::of(cluster).all()));
    let fault = inventory.fault.clone().or(gap.and_then(|gap| gap.fault));
    let mut resources = Vec::new();
    for cluster in &inventory.clusters {
        let measured = Measured::of(cluster, metrics);
        let groups = cluster.groups.iter().flatten();
        resources.extend(groups.map(|group| group_resource(cluster, group, &measured, judge)));
        // A cluster that is well speaks through its node groups, where it has any.
        let own = cluster_resource(cluster, &measured, judge, levels);
        if own.severity > Severity::Ok || cluster.groups.as_ref().is_none_or(Vec::is_empty) {
            resources.push(own);
        }
    }
    let mut reading = worst::reading(resources, fault);
    let states: Vec<&NodeGroupState> =
        inventory.clusters.iter().flat_map(|c| c.groups.iter().flatten()).filter_map(|g| g.state.as_ref()).collect();
    let unknown = counted(worst::having(&reading.resources, Severity::Unknown), "unknown");
    if states.is_empty() {
        if reading.severity > Severity::Absent && reading.severity != Severity::Unknown {
            let known = inventory.clusters.len();
            reading.headline = if known == 1 { "1 cluster".into() } else { format!("{known} clusters").into() };
            reading.note = unknown.into();
        } else if reading.fault.is_none() && inventory.clusters.iter().any(|cluster| !cluster.unsure.is_empty()) {
            reading.headline = UNTOLD.into();
        }
        return reading;
    }
    let total = |of: fn(&NodeGroupState) -> i32| states.iter().map(|state| i64::from(of(state))).sum::<i64>();
    let having = |is: fn(&NodeGroupState) -> bool| states.iter().filter(|state| is(state)).count();
    let desired = total(|state| state.desired);
    reading.headline = nodes(desired).into();
    reading.note = listed([
        format!("{}–{}", total(|state| state.min), total(|state| state.max)),
        counted(having(|state| status_severity(&state.status) > Severity::Ok), "not well"),
        counted(having(is_changing), "changing"),
        counted(having(at_max), "at max"),
        unknown,
    ])
    .into();
    reading.value = Some(desired as f64);
    reading.unit = "nodes".into();
    reading
}

fn nodes(count: i64) -> String {
    if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") }
}

/// True when no node can be added although the number may vary at all.
fn at_max(state: &NodeGroupState) -> bool {
    state.max > state.min && state.desired >= state.max
}

fn is_changing(state: &NodeGroupState) -> bool {
    matches!(&*state.status, "CREATING" | "UPDATING" | "DELETING")
}

/// The statuses of clusters and node groups (EKS API Reference, Cluster and Nodegroup).
fn status_severity(status: &str) -> Severity {
    match status {
        "ACTIVE" | "CREATING" | "UPDATING" | "DELETING" | "PENDING" => Severity::Ok,
        "DEGRADED" => Severity::Warning,
        "FAILED" | "CREATE_FAILED" | "DELETE_FAILED" => Severity::Critical,
        _ => Severity::Unknown,
    }
}

fn issues_severity(issues: &[crate::base::Text]) -> Severity {
    if issues.is_empty() { Severity::Ok } else { Severity::Warning }
}

fn group_resource(cluster: &Cluster, group: &NodeGroup, measured: &Measured, judge: &Judge<'_>) -> Resource {
    let name = format!("{}/{}", cluster.name, group.name);
    let mut resource = Resource {
        logical_name: judge.logical_name(&name),
        name: name.into(),
        arn: group.arn.clone(),
        severity: Severity::Unknown,
        headline: if group.unsure.is_empty() { "not described" } else { UNTOLD }.into(),
        reason: group.unsure.clone(),
        fields: vec![Field::new("kind", "node group"), Field::new("cluster", cluster.name.clone())],
        ..Resource::default()
    };
    let Some(state) = &group.state else {
        // The past of a node group is unknown; that of its cluster is measured.
        resource.fields.extend(measured.fields().into_iter().filter(|_| !group.unsure.is_empty()));
        return resource;
    };
    let waiting = number(&measured.unschedulable).unwrap_or(0.0);
    let full = if at_max(state) && waiting > 0.0 { Severity::Warning } else { Severity::Ok };
    resource.severity = status_severity(&state.status).max(issues_severity(&state.issues)).max(full);
    let notes = listed([
        if state.status == "ACTIVE" { String::new() } else { state.status.to_lowercase().replace('_', " ") },
        if at_max(state) { "at max".to_owned() } else { String::new() },
        if full > Severity::Ok { format!("{waiting:.0} pods wait") } else { String::new() },
    ]);
    let figure = format!("{} ({}–{})", nodes(state.desired.into()), state.min, state.max);
    resource.headline = if notes.is_empty() { figure } else { format!("{figure} · {notes}") }.into();
    resource.reason = listed(state.issues.iter().map(ToString::to_string)).into();
    resource.fields.extend([
        Field::new("status", state.status.clone()),
        Field::new("desired", state.desired),
        Field::new("min", state.min),
        Field::new("max", state.max),
        Field::new("instance_types", state.instance_types.clone()),
        Field::new("capacity_type", state.capacity_type.clone()),
        Field::new("version", state.version.clone()),
        Field::new("issues", state.issues.clone()),
    ]);
    resource.fields.extend(measured.fields());
    resource
}

fn cluster_resource(cluster: &Cluster, measured: &Measured, judge: &Judge<'_>, levels: &Levels) -> Resource {
    let mut resource = Resource {
        name: cluster.name.clone(),
        logical_name: judge.logical_name(&cluster.name),
        arn: cluster.arn.clone(),
        severity: measured.severity(levels),
        fields: vec![Field::new("kind", "cluster")],
        ..Resource::default()
    };
    let mut notes = Vec::new();
    match &cluster.state {
        Some(state) => {
            resource.severity =
                resource.severity.max(status_severity(&state.status)).max(issues_severity(&state.issues));
            notes.push(state.status.to_lowercase().replace('_', " "));
            resource.reason = listed(state.issues.iter().map(ToString::to_string)).into();
            resource.fields.push(Field::new("status", state.status.clone()));
            resource.fields.push(Field::new("version", state.version.clone()));
            resource.fields.push(Field::new("issues", state.issues.clone()));
        }
        None => {
            resource.severity = resource.severity.max(Severity::Unknown);
            notes.push(if cluster.unsure.is_empty() { "not described" } else { UNTOLD }.to_owned());
            resource.reason = cluster.unsure.clone();
        }
    }
    if cluster.groups.is_none() {
        resource.severity = resource.severity.max(Severity::Unknown);
        notes.push("node groups not listed".to_owned());
    }
    let hot = |name: &str, level: Level, value: &FieldValue, unit: &str| match number(value) {
        Some(value) if level.judge(value) > Severity::Ok => format!("{name} {value:.0}{unit}"),
        _ => String::new(),
    };
    notes.push(hot("cpu", levels.cpu, &measured.cpu, " %"));
    notes.push(hot("memory", levels.memory, &measured.memory, " %"));
    notes.push(hot("failed nodes", levels.failed_nodes, &measured.failed_nodes, ""));
    let headline = listed(notes);
    resource.headline = if headline.is_empty() { "unknown".into() } else { headline.into() };
    resource.fields.extend(measured.fields());
    resource
}
