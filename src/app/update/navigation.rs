//! Moving within the topmost screen: its list, its detail pane, or the text of an overlay.

use crate::app::cursor::Cursor;
use crate::app::keymap::Action;
use crate::app::screen::{Pane, Screen};
use crate::app::state::App;
use crate::app::update::selection;

/// Columns of a log that one key scrolls.
const SIDEWAYS: isize = 16;

/// A move by key.
pub fn go(app: &mut App, action: Action) {
    let page = if app.screen().kind().is_overlay() { app.overlay_page() } else { app.page() };
    let page = isize::try_from(page).unwrap_or(isize::MAX);
    match action {
        Action::Up => step(app, -1),
        Action::Down => step(app, 1),
        Action::PageUp => step(app, -page),
        Action::PageDown => step(app, page),
        Action::Top => top(app),
        Action::Bottom => step(app, isize::MAX),
        Action::Left => sideways(app, -1),
        Action::Right => sideways(app, 1),
        _ => {}
    }
}

/// Moves by rows or lines; beyond the ends it stops there.
pub fn step(app: &mut App, steps: isize) {
    if let Some(scroll) = overlay(app) {
        scroll.offset = scroll.offset.saturating_add_signed(steps);
    } else if app.pane == Pane::Detail {
        selection::pin(app);
        let last = app.detail_len().saturating_sub(1);
        app.detail.selected = app.detail.selected.saturating_add_signed(steps).min(last);
    } else {
        let row = selection::row(app).saturating_add_signed(steps).min(selection::rows(app).saturating_sub(1));
        let column = selection::column(app);
        selection::choose(app, row, column);
    }
}

/// Moves by columns.
pub fn sideways(app: &mut App, steps: isize) {
    if app.screen() == Screen::Logs {
        app.logs.column = app.logs.column.saturating_add_signed(steps * SIDEWAYS);
    } else if overlay(app).is_none() {
        let (row, column) = (selection::row(app), selection::column(app));
        selection::choose(app, row, column.saturating_add_signed(steps));
    }
}

fn top(app: &mut App) {
    if let Some(scroll) = overlay(app) {
        scroll.offset = 0;
    } else if app.pane == Pane::Detail {
        app.detail = Cursor::default();
    } else {
        selection::top(app);
    }
}

/// How far the overlay on top is scrolled, where there is one.
fn overlay(app: &mut App) -> Option<&mut Cursor> {
    match app.screen() {
        Screen::Help => Some(&mut app.help),
        Screen::Describe => Some(&mut app.describe.scroll),
        Screen::Messages => Some(&mut app.messages),
        _ => None,
    }
}
