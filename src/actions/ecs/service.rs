//! A service as DescribeServices tells it, as far as its actions depend on it.

use aws_sdk_ecs::types::{
    Deployment as EcsDeployment, DeploymentControllerType, DeploymentRolloutState, SchedulingStrategy,
    Service as EcsService, TaskSet,
};
use jiff::Timestamp;

use crate::actions::ecs::find;
use crate::actions::lists::Field;
use crate::actions::targets::gone;
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::cloud::Session;
use crate::model::plan::{Obstacle, Owner};
use crate::model::{Fault, FaultKind, Target, Value, Values};
use crate::signals::moment::moment;

/// IAM actions of reading one.
pub const READS: [&str; 1] = ["ecs:DescribeServices"];

/// A service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Service {
    /// Its name.
    pub name: Text,
    /// Its ARN.
    pub arn: Text,
    /// ARN of its cluster.
    pub cluster: Text,
    /// `ACTIVE`, `DRAINING`, `INACTIVE`.
    pub status: Text,
    /// Tasks wanted.
    pub desired: i64,
    /// Tasks running, of all deployments.
    pub running: i64,
    /// Tasks starting.
    pub pending: i64,
    /// `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    pub controller: Text,
    /// One task on each container instance: there is no desired count to set.
    pub daemon: bool,
    /// ARN of the task definition that it shall run.
    pub task_definition: Text,
    /// Deployments, or the task sets of another controller; the primary one first.
    pub deployments: Vec<Deployment>,
    /// Lower bound of healthy tasks while a deployment rolls, percent of desired.
    pub least_percent: i64,
    /// Upper bound of tasks while a deployment rolls, percent of desired.
    pub most_percent: i64,
    /// Target groups of each place in which it is registered: more than one where they take turns.
    pub target_groups: Vec<Vec<Text>>,
    /// What ECS said of it lately, newest first.
    pub events: Vec<Text>,
}

/// A deployment of a service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deployment {
    /// e.g. `ecs-svc/1234567890123456789`.
    pub id: Text,
    /// It is the newest: what the service shall become.
    pub primary: bool,
    /// ARN of its task definition.
    pub task_definition: Text,
    /// Tasks wanted.
    pub desired: i64,
    /// Tasks running.
    pub running: i64,
    /// Tasks in a row that did not start.
    pub failed_tasks: i64,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// How it goes. Only rolling deployments say: `None` is neither failed nor completed.
    pub rollout: Option<Rollout>,
    /// Why, in ECS's words.
    pub reason: Text,
}

/// `rolloutState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollout {
    /// Tasks are being replaced.
    InProgress,
    /// Steady.
    Completed,
    /// The circuit breaker or an alarm gave up.
    Failed,
}

impl Rollout {
    /// ECS's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// Reads the service that a target pins.
///
/// # Errors
/// It is not there (any more), or could not be read.
pub async fn read(session: &Session, target: &Target) -> Result<Service, Fault> {
    let cluster = find::cluster_of(session, &target.arn).await?;
    let request = session.ecs().describe_services().cluster(cluster.as_str()).services(target.arn.as_str());
    let answer = request.send().await.map_err(|error| session.fault("DescribeServices", &error))?;
    let found = answer.services().iter().find(|service| service.service_arn() == Some(target.arn.as_str()));
    match (found, answer.failures().first()) {
        (Some(service), _) => Ok(Service::new(service)),
        (None, Some(failure)) if failure.reason() != Some("MISSING") => {
            let why = failure.reason().or(failure.detail()).unwrap_or("no reason given");
            Err(Fault::new(FaultKind::Service, "DescribeServices", why))
        }
        (None, _) => Err(gone("DescribeServices", "the service", &target.name)),
    }
}

impl Service {
    /// From ECS's answer.
    pub fn new(service: &EcsService) -> Self {
        let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
        let mut deployments: Vec<Deployment> = service.deployments().iter().map(deployment).collect();
        if deployments.is_empty() {
            deployments = service.task_sets().iter().map(task_set).collect();
        }
        deployments.sort_by_key(|one| (!one.primary, std::cmp::Reverse(one.created)));
        let percents = service.deployment_configuration();
        let task_definition = match service.task_definition() {
            Some(arn) => Text::new(arn),
            None => deployments.first().map(|one| one.task_definition.clone()).unwrap_or_default(),
        };
        Self {
            name: text(service.service_name()),
            arn: text(service.service_arn()),
            cluster: text(service.cluster_arn()),
            status: text(service.status()),
            desired: service.desired_count().into(),
            running: service.running_count().into(),
            pending: service.pending_count().into(),
            controller: service.deployment_controller().map_or("ECS".into(), |one| Text::new(one.r#type().as_str())),
            daemon: service.scheduling_strategy() == Some(&SchedulingStrategy::Daemon),
            task_definition,
            deployments,
            // What ECS takes where a service says nothing (ECS API Reference, DeploymentConfiguration).
            least_percent: percents.and_then(|one| one.minimum_healthy_percent()).unwrap_or(100).into(),
            most_percent: percents.and_then(|one| one.maximum_percent()).unwrap_or(200).into(),
            target_groups: service
                .load_balancers()
                .iter()
                .map(|one| {
                    let other = one.advanced_configuration().and_then(|more| more.alternate_target_group_arn());
                    one.target_group_arn().into_iter().chain(other).map(Text::new).collect::<Vec<_>>()
                })
                .filter(|groups| !groups.is_empty())
                .collect(),
            events: service.events().iter().map(|event| text(event.message())).collect(),
        }
    }

    /// The newest deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|one| one.primary)
    }

    /// `family:revision` that it shall run.
    pub fn current(&self) -> &str {
        last_part(&self.task_definition)
    }

    /// The deployment that has not come to its end.
    pub fn in_progress(&self) -> Option<&Deployment> {
        let going = self.deployments.iter().find(|one| one.rollout == Some(Rollout::InProgress));
        // Where no state is told, tasks of more than one deployment are.
        let untold = |primary: &&Deployment| primary.rollout.is_none() && self.deployments.len() > 1;
        going.or_else(|| self.primary().filter(untold))
    }

    /// What is in flight, as an obstacle that offers to stop it.
    pub fn obstacle(&self) -> Option<Obstacle> {
        let going = self.in_progress()?;
        let since = going.created.map(|at| format!(" since {}", at.strftime("%H:%MZ"))).unwrap_or_default();
        let failed = match going.failed_tasks {
            0 => String::new(),
            count => format!(", {count} tasks failed to start"),
        };
        let what = last_part(&going.task_definition);
        Some(Obstacle {
            says: format!("deployment {} of {what} is in progress{since}{failed}", going.id).into(),
            offer: Some("ecs.stop_deployment".into()),
        })
    }

    /// Who deploys it, where that is not ECS itself.
    pub fn owner(&self) -> Option<Owner> {
        let instead = match DeploymentControllerType::from(&*self.controller) {
            DeploymentControllerType::CodeDeploy => {
                "use AWS CodeDeploy: it deploys this service and moves its traffic".to_owned()
            }
            DeploymentControllerType::External => {
                "use the tool that makes this service's task sets: it owns revisions and counts".to_owned()
            }
            _ => return None,
        };
        Some(Owner { who: self.controller.clone(), instead: instead.into() })
    }

    /// Why nothing can be changed at all.
    pub fn unusable(&self) -> Option<Text> {
        (self.status != "ACTIVE").then(|| format!("the service is {}", self.status).into())
    }

    /// What predicates can speak of.
    pub fn values(&self) -> Values {
        let primary = self.primary();
        let state = primary.map(|one| self.state_of(one));
        let pairs: [(&str, Value); 13] = [
            ("cluster", (&self.cluster).into()),
            ("status", (&self.status).into()),
            ("controller", (&self.controller).into()),
            ("desired", self.desired.into()),
            ("running", self.running.into()),
            ("pending", self.pending.into()),
            ("current", self.current().into()),
            ("task_definition", self.current().into()),
            ("primary_deployment", primary.map(|one| &one.id).into()),
            ("deployments", i64::try_from(self.deployments.len()).ok().into()),
            ("deployment_in_progress", self.in_progress().is_some().into()),
            ("deployment.state", state.into()),
            ("deployment.failed_tasks", primary.map(|one| one.failed_tasks).into()),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// How a deployment goes: ECS's own word, or what the counts of tasks say where it has none.
    pub fn state_of(&self, one: &Deployment) -> &'static str {
        match one.rollout {
            Some(rollout) => rollout.word(),
            None if one.primary && self.deployments.len() == 1 && one.running >= one.desired && self.pending == 0 => {
                Rollout::Completed.word()
            }
            None => Rollout::InProgress.word(),
        }
    }
}

/// What [`Service::values`] means, for an action's `fields`.
pub const FIELDS: [Field; 13] = [
    ("cluster", "ARN of the cluster"),
    ("status", "ACTIVE, DRAINING or INACTIVE"),
    ("controller", "ECS, CODE_DEPLOY or EXTERNAL"),
    ("desired", "tasks wanted"),
    ("running", "tasks running"),
    ("pending", "tasks starting"),
    ("current", "family:revision that the service shall run"),
    ("task_definition", "the same as current"),
    ("primary_deployment", "id of the newest deployment"),
    ("deployments", "number of deployments that still have tasks"),
    ("deployment_in_progress", "yes while a deployment has not come to its end"),
    ("deployment.state", "IN_PROGRESS, COMPLETED or FAILED: of our own deployment, before the send of the newest one"),
    ("deployment.failed_tasks", "tasks in a row that did not start"),
];

fn deployment(one: &EcsDeployment) -> Deployment {
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    Deployment {
        id: text(one.id()),
        primary: one.status() == Some("PRIMARY"),
        task_definition: text(one.task_definition()),
        desired: one.desired_count().into(),
        running: one.running_count().into(),
        failed_tasks: one.failed_tasks().into(),
        created: one.created_at().and_then(moment),
        rollout: one.rollout_state().and_then(|state| match state {
            DeploymentRolloutState::InProgress => Some(Rollout::InProgress),
            DeploymentRolloutState::Completed => Some(Rollout::Completed),
            DeploymentRolloutState::Failed => Some(Rollout::Failed),
            _ => None,
        }),
        reason: text(one.rollout_state_reason()),
    }
}

fn task_set(one: &TaskSet) -> Deployment {
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    Deployment {
        id: text(one.id()),
        primary: one.status() == Some("PRIMARY"),
        task_definition: text(one.task_definition()),
        desired: one.computed_desired_count().into(),
        running: one.running_count().into(),
        created: one.created_at().and_then(moment),
        ..Deployment::default()
    }
}
