//! The timeline: what changed, or what changed before something turned red.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::screens::timeline::{Mode, Row};
use crate::app::{Action, App, EnvironmentState, HitMap};
use crate::config::theme::Role;
use crate::model::Change;
use crate::ui::fit::wrap;
use crate::ui::look::Look;
use crate::ui::reason;
use crate::ui::views::from_to::from_to;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::grid::name_of;
use crate::ui::widgets::table::{self, Column, Place, Table, name, place};
use crate::ui::widgets::{Parts, Pen, fault};

/// From this width on there is room for long words and the whole table.
const WIDE: u16 = 140;
/// Below it the columns are as narrow as they can be.
const NARROW: u16 = 100;

const STREAM: &[Column] = &[
    Column { title: "time", least: 10, most: 15, rank: 0, right: false },
    Column { title: "age", least: 6, most: 6, rank: 3, right: true },
    Column { title: "environment", least: 8, most: 26, rank: 2, right: false },
    Column { title: "what", least: 12, most: 17, rank: 0, right: false },
    Column { title: "resource", least: 22, most: 32, rank: 0, right: false },
    Column { title: "change", least: 34, most: 400, rank: 1, right: false },
];

const NARROW_STREAM: &[Column] = &[
    Column { title: "time", least: 10, most: 15, rank: 0, right: false },
    Column { title: "age", least: 6, most: 6, rank: 3, right: true },
    Column { title: "env", least: 8, most: 16, rank: 2, right: false },
    Column { title: "what", least: 12, most: 12, rank: 0, right: false },
    Column { title: "resource", least: 16, most: 18, rank: 0, right: false },
    Column { title: "change", least: 20, most: 400, rank: 1, right: false },
];

const SUSPECTS: &[Column] = &[
    Column { title: "#", least: 3, most: 3, rank: 0, right: true },
    Column { title: "time", least: 10, most: 15, rank: 2, right: false },
    Column { title: "what", least: 12, most: 17, rank: 0, right: false },
    Column { title: "resource", least: 20, most: 32, rank: 0, right: false },
    Column { title: "change", least: 18, most: 40, rank: 3, right: false },
    Column { title: "why", least: 38, most: 400, rank: 1, right: false },
];

const NARROW_SUSPECTS: &[Column] = &[
    Column { title: "#", least: 3, most: 3, rank: 0, right: true },
    Column { title: "time", least: 10, most: 15, rank: 2, right: false },
    Column { title: "what", least: 12, most: 12, rank: 0, right: false },
    Column { title: "resource", least: 14, most: 18, rank: 0, right: false },
    Column { title: "why", least: 24, most: 400, rank: 1, right: false },
];

/// Draws the screen below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let view = &app.derived.timeline;
    let rows = &view.rows;
    let look = pen.look;
    let suspects = matches!(app.timeline.mode, Mode::Suspects(_));
    let table = Table {
        columns: match (suspects, area.width < NARROW) {
            (true, true) => NARROW_SUSPECTS,
            (true, false) => SUSPECTS,
            (false, true) => NARROW_STREAM,
            (false, false) => STREAM,
        },
        rows: rows.len(),
        cursor: app.timeline.rows.cursor,
        remarks: &told(app),
    };
    let line = |index: usize| {
        let parts = rows
            .get(index)
            .map(|row| if suspects { suspect(app, row, look, area.width) } else { line(app, row, look, area.width) });
        parts.unwrap_or_default()
    };
    let worst = |range: std::ops::Range<usize>| {
        rows.get(range).unwrap_or_default().iter().map(Row::severity).max().unwrap_or_default()
    };
    let panes = table::draw(pen, hits, area, &table, line, worst);
    match rows.get(app.timeline.rows.selected()) {
        Some(row) => details(app, pen, panes.detail, row),
        None => nothing(pen, panes.rows, &why_empty(app)),
    }
}

/// What is shown: the stretch of time or what turned red, how far it has been read, and what is left out.
fn told(app: &App) -> Vec<String> {
    let view = &app.derived.timeline;
    let mut told = vec![match &app.timeline.mode {
        Mode::All => format!("last {}", app.timeline.window.word()),
        Mode::Suspects(subject) => {
            let since = view.onset.map(|at| format!(" turned red {}", when::moment(at, app.picture_time())));
            format!("before {}{}", subject.title, since.unwrap_or_default())
        }
    }];
    let reading: Vec<String> =
        view.reading.iter().take(3).map(|(name, done, of)| format!("{name} {done}/{of}")).collect();
    if !reading.is_empty() {
        let more = view.reading.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        told.push(format!("reading {}{more}", reading.join(", ")));
    }
    if let Some((what, before)) = &view.cut {
        told.push(format!("{what} from {} on", when::moment(*before, app.picture_time())));
    }
    told.extend(remarks(app, None));
    told
}

fn environment<'a>(app: &'a App, row: &Row) -> Option<&'a EnvironmentState> {
    app.fleet.environments.get(row.environment())
}

fn label<'a>(app: &'a App, row: &Row, look: &Look) -> Place<'a> {
    match environment(app, row) {
        Some(state) => place(name_of(state, app.systems.len() > 1), look.tier(state.environment.tier)),
        None => Place::default(),
    }
}

fn what<'a>(row: &'a Row, look: &Look, width: u16) -> Place<'a> {
    let severity = row.severity();
    let word = match row {
        Row::Fault { fault, .. } => fault.kind.word(),
        Row::Change { change, .. } if width < WIDE => change.kind.brief(),
        Row::Change { change, .. } => change.kind.word(),
    };
    place(format!("{} {word}", look.glyphs.severity(severity)), look.severity(severity))
}

fn line<'a>(app: &'a App, row: &'a Row, look: &Look, width: u16) -> Vec<Place<'a>> {
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    match row {
        Row::Fault { what: title, fault, .. } => vec![
            Place::default(),
            Place::default(),
            label(app, row, look),
            what(row, look, width),
            name(&**title, text),
            place(format!("{}: {}", fault.operation, fault.message), dim),
        ],
        Row::Change { change, .. } => vec![
            place(time(change, app.picture_time()), text),
            place(when::ago(change.at, app.picture_time()), dim),
            label(app, row, look),
            what(row, look, width),
            name(&*change.resource, text),
            place(&*change.summary, dim),
        ],
    }
}

fn suspect<'a>(app: &'a App, row: &'a Row, look: &Look, width: u16) -> Vec<Place<'a>> {
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    match row {
        Row::Fault { what: title, fault, .. } => columns(
            [
                Place::default(),
                Place::default(),
                what(row, look, width),
                name(&**title, text),
                place(&*fault.operation, dim),
                place(&*fault.message, dim),
            ],
            width,
        ),
        Row::Change { change, place: at, .. } => {
            let rank = at.as_ref().map(|at| at.rank.to_string()).unwrap_or_default();
            let likely = at.as_ref().is_some_and(|at| at.likely);
            let strong = look.style(if likely { Role::Accent } else { Role::Dim });
            columns(
                [
                    place(rank, strong),
                    place(time(change, app.picture_time()), text),
                    what(row, look, width),
                    name(&*change.resource, text),
                    place(&*change.summary, dim),
                    place(at.as_ref().map_or("", |at| &*at.why), if likely { text } else { dim }),
                ],
                width,
            )
        }
    }
}

/// The places of the columns at this width: in a narrow one it is not said what changed.
fn columns<'a>(places: [Place<'a>; 6], width: u16) -> Vec<Place<'a>> {
    let left_out = |index: usize| width < NARROW && index == 4;
    places.into_iter().enumerate().filter(|(index, _)| !left_out(*index)).map(|(_, place)| place).collect()
}

/// `03:04:10Z`; a time that AWS does not say is marked with a tilde.
fn time(change: &Change, now: Timestamp) -> String {
    let mark = if change.estimated { "~" } else { "" };
    format!("{mark}{}", when::dated(change.at, now))
}

fn details(app: &App, pen: &mut Pen<'_>, at: Rect, row: &Row) {
    let look = pen.look;
    let at = Rect { x: at.x + 1, width: at.width.saturating_sub(2), ..at };
    let mut title = Parts::new();
    if let Some(state) = environment(app, row) {
        title.push(name_of(state, app.systems.len() > 1), look.tier(state.environment.tier));
    }
    match row {
        Row::Fault { what, fault: found, .. } => {
            title.push(format!(" {} {what} not read", look.glyphs.dot), look.style(Role::Title));
            pen.parts(at.x, at.y, at.width, &title);
            fault::draw(pen, below(at, 1), found, row.severity());
        }
        Row::Change { change, place, .. } => {
            let head = format!(" {} {} {}", look.glyphs.dot, change.kind.word(), change.resource);
            title.push(head, look.style(Role::Title));
            let now = app.picture_time();
            let about = if change.estimated { ", at the earliest" } else { "" };
            let time =
                format!("{}{about} {} {} ago", when::clock(change.at), look.glyphs.dot, when::ago(change.at, now));
            title.after(3, time, look.style(Role::Dim));
            pen.parts(at.x, at.y, at.width, &title);
            let why = place.as_ref().map(|place| place.why.to_string()).unwrap_or_default();
            story(pen, below(at, 1), change, &why);
        }
    }
}

/// What happened, from what to what, why and by whom; the most telling lines first.
fn story(pen: &mut Pen<'_>, at: Rect, change: &Change, why: &str) {
    let look = pen.look;
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let facts = [
        ("change", change.summary.to_string()),
        ("suspected", why.to_owned()),
        ("from, to", from_to(change, look).unwrap_or_default()),
        ("reason", reason::told(&change.reason)),
        ("by", change.by.to_string()),
        ("touches", change.touches.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("ARN", change.arn.to_string()),
    ];
    let mut y = at.y;
    for (title, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let room = at.width.saturating_sub(11);
        for (index, line) in wrap(value, room, 3, look.glyphs.cut).iter().enumerate() {
            if y >= at.bottom() {
                return;
            }
            if index == 0 {
                pen.text(at.x, y, 10, title, dim);
            }
            pen.text(at.x + 11, y, room, line, text);
            y += 1;
        }
    }
}

fn below(at: Rect, lines: u16) -> Rect {
    let lines = lines.min(at.height);
    Rect { y: at.y + lines, height: at.height - lines, ..at }
}

fn why_empty(app: &App) -> Vec<String> {
    let view = &app.derived.timeline;
    if !view.reading.is_empty() || app.timeline.data.asked_at.is_none() {
        let mut lines = vec!["Reading what changed.".to_owned()];
        lines.extend(view.reading.iter().take(8).map(|(name, done, of)| format!("{name}: {done} of {of} sources")));
        return lines;
    }
    if let Some(lines) = hidden_by_choice(app) {
        return lines;
    }
    let nothing = match app.timeline.mode {
        Mode::All => format!("Nothing changed in the last {}.", app.timeline.window.word()),
        Mode::Suspects(_) => "Nothing changed in the half hour before it turned red.".to_owned(),
    };
    let next = match app.timeline.mode {
        Mode::All => format!("{} looks further back, {} goes back", key(app, Action::Widen), key(app, Action::Back)),
        Mode::Suspects(_) => {
            format!(
                "{} shows everything that changed, {} goes back",
                key(app, Action::Timeline),
                key(app, Action::Back)
            )
        }
    };
    vec![nothing, next]
}
