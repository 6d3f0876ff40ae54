//! The rules themselves. Each file holds the rules about one thing; each rule is a pure function to a verdict.

use jiff::Timestamp;

use crate::guard::given::Given;
use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::situation::Situation;
use crate::guard::verdict::{Judged, Verdict};
use crate::model::record::Overridden;
use crate::model::{Fault, Plan};

mod again;
mod approval;
mod capacity;
mod inverse;
mod of_the_target;
mod order;
mod people;
mod several;
mod target;
mod time;
mod who;
mod words;

pub use again::REREAD_AGE_S;
pub use approval::{APPROVAL_S, EXECUTION_S};
pub use time::PLAN_AGE_S;

/// Every guard's verdict on a plan, in the order of the guards. What is asked only later says so.
pub fn judge(plan: &Plan, policy: &Policy, situation: &Situation, overridden: &[Overridden]) -> Vec<Verdict> {
    let mut verdicts = of_the_target::of_the_target(plan, policy, situation);
    verdicts.extend([
        who::identity(plan, situation),
        time::fresh(plan, situation),
        Verdict::later(Guard::Intent, "", "written and synced to disk before the send"),
        order::unknown_outcome(plan, situation),
        Verdict::later(Guard::Confirmation, "", people::demand(plan, policy, situation)),
        who::armed(situation),
        Verdict::later(Guard::Verify, "", "our own change, then the signal, on fresh data"),
        order::lock(plan, policy, situation),
        approval::approval(plan, policy, situation),
        time::freeze(plan, situation),
        order::pace(plan, situation),
        who::records(situation),
        Verdict::holds(Guard::Text, "", "texts from outside are inert and never part of a request"),
        who::trust(policy, situation),
    ]);
    verdicts.sort_by_key(|verdict| verdict.guard);
    let mut verdicts = going_back(verdicts, policy);
    for verdict in &mut verdicts {
        apply(verdict, overridden);
    }
    verdicts
}

/// The rules that can be asked only when everything is ready to be sent. None of them can be overridden.
pub(in crate::guard) fn at_the_send(
    plan: &Plan,
    again: &Result<Plan, Fault>,
    policy: &Policy,
    situation: &Situation,
    given: &Given,
    intent_at: Option<Timestamp>,
) -> Vec<Verdict> {
    let mut verdicts = again::unchanged(plan, again, policy, situation);
    verdicts.extend([
        who::planned(situation),
        people::confirmed(plan, policy, situation, given),
        order::lock_taken(plan, situation),
        who::intent(intent_at),
    ]);
    going_back(verdicts, policy)
}

/// The verdicts as they count for this runbook: fewer refuse what brings an applied change back.
fn going_back(verdicts: Vec<Verdict>, policy: &Policy) -> Vec<Verdict> {
    if policy.inverse { verdicts.into_iter().map(inverse::exempt).collect() } else { verdicts }
}

/// Whether what the operator typed confirms the plan, and why not.
pub fn confirmation(plan: &Plan, policy: &Policy, situation: &Situation, given: &Given) -> Verdict {
    people::confirmed(plan, policy, situation, given)
}

/// Turns a refusal into an override where its name was given, with a reason where one is needed.
fn apply(verdict: &mut Verdict, overridden: &[Overridden]) {
    if !verdict.refuses() {
        return;
    }
    let is_enough = |given: &&Overridden| match verdict.over {
        Override::Named => true,
        Override::NamedWithReason => !given.reason.trim().is_empty(),
        Override::Never | Override::PlanAgain | Override::Person => false,
    };
    if let Some(given) = overridden.iter().filter(|given| given.rule == verdict.rule).find(is_enough) {
        verdict.judged = Judged::Overridden { reason: given.reason.clone() };
    }
}

#[cfg(test)]
mod tests;
