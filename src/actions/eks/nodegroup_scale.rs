//! `eks.nodegroup_scale`: UpdateNodegroupConfig with the desired size, and the largest one where it is asked for.

use aws_sdk_eks::types::{NodegroupScalingConfig, Update, UpdateStatus};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::actions::asked::{invalid, whole};
use crate::actions::eks::nodegroup::{self, Nodegroup};
use crate::actions::lists::{Field, joined};
use crate::actions::{Action, Ask, Param, ParamKind, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::plan::{Capacity, Obstacle, Owed};
use crate::model::{
    Difference, Facts, Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Undo, Value, Values,
};

/// The action.
#[derive(Debug)]
pub struct NodegroupScale;

const ID: &str = "eks.nodegroup_scale";
const OPERATION: &str = "eks:UpdateNodegroupConfig";
const PARAMS: [Param; 2] = [
    Param { name: "desired", kind: ParamKind::Count, required: true, help: "nodes wanted" },
    Param { name: "max", kind: ParamKind::Count, required: false, help: "largest number of nodes, where it must grow" },
];
static READS: [&str; nodegroup::READS.len() + 1] = joined(&[&nodegroup::READS, &["eks:DescribeUpdate"]]);
const OWN: [Field; 3] = [
    ("mine", "id of our own update; none while it is not known"),
    ("token", "names the request: EKS carries it out once, however often it arrives"),
    ("update.status", "EKS's word for our update: InProgress, Successful, Failed, Cancelled"),
];
static FIELDS: [Field; nodegroup::FIELDS.len() + OWN.len()] = joined(&[&nodegroup::FIELDS, &OWN]);

impl Action for NodegroupScale {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Change the number of nodes"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::EksNodegroup
    }

    fn params(&self) -> &'static [Param] {
        &PARAMS
    }

    fn reads(&self) -> &'static [&'static str] {
        &READS
    }

    fn mutations(&self) -> &'static [&'static str] {
        &[OPERATION]
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(nodegroup::find(session, wanted))
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let desired = whole(ask.params, "desired")?.ok_or_else(|| invalid("desired is needed: how many nodes"))?;
            let max = whole(ask.params, "max")?;
            for given in [Some(desired), max].into_iter().flatten() {
                if !(0..=i64::from(i32::MAX)).contains(&given) {
                    return Err(invalid(format!("a number of nodes is not {given}")));
                }
            }
            let group = nodegroup::read(ask.session, ask.target).await?;
            Ok(judge(ask, &group, Asked { desired, max }))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(sending::once(
            operator,
            authorized,
            "UpdateNodegroupConfig",
            async |session: &Session, leave: &Authorized<Plan>| {
                let plan = leave.what();
                let count = |name: &str| plan.request.get(name).and_then(Value::count);
                let size = |name: &str| count(name).and_then(|count| i32::try_from(count).ok());
                let text = |name: &str| plan.observed.get(name).and_then(Value::text).map(|text| text.to_string());
                let scaling = NodegroupScalingConfig::builder()
                    .set_desired_size(size("desired_size"))
                    .set_max_size(size("max_size"))
                    .build();
                let request = session.eks().update_nodegroup_config().set_cluster_name(text("cluster"));
                let request = request.nodegroup_name(plan.target.name.as_str()).scaling_config(scaling);
                let answer = request.set_client_request_token(text("token")).send().await?;
                let id = answer.update().and_then(Update::id).map(Text::new);
                Ok(Values::from([("update_id".to_owned(), id.into())]))
            },
        ))
    }

    fn observe<'a>(
        &'a self,
        session: &'a Session,
        plan: &'a Plan,
        receipt: Option<&'a Values>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Observation, Fault>> {
        Box::pin(observe(session, plan, receipt, now))
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    desired: i64,
    max: Option<i64>,
}

fn judge(ask: &Ask<'_>, group: &Nodegroup, asked: Asked) -> Plan {
    let Asked { desired, max } = asked;
    let most = max.unwrap_or(group.max);
    let nodes = |field: &str, before: i64, after: i64| Difference {
        field: field.into(),
        before: before.into(),
        after: after.into(),
        unit: "nodes".into(),
    };
    let mut differences = vec![nodes("desired size", group.desired, desired)];
    let mut request = Values::from([("desired_size".to_owned(), desired.into())]);
    let mut params = Values::from([("desired".to_owned(), desired.into())]);
    let mut back = Values::from([("desired".to_owned(), group.desired.into())]);
    if let Some(max) = max {
        differences.push(nodes("largest size", group.max, max));
        request.insert("max_size".to_owned(), max.into());
        params.insert("max".to_owned(), max.into());
        back.insert("max".to_owned(), group.max.into());
    }
    let mut observed = group.values();
    observed.insert("token".to_owned(), ask.token.into());
    let more = desired - group.desired;
    let says = match more {
        0.. => format!("starts {more} nodes"),
        _ => format!("terminates {} nodes: EKS drains their pods first", -more),
    };
    let mut touches: Vec<Text> = vec![says.into()];
    touches.extend(group.issues.iter().map(|issue| Text::new(format!("the group has a health issue: {issue}"))));
    let obstacle = (group.status == "UPDATING")
        .then(|| Obstacle { says: "an update of the node group is under way".into(), offer: None });
    let owed = (more > 0).then(|| Owed {
        says: format!(
            "desired size of {} raised from {} to {desired}: bring it back with {ID} desired={}",
            group.name, group.desired, group.desired
        )
        .into(),
        ends: None,
    });
    Plan {
        action: ID.into(),
        target: ask.target.clone(),
        params,
        differences,
        observed,
        decisive: ["autoscaler", "desired", "max", "min", "status"].map(str::to_owned).to_vec(),
        operation: OPERATION.into(),
        request,
        touches,
        value: desired.to_string().into(),
        facts: Facts {
            capacity: Some(Capacity {
                before: group.desired,
                after: desired,
                // EKS does not say how many nodes are ready.
                healthy: None,
                unit: "nodes".into(),
                least: Some(group.min),
                most: Some(most),
            }),
            obstacle,
            owner: group.owner.clone(),
            impossible: impossible(group, desired, max),
            ..Facts::default()
        },
        undo: Some(Undo { action: ID.into(), params: back }),
        owed,
        read_at: ask.now,
    }
}

fn impossible(group: &Nodegroup, desired: i64, max: Option<i64>) -> Option<Text> {
    let most = max.unwrap_or(group.max);
    let says = match group.status.as_str() {
        status @ ("CREATING" | "CREATE_FAILED" | "DELETING" | "DELETE_FAILED") => format!("the node group is {status}"),
        _ if desired < group.min => format!("EKS refuses fewer nodes than the group's minimum {}", group.min),
        _ if desired > most => format!("EKS refuses more nodes than the group's maximum {most}: give max as well"),
        _ if max == Some(0) => "EKS refuses a maximum of 0".to_owned(),
        _ if desired == group.desired && most == group.max => format!("{desired} nodes are wanted already"),
        _ => return None,
    };
    Some(says.into())
}

async fn observe(
    session: &Session,
    plan: &Plan,
    receipt: Option<&Values>,
    now: Timestamp,
) -> Result<Observation, Fault> {
    let id = receipt.and_then(|values| values.get("update_id")).and_then(Value::text).filter(|id| !id.is_empty());
    let group = nodegroup::read(session, &plan.target).await?;
    let update = match id {
        Some(id) => {
            let request = session.eks().describe_update().name(group.cluster.as_str()).update_id(id.as_str());
            let answer = request.nodegroup_name(group.name.as_str()).send().await;
            answer.map_err(|error| session.fault("DescribeUpdate", &error))?.update
        }
        None => None,
    };
    let mut values = group.values();
    values.insert("mine".to_owned(), id.into());
    values.insert("token".to_owned(), plan.observed.get("token").cloned().unwrap_or_default());
    let status = update.as_ref().and_then(Update::status).map(|status| Text::new(status.as_str()));
    values.insert("update.status".to_owned(), status.into());
    let (standing, says) = standing(&group, plan, update.as_ref(), receipt.is_some());
    Ok(Observation { standing, says: says.into(), values, at: now })
}

fn standing(group: &Nodegroup, plan: &Plan, update: Option<&Update>, accepted: bool) -> (Standing, String) {
    let count = |values: &Values, name: &str| values.get(name).and_then(Value::count);
    let (before, sent) = (count(&plan.observed, "desired"), count(&plan.request, "desired_size"));
    let max_sent = count(&plan.request, "max_size").unwrap_or(group.max);
    let (Some(before), Some(sent)) = (before, sent) else {
        return (Standing::Unclear, "the plan does not say what was sent".to_owned());
    };
    let now = group.desired;
    let counts = format!("{before} → {sent} nodes wanted, the group is {} with {now}", group.status);
    match update.and_then(Update::status) {
        Some(UpdateStatus::InProgress) => return (Standing::Underway, counts),
        Some(UpdateStatus::Failed | UpdateStatus::Cancelled) => {
            let errors = update.map(|update| update.errors()).unwrap_or_default();
            let errors: Vec<&str> = errors.iter().filter_map(|error| error.error_message()).collect();
            return (Standing::Failed, format!("EKS gave the update up: {}; {counts}", errors.join("; ")));
        }
        _ => {}
    }
    if now == sent && group.max == max_sent {
        // Nodes that are ready are not EKS's to tell: its own update is.
        return match group.status.as_str() {
            "ACTIVE" => (Standing::Done, counts),
            "UPDATING" => (Standing::Underway, counts),
            _ => (Standing::Unclear, counts),
        };
    }
    match (accepted, now == before) {
        (false, true) if group.status != "UPDATING" => {
            (Standing::NotApplied, format!("{now} nodes are wanted as before"))
        }
        (true, _) if update.and_then(Update::status) == Some(&UpdateStatus::Successful) => {
            (Standing::Overtaken, format!("applied, then changed by somebody else {sent} → {now}"))
        }
        (true, _) => (Standing::Underway, counts),
        (false, _) => (Standing::Unclear, counts),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn group(status: &str, desired: i64) -> Nodegroup {
        Nodegroup { name: "web".into(), status: status.into(), desired, min: 2, max: 6, ..Nodegroup::default() }
    }

    #[rstest]
    #[case("ACTIVE", 4, None, None)]
    #[case("DEGRADED", 4, None, None)]
    #[case("ACTIVE", 1, None, Some("minimum 2"))]
    #[case("ACTIVE", 7, None, Some("maximum 6"))]
    #[case("ACTIVE", 7, Some(8), None)]
    #[case("ACTIVE", 3, None, Some("already"))]
    #[case("ACTIVE", 3, Some(9), None)]
    #[case("DELETING", 4, None, Some("DELETING"))]
    fn what_eks_would_refuse_is_known(
        #[case] status: &str,
        #[case] desired: i64,
        #[case] max: Option<i64>,
        #[case] expected: Option<&str>,
    ) {
        let says = impossible(&group(status, 3), desired, max);
        assert_eq!(says.is_some(), expected.is_some(), "{says:?}");
        assert!(expected.is_none_or(|part| says.unwrap().contains(part)));
    }

    proptest! {
        #[test]
        fn what_is_possible_lies_within_the_bounds(desired in 0i64..20, max in proptest::option::of(0i64..20)) {
            if impossible(&group("ACTIVE", 3), desired, max).is_none() {
                prop_assert!((2..=max.unwrap_or(6)).contains(&desired));
            }
        }
    }
}
