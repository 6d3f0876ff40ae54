//! The stack of screens: going to one.

use crate::app::cursor::Cursor;
use crate::app::notice::NoticeLevel;
use crate::app::screen::{Pane, Screen};
use crate::app::screens::SignalState;
use crate::app::state::App;

/// Goes to a screen: back to it when it is below, on top of the others when it is not. One signal replaces another.
pub fn go(app: &mut App, screen: Screen) {
    app.pane = Pane::Main;
    if let Screen::Signal(_) = screen
        && !app.screens.contains(&screen)
    {
        open_signal(app);
    }
    if !screen.kind().is_overlay() {
        app.detail = Cursor::default();
        app.screens.retain(|below| !below.kind().is_overlay());
    }
    if let Some(index) = app.screens.iter().position(|below| below.kind() == screen.kind()) {
        app.screens.truncate(index);
    }
    if screen == Screen::Messages {
        app.messages = Cursor::default();
    }
    app.screens.push(screen);
}

/// A signal screen begins in the column of what was selected.
fn open_signal(app: &mut App) {
    let environment = app.selected().map(|selected| selected.environment);
    let mut state = SignalState { sort: app.signal.sort, ..SignalState::default() };
    state.columns.key = environment;
    app.signal = state;
}

/// Tells that there is nothing to act on.
pub fn nothing_selected(app: &mut App) {
    app.notices.add(NoticeLevel::Info, "no resource is selected", app.now);
}
