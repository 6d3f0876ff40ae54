//! The rules that look at the target as it was read: asked of the plan, and of what is read again before the send.

use crate::guard::policy::Policy;
use crate::guard::rules::{capacity, order, target};
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::Plan;

/// Their verdicts.
pub(super) fn of_the_target(plan: &Plan, policy: &Policy, situation: &Situation) -> Vec<Verdict> {
    let always = [
        target::pinned(plan, policy, situation),
        capacity::floor(plan, policy),
        target::rollback(plan),
        order::in_flight(plan),
        target::ownership(plan),
        target::mute(plan, situation),
    ];
    always.into_iter().chain(target::impossible(plan)).collect()
}
