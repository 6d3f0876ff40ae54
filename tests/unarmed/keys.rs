//! What can be pressed and pasted.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use watchfloor::app::dialog::Demand;
use watchfloor::app::{App, Typing};

/// Something that comes from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    Key(KeyEvent),
    Paste(String),
}

fn code(code: KeyCode) -> Press {
    Press::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// A character as a terminal reports it.
pub fn character(c: char) -> Press {
    match c {
        '\r' => code(KeyCode::Enter),
        '\t' => code(KeyCode::Tab),
        '\u{1b}' => code(KeyCode::Esc),
        c if c.is_ascii_uppercase() => Press::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::SHIFT)),
        c => code(KeyCode::Char(c)),
    }
}

/// A word, letter by letter; `\r` is enter, `\t` is tab.
pub fn typed(word: &str) -> Vec<Press> {
    word.chars().map(character).collect()
}

/// Every key that a terminal can report, but for combinations of several modifiers; and some pasted text.
pub fn all() -> Vec<Press> {
    let letters = 'a'..='z';
    let with = |modifier: KeyModifiers| {
        letters.clone().map(move |c| Press::Key(KeyEvent::new(KeyCode::Char(c), modifier))).collect::<Vec<_>>()
    };
    let named = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Insert,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Null,
    ];
    let mut all: Vec<Press> = (' '..='~').map(character).collect();
    all.extend(with(KeyModifiers::CONTROL));
    all.extend(with(KeyModifiers::ALT));
    all.extend((1..=12).map(|number| code(KeyCode::F(number))));
    all.extend(named.map(code));
    all.extend(["y", "yes\n", "41", "lambda-alias-rollback\n"].map(|text| Press::Paste(text.to_owned())));
    all
}

/// What could confirm what is asked now, or what comes after it.
pub fn confirming(app: &App) -> Vec<Vec<Press>> {
    let phrase = match &app.typing {
        Typing::Dialog(dialog) => match &dialog.demand {
            Demand::Phrase(phrase) => phrase.clone(),
            Demand::Yes => "y".to_owned(),
            Demand::Reason => "because".to_owned(),
        },
        _ => "y".to_owned(),
    };
    let pasted = |before: &str, after: &str| {
        let mut all = typed(before);
        all.push(Press::Paste(phrase.clone()));
        all.extend(typed(after));
        all
    };
    vec![
        typed("y"),
        typed("Y"),
        typed("\r\r\r\r\r"),
        typed("\ry\ry\r"),
        typed(&format!("{phrase}\r\r")),
        typed(&format!("\t{phrase}\tbecause\r\r")),
        typed(&format!("{phrase}\rbecause\r\r")),
        pasted("", "\r"),
        pasted("\t", "\tbecause\r\r"),
    ]
}
