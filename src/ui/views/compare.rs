//! The compare screen: settings × environments, grouped by resource, the worst first.

use std::ops::Range;

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::drift::severity;
use crate::app::screens::CompareView;
use crate::app::screens::compare::view::words;
use crate::app::screens::compare::{Ended, Reading};
use crate::app::{Action, App, EnvironmentState, HitMap, Pane};
use crate::compare::Verdict;
use crate::compare::reading::services;
use crate::compare::verdict::{Cell, EXISTS, JudgedSetting};
use crate::compare::words::fault;
use crate::config::theme::Role;
use crate::ui::fit::{fit_name, width};
use crate::ui::views::compare_details::{details, progress};
use crate::ui::views::{key, nothing};
use crate::ui::when;
use crate::ui::widgets::grid::{Grid, Spec};
use crate::ui::widgets::{Pen, verdict};

/// The longest label where the screen is narrow, and where it is wide; a longer one is cut in its middle.
const LONGEST_LABEL: [u16; 2] = [30, 48];

/// Draws the screen below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let view = &app.derived.compare;
    let environments = environments(app);
    let label =
        (0..view.lines.len()).filter_map(|line| view.setting(line)).map(|setting| width(&setting.key) + 2).max();
    let title = if app.systems.len() > 1 { format!("{} setting", app.compare.system) } else { "setting".to_owned() };
    let spec = Spec {
        title: &title,
        label: label.unwrap_or(0).min((area.width / 4).clamp(LONGEST_LABEL[0], LONGEST_LABEL[1])),
        environments: &environments,
        rows: view.lines.len(),
        at: (app.compare.rows.cursor, app.compare.columns.cursor),
        systems: false,
        pane: Pane::Main,
    };
    let grid = Grid::lay(area, &spec);
    let cut = pen.look.glyphs.cut;
    let room = spec.label.max(width(&title)).saturating_sub(2);
    let named = |setting: &JudgedSetting| format!("  {}", fit_name(&setting.key, room, cut));
    let label = |line: usize| view.setting(line).map(named).unwrap_or_default();
    let worst = |lines: Range<usize>, columns: Range<usize>| {
        let cells = columns.flat_map(|column| lines.clone().filter_map(move |line| view.cell(line, column)));
        cells.map(|cell| severity(cell.verdict)).max().unwrap_or_default()
    };
    grid.draw(pen, hits, &spec, label, &remarks(app, view), worst);
    if view.lines.is_empty() {
        nothing(pen, grid.panes.rows, &why_empty(app));
    } else {
        cells(app, pen, view, &grid);
    }
    let below =
        Rect { x: grid.panes.detail.x + 1, width: grid.panes.detail.width.saturating_sub(2), ..grid.panes.detail };
    match app.compare.reading() {
        Some(reading) if view.lines.is_empty() => progress(app, pen, below, reading),
        _ => details(app, pen, below, view),
    }
}

/// The environments of the columns.
fn environments(app: &App) -> Vec<&EnvironmentState> {
    let of_system = |state: &&EnvironmentState| state.environment.system == app.compare.system;
    let all: Vec<&EnvironmentState> = app.fleet.environments.iter().filter(of_system).collect();
    match &app.derived.compare.comparison {
        None => all,
        Some(comparison) => {
            let columns = comparison.judged.columns.iter();
            let of = |name: &str| all.iter().find(|state| *state.environment.name == *name).copied();
            columns.filter_map(|column| of(&column.environment)).collect()
        }
    }
}

fn cells(app: &App, pen: &mut Pen<'_>, view: &CompareView, grid: &Grid) {
    let look = pen.look;
    let (row, column) = (app.compare.rows.selected(), app.compare.columns.selected());
    for (line, y) in grid.rows.clone().zip(grid.panes.rows.y..) {
        if view.setting(line).is_none() {
            head(pen, view, line, Rect { y, height: 1, ..grid.panes.rows }, line == row);
            continue;
        }
        for shown in &grid.columns.shown {
            let at = Rect::new(shown.x + 1, y, shown.width.saturating_sub(2), 1);
            match (view.cell(line, shown.index), view.setting(line)) {
                (Some(found), Some(setting)) => cell(pen, at, found, &*setting.key == EXISTS),
                _ if view.is_unread(line, shown.index) => {
                    pen.text(at.x, y, at.width, look.glyphs.unknown, look.style(Role::Unknown));
                }
                _ => {
                    pen.text(at.x, y, at.width, look.glyphs.absent, look.style(Role::Absent));
                }
            }
            if line == row && shown.index == column {
                pen.shade(Rect::new(shown.x, y, shown.width, 1), look.style(Role::Selected));
                pen.text(shown.x, y, 1, look.glyphs.more[1], look.style(Role::Accent));
            }
        }
    }
}

/// The line of a resource: the worst of it, what it is and its name, over all columns.
fn head(pen: &mut Pen<'_>, view: &CompareView, line: usize, at: Rect, selected: bool) {
    let look = pen.look;
    let Some(resource) = view.resource(line) else { return };
    let worst = resource.worst();
    pen.text(at.x, at.y, at.width, &" ".repeat(usize::from(at.width)), look.style(Role::Text));
    let room = at.width.saturating_sub(2);
    let x = pen.text(at.x + 1, at.y, room, &format!("{} ", verdict::mark(worst, look)), verdict::style(worst, look));
    let x = pen.text(x, at.y, at.right().saturating_sub(x), &format!("{} ", resource.kind), look.style(Role::Dim));
    pen.name(x, at.y, at.right().saturating_sub(x + 1), &resource.name, look.style(Role::Title));
    if selected {
        pen.shade(at, look.style(Role::Selected));
        pen.text(at.x, at.y, 1, look.glyphs.more[1], look.style(Role::Accent));
    }
}

/// Mark, value and word. Where there is no room for all, what is as it should be loses its word, the rest a part of its
/// value.
fn cell(pen: &mut Pen<'_>, at: Rect, found: &Cell, exists: bool) {
    let look = pen.look;
    let style = verdict::style(found.verdict, look);
    let value = match found.verdict {
        // The word says it all.
        Verdict::Missing | Verdict::Extra | Verdict::Untagged => "".into(),
        _ if exists && !found.value.is_unknown() => "here".into(),
        _ => words(&found.value),
    };
    let word = found.verdict.word();
    let needed = 2 + width(&value) + u16::from(!value.is_empty()) + width(word);
    let calm = found.verdict <= Verdict::Approved;
    let told = if calm && needed > at.width { "" } else { word };
    let tail = if told.is_empty() { 0 } else { width(told) + 1 };
    let x = pen.text(at.x, at.y, at.width, &format!("{} ", verdict::mark(found.verdict, look)), style);
    let weight = if found.verdict == Verdict::Same { style } else { look.style(Role::Text) };
    if value.is_empty() {
        pen.text(x, at.y, at.right().saturating_sub(x), told, style);
        return;
    }
    let room = at.right().saturating_sub(x).saturating_sub(tail);
    pen.text(x, at.y, room, &value, weight);
    pen.text_right(x, at.y, at.right().saturating_sub(x), told, style);
}

/// What was found, how old it is, what is being read, and what is left out.
fn remarks(app: &App, view: &CompareView) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(comparison) = &view.comparison {
        remarks.push(counted(view));
        remarks.push(age(comparison.at, app.now));
        let columns = comparison.judged.columns.iter();
        remarks.extend(
            columns.filter_map(|column| Some(format!("{} {}", column.label, column.fault.as_ref()?.kind.word()))),
        );
    }
    if let Some(reading) = app.compare.reading().filter(|_| view.comparison.is_some()) {
        let (done, of) = sum(reading);
        remarks.push(format!("reading {done} of {of}, {} stops", key(app, Action::Back)));
    }
    if let Some(count) = view.comparison.as_ref().map(|comparison| comparison.warnings.len()).filter(|count| *count > 0)
    {
        remarks.push(format!("manifest: {count} warning{}", if count == 1 { "" } else { "s" }));
    }
    if !app.compare.filter.is_empty() {
        remarks.push(format!("filter: {}", app.compare.filter.text().trim()));
    }
    if app.compare.everything {
        remarks.push("everything".to_owned());
    }
    if app.past.is_some() {
        remarks.push("as it is now".to_owned());
    }
    remarks
}

fn age(at: Timestamp, now: Timestamp) -> String {
    format!("read {} ago", when::ago(at, now))
}

/// Cells by verdict, the worst first; what is the same is not counted.
pub fn counted(view: &CompareView) -> String {
    let counts = Verdict::ALL.iter().filter(|verdict| **verdict > Verdict::Same);
    let counts: Vec<String> = counts
        .filter_map(|verdict| Some(format!("{} {}", view.counts.get(verdict)?, verdict.word().to_lowercase())))
        .collect();
    if counts.is_empty() { "no differences".to_owned() } else { counts.join(", ") }
}

/// Services that have answered, of how many, in all environments.
pub fn sum(reading: &Reading) -> (usize, usize) {
    let done = reading.environments.iter().map(|(_, done)| done).sum();
    (done, reading.environments.len() * services())
}

fn why_empty(app: &App) -> Vec<String> {
    let (back, again) = (key(app, Action::Back), key(app, Action::Refresh));
    let system = &app.compare.system;
    if let Some(reading) = app.compare.reading().filter(|_| app.compare.comparison().is_none()) {
        let (done, of) = sum(reading);
        let environments = reading.environments.len();
        return vec![
            format!("Reading the configuration of {environments} environments: {done} of {of} services."),
            format!("{back} stops it, {} goes back while it is read", key(app, Action::Leave)),
        ];
    }
    match app.compare.ended() {
        Some(Ended::Refused(lines)) => {
            let mut told = vec![format!("The manifest of {system} cannot be used.")];
            told.extend(lines.iter().take(2).map(ToString::to_string));
            told.push(format!("{again} reads it again"));
            return told;
        }
        Some(Ended::Stopped) if app.compare.comparison().is_none() => {
            return vec!["Nothing has been compared: reading was stopped.".to_owned(), format!("{again} reads again")];
        }
        _ => {}
    }
    match environments(app).len() {
        0 => return vec!["There is no environment to compare.".to_owned(), format!("{back} goes back")],
        1 => {
            return vec![
                format!("{system} has one environment: there is nothing to compare it with."),
                "watchfloor compare --save NAME and --against NAME compare it with its past".to_owned(),
            ];
        }
        _ => {}
    }
    let filter = &app.compare.filter;
    if app.compare.comparison().is_none() {
        return vec!["Nothing has been compared yet.".to_owned(), format!("{again} reads the configuration")];
    }
    if !filter.is_empty() {
        let where_to = if app.compare.everything { "setting" } else { "difference" };
        return vec![
            format!("No {where_to} passes the filter {}", filter.text().trim()),
            format!("{back} clears the filter, {} shows everything or differences", key(app, Action::Attention)),
        ];
    }
    match app.compare.everything {
        true => vec![
            "No environment has anything that is compared.".to_owned(),
            format!("{again} reads again, {back} goes back"),
        ],
        false => {
            let columns = app.compare.comparison().into_iter().flat_map(|known| &known.judged.columns);
            let dark =
                columns.filter_map(|column| Some(format!("{}: {}", column.label, fault(column.fault.as_ref()?))));
            let mut told = vec!["No differences: everything is the same everywhere.".to_owned()];
            told.extend(dark);
            if told.len() > 1 {
                told[0] = "No differences in what could be read.".to_owned();
            }
            told.push(format!("{} shows everything, {again} reads again", key(app, Action::Attention)));
            told
        }
    }
}
