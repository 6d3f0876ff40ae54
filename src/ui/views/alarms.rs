//! All alarms of all environments in one list.

use ratatui::layout::Rect;

use crate::app::screens::AlarmRow;
use crate::app::{Action, App, HitMap, Pane};
use crate::config::theme::Role;
use crate::model::{Resource, Severity};
use crate::ui::look::Look;
use crate::ui::reason;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::detail::{self, Detail};
use crate::ui::widgets::grid::name_of;
use crate::ui::widgets::table::{self, Column, Place, Table, name, place};
use crate::ui::widgets::{Parts, Pen};

const COLUMNS: &[Column] = &[
    Column { title: "state", least: 9, most: 12, rank: 0, right: false },
    Column { title: "env", least: 8, most: 26, rank: 0, right: false },
    Column { title: "alarm", least: 40, most: 60, rank: 0, right: false },
    Column { title: "since", least: 6, most: 12, rank: 2, right: true },
    Column { title: "for", least: 6, most: 6, rank: 1, right: true },
    Column { title: "flags", least: 6, most: 30, rank: 3, right: false },
    Column { title: "reason", least: 24, most: 400, rank: 4, right: false },
];

/// From this width on there is room for date and time.
const WIDE: u16 = 100;

/// Draws the alarms below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let rows = &app.derived.alarms;
    let look = pen.look;
    let table = Table {
        columns: COLUMNS,
        rows: rows.len(),
        cursor: app.alarms.rows.cursor,
        remarks: &remarks(app, Some(app.alarms.sort)),
    };
    let narrow = area.width < WIDE;
    let line = |index: usize| rows.get(index).map(|row| line(app, row, look, narrow)).unwrap_or_default();
    let worst = |range: std::ops::Range<usize>| {
        rows.get(range).unwrap_or_default().iter().map(|row| row.severity).max().unwrap_or_default()
    };
    let panes = table::draw(pen, hits, area, &table, line, worst);
    let Some(row) = rows.get(app.alarms.rows.selected()) else {
        nothing(pen, panes.rows, &why_empty(app));
        return;
    };
    let Some(state) = app.picture().environments.get(row.environment) else { return };
    let now = app.picture_time();
    let mut title = Parts::new();
    title.push(name_of(state, app.systems.len() > 1), look.tier(state.environment.tier));
    title.push(format!(" {} Alarms", look.glyphs.dot), look.style(Role::Title));
    if let Some(since) = row.resource().and_then(|resource| resource.since) {
        let text = format!("since {} {} {}", when::moment(since, now), look.glyphs.dot, when::ago(since, now));
        title.after(3, text, look.style(Role::Dim));
    }
    let cell = app.selected().and_then(|selected| selected.cell);
    if let Some(age) = cell.and_then(|cell| cell.age_s(now)) {
        let style = look.style(if row.freshness.is_fresh() { Role::Dim } else { Role::Stale });
        title.after(2, when::read(age, app.past.is_some()), style);
    }
    let resource = |index: usize| if index == 0 { row.resource().map(|r| (r, row.severity)) } else { None };
    let detail = Detail {
        title,
        fault: cell.and_then(|cell| cell.datum.fault()),
        len: 1,
        resource: &resource,
        cursor: app.detail,
        focus: app.pane == Pane::Detail,
        now,
        empty: "",
    };
    detail::draw(pen, hits, panes.detail, &detail);
}

fn line<'a>(app: &'a App, row: &'a AlarmRow, look: &Look, narrow: bool) -> Vec<Place<'a>> {
    let (Some(alarm), Some(state)) = (row.resource(), app.picture().environments.get(row.environment)) else {
        return Vec::new();
    };
    let now = app.picture_time();
    let dim = look.style(Role::Dim);
    let (word, flags) = split(alarm);
    let mut strong = look.severity(row.severity);
    if !row.freshness.is_fresh() {
        strong = strong.patch(look.style(Role::Stale));
    }
    let moment = if narrow { when::brief } else { when::moment };
    let since = alarm.since.map(|at| moment(at, now)).unwrap_or_default();
    let age = alarm.since.map(|at| when::ago(at, now)).unwrap_or_default();
    vec![
        place(format!("{} {word}", look.glyphs.severity(row.severity)), strong),
        place(name_of(state, app.systems.len() > 1), look.tier(state.environment.tier)),
        name(&*alarm.name, look.style(Role::Text)),
        place(since, dim),
        place(age, look.style(Role::Text)),
        place(flags, look.severity(Severity::Unknown)),
        place(reason::told(&alarm.reason), dim),
    ]
}

/// An alarm's headline is its state, and after a dot why nobody is told of it: `ALARM · muted, actions off`.
fn split(alarm: &Resource) -> (&str, &str) {
    alarm.headline.split_once(" · ").unwrap_or((&alarm.headline, ""))
}

fn why_empty(app: &App) -> Vec<String> {
    if let Some(lines) = hidden_by_choice(app) {
        return lines;
    }
    let environments = &app.picture().environments;
    let signal = app.picture().signal_index(crate::app::screens::alarms::ALARMS);
    let unread = |index: usize| {
        environments.iter().filter(|e| e.cells.get(index).is_none_or(|cell| cell.datum.value().is_none())).count()
    };
    match signal.map_or(0, unread) {
        0 => vec![
            "No environment has an alarm.".to_owned(),
            format!("CloudWatch has none in the accounts and regions configured; {} goes back", key(app, Action::Back)),
        ],
        unread => vec![
            format!("No alarms have been read yet from {unread} of {} environments.", environments.len()),
            format!("{} tells why, {} asks again", key(app, Action::Connections), key(app, Action::Refresh)),
        ],
    }
}
