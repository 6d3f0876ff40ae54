//! Key notation: `q`, `G`, `ctrl-r`, `space`, `pageup`. What is written and what a terminal sends become the same.

use std::fmt;

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key with its modifiers, in one form for all terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    fn new(combination: KeyCombination) -> Option<Self> {
        let combination = combination.normalized();
        let OneToThree::One(code) = combination.codes else { return None };
        let mut modifiers = combination.modifiers;
        // Some terminals report shift with `?`, others do not: it counts only where it makes a difference.
        if matches!(code, KeyCode::Char(c) if !c.is_ascii_alphabetic()) || code == KeyCode::BackTab {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Some(Self { code, modifiers })
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let plain = Self { code: event.code, modifiers: event.modifiers };
        Self::new(KeyCombination::from(event)).unwrap_or(plain)
    }
}

impl From<Key> for KeyEvent {
    fn from(key: Key) -> Self {
        Self::new(key.code, key.modifiers)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, word) in
            [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SUPER, "cmd-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(word)?;
            }
        }
        let shift = self.modifiers.contains(KeyModifiers::SHIFT);
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(c) if shift && self.modifiers != KeyModifiers::SHIFT => {
                write!(f, "shift-{}", c.to_ascii_lowercase())
            }
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "f{number}"),
            code => write!(f, "{}{}", if shift { "shift-" } else { "" }, format!("{code:?}").to_lowercase()),
        }
    }
}

/// Parses a key's notation. A single capital means shift. `None` for what is not one key.
pub fn parse_key(notation: &str) -> Option<Key> {
    let notation = notation.trim();
    let mut characters = notation.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => Key::new(KeyCombination::one_key(KeyCode::Char(c), KeyModifiers::NONE)),
        _ => crokey::parse(notation).ok().and_then(Key::new),
    }
}
