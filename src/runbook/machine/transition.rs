//! One event, one step of the state: up to the confirmation here; what follows is in the files beside.

use jiff::Timestamp;

use crate::config::runbook::Truth;
use crate::guard::Situation;
use crate::model::record::Overridden;
use crate::model::{Fault, Plan};
use crate::runbook::machine::effect::Effect;
use crate::runbook::machine::event::Event;
use crate::runbook::machine::judging::rejudge;
use crate::runbook::machine::reading::without_credentials;
use crate::runbook::machine::run::{Phase, Run};
use crate::runbook::machine::{closing, sending, verifying};

/// What the driver does first.
pub fn begin(run: &Run) -> Vec<Effect> {
    vec![Effect::Plan(run.params_of_first_send())]
}

/// Takes an event into account. What does not fit where the run is changes nothing.
pub fn step(run: &mut Run, event: Event, now: Timestamp) -> Vec<Effect> {
    match (run.phase, event) {
        (Phase::Closed, Event::Unwritten(why)) | (_, Event::Unwritten(why)) => {
            run.unwritten = why;
            Vec::new()
        }
        (Phase::Closed, _) => Vec::new(),
        (_, Event::Hangup(word)) => closing::hangup(run, &word),
        (_, Event::Cancel) => closing::cancel(run),
        (Phase::Planning, Event::Planned { plan, situation }) => planned(run, plan, *situation, now),
        (Phase::Planning, Event::Tick) if run.paused.is_some() => waiting(run, now),
        (Phase::Ready, Event::Overrode(given)) => overrode(run, given),
        (Phase::Ready, Event::Answered(id)) => {
            if run.questions().any(|(known, _)| *known == id) && !run.answered.contains(&id) {
                run.answered.push(id);
            }
            Vec::new()
        }
        (Phase::Ready, Event::PlanAgain) => plan_again(run),
        (Phase::Ready, Event::Tick) => {
            at_the_present(run, now);
            Vec::new()
        }
        (Phase::Ready, Event::Confirmed { typed, reason }) => confirmed(run, typed, reason, now),
        (_, event) => match sending::step(run, event, now) {
            Ok(effects) => effects,
            Err(event) => verifying::step(run, event, now),
        },
    }
}

fn planned(run: &mut Run, plan: Result<Box<Plan>, Fault>, situation: Situation, now: Timestamp) -> Vec<Effect> {
    run.unmet.clear();
    run.paused = None;
    if let Some(fault) = without_credentials(&plan, &situation).filter(|_| run.has_touched()) {
        run.paused = Some(fault);
        return Vec::new();
    }
    match plan {
        Err(fault) => {
            run.no_plan = Some(fault);
            run.plan = None;
        }
        Ok(plan) => {
            run.no_plan = None;
            let known = run.known(Some(&plan), &plan.observed);
            for requirement in &run.course.require {
                let truth = requirement.that.judge(&known);
                if truth != Truth::True {
                    let why = requirement.that.explain(&known);
                    let says = match (&requirement.says, truth) {
                        (Some(says), Truth::False) => format!("{} ({why})", says.words(&known)),
                        _ => why.to_string(),
                    };
                    run.unmet.push((says.into(), requirement.else_offer.clone()));
                }
            }
            run.plan = Some(*plan);
        }
    }
    run.situation = Some(situation);
    if run.confirmed {
        keep_overrides_of_the_same(run);
    }
    rejudge(run);
    if !run.confirmed {
        run.phase = Phase::Ready;
        return Vec::new();
    }
    let changed = run.plan.as_ref().map(|plan| run.changed_since_the_last_send(plan)).unwrap_or_default();
    if !changed.is_empty() {
        let says = format!("step {} was not sent: {}", run.step_name(), changed.join("; "));
        return closing::failed(run, &says);
    }
    // A later send of a run that was confirmed as a whole.
    match &run.no_plan {
        Some(fault) => {
            let says = format!("step {} could not be planned: {fault}", run.step_name());
            closing::failed(run, &says)
        }
        None if !run.unmet.is_empty() || run.refusals().next().is_some() => {
            let refusals = closing::refusals(run, now);
            let mut effects = vec![Effect::Write(Box::new(refusals))];
            let says = format!("step {} was refused by a guard", run.step_name());
            effects.extend(closing::failed(run, &says));
            effects
        }
        None => sending::record(run),
    }
}

/// An override was given for what a guard said then: where it says something else of a later step, it refuses.
fn keep_overrides_of_the_same(run: &mut Run) {
    let said = std::mem::take(&mut run.verdicts);
    let given = std::mem::take(&mut run.given.overridden);
    rejudge(run);
    let same = |rule: &crate::base::Text| {
        let says = |verdicts: &[crate::guard::Verdict]| {
            verdicts.iter().find(|verdict| verdict.rule == *rule).map(|verdict| verdict.says.clone())
        };
        says(&run.verdicts).is_none_or(|now| says(&said).is_none_or(|then| then == now))
    };
    let kept = given.into_iter().filter(|given| same(&given.rule)).collect();
    run.given.overridden = kept;
}

/// A later step waits for credentials: everything is read anew, as long as the run may take.
fn waiting(run: &mut Run, now: Timestamp) -> Vec<Effect> {
    let deadline = run.course.deadline_s;
    if run.lasts_s(now) > deadline {
        let says = format!("step {} was not sent within {} min", run.step_name(), deadline.div_ceil(60));
        return closing::failed(run, &says);
    }
    vec![Effect::Plan(run.params_now())]
}

fn overrode(run: &mut Run, given: Overridden) -> Vec<Effect> {
    run.given.overridden.retain(|known| known.rule != given.rule);
    run.given.overridden.push(given);
    rejudge(run);
    Vec::new()
}

/// Asks the guards for the present moment: a plan grows old while it is looked at, an armed environment disarms.
fn at_the_present(run: &mut Run, now: Timestamp) {
    if let Some(situation) = &mut run.situation {
        situation.now = now;
    }
    rejudge(run);
}

/// Reads everything anew. What was typed counts no more, overrides and answers neither: they were for another plan.
fn plan_again(run: &mut Run) -> Vec<Effect> {
    run.phase = Phase::Planning;
    run.given = Default::default();
    run.answered.clear();
    run.confirmed = false;
    run.intent_at = None;
    begin(run)
}

fn confirmed(run: &mut Run, typed: String, reason: crate::base::Text, now: Timestamp) -> Vec<Effect> {
    run.attempts += 1;
    run.given.typed = typed;
    run.given.reason = reason;
    at_the_present(run, now);
    if !run.is_confirmable() || run.unconfirmed().is_some() {
        return vec![Effect::Write(Box::new(closing::refusals(run, now)))];
    }
    run.confirmed = true;
    run.confirmed_at = Some(now);
    run.step_began = now;
    match run.first_send() {
        Some(at) => {
            run.at = at;
            run.phase = Phase::Locking;
            vec![Effect::Lock]
        }
        // A runbook that only reads.
        None => verifying::enter(run, 0, now),
    }
}
