//! A DB cluster judged: status, a writer, and somebody to fail over to.

use super::database::{Cluster, ClusterState};
use super::status;
use crate::base::Text;
use crate::model::{Field, FieldValue, Resource, Severity};
use crate::signals::Judge;
use crate::signals::aspects::{Aspect, Judged};
use crate::signals::figures::{listed, plural};

/// The cluster as a resource.
pub fn judged(cluster: &Cluster, judge: &Judge<'_>) -> Judged {
    let mut resource = Resource {
        name: cluster.name.clone(),
        logical_name: judge.logical_name(&cluster.name),
        arn: cluster.arn.clone(),
        fields: vec![Field::new("kind", "cluster")],
        ..Resource::default()
    };
    let Some(state) = &cluster.state else {
        return Judged::unknown(resource, &cluster.unsure);
    };
    let mut aspects = vec![Aspect::state(status::severity(&state.status), status::words(&state.status))];
    aspects.extend(roles(state));
    resource.fields.extend(fields(cluster, state));
    Judged::new(resource, aspects, calm(state))
}

/// A cluster that runs has one writer, unless it has none by its nature.
fn roles(state: &ClusterState) -> Option<Aspect> {
    if state.serverless_v1 || !status::runs(&state.status) || state.writers().next().is_some() {
        return None;
    }
    if state.members.iter().any(|member| member.writer.is_none()) {
        return Some(Aspect::state(Severity::Unknown, "roles unknown"));
    }
    (!state.secondary).then(|| Aspect::state(Severity::Critical, "no writer"))
}

fn calm(state: &ClusterState) -> String {
    let readers = match state.readers().len() {
        0 => "no reader".to_owned(),
        count => plural(count, "reader"),
    };
    let members = match state.writers().next() {
        _ if state.serverless_v1 => String::new(),
        Some(_) => format!("writer, {readers}"),
        None => readers,
    };
    let status = if state.status == "available" && !members.is_empty() { "" } else { status::words(&state.status) };
    listed([status.to_owned(), members])
}

fn fields(cluster: &Cluster, state: &ClusterState) -> Vec<Field> {
    let readers: Vec<Text> = state.readers().into_iter().map(|reader| reader.instance.clone()).collect();
    let writers: Vec<Text> = state.writers().map(|writer| writer.instance.clone()).collect();
    let failover = match (&*state.status, readers.first()) {
        ("failing-over", _) => "in progress".into(),
        (_, Some(reader)) => FieldValue::from(reader.clone()),
        (_, None) => "none".into(),
    };
    let mut fields = vec![
        Field::new("status", state.status.clone()),
        Field::new("writer", writers.first().map_or("none".into(), |writer| FieldValue::from(writer.clone()))),
        Field::new("readers", readers),
        Field::new(if state.status == "failing-over" { "failover" } else { "failover_target" }, failover),
        Field::new("engine", state.engine.clone()),
        Field::new("engine_version", state.engine_version.clone()),
    ];
    if let Some((min, max)) = state.acu {
        fields.extend([Field::with_unit("acu_min", min, "ACU"), Field::with_unit("acu_max", max, "ACU")]);
    }
    fields.extend([
        Field::new("storage_type", state.storage_type.clone()),
        Field::new("multi_az", state.multi_az),
        Field::new("endpoint", state.endpoint.clone()),
        Field::new("reader_endpoint", state.reader_endpoint.clone()),
        Field::with_unit("backup_retention", state.backup_days, "days"),
        Field::new("deletion_protection", state.deletion_protection),
        Field::new("encrypted", state.encrypted),
        Field::new("pending_changes", state.pending.clone()),
        Field::new("pending_maintenance", cluster.maintenance.clone()),
    ]);
    fields
}
