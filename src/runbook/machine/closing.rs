//! How a run ends: recorded, with its lock given back, never with a further step.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::record::Ending;
use crate::model::{Entry, Fault};
use crate::runbook::machine::effect::Effect;
use crate::runbook::machine::run::{Phase, Run};
use crate::runbook::machine::unsent::not_sent;

/// Ends the run.
pub(super) fn closed(run: &mut Run, ending: Ending, says: String) -> Vec<Effect> {
    let says = Text::new(says);
    run.phase = Phase::Closed;
    run.ending = Some((ending, says.clone()));
    vec![Effect::Write(Box::new(Entry::Closed { run: run.id.clone(), ending, says })), Effect::Unlock]
}

/// Ends it because a step failed after something was applied, or before.
pub(super) fn failed(run: &mut Run, says: &str) -> Vec<Effect> {
    let ending = if run.has_touched() { Ending::Failed } else { Ending::NotSent };
    closed(run, ending, says.to_owned())
}

/// Ends it because AWS refused a request: known not to be applied.
pub(super) fn rejected(run: &mut Run, fault: &Fault) -> Vec<Effect> {
    let ending = if run.has_touched() { Ending::Stopped } else { Ending::Rejected };
    closed(run, ending, fault.to_string())
}

/// Takes no further step.
pub(super) fn cancel(run: &mut Run) -> Vec<Effect> {
    match run.phase {
        Phase::Sending | Phase::Resolving | Phase::Recording | Phase::Rereading => {
            // What was begun is brought to a known end first.
            run.cancelled = true;
            Vec::new()
        }
        _ => cancelled(run),
    }
}

/// Ends it because no further step is wanted.
pub(super) fn cancelled(run: &mut Run) -> Vec<Effect> {
    let word = run.hangup.clone().unwrap_or_else(|| "cancelled".into());
    match run.has_touched() {
        true => closed(run, Ending::Stopped, format!("{word}; what was sent stays, and was not verified")),
        false => closed(run, Ending::NotSent, word.to_string()),
    }
}

/// The console ends: nothing more is sent. The answer to a request that is under way is waited for and written down.
/// One of which the outcome is unknown stays open in the records: the next start finds it.
pub(super) fn hangup(run: &mut Run, word: &str) -> Vec<Effect> {
    match run.phase {
        Phase::Sending => {
            run.cancelled = true;
            run.hangup = Some(word.into());
            Vec::new()
        }
        Phase::Resolving => {
            run.phase = Phase::Closed;
            run.ending = Some((Ending::Stopped, Text::new(format!("{word}; the outcome is not known"))));
            vec![Effect::Unlock]
        }
        phase => {
            let mut effects = Vec::new();
            if matches!(phase, Phase::Recording | Phase::Rereading) {
                effects.push(not_sent(run, word));
            }
            effects.extend(match run.has_touched() {
                true => closed(run, Ending::Stopped, format!("{word}; what was sent stays, and was not verified")),
                false => closed(run, Ending::NotSent, word.to_owned()),
            });
            effects
        }
    }
}

/// What refuses, for the records.
pub(super) fn refusals(run: &Run, now: Timestamp) -> Entry {
    let sent = run.sent_so_far();
    let mut says: Vec<Text> = run.refusals().map(|verdict| Text::new(verdict.line(now, sent))).collect();
    says.extend(run.unmet.iter().map(|(says, _)| Text::new(format!("REQUIRED  {says}. {sent}"))));
    if let Some(fault) = &run.no_plan {
        says.push(Text::new(format!("NO PLAN  {fault}. {sent}")));
    }
    if says.is_empty() {
        let unanswered = || format!("REFUSED confirmation  a question was not answered with yes. {sent}");
        says.push(Text::new(run.unconfirmed().map_or_else(unanswered, |verdict| verdict.line(now, sent))));
    }
    run.refused_entry(says)
}
