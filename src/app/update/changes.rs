//! The resource screen asks what changed in its environment while it is open; the timeline's answers are used where
//! they answer the same.

use jiff::SignedDuration;

use crate::app::effect::Effect;
use crate::app::screen::Screen;
use crate::app::state::App;
use crate::app::update::timeline;
use crate::changes::{Span, Told};
use crate::inquiry::{ChangesQuestion, Question, Slot};
use crate::model::EnvId;

/// How far back.
const BACK: SignedDuration = SignedDuration::from_hours(24);
/// Between two questions while a resource is open: a day takes more calls than the timeline's hours, and the alarms
/// tell their newest transitions by themselves.
const EVERY: SignedDuration = SignedDuration::from_secs(300);
/// Before an environment that has connected meanwhile is asked.
const AGAIN: SignedDuration = SignedDuration::from_secs(2);

/// Takes an answer in, for whichever screen has asked.
pub fn told(app: &mut App, told: Told) {
    app.timeline.data.take(told.clone());
    app.changes.take(told);
    app.redraw = true;
}

/// After every message: asks what the open screen needs, when it is time, and stops asking when it is closed.
pub fn follow(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    let resource = app.resource.subject.as_ref().map(|subject| subject.env);
    let resource = resource.filter(|_| app.base() == Screen::Resource);
    if resource.is_none() && app.changes.is_asking() {
        app.changes.clear();
        effects.push(Effect::Forget(Slot::Changes));
    }
    effects.extend(timeline::follow(app));
    effects.extend(resource.and_then(|env| ask(app, env)));
    effects
}

fn ask(app: &mut App, env: EnvId) -> Option<Effect> {
    if !is_due(app, env) {
        return None;
    }
    let span = Span::before(app.now, BACK);
    app.redraw = true;
    // Answers are told apart by number: no other screen's question may have the same.
    app.changes.asked = app.changes.asked.max(app.timeline.data.asked);
    if app.changes.adopt(&app.timeline.data, &[env], span, EVERY) {
        return None;
    }
    app.changes.ask(&[env], span, app.now);
    let question = ChangesQuestion { asked: app.changes.asked, envs: vec![env], span };
    Some(Effect::Ask(Box::new(Question::Changes(question))))
}

fn is_due(app: &App, env: EnvId) -> bool {
    let data = &app.changes;
    let Some(asked_at) = data.asked_at.filter(|_| data.progress.contains_key(&env)) else { return true };
    if data.is_asking() || app.paused.is_some() {
        return false;
    }
    let age = app.now.duration_since(asked_at);
    let meanwhile = || data.was_unasked(env) && timeline::is_connected(app, env);
    age >= EVERY || age.is_negative() || (age >= AGAIN && meanwhile())
}
