//! Asks the guards about the present plan.
//!
//! Where nothing will be sent there is nothing to guard but whose words these are: why tasks do not start must be told
//! also while a deployment is in progress, and where nobody may change anything.

use crate::guard::{Guard, LockState, judge};
use crate::runbook::machine::run::Run;

/// Asks the guards again, with what was overridden.
pub(super) fn rejudge(run: &mut Run) {
    run.verdicts = match (&run.plan, &run.situation) {
        (Some(plan), Some(situation)) => judge(plan, &run.course.policy, situation, &run.given.overridden),
        _ => Vec::new(),
    };
    if !run.course.sends() {
        run.verdicts.retain(|verdict| verdict.guard == Guard::Trust);
    }
}

/// Whoever has the lock after it was taken over got it since then: to take it over from them as well is decided anew.
pub(super) fn forget_take_over(run: &mut Run, lock: &LockState) {
    if matches!(lock, LockState::Held { .. }) {
        let rule = format!("{}/{}", Guard::Lock.word(), run.target.name);
        run.given.overridden.retain(|given| *given.rule != *rule);
    }
}
