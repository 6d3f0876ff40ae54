//! Something that changed in an environment: what, when, from what to what, and why.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::base::Text;
use crate::model::{EnvId, Severity};

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// An alarm went from one state to another.
    Alarm,
    /// An alarm was created, changed or deleted.
    AlarmConfiguration,
    /// An alarm's action failed or was carried out.
    AlarmAction,
    /// A new deployment of an ECS service.
    Deployment,
    /// Another revision of a task definition: image, size, variables.
    TaskDefinition,
    /// What ECS says of a service.
    ServiceEvent,
    /// A version of a Lambda function was published.
    Publish,
    /// A Lambda alias points to another version.
    Alias,
    /// Code or configuration of a Lambda function was changed.
    FunctionUpdate,
    /// Auto scaling acted, or could not.
    Scaling,
    /// An event of RDS or Aurora.
    Database,
    /// An event of ElastiCache.
    Cache,
    /// A database or a cache changed its primary.
    Failover,
    /// An update of an EKS cluster or of a node group.
    ClusterUpdate,
    /// A deployment of an API.
    ApiDeployment,
    /// An operation on an MSK cluster.
    KafkaOperation,
    /// What was done from here: armed, sent, refused, verified.
    Action,
}

impl ChangeKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::AlarmConfiguration => "alarm config",
            Self::AlarmAction => "alarm action",
            Self::Deployment => "deployment",
            Self::TaskDefinition => "task definition",
            Self::ServiceEvent => "service event",
            Self::Publish => "publish",
            Self::Alias => "alias",
            Self::FunctionUpdate => "function",
            Self::Scaling => "scaling",
            Self::Database => "database",
            Self::Cache => "cache",
            Self::Failover => "failover",
            Self::ClusterUpdate => "cluster update",
            Self::ApiDeployment => "api deployment",
            Self::KafkaOperation => "kafka",
            Self::Action => "our action",
        }
    }

    /// A word of at most ten letters for it.
    pub fn brief(self) -> &'static str {
        match self {
            Self::AlarmConfiguration => "alarm edit",
            Self::AlarmAction => "action",
            Self::TaskDefinition => "definition",
            Self::ServiceEvent => "event",
            Self::ClusterUpdate => "update",
            Self::ApiDeployment => "api deploy",
            other => other.word(),
        }
    }

    /// True for what people or pipelines do on purpose: the usual cause of an incident.
    pub fn is_deliberate(self) -> bool {
        matches!(
            self,
            Self::Deployment
                | Self::TaskDefinition
                | Self::Publish
                | Self::Alias
                | Self::FunctionUpdate
                | Self::ClusterUpdate
                | Self::ApiDeployment
                | Self::KafkaOperation
                | Self::Action
        )
    }

    /// True for what alarms say and do: it follows from something else.
    pub fn is_symptom(self) -> bool {
        matches!(self, Self::Alarm | Self::AlarmAction)
    }
}

/// A change. `before`, `after`, `reason` and `by` are empty where AWS does not say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// When it happened or began.
    pub at: Timestamp,
    /// True when AWS does not say when: `at` is the earliest time that is possible.
    pub estimated: bool,
    /// In which environment.
    #[serde(serialize_with = "place")]
    pub env: EnvId,
    /// What kind.
    pub kind: ChangeKind,
    /// AWS's name of what changed.
    pub resource: Text,
    /// Names of what it belongs to or touches, e.g. its cluster.
    pub touches: Vec<Text>,
    /// Its ARN; empty where AWS gives none.
    pub arn: Text,
    /// What happened, in a few words.
    pub summary: Text,
    /// What it was before.
    pub before: Text,
    /// What it is since.
    pub after: Text,
    /// Why, in AWS's words.
    pub reason: Text,
    /// Who did it.
    pub by: Text,
    /// How bad it is by itself: `Ok` for what went well, `Critical` for a failed rollout or a state of `ALARM`.
    pub severity: Severity,
}

impl Change {
    /// True for what was changed on purpose. What only tells of one of our own actions, that it was armed, refused or
    /// verified, has no value that is another one since.
    pub fn is_deliberate(&self) -> bool {
        self.kind.is_deliberate() && (self.kind != ChangeKind::Action || !self.after.is_empty())
    }

    /// A change of which only time, place, kind and name are known.
    pub fn new(at: Timestamp, env: EnvId, kind: ChangeKind, resource: impl Into<Text>) -> Self {
        Self {
            at,
            estimated: false,
            env,
            kind,
            resource: resource.into(),
            touches: Vec::new(),
            arn: Text::default(),
            summary: Text::default(),
            before: Text::default(),
            after: Text::default(),
            reason: Text::default(),
            by: Text::default(),
            severity: Severity::Ok,
        }
    }

    /// True for an alarm that went off.
    pub fn is_alarm_raised(&self) -> bool {
        self.kind == ChangeKind::Alarm && self.after == "ALARM"
    }
}

fn place<S: Serializer>(env: &EnvId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(env.0 as u64)
}
