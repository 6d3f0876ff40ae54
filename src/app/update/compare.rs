//! The compare screen: what is read when, and what is done with it. What was read is kept as long as the program runs.

use crate::app::cursor::Cursor;
use crate::app::drift;
use crate::app::effect::Effect;
use crate::app::fleet::EnvironmentState;
use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::screens::compare::detail::described;
use crate::app::screens::compare::{Ended, Reading};
use crate::app::state::App;
use crate::app::update::stack;
use crate::base::Text;
use crate::compare::words;
use crate::inquiry::compare::{CompareAnswer, ComparePart, Comparison};
use crate::inquiry::{CompareQuestion, Question, Slot};
use crate::model::EnvId;

/// Opens the screen of the system that is shown, or of what is selected where all are.
pub fn open(app: &mut App) {
    let selected = app.selected().map(|selected| selected.state.environment.system.clone());
    let before = Some(app.compare.system.clone()).filter(|system| !system.is_empty());
    if let Some(system) = app.system().cloned().or(selected).or(before).or_else(|| app.systems.first().cloned()) {
        show(app, system);
    }
    // Opening it is asking for it, also after a reading was stopped.
    app.compare.ended = None;
    stack::go(app, Screen::Compare);
}

/// Opens the screen with an environment (index in the fleet) selected.
pub fn open_at(app: &mut App, environment: usize) {
    let found = app.picture().environments.get(environment).map(|state| state.environment.clone());
    let Some(environment) = found else { return };
    open(app);
    show(app, environment.system.clone());
    let columns = app.compare.comparison().map(|comparison| &comparison.judged.columns);
    let place = columns.and_then(|columns| columns.iter().position(|column| column.environment == environment.name));
    app.compare.columns.key = place;
    app.compare.columns.cursor.selected = place.unwrap_or(0);
}

fn show(app: &mut App, system: Text) {
    if app.compare.system != system {
        app.compare.system = system;
        app.compare.rows = Default::default();
        app.compare.columns = Default::default();
    }
}

/// While the screen is open: follows the system that is shown, and reads what has not been read yet.
pub fn question(app: &mut App) -> Option<Effect> {
    if app.base() != Screen::Compare {
        return None;
    }
    if let Some(system) = app.system().cloned() {
        show(app, system);
    }
    let state = &app.compare;
    let due = state.reading().is_none() && state.comparison().is_none() && state.ended().is_none();
    if due { ask(app) } else { None }
}

/// Reads again.
pub fn read_again(app: &mut App) -> Vec<Effect> {
    if app.compare.reading().is_some() {
        app.notices.add(NoticeLevel::Info, "it is being read", app.now);
        return Vec::new();
    }
    ask(app).into_iter().collect()
}

/// Asks, where there is something to compare.
fn ask(app: &mut App) -> Option<Effect> {
    let environments = environments(app);
    if environments.len() < 2 {
        return None;
    }
    let state = &mut app.compare;
    state.number += 1;
    state.ended = None;
    let environments = environments.into_iter().map(|env| (env, 0)).collect();
    state.reading = Some(Reading { system: state.system.clone(), environments });
    let question = CompareQuestion { number: state.number, system: state.system.clone() };
    app.redraw = true;
    Some(Effect::Ask(Box::new(Question::Compare(question))))
}

fn environments(app: &App) -> Vec<EnvId> {
    let of_system = |state: &&EnvironmentState| state.environment.system == app.compare.system;
    app.fleet.environments.iter().filter(of_system).map(|state| state.environment.id).collect()
}

/// True where `esc` stops a reading before it closes anything.
pub fn is_stoppable(app: &App) -> bool {
    app.screen() == Screen::Compare && app.compare.reading().is_some()
}

/// Stops the reading; what was read before stays.
pub fn stop(app: &mut App) -> Vec<Effect> {
    app.compare.reading = None;
    app.compare.ended = Some((app.compare.system.clone(), Ended::Stopped));
    app.notices.add(NoticeLevel::Info, "stopped reading", app.now);
    vec![Effect::Forget(Slot::Compare)]
}

/// Takes an answer in; one to an earlier question, or after the reading was stopped, is ignored.
pub fn told(app: &mut App, answer: CompareAnswer) {
    if answer.number != app.compare.number {
        return;
    }
    let Some(reading) = app.compare.reading.as_mut() else { return };
    match answer.part {
        ComparePart::Read { env, done } => {
            if let Some((_, known)) = reading.environments.iter_mut().find(|(of, _)| *of == env) {
                *known = done.max(*known);
            }
        }
        ComparePart::Refused(lines) => {
            app.compare.ended = app.compare.reading.take().map(|reading| (reading.system, Ended::Refused(lines)));
        }
        ComparePart::Done(comparison) => {
            app.compare.reading = None;
            drift::show(&mut app.fleet, &comparison);
            if app.base() != Screen::Compare {
                let words = found(&comparison);
                app.notices.add(NoticeLevel::Info, words, app.now);
            }
            for column in &comparison.judged.columns {
                if let Some(fault) = &column.fault {
                    let words = format!("all of {} is unknown: {}", column.label, words::fault(fault));
                    app.notices.add(NoticeLevel::Warning, words, app.now);
                }
            }
            for warning in comparison.warnings.iter().rev() {
                app.notices.add(NoticeLevel::Warning, warning.clone(), app.now);
            }
            app.compare.known.insert(comparison.system.clone(), comparison);
            app.compare.generation += 1;
        }
    }
    app.redraw = true;
}

/// What came of it, for one who has gone elsewhere meanwhile.
fn found(comparison: &Comparison) -> String {
    let count = comparison.judged.findings().count();
    match count {
        0 => format!("{} compared: nothing unapproved", comparison.system),
        1 => format!("{} compared: 1 setting differs unapproved", comparison.system),
        _ => format!("{} compared: {count} settings differ unapproved", comparison.system),
    }
}

/// Shows everything known of the selected line.
pub fn describe(app: &mut App) {
    let view = &app.derived.compare;
    let line = app.compare.rows.selected();
    let (Some(comparison), Some(resource)) = (&view.comparison, view.resource(line)) else {
        stack::nothing_selected(app);
        return;
    };
    let described = described(comparison, resource, view.setting(line), &|setting, place| {
        app.compared_since(resource, setting, place)
    });
    app.describe = described;
    app.describe.scroll = Cursor::default();
    stack::go(app, Screen::Describe);
}
