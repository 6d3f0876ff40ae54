//! `ecs.stop_deployment`: StopServiceDeployment with ROLLBACK for the deployment in progress.

use aws_sdk_ecs::types::{
    ServiceDeployment, ServiceDeploymentRollbackMonitorsStatus, ServiceDeploymentStatus, StopServiceDeploymentStopType,
};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::actions::ecs::find;
use crate::actions::ecs::health::{self, Health};
use crate::actions::ecs::history::{self, Past};
use crate::actions::ecs::service::{self, Service};
use crate::actions::lists::{Field, joined};
use crate::actions::targets::gone;
use crate::actions::{Action, Ask, Param, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::{
    Difference, Facts, Fault, Observation, Plan, Sent, Standing, Target, TargetKind, Undo, Value, Values,
};

/// The action.
#[derive(Debug)]
pub struct StopDeployment;

const ID: &str = "ecs.stop_deployment";
const OPERATION: &str = "ecs:StopServiceDeployment";
const DESCRIBE: [&str; 1] = ["ecs:DescribeServiceDeployments"];
static READS: [&str; service::READS.len() + find::READS.len() + history::READS.len() + health::READS.len() + 1] =
    joined(&[&service::READS, &find::READS, &history::READS, &health::READS, &DESCRIBE]);
const OWN: [Field; 3] = [
    ("service_deployment", "ARN of the service deployment in progress; none where there is none"),
    ("service_deployment.status", "ECS's word for it: PENDING, IN_PROGRESS, ROLLBACK_SUCCESSFUL, …"),
    ("back_to", "family:revision that it goes back to, where ECS says"),
];
static FIELDS: [Field; service::FIELDS.len() + health::FIELDS.len() + OWN.len()] =
    joined(&[&service::FIELDS, &health::FIELDS, &OWN]);

impl Action for StopDeployment {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Stop the deployment in progress and roll it back"
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
        &[OPERATION]
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn find<'a>(&'a self, session: &'a Session, wanted: &'a Wanted) -> BoxFuture<'a, Result<Vec<Target>, Fault>> {
        Box::pin(find::services(session, wanted))
    }

    fn plan<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Plan, Fault>> {
        Box::pin(read(ask))
    }

    fn send<'a>(&'a self, operator: &'a Operator, authorized: Authorized<Plan>) -> BoxFuture<'a, Sent> {
        Box::pin(sending::once(
            operator,
            authorized,
            "StopServiceDeployment",
            async |session: &Session, leave: &Authorized<Plan>| {
                let fields = &leave.what().request;
                let text = |name: &str| fields.get(name).and_then(Value::text).map(|text| text.to_string());
                let request = session.ecs().stop_service_deployment();
                let request = request.set_service_deployment_arn(text("service_deployment_arn"));
                let answer = request.set_stop_type(text("stop_type").as_deref().map(Into::into)).send().await?;
                let arn = answer.service_deployment_arn().map(Text::new);
                Ok(Values::from([("service_deployment".to_owned(), arn.into())]))
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
        Box::pin(observe(session, plan, receipt.is_some(), now))
    }
}

/// What a plan is made of.
struct Read {
    service: Service,
    going: Option<Past>,
    back_to: Option<Text>,
}

async fn read(ask: &Ask<'_>) -> Result<Plan, Fault> {
    let session = ask.session;
    let service = service::read(session, ask.target).await?;
    let states = [
        ServiceDeploymentStatus::Pending,
        ServiceDeploymentStatus::InProgress,
        ServiceDeploymentStatus::StopRequested,
        ServiceDeploymentStatus::RollbackRequested,
        ServiceDeploymentStatus::RollbackInProgress,
    ];
    let going = history::list(session, &service, &states).await?.into_iter().next();
    let back_to = match &going {
        Some(going) => back_to(session, &going.arn).await?,
        None => None,
    };
    Ok(judge(ask.target, Read { service, going, back_to }, ask.now))
}

async fn describe(session: &Session, arn: &str) -> Result<ServiceDeployment, Fault> {
    let request = session.ecs().describe_service_deployments().service_deployment_arns(arn);
    let answer = request.send().await.map_err(|error| session.fault("DescribeServiceDeployments", &error))?;
    let found = answer.service_deployments().iter().find(|one| one.service_deployment_arn() == Some(arn));
    found.cloned().ok_or_else(|| gone("DescribeServiceDeployments", "the service deployment", arn))
}

/// `family:revision` that ran before a service deployment; `None` where ECS does not say.
async fn back_to(session: &Session, arn: &str) -> Result<Option<Text>, Fault> {
    let deployment = describe(session, arn).await?;
    let sources: Vec<String> =
        deployment.source_service_revisions().iter().filter_map(|one| one.arn().map(str::to_owned)).collect();
    let names = history::revisions(session, &sources).await?;
    Ok(sources.first().and_then(|arn| names.get(arn)).cloned())
}

fn judge(target: &Target, read: Read, now: Timestamp) -> Plan {
    let Read { service, going, back_to } = read;
    let stoppable = going.as_ref().filter(|one| one.can_be_stopped());
    let status: Option<&Text> = going.as_ref().map(|one| &one.status);
    let mut observed = service.values();
    for (name, value) in [
        ("service_deployment", stoppable.map(|one| &one.arn).into()),
        ("service_deployment.status", status.into()),
        ("back_to", back_to.as_ref().into()),
    ] {
        observed.insert(name.to_owned(), value);
    }
    let owner = service.owner();
    let impossible = match (stoppable, &going) {
        (Some(_), _) => None,
        (None, Some(going)) => Some(format!("the deployment is {} already", going.status).into()),
        (None, None) => Some("no deployment is in progress: there is nothing to stop".into()),
    };
    let current = Text::new(service.current());
    let mut differences = vec![Difference {
        field: "deployment in progress".into(),
        before: status.into(),
        after: "ROLLBACK_REQUESTED".into(),
        unit: Text::default(),
    }];
    if let Some(back_to) = &back_to {
        differences.push(Difference {
            field: "task definition".into(),
            before: (&current).into(),
            after: back_to.into(),
            unit: Text::default(),
        });
    }
    let mut touches: Vec<Text> = vec!["tasks of the new revision stop, the old one's are started again".into()];
    if back_to.is_none() && stoppable.is_some() {
        touches.push("ECS does not say which revision it goes back to".into());
    }
    touches.push("code goes back, the database's schema and data do not".into());
    let again = Values::from([("to".to_owned(), (&current).into())]);
    Plan {
        action: ID.into(),
        target: target.clone(),
        params: Values::new(),
        differences,
        observed,
        decisive: ["back_to", "current", "service_deployment", "status"].map(str::to_owned).to_vec(),
        operation: OPERATION.into(),
        request: Values::from([
            ("service_deployment_arn".to_owned(), stoppable.map(|one| &one.arn).into()),
            ("stop_type".to_owned(), StopServiceDeploymentStopType::Rollback.as_str().into()),
        ]),
        touches,
        value: back_to.unwrap_or_else(|| "rollback".into()),
        facts: Facts { owner, is_rollback: true, impossible: service.unusable().or(impossible), ..Facts::default() },
        undo: Some(Undo { action: "ecs.rollback".into(), params: again }),
        owed: None,
        read_at: now,
    }
}

async fn observe(session: &Session, plan: &Plan, accepted: bool, now: Timestamp) -> Result<Observation, Fault> {
    let arn = plan.request.get("service_deployment_arn").and_then(Value::text).cloned().unwrap_or_default();
    let service = service::read(session, &plan.target).await?;
    let (deployment, health) =
        futures_util::future::join(describe(session, &arn), health::read(session, &service)).await;
    let deployment = deployment?;
    let status = Text::new(deployment.status().map_or("unknown", ServiceDeploymentStatus::as_str));
    let (standing, says) = match gives_up_by_itself(&deployment) && !accepted {
        true => (Standing::Unclear, format!("the deployment is {status}, by ECS's own decision to roll it back")),
        false => standing(&status, &service, &health, accepted),
    };
    let mut values = service.values();
    health.add(&mut values);
    for name in ["back_to", "service_deployment"] {
        values.insert(name.to_owned(), plan.observed.get(name).cloned().unwrap_or_default());
    }
    values.insert("service_deployment.status".to_owned(), (&status).into());
    Ok(Observation { standing, says: says.into(), values, at: now })
}

/// True where the circuit breaker or an alarm made ECS give the deployment up: nobody need have asked for that.
fn gives_up_by_itself(deployment: &ServiceDeployment) -> bool {
    let triggered = Some(&ServiceDeploymentRollbackMonitorsStatus::Triggered);
    deployment.deployment_circuit_breaker().is_some_and(|breaker| breaker.status() == triggered)
        || deployment.alarms().is_some_and(|alarms| alarms.status() == triggered)
}

/// The service deployment's own status tells, and then whether the old revision's tasks run.
fn standing(status: &str, service: &Service, health: &Health, accepted: bool) -> (Standing, String) {
    let counts = format!(
        "{}, {} of {} tasks running, {} pending{}",
        service.current(),
        service.running,
        service.desired,
        service.pending,
        health.says()
    );
    let steady = service.running == service.desired && service.pending == 0 && health.suffices(service.desired);
    let standing = match status {
        "ROLLBACK_SUCCESSFUL" | "STOPPED" if steady => Standing::Done,
        "ROLLBACK_SUCCESSFUL" | "STOPPED" | "STOP_REQUESTED" | "ROLLBACK_REQUESTED" | "ROLLBACK_IN_PROGRESS" => {
            Standing::Underway
        }
        "ROLLBACK_FAILED" => Standing::Failed,
        "PENDING" | "IN_PROGRESS" if accepted => Standing::Underway,
        "PENDING" | "IN_PROGRESS" => Standing::NotApplied,
        "SUCCESSFUL" if accepted => Standing::Overtaken,
        "SUCCESSFUL" => Standing::NotApplied,
        _ => Standing::Unclear,
    };
    (standing, format!("the deployment is {status}: {counts}"))
}

#[cfg(test)]
mod tests {
    use aws_sdk_ecs::types::{ServiceDeploymentAlarms, ServiceDeploymentCircuitBreaker};

    use super::*;

    #[test]
    fn a_rollback_of_the_circuit_breaker_or_an_alarm_is_ecs_own() {
        use ServiceDeploymentRollbackMonitorsStatus::{Monitoring, Triggered};
        for (breaker, alarms, expected) in
            [(Monitoring, Monitoring, false), (Triggered, Monitoring, true), (Monitoring, Triggered, true)]
        {
            let breaker = ServiceDeploymentCircuitBreaker::builder().status(breaker).build();
            let alarms = ServiceDeploymentAlarms::builder().status(alarms).build();
            let deployment = ServiceDeployment::builder().deployment_circuit_breaker(breaker).alarms(alarms).build();
            assert_eq!(gives_up_by_itself(&deployment), expected);
        }
        assert!(!gives_up_by_itself(&ServiceDeployment::builder().build()));
    }
}
