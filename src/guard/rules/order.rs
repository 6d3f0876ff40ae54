//! One thing at a time: nothing unknown before it, nothing under way, nobody else at it.

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::rules::words::{clock_is_off, clock_seen};
use crate::guard::situation::{LockState, Situation};
use crate::guard::verdict::Verdict;
use crate::model::{Plan, Tier};

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

/// 13: the lock of the target. Where the clock is off, nobody knows whose lock has ended; going back does not wait for
/// that.
pub(super) fn lock(plan: &Plan, policy: &Policy, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Lock, &plan.target.name);
    let refuse = |says: String| Verdict::refused(guard, name, says, Override::NamedWithReason);
    let ours = |says: &str| {
        if situation.clock_is_reliable() || policy.inverse || plan.facts.is_rollback {
            Verdict::holds(guard, name, says)
        } else {
            refuse(format!("{says}, but {}", clock_is_off(situation, "the end of locks")))
        }
    };
    match &situation.lock {
        LockState::Ours => ours("held by this run"),
        LockState::Free => ours("free"),
        LockState::Held { holder, reason, until } => {
            let mut says = format!("{holder} holds it: {reason}");
            if let Some(until) = until {
                says = format!("{says}, until {}", clock_seen(*until, situation.now));
            }
            if !situation.clock_is_reliable() {
                says = format!("{says}; {}", clock_is_off(situation, "its end"));
            }
            refuse(says)
        }
        LockState::Unreadable(why) => refuse(format!("the lock cannot be read: {why}")),
    }
}

/// 13: at the send the lock was taken, not only seen to be free.
pub(super) fn lock_taken(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Lock, &plan.target.name);
    match situation.lock {
        LockState::Free => Verdict::refused(guard, name, "the lock was not taken", Override::PlanAgain),
        _ => Verdict::holds(guard, name, "taken"),
    }
}

/// 17: one run at a target at a time. Two at once are never for production.
pub(super) fn pace(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Pace, &plan.target.name);
    let over = match situation.environment.tier {
        Tier::Production => Override::Never,
        Tier::Staging | Tier::Development => Override::NamedWithReason,
    };
    match &situation.busy {
        None => Verdict::holds(guard, name, "one change at a time"),
        Some(run) => Verdict::refused(guard, name, format!("{run} is still at it, one change at a time"), over),
    }
}
