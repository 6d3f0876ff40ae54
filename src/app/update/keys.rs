//! Keys and pasted text go to the keymap, to to what is being typed. `ctrl-c` always quits.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::effect::Effect;
use crate::app::state::{App, Typing};
use crate::app::update::guarded::{dialog, form};
use crate::app::update::{actions, filter, line, palette};

/// One key. What it acts on is what the last frame showed.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    if matches!(event.code, KeyCode::Char('c' | 'C')) && event.modifiers.contains(KeyModifiers::CONTROL) {
        return vec![Effect::Quit];
    }
    let effects = match app.typing {
        Typing::Off => {
            let action = app.keymap.action(event, app.screen().kind());
            action.map(|action| actions::perform(app, action)).unwrap_or_default()
        }
        Typing::Filter(_) => filter::key(app, event),
        Typing::Line(_) => line::key(app, event),
        Typing::Palette(_) => palette::key(app, event),
        Typing::Form(_) => form::key(app, event),
        Typing::Dialog(_) => dialog::key(app, event),
    };
    app.redraw = true;
    app.settle();
    effects
}

/// Pasted text: ignored unless something is being typed.
pub fn paste(app: &mut App, text: &str) -> Vec<Effect> {
    match app.typing {
        Typing::Off => return Vec::new(),
        Typing::Filter(_) => filter::paste(app, text),
        Typing::Line(_) => line::paste(app, text),
        Typing::Palette(_) => palette::paste(app, text),
        Typing::Form(_) => form::paste(app, text),
        Typing::Dialog(_) => dialog::paste(app, text),
    }
    app.redraw = true;
    app.settle();
    Vec::new()
}
