//! The rules themselves. Each file holds the rules about one thing; each rule is a pure function to a verdict.

use jiff::Timestamp;

use crate::guard::given::Given;
use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::situation::Situation;
use crate::guard::verdict::{Judged, Verdict};
use crate::model::record::Overridden;
use crate::model::{Fault, Plan};

mod capacity;
mod order;
mod people;
mod target;
mod time;
mod who;

/// Every guard's verdict on a plan, in the order of the guards. What is asked only later says so.
pub fn judge(plan: &Plan, policy: &Policy, situation: &Situation, overridden: &[Overridden]) -> Vec<Verdict> {
    let mut verdicts = vec![
        who::identity(plan, situation),
        target::pinned(plan, policy, situation),
        time::fresh(plan, situation),
        Verdict::later(Guard::Intent, "", "written and synced to disk before the send"),
        order::unknown_outcome(plan, situation),
        capacity::floor(plan, policy),
        target::rollback(plan),
        order::in_flight(plan),
        Verdict::later(Guard::Confirmation, "", people::demand(plan, policy, situation)),
        who::armed(situation),
        Verdict::later(Guard::Verify, "", "our own change, then the signal, on fresh data"),
        target::ownership(plan),
        order::lock(plan, situation),
        target::mute(plan, situation),
        people::approval(plan, policy, situation),
        time::freeze(plan, situation),
        order::pace(plan, situation),
        who::records(situation),
        Verdict::holds(Guard::Text, "", "texts from outside are inert and never part of a request"),
        who::trust(policy, situation),
    ];
    if let Some(says) = &plan.facts.impossible {
        verdicts.push(Verdict::refused(Guard::Target, "impossible", says.clone(), Override::Never));
    }
    for verdict in &mut verdicts {
        apply(verdict, overridden, situation);
    }
    verdicts
}

/// The rules that can be asked only when everything is ready to be sent.
pub(in crate::guard) fn at_the_send(
    plan: &Plan,
    again: &Result<Plan, Fault>,
    policy: &Policy,
    situation: &Situation,
    given: &Given,
    intent_at: Option<Timestamp>,
) -> Vec<Verdict> {
    vec![time::unchanged(plan, again), people::confirmed(plan, policy, situation, given), who::intent(intent_at)]
}

/// Turns a refusal into an override where its name was given, with a reason where one is needed.
fn apply(verdict: &mut Verdict, overridden: &[Overridden], situation: &Situation) {
    if !verdict.refuses() {
        return;
    }
    let Some(given) = overridden.iter().find(|given| given.rule == verdict.rule) else { return };
    let reason = given.reason.trim();
    let enough = match verdict.over {
        Override::Named => true,
        Override::NamedWithReason => !reason.is_empty(),
        Override::Never | Override::PlanAgain | Override::Person => false,
    };
    // Two things at once at one target are never for production.
    let never = verdict.guard == Guard::Pace && situation.environment.tier == crate::model::Tier::Production;
    if enough && !never {
        verdict.judged = Judged::Overridden { reason: given.reason.clone() };
    }
}
