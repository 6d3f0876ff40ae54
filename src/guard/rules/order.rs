//! One thing at a time: nothing unknown before it, nothing under way, nobody else at it.

use crate::guard::id::{Guard, Override};
use crate::guard::situation::{LockState, Situation};
use crate::guard::verdict::Verdict;
use crate::model::Plan;

/// 5: no earlier outcome at this target is unknown.
pub(super) fn unknown_outcome(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::UnknownOutcome, &plan.target.name);
    match situation.unresolved.as_slice() {
        [] => Verdict::holds(guard, name, "no earlier outcome is unknown"),
        runs => {
            let runs: Vec<&str> = runs.iter().map(|run| run.as_str()).collect();
            let says = format!("the outcome of {} is unknown", runs.join(", "));
            Verdict::refused(guard, name, says, Override::Person)
        }
    }
}

/// 8: nothing is under way at the target.
pub(super) fn in_flight(plan: &Plan) -> Verdict {
    let (guard, name) = (Guard::InFlight, &plan.target.name);
    match &plan.facts.obstacle {
        None => Verdict::holds(guard, name, "nothing is under way").read_at(plan.read_at),
        Some(obstacle) => Verdict::refused(guard, name, obstacle.says.clone(), Override::Named)
            .read_at(plan.read_at)
            .offering(obstacle.offer.clone()),
    }
}

/// 13: the lock of the target.
pub(super) fn lock(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Lock, &plan.target.name);
    match &situation.lock {
        LockState::Ours => Verdict::holds(guard, name, "held by this run"),
        LockState::Free => Verdict::holds(guard, name, "free"),
        LockState::Held { holder, reason, until } => {
            let mut says = format!("{holder} holds it: {reason}");
            if let Some(until) = until {
                says = format!("{says}, until {}", super::who::clock(*until));
            }
            if !situation.clock_is_reliable() {
                says = format!("{says}; the clock is off, its end cannot be judged");
            }
            Verdict::refused(guard, name, says, Override::NamedWithReason)
        }
        LockState::Unreadable(why) => {
            let says = format!("the lock cannot be read: {why}");
            Verdict::refused(guard, name, says, Override::NamedWithReason)
        }
    }
}

/// 17: one run at a target at a time, and each plan is sent once.
pub(super) fn pace(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Pace, &plan.target.name);
    match &situation.busy {
        None => Verdict::holds(guard, name, "one change at a time"),
        Some(run) => Verdict::refused(guard, name, format!("{run} is still at it"), Override::NamedWithReason),
    }
}
