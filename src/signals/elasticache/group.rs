//! A replication group judged: status, nodes that can be used, a primary in every shard.

use super::cache::{Group, GroupState, Role, Shard};
use super::status;
use crate::base::Text;
use crate::model::{Field, FieldValue, Resource, Severity};
use crate::signals::Judge;
use crate::signals::aspects::{Aspect, Judged};
use crate::signals::figures::{count, listed, plural};

/// The replication group as a resource.
pub fn judged(group: &Group, judge: &Judge<'_>) -> Judged {
    let mut resource = Resource {
        name: group.name.clone(),
        logical_name: judge.logical_name(&group.name),
        arn: group.arn.clone(),
        fields: vec![Field::new("kind", "replication group")],
        ..Resource::default()
    };
    let Some(state) = &group.state else {
        return Judged::unknown(resource, &group.unsure);
    };
    let plain = status::plain(&state.status);
    let mut aspects = vec![Aspect::state(status::severity(&state.status), plain.clone())];
    if !state.promoting.is_empty() {
        aspects.push(Aspect::state(Severity::Warning, "failing over").with_detail(format!("to {}", state.promoting)));
    }
    if status::serves(&state.status) {
        aspects.extend(nodes(group, state));
        if state.shards.iter().any(is_headless) {
            aspects.push(Aspect::state(Severity::Critical, "no primary"));
        }
    }
    let total = state.members.len();
    let nodes = match group.nodes_ok {
        Some(ok) => format!("{ok}/{total} nodes"),
        None => plural(total, "node"),
    };
    let calm = if plain == "available" { nodes } else { listed([plain, nodes]) };
    resource.fields.extend(fields(group, state));
    Judged::new(resource, aspects, calm)
}

/// Some or all nodes cannot be used.
fn nodes(group: &Group, state: &GroupState) -> Option<Aspect> {
    let (ok, total) = (group.nodes_ok?, state.members.len());
    let severity = if ok == 0 { Severity::Critical } else { Severity::Warning };
    (ok < total).then(|| Aspect::state(severity, format!("{ok}/{total} nodes")))
}

/// True where all roles are told and none is the primary's.
fn is_headless(shard: &Shard) -> bool {
    !shard.members.is_empty() && shard.members.iter().all(|(_, role)| *role == Some(Role::Replica))
}

fn fields(group: &Group, state: &GroupState) -> Vec<Field> {
    let with_role = |wanted: Role| -> Vec<Text> {
        let members = state.shards.iter().flat_map(|shard| &shard.members);
        members.filter(|(_, role)| *role == Some(wanted)).map(|(id, _)| id.clone()).collect()
    };
    let told = state.shards.iter().flat_map(|shard| &shard.members).any(|(_, role)| role.is_some());
    let mut fields = vec![
        Field::new("status", state.status.clone()),
        Field::new("nodes_ok", group.nodes_ok.map(count)),
        Field::new("nodes", count(state.members.len())),
        Field::new("shards", count(state.shards.len())),
    ];
    if told {
        fields.extend([
            Field::new("primary", with_role(Role::Primary)),
            Field::new("replicas", with_role(Role::Replica)),
        ]);
    } else {
        fields.push(Field::new("members", state.members.clone()));
    }
    let word = |text: &Text| if text.is_empty() { FieldValue::Unknown } else { FieldValue::from(text.clone()) };
    fields.extend([
        Field::new("automatic_failover", word(&state.automatic_failover)),
        Field::new("multi_az", word(&state.multi_az)),
        Field::new("cluster_mode", state.cluster_mode),
        Field::new("node_type", state.node_type.clone()),
        Field::new("endpoint", state.endpoint.clone()),
        Field::with_unit("snapshot_retention", state.snapshot_days, "days"),
        Field::new("encrypted_at_rest", state.encrypted_at_rest),
        Field::new("encrypted_in_transit", state.encrypted_in_transit),
        Field::new("pending_changes", state.pending.clone()),
    ]);
    fields
}
