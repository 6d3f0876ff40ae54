//! Everything known of one resource, as JSON.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use crate::app::{App, HitMap};
use crate::base::Text;
use crate::config::theme::Role;
use crate::ui::fit::width;
use crate::ui::look::Look;
use crate::ui::widgets::{Parts, Pen, frame};

/// Draws the description over the screen. Lines longer than the screen continue on the next row.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let state = &app.describe;
    let at = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let inside = frame::overlay(pen, at, &state.title);
    let room = inside.width.saturating_sub(2);
    hits.overlay = last_page(&state.lines, room, inside.height);
    let mut y = inside.y;
    let mut shown = 0;
    for line in state.lines.iter().skip(state.scroll.offset) {
        let rows = rows(line, room);
        for (index, row) in rows.iter().enumerate() {
            if y >= inside.bottom() {
                break;
            }
            let parts = if index == 0 { coloured(row, pen.look) } else { rest(row, pen.look) };
            pen.parts(inside.x + 1, y, room, &parts);
            y += 1;
        }
        if y >= inside.bottom() {
            break;
        }
        shown += 1;
    }
    frame::more_lines(pen, at, state.scroll.offset, state.lines.len(), shown.max(1));
}

/// How many of the last lines fill the screen: no need to scroll further.
fn last_page(lines: &[Text], room: u16, height: u16) -> usize {
    let mut left = usize::from(height);
    let fits = |line: &&Text| {
        let needed = rows(line, room).len();
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    lines.iter().rev().take_while(fits).count().max(1)
}

/// A line in rows of at most `room` columns; those after the first are indented like the first, and a little more.
fn rows(line: &str, room: u16) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let mut rows: Vec<String> = Vec::new();
    let mut row = String::new();
    let mut used = 0;
    for grapheme in line.graphemes(true) {
        let wide = width(grapheme);
        if used + wide > room && used > 0 {
            rows.push(std::mem::take(&mut row));
            row = " ".repeat((indent + 4).min(usize::from(room / 2)));
            used = width(&row);
        }
        row.push_str(grapheme);
        used += wide;
    }
    rows.push(row);
    rows
}

/// A line of pretty-printed JSON: the key apart from its value.
fn coloured<'a>(line: &'a str, look: &Look) -> Parts<'a> {
    match line.split_once("\": ") {
        Some((key, value)) if key.trim_start().starts_with('"') => {
            let mut parts = Parts::new();
            parts.push(key, look.style(Role::Accent)).push("\"", look.style(Role::Accent));
            parts.push(": ", look.style(Role::Dim)).push(value, look.style(Role::Text));
            parts
        }
        _ => rest(line, look),
    }
}

fn rest<'a>(line: &'a str, look: &Look) -> Parts<'a> {
    let mut parts = Parts::new();
    parts.push(line, look.style(Role::Text));
    parts
}
