//! `ecs.redeploy`: UpdateService with forceNewDeployment and nothing else: new tasks of the same revision.

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::actions::ecs::service::{self, Service};
use crate::actions::ecs::{find, health, history, rollback, rollout, update};
use crate::actions::lists::{Field, joined};
use crate::actions::{Action, Ask, Param, Wanted};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{Difference, Facts, Fault, Observation, Plan, Sent, Target, TargetKind, Value, Values};

/// The action.
#[derive(Debug)]
pub struct Redeploy;

const ID: &str = "ecs.redeploy";
static READS: [&str; service::READS.len() + find::READS.len() + history::READS.len() + health::READS.len()] =
    joined(&[&service::READS, &find::READS, &history::READS, &health::READS]);
static FIELDS: [Field; service::FIELDS.len() + health::FIELDS.len() + 1] =
    joined(&[&service::FIELDS, &health::FIELDS, &[rollout::MINE]]);

impl Action for Redeploy {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Replace all tasks by new ones of the same revision"
    }

    fn kind(&self) -> TargetKind {
        TargetKind::EcsService
    }

    fn params(&self) -> &'static [Param] {
        &[]
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

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(async move {
            let service = service::read(ask.session, ask.target).await?;
            Ok(judge(ask.target, &service, ask.now))
        })
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(update::send(operator, authorized, |request, fields| {
            request.set_force_new_deployment(fields.get("force_new_deployment").and_then(Value::flag))
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
            let same = plan.observed.get("current").and_then(Value::text).cloned().unwrap_or_default();
            rollback::observe(session, plan, &same, receipt, now).await
        })
    }
}

fn judge(target: &Target, service: &Service, now: Timestamp) -> Plan {
    let current = Text::new(service.current());
    let before = service.primary().map(|one| &one.id);
    let mut touches = rollback::rolling(service);
    touches.push("a tag that was pushed anew is pulled anew: the same revision can be another image".into());
    let owner = service.owner();
    let refused = owner
        .as_ref()
        .map(|owner| Text::new(format!("ECS refuses a new deployment where {} deploys: {}", owner.who, owner.instead)));
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: Values::new(),
        differences: vec![Difference {
            field: "deployment".into(),
            before: before.into(),
            after: format!("a new one of {current}").into(),
            unit: Text::default(),
        }],
        observed: service.values(),
        decisive: ["controller", "current", "deployment_in_progress", "primary_deployment", "status"]
            .map(str::to_owned)
            .to_vec(),
        operation: update::OPERATION.into(),
        request: Values::from([("force_new_deployment".to_owned(), true.into())]),
        touches,
        value: current,
        facts: Facts {
            obstacle: service.obstacle(),
            owner,
            impossible: service.unusable().or(refused),
            ..Facts::default()
        },
        undo: None,
        owed: None,
        read_at: now,
    }
}
