//! What AWS says of one resource, as JSON.

use std::borrow::Cow;

use jiff::Timestamp;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use crate::app::screens::describe::Line;
use crate::app::{Action, App, HitMap};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::fit::{width, wrap};
use crate::ui::look::Look;
use crate::ui::views::key;
use crate::ui::when;
use crate::ui::widgets::{Parts, Pen, frame, verdict};

/// Rows that a message may take.
const MOST_ROWS: usize = 12;

/// Draws the description over the screen. Lines longer than the screen continue on the next row.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let state = &app.describe;
    let look = pen.look;
    let at = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let inside = frame::overlay(pen, at, &state.title);
    let room = inside.width.saturating_sub(2);
    hits.overlay = last_page(&state.lines, room, inside.height, app.now, look);
    let mut y = inside.y;
    let mut shown = 0;
    for (index, line) in state.lines.iter().enumerate().skip(state.scroll.offset) {
        let text = told(line, app.now);
        let rows = rows_of(line, &text, room, look);
        for (row, line_of) in rows.iter().zip(0..) {
            if y >= inside.bottom() {
                break;
            }
            pen.parts(inside.x + 1, y, room, &styled(line, row, line_of == 0, look));
            let indent = if line_of == 0 && matches!(line, Line::Verdict(..)) { 2 } else { 0 };
            mark(app, pen, Rect::new(inside.x + 1 + indent, y, room.saturating_sub(indent), 1), row);
            if state.hit == Some(index) && line_of == 0 {
                pen.text(inside.x, y, 1, look.glyphs.more[1], look.style(Role::Accent));
            }
            y += 1;
        }
        if y >= inside.bottom() {
            break;
        }
        shown += 1;
    }
    frame::more_lines(pen, at, state.scroll.offset, state.lines.len(), shown.max(1));
    search(app, pen, at);
}

/// Says in the bottom border what is looked for and how often it was found.
fn search(app: &App, pen: &mut Pen<'_>, at: Rect) {
    let state = &app.describe;
    if state.search.is_empty() || at.height < 2 {
        return;
    }
    let found = state.found().count();
    let place = state.hit.and_then(|hit| state.found().position(|index| index == hit));
    let words = match place {
        Some(place) => {
            let next = key(app, Action::SearchNext);
            format!(" /{} {} of {found}, {next} the next ", state.search.text().trim(), place + 1)
        }
        None if found > 0 => format!(" /{} found {found} times ", state.search.text().trim()),
        None => format!(" /{} not found ", state.search.text().trim()),
    };
    pen.text(at.x + 2, at.bottom() - 1, at.width / 2, &words, pen.look.style(Role::Match));
}

/// Lays the style of matches over the words that are looked for.
fn mark(app: &App, pen: &mut Pen<'_>, at: Rect, row: &str) {
    let search = &app.describe.search;
    let lower = row.to_lowercase();
    // Some characters are longer in lower case: then columns could not be told.
    if search.is_empty() || search.is_inverted() || lower.len() != row.len() {
        return;
    }
    for word in search.words() {
        for (from, _) in lower.match_indices(word.as_str()) {
            let (Some(before), Some(part)) = (row.get(..from), row.get(from..from + word.len())) else { continue };
            let place = Rect::new(at.x + width(before), at.y, width(part), 1).intersection(at);
            pen.shade(place, pen.look.style(Role::Match));
        }
    }
}

/// What a line says now: an answer's line tells its age.
fn told(line: &Line, now: Timestamp) -> Cow<'_, str> {
    match line {
        Line::Answer(operation, at) => {
            Cow::Owned(format!("{operation} · answered {}, {} ago", when::dated(*at, now), when::ago(*at, now)))
        }
        other => other.text(),
    }
}

/// A row of a line; `first` for the row that it begins with.
fn styled<'a>(line: &Line, row: &'a str, first: bool, look: &Look) -> Parts<'a> {
    let of = |style| {
        let mut parts = Parts::new();
        parts.push(row, style);
        parts
    };
    match line {
        Line::Answer(..) => of(look.style(Role::Title)),
        Line::Note(_) => of(look.style(Role::Dim)),
        Line::Fault(_) => of(look.severity(Severity::Unknown)),
        Line::Verdict(verdict, _) if first => {
            let mut parts = Parts::new();
            parts.push(format!("{} ", verdict::mark(*verdict, look)), verdict::style(*verdict, look));
            parts.push(row, verdict::style(*verdict, look));
            parts
        }
        Line::Verdict(verdict, _) => of(verdict::style(*verdict, look)),
        Line::Json(_) if first => coloured(row, look),
        Line::Json(_) => rest(row, look),
    }
}

/// How many of the last lines fill the screen: no need to scroll further.
fn last_page(lines: &[Line], room: u16, height: u16, now: Timestamp, look: &Look) -> usize {
    let mut left = usize::from(height);
    let fits = |line: &&Line| {
        let needed = rows_of(line, &told(line, now), room, look).len();
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    lines.iter().rev().take_while(fits).count().max(1)
}

/// JSON is broken where the row ends, words between words.
fn rows_of(line: &Line, text: &str, room: u16, look: &Look) -> Vec<String> {
    match line {
        Line::Json(_) => rows(text, room),
        // Its mark stands before it.
        Line::Verdict(..) => wrap(text, room.saturating_sub(2), MOST_ROWS, look.glyphs.cut),
        _ if text.is_empty() => vec![String::new()],
        _ => wrap(text, room, MOST_ROWS, look.glyphs.cut),
    }
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
