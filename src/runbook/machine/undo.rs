//! What brings a run back: as its runbook says, or as the action knows by itself.

use crate::model::{Plan, Undo, Value, Values};
use crate::runbook::machine::run::Run;

/// What brings back all that the run has done once `plan` is applied too; `None` where nothing does.
///
/// A runbook's own `undo` comes first, with the values of before the run. Where it has none, or names something that is
/// not known, it is the action's own inverse: of a later send to what was there before the first. A parameter that was
/// not set before the first send stays so, whatever the later ones set.
pub fn undo(run: &Run, plan: &Plan) -> Option<Undo> {
    by_runbook(run, plan).or_else(|| by_action(run, plan))
}

fn by_runbook(run: &Run, plan: &Plan) -> Option<Undo> {
    let own = run.course.undo.as_ref()?;
    let known = run.known(Some(plan), &plan.observed);
    let params = own.params.iter().map(|(name, template)| {
        let value = template.value(&known).filter(|value| *value != Value::None)?;
        Some((name.clone(), value))
    });
    Some(Undo { action: own.action.as_str().into(), params: params.collect::<Option<Values>>()? })
}

fn by_action(run: &Run, plan: &Plan) -> Option<Undo> {
    let mut undo = plan.undo.clone()?;
    let before = run.sendings.iter().rfind(|sending| sending.applied != Some(false));
    if let Some(earlier) = before.and_then(|sending| sending.plan.undo.as_ref())
        && earlier.action == undo.action
    {
        undo.params.extend(earlier.params.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    Some(undo)
}
