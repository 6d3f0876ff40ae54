//! From the confirmation to what became of the one request: lock, intent, reading again, sending, finding out.

use jiff::{SignedDuration, Timestamp};

use crate::guard::{Situation, Verdict, authorise, confirm, digest};
use crate::model::{Entry, Fault, FaultKind, Observation, Plan, Sent, Standing, Values};
use crate::runbook::machine::effect::Effect;
use crate::runbook::machine::event::Event;
use crate::runbook::machine::judging::{forget_take_over, rejudge};
use crate::runbook::machine::reading::{note, observe, without_credentials};
use crate::runbook::machine::run::{Phase, Run, Sending};
use crate::runbook::machine::unsent::not_sent;
use crate::runbook::machine::{closing, verifying};

/// Attempts after AWS asked to slow down; each was known not to be applied.
const MOST_THROTTLED: u32 = 3;
/// Seconds of the first pause then; doubled each time.
const BACK_OFF_S: i64 = 2;
/// Seconds after the send from which readings that show the target as before count: AWS answers late at times.
const SETTLED_S: i64 = 60;
/// So many of them in a row.
const SETTLED_READINGS: u32 = 3;

/// The events of these phases; others are given back.
pub(super) fn step(run: &mut Run, event: Event, now: Timestamp) -> Result<Vec<Effect>, Event> {
    Ok(match (run.phase, event) {
        (Phase::Locking, Event::Locked(lock)) => {
            forget_take_over(run, &lock);
            if let Some(situation) = &mut run.situation {
                situation.lock = lock;
            }
            rejudge(run);
            if run.refusals().next().is_some() { back_to_the_operator(run, now) } else { record(run) }
        }
        (Phase::Recording, Event::IntentWritten(Ok(at))) => {
            run.intent_at = Some(at);
            run.phase = Phase::Rereading;
            vec![Effect::Reread(pinned(run))]
        }
        (Phase::Recording, Event::IntentWritten(Err(why))) => {
            run.intent_at = None;
            let says = format!("the intent could not be written to the records: {why}");
            run.verdicts.push(Verdict::refused(
                crate::guard::Guard::Intent,
                "",
                says.clone(),
                crate::guard::Override::Never,
            ));
            if run.has_touched() { closing::failed(run, &says) } else { back_to_the_operator(run, now) }
        }
        (Phase::Rereading, Event::Reread { plan, situation }) => reread(run, plan, *situation, now),
        (Phase::Sending, Event::Sent(sent)) => answered(run, sent, now),
        (Phase::Resolving, Event::Observed(observed)) => found(run, observed, now),
        (Phase::Resolving, Event::Resolve { applied, reason }) => resolved(run, applied, true, &reason, now),
        (Phase::Resolving, Event::Tick) => vec![observe(run)],
        (Phase::BackingOff { until }, Event::Tick) if now >= until => {
            if run.cancelled {
                closing::cancel(run)
            } else {
                record(run)
            }
        }
        (phase, event) if is_here(phase) => {
            let _ = event;
            Vec::new()
        }
        (_, event) => return Err(event),
    })
}

fn is_here(phase: Phase) -> bool {
    matches!(
        phase,
        Phase::Planning
            | Phase::Ready
            | Phase::Locking
            | Phase::Recording
            | Phase::Rereading
            | Phase::Sending
            | Phase::Resolving
            | Phase::BackingOff { .. }
    )
}

/// Writes down what will be sent next.
pub(super) fn record(run: &mut Run) -> Vec<Effect> {
    let Some(plan) = &run.plan else { return closing::failed(run, "there is no plan") };
    let entry = Entry::Intent {
        run: run.id.clone(),
        runbook: run.course.runbook.clone(),
        step: run.step_name().into(),
        plan: Box::new(plan.clone()),
        digest: digest::digest(plan).into(),
        overridden: run.given.overridden.clone(),
        reason: run.given.reason.clone(),
        approved_by: run
            .situation
            .iter()
            .flat_map(|situation| situation.approvals.by.iter().map(|(arn, _)| arn.clone()))
            .collect(),
    };
    run.phase = Phase::Recording;
    vec![Effect::WriteIntent(Box::new(entry))]
}

/// The plan's own parameters: what was symbolic is resolved in them, so that the same is read again.
fn pinned(run: &Run) -> Values {
    run.plan.as_ref().map(|plan| plan.params.clone()).unwrap_or_default()
}

fn reread(run: &mut Run, again: Result<Box<Plan>, Fault>, situation: Situation, now: Timestamp) -> Vec<Effect> {
    let Some(plan) = run.plan.clone() else { return closing::failed(run, "there is no plan") };
    let again = again.map(|plan| *plan);
    forget_take_over(run, &situation.lock);
    let mut given = run.given.clone();
    if run.has_touched() {
        // The runbook was confirmed as a whole; every other guard is asked again for each of its sends.
        given.typed = confirm::phrase_for(&plan, &situation, run.course.policy.risk);
    }
    let waits = without_credentials(&again, &situation).filter(|_| run.has_touched());
    if let Some(fault) = waits {
        // A later step waits for credentials and is planned anew then.
        let effects = vec![not_sent(run, &fault.to_string())];
        run.intent_at = None;
        run.paused = Some(fault);
        run.phase = Phase::Planning;
        return effects;
    }
    let leave = authorise(&plan, &again, &run.course.policy, &situation, &given, run.intent_at);
    run.situation = Some(situation);
    run.intent_at = None;
    match leave {
        Ok(authorized) if !run.cancelled => {
            run.phase = Phase::Sending;
            run.sendings.push(Sending { step: run.step_name().into(), plan, at: now, sent: None, applied: None });
            vec![Effect::Send(Box::new(authorized))]
        }
        Ok(_) => {
            let mut effects = vec![not_sent(run, "cancelled")];
            effects.extend(closing::cancelled(run));
            effects
        }
        Err(refusals) => {
            let says = refusals.iter().map(|verdict| verdict.says.as_str()).collect::<Vec<_>>().join("; ");
            let mut effects = vec![not_sent(run, &says)];
            rejudge(run);
            run.verdicts.retain(|verdict| !refusals.iter().any(|refusal| refusal.rule == verdict.rule));
            run.verdicts.extend(refusals);
            effects.extend(if !run.has_touched() {
                back_to_the_operator(run, now)
            } else {
                let mut more = vec![Effect::Write(Box::new(closing::refusals(run, now)))];
                more.extend(closing::failed(run, &format!("step {} was refused: {says}", run.step_name())));
                more
            });
            effects
        }
    }
}

/// The operator sees what refused, and may plan again.
fn back_to_the_operator(run: &mut Run, now: Timestamp) -> Vec<Effect> {
    run.confirmed = false;
    run.given.typed.clear();
    run.phase = Phase::Ready;
    vec![Effect::Write(Box::new(closing::refusals(run, now))), Effect::Unlock]
}

fn answered(run: &mut Run, sent: Sent, now: Timestamp) -> Vec<Effect> {
    let step = run.step_name();
    let Some(sending) = run.sendings.last_mut() else { return Vec::new() };
    sending.sent = Some(sent.clone());
    let mut effects = vec![Effect::Write(Box::new(Entry::Outcome {
        run: run.id.clone(),
        step: step.clone().into(),
        sent: sent.clone(),
    }))];
    match sent {
        Sent::Accepted { .. } => {
            sending.applied = Some(true);
            effects.extend(applied(run, now));
        }
        Sent::Unknown { .. } => {
            run.phase = Phase::Resolving;
            run.not_applied = 0;
            effects.extend(match run.hangup.clone() {
                Some(word) => closing::hangup(run, &word),
                None => vec![observe(run)],
            });
        }
        Sent::Rejected { fault } => {
            sending.applied = Some(false);
            let slow = fault.kind == FaultKind::Throttled && run.throttled < MOST_THROTTLED;
            if slow && !run.cancelled {
                run.throttled += 1;
                let pause = BACK_OFF_S << (run.throttled - 1);
                let until = now.checked_add(SignedDuration::from_secs(pause)).unwrap_or(now);
                run.phase = Phase::BackingOff { until };
            } else {
                effects.extend(closing::rejected(run, &fault));
            }
        }
    }
    effects
}

/// It is known that the last request was applied: what it leaves to be brought back is owed from now on.
fn applied(run: &mut Run, now: Timestamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    run.throttled = 0;
    if let Some(sending) = run.sendings.last()
        && let Some(owed) = &sending.plan.owed
    {
        effects.push(Effect::Write(Box::new(Entry::Owed {
            run: run.id.clone(),
            environment: run.target.environment.clone(),
            says: owed.says.clone(),
            undo: sending.plan.undo.clone(),
            arn: run.target.arn.clone(),
            ends: owed.ends,
        })));
    }
    let next = run.at + 1;
    effects.extend(if run.cancelled { closing::cancelled(run) } else { verifying::enter(run, next, now) });
    effects
}

fn found(run: &mut Run, observed: Result<Box<Observation>, Fault>, now: Timestamp) -> Vec<Effect> {
    let observation = match observed {
        Ok(observation) => observation,
        Err(fault) => {
            run.paused = Some(fault);
            return Vec::new();
        }
    };
    let mut effects = note(run, &observation);
    match observation.standing {
        Standing::Underway | Standing::Done | Standing::Failed | Standing::Overtaken => {
            effects.extend(resolved(run, true, false, &observation.says, now));
        }
        Standing::NotApplied => {
            run.not_applied += 1;
            let sent_at = run.sendings.last().map_or(now, |sending| sending.at);
            let settled = now.duration_since(sent_at).as_secs() >= SETTLED_S;
            if settled && run.not_applied >= SETTLED_READINGS {
                effects.extend(resolved(run, false, false, &observation.says, now));
            }
        }
        Standing::Unclear => run.not_applied = 0,
    }
    effects
}

fn resolved(run: &mut Run, applied_: bool, by_person: bool, says: &str, now: Timestamp) -> Vec<Effect> {
    let step = run.step_name();
    if let Some(sending) = run.sendings.last_mut() {
        sending.applied = Some(applied_);
    }
    let mut effects = vec![Effect::Write(Box::new(Entry::Resolved {
        run: run.id.clone(),
        step: step.into(),
        applied: applied_,
        by_person,
        says: says.into(),
    }))];
    if applied_ {
        effects.extend(applied(run, now));
    } else {
        let fault = Fault::new(FaultKind::Timeout, "send", format!("not applied: {says}"));
        effects.extend(closing::rejected(run, &fault));
    }
    effects
}
