//! How far our own deployment is: judged from what was read, never from what was hoped.

use jiff::{SignedDuration, Timestamp};

use crate::actions::ecs::health::Health;
use crate::actions::ecs::history::Past;
use crate::actions::ecs::service::{Deployment, Rollout, Service};
use crate::actions::lists::Field;
use crate::base::Text;
use crate::changes::arn::last_part;
use crate::guard::situation::SKEW_S;
use crate::model::{Observation, Plan, Standing, Value, Values};

/// Name that observations have besides those of the service, with its meaning.
pub const MINE: Field = ("mine", "id of our own deployment; none while it is not known");

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// The primary deployment when the plan was made.
    pub before: Text,
    /// `family:revision` that was planned.
    pub revision: Text,
    /// `family:revision` that ran before.
    pub was: Text,
    /// Id in AWS's answer, where there was one.
    pub receipt: Option<Text>,
    /// When the plan was read.
    pub since: Timestamp,
}

/// The judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// How far.
    pub standing: Standing,
    /// In words.
    pub says: String,
    /// Our deployment.
    pub mine: Option<Text>,
    /// State of our deployment, where it is known.
    pub state: Option<&'static str>,
}

impl Sought {
    /// What a plan that makes a deployment looks for.
    pub fn new(plan: &Plan, revision: &str, receipt: Option<&Values>) -> Self {
        let text = |name: &str| plan.observed.get(name).and_then(Value::text).cloned().unwrap_or_default();
        let id = receipt.and_then(|values| values.get("deployment_id")).and_then(Value::text);
        Self {
            before: text("primary_deployment"),
            revision: last_part(revision).into(),
            was: text("current"),
            receipt: id.filter(|id| !id.is_empty()).cloned(),
            since: plan.read_at,
        }
    }

    /// When a deployment that is ours can have been created at the earliest: the clocks may differ.
    pub fn earliest(&self) -> Timestamp {
        self.since.checked_sub(SignedDuration::from_secs(SKEW_S)).unwrap_or(self.since)
    }

    /// The deployment that is ours. With AWS's answer it is the one that was named there. Without it only a primary
    /// deployment can be that came after the plan was read and has exactly its revision.
    fn mine<'a>(&self, service: &'a Service) -> Option<&'a Deployment> {
        match &self.receipt {
            Some(id) => service.deployments.iter().find(|one| one.id == *id),
            None => service.primary().filter(|one| {
                one.id != self.before
                    && one.created.is_some_and(|at| at >= self.earliest())
                    && last_part(&one.task_definition) == &*self.revision
            }),
        }
    }
}

/// Judges. `past` are the service deployments since the plan, where AWS keeps them.
pub fn judge(service: &Service, sought: &Sought, past: &[Past], health: &Health) -> Judged {
    let Some(primary) = service.primary() else {
        let says = "the service has no deployment".to_owned();
        return Judged { standing: Standing::Unclear, says, mine: None, state: None };
    };
    let mine = sought.mine(service);
    let id = mine.map(|one| one.id.clone()).or_else(|| sought.receipt.clone());
    let judged = |standing, says, state| Judged { standing, says, mine: id.clone(), state };
    let move_ = format!("{} → {}", sought.was, sought.revision);
    match mine {
        Some(mine) if mine.primary => own(service, mine, sought, health, &move_, id.clone()),
        Some(mine) if mine.rollout == Some(Rollout::Failed) => {
            let says = format!("{move_} failed: {}; {}", why(&mine.reason), now_runs(service));
            judged(Standing::Failed, says, Some("FAILED"))
        }
        None if sought.receipt.is_none() && primary.id == sought.before => {
            let says = format!("the newest deployment is still {}, of before the plan", primary.id);
            judged(Standing::NotApplied, says, None)
        }
        None if sought.receipt.is_none() => {
            let says = format!("deployment {} of {} is not what was sent", primary.id, service.current());
            judged(Standing::Unclear, says, None)
        }
        _ => match given_up(service, sought, past, id.as_deref()) {
            Some(reason) => {
                let says = format!("{move_} was rolled back: {reason}; {}", now_runs(service));
                judged(Standing::Failed, says, Some("FAILED"))
            }
            None => {
                let says = format!("{move_} was overtaken by deployment {}; {}", primary.id, now_runs(service));
                judged(Standing::Overtaken, says, mine.map(|one| service.state_of(one)))
            }
        },
    }
}

/// Our deployment is the newest: the service becomes what was planned, or fails to.
fn own(
    service: &Service,
    mine: &Deployment,
    sought: &Sought,
    health: &Health,
    move_: &str,
    id: Option<Text>,
) -> Judged {
    let state = service.state_of(mine);
    let judged = |standing, says| Judged { standing, says, mine: id, state: Some(state) };
    if last_part(&mine.task_definition) != &*sought.revision {
        let says = format!("{} has {}, not {}", mine.id, last_part(&mine.task_definition), sought.revision);
        let standing = if mine.id == sought.before { Standing::NotApplied } else { Standing::Overtaken };
        return judged(standing, says);
    }
    let (running, desired, pending) = (service.running, service.desired, service.pending);
    let counts = format!("{} of {desired} tasks running, {pending} pending{}", mine.running, health.says());
    let failed = match mine.failed_tasks {
        0 => String::new(),
        count => format!(", {count} failed to start"),
    };
    if mine.rollout == Some(Rollout::Failed) {
        return judged(Standing::Failed, format!("{move_} failed: {}; {counts}", why(&mine.reason)));
    }
    let complete = state == Rollout::Completed.word()
        && running == desired
        && mine.running == desired
        && pending == 0
        && health.suffices(desired);
    let standing = if complete { Standing::Done } else { Standing::Underway };
    judged(standing, format!("{move_}: {counts}{failed}"))
}

/// Why ECS gave our deployment up, where it says that it did.
fn given_up(service: &Service, sought: &Sought, past: &[Past], mine: Option<&str>) -> Option<String> {
    let told = mine.and_then(|id| {
        let failed = |event: &&Text| event.contains(id) && event.contains("deployment failed");
        service.events.iter().find(failed).map(|event| event.to_string())
    });
    let ours = || past.iter().filter(|one| one.created.is_some_and(|at| at >= sought.earliest()));
    let first = ours().filter(|one| last_part(&one.task_definition) == &*sought.revision).min_by_key(|one| one.created);
    let kept = first.filter(|one| one.gave_up()).map(|one| format!("{} {}", one.status, one.reason).trim().to_owned());
    told.or(kept)
}

fn why(reason: &str) -> &str {
    if reason.is_empty() { "ECS gives no reason" } else { reason }
}

fn now_runs(service: &Service) -> String {
    format!("the service is at {} now, {} of {} tasks running", service.current(), service.running, service.desired)
}

/// The observation of a judgement.
pub fn observation(service: &Service, health: &Health, plan: &Plan, judged: Judged, at: Timestamp) -> Observation {
    let mut values = service.values();
    health.add(&mut values);
    for (name, value) in &plan.observed {
        if !values.contains_key(name) {
            values.insert(name.clone(), value.clone());
        }
    }
    values.insert("mine".to_owned(), judged.mine.into());
    values.insert("deployment.state".to_owned(), judged.state.into());
    Observation { standing: judged.standing, says: judged.says.into(), values, at }
}

#[cfg(test)]
#[path = "rollout_tests.rs"]
mod tests;
