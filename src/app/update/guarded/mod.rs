//! Changes: runbooks, runs, records and arming.

pub mod answers;
pub mod arming;
pub mod dialog;
pub mod form;
pub mod records;
pub mod run;
pub mod runbooks;

use crate::app::effect::Effect;
use crate::runbook::desk::Request;

/// Asks the desk for changes.
pub fn ask(request: Request) -> Vec<Effect> {
    vec![Effect::Change(Box::new(request))]
}
