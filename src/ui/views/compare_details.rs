//! Below the matrix: what is selected, environment by environment, or how far the reading is.

use ratatui::layout::Rect;

use crate::app::screens::CompareView;
use crate::app::screens::compare::Reading;
use crate::app::screens::compare::rule::rule;
use crate::app::screens::compare::view;
use crate::app::{Action, App, EnvironmentState};
use crate::compare::Verdict;
use crate::compare::matrix::Column;
use crate::compare::reading::services;
use crate::compare::verdict::{EXISTS, JudgedResource, JudgedSetting};
use crate::compare::words;
use crate::config::theme::Role;
use crate::ui::fit::{width, wrap};
use crate::ui::views::key;
use crate::ui::widgets::grid::name_of;
use crate::ui::widgets::{Parts, Pen, verdict};

/// Columns of what stands before the rule and its reason.
const LABEL: u16 = 10;

/// The selected line: its values one below the other, the manifest's rule and its reason.
pub fn details(app: &App, pen: &mut Pen<'_>, at: Rect, view: &CompareView) {
    let line = app.compare.rows.selected();
    let (Some(comparison), Some(resource)) = (&view.comparison, view.resource(line)) else { return };
    let look = pen.look;
    let setting = view.setting(line);
    let worst = setting.map_or(resource.worst(), JudgedSetting::worst);
    let mut title = Parts::new();
    title.push(format!("{} ", verdict::mark(worst, look)), verdict::style(worst, look));
    title.push(worst.word(), verdict::style(worst, look));
    title.after(2, format!("{} {}", resource.kind, resource.name), look.style(Role::Title));
    if let Some(setting) = setting {
        title.push(format!(" {} {}", look.glyphs.dot, setting.key), look.style(Role::Title));
    }
    title.after(3, format!("{} tells all", key(app, Action::Open)), look.style(Role::Dim));
    pen.parts(at.x, at.y, at.width, &title);
    let below = Rect { y: at.y + 1, height: at.height.saturating_sub(1), ..at };
    let columns = &comparison.judged.columns;
    let Some(setting) = setting else {
        names(app, pen, below, resource, columns);
        return;
    };
    let lines: Vec<Parts<'_>> = columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            let Some(cell) = setting.cells.get(place)?.as_ref() else {
                let fault = column.fault.as_ref()?;
                let mut parts = label(app, pen, columns, column);
                let style = verdict::style(Verdict::Unknown, look);
                let word = Verdict::Unknown.word();
                parts.push(format!("{} {word:<9}", verdict::mark(Verdict::Unknown, look)), style);
                parts.after(1, words::fault(fault), look.style(Role::Dim));
                return Some(parts);
            };
            let style = verdict::style(cell.verdict, look);
            let mut parts = label(app, pen, columns, column);
            parts.push(format!("{} {:<9}", verdict::mark(cell.verdict, look), cell.verdict.word()), style);
            if &*setting.key != EXISTS {
                parts.after(1, view::words(&cell.value), look.style(Role::Text));
            }
            parts.after(2, &*cell.note, look.style(Role::Dim));
            Some(parts)
        })
        .collect();
    let mut y = below.y;
    for parts in &lines {
        if y >= below.bottom() {
            return;
        }
        pen.parts(below.x, y, below.width, parts);
        y += 1;
    }
    let rule = rule(comparison, resource, setting);
    let rule = rule.unwrap_or_else(|| "no rule: it must be the same everywhere".to_owned());
    // Of the selected environment; where it does not differ there, of the first that does.
    let places = std::iter::once(app.compare.columns.selected()).chain(0..columns.len());
    let since = places.filter_map(|place| Some((place, app.compared_since(resource, setting, place)?))).next();
    let since = since.map(|(place, since)| {
        let label = columns.get(place).map_or("", |column| &*column.label);
        format!("{label}: {}", since.strip_prefix("since ").unwrap_or(&since))
    });
    let facts = [("manifest", rule), ("since", since.unwrap_or_default()), ("reason", setting.why.to_string())];
    for (title, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        for (index, line) in wrap(value, below.width.saturating_sub(LABEL), 2, look.glyphs.cut).iter().enumerate() {
            if y >= below.bottom() {
                return;
            }
            if index == 0 {
                pen.text(below.x, y, LABEL, title, look.style(Role::Dim));
            }
            pen.text(below.x + LABEL, y, below.width.saturating_sub(LABEL), line, look.style(Role::Text));
            y += 1;
        }
    }
}

/// AWS's names of a resource.
fn names(app: &App, pen: &mut Pen<'_>, at: Rect, resource: &JudgedResource, columns: &[Column]) {
    let look = pen.look;
    let lines = columns.iter().zip(&resource.names).zip(at.y..at.bottom());
    for ((column, name), y) in lines {
        let mut parts = label(app, pen, columns, column);
        match name {
            Some(name) => parts.name(&**name, look.style(Role::Text)),
            None => parts.push(look.glyphs.absent, look.style(Role::Absent)),
        };
        pen.parts(at.x, y, at.width, &parts);
    }
}

/// The name of a column's environment, as wide as the widest of them.
fn label<'a>(app: &App, pen: &Pen<'_>, columns: &[Column], column: &Column) -> Parts<'a> {
    let of = |column: &Column| {
        let is_it = |state: &&EnvironmentState| {
            state.environment.system == app.compare.system && state.environment.name == column.environment
        };
        app.fleet
            .environments
            .iter()
            .find(is_it)
            .map_or_else(|| column.label.to_string(), |state| name_of(state, false))
    };
    let wide = columns.iter().map(|column| width(&of(column))).max().unwrap_or(0);
    let name = of(column);
    let pad = " ".repeat(usize::from(wide.saturating_sub(width(&name)) + 2));
    let mut parts = Parts::new();
    parts.push(name, pen.look.tier(column.tier)).push(pad, pen.look.style(Role::Text));
    parts
}

/// How many services of each environment have answered.
pub fn progress(app: &App, pen: &mut Pen<'_>, at: Rect, reading: &Reading) {
    let look = pen.look;
    let states: Vec<(&EnvironmentState, usize)> = reading
        .environments
        .iter()
        .filter_map(|(env, done)| Some((app.fleet.environments.get(app.fleet.position(*env)?)?, *done)))
        .collect();
    let wide = states.iter().map(|(state, _)| width(&name_of(state, false))).max().unwrap_or(0);
    for ((state, done), y) in states.iter().zip(at.y..at.bottom()) {
        pen.text(at.x, y, wide, &name_of(state, false), look.tier(state.environment.tier));
        let mut parts = Parts::new();
        let connected = state.connection.fault.as_ref().filter(|_| *done == 0);
        match connected {
            Some(fault) => parts.push(fault.kind.word(), look.severity(crate::model::Severity::Unknown)),
            None => parts.push(format!("{done} of {} services", services()), look.style(Role::Dim)),
        };
        pen.parts(at.x + wide + 2, y, at.width.saturating_sub(wide + 2), &parts);
    }
}
