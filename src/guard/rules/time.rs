//! What time does to a plan: it grows old, and calendars close.

use crate::guard::id::{Guard, Override};
use crate::guard::rules::words::clock_is_off;
use crate::guard::situation::{Freeze, Situation};
use crate::guard::verdict::Verdict;
use crate::model::Plan;

/// Seconds of the operator that a plan may be old.
pub const PLAN_AGE_S: f64 = 120.0;

/// 3: the plan is young and was not used.
pub(super) fn fresh(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Staleness, &plan.target.name);
    let refuse = |says: String| Verdict::refused(guard, name, says, Override::PlanAgain).read_at(plan.read_at);
    if situation.used {
        return refuse("this plan was sent already".to_owned());
    }
    let age = situation.operator_seconds_since(plan.read_at);
    if age <= -1.0 {
        return refuse(format!("the plan is {:.0} s from the future: its age is not known", -age));
    }
    if age > PLAN_AGE_S {
        return refuse(format!("the plan is {:.0} s old, allowed are {PLAN_AGE_S:.0} s", age.ceil()));
    }
    Verdict::holds(guard, name, format!("the plan is {:.0} s old", age.max(0.0))).read_at(plan.read_at)
}

/// 16: no change freeze. Going back is always allowed.
pub(super) fn freeze(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Freeze, &situation.environment.name);
    let refuse = |says: String| Verdict::refused(guard, name, says, Override::NamedWithReason);
    if plan.facts.is_rollback {
        return Verdict::holds(guard, name, "going back is exempt");
    }
    if !situation.clock_is_reliable() {
        return refuse(clock_is_off(situation, "change freezes"));
    }
    match &situation.freeze {
        Freeze::Off => Verdict::holds(guard, name, "no change freeze"),
        Freeze::On { says, until } => {
            refuse(format!("change freeze until {}: {says}", until.strftime("%Y-%m-%d %H:%MZ")))
        }
        Freeze::Unreadable(why) => refuse(format!("the calendar cannot be read, so it counts as closed: {why}")),
    }
}
