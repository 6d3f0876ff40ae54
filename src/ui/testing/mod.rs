//! Tests of `testing`.
//! How tests look at a screen: its text, and beneath it where which style was used.

pub mod changes;
pub mod estate;

use std::collections::BTreeMap;
use std::fmt::Write;

use crossterm::event::KeyEvent;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::app::keymap::parse_key;
use crate::app::{App, Message, update_all};
use crate::config::theme::Themes;
use crate::ui::{Depth, Look, paint};

/// The look of an embedded theme.
pub fn look(theme: &str, depth: Depth, ascii: bool) -> Look {
    Look::choose(&Themes::embedded(), theme, depth, ascii)
}

/// The dark look.
pub fn dark() -> Look {
    look("dark", Depth::TrueColor, false)
}

/// Draws as the shell does: once to learn the sizes, settled, and again.
pub fn screen(app: &mut App, look: &Look, width: u16, height: u16) -> Buffer {
    let _ = update_all(app, [Message::Resize(width, height)]);
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    for _ in 0..2 {
        let (hits, _) = paint(app, look, &mut buffer);
        app.hits = hits;
        app.settle();
    }
    buffer
}

/// Presses keys, in the configuration's notation.
pub fn press(app: &mut App, keys: &[&str]) {
    for key in keys {
        let key: KeyEvent = parse_key(key).expect("a key").into();
        let _ = update_all(app, [Message::Key(key)]);
    }
}

/// The text of a screen, one line for each row.
pub fn text(buffer: &Buffer) -> String {
    let wide = usize::from(buffer.area.width.max(1));
    let rows = buffer.content.chunks(wide);
    rows.map(|row| row.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned() + "\n").collect()
}

/// The text, and beneath it each style with the places where it was used: `row:from-to`.
pub fn styled(buffer: &Buffer) -> String {
    let wide = usize::from(buffer.area.width.max(1));
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (y, row) in buffer.content.chunks(wide).enumerate() {
        let mut from = 0;
        while from < row.len() {
            let style = style(&row[from]);
            let run = row[from..].iter().take_while(|cell| self::style(cell) == style).count();
            places.entry(style).or_default().push(format!("{y}:{from}-{}", from + run - 1));
            from += run;
        }
    }
    let mut out = text(buffer);
    out.push_str("---\n");
    let most = places.iter().max_by_key(|(_, places)| places.len()).map(|(style, _)| style.clone());
    for (style, places) in &places {
        // The commonest style is everywhere else.
        let places = if Some(style) == most.as_ref() { "elsewhere".to_owned() } else { places.join(" ") };
        let _ = writeln!(out, "{style}: {places}");
    }
    out
}

fn style(cell: &Cell) -> String {
    let name = |color: Color| match color {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let mut out = format!("{} on {}", name(cell.fg), name(cell.bg));
    let words = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ];
    for (modifier, word) in words {
        if cell.modifier.contains(modifier) {
            let _ = write!(out, " {word}");
        }
    }
    out
}
