//! Colours and attributes, as theme files write them.

use std::str::FromStr;

/// A colour. Only [`Color::Rgb`] and [`Color::Indexed`] need more than a 16-colour terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    /// The terminal's own foreground or background: `default`.
    Default,
    /// One of the 16 ANSI colours, 0 to 15: `red`, `bright-red`.
    Ansi(u8),
    /// One of the 256 indexed colours: `"208"`.
    Indexed(u8),
    /// `#rrggbb`.
    Rgb(u8, u8, u8),
}

const ANSI: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

impl Color {
    /// The names that need no palette.
    pub fn names<'n>() -> impl Iterator<Item = &'n str> {
        ANSI.into_iter().chain(["default"])
    }
}

/// The text is not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a colour: expected `#rrggbb`, a name such as `red` or `bright-red`, 0 to 255, or `default`")]
pub struct NotAColor;

impl FromStr for Color {
    type Err = NotAColor;

    fn from_str(text: &str) -> Result<Self, NotAColor> {
        if text == "default" {
            return Ok(Self::Default);
        }
        if let Some(index) = (0u8..).zip(ANSI).find_map(|(index, name)| (name == text).then_some(index)) {
            return Ok(Self::Ansi(index));
        }
        if let Some(hex) = text.strip_prefix('#') {
            let digits = hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let value = u32::from_str_radix(hex, 16).ok().filter(|_| digits).ok_or(NotAColor)?;
            let [_, red, green, blue] = value.to_be_bytes();
            return Ok(Self::Rgb(red, green, blue));
        }
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| digits).map(Self::Indexed).ok_or(NotAColor)
    }
}

/// The look of a role. Colours that are not given are those beneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Colour of the characters.
    pub fg: Option<Color>,
    /// Colour behind them.
    pub bg: Option<Color>,
    /// Heavier.
    pub bold: bool,
    /// Lighter.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Foreground and background exchanged.
    pub reverse: bool,
}
