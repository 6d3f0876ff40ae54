//! Arming: an environment may be changed for a quarter of an hour.

use crate::app::dialog::{About, Demand, Dialog, Said};
use crate::app::effect::Effect;
use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::state::{App, Typing};
use crate::app::update::guarded::answers::label;
use crate::app::update::guarded::ask;
use crate::model::EnvId;
use crate::runbook::desk::Request;

/// The environment that is meant on this screen.
fn meant(app: &App) -> Option<EnvId> {
    match app.base() {
        Screen::Run => app.shown_run().map(|own| own.env).or(app.runbooks.subject.as_ref().map(|subject| subject.env)),
        Screen::Runbooks => app.runbooks.subject.as_ref().map(|subject| subject.env),
        _ => app.selected().map(|selected| selected.state.environment.id),
    }
}

/// Disarms what is armed, at once; asks before it arms what is not.
pub fn toggle(app: &mut App) -> Vec<Effect> {
    let Some(env) = meant(app) else {
        app.notices.add(NoticeLevel::Info, "no environment is selected", app.now);
        return Vec::new();
    };
    if app.armed(env).is_some() {
        return ask(Request::Disarm(env));
    }
    let name = label(app, env);
    let Some(environment) = app.environment_of(env) else { return Vec::new() };
    if environment.read_only {
        let text = format!("{name} cannot be armed: the configuration says `read_only = true`");
        app.notices.add(NoticeLevel::Warning, text, app.now);
        return Vec::new();
    }
    if app.past.is_some() {
        app.notices.add(NoticeLevel::Info, "this is the past: go back to now first", app.now);
        return Vec::new();
    }
    let state = app.fleet.position(env).and_then(|index| app.fleet.environments.get(index));
    let identity = state.and_then(|state| state.connection.identity.as_ref());
    let account = environment.account.as_deref().or(identity.map(|identity| &*identity.account));
    let reader = identity.map_or("not known yet", |identity| &*identity.arn);
    let said = vec![
        Said::Fact("account", format!("{} {}", account.unwrap_or("not known yet"), environment.region)),
        Said::Fact("reads as", reader.to_owned()),
        Said::Fact("for", "15 minutes, or until it is disarmed".to_owned()),
        Said::Words("Who will send is asked now, and must be of this account.".to_owned()),
        Said::Words("Arming sends nothing: every change is planned, judged and confirmed by itself.".to_owned()),
    ];
    let number = app.guarded.next();
    let dialog = Dialog::new(number, format!("arm {name}"), Demand::Yes, About::Arm(env)).of(env, said);
    app.typing = Typing::Dialog(Box::new(dialog));
    Vec::new()
}
