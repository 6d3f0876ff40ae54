//! 3: what was read again just before the send is what was planned and confirmed.

use crate::guard::digest::digest;
use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::rules::of_the_target::of_the_target;
use crate::guard::rules::words::clock;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::{Fault, Plan, Value};

/// Seconds of the operator that may go by between the second reading and the send.
pub const REREAD_AGE_S: f64 = 30.0;

/// One verdict on staleness, and one for each rule of the target that refuses now what it did not refuse before: nobody
/// has seen that refusal, so nobody can have overridden it.
pub(super) fn unchanged(
    plan: &Plan,
    again: &Result<Plan, Fault>,
    policy: &Policy,
    situation: &Situation,
) -> Vec<Verdict> {
    let (guard, name) = (Guard::Staleness, &plan.target.name);
    let again = match again {
        Ok(again) => again,
        Err(fault) => {
            let says = format!("it could not be read again: {fault}");
            return vec![Verdict::refused(guard, name, says, Override::PlanAgain)];
        }
    };
    let against = not_just_now(plan, again, situation).or_else(|| changed(plan, again));
    let staleness = match against {
        Some(says) => Verdict::refused(guard, name, says, Override::PlanAgain),
        None => Verdict::holds(guard, name, "unchanged since the plan"),
    };
    let mut verdicts = vec![staleness.read_at(again.read_at)];
    verdicts.extend(new_refusals(plan, again, policy, situation));
    verdicts
}

fn not_just_now(plan: &Plan, again: &Plan, situation: &Situation) -> Option<String> {
    let (then, now) = (clock(plan.read_at), clock(again.read_at));
    if again.read_at < plan.read_at {
        return Some(format!("what was read again is from {now}, the plan from {then}"));
    }
    let age = situation.operator_seconds_since(again.read_at);
    let just_now = age > -1.0 && age <= REREAD_AGE_S;
    (!just_now).then(|| format!("it was read again at {now}, that is not within {REREAD_AGE_S:.0} s of the send"))
}

/// Which decisive value is another one, both values given.
fn changed(plan: &Plan, again: &Plan) -> Option<String> {
    let then = clock(plan.read_at);
    let differ = |(field, was, is): (&str, &Value, &Value)| {
        (was != is).then(|| format!("{field} was {was} at {then}, is {is} now"))
    };
    let read = |field: &str| again.observed.get(field).unwrap_or(&Value::None);
    let mut says: Vec<String> = plan.decision().filter_map(|(field, was)| differ((field, was, read(field)))).collect();
    if says.is_empty() {
        let same = |field: &str| again.differences.iter().find(|now| now.field == field);
        let before = plan.differences.iter().filter_map(|was| Some((was, same(&was.field)?)));
        says.extend(before.filter_map(|(was, is)| differ((&was.field, &was.before, &is.before))));
    }
    if says.is_empty() && digest(plan) != digest(again) {
        says.push(format!("the plan of {then} would be another one now"));
    }
    (!says.is_empty()).then(|| says.join("; "))
}

fn new_refusals(plan: &Plan, again: &Plan, policy: &Policy, situation: &Situation) -> Vec<Verdict> {
    let known = of_the_target(plan, policy, situation);
    let is_new = |now: &Verdict| !known.iter().any(|then| then.rule == now.rule && then.says == now.says);
    let refusals = of_the_target(again, policy, situation).into_iter().filter(Verdict::refuses).filter(is_new);
    refusals
        .map(|refusal| Verdict {
            over: if refusal.over == Override::Never { Override::Never } else { Override::PlanAgain },
            ..refusal
        })
        .collect()
}
