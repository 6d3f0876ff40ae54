//! Asks the guards about the present plan.

use crate::guard::judge;
use crate::runbook::machine::run::Run;

/// Asks the guards again, with what was overridden.
pub(super) fn rejudge(run: &mut Run) {
    run.verdicts = match (&run.plan, &run.situation) {
        (Some(plan), Some(situation)) => judge(plan, &run.course.policy, situation, &run.given.overridden),
        _ => Vec::new(),
    };
}
