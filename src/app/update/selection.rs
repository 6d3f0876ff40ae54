//! Choosing rows, columns and environments.

use crate::app::cursor::Cursor;
use crate::app::scope::Scope;
use crate::app::screen::{Pane, Screen};
use crate::app::screens::{AlarmRow, RecordRow, Row, RunRow};
use crate::app::state::App;

/// Rows of the base screen's list.
pub fn rows(app: &App) -> usize {
    match app.base() {
        Screen::Signal(_) => app.derived.matrix.rows.len(),
        Screen::Alarms => app.derived.alarms.len(),
        Screen::Connections => app.derived.connections.len(),
        Screen::Timeline => app.derived.timeline.rows.len(),
        Screen::Logs => app.logs.len(),
        Screen::Compare => app.derived.compare.lines.len(),
        Screen::Runbooks => app.runbooks.len(),
        Screen::Run => app.run_rows().len(),
        Screen::Records => app.derived.records.len(),
        Screen::Environment(_) => app.derived.environment.len(),
        Screen::Resource => app.derived.resource.as_ref().map_or(0, |view| view.len(app.resource.pane)),
        _ => app.derived.wall.rows.len(),
    }
}

/// The selected row of the base screen's list.
pub fn row(app: &App) -> usize {
    match app.base() {
        Screen::Signal(_) => app.signal.rows.selected(),
        Screen::Alarms => app.alarms.rows.selected(),
        Screen::Connections => app.connections.rows.selected(),
        Screen::Timeline => app.timeline.rows.selected(),
        Screen::Logs => app.logs.cursor.selected,
        Screen::Compare => app.compare.rows.selected(),
        Screen::Runbooks => app.runbooks.rows.selected(),
        Screen::Run => app.run.rows.selected(),
        Screen::Records => app.records.rows.selected(),
        Screen::Environment(_) => app.environment.rows.selected(),
        Screen::Resource => app.resource.cursor().selected,
        _ => app.wall.rows.selected(),
    }
}

/// The selected column; 0 on a screen without columns.
pub fn column(app: &App) -> usize {
    match app.base() {
        Screen::Wall => app.wall.columns.selected(),
        Screen::Signal(_) => app.signal.columns.selected(),
        Screen::Compare => app.compare.columns.selected(),
        _ => 0,
    }
}

/// Chooses a row and a column of the base screen; the last ones when there are fewer.
pub fn choose(app: &mut App, row: usize, column: usize) {
    let derived = &app.derived;
    match app.screens.iter().rev().find(|screen| !screen.kind().is_overlay()) {
        Some(Screen::Signal(_)) => {
            let (rows, columns) = (&derived.matrix.rows, &derived.matrix.columns);
            app.signal.rows.choose(row, rows.len(), |i| rows.get(i).map(|row| row.logical_name.clone()));
            app.signal.columns.choose(column, columns.len(), |i| columns.get(i).map(|column| column.environment));
        }
        Some(Screen::Alarms) => {
            let rows = &derived.alarms;
            app.alarms.rows.choose(row, rows.len(), |i| rows.get(i).and_then(AlarmRow::key));
        }
        Some(Screen::Connections) => {
            let rows = &derived.connections;
            app.connections.rows.choose(row, rows.len(), |i| rows.get(i).copied());
        }
        Some(Screen::Timeline) => {
            let rows = &derived.timeline.rows;
            app.timeline.rows.choose(row, rows.len(), |i| rows.get(i).map(Row::key));
        }
        Some(Screen::Compare) => {
            let view = &derived.compare;
            app.compare.rows.choose(row, view.lines.len(), |i| view.key(i));
            app.compare.columns.choose(column, view.columns(), Some);
        }
        Some(Screen::Runbooks) => {
            let key = app.runbooks.key(row.min(app.runbooks.len().saturating_sub(1)));
            let len = app.runbooks.len();
            app.runbooks.rows.choose(row, len, |_| key.clone());
        }
        Some(Screen::Run) => {
            let rows = app.run_rows();
            let is_title = |line: usize| matches!(rows.get(line), Some(RunRow::Head(_)));
            let row = past_title(app.run.rows.selected(), row, rows.len(), is_title);
            app.run.rows.choose(row, rows.len(), |i| rows.get(i).copied());
        }
        Some(Screen::Records) => {
            let rows = &derived.records;
            let is_title = |line: usize| matches!(rows.get(line), Some(RecordRow::Head(_)));
            let row = past_title(app.records.rows.selected(), row, rows.len(), is_title);
            app.records.rows.choose(row, rows.len(), |i| rows.get(i).cloned());
        }
        Some(Screen::Logs) => {
            app.logs.follow = !app.logs.chooses() && row + 1 >= app.logs.len();
            app.logs.cursor.selected = row;
        }
        Some(Screen::Environment(_)) => {
            let rows = &derived.environment;
            app.environment.rows.choose(row, rows.len(), |i| rows.get(i).and_then(|row| row.key()));
        }
        Some(Screen::Resource) => app.resource.cursors[app.resource.pane as usize].selected = row,
        _ => {
            let (rows, columns) = (&derived.wall.rows, &derived.wall.columns);
            app.wall.rows.choose(row, rows.len(), |i| rows.get(i).copied());
            app.wall.columns.choose(column, columns.len(), |i| columns.get(i).copied());
        }
    }
    app.detail = Cursor::default();
}

/// The line to select instead of a title: the next one in the direction of the move, or the next one below.
fn past_title(from: usize, to: usize, len: usize, is_title: impl Fn(usize) -> bool) -> usize {
    let to = to.min(len.saturating_sub(1));
    let above = || (0..to).rev().find(|line| !is_title(*line));
    let below = || (to..len).find(|line| !is_title(*line));
    let found = if to < from { above().or_else(below) } else { below().or_else(above) };
    if is_title(to) { found.unwrap_or(to) } else { to }
}

/// Lets the selection stay on what is selected now, although the operator has not moved it.
pub fn pin(app: &mut App) {
    let (row, column, detail) = (row(app), column(app), app.detail);
    choose(app, row, column);
    app.detail = detail;
}

/// Chooses the first row and lets the selection stay on top, whatever comes there.
pub fn top(app: &mut App) {
    let column = column(app);
    choose(app, 0, column);
    match app.base() {
        Screen::Signal(_) => app.signal.rows.key = None,
        Screen::Alarms => app.alarms.rows.key = None,
        Screen::Connections => app.connections.rows.key = None,
        Screen::Timeline => app.timeline.rows.key = None,
        Screen::Compare => app.compare.rows.key = None,
        Screen::Runbooks => app.runbooks.rows.key = None,
        Screen::Environment(_) => app.environment.rows.key = None,
        _ => {}
    }
}

/// Shows the wall with an environment (index in the fleet) selected.
pub fn show_environment(app: &mut App, environment: usize) {
    let Some(state) = app.picture().environments.get(environment) else { return };
    let system = app.systems.iter().position(|system| *system == state.environment.system);
    if app.scope != Scope::All
        && let Some(system) = system
    {
        app.scope = Scope::System(system);
    }
    app.screens.truncate(1);
    app.pane = Pane::Main;
    app.wall.filter = Default::default();
    app.attention = false;
    app.settle();
    let column = app.derived.wall.columns.iter().position(|shown| *shown == environment).unwrap_or(0);
    let row = app.wall.rows.selected();
    choose(app, row, column);
}
