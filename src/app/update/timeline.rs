//! The timeline asks while it is open, and only then.

use jiff::SignedDuration;

use crate::app::effect::Effect;
use crate::app::notice::NoticeLevel;
use crate::app::screen::{Pane, Screen};
use crate::app::screens::timeline::{Mode, Subject};
use crate::app::state::App;
use crate::base::Text;
use crate::changes::{Red, Span, suspects};
use crate::inquiry::{ChangesQuestion, Question, Slot};
use crate::model::{EnvId, Resource, Severity};

/// Between two questions while the timeline is open.
const EVERY: SignedDuration = SignedDuration::from_secs(60);
/// Before an environment that has connected meanwhile is asked.
const AGAIN: SignedDuration = SignedDuration::from_secs(2);

/// The timeline is to tell everything that changed, newest first.
pub fn open(app: &mut App) {
    show(app, Mode::All);
}

/// The timeline is to tell what changed before what is selected turned red; false where nothing is.
pub fn suspects(app: &mut App) -> bool {
    match subject(app) {
        Some(subject) => {
            show(app, Mode::Suspects(Box::new(subject)));
            true
        }
        None => {
            app.notices.add(NoticeLevel::Info, why_none(app), app.now);
            false
        }
    }
}

/// Why there are no suspects of what is selected.
fn why_none(app: &App) -> String {
    if app.base() == Screen::Timeline {
        return "suspects are told of what turned red: select an alarm that went off, or a red cell of the wall"
            .to_owned();
    }
    let selected = app.selected();
    let signal = selected.and_then(|s| s.signal).and_then(|index| app.picture().signals.get(index));
    let whole = app.base() == Screen::Wall && app.pane == Pane::Main;
    let what = match selected.and_then(|selected| selected.resource).filter(|_| !whole) {
        Some(resource) => resource.name.to_string(),
        None => signal.map(|signal| signal.title.to_string()).unwrap_or_default(),
    };
    match what.is_empty() {
        true => "nothing is selected that could have turned red".to_owned(),
        false => format!("{what} did not turn red: there is nothing to suspect"),
    }
}

fn show(app: &mut App, mode: Mode) {
    let same = app.timeline.mode == mode;
    if !same {
        app.timeline.mode = mode;
        app.timeline.rows = Default::default();
        app.timeline.data.clear();
    }
}

/// A longer time.
pub fn widen(app: &mut App) {
    let next = app.timeline.window.longer();
    resize(app, next, "three days are the longest");
}

/// A shorter time.
pub fn narrow(app: &mut App) {
    let next = app.timeline.window.shorter();
    resize(app, next, "three hours are the shortest");
}

fn resize(app: &mut App, next: Option<crate::app::screens::timeline::Window>, end: &str) {
    if app.timeline.mode != Mode::All {
        let text = "suspects are of the half hour before it turned red";
        app.notices.add(NoticeLevel::Info, text, app.now);
        return;
    }
    match next {
        Some(window) => {
            app.timeline.window = window;
            ask_again(app);
        }
        None => app.notices.add(NoticeLevel::Info, end.to_owned(), app.now),
    }
}

/// The next look at what changed asks anew.
pub fn ask_again(app: &mut App) {
    app.timeline.data.asked_at = None;
    app.changes.asked_at = None;
}

/// After every message: asks when the timeline is open and it is time, and stops asking when it is closed.
pub fn follow(app: &mut App) -> Vec<Effect> {
    if app.base() != Screen::Timeline {
        if app.timeline.data.is_asking() {
            app.timeline.data.clear();
            return vec![Effect::Forget(Slot::Changes)];
        }
        return Vec::new();
    }
    let envs = wanted(app);
    if envs.is_empty() || !is_due(app, &envs) {
        return Vec::new();
    }
    let span = match &app.timeline.mode {
        Mode::All => Span::before(app.now, app.timeline.window.length()),
        Mode::Suspects(subject) => suspects::span(&subject.red, app.now),
    };
    app.redraw = true;
    // Answers are told apart by number: no other screen's question may have the same.
    app.timeline.data.asked = app.timeline.data.asked.max(app.changes.asked);
    if app.timeline.data.adopt(&app.changes, &envs, span, EVERY) {
        return Vec::new();
    }
    app.timeline.data.ask(&envs, span, app.now);
    let question = ChangesQuestion { asked: app.timeline.data.asked, envs, span };
    vec![Effect::Ask(Box::new(Question::Changes(question)))]
}

fn wanted(app: &App) -> Vec<EnvId> {
    match &app.timeline.mode {
        Mode::Suspects(subject) => vec![subject.red.env],
        Mode::All => {
            let in_scope = app.derived.scope.iter().filter_map(|index| app.fleet.environments.get(*index));
            in_scope.map(|state| state.environment.id).collect()
        }
    }
}

fn is_due(app: &App, envs: &[EnvId]) -> bool {
    let data = &app.timeline.data;
    let Some(asked_at) = data.asked_at else { return true };
    if !envs.iter().eq(data.progress.keys()) && !envs.iter().all(|env| data.progress.contains_key(env)) {
        return true;
    }
    // A slow answer is not cut off by the next question, and a frozen picture stays as it is.
    if data.is_asking() || app.paused.is_some() {
        return false;
    }
    let age = app.now.duration_since(asked_at);
    let meanwhile = || envs.iter().filter(|env| data.was_unasked(**env)).any(|env| is_connected(app, *env));
    age >= EVERY || age < SignedDuration::ZERO || (age >= AGAIN && meanwhile())
}

/// True while an environment can be asked.
pub fn is_connected(app: &App, env: EnvId) -> bool {
    let state = app.fleet.position(env).and_then(|index| app.fleet.environments.get(index));
    state.is_some_and(|state| state.connection.identity.is_some() && state.connection.fault.is_none())
}

/// What is selected, where something is wrong with it.
fn subject(app: &App) -> Option<Subject> {
    if let Some(change) = app.selected_change().filter(|change| change.is_alarm_raised()) {
        let state = app.fleet.environments.get(app.fleet.position(change.env)?)?;
        let alarm = Resource { name: change.resource.clone(), arn: change.arn.clone(), ..Resource::default() };
        let red = Red::new(&state.environment, None, [alarm].iter(), Some(change.at));
        return Some(Subject { red, title: Text::new(format!("{} {}", state.label(), change.resource)) });
    }
    let selected = app.selected()?;
    let signal = selected.signal.and_then(|index| app.picture().signals.get(index));
    let reading = selected.cell.and_then(|cell| cell.datum.value());
    let whole = app.base() == Screen::Wall && app.pane == Pane::Main;
    let environment = &selected.state.environment;
    if whole {
        let worst = selected.cell?.severity(app.picture_time());
        if worst < Severity::Unknown {
            return None;
        }
        let bad = |resource: &&Resource| resource.severity >= Severity::Warning;
        let resources: Vec<&Resource> = reading.iter().flat_map(|r| &r.resources).filter(bad).collect();
        let since = reading.and_then(|reading| reading.since);
        let since = since.or_else(|| resources.iter().filter_map(|resource| resource.since).min());
        let title = signal.map_or_else(Text::default, |signal| signal.title.clone());
        let red = Red::new(environment, signal.map(|signal| signal.id), resources.into_iter(), since);
        return Some(Subject { red, title: Text::new(format!("{} {title}", selected.state.label())) });
    }
    let resource = selected.resource.filter(|resource| resource.severity >= Severity::Unknown)?;
    let since = resource.since.or_else(|| reading.and_then(|reading| reading.since));
    let red = Red::new(environment, signal.map(|signal| signal.id), [resource].into_iter(), since);
    Some(Subject { red, title: Text::new(format!("{} {}", selected.state.label(), resource.name)) })
}
