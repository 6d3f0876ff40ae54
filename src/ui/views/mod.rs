//! One file per screen.

pub mod alarms;
pub mod compare;
mod compare_details;
pub mod connections;
pub mod describe;
pub mod environment;
mod from_to;
pub mod guarded;
pub mod help;
pub mod logs;
pub mod messages;
pub mod palette;
pub mod resource;
mod resource_charts;
mod resource_lists;
pub mod signal;
pub mod timeline;
pub mod wall;

use ratatui::layout::Rect;

use crate::app::screens::Sort;
use crate::app::{Action, App};
use crate::config::theme::Role;
use crate::ui::fit::wrap;
use crate::ui::widgets::Pen;

/// The first key of an action as shown; the action's own name where it has none.
fn key(app: &App, action: Action) -> String {
    app.keymap.keys_of(action).into_iter().next().unwrap_or_else(|| "the palette".to_owned())
}

/// What is in force on this screen: a filter, attention only, an order that is not the default.
fn remarks(app: &App, sort: Option<Sort>) -> Vec<String> {
    let mut remarks = Vec::new();
    if !app.filter().is_empty() {
        remarks.push(format!("filter: {}", app.filter().text().trim()));
    }
    if app.attention {
        remarks.push("attention only".to_owned());
    }
    if let Some(sort) = sort.filter(|sort| *sort != Sort::default()) {
        remarks.push(format!("by {}", sort.word()));
    }
    remarks
}

/// Why a list is empty because of what the operator chose, and what to press.
fn hidden_by_choice(app: &App) -> Option<Vec<String>> {
    let filter = app.filter();
    if !filter.is_empty() {
        let how = if filter.is_inverted() { "is left by" } else { "matches" };
        return Some(vec![
            format!("Nothing {how} the filter {}", filter.text().trim()),
            format!("{} clears the filter, {} changes it", key(app, Action::Back), key(app, Action::Filter)),
        ]);
    }
    app.attention.then(|| {
        vec!["Nothing needs attention.".to_owned(), format!("{} shows everything", key(app, Action::Attention))]
    })
}

/// Writes why there is nothing to see in the middle of `at`, the first line strongest.
fn nothing(pen: &mut Pen<'_>, at: Rect, lines: &[String]) {
    pen.blank(at);
    let room = at.width.saturating_sub(4);
    let mark = pen.look.glyphs.cut;
    let wrapped: Vec<(usize, String)> = lines
        .iter()
        .enumerate()
        .flat_map(|(index, line)| wrap(line, room, 3, mark).into_iter().map(move |line| (index, line)))
        .collect();
    let tall = u16::try_from(wrapped.len()).unwrap_or(u16::MAX).min(at.height);
    let top = at.y + (at.height - tall) / 2;
    for ((index, line), y) in wrapped.iter().zip(top..at.bottom()) {
        let role = if *index == 0 { Role::Text } else { Role::Dim };
        let style = pen.look.style(role);
        pen.text(at.x + 2, y, room, line, style);
    }
}
