//! Whether a number of tasks that we set is there, and whether the tasks are.

use jiff::{SignedDuration, Timestamp};

use crate::actions::ecs::health::Health;
use crate::actions::ecs::scalable::{self, Scalable};
use crate::actions::ecs::service::Service;
use crate::model::{Observation, Plan, Standing, Value};

/// Seconds after the plan within which an accepted change may not be readable yet.
const SETTLES_S: i64 = 30;

/// Which number was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The scalable target's minimum.
    Minimum,
    /// The service's desired count.
    Desired,
}

impl Field {
    /// Which one is to be written.
    pub fn of(scalable: Option<&Scalable>) -> Self {
        if scalable.is_some() { Self::Minimum } else { Self::Desired }
    }

    /// Its name in the request of a plan.
    pub fn field(self) -> &'static str {
        match self {
            Self::Minimum => "min_capacity",
            Self::Desired => "desired_count",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Minimum => "minimum of Application Auto Scaling",
            Self::Desired => "desired count",
        }
    }

    /// As it is.
    pub fn now(self, service: &Service, scalable: Option<&Scalable>) -> i64 {
        match (self, scalable) {
            (Self::Minimum, Some(bounds)) => bounds.min,
            _ => service.desired,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Minimum => "min",
            Self::Desired => "desired",
        }
    }
}

/// What was read.
#[derive(Debug)]
pub struct Now<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its scalable target.
    pub scalable: Option<&'a Scalable>,
    /// Its targets.
    pub health: &'a Health,
}

/// Judges. `accepted` is true where AWS answered that it took the request.
pub fn observation(now_is: &Now<'_>, plan: &Plan, accepted: bool, at: Timestamp) -> Observation {
    let mut values = now_is.service.values();
    scalable::add(now_is.scalable, &mut values);
    now_is.health.add(&mut values);
    let (standing, says) = judge(now_is, plan, accepted, at);
    Observation { standing, says: says.into(), values, at }
}

fn judge(now_is: &Now<'_>, plan: &Plan, accepted: bool, at: Timestamp) -> (Standing, String) {
    let Now { service, scalable, health } = now_is;
    let written = if plan.request.contains_key(Field::Minimum.field()) { Field::Minimum } else { Field::Desired };
    let count = |value: Option<&Value>| value.and_then(Value::count);
    let sent = count(plan.request.get(written.field()));
    let before = count(plan.observed.get(written.name()));
    let (Some(sent), Some(before)) = (sent, before) else {
        return (Standing::Unclear, "the plan does not say what was sent".to_owned());
    };
    let what = written.words();
    if written == Field::Minimum && scalable.is_none() {
        let standing = if accepted { Standing::Overtaken } else { Standing::Unclear };
        return (standing, "the scalable target is gone".to_owned());
    }
    let now = written.now(service, *scalable);
    let running = service.running;
    if now == sent {
        let wanted = if written == Field::Minimum { sent.max(service.desired) } else { sent };
        let counted = if written == Field::Minimum { running >= sent } else { running == sent && service.pending == 0 };
        let done = counted && health.suffices(sent.min(wanted));
        let standing = if done { Standing::Done } else { Standing::Underway };
        let says =
            format!("{what} {before} → {sent}: {running} of {wanted} tasks running, {} pending", service.pending);
        return (standing, format!("{says}{}", health.says()));
    }
    let by = if written == Field::Desired && scalable.is_some() { "autoscaling" } else { "somebody else" };
    match (accepted, now == before) {
        (false, true) => (Standing::NotApplied, format!("{what} is {now} as before")),
        (false, false) => {
            (Standing::Unclear, format!("{what} is {now}: neither {before} as before nor {sent} as sent"))
        }
        // An autoscaler that has come is reason enough; without one the change may only not be readable yet.
        (true, true) if by != "autoscaling" && at < settled(plan) => {
            (Standing::Underway, format!("AWS took {sent} and still shows {what} {now}"))
        }
        (true, _) => (Standing::Overtaken, format!("applied, then changed by {by} {sent} → {now}")),
    }
}

fn settled(plan: &Plan) -> Timestamp {
    plan.read_at.checked_add(SignedDuration::from_secs(SETTLES_S)).unwrap_or(plan.read_at)
}
