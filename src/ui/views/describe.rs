//! Everything known of one resource, as JSON.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, HitMap};
use crate::config::theme::Role;
use crate::ui::look::Look;
use crate::ui::widgets::{Parts, Pen, frame};

/// Draws the description over the screen.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let state = &app.describe;
    let at = Rect::new(area.x + 2, area.y + 1, area.width.saturating_sub(4), area.height.saturating_sub(2));
    let inside = frame::overlay(pen, at, &state.title);
    hits.overlay = usize::from(inside.height);
    frame::more_lines(pen, at, state.scroll.offset, state.lines.len(), inside.height);
    for (line, y) in state.lines.iter().skip(state.scroll.offset).zip(inside.y..inside.bottom()) {
        pen.parts(inside.x + 1, y, inside.width.saturating_sub(2), &coloured(line, pen.look));
    }
}

/// A line of pretty-printed JSON: the key apart from its value.
fn coloured<'a>(line: &'a str, look: &Look) -> Parts<'a> {
    let mut parts = Parts::new();
    let text = look.style(Role::Text);
    match line.split_once("\": ") {
        Some((key, value)) if key.trim_start().starts_with('"') => {
            let quote = key.len() - key.trim_start().len();
            parts.push(&key[..quote], Style::new());
            parts.push(&key[quote + 1..], look.style(Role::Accent)).push(": ", look.style(Role::Dim));
            parts.push(value, text)
        }
        _ => parts.push(line, text),
    };
    parts
}
