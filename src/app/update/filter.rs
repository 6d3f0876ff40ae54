//! Typing a filter, or what is looked for in the describe overlay: it works while it is typed. `enter` keeps it, `esc`
//! restores the one before.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::app::effect::Effect;
use crate::app::filter::Filter;
use crate::app::screen::Screen;
use crate::app::state::{App, FilterInput, Typing};
use crate::app::update::{input, navigation};

/// Begins to type, with the filter in force.
pub fn begin(app: &mut App) {
    let before = if app.screen() == Screen::Describe { &app.describe.search } else { app.filter() }.clone();
    app.typing = Typing::Filter(FilterInput { input: Input::new(before.text().to_owned()), before });
}

/// A key while a filter is typed.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let Typing::Filter(typed) = &mut app.typing else { return Vec::new() };
    match event.code {
        KeyCode::Enter => app.typing = Typing::Off,
        KeyCode::Esc => {
            let before = std::mem::take(&mut typed.before);
            app.typing = Typing::Off;
            set(app, before);
        }
        KeyCode::Up => navigation::step(app, -1),
        KeyCode::Down => navigation::step(app, 1),
        _ => {
            if input::edit(&mut typed.input, event) {
                let filter = Filter::parse(typed.input.value());
                set(app, filter);
            }
        }
    }
    Vec::new()
}

/// Text pasted while a filter is typed.
pub fn paste(app: &mut App, text: &str) {
    if let Typing::Filter(typed) = &mut app.typing {
        input::insert(&mut typed.input, text);
        let filter = Filter::parse(typed.input.value());
        set(app, filter);
    }
}

/// Puts a filter in force on the base screen, or a search on the overlay over it.
pub fn set(app: &mut App, filter: Filter) {
    if app.screen() == Screen::Describe {
        app.describe.look_for(filter);
        return;
    }
    match app.base() {
        Screen::Signal(_) => app.signal.filter = filter,
        Screen::Alarms => app.alarms.filter = filter,
        Screen::Connections => app.connections.filter = filter,
        Screen::Environment(_) => app.environment.filter = filter,
        Screen::Resource => app.resource.filter = filter,
        Screen::Timeline => app.timeline.filter = filter,
        Screen::Logs => app.logs.set_filter(filter),
        Screen::Compare => app.compare.filter = filter,
        Screen::Records => app.records.filter = filter,
        Screen::Runbooks | Screen::Run => {}
        _ => app.wall.filter = filter,
    }
}
