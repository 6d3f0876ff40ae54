//! Readings of the target, also after a send.

use crate::guard::Situation;
use crate::model::{Entry, Fault, FaultKind, Observation};
use crate::runbook::machine::effect::Effect;
use crate::runbook::machine::run::Run;

/// Reads the target: for the request that was sent last, or as a plan reads it where nothing was sent. A change that
/// was never made cannot be overtaken.
pub(super) fn observe(run: &Run) -> Effect {
    match run.sendings.last() {
        Some(sending) => Effect::Observe { plan: Box::new(sending.plan.clone()), receipt: sending.receipt().cloned() },
        None => Effect::Plan(run.params_now()),
    }
}

/// Notes an observation where it says something new.
pub(super) fn note(run: &mut Run, observation: &Observation) -> Vec<Effect> {
    run.paused = None;
    let same = |known: &Observation| known.standing == observation.standing && known.says == observation.says;
    if run.seen.last().is_some_and(same) {
        if let Some(last) = run.seen.last_mut() {
            last.at = observation.at;
            last.values.clone_from(&observation.values);
        }
        return Vec::new();
    }
    run.seen.push(observation.clone());
    vec![Effect::Write(Box::new(Entry::Observed { run: run.id.clone(), observation: observation.clone() }))]
}

/// The fault, where something could not be asked because credentials are missing or have expired.
pub(super) fn without_credentials<T>(read: &Result<T, Fault>, situation: &Situation) -> Option<Fault> {
    let faults = [read.as_ref().err(), situation.identity.as_ref().err()];
    let waits = |fault: &&Fault| matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials);
    faults.into_iter().flatten().find(waits).cloned()
}
