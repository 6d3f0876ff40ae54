//! After the send: the steps that wait, our own change, and then the signals, all on data read after it.

use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::config::runbook::Truth;
use crate::model::record::Ending;
use crate::model::{Fault, Observation, Standing, Values};
use crate::runbook::machine::closing;
use crate::runbook::machine::course::{Check, Does};
use crate::runbook::machine::effect::Effect;
use crate::runbook::machine::event::{Event, Recovery};
use crate::runbook::machine::reading::{note, observe};
use crate::runbook::machine::run::{Checked, Phase, Run};

/// Seconds between two readings of a signal: the wall's own rhythm for alarms.
const SIGNAL_EVERY_S: u64 = 15;

/// Goes on with the step at `at`.
pub(super) fn enter(run: &mut Run, at: usize, now: Timestamp) -> Vec<Effect> {
    run.at = at;
    run.step_began = now;
    match run.step().map(|step| &step.does) {
        None => {
            run.phase = Phase::Verifying;
            look(run, now)
        }
        Some(Does::Confirm(_)) if run.is_asked_first(at) => enter(run, at + 1, now),
        Some(Does::Confirm(_)) => {
            run.phase = Phase::Asking;
            vec![observe(run)]
        }
        // What the send before left is read first.
        Some(Does::Send(_)) if run.has_touched() && !was_read_since_the_send(run) => {
            run.at = at.saturating_sub(1);
            run.phase = Phase::Holding { until: now };
            vec![observe(run)]
        }
        Some(Does::Send(_)) => {
            run.phase = Phase::Planning;
            vec![Effect::Plan(run.params_now())]
        }
        Some(Does::Until(_)) => {
            run.phase = Phase::Waiting;
            look(run, now)
        }
        Some(Does::Hold(seconds)) => {
            let seconds = i64::try_from(*seconds).unwrap_or(i64::MAX);
            let until = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
            run.phase = Phase::Holding { until };
            vec![observe(run)]
        }
    }
}

/// The readings that the present phase needs. A signal takes several calls: it is read less often than the target.
fn look(run: &mut Run, now: Timestamp) -> Vec<Effect> {
    let mut effects = vec![observe(run)];
    if run.phase == Phase::Verifying && own_is_done(run) {
        for (index, (check, checked)) in run.course.verify.iter().zip(&mut run.checks).enumerate() {
            let due = checked.asked.is_none_or(|asked| seconds_between(asked, now) >= SIGNAL_EVERY_S);
            if let Check::Signal { signal, is, .. } = check
                && due
                && !checked.holds
            {
                checked.asked = Some(now);
                effects.push(Effect::ReadSignal { check: index, signal: *signal, is: *is });
            }
        }
    }
    effects
}

/// The events of these phases.
pub(super) fn step(run: &mut Run, event: Event, now: Timestamp) -> Vec<Effect> {
    match (run.phase, event) {
        (Phase::Waiting | Phase::Holding { .. } | Phase::Asking | Phase::Verifying, Event::Observed(observed)) => {
            observed_at(run, observed, now)
        }
        // A reading of a runbook that sends nothing.
        (Phase::Waiting | Phase::Verifying, Event::Planned { plan, situation }) => {
            let at = situation.now;
            run.situation = Some(*situation);
            let observed = plan.map(|plan| {
                let values = plan.observed.clone();
                Box::new(Observation { standing: Standing::Done, says: Text::default(), values, at })
            });
            observed_at(run, observed, now)
        }
        (Phase::Verifying, Event::SignalRead { check, read }) => signal(run, check, read),
        (Phase::Waiting | Phase::Holding { .. } | Phase::Asking | Phase::Verifying, Event::CloseUnverified(reason)) => {
            closing::closed(run, Ending::Unverified, format!("closed by a person: {reason}"))
        }
        (Phase::Asking, Event::Answered(id)) => match run.asking() {
            Some((asked, _)) if *asked == id => {
                run.answered.push(id);
                let next = run.at + 1;
                enter(run, next, now)
            }
            _ => Vec::new(),
        },
        (Phase::Waiting | Phase::Holding { .. } | Phase::Asking | Phase::Verifying, Event::Tick) => tick(run, now),
        _ => Vec::new(),
    }
}

fn tick(run: &mut Run, now: Timestamp) -> Vec<Effect> {
    let deadline = run.course.deadline_s;
    if run.lasts_s(now) > deadline {
        return closing::failed(run, &format!("not verified within {} min", deadline.div_ceil(60)));
    }
    if let Phase::Holding { until } = run.phase
        && now >= until
        && was_read_since(run, until)
    {
        let next = run.at + 1;
        return enter(run, next, now);
    }
    if matches!(run.phase, Phase::Waiting | Phase::Asking)
        && let Some((id, timeout)) = run.step().and_then(|step| Some((step.id.clone(), step.timeout_s?)))
        && seconds_between(run.step_began, now) > timeout
    {
        let what = if run.phase == Phase::Asking { "was not answered" } else { "did not come true" };
        return closing::failed(run, &format!("step {id} {what} within {} min", timeout.div_ceil(60)));
    }
    if run.phase == Phase::Verifying
        && let Some((late, unknown)) = late_check(run, now)
    {
        // What nobody can see is not a failure of the change, and not a success.
        return if unknown { closing::closed(run, Ending::Unverified, late) } else { closing::failed(run, &late) };
    }
    look(run, now)
}

fn was_read_since_the_send(run: &Run) -> bool {
    run.sendings.last().is_some_and(|sending| was_read_since(run, sending.at))
}

/// A hold ends once the target was read after it: somebody else may have been there meanwhile.
fn was_read_since(run: &Run, until: Timestamp) -> bool {
    run.paused.is_none() && run.seen.last().is_some_and(|seen| seen.at >= until)
}

/// A signal that did not recover in the time it had; true where that is because it is not known.
fn late_check(run: &Run, now: Timestamp) -> Option<(String, bool)> {
    let checks = run.course.verify.iter().zip(&run.checks);
    checks.into_iter().find_map(|(check, checked)| match check {
        Check::Signal { signal, within_s, .. }
            if !checked.holds && seconds_between(run.step_began, now) > *within_s =>
        {
            let says = if checked.says.is_empty() { "not known" } else { &checked.says };
            Some((format!("{signal} did not recover within {} min: {says}", within_s.div_ceil(60)), checked.unknown))
        }
        _ => None,
    })
}

fn observed_at(run: &mut Run, observed: Result<Box<Observation>, Fault>, now: Timestamp) -> Vec<Effect> {
    let observation = match observed {
        Ok(observation) => observation,
        Err(fault) => {
            run.paused = Some(fault);
            return Vec::new();
        }
    };
    let mut effects = if observation.says.is_empty() { Vec::new() } else { note(run, &observation) };
    run.paused = None;
    match observation.standing {
        Standing::Failed => {
            effects.extend(closing::failed(run, &observation.says));
            return effects;
        }
        Standing::Overtaken => {
            effects.extend(closing::failed(run, &format!("applied, then changed: {}", observation.says)));
            return effects;
        }
        Standing::Done | Standing::Underway | Standing::NotApplied | Standing::Unclear => {}
    }
    match run.phase {
        Phase::Waiting => {
            if let Some(Does::Until(condition)) = run.step().map(|step| &step.does)
                && condition.judge(&run.known(run.plan.as_ref(), &observation.values)) == Truth::True
            {
                let next = run.at + 1;
                effects.extend(enter(run, next, now));
            }
        }
        Phase::Verifying => {
            let known = run.known(run.plan.as_ref(), &observation.values);
            judge_values(run, &known, observation.at);
            effects.extend(verified(run));
        }
        _ => {}
    }
    effects
}

fn own_is_done(run: &Run) -> bool {
    run.sendings.is_empty() || run.seen.last().is_some_and(|seen| seen.standing == Standing::Done)
}

fn judge_values(run: &mut Run, values: &Values, at: Timestamp) {
    for (check, checked) in run.course.verify.iter().zip(&mut run.checks) {
        if let Check::That(condition) = check {
            let holds = condition.judge(values) == Truth::True;
            *checked = Checked { holds, says: condition.explain(values), at: Some(at), ..Checked::default() };
        }
    }
}

fn signal(run: &mut Run, check: usize, read: Result<(Recovery, Text, Timestamp), Fault>) -> Vec<Effect> {
    let sent_at = run.sendings.last().map(|sending| sending.at);
    let Some(checked) = run.checks.get_mut(check) else { return Vec::new() };
    let asked = checked.asked;
    *checked = match read {
        Ok((recovery, says, at)) => {
            // What AWS knew before the send proves nothing, and refutes nothing.
            let fresh = sent_at.is_none_or(|sent_at| at > sent_at);
            let says = match recovery {
                Recovery::Recovered if !fresh => Text::new(format!("{says}, on data from before the change")),
                _ => says,
            };
            Checked {
                holds: fresh && recovery == Recovery::Recovered,
                unknown: recovery == Recovery::Unknown || (!fresh && recovery == Recovery::Recovered),
                says,
                at: Some(at),
                asked,
            }
        }
        Err(fault) => Checked { holds: false, unknown: true, says: fault.to_string().into(), at: None, asked },
    };
    verified(run)
}

/// Closes the run where everything holds.
fn verified(run: &mut Run) -> Vec<Effect> {
    if !own_is_done(run) || !run.checks.iter().all(|checked| checked.holds) {
        return Vec::new();
    }
    let mut says: Vec<String> = run.seen.last().map(|seen| seen.says.to_string()).into_iter().collect();
    says.extend(run.checks.iter().map(|checked| checked.says.to_string()));
    closing::closed(run, Ending::Verified, says.join("; "))
}
