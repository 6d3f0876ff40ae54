//! One environment: all its signals and their resources in one list, worst first.

use ratatui::layout::Rect;

use crate::app::screens::EnvironmentRow;
use crate::app::screens::environment::Subject;
use crate::app::{Action, App, Cell, EnvironmentState, HitMap, Pane};
use crate::base::clock::seconds_between;
use crate::config::theme::Role;
use crate::model::{Datum, EnvId, Severity};
use crate::ui::look::Look;
use crate::ui::reason;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::detail::{self, Detail};
use crate::ui::widgets::grid::name_of;
use crate::ui::widgets::table::{self, Column, Place, Table, name, place};
use crate::ui::widgets::{Parts, Pen, fault};

const COLUMNS: &[Column] = &[
    Column { title: "state", least: 10, most: 10, rank: 0, right: false },
    Column { title: "signal", least: 10, most: 20, rank: 0, right: false },
    Column { title: "resource", least: 30, most: 60, rank: 0, right: false },
    Column { title: "figure", least: 10, most: 34, rank: 1, right: false },
    Column { title: "since", least: 12, most: 12, rank: 3, right: true },
    Column { title: "for", least: 6, most: 6, rank: 2, right: true },
    Column { title: "reason", least: 20, most: 400, rank: 4, right: false },
];

/// Credentials that run out within this time are said with a warning.
const SOON_S: u64 = 15 * 60;

/// Draws the environment below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect, id: EnvId) {
    let look = pen.look;
    let rows = &app.derived.environment;
    let Some(state) = app.picture().position(id).and_then(|index| app.picture().environments.get(index)) else {
        nothing(pen, area, &["This environment is not configured any more.".to_owned()]);
        return;
    };
    pen.parts(area.x + 1, area.y + 1, area.width.saturating_sub(2), &about(app, state, look));
    let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let table = Table {
        columns: COLUMNS,
        rows: rows.len(),
        cursor: app.environment.rows.cursor,
        remarks: &remarks(app, Some(app.environment.sort)),
    };
    let line = |index: usize| rows.get(index).map(|row| line(app, state, row, look)).unwrap_or_default();
    let worst = |range: std::ops::Range<usize>| {
        rows.get(range).unwrap_or_default().iter().map(|row| row.severity).max().unwrap_or_default()
    };
    let panes = table::draw(pen, hits, area, &table, line, worst);
    let Some(row) = rows.get(app.environment.rows.selected()) else {
        nothing(pen, panes.rows, &why_empty(app));
        return;
    };
    story(app, pen, hits, panes.detail, state, row);
}

/// `PROD  us-east-1  111122223332  payments-viewer/anna  credentials for 47 min`, and what is wrong.
fn about<'a>(app: &App, state: &'a EnvironmentState, look: &Look) -> Parts<'a> {
    let (dim, text) = (look.style(Role::Dim), look.style(Role::Text));
    let (environment, connection) = (&state.environment, &state.connection);
    let mut parts = Parts::new();
    parts.push(name_of(state, app.systems.len() > 1), look.tier(environment.tier));
    if let Some(fault) = &connection.fault {
        let unknown = look.severity(Severity::Unknown);
        parts.after(2, format!("{} {}", look.glyphs.unknown, fault.kind.word()), unknown);
    }
    parts.after(2, &*environment.region, text);
    match (&connection.identity, &environment.account) {
        (Some(identity), _) => {
            parts.after(2, &*identity.account, text);
            parts.after(2, identity.arn.split_once('/').map_or(&*identity.arn, |(_, role)| role), dim);
        }
        (None, Some(account)) => {
            parts.after(2, format!("{account}, not verified"), look.severity(Severity::Unknown));
        }
        (None, None) => {
            parts.after(2, "identity not known yet", look.severity(Severity::Unknown));
        }
    }
    if let Some(expire) = connection.credentials_expire {
        let left = seconds_between(app.picture_time(), expire);
        let style = if left < SOON_S { look.severity(Severity::Warning) } else { dim };
        let words =
            if left == 0 { "credentials expired".to_owned() } else { format!("credentials for {}", when::age(left)) };
        parts.after(2, words, style);
    }
    let faults = state.cells.iter().filter(|cell| cell.datum.fault().is_some()).count();
    if faults > 0 {
        let words = format!("{faults} of {} signals not read", state.cells.len());
        parts.after(2, words, look.severity(Severity::Unknown));
    }
    parts
}

fn line<'a>(app: &'a App, state: &'a EnvironmentState, row: &'a EnvironmentRow, look: &Look) -> Vec<Place<'a>> {
    let now = app.picture_time();
    let (dim, text) = (look.style(Role::Dim), look.style(Role::Text));
    let signal = app.picture().signals.get(row.signal).map_or("", |info| &*info.title);
    let cell = state.cells.get(row.signal);
    let fresh = row.freshness.is_fresh();
    let mut strong = look.severity(row.severity);
    let mut plain = text;
    if !fresh {
        (strong, plain) = (strong.patch(look.style(Role::Stale)), look.style(Role::Stale));
    }
    let severity = place(format!("{} {}", look.glyphs.severity(row.severity), row.severity), strong);
    let age = cell.and_then(|cell| cell.age_s(now)).map(|age| format!("{} old", when::age(age)));
    match (&row.subject, row.resource()) {
        (_, Some(resource)) => {
            let figure = if row.severity == Severity::Ok { plain } else { strong };
            let mut words = Parts::new();
            if !fresh {
                words.push(age.unwrap_or_default(), look.style(Role::Stale));
            }
            words.after(2, reason::told(&resource.reason), dim);
            vec![
                severity,
                place(signal, dim),
                name(&*resource.name, plain),
                place(&*resource.headline, figure),
                place(resource.since.map(|at| when::moment(at, now)).unwrap_or_default(), dim),
                place(resource.since.map(|at| when::ago(at, now)).unwrap_or_default(), text),
                words,
            ]
        }
        (Subject::Unread(fault), None) => vec![
            severity,
            place(signal, dim),
            place(unread(cell), plain),
            place(fault.kind.word(), strong),
            Parts::new(),
            Parts::new(),
            place(&*fault.message, dim),
        ],
        (_, None) => vec![
            place(format!("{} awaited", look.glyphs.waiting), dim),
            place(signal, dim),
            place("", dim),
            place("not read yet", dim),
        ],
    }
}

/// How much of a signal could not be read.
fn unread(cell: Option<&Cell>) -> &'static str {
    match cell.map(|cell| &cell.datum) {
        Some(Datum::Live { .. }) => "part of it not read",
        Some(Datum::Stale { .. }) => "not read again",
        _ => "not read",
    }
}

fn story(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, state: &EnvironmentState, row: &EnvironmentRow) {
    let look = pen.look;
    let now = app.picture_time();
    let signal = app.picture().signals.get(row.signal).map_or("", |info| &*info.title);
    let mut title = Parts::new();
    title.push(signal, look.style(Role::Title));
    if let Some(since) = row.resource().and_then(|resource| resource.since) {
        let text = format!("since {} {} {}", when::moment(since, now), look.glyphs.dot, when::ago(since, now));
        title.after(3, text, look.style(Role::Dim));
    }
    let cell = state.cells.get(row.signal);
    if let Some(age) = cell.and_then(|cell| cell.age_s(now)) {
        let style = look.style(if row.freshness.is_fresh() { Role::Dim } else { Role::Stale });
        title.after(2, when::read(age, app.past.is_some()), style);
    }
    if let (Subject::Unread(found), None) = (&row.subject, row.resource()) {
        let inside = Rect { x: at.x + 1, width: at.width.saturating_sub(2), ..at };
        pen.parts(inside.x, inside.y, inside.width, &title);
        let below = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        fault::draw(pen, below, found, Severity::Unknown);
        return;
    }
    let resource = |index: usize| row.resource().filter(|_| index == 0).map(|r| (r, row.severity));
    let detail = Detail {
        title,
        fault: cell.and_then(|cell| cell.datum.fault()),
        len: usize::from(row.resource().is_some()),
        resource: &resource,
        cursor: app.detail,
        focus: app.pane == Pane::Detail,
        now,
        empty: "the first answer is awaited",
    };
    detail::draw(pen, hits, at, &detail);
}

fn why_empty(app: &App) -> Vec<String> {
    hidden_by_choice(app).unwrap_or_else(|| {
        vec![
            "This environment has nothing that is watched.".to_owned(),
            format!("AWS answered for every signal and named no resource; {} goes back", key(app, Action::Back)),
        ]
    })
}
