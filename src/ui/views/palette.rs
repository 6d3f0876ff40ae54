//! The command palette: a line to type into and what matches.

use ratatui::layout::{Position, Rect};

use crate::app::palette::{Entry, Match};
use crate::app::{HitMap, Palette, Target};
use crate::config::theme::Role;
use crate::ui::fit::width;
use crate::ui::widgets::footer::tail;
use crate::ui::widgets::{Parts, Pen, frame};

/// Matches shown at once.
const LINES: u16 = 12;

/// Draws the palette over the screen. Answers where the text cursor stands.
pub fn draw(palette: &Palette, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) -> Position {
    let wide = area.width.saturating_sub(4).min(72);
    let tall = (LINES + 3).min(area.height);
    let at = Rect::new(area.x + (area.width - wide) / 2, area.y, wide, tall);
    let inside = frame::overlay(pen, at, "go to or do");
    let look = pen.look;
    let typed = palette.input.value();
    let line = Rect { height: 1, ..inside };
    pen.shade(line, look.style(Role::Input));
    let shown = tail(typed, inside.width.saturating_sub(4));
    pen.text(inside.x, inside.y, 2, ": ", look.style(Role::Key));
    pen.text(inside.x + 2, inside.y, inside.width.saturating_sub(3), shown, look.style(Role::Input));
    let skipped = width(typed).saturating_sub(width(shown));
    let cursor = u16::try_from(palette.input.visual_cursor()).unwrap_or(u16::MAX).saturating_sub(skipped);
    let list = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    hits.overlay = usize::from(list.height);
    let window = palette.cursor.window(palette.matches.len(), usize::from(list.height));
    frame::more_lines(pen, at, window.start, palette.matches.len(), list.height);
    for (index, y) in window.zip(list.y..) {
        let Some(found) = palette.matches.get(index) else { continue };
        let Some(entry) = palette.entries.get(found.entry) else { continue };
        let hint = width(&entry.hint).min(list.width / 2);
        let label = list.width.saturating_sub(hint + 4);
        pen.parts(list.x + 1, y, label, &matched(entry, found, pen));
        let hint_at = list.right().saturating_sub(hint + 1);
        pen.text(hint_at, y, hint, &entry.hint, look.style(Role::Dim));
        let whole = Rect::new(list.x, y, list.width, 1);
        if index == palette.cursor.selected {
            pen.shade(whole, look.style(Role::Selected));
            pen.text(list.x, y, 1, look.glyphs.more[1], look.style(Role::Accent));
        }
        hits.areas.push((whole, Target::Palette(index)));
    }
    if palette.matches.is_empty() {
        let words = "Nothing is called so; delete some letters.";
        pen.text(list.x + 1, list.y, list.width.saturating_sub(2), words, look.style(Role::Dim));
    }
    Position::new((inside.x + 2 + cursor).min(inside.right().saturating_sub(1)), inside.y)
}

/// The label with the matched characters marked.
fn matched(entry: &Entry, found: &Match, pen: &Pen<'_>) -> Parts<'static> {
    let (text, marked) = (pen.look.style(Role::Text), pen.look.style(Role::Match));
    let mut parts = Parts::new();
    for (index, character) in (0u32..).zip(entry.label.chars()) {
        let style = if found.indices.binary_search(&index).is_ok() { marked } else { text };
        parts.push(character.to_string(), style);
    }
    parts
}
