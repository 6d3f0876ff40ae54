//! The kinds of values that conditions distinguish.

/// The kind of a value, as far as conditions distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// Whole or fractional.
    Number,
    /// Words.
    Text,
}

impl Kind {
    /// In the words of messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flag => "yes or no",
            Self::Number => "a number",
            Self::Text => "text",
        }
    }
}
