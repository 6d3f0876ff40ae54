//! Typing a line for the log screen: a filter pattern or what to search for. `enter` uses it, `esc` drops it.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::app::effect::Effect;
use crate::app::state::{App, LineInput, Purpose, Typing};
use crate::app::update::{input, logs};
use crate::base::Text;

/// Begins to type, with what is in force.
pub fn begin(app: &mut App, purpose: Purpose) {
    let before = match purpose {
        Purpose::Pattern => app.logs.pattern.to_string(),
        Purpose::Search => app.logs.search.to_string(),
    };
    app.typing = Typing::Line(LineInput { input: Input::new(before), purpose });
}

/// A key while the line is typed.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let Typing::Line(line) = &mut app.typing else { return Vec::new() };
    match event.code {
        KeyCode::Esc => app.typing = Typing::Off,
        KeyCode::Enter => {
            let (typed, purpose) = (line.input.value().to_owned(), line.purpose);
            app.typing = Typing::Off;
            match purpose {
                Purpose::Pattern => logs::set_pattern(app, &typed),
                Purpose::Search => {
                    app.logs.search = Text::new(typed.trim());
                    if !app.logs.search.is_empty() {
                        logs::search(app, true);
                    }
                }
            }
        }
        _ => {
            input::edit(&mut line.input, event);
        }
    }
    Vec::new()
}

/// Text pasted while the line is typed.
pub fn paste(app: &mut App, text: &str) {
    if let Typing::Line(line) = &mut app.typing {
        input::insert(&mut line.input, text);
    }
}
