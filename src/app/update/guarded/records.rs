//! The records screen: asking for them, resolving, settling, bringing back.

use jiff::SignedDuration;

use crate::app::dialog::{About, Demand, Dialog, Said};
use crate::app::effect::Effect;
use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::screens::RecordRow;
use crate::app::state::{App, Typing};
use crate::app::update::guarded::{ask, run};
use crate::app::update::stack;
use crate::base::Text;
use crate::runbook::desk::Request;

/// Between two looks at the records while they are on the screen, and while they are not.
const EVERY: [SignedDuration; 2] = [SignedDuration::from_secs(5), SignedDuration::from_secs(60)];

/// Shows the records.
pub fn open(app: &mut App) -> Vec<Effect> {
    stack::go(app, Screen::Records);
    look(app)
}

/// Looks at the records now.
pub fn look(app: &mut App) -> Vec<Effect> {
    app.guarded.asked_at = Some(app.now);
    ask(Request::Records)
}

/// Looks at the records, and reads the targets of what is unresolved. Sends nothing.
pub fn again(app: &mut App) -> Vec<Effect> {
    let mut effects = look(app);
    effects.extend(ask(Request::Reconcile));
    effects
}

/// Time has passed: looks when it is due.
pub fn follow(app: &mut App) -> Vec<Effect> {
    let shown = matches!(app.base(), Screen::Records | Screen::Timeline);
    let every = if shown { EVERY[0] } else { EVERY[1] };
    let due = app.guarded.asked_at.is_none_or(|at| {
        let age = app.now.duration_since(at);
        age >= every || age < SignedDuration::ZERO
    });
    if due { look(app) } else { Vec::new() }
}

fn say(app: &mut App, text: impl Into<Text>) -> Vec<Effect> {
    app.notices.add(NoticeLevel::Info, text, app.now);
    Vec::new()
}

fn chosen(app: &App) -> Option<RecordRow> {
    app.derived.records.get(app.records.rows.selected()).cloned()
}

/// Opens the selected run of this console.
pub fn choose(app: &mut App) -> Vec<Effect> {
    let id = match chosen(app) {
        Some(RecordRow::Going(id) | RecordRow::Run(_, id) | RecordRow::Owed(_, id)) => id,
        Some(RecordRow::Unresolved(..)) => {
            return say(app, "its console is gone: say what became of it, or wait for what is read");
        }
        _ => return Vec::new(),
    };
    if app.guarded.run(&id).is_some() {
        run::open(app, &id);
        return Vec::new();
    }
    say(app, "that was another console, or an earlier one: what is known stands below")
}

/// A person says what became of an intent of an earlier console.
pub fn resolve(app: &mut App, applied: bool) -> Vec<Effect> {
    let Some(RecordRow::Unresolved(index, _)) = chosen(app) else {
        return say(app, "select an outcome that nobody knows");
    };
    let standings = app.guarded.standings.clone();
    let Some((open, read)) = standings.as_ref().and_then(|standings| standings.unresolved.get(index)) else {
        return Vec::new();
    };
    let treated = if applied { "applied" } else { "not applied" };
    let said = vec![
        Said::Fact("where", open.plan.target.environment.to_string()),
        Said::Fact("target", open.plan.target.name.to_string()),
        Said::Fact("read", read.as_ref().map_or("nothing was read of it yet".to_owned(), Text::to_string)),
        Said::Words("Nothing will be sent again, whatever you answer. Why do you think so?".to_owned()),
    ];
    let about = About::ResolveOpen { run: open.run.clone(), step: open.step.clone(), applied };
    let env = app.fleet.environments.iter().find(|state| state.label() == *open.plan.target.environment);
    let env = env.map(|state| state.environment.id);
    let number = app.guarded.next();
    let mut dialog = Dialog::new(number, format!("treat the change as {treated}"), Demand::Reason, about);
    dialog.env = env;
    dialog.said = said;
    app.typing = Typing::Dialog(Box::new(dialog));
    Vec::new()
}

/// A person says that something owed was brought back otherwise.
pub fn settle(app: &mut App) -> Vec<Effect> {
    let Some(RecordRow::Owed(index, _)) = chosen(app) else { return say(app, "select something that is owed") };
    let standings = app.guarded.standings.clone();
    let Some(owed) = standings.as_ref().and_then(|standings| standings.owed.get(index)) else { return Vec::new() };
    let said = vec![
        Said::Fact("where", owed.environment.to_string()),
        Said::Fact("owed", owed.says.to_string()),
        Said::Words("This sends nothing: how was it brought back, or why need it not be?".to_owned()),
    ];
    let number = app.guarded.next();
    let about = About::Settle { run: owed.run.clone() };
    let mut dialog = Dialog::new(number, "settle what is owed".to_owned(), Demand::Reason, about);
    dialog.env =
        app.fleet.environments.iter().find(|s| s.label() == *owed.environment).map(|state| state.environment.id);
    dialog.said = said;
    app.typing = Typing::Dialog(Box::new(dialog));
    Vec::new()
}

/// Plans what brings the selected thing back.
pub fn undo(app: &mut App) -> Vec<Effect> {
    let standings = app.guarded.standings.clone();
    let found = match (chosen(app), standings.as_deref()) {
        (Some(RecordRow::Owed(index, _)), Some(standings)) => {
            standings.owed.get(index).map(|owed| (owed.undo.is_some(), owed.run.clone(), owed.says.to_string()))
        }
        (Some(RecordRow::Run(index, _)), Some(standings)) => standings.runs.get(index).map(|run| {
            (run.undo.is_some() && run.accepted > 0, run.run.clone(), format!("{} at {}", run.runbook, run.target))
        }),
        _ => None,
    };
    match found {
        None => say(app, "select a run, or something that is owed"),
        Some((false, ..)) => say(app, "nothing brings this back by itself: settle it with a reason"),
        Some((true, id, title)) => run::begin_undo(app, &id, &title),
    }
}
