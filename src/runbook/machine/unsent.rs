//! An intent for which nothing was sent is closed in the records.

use crate::model::{Entry, Fault, FaultKind, Sent};
use crate::runbook::machine::effect::Effect;
use crate::runbook::machine::run::Run;

/// Closes the intent that was written last.
pub(super) fn not_sent(run: &Run, why: &str) -> Effect {
    let fault = Fault::new(FaultKind::Invalid, "guards", format!("{why}. Nothing was sent."));
    let step = run.step_name().into();
    Effect::Write(Box::new(Entry::Outcome { run: run.id.clone(), step, sent: Sent::Rejected { fault } }))
}
