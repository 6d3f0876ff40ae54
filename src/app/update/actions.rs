//! What each action does.

use crate::app::cursor::Cursor;
use crate::app::drift::DRIFT;
use crate::app::effect::Effect;
use crate::app::filter::Filter;
use crate::app::keymap::Action;
use crate::app::notice::NoticeLevel;
use crate::app::scope::Scope;
use crate::app::screen::{Pane, Screen};
use crate::app::screens::EnvironmentScreenState;
use crate::app::state::{App, Paused, Purpose};
use crate::app::update::stack::nothing_selected;
use crate::app::update::{
    compare, describe, filter, guarded, line, logs, navigation, offers, past, resource, selection, timeline,
};

pub use crate::app::update::stack::go;

/// Does it. What does not apply where the operator is tells why or does nothing.
pub fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    let selected = [
        Action::Open,
        Action::Runbooks,
        Action::NextPane,
        Action::Describe,
        Action::CopyArn,
        Action::ConsoleLink,
        Action::Logs,
    ];
    if selected.contains(&action) {
        selection::pin(app);
    }
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Leave if app.screens.len() <= 1 => return vec![Effect::Quit],
        Action::Leave => close(app),
        Action::Back if compare::is_stoppable(app) => return compare::stop(app),
        Action::Back if app.past.is_some() && app.is_at_rest() => return past::leave(app),
        Action::Back => back(app),
        Action::Earlier => return past::step(app, -1),
        Action::Later => return past::step(app, 1),
        Action::MuchEarlier => return past::step(app, -10),
        Action::MuchLater => return past::step(app, 10),
        Action::Open if app.screen() == Screen::Runbooks => return guarded::runbooks::choose(app),
        Action::Open if app.screen() == Screen::Records => return guarded::records::choose(app),
        Action::Open => open(app),
        Action::Up
        | Action::Down
        | Action::Left
        | Action::Right
        | Action::Top
        | Action::Bottom
        | Action::PageUp
        | Action::PageDown => navigation::go(app, action),
        Action::NextPane if app.screen() == Screen::Resource => {
            let next = app.derived.resource.as_ref().map(|view| view.after(app.resource.pane));
            app.resource.pane = next.unwrap_or_default();
        }
        Action::NextPane if app.screen() == Screen::Run => guarded::run::next(app),
        Action::NextPane => {
            let other = if app.pane == Pane::Main && app.detail_len() > 0 { Pane::Detail } else { Pane::Main };
            app.pane = other;
        }
        Action::Refresh => return refresh(app),
        Action::Repaint => return vec![Effect::Repaint],
        Action::Pause => pause(app),
        Action::Alarms => go(app, Screen::Alarms),
        Action::Connections => go(app, Screen::Connections),
        Action::Messages => go(app, Screen::Messages),
        Action::Timeline => {
            timeline::open(app);
            go(app, Screen::Timeline);
        }
        Action::Suspects => {
            if timeline::suspects(app) {
                go(app, Screen::Timeline);
            }
        }
        Action::Widen => timeline::widen(app),
        Action::Narrow => timeline::narrow(app),
        Action::Compare => compare::open(app),
        Action::Environment => open_environment(app),
        Action::Logs => logs::open(app),
        Action::Choose => logs::choose(app),
        Action::Follow => logs::follow(app),
        Action::Pattern => line::begin(app, Purpose::Pattern),
        Action::Search => line::begin(app, Purpose::Search),
        Action::SearchNext | Action::SearchPrevious if app.screen() == Screen::Describe => {
            app.describe.go_on(action == Action::SearchNext);
        }
        Action::SearchNext => logs::search(app, false),
        Action::SearchPrevious => logs::search(app, true),
        Action::Wrap => app.logs.wrap = !app.logs.wrap,
        Action::Help if app.screen() == Screen::Help => close(app),
        Action::Help => {
            app.help = Cursor::default();
            go(app, Screen::Help);
        }
        Action::Describe => describe::open(app),
        Action::CopyArn => return copy_arn(app),
        Action::ConsoleLink => return copy_link(app),
        Action::Sort => sort(app),
        Action::Attention if app.screen() == Screen::Compare => app.compare.everything = !app.compare.everything,
        Action::Attention => app.attention = !app.attention,
        Action::System(number) => show_system(app, usize::from(number).saturating_sub(1)),
        Action::AllSystems => show_scope(app, Scope::All),
        Action::Theme => {
            let next = app.themes.iter().position(|theme| *theme == app.theme).map_or(0, |index| index + 1);
            use_theme(app, if next < app.themes.len() { next } else { 0 });
        }
        Action::Filter | Action::Find => filter::begin(app),
        Action::Runbooks => return guarded::runbooks::open(app),
        Action::Arm => return guarded::arming::toggle(app),
        Action::Records => return guarded::records::open(app),
        Action::Proceed => return guarded::run::proceed(app),
        Action::PlanAgain => return guarded::run::again(app),
        Action::Applied | Action::NotApplied => {
            let applied = action == Action::Applied;
            return match app.screen() {
                Screen::Records => guarded::records::resolve(app, applied),
                _ => guarded::run::resolve(app, applied),
            };
        }
        Action::Undo if app.screen() == Screen::Records => return guarded::records::undo(app),
        Action::Undo => return guarded::run::undo(app),
        Action::Stop => return guarded::run::stop(app),
        Action::CloseUnverified => return guarded::run::close_unverified(app),
        Action::Settle => return guarded::records::settle(app),
        Action::Palette => offers::open(app),
    }
    Vec::new()
}

/// The environment of what is selected.
fn open_environment(app: &mut App) {
    if let Some(id) = app.selected().map(|selected| selected.state.environment.id) {
        if !app.screens.contains(&Screen::Environment(id)) {
            app.environment = EnvironmentScreenState { sort: app.environment.sort, ..Default::default() };
        }
        go(app, Screen::Environment(id));
    }
}

fn close(app: &mut App) {
    if app.screen() == Screen::Resource && resource::back(app) {
        return;
    }
    if app.screens.len() > 1 {
        let overlay = app.screen().kind().is_overlay();
        app.screens.pop();
        if !overlay {
            app.pane = Pane::Main;
            app.detail = Cursor::default();
        }
    }
}

fn back(app: &mut App) {
    if app.screen() == Screen::Describe && describe::back(app) {
        return;
    }
    if app.screen().kind().is_overlay() {
        close(app);
    } else if app.pane == Pane::Detail {
        app.pane = Pane::Main;
    } else if !app.filter().is_empty() {
        filter::set(app, Filter::default());
    } else if app.screens.len() > 1 {
        close(app);
    } else {
        app.notices.dismiss(app.now);
    }
}

fn open(app: &mut App) {
    let selected = app.selected();
    match (app.screen(), selected) {
        (Screen::Timeline, _) => describe::open(app),
        (Screen::Logs, _) => logs::choose(app),
        (Screen::Compare, _) => compare::describe(app),
        (_, None) => {}
        (_, Some(selected)) if selected.signal_id(app) == Some(DRIFT) => {
            let environment = selected.environment;
            compare::open_at(app, environment);
        }
        (Screen::Wall, Some(selected)) if app.pane == Pane::Main => {
            if let Some(id) = selected.signal_id(app) {
                go(app, Screen::Signal(id));
            }
        }
        (Screen::Connections, Some(selected)) => {
            let environment = selected.environment;
            selection::show_environment(app, environment);
        }
        (Screen::Wall | Screen::Signal(_) | Screen::Environment(_), Some(_)) => resource::open_selected(app),
        (Screen::Alarms, Some(_)) => resource::open_alarms(app),
        (Screen::Resource, Some(_)) => resource::open_line(app),
        (_, Some(_)) => {}
    }
}

fn refresh(app: &mut App) -> Vec<Effect> {
    match app.base() {
        Screen::Compare => return compare::read_again(app),
        Screen::Runbooks => return guarded::runbooks::again(app),
        Screen::Records => return guarded::records::again(app),
        _ => {}
    }
    timeline::ask_again(app);
    logs::ask_again(app);
    describe::ask_again(app);
    let grid = matches!(app.base(), Screen::Wall | Screen::Signal(_));
    if !grid || app.scope == Scope::All || app.systems.len() <= 1 {
        return vec![Effect::Refresh(None)];
    }
    let in_scope = app.derived.scope.iter().filter_map(|index| app.fleet.environments.get(*index));
    in_scope.map(|state| Effect::Refresh(Some(state.environment.id))).collect()
}

fn pause(app: &mut App) {
    app.paused = match app.paused {
        Some(_) => None,
        None => {
            let mut fleet = app.fleet.clone();
            for cell in fleet.environments.iter_mut().flat_map(|state| &mut state.cells) {
                cell.flash_until = None;
            }
            Some(Paused { at: app.now, fleet })
        }
    };
}

fn copy_arn(app: &mut App) -> Vec<Effect> {
    match app.selected_arn().map(str::to_owned) {
        None => nothing_selected(app),
        Some(arn) if arn.is_empty() => app.notices.add(NoticeLevel::Info, "AWS gives it no ARN", app.now),
        Some(arn) => {
            app.notices.add(NoticeLevel::Info, format!("copied {arn}"), app.now);
            return vec![Effect::Copy(arn)];
        }
    }
    Vec::new()
}

fn copy_link(app: &mut App) -> Vec<Effect> {
    match app.selected_arn().map(crate::app::console::link) {
        None => nothing_selected(app),
        Some(None) => app.notices.add(NoticeLevel::Info, "no page of the AWS console is known for it", app.now),
        Some(Some(link)) => {
            app.notices.add(NoticeLevel::Info, format!("copied {link}"), app.now);
            return vec![Effect::Copy(link)];
        }
    }
    Vec::new()
}

fn sort(app: &mut App) {
    let sort = match app.base() {
        Screen::Signal(_) => &mut app.signal.sort,
        Screen::Alarms => &mut app.alarms.sort,
        Screen::Environment(_) => &mut app.environment.sort,
        _ => return,
    };
    *sort = sort.next();
    let text = format!("sorted by {}", sort.word());
    app.notices.add(NoticeLevel::Info, text, app.now);
}

/// Shows a system by its index; on a list of all environments it goes to the system's wall.
pub fn show_system(app: &mut App, index: usize) {
    if index < app.systems.len() {
        show_scope(app, Scope::System(index));
    } else {
        let text = match app.systems.len() {
            1 => "there is one system".to_owned(),
            count => format!("there are {count} systems"),
        };
        app.notices.add(NoticeLevel::Info, text, app.now);
    }
}

fn show_scope(app: &mut App, scope: Scope) {
    if app.scope != scope {
        app.scope = scope;
        app.wall.rows = Default::default();
        app.wall.columns = Default::default();
        app.signal.columns = Default::default();
        app.detail = Cursor::default();
    }
    if matches!(app.base(), Screen::Alarms | Screen::Connections) {
        go(app, Screen::Wall);
    }
}

/// Uses a theme by its index.
pub fn use_theme(app: &mut App, index: usize) {
    if let Some(theme) = app.themes.get(index) {
        app.theme.clone_from(theme);
        app.notices.add(NoticeLevel::Info, format!("theme: {theme}"), app.now);
    }
}
