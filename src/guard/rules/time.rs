//! What time does to a plan: it grows old, the world changes under it, and calendars close.

use crate::base::clock::seconds_between;
use crate::guard::id::{Guard, Override};
use crate::guard::situation::{Freeze, Situation};
use crate::guard::verdict::Verdict;
use crate::model::{Fault, Plan};

/// Seconds of the operator that a plan may be old.
pub const PLAN_AGE_S: f64 = 120.0;

/// 3: the plan is young and was not used.
#[allow(clippy::cast_precision_loss, reason = "seconds")]
pub(super) fn fresh(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Staleness, &plan.target.name);
    if situation.used {
        return Verdict::refused(guard, name, "this plan was sent already", Override::PlanAgain);
    }
    let age = seconds_between(plan.read_at, situation.now) as f64 / situation.pace.max(1.0);
    if age > PLAN_AGE_S {
        let says = format!("the plan is {age:.0} s old, allowed are {PLAN_AGE_S:.0} s");
        return Verdict::refused(guard, name, says, Override::PlanAgain);
    }
    Verdict::holds(guard, name, format!("the plan is {age:.0} s old")).read_at(plan.read_at)
}

/// 3: read again just before the send, every decisive field is the same.
pub(super) fn unchanged(plan: &Plan, again: &Result<Plan, Fault>) -> Verdict {
    let (guard, name) = (Guard::Staleness, &plan.target.name);
    let again = match again {
        Ok(again) => again,
        Err(fault) => {
            let says = format!("it could not be read again: {fault}");
            return Verdict::refused(guard, name, says, Override::PlanAgain);
        }
    };
    let then = super::who::clock(plan.read_at);
    let changed = plan.decision().zip(again.decision()).find(|((_, was), (_, is))| was != is);
    let verdict = match changed {
        Some(((field, was), (_, is))) => {
            let says = format!("{field} was {was} at {then}, is {is} now");
            Verdict::refused(guard, name, says, Override::PlanAgain)
        }
        None if plan.decisive != again.decisive || plan.target != again.target || plan.request != again.request => {
            let says = format!("the plan of {then} would be another one now");
            Verdict::refused(guard, name, says, Override::PlanAgain)
        }
        None => Verdict::holds(guard, name, "unchanged since the plan"),
    };
    verdict.read_at(again.read_at)
}

/// 16: no change freeze. Going back is always allowed.
pub(super) fn freeze(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Freeze, &situation.environment.name);
    let refuse = |says: String| Verdict::refused(guard, name, says, Override::NamedWithReason);
    let verdict = match &situation.freeze {
        Freeze::Off => Verdict::holds(guard, name, "no change freeze"),
        Freeze::On { says, until } => {
            refuse(format!("change freeze until {}: {says}", until.strftime("%Y-%m-%d %H:%MZ")))
        }
        Freeze::Unreadable(why) => refuse(format!("the calendar cannot be read, so it counts as closed: {why}")),
    };
    if plan.facts.is_rollback {
        return Verdict::holds(guard, name, "going back is exempt");
    }
    if !situation.clock_is_reliable() {
        let skew = situation.skew_s.unwrap_or_default();
        return refuse(format!("the clock is {skew} s off AWS's: change freezes cannot be judged"));
    }
    verdict
}
