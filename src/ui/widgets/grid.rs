//! A grid of environments side by side: labels in a column that stays, environments in columns that scroll.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::app::{Cursor, EnvironmentState, HitMap, Pane, Target};
use crate::config::theme::Role;
use crate::model::{Severity, Tier};
use crate::ui::fit::width;
use crate::ui::layout::{Columns, Panes, columns, fitting, panes};
use crate::ui::widgets::cell::{self, CellText, Measure};
use crate::ui::widgets::frame::{self, Hidden};
use crate::ui::widgets::pen::Pen;

/// What a grid is about.
pub struct Spec<'a> {
    /// Head of the label column.
    pub title: &'a str,
    /// Columns that the longest label takes.
    pub label: u16,
    /// The environments, in the order of the columns.
    pub environments: &'a [&'a EnvironmentState],
    /// Number of rows.
    pub rows: usize,
    /// Where the selection is: row and column.
    pub at: (Cursor, Cursor),
    /// Say the system with the environment.
    pub systems: bool,
    /// The pane that the keys move in.
    pub pane: Pane,
}

/// A grid whose places have been found.
pub struct Grid {
    /// The parts of the screen.
    pub panes: Panes,
    /// The columns shown.
    pub columns: Columns,
    /// The rows shown.
    pub rows: Range<usize>,
}

impl Grid {
    /// Finds the places in `area`.
    pub fn lay(area: Rect, spec: &Spec<'_>) -> Self {
        let panes = panes(area, spec.rows.max(3));
        let count = spec.environments.len();
        let inside = panes.rows.width;
        let label = spec.label.max(width(spec.title)).saturating_add(2);
        let window = spec.at.1.window(count, fitting(inside, label));
        let production = |index: usize| spec.environments.get(index).is_some_and(|e| is_production(e));
        let columns = columns(panes.rows.x, inside, label, window, count, production);
        let rows = spec.at.0.window(spec.rows, usize::from(panes.rows.height));
        Self { panes, columns, rows }
    }

    /// Draws everything but the cells, and tells where the mouse finds what.
    pub fn draw(
        &self,
        pen: &mut Pen<'_>,
        hits: &mut HitMap,
        spec: &Spec<'_>,
        label: impl Fn(usize) -> String,
        remarks: &[String],
        worst: impl Fn(Range<usize>, Range<usize>) -> Severity,
    ) {
        let look = pen.look;
        let panes = &self.panes;
        frame::draw(pen, panes, &self.columns, spec.pane == Pane::Detail);
        frame::title(pen, panes.area.x + 1, panes.top, self.columns.label, spec.title, look.style(Role::Title));
        hits.areas.push((panes.rows, Target::Pane(Pane::Main)));
        hits.areas.push((panes.detail, Target::Pane(Pane::Detail)));
        hits.rows = usize::from(panes.rows.height);
        hits.columns = fitting(panes.rows.width, self.columns.label);
        for column in &self.columns.shown {
            if let Some(state) = spec.environments.get(column.index) {
                let head = head(state, spec.systems, column.width.saturating_sub(2), look.glyphs.dot);
                frame::title(pen, column.x, panes.top, column.width, &head, look.tier(state.environment.tier));
                hits.areas.push((Rect::new(column.x, panes.top, column.width, 1), Target::Column(column.index)));
            }
        }
        for (row, y) in self.rows.clone().zip(panes.rows.y..) {
            let style = if row == spec.at.0.selected { look.style(Role::Title) } else { look.style(Role::Text) };
            pen.text(panes.rows.x + 1, y, self.columns.label.saturating_sub(2), &label(row), style);
            hits.areas.push((Rect::new(panes.rows.x, y, panes.rows.width, 1), Target::Row(row)));
            for column in &self.columns.shown {
                let target = Target::Cell { row, column: column.index };
                hits.areas.push((Rect::new(column.x, y, column.width, 1), target));
            }
        }
        let (first, last) = (self.columns.before, self.columns.before + self.columns.shown.len());
        let sideways = [0..first, last..spec.environments.len()]
            .map(|columns| Hidden { count: columns.len(), worst: worst(self.rows.clone(), columns) });
        let upright = [0..self.rows.start, self.rows.end..spec.rows]
            .map(|rows| Hidden { count: rows.len(), worst: worst(rows, 0..spec.environments.len()) });
        frame::marks(pen, panes, sideways, upright, remarks);
    }

    /// Draws the cells in view. `cell` tells what a place says.
    pub fn cells<'c>(&self, pen: &mut Pen<'_>, spec: &Spec<'_>, cell: impl Fn(usize, usize) -> CellText<'c>) {
        let columns = &self.columns.shown;
        let texts: Vec<Vec<CellText<'c>>> =
            columns.iter().map(|column| self.rows.clone().map(|row| cell(row, column.index)).collect()).collect();
        // The curves of a row share one scale, so that environments can be compared.
        let tops: Vec<f64> = (0..self.rows.len())
            .map(|line| texts.iter().filter_map(|cells| cells.get(line)).map(CellText::peak).fold(1.0, f64::max))
            .collect();
        for (column, cells) in columns.iter().zip(&texts) {
            let room = column.width.saturating_sub(2);
            let measure = Measure::of(cells.iter(), room);
            for (((row, y), text), top) in self.rows.clone().zip(self.panes.rows.y..).zip(cells).zip(&tops) {
                cell::draw(pen, Rect::new(column.x + 1, y, room, 1), text, measure, *top);
                if row == spec.at.0.selected && column.index == spec.at.1.selected {
                    pen.shade(Rect::new(column.x, y, column.width, 1), pen.look.style(Role::Selected));
                    pen.text(column.x, y, 1, pen.look.glyphs.more[1], pen.look.style(Role::Accent));
                }
            }
        }
    }
}

fn is_production(state: &EnvironmentState) -> bool {
    state.environment.tier == Tier::Production
}

/// `dev · eu-west-1`, `PROD · us-east-1`; the region is left out where there is no room.
fn head(state: &EnvironmentState, system: bool, room: u16, dot: &str) -> String {
    let name = name_of(state, system);
    let whole = format!("{name} {dot} {}", state.environment.region);
    if width(&whole) <= room && !state.environment.region.is_empty() { whole } else { name }
}

/// An environment's name: production's in capitals, with the system where several are shown.
pub fn name_of(state: &EnvironmentState, system: bool) -> String {
    let environment = &state.environment;
    let name = if is_production(state) { environment.name.to_uppercase() } else { environment.name.to_string() };
    if system { format!("{}/{name}", environment.system) } else { name }
}
