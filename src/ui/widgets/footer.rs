//! The bottom line: what the keys do here, or the filter being typed, or a message to the operator.

use ratatui::layout::{Position, Rect};
use tui_input::Input;

use crate::app::{Action, App, HitMap, NoticeLevel, Target, Typing};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::fit::width;
use crate::ui::widgets::pen::{Parts, Pen};

/// Draws the bottom line into `at`, which is the box's bottom border without its corners. Answers where the text
/// cursor stands while something is typed.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect) -> Option<Position> {
    if let Typing::Filter(typed) = &app.typing {
        return Some(line(pen, at, (" / ", " enter keep  esc drop  ! inverts "), &typed.input));
    }
    if let Typing::Line(typed) = &app.typing {
        let prompt = format!(" {}: ", typed.purpose.prompt());
        return Some(line(pen, at, (&prompt, " enter use  esc drop "), &typed.input));
    }
    if matches!(app.typing, Typing::Form(_) | Typing::Dialog(_)) && app.notice().is_none() {
        return None;
    }
    if let Some(notice) = app.notice() {
        let (glyph, style) = match notice.level {
            NoticeLevel::Info => (pen.look.glyphs.next, pen.look.style(Role::Accent)),
            NoticeLevel::Warning => (pen.look.glyphs.warning, pen.look.severity(Severity::Warning)),
            NoticeLevel::Error => (pen.look.glyphs.critical, pen.look.severity(Severity::Critical)),
        };
        let mut parts = Parts::new();
        parts.push(format!(" {glyph} "), style).push(&*notice.text, style).push(" ", style);
        pen.parts(at.x, at.y, at.width, &parts);
        return None;
    }
    keys(app, pen, hits, at);
    None
}

/// A line being typed, between a prompt and a hint.
fn line(pen: &mut Pen<'_>, at: Rect, (prompt, hint): (&str, &str), typed: &Input) -> Position {
    let look = pen.look;
    let (typed, cursor) = (typed.value(), typed.visual_cursor());
    let (input, dim) = (look.style(Role::Input), look.style(Role::Dim));
    let hint = if at.width >= 60 { hint } else { "" };
    let room = at.width.saturating_sub(width(hint) + width(prompt) + 1);
    let mut x = pen.text(at.x, at.y, width(prompt), prompt, look.style(Role::Key));
    // The end of a long line is shown: that is where the cursor usually is.
    let shown = tail(typed, room.saturating_sub(1));
    let skipped = width(typed).saturating_sub(width(shown));
    pen.text(x, at.y, room, &format!("{shown} "), input);
    let cursor = u16::try_from(cursor).unwrap_or(u16::MAX).saturating_sub(skipped);
    x = (x + cursor).min(at.right().saturating_sub(1));
    pen.text_right(at.x, at.y, at.width, hint, dim);
    Position::new(x, at.y)
}

/// The end of `text`, in at most `columns` columns.
pub fn tail(text: &str, columns: u16) -> &str {
    let mut from = 0;
    while width(&text[from..]) > columns {
        from += text[from..].chars().next().map_or(1, char::len_utf8);
    }
    &text[from..]
}

fn keys(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect) {
    let look = pen.look;
    let items = app.keymap.footer(app.screen().kind(), app.past.is_some() && app.is_at_rest());
    let dot = format!(" {} ", look.glyphs.dot);
    let item_width = |key: &str, word: &str| width(key) + 1 + width(word);
    // By rank as many as fit; the help, whose rank is the first, stands last.
    let mut room = at.width.saturating_sub(2);
    let mut shown = Vec::new();
    for mut item in items.into_iter().filter(|item| app.offers(item.action)) {
        if item.action == Action::PlanAgain && app.shown_run().is_some_and(|own| own.run.is_unknown()) {
            item.word = "keep watching";
        }
        let needed = item_width(&item.key, item.word) + if shown.is_empty() { 0 } else { width(&dot) };
        if needed > room {
            break;
        }
        room -= needed;
        shown.push(item);
    }
    shown.sort_by_key(|item| item.action == Action::Help);
    let mut x = pen.text(at.x, at.y, 1, " ", look.style(Role::Text));
    for (index, item) in shown.iter().enumerate() {
        if index > 0 {
            x = pen.text(x, at.y, width(&dot), &dot, look.style(Role::Border));
        }
        let from = x;
        x = pen.text(x, at.y, at.right().saturating_sub(x), &item.key, look.style(Role::Key));
        x = pen.text(x, at.y, 1, " ", look.style(Role::Text));
        x = pen.text(x, at.y, at.right().saturating_sub(x), item.word, look.style(Role::Dim));
        hits.areas.push((Rect::new(from, at.y, x - from, 1), Target::Action(item.action)));
    }
    pen.text(x, at.y, 1, " ", look.style(Role::Text));
}
