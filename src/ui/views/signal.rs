//! One signal: resources × environments, matched by logical name.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::app::{Action, App, EnvironmentState, HitMap, Scope};
use crate::model::{Severity, SignalId};
use crate::ui::fit::width;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks, wall};
use crate::ui::widgets::Pen;
use crate::ui::widgets::cell::CellText;
use crate::ui::widgets::grid::{Grid, Spec};

/// Columns that labels may take: longer names are cut, their whole text stands in the details.
const LONGEST_LABEL: u16 = 40;

/// Draws the signal screen below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect, id: SignalId) {
    let picture = app.picture();
    let matrix = &app.derived.matrix;
    let signal = picture.signal_index(id);
    let environments: Vec<&EnvironmentState> =
        matrix.columns.iter().filter_map(|column| picture.environments.get(column.environment)).collect();
    let title = signal.and_then(|index| picture.signals.get(index)).map_or(id.0, |info| &*info.title);
    // The rows in view decide how wide the labels are, so that a long list costs no more than a short one.
    let offset = app.signal.rows.cursor.offset;
    let near = matrix.rows.iter().skip(offset).take(usize::from(area.height));
    let label = near.map(|row| width(&row.logical_name)).max().unwrap_or(0).min(LONGEST_LABEL);
    let spec = Spec {
        title,
        label,
        environments: &environments,
        rows: matrix.rows.len(),
        at: (app.signal.rows.cursor, app.signal.columns.cursor),
        systems: app.scope == Scope::All,
        pane: app.pane,
    };
    let worst = |rows: Range<usize>, columns: Range<usize>| {
        let rows = matrix.rows.get(rows).unwrap_or_default();
        if columns.len() == matrix.columns.len() {
            return rows.iter().map(|row| row.worst).max().unwrap_or_default();
        }
        let cells = rows.iter().filter_map(|row| row.cells.get(columns.clone())).flatten().flatten();
        cells.map(|cell| cell.severity).max().unwrap_or_default()
    };
    let grid = Grid::lay(area, &spec);
    let name = |row: usize| matrix.rows.get(row).map(|row| row.logical_name.to_string()).unwrap_or_default();
    grid.draw(pen, hits, &spec, name, &remarks(app, Some(app.signal.sort)), worst);
    if matrix.rows.is_empty() {
        nothing(pen, grid.panes.rows, &why_empty(app));
    } else {
        grid.cells(pen, &spec, |row, column| cell(app, row, column));
    }
    wall::details(app, pen, hits, grid.panes.detail);
}

fn cell(app: &App, row: usize, column: usize) -> CellText<'_> {
    let matrix = &app.derived.matrix;
    let found = matrix.rows.get(row).and_then(|row| row.cells.get(column)).and_then(Option::as_ref);
    let fresh = matrix.columns.get(column).is_some_and(|column| column.freshness.is_fresh());
    match (found, matrix.resource(row, column)) {
        (Some(found), Some(resource)) => {
            CellText::of_resource(resource, found.severity, found.others.len(), fresh, app.picture_time())
        }
        _ => match matrix.columns.get(column).map_or(Severity::Unknown, |column| column.blank()) {
            Severity::Absent => CellText::plain(Severity::Absent, ""),
            unknown => CellText::plain(unknown, "unknown"),
        },
    }
}

fn why_empty(app: &App) -> Vec<String> {
    if let Some(lines) = hidden_by_choice(app) {
        return lines;
    }
    let matrix = &app.derived.matrix;
    let unread = matrix.columns.iter().filter(|column| column.reading.is_none()).count();
    let back = key(app, Action::Back);
    if unread == 0 {
        vec!["No environment here has such a resource.".to_owned(), format!("{back} goes back to the wall")]
    } else {
        vec![
            format!("Nothing has been read yet from {unread} of {} environments.", matrix.columns.len()),
            format!("{} tells why, {back} goes back to the wall", key(app, Action::Connections)),
        ]
    }
}
