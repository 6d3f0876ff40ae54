//! `ecs.scale`: more or fewer tasks. Where Application Auto Scaling sets the desired count, its minimum and nothing
//! else; where nobody does, the desired count and nothing else.

use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::actions::asked::{invalid, whole, words};
use crate::actions::ecs::health::{self, Health};
use crate::actions::ecs::scalable::{self, Cooldown, Scalable};
use crate::actions::ecs::scaled::{self, Field as Written, Now};
use crate::actions::ecs::service::{self, Service};
use crate::actions::ecs::{find, update};
use crate::actions::lists::{Field, joined};
use crate::actions::{Action, Ask, Param, ParamKind, Wanted, sending};
use crate::base::Text;
use crate::cloud::{Operator, Session};
use crate::guard::Authorized;
use crate::model::plan::{Capacity, Owed};
use crate::model::{Difference, Facts, Fault, Observation, Plan, Sent, Target, TargetKind, Undo, Value, Values};

/// The action.
#[derive(Debug)]
pub struct Scale;

const ID: &str = "ecs.scale";
const REGISTER: &str = "application-autoscaling:RegisterScalableTarget";
const PARAMS: [Param; 2] = [
    Param {
        name: "desired",
        kind: ParamKind::Count,
        required: true,
        help: "tasks wanted; the least number of tasks where Application Auto Scaling sets the count",
    },
    Param {
        name: "until",
        kind: ParamKind::Duration,
        required: false,
        help: "for how long, e.g. 2h: by then somebody must bring it back",
    },
];
static READS: [&str; service::READS.len() + find::READS.len() + scalable::READS.len() + health::READS.len()] =
    joined(&[&service::READS, &find::READS, &scalable::READS, &health::READS]);
static FIELDS: [Field; service::FIELDS.len() + scalable::FIELDS.len() + health::FIELDS.len() + 1] =
    joined(&[&service::FIELDS, &scalable::FIELDS, &health::FIELDS, &[RESOURCE_ID]]);
const RESOURCE_ID: Field = ("resource_id", "the service as Application Auto Scaling names it");

impl Action for Scale {
    fn id(&self) -> &'static str {
        ID
    }

    fn title(&self) -> &'static str {
        "Change the number of tasks"
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
        &[REGISTER, update::OPERATION]
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
        if authorized.what().operation == REGISTER {
            return Box::pin(register(operator, authorized));
        }
        Box::pin(update::send(operator, authorized, |request, fields| {
            request.set_desired_count(count(fields, "desired_count"))
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
            let service = service::read(session, &plan.target).await?;
            let (scalable, health) =
                futures_util::future::join(scalable::read(session, &service), health::read(session, &service)).await;
            let scalable = scalable?;
            let now_is = Now { service: &service, scalable: scalable.as_ref(), health: &health };
            Ok(scaled::observation(&now_is, plan, receipt.is_some(), now))
        })
    }
}

fn count(fields: &Values, name: &str) -> Option<i32> {
    fields.get(name).and_then(Value::count).and_then(|count| i32::try_from(count).ok())
}

async fn register(operator: &Operator, authorized: Authorized<Plan>) -> Sent {
    sending::once(
        operator,
        authorized,
        "RegisterScalableTarget",
        async |session: &Session, leave: &Authorized<Plan>| {
            let plan = leave.what();
            let id = plan.observed.get("resource_id").and_then(Value::text).map(|id| id.to_string());
            let request = session.autoscaling().register_scalable_target().service_namespace(ServiceNamespace::Ecs);
            let request = request.set_resource_id(id).scalable_dimension(ScalableDimension::EcsServiceDesiredCount);
            request.set_min_capacity(count(&plan.request, "min_capacity")).send().await.map(|_| Values::new())
        },
    )
    .await
}

/// What a plan is made of.
struct Read {
    service: Service,
    scalable: Option<Scalable>,
    cooldown: Result<Option<Cooldown>, Fault>,
    health: Health,
    asked: i64,
    until: Option<(Text, Timestamp)>,
}

async fn read(ask: &Ask<'_>) -> Result<Plan, Fault> {
    let session = ask.session;
    let asked = whole(ask.params, "desired")?.ok_or_else(|| invalid("desired is needed: how many tasks"))?;
    if !(0..=i64::from(i32::MAX)).contains(&asked) {
        return Err(invalid(format!("desired is a number of tasks, not {asked}")));
    }
    let until = until(words(ask.params, "until")?, ask.now)?;
    let service = service::read(session, ask.target).await?;
    let cooldown = async {
        let scalable = scalable::read(session, &service).await?;
        let cooldown = match &scalable {
            Some(_) => scalable::cooldown(session, &service, ask.now).await,
            None => Ok(None),
        };
        Ok::<_, Fault>((scalable, cooldown))
    };
    let (scaling, health) = futures_util::future::join(cooldown, health::read(session, &service)).await;
    let (scalable, cooldown) = scaling?;
    Ok(judge(ask.target, Read { service, scalable, cooldown, health, asked, until }, ask.now))
}

/// When a length of time from now ends.
fn until(asked: Option<Text>, now: Timestamp) -> Result<Option<(Text, Timestamp)>, Fault> {
    let Some(asked) = asked else { return Ok(None) };
    let wrong = || invalid(format!("until is a length of time such as 2h or 90m, not {asked}"));
    let length: SignedDuration = asked.parse().map_err(|_| wrong())?;
    let ends = now.checked_add(length).ok().filter(|ends| *ends > now).ok_or_else(wrong)?;
    Ok(Some((asked, ends)))
}

fn judge(target: &Target, read: Read, now: Timestamp) -> Plan {
    let Read { service, scalable, cooldown, health, asked, until } = read;
    let written = Written::of(scalable.as_ref());
    let before = written.now(&service, scalable.as_ref());
    let capacity = capacity(&service, scalable.as_ref(), &health, asked);
    let mut observed = service.values();
    scalable::add(scalable.as_ref(), &mut observed);
    health.add(&mut observed);
    observed.insert("resource_id".to_owned(), scalable::resource_id(&service).into());
    let mut params = Values::from([("desired".to_owned(), asked.into())]);
    params.extend(until.as_ref().map(|(asked, _)| ("until".to_owned(), asked.into())));
    let touches = touches(scalable.as_ref(), &cooldown, &capacity, asked);
    let facts = Facts {
        impossible: impossible(&service, scalable.as_ref(), before, asked),
        capacity: vec![capacity],
        obstacle: service.obstacle(),
        owner: service.owner(),
        ..Facts::default()
    };
    let back = Values::from([("desired".to_owned(), before.into())]);
    Plan {
        action: ID.into(),
        target: target.clone(),
        params,
        differences: vec![Difference {
            field: written.words().into(),
            before: before.into(),
            after: asked.into(),
            unit: "tasks".into(),
        }],
        observed,
        decisive: [
            "autoscaling",
            "controller",
            "deployment_in_progress",
            "desired",
            "max",
            "min",
            "status",
            "task_definition",
        ]
        .map(str::to_owned)
        .to_vec(),
        operation: if scalable.is_some() { REGISTER } else { update::OPERATION }.into(),
        request: Values::from([(written.field().to_owned(), asked.into())]),
        touches,
        value: asked.to_string().into(),
        facts,
        undo: Some(Undo { action: ID.into(), params: back }),
        owed: owed(written, &service, before, asked, until.map(|(_, ends)| ends)),
        read_at: now,
    }
}

/// For the floor and the step. A raised minimum never takes tasks away; a lowered one may let them go down to itself.
fn capacity(service: &Service, scalable: Option<&Scalable>, health: &Health, asked: i64) -> Capacity {
    let after = match scalable {
        Some(bounds) if asked >= bounds.min => asked.max(service.desired),
        _ => asked,
    };
    Capacity {
        before: service.desired,
        after,
        healthy: health.of(service.running),
        unit: "tasks".into(),
        // The autoscaler's minimum is what is written: it is no bound of itself.
        least: None,
        most: scalable.map(|bounds| bounds.max),
    }
}

fn impossible(service: &Service, scalable: Option<&Scalable>, before: i64, asked: i64) -> Option<Text> {
    if let Some(why) = service.unusable() {
        return Some(why);
    }
    if service.daemon {
        return Some("a daemon service has no desired count: it runs one task on each container instance".into());
    }
    match scalable {
        Some(bounds) if asked > bounds.max => {
            Some(format!("the minimum cannot be above the maximum {}: raise that first", bounds.max).into())
        }
        Some(_) if asked == before => Some(
            format!("the minimum is {asked} already; Application Auto Scaling has the count at {}", service.desired)
                .into(),
        ),
        None if asked == before => Some(format!("the desired count is {asked} already").into()),
        _ => None,
    }
}

fn touches(
    scalable: Option<&Scalable>,
    cooldown: &Result<Option<Cooldown>, Fault>,
    capacity: &Capacity,
    asked: i64,
) -> Vec<Text> {
    let mut touches: Vec<Text> = Vec::new();
    let mut say = |says: String| touches.push(says.into());
    let (now, after) = (capacity.before, capacity.after);
    match scalable {
        _ if after > now => say(format!("starts {} tasks", after - now)),
        None if after < now => say(format!("stops {} tasks: their connections are drained first", now - after)),
        Some(bounds) if asked < bounds.min => {
            say(format!("stops nothing by itself: Application Auto Scaling may go down to {asked} from then on"));
        }
        Some(_) => say(format!("starts nothing: {now} are wanted already; from then on never fewer than {asked}")),
        None => {}
    }
    let Some(bounds) = scalable else { return touches };
    say("the desired count itself is not touched: Application Auto Scaling sets it".to_owned());
    if !bounds.suspended.is_empty() {
        say(format!("suspended there: {}", bounds.suspended.join(", ")));
    }
    match cooldown {
        Ok(Some(cooldown)) => say(format!(
            "a cool-down is in force until {} after: {} It holds policies back, not a raised minimum",
            cooldown.until.strftime("%H:%M:%SZ"),
            cooldown.after
        )),
        Ok(None) => {}
        Err(fault) => say(format!("whether a cool-down is in force is not known: {fault}")),
    }
    touches
}

/// What was raised must be brought back. What was lowered is no debt.
fn owed(written: Written, service: &Service, before: i64, asked: i64, until: Option<Timestamp>) -> Option<Owed> {
    let by = until.map(|at| format!(" by {}", at.strftime("%Y-%m-%d %H:%MZ"))).unwrap_or_default();
    let says = format!(
        "{} of {} raised from {before} to {asked}: bring it back with {ID} desired={before}{by}; AWS does not by itself",
        written.words(),
        service.name
    );
    (asked > before).then(|| Owed { says: says.into(), ends: None })
}

#[cfg(test)]
#[path = "scale_tests.rs"]
mod tests;
