//! The runbooks screen: asking for what fits, and opening one.

use crate::app::effect::Effect;
use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::screens::RunbooksState;
use crate::app::screens::guarded::runbooks::Subject;
use crate::app::state::App;
use crate::app::update::guarded::{ask, form};
use crate::app::update::stack;
use crate::runbook::desk::Request;

/// Shows what can be done to the selected resource.
pub fn open(app: &mut App) -> Vec<Effect> {
    if app.past.is_some() {
        app.notices.add(NoticeLevel::Info, "this is the past: go back to now first", app.now);
        return Vec::new();
    }
    let found = app.selected().and_then(|selected| {
        let resource = selected.resource?.clone();
        Some(Subject { env: selected.state.environment.id, signal: selected.signal_id(app)?, resource })
    });
    let Some(subject) = found else {
        stack::nothing_selected(app);
        return Vec::new();
    };
    stack::go(app, Screen::Runbooks);
    offer(app, subject)
}

/// Asks again.
pub fn again(app: &mut App) -> Vec<Effect> {
    match app.runbooks.subject.clone() {
        Some(subject) => offer(app, subject),
        None => Vec::new(),
    }
}

fn offer(app: &mut App, subject: Subject) -> Vec<Effect> {
    let number = app.guarded.next();
    let request = Request::Offer {
        number,
        env: subject.env,
        signal: subject.signal,
        resource: Box::new(subject.resource.clone()),
    };
    app.runbooks =
        RunbooksState { subject: Some(subject), number, asked_at: Some(app.now), ..RunbooksState::default() };
    ask(request)
}

/// Opens the selected runbook.
pub fn choose(app: &mut App) -> Vec<Effect> {
    let (Some(offer), Some(subject)) = (app.runbooks.chosen().cloned(), &app.runbooks.subject) else {
        return Vec::new();
    };
    let env = subject.env;
    match &offer.why_not {
        Some(why) => {
            app.notices.add(NoticeLevel::Info, format!("{} does not fit: {why}", offer.runbook), app.now);
            Vec::new()
        }
        None => form::open(app, env, offer),
    }
}

/// Opens another runbook for the same resource, which fits instead of the present one.
pub fn instead(app: &mut App, runbook: &str) -> Vec<Effect> {
    let known = app
        .runbooks
        .offers()
        .iter()
        .find(|offer| offer.why_not.is_none() && (*offer.runbook == *runbook || *offer.action == *runbook));
    match (known.cloned(), &app.runbooks.subject) {
        (Some(offer), Some(subject)) => {
            let env = subject.env;
            form::open(app, env, offer)
        }
        _ => {
            let text = format!("{runbook} is among the actions of the resource");
            app.notices.add(NoticeLevel::Info, text, app.now);
            Vec::new()
        }
    }
}
