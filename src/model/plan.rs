//! What a guarded action is about to do: plain data, the same in the dialog, in the records and in the request.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::base::Text;

/// What an action can be applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// An ECS service.
    EcsService,
    /// A Lambda function, by one of its aliases.
    LambdaFunction,
    /// A DynamoDB table and its indexes.
    DynamodbTable,
    /// A stage of a REST or HTTP API.
    ApiStage,
    /// A managed node group of an EKS cluster.
    EksNodegroup,
    /// An Aurora cluster.
    RdsCluster,
    /// A CloudWatch alarm.
    Alarm,
}

impl TargetKind {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::EcsService,
        Self::LambdaFunction,
        Self::DynamodbTable,
        Self::ApiStage,
        Self::EksNodegroup,
        Self::RdsCluster,
        Self::Alarm,
    ];

    /// The word in runbook files, e.g. `ecs-service`.
    pub fn word(self) -> &'static str {
        match self {
            Self::EcsService => "ecs-service",
            Self::LambdaFunction => "lambda-function",
            Self::DynamodbTable => "dynamodb-table",
            Self::ApiStage => "api-stage",
            Self::EksNodegroup => "eks-nodegroup",
            Self::RdsCluster => "rds-cluster",
            Self::Alarm => "alarm",
        }
    }

    /// The parameter that names the target on the command line, e.g. `service`.
    pub fn param(self) -> &'static str {
        match self {
            Self::EcsService => "service",
            Self::LambdaFunction => "function",
            Self::DynamodbTable => "table",
            Self::ApiStage => "api",
            Self::EksNodegroup => "nodegroup",
            Self::RdsCluster => "cluster",
            Self::Alarm => "alarm",
        }
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One AWS resource, pinned by the ARN that AWS gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// `system/name` of the environment.
    pub environment: Text,
    /// 12-digit account.
    pub account: Text,
    /// Region code.
    pub region: Text,
    /// What it is.
    pub kind: TargetKind,
    /// AWS's name for it; what is typed to confirm.
    pub name: Text,
    /// Its ARN. Where AWS gives none (a stage of an API), the ARN that IAM uses.
    pub arn: Text,
}

/// A typed value: of a parameter, of something observed, of a request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Not set, or not known. Compares equal to nothing in a predicate but `none`.
    #[default]
    None,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(i64),
    /// A measured or fractional number.
    Number(f64),
    /// Words.
    Text(Text),
    /// Several values.
    List(Vec<Value>),
}

impl Value {
    /// As a number, where it is one.
    #[allow(clippy::cast_precision_loss, reason = "counts of AWS are far below 2^53")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Count(count) => Some(*count as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// As a whole number, where it is one.
    pub fn count(&self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// As words, where it is.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As yes or no, where it is.
    pub fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.pad("none"),
            Self::Flag(flag) => f.pad(if *flag { "yes" } else { "no" }),
            Self::Count(count) => fmt::Display::fmt(count, f),
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::Text(text) => f.pad(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                f.pad(&items.join(", "))
            }
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $make:expr;)*) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                $make(value)
            }
        })*
    };
}

value_from! {
    bool => Self::Flag;
    i32 => |value: i32| Self::Count(value.into());
    i64 => Self::Count;
    // Zero has no sign here: what compares equal has the same digest.
    f64 => |value: f64| if value.is_finite() { Self::Number(value + 0.0) } else { Self::None };
    Text => Self::Text;
    &Text => |value: &Text| Self::Text(value.clone());
    &str => |value: &str| Self::Text(value.into());
    String => |value: String| Self::Text(value.into());
    Timestamp => |value: Timestamp| Self::Text(value.to_string().into());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// Named values, sorted by name. Names are snake case, with dots where they are details of something: `to.status`.
pub type Values = BTreeMap<String, Value>;

/// One field that will be different.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// e.g. `desired count`.
    pub field: Text,
    /// As it is.
    pub before: Value,
    /// As it will be.
    pub after: Value,
    /// e.g. `tasks`; empty for none.
    pub unit: Text,
}

/// What would bring the target back: an action with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// Id of the action.
    pub action: Text,
    /// Its parameters.
    pub params: Values,
}

impl Undo {
    /// The parameters that are set.
    pub fn given(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.params.iter().filter(|(_, value)| **value != Value::None).map(|(name, value)| (name.as_str(), value))
    }
}

/// How much harm an action can do, and so how it is confirmed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// `y` confirms.
    Low,
    /// `<env> <resource> <value>` is typed.
    #[default]
    High,
    /// That and a reason, and a second person where configured.
    Critical,
}

impl Risk {
    /// The word in runbook files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How the amount of capacity changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// Wanted now.
    pub before: i64,
    /// Wanted afterwards.
    pub after: i64,
    /// Healthy now; `None` where it could not be read.
    pub healthy: Option<i64>,
    /// `tasks`, `nodes`, `RCU`.
    pub unit: Text,
    /// The autoscaler's or the group's lower bound, where there is one.
    pub least: Option<i64>,
    /// The autoscaler's or the group's upper bound, where there is one.
    pub most: Option<i64>,
}

/// Records of earlier versions have one amount where later ones have a list.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Capacity>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Amounts {
        Several(Vec<Capacity>),
        One(Box<Capacity>),
    }
    Ok(match Amounts::deserialize(from)? {
        Amounts::Several(several) => several,
        Amounts::One(one) => vec![*one],
    })
}

/// What is rolled back to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Where it goes.
    pub to: Text,
    /// Where it is.
    pub current: Text,
    /// False where AWS says INACTIVE, or does not have it.
    pub usable: bool,
    /// Why it is not usable: AWS's own word, e.g. `INACTIVE`, `missing`.
    pub status: Text,
    /// Same family, same function.
    pub same_family: bool,
}

/// Something that is going on at the target already, or the lack of what the action needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obstacle {
    /// e.g. `deployment ecs-svc/123 is in progress since 03:04Z`.
    pub says: Text,
    /// Id of the action that fits instead, where one does.
    pub offer: Option<Text>,
}

/// Something else that owns the field which the action would write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Owner {
    /// e.g. `Application Auto Scaling (min 6, max 60)`, `CODE_DEPLOY`, `Cluster Autoscaler`.
    pub who: Text,
    /// What to use instead.
    pub instead: Text,
}

/// What an alarm loses while it is muted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mute {
    /// When AWS itself ends it; `None` for never.
    pub until: Option<Timestamp>,
    /// The alarm's actions scale something.
    pub drives_scaling: bool,
}

/// What the guards judge besides the differences. `None` where a guard does not concern the action.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// For the floor and the step: every amount that changes. A single one is read as a list of one.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_several")]
    pub capacity: Vec<Capacity>,
    /// For the viability of a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// For what is in flight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// For ownership by a controller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// For muting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mute: Option<Mute>,
    /// True for what goes back to a state that was before: exempt from freeze windows.
    #[serde(default)]
    pub is_rollback: bool,
    /// Something that cannot be changed as asked, whatever anybody says: AWS would refuse it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impossible: Option<Text>,
}

/// Something that somebody must bring back later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Owed {
    /// e.g. `minimum of uex-backend raised from 6 to 20`.
    pub says: Text,
    /// When AWS itself ends it, where it does.
    pub ends: Option<Timestamp>,
}

/// One mutation, read but not yet sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Id of the action, e.g. `ecs.rollback`.
    pub action: Text,
    /// What it is applied to.
    pub target: Target,
    /// The parameters, defaults filled in and symbolic values (`last_completed`) resolved.
    pub params: Values,
    /// What will be different. Empty only where nothing will be sent: where nothing would change, `facts.impossible` says
    /// so.
    pub differences: Vec<Difference>,
    /// Everything that was read, for predicates: `running`, `desired`, `current`, `deployment_in_progress`, `to.status`.
    pub observed: Values,
    /// Names in `observed` that the decision depends on: they must be the same when read again just before the send.
    pub decisive: Vec<String>,
    /// What will be called, e.g. `ecs:UpdateService`; empty where nothing will be sent.
    pub operation: Text,
    /// The fields of the request besides those that name the target: the minimum.
    pub request: Values,
    /// What else will happen, in words: `starts up to 12 new tasks before old ones stop`.
    pub touches: Vec<Text>,
    /// The value that is typed to confirm, e.g. `uex-backend:41`, `20`.
    pub value: Text,
    /// For the guards.
    pub facts: Facts,
    /// What brings it back; `None` where nothing does.
    pub undo: Option<Undo>,
    /// What remains to be brought back when it is done.
    pub owed: Option<Owed>,
    /// When AWS was asked.
    pub read_at: Timestamp,
}

impl Plan {
    /// The decisive values in the order of their names: name and value.
    pub fn decision(&self) -> impl Iterator<Item = (&str, &Value)> {
        const NOT_READ: &Value = &Value::None;
        self.decisive.iter().map(|name| (name.as_str(), self.observed.get(name).unwrap_or(NOT_READ)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_amount_of_an_earlier_record_is_read_as_one_of_a_list() {
        let one = Capacity { before: 9, after: 8, healthy: None, unit: "tasks".into(), least: None, most: Some(20) };
        let facts = Facts { capacity: vec![one.clone()], ..Facts::default() };
        let written = serde_json::to_value(&facts).unwrap();
        assert_eq!(serde_json::from_value::<Facts>(written).unwrap(), facts);
        let earlier = serde_json::json!({"capacity": serde_json::to_value(one).unwrap()});
        assert_eq!(serde_json::from_value::<Facts>(earlier).unwrap(), facts);
        assert_eq!(serde_json::from_value::<Facts>(serde_json::json!({})).unwrap(), Facts::default());
    }
}
