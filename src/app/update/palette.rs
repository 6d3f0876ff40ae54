//! The command palette while it is open: typing, moving, choosing.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::effect::Effect;
use crate::app::keymap::Action;
use crate::app::palette::{Command, Palette};
use crate::app::screen::Screen;
use crate::app::state::{App, Typing};
use crate::app::update::{actions, input, selection};

/// A key while the palette is open.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let page = isize::try_from(app.overlay_page()).unwrap_or(isize::MAX);
    let Typing::Palette(palette) = &mut app.typing else { return Vec::new() };
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    match event.code {
        KeyCode::Esc => app.typing = Typing::Off,
        KeyCode::Enter => return choose(app),
        KeyCode::Up | KeyCode::BackTab => step(palette, -1),
        KeyCode::Down | KeyCode::Tab => step(palette, 1),
        KeyCode::Char('p') if control => step(palette, -1),
        KeyCode::Char('n') if control => step(palette, 1),
        KeyCode::PageUp => step(palette, -page),
        KeyCode::PageDown => step(palette, page),
        _ => {
            if input::edit(&mut palette.input, event) {
                palette.search();
            }
        }
    }
    Vec::new()
}

/// Text pasted while the palette is open.
pub fn paste(app: &mut App, text: &str) {
    if let Typing::Palette(palette) = &mut app.typing {
        input::insert(&mut palette.input, text);
        palette.search();
    }
}

/// Moves the selection among the matches.
pub fn step(palette: &mut Palette, steps: isize) {
    let last = palette.matches.len().saturating_sub(1);
    palette.cursor.selected = palette.cursor.selected.saturating_add_signed(steps).min(last);
}

/// Closes the palette and does what is selected; nothing when nothing matches.
pub fn choose(app: &mut App) -> Vec<Effect> {
    let Typing::Palette(palette) = std::mem::take(&mut app.typing) else { return Vec::new() };
    match palette.chosen() {
        None => {}
        Some(Command::Do(action)) => return actions::perform(app, *action),
        Some(Command::Show(Screen::Records)) => return actions::perform(app, Action::Records),
        Some(Command::Show(screen)) => actions::go(app, *screen),
        Some(Command::Environment(index)) => selection::show_environment(app, *index),
        Some(Command::System(index)) => actions::show_system(app, *index),
        Some(Command::Theme(index)) => actions::use_theme(app, *index),
    }
    Vec::new()
}
