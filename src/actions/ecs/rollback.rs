//! `ecs.rollback`: UpdateService with an earlier task definition and nothing else.

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::actions::asked::words;
use crate::actions::ecs::revision::{self, Meant, Revision};
use crate::actions::ecs::rollout::{self, Sought};
use crate::actions::ecs::service::{self, Service};
use crate::actions::ecs::{find, health, history, update};
use crate::actions::lists::{Field, joined};
use crate::actions::{Action, Ask, Choice, Param, ParamKind, Wanted};
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::plan::Revision as Facing;
use crate::model::{
    Difference, Facts, Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Undo, Value, Values,
};

/// The action.
#[derive(Debug)]
pub struct Rollback;

const ID: &str = "ecs.rollback";
const PARAMS: [Param; 1] = [Param {
    name: "to",
    kind: ParamKind::Revision,
    required: false,
    help: "revision number, family:revision, ARN, or last_completed (the default)",
}];
static READS: [&str;
    service::READS.len() + find::READS.len() + history::READS.len() + revision::READS.len() + health::READS.len()] =
    joined(&[&service::READS, &find::READS, &history::READS, &revision::READS, &health::READS]);
const OWN: [Field; 6] = [
    ("to", "family:revision that it goes back to; none where no completed one is known"),
    ("to.status", "ACTIVE, INACTIVE, DELETE_IN_PROGRESS or missing"),
    ("to.image", "images of that revision"),
    ("to.registered_by", "who registered it, where AWS says"),
    ("current.image", "images of the revision that the service shall run now"),
    ("last_completed", "family:revision of the last deployment before the current one that completed"),
];
static FIELDS: [Field; service::FIELDS.len() + health::FIELDS.len() + 1 + OWN.len()] =
    joined(&[&service::FIELDS, &health::FIELDS, &[rollout::MINE], &OWN]);

impl Action for Rollback {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Roll back to an earlier task definition"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::EcsService
    }

    fn params(&self) -> &'static [Param] {
        &PARAMS
    }

    fn reads(&self) -> &'static [&'static str] {
        &READS
    }

    fn mutations(&self) -> &'static [&'static str] {
        &[update::OPERATION]
    }

    fn fields(&self) -> &'static [(&'static str, &'static str)] {
        &FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(find::services(session, wanted))
    }

    fn choices<'a>(
        &'a self,
        session: &'a Session,
        target: &'a Target,
        param: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Choice>, Fault>> {
        Box::pin(async move { if param == "to" { choices(session, target).await } else { Ok(Vec::new()) } })
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(read(ask))
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(update::send(operator, authorized, |request, fields| {
            let to = fields.get("task_definition").and_then(Value::text).map(|to| to.to_string());
            request.set_task_definition(to)
        }))
    }

    fn observe<'a>(
        &'a self,
        session: &'a Session,
        plan: &'a Plan,
        receipt: Option<&'a Values>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Observation, Fault>> {
        Box::pin(async move {
            let to = plan.observed.get("to").and_then(Value::text).cloned().unwrap_or_default();
            observe(session, plan, &to, receipt, now).await
        })
    }
}

async fn choices(session: &Session, target: &Target) -> Result<Vec<Choice>, Fault> {
    let service = service::read(session, target).await?;
    let (completed, revisions) = futures_util::future::join(
        history::completed(session, &service),
        revision::last(session, revision::family(&service.task_definition)),
    )
    .await;
    let revisions = revisions?;
    let runs = revisions.iter().find(|one| one.content.name == service.current());
    let last = completed.before(service.current());
    let choice = |one: &Revision| {
        let name = &one.content.name;
        let mut says = runs.map_or_else(|| one.images(), |runs| one.against(runs));
        if !one.content.registered_by.is_empty() {
            says = format!("{says}, registered by {}", last_part(&one.content.registered_by));
        }
        let unusable = if one.status == "ACTIVE" { Text::default() } else { one.status.clone() };
        Choice {
            value: name.into(),
            label: name.clone(),
            says: says.into(),
            at: one.content.registered_at,
            current: *name == service.current(),
            last_completed: Some(name) == last,
            unusable,
        }
    };
    Ok(revisions.iter().map(choice).collect())
}

/// What a plan is made of.
struct Read {
    service: Service,
    completed: history::Completed,
    current: Option<Revision>,
    /// What was asked for, resolved; empty where nothing is known to have completed.
    wanted: Text,
    to: Option<Revision>,
}

async fn read(ask: &Ask<'_>) -> Result<Plan, Fault> {
    let session = ask.session;
    let service = service::read(session, ask.target).await?;
    let asked = words(ask.params, "to")?.unwrap_or_else(|| "last_completed".into());
    let meant = revision::meant(&asked, &service.task_definition)?;
    let completed = history::completed(session, &service).await;
    let wanted = match meant {
        Meant::Exact(arn) => Text::new(arn),
        Meant::LastCompleted => match completed.before(service.current()).map(|name| &**name) {
            None => Text::default(),
            Some(name) => match revision::meant(name, &service.task_definition)? {
                Meant::Exact(arn) => Text::new(arn),
                Meant::LastCompleted => Text::default(),
            },
        },
    };
    let to = async { if wanted.is_empty() { Ok(None) } else { revision::read(session, &wanted).await } };
    let (current, to) = futures_util::future::try_join(revision::read(session, &service.task_definition), to).await?;
    Ok(judge(ask.target, Read { service, completed, current, wanted, to }, ask.now))
}

fn judge(target: &Target, read: Read, now: Timestamp) -> Plan {
    let Read { service, completed, current, wanted, to } = read;
    let was = Text::new(service.current());
    let name: Text = to.as_ref().map_or_else(|| last_part(&wanted).into(), |to| to.content.name.clone());
    let status: Text = match &to {
        Some(to) => to.status.clone(),
        None if wanted.is_empty() => "not known".into(),
        None => "missing".into(),
    };
    let images = |revision: &Option<Revision>| revision.as_ref().map(Revision::images);
    let mut differences = vec![Difference {
        field: "task definition".into(),
        before: (&was).into(),
        after: if name.is_empty() { Value::None } else { (&name).into() },
        unit: Text::default(),
    }];
    if let (Some(is), Some(to)) = (&current, &to) {
        let differs = crate::changes::task_definition::difference(&is.content, &to.content);
        differences.extend(differs.before.into_iter().zip(differs.after).map(|(before, after)| Difference {
            field: "in it".into(),
            before: before.into(),
            after: after.into(),
            unit: Text::default(),
        }));
    }
    let mut observed = service.values();
    let known = completed.before(&was);
    for (field, value) in [
        ("to", if name.is_empty() { Value::None } else { (&name).into() }),
        ("to.status", (&status).into()),
        ("to.image", images(&to).into()),
        ("to.registered_by", to.as_ref().map(|to| &to.content.registered_by).filter(|by| !by.is_empty()).into()),
        ("current.image", images(&current).into()),
        ("last_completed", known.into()),
    ] {
        observed.insert(field.to_owned(), value);
    }
    let mut touches = rolling(&service);
    touches.push("the desired count is not touched".into());
    touches.push("code goes back, the database's schema and data do not".into());
    if let Some(doubt) = &completed.doubt {
        touches.push(format!("which revisions completed is known only in part: {doubt}").into());
    }
    let owner = service.owner();
    let refused = owner.as_ref().map(|owner| {
        Text::new(format!("ECS refuses another task definition where {} deploys: {}", owner.who, owner.instead))
    });
    let facts = Facts {
        revision: Some(Facing {
            to: name.clone(),
            current: was.clone(),
            usable: status == "ACTIVE",
            status,
            same_family: revision::family(&name) == revision::family(&was),
        }),
        obstacle: service.obstacle(),
        owner,
        is_rollback: true,
        impossible: service.unusable().or(refused),
        ..Facts::default()
    };
    let pinned = to.as_ref().map_or(&wanted, |to| &to.arn);
    let to_param = if name.is_empty() { "last_completed".into() } else { Value::from(&name) };
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: Values::from([("to".to_owned(), to_param)]),
        differences,
        observed,
        decisive: [
            "controller",
            "current",
            "deployment_in_progress",
            "primary_deployment",
            "status",
            "to",
            "to.status",
        ]
        .map(str::to_owned)
        .to_vec(),
        operation: update::OPERATION.into(),
        request: Values::from([("task_definition".to_owned(), pinned.into())]),
        touches,
        value: name,
        facts,
        undo: Some(Undo { action: ID.into(), params: Values::from([("to".to_owned(), (&was).into())]) }),
        owed: None,
        read_at: now,
    }
}

/// What a deployment does to the tasks.
pub(super) fn rolling(service: &Service) -> Vec<Text> {
    let desired = service.desired;
    if desired == 0 {
        return vec!["the desired count is 0: no task will start".into()];
    }
    // ECS rounds the lower bound up and the upper bound down (ECS API Reference, DeploymentConfiguration).
    let least = (desired * service.least_percent + 99).div_euclid(100);
    let most = (desired * service.most_percent).div_euclid(100);
    vec![
        format!("replaces all {desired} tasks: never fewer than {least} healthy, never more than {most} in all").into(),
    ]
}

/// Reads how far a deployment of `revision` is that a plan made.
pub(super) async fn observe(
    session: &Session,
    plan: &Plan,
    revision: &str,
    receipt: Option<&Values>,
    now: Timestamp,
) -> Result<Observation, Fault> {
    let service = service::read(session, &plan.target).await?;
    let sought = Sought::new(plan, revision, receipt);
    let health = health::read(session, &service).await;
    let mut judged = rollout::judge(&service, &sought, &[], &health);
    if judged.standing == Standing::Overtaken {
        // Only AWS's own history tells a rollback by the circuit breaker from another operator's deployment.
        let past = history::list(session, &service, &[]).await.unwrap_or_default();
        judged = rollout::judge(&service, &sought, &past, &health);
    }
    Ok(rollout::observation(&service, &health, plan, judged, now))
}
