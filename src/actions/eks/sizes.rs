//! The plan for other sizes of a managed node group: the desired size where nothing else sets it, the bounds where
//! Cluster Autoscaler does.

use jiff::Timestamp;

use crate::actions::eks::nodegroup::{CLUSTER_AUTOSCALER, Nodegroup};
use crate::base::Text;
use crate::model::plan::{Capacity, Obstacle, Owed, Owner};
use crate::model::{Difference, Facts, Plan, Target, Undo, Value, Values};

/// Id of the action.
pub const ID: &str = "eks.nodegroup_scale";
/// What is called.
pub const OPERATION: &str = "eks:UpdateNodegroupConfig";

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Nodes wanted.
    pub desired: Option<i64>,
    /// Smallest number of nodes.
    pub min: Option<i64>,
    /// Largest number of nodes.
    pub max: Option<i64>,
}

/// One of the three sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Its name among parameters and in what is observed.
    pub name: &'static str,
    /// Its name in the request of a plan.
    pub field: &'static str,
    /// In words.
    pub words: &'static str,
}

/// All of them.
pub const SIZES: [Size; 3] = [
    Size { name: "desired", field: "desired_size", words: "desired size" },
    Size { name: "min", field: "min_size", words: "smallest size" },
    Size { name: "max", field: "max_size", words: "largest size" },
];

/// A size that becomes another.
#[derive(Debug, Clone, Copy)]
struct Change {
    size: Size,
    before: i64,
    after: i64,
    /// False where it only follows from another: EKS takes no minimum above the desired size.
    asked: bool,
}

impl Wish {
    /// The sizes that would be different.
    fn changes(self, group: &Nodegroup) -> Vec<Change> {
        let [desired, min, max] = SIZES;
        let follows = self.min.filter(|min| self.desired.is_none() && *min > group.desired);
        let wanted = [
            (desired, group.desired, self.desired.or(follows), self.desired.is_some()),
            (min, group.min, self.min, true),
            (max, group.max, self.max, true),
        ];
        let differs = wanted.into_iter().filter_map(|(size, before, after, asked)| {
            let after = after.filter(|after| *after != before)?;
            Some(Change { size, before, after, asked })
        });
        differs.collect()
    }

    /// The value that is typed to confirm.
    fn value(self) -> String {
        match self {
            Self { desired: Some(desired), .. } => desired.to_string(),
            Self { min: Some(min), max: Some(max), .. } => format!("min={min},max={max}"),
            Self { min: Some(min), .. } => format!("min={min}"),
            Self { max: Some(max), .. } => format!("max={max}"),
            Self { .. } => String::new(),
        }
    }

    fn params(self) -> Values {
        let given = [("desired", self.desired), ("min", self.min), ("max", self.max)];
        given.into_iter().filter_map(|(name, size)| Some((name.to_owned(), size?.into()))).collect()
    }
}

/// The plan.
pub fn judge(target: &Target, group: &Nodegroup, wish: Wish, token: &str, now: Timestamp) -> Plan {
    let changes = wish.changes(group);
    let after = |name: &str, before: i64| {
        changes.iter().find(|change| change.size.name == name).map_or(before, |change| change.after)
    };
    let (desired, most) = (after("desired", group.desired), after("max", group.max));
    let mut observed = group.values();
    observed.insert("token".to_owned(), token.into());
    let obstacle = (group.status == "UPDATING")
        .then(|| Obstacle { says: "an update of the node group is under way".into(), offer: None });
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: wish.params(),
        differences: differences(group, wish, &changes),
        observed,
        decisive: ["autoscaler", "desired", "max", "min", "status"].map(str::to_owned).to_vec(),
        operation: OPERATION.into(),
        request: changes.iter().map(|change| (change.size.field.to_owned(), change.after.into())).collect(),
        touches: touches(group, &changes, desired),
        value: wish.value().into(),
        facts: Facts {
            capacity: vec![Capacity {
                before: group.desired,
                after: may_become(group, wish, desired),
                // EKS does not say how many nodes are ready.
                healthy: None,
                unit: "nodes".into(),
                // A bound that is written is no bound of itself.
                least: (wish.min.is_none()).then_some(group.min),
                most: Some(most),
            }],
            obstacle,
            owner: owner(group, wish),
            impossible: impossible(group, wish, &changes),
            ..Facts::default()
        },
        undo: Some(undo(group, &changes)),
        owed: owed(group, &changes),
        read_at: now,
    }
}

/// Never empty: a size that stays as it is says so.
fn differences(group: &Nodegroup, wish: Wish, changes: &[Change]) -> Vec<Difference> {
    let nodes = |size: Size, before: i64, after: i64| Difference {
        field: size.words.into(),
        before: before.into(),
        after: after.into(),
        unit: "nodes".into(),
    };
    if changes.is_empty() {
        let size = SIZES.into_iter().find(|size| wish.params().contains_key(size.name)).unwrap_or(SIZES[0]);
        let same = group.values().get(size.name).and_then(Value::count).unwrap_or_default();
        return vec![nodes(size, same, same)];
    }
    changes.iter().map(|change| nodes(change.size, change.before, change.after)).collect()
}

/// Nodes wanted afterwards; with a lower minimum an autoscaler may go down to that.
fn may_become(group: &Nodegroup, wish: Wish, desired: i64) -> i64 {
    match wish.min {
        Some(min) if group.is_autoscaled() && min < group.min => min.min(desired),
        _ => desired,
    }
}

/// Cluster Autoscaler keeps within the bounds, and overwrites the desired size.
fn owner(group: &Nodegroup, wish: Wish) -> Option<Owner> {
    let owner = group.owner.clone()?;
    (owner.who != CLUSTER_AUTOSCALER || wish.desired.is_some()).then_some(owner)
}

fn impossible(group: &Nodegroup, wish: Wish, changes: &[Change]) -> Option<Text> {
    let (min, max) = (wish.min.unwrap_or(group.min), wish.max.unwrap_or(group.max));
    let desired = changes.iter().find(|change| change.size == SIZES[0]).map_or(group.desired, |change| change.after);
    let says = match group.status.as_str() {
        status @ ("CREATING" | "CREATE_FAILED" | "DELETING" | "DELETE_FAILED") => format!("the node group is {status}"),
        _ if wish.max == Some(0) => "EKS refuses a maximum of 0".to_owned(),
        _ if min > max => format!("EKS refuses a minimum of {min} above the group's maximum {max}"),
        _ if desired < min => format!("EKS refuses fewer nodes than the group's minimum {min}"),
        _ if desired > max && wish.desired.is_none() => {
            format!("EKS refuses a maximum of {max} while {desired} nodes are wanted")
        }
        _ if desired > max => format!("EKS refuses more nodes than the group's maximum {max}: give max as well"),
        _ if changes.is_empty() && wish.desired.is_some() => format!("{desired} nodes are wanted already"),
        _ if changes.is_empty() => format!("the group has {min} to {max} nodes already"),
        _ => return None,
    };
    Some(says.into())
}

fn touches(group: &Nodegroup, changes: &[Change], desired: i64) -> Vec<Text> {
    let mut touches: Vec<Text> = Vec::new();
    let mut say = |says: String| touches.push(says.into());
    match desired - group.desired {
        0 => say("starts and terminates nothing by itself".to_owned()),
        more @ 1.. => say(format!("starts {more} nodes")),
        less => say(format!("terminates {} nodes: EKS drains their pods first", -less)),
    }
    if let Some(owner) = group.owner.as_ref().filter(|_| group.is_autoscaled()) {
        for change in changes.iter().filter(|change| change.size != SIZES[0]) {
            let bound = if change.size == SIZES[1] { "never goes below" } else { "may go up to" };
            say(format!("{} {bound} {} nodes from then on", owner.who, change.after));
        }
    }
    if changes.iter().any(|change| !change.asked) {
        say("the desired size follows: EKS takes no minimum above it".to_owned());
    }
    touches.extend(group.issues.iter().map(|issue| Text::new(format!("the group has a health issue: {issue}"))));
    touches
}

/// Sizes as they are. What an autoscaler sets it brings back itself.
fn undo(group: &Nodegroup, changes: &[Change]) -> Undo {
    let own = changes.iter().filter(|change| change.asked || !group.is_autoscaled());
    let params = own.map(|change| (change.size.name.to_owned(), change.before.into()));
    Undo { action: ID.into(), params: params.collect() }
}

/// What was raised and runs must be brought back. A larger maximum alone starts nothing.
fn owed(group: &Nodegroup, changes: &[Change]) -> Option<Owed> {
    let raised = |change: &&Change| change.size != SIZES[2] && change.after > change.before;
    let raised: Vec<String> = changes
        .iter()
        .filter(raised)
        .map(|change| {
            format!("{} of {} raised from {} to {}", change.size.words, group.name, change.before, change.after)
        })
        .collect();
    let back: Vec<String> = undo(group, changes).params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let says = format!("{}: bring it back with {ID} {}", raised.join(", "), back.join(" "));
    (!raised.is_empty()).then(|| Owed { says: says.into(), ends: None })
}

#[cfg(test)]
#[path = "sizes_tests.rs"]
mod tests;
