//! Answers of the desk for changes.

use std::sync::Arc;

use crate::app::dialog::About;
use crate::app::effect::Effect;
use crate::app::guarded::OwnRun;
use crate::app::notice::NoticeLevel;
use crate::app::state::{App, Typing};
use crate::app::update::guarded::ask;
use crate::model::{EnvId, Fault};
use crate::runbook::arming::Armed;
use crate::runbook::desk::{Answer, Request};
use crate::runbook::machine::{Phase, Run};

/// Runs of this console that are kept.
const KEPT: usize = 50;

/// Takes an answer in.
pub fn changed(app: &mut App, answer: Answer) -> Vec<Effect> {
    app.redraw = true;
    match answer {
        Answer::Armed { env, outcome } => armed(app, env, outcome),
        Answer::Disarmed { env, why } => {
            app.guarded.armed.remove(&env);
            app.guarded.arming = app.guarded.arming.filter(|asked| *asked != env);
            let text = format!("{} is read-only again: {why}", label(app, env));
            app.notices.add(NoticeLevel::Warning, text, app.now);
        }
        Answer::Choices { number, choices } => {
            if let Typing::Form(form) = &mut app.typing {
                form.answered(number, choices);
            }
        }
        Answer::Offered { number, outcome } => {
            if number == app.runbooks.number {
                app.runbooks.offered = Some(outcome);
            }
        }
        Answer::Run { env, run } => return told(app, env, run),
        Answer::NotStarted(why) => {
            app.run.starting = None;
            app.notices.add(NoticeLevel::Error, why.clone(), app.now);
            app.run.not_started = Some(why);
        }
        Answer::Records(standings) => {
            app.guarded.records_fault = None;
            let first = !std::mem::replace(&mut app.guarded.reconciled, true);
            let unresolved = !standings.unresolved.is_empty();
            app.timeline.data.take_own(&standings.changes);
            app.changes.take_own(&standings.changes);
            app.guarded.standings = Some(standings);
            if first && unresolved {
                return ask(Request::Reconcile);
            }
        }
        Answer::RecordsFault(why) => {
            if app.guarded.records_fault.as_ref() != Some(&why) {
                app.notices.add(NoticeLevel::Error, format!("records: {why}"), app.now);
            }
            app.guarded.records_fault = Some(why);
        }
    }
    Vec::new()
}

/// `payments/prod`.
pub fn label(app: &App, env: EnvId) -> String {
    app.environment_of(env).map(|one| format!("{}/{}", one.system, one.name)).unwrap_or_default()
}

fn armed(app: &mut App, env: EnvId, outcome: Result<Armed, Fault>) {
    app.guarded.arming = None;
    let name = label(app, env);
    match outcome {
        Ok(armed) => {
            let text = format!("{name} is armed as {}: changes can be sent", armed.identity.arn);
            app.guarded.armed.insert(env, armed);
            app.notices.add(NoticeLevel::Warning, text, app.now);
        }
        Err(fault) => {
            app.guarded.armed.remove(&env);
            let remedy = fault.remedy.as_ref().map(|remedy| format!("; {remedy}")).unwrap_or_default();
            app.notices.add(NoticeLevel::Error, format!("{name} was not armed: {fault}{remedy}"), app.now);
        }
    }
}

/// A run is new or different. One that was just asked for is shown.
fn told(app: &mut App, env: EnvId, run: Arc<Run>) -> Vec<Effect> {
    let known = app.guarded.runs.iter_mut().find(|own| own.run.id == run.id);
    let mut over = run.phase == Phase::Closed;
    match known {
        Some(own) => {
            over &= own.run.phase != Phase::Closed;
            own.run = Arc::clone(&run);
        }
        None => {
            app.guarded.runs.insert(0, OwnRun { env, run: Arc::clone(&run) });
            let mut kept = 0;
            app.guarded.runs.retain(|own| {
                kept += 1;
                kept <= KEPT || own.run.phase != Phase::Closed
            });
            if app.run.starting.take().is_some() {
                app.run.open = Some(run.id.clone());
                app.run.rows = Default::default();
            }
        }
    }
    overtaken(app, &run);
    if over {
        ended(app, &run);
        return ask(Request::Records);
    }
    Vec::new()
}

/// A dialog about something that is not so any more is closed: what it asked is not asked any more.
fn overtaken(app: &mut App, run: &Run) {
    let Typing::Dialog(dialog) = &app.typing else { return };
    if dialog.run() != Some(&run.id) {
        return;
    }
    let holds = match &dialog.about {
        About::Confirm { plan, .. } => run.is_confirmable() && run.plan.as_ref() == Some(&**plan),
        About::Answer { step, .. } => run.phase == Phase::Ready || run.asking().is_some_and(|(asked, _)| asked == step),
        About::Override { .. } => run.phase == Phase::Ready,
        About::Resolve { .. } => run.is_unknown(),
        _ => run.phase != Phase::Closed,
    };
    if !holds {
        app.typing = Typing::Off;
        let text = "the run is different now: nothing was confirmed; look again";
        app.notices.add(NoticeLevel::Warning, text, app.now);
    }
}

fn ended(app: &mut App, run: &Run) {
    use crate::model::record::Ending;
    let Some((ending, says)) = &run.ending else { return };
    let level = match ending {
        Ending::Verified => NoticeLevel::Info,
        Ending::NotSent | Ending::Rejected | Ending::Stopped | Ending::Unverified => NoticeLevel::Warning,
        Ending::Failed => NoticeLevel::Error,
    };
    let text = format!("{} at {}: {}; {says}", run.course.title, run.target.name, ending.word());
    app.notices.add(level, text, app.now);
}
