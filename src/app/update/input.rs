//! Typing a line: what enters is cleaned and bounded.

use crossterm::event::{Event, KeyEvent};
use tui_input::backend::crossterm::to_input_request;
use tui_input::{Input, InputRequest};

use crate::app::filter::LONGEST;
use crate::base::text::clean;

/// Applies an editing key; true when the line is another one now.
pub fn edit(input: &mut Input, event: KeyEvent) -> bool {
    edit_within(input, event, LONGEST)
}

/// The same with at most `most` characters.
pub fn edit_within(input: &mut Input, event: KeyEvent, most: usize) -> bool {
    let before = input.clone();
    match to_input_request(&Event::Key(event)) {
        Some(InputRequest::InsertChar(c)) => insert_within(input, c.encode_utf8(&mut [0; 4]), most),
        Some(request) => {
            input.handle(request);
        }
        None => {}
    }
    if input.value().chars().count() > most {
        *input = before.clone();
    }
    input.value() != before.value()
}

/// Inserts text at the cursor as far as there is room.
pub fn insert(input: &mut Input, text: &str) {
    insert_within(input, text, LONGEST);
}

/// The same with at most `most` characters.
pub fn insert_within(input: &mut Input, text: &str, most: usize) {
    let room = most.saturating_sub(input.value().chars().count());
    for c in clean(text).chars().take(room) {
        input.handle(InputRequest::InsertChar(c));
    }
}
