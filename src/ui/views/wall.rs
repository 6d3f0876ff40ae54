//! The wall: signals × environments.

use std::ops::Range;

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::shown::as_shown;
use crate::app::{Action, App, Cell, EnvironmentState, Freshness, HitMap, Pane, Scope};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::fit::width;
use crate::ui::look::Look;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::cell::CellText;
use crate::ui::widgets::detail::{self, Detail};
use crate::ui::widgets::grid::{Grid, Spec, name_of};
use crate::ui::widgets::{Parts, Pen};

/// Draws the wall below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let (picture, now) = (app.picture(), app.picture_time());
    let view = &app.derived.wall;
    let environments: Vec<&EnvironmentState> =
        view.columns.iter().filter_map(|index| picture.environments.get(*index)).collect();
    let title_of = |row: usize| view.rows.get(row).and_then(|signal| picture.signals.get(*signal));
    let label = picture.signals.iter().map(|signal| width(&signal.title)).max().unwrap_or(0);
    let spec = Spec {
        title: "signal",
        label,
        environments: &environments,
        rows: view.rows.len(),
        at: (app.wall.rows.cursor, app.wall.columns.cursor),
        systems: app.scope == Scope::All,
        pane: app.pane,
    };
    let place =
        |row: usize, column: usize| -> Option<&Cell> { environments.get(column)?.cells.get(*view.rows.get(row)?) };
    let worst = |rows: Range<usize>, columns: Range<usize>| {
        let cells = columns.flat_map(|column| rows.clone().filter_map(move |row| place(row, column)));
        cells.map(|cell| cell.severity(now)).max().unwrap_or_default()
    };
    let grid = Grid::lay(area, &spec);
    let title = |row: usize| title_of(row).map(|signal| signal.title.to_string()).unwrap_or_default();
    grid.draw(pen, hits, &spec, title, &remarks(app, None), worst);
    if view.rows.is_empty() || view.columns.is_empty() {
        nothing(pen, grid.panes.rows, &why_empty(app));
        return;
    }
    grid.cells(pen, &spec, |row, column| match place(row, column) {
        Some(cell) => {
            let fault = environments.get(column).and_then(|state| state.connection.fault.as_ref());
            let words = CellText::of(cell, now, fault);
            if words.waiting && app.past.is_some() { words.saying("reading") } else { words }
        }
        None => CellText::plain(Severity::Unknown, "unknown"),
    });
    details(app, pen, hits, grid.panes.detail);
}

fn why_empty(app: &App) -> Vec<String> {
    if app.picture().environments.is_empty() {
        return vec![
            "No environment is configured.".to_owned(),
            "watchfloor init writes a configuration from your AWS profiles; watchfloor drill needs no account"
                .to_owned(),
        ];
    }
    hidden_by_choice(app).unwrap_or_else(|| {
        vec![
            "This system has no environment.".to_owned(),
            format!("{} shows all systems", key(app, Action::AllSystems)),
        ]
    })
}

/// The details of the selected cell; the signal screen shares them.
pub fn details(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect) {
    let Some(selected) = app.selected() else { return };
    let (Some(cell), Some(signal)) = (selected.cell, selected.signal) else { return };
    let now = app.picture_time();
    let look = pen.look;
    let freshness = cell.freshness(now);
    let severity = cell.severity(now);
    let environment = &selected.state.environment;
    let mut title = Parts::new();
    title.push(name_of(selected.state, app.scope == Scope::All), look.tier(environment.tier));
    if let Some(info) = app.picture().signals.get(signal) {
        title.push(format!(" {} {}", look.glyphs.dot, info.title), look.style(Role::Title));
    }
    if at.height > 1 {
        summary(&mut title, cell, now, look, app.past.is_some());
    }
    let resource = |line: usize| {
        let resource = app.detail_resource(line)?;
        Some((resource, as_shown(resource.severity, freshness)))
    };
    let own = cell.datum.fault().or_else(|| cell.datum.value().and_then(|reading| reading.fault.as_ref()));
    let none = match cell.datum.value() {
        None => "Nothing has been read yet.",
        Some(_) if severity == Severity::Absent => "This environment has no such resource.",
        Some(_) => "No resource here.",
    };
    let detail = Detail {
        title,
        fault: own.or(selected.state.connection.fault.as_ref()),
        len: app.detail_len(),
        resource: &resource,
        cursor: app.detail,
        focus: app.pane == Pane::Detail,
        now,
        empty: none,
    };
    detail::draw(pen, hits, at, &detail);
}

/// How the cell is, since when, and how old the value is.
fn summary<'a>(title: &mut Parts<'a>, cell: &'a Cell, now: Timestamp, look: &Look, past: bool) {
    let dim = look.style(Role::Dim);
    let freshness = cell.freshness(now);
    if freshness == Freshness::Waiting {
        title.after(3, format!("{} waiting for the first answer", look.glyphs.waiting), dim);
        return;
    }
    let severity = cell.severity(now);
    let strong = look.severity(severity);
    title.after(3, format!("{} {severity}", look.glyphs.severity(severity)), strong);
    let Some(reading) = cell.datum.value() else { return };
    if severity != Severity::Absent {
        title.after(2, &*reading.headline, look.style(Role::Text));
    }
    if let Some(since) = reading.since.filter(|_| severity > Severity::Ok) {
        let dot = look.glyphs.dot;
        title.after(2, format!("since {} {dot} {}", when::moment(since, now), when::ago(since, now)), dim);
    }
    if let Some(age) = cell.age_s(now) {
        let read = match freshness {
            Freshness::Cached => format!("cached {} ago", when::age(age)),
            _ => when::read(age, past),
        };
        let style = if freshness.is_fresh() { dim } else { look.style(Role::Stale) };
        title.after(2, read, style);
    }
    // The resources below tell it as well; time and age are told nowhere else.
    if severity != Severity::Absent {
        title.after(2, &*reading.note, dim);
    }
}
