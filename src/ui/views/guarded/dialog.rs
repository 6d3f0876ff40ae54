//! A dialog over everything: what it asks, what must be typed, Cancel. What does not fit cannot be confirmed.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use crate::app::dialog::{Demand, Dialog, Focus, Said};
use crate::app::{App, DialogDrawn, HitMap};
use crate::config::theme::Role;
use crate::model::{Severity, Tier};
use crate::ui::fit::{width, wrap};
use crate::ui::look::Look;
use crate::ui::views::guarded::place;
use crate::ui::widgets::footer::tail;
use crate::ui::widgets::{Parts, Pen, frame};

/// On a smaller terminal nothing is confirmed.
const SMALLEST: (u16, u16) = (80, 24);
/// Its width, border included.
const WIDE: u16 = 76;
/// Columns of the names of facts.
const NAMES: u16 = 12;
/// Rows of the screen that a dialog leaves free: header, and a line at the bottom.
const FREE: u16 = 3;
/// Rows that one thing said may take.
const MOST: usize = 12;

enum Line<'a> {
    Parts(Parts<'a>),
    Input(&'a Input, bool),
    Cancel,
    Blank,
}

/// Draws the dialog. Answers where the text cursor stands.
pub fn draw(app: &App, dialog: &Dialog, pen: &mut Pen<'_>, hits: &mut HitMap, screen: Rect) -> Option<Position> {
    let below = Rect { y: screen.y + 1, height: screen.height.saturating_sub(2), ..screen };
    // On a smaller terminal it is laid out as on the smallest that would do, to tell what it needs.
    let wide = WIDE;
    let environment = dialog.env.and_then(|env| app.environment_of(env));
    let lines = lines(dialog, wide.saturating_sub(4), pen.look);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2 + u16::from(environment.is_some()));
    let needs = (SMALLEST.0, SMALLEST.1.max(rows.saturating_add(FREE)));
    let whole = screen.width >= needs.0 && screen.height >= needs.1;
    hits.dialog = Some(DialogDrawn { number: dialog.number, whole });
    if !whole {
        too_small(pen, below, screen, dialog, needs);
        return None;
    }
    let at =
        Rect::new(below.x + (below.width - wide) / 2, below.y + (below.height.saturating_sub(rows)) / 3, wide, rows);
    let inside = frame::overlay(pen, at, &dialog.title);
    let look = pen.look;
    let mut y = inside.y;
    if let Some(environment) = environment {
        let style = look.tier(environment.tier);
        if environment.tier == Tier::Production {
            pen.text(inside.x, y, inside.width, &" ".repeat(usize::from(inside.width)), style);
            edge(pen, at, style);
        }
        pen.parts(inside.x, y, inside.width, &place(environment, look));
        y += 1;
    }
    let mut cursor = None;
    let (x, room) = (inside.x + 1, inside.width.saturating_sub(2));
    for line in &lines {
        match line {
            Line::Blank => {}
            Line::Parts(parts) => {
                pen.parts(x, y, room, parts);
            }
            Line::Cancel => cancel(pen, x, y, room, dialog),
            Line::Input(input, focused) => {
                let place = Rect::new(x, y, room, 1);
                pen.shade(place, look.style(Role::Input));
                let shown = tail(input.value(), room.saturating_sub(2));
                pen.text(x + 1, y, room - 1, shown, look.style(Role::Input));
                if *focused {
                    let skipped = width(input.value()).saturating_sub(width(shown));
                    let at = u16::try_from(input.visual_cursor()).unwrap_or(u16::MAX).saturating_sub(skipped);
                    cursor = Some(Position::new((x + 1 + at).min(x + room - 1), y));
                    pen.text(x, y, 1, look.glyphs.more[1], look.style(Role::Input));
                }
            }
        }
        y += 1;
    }
    cursor
}

/// The border of a dialog about production is production's.
fn edge(pen: &mut Pen<'_>, at: Rect, style: Style) {
    for place in [
        Rect { width: 1, ..at },
        Rect { x: at.right() - 1, width: 1, ..at },
        Rect { y: at.bottom() - 1, height: 1, ..at },
    ] {
        pen.shade(place, style);
    }
}

fn cancel(pen: &mut Pen<'_>, x: u16, y: u16, room: u16, dialog: &Dialog) {
    let look = pen.look;
    let focused = dialog.focus == Focus::Cancel;
    let (text, style) = if focused {
        (format!("{} Cancel {}", look.glyphs.more[1], look.glyphs.more[0]), look.style(Role::Flash))
    } else {
        ("  Cancel  ".to_owned(), look.style(Role::Key))
    };
    let after = pen.text(x, y, room, &text, style);
    let hint = match (&dialog.demand, dialog.focus) {
        (Demand::Yes, _) => "enter cancels   y yes   n no",
        (Demand::Phrase(_), Focus::Cancel) => "enter cancels   tab to type",
        (Demand::Reason, Focus::Cancel) => "enter cancels   tab to give the reason",
        _ => "enter goes on   tab to Cancel   esc cancels",
    };
    pen.text(after + 3, y, (x + room).saturating_sub(after + 3), hint, look.style(Role::Dim));
}

fn lines<'a>(dialog: &'a Dialog, room: u16, look: &Look) -> Vec<Line<'a>> {
    let (text, dim, key) = (look.style(Role::Text), look.style(Role::Dim), look.style(Role::Key));
    let mut out = vec![Line::Blank];
    for said in &dialog.said {
        match said {
            Said::Words(words) => {
                for line in wrap(words, room, MOST, look.glyphs.cut) {
                    out.push(one(line, text));
                }
            }
            Said::Fact(name, value) => {
                let rows = pieces(value, room.saturating_sub(NAMES));
                for (index, row) in rows.into_iter().enumerate() {
                    let name = if index == 0 { *name } else { "" };
                    let mut parts = Parts::new();
                    parts.push(format!("{name:<wide$}", wide = usize::from(NAMES)), dim).push(row, text);
                    out.push(Line::Parts(parts));
                }
            }
        }
    }
    out.push(Line::Blank);
    match &dialog.demand {
        Demand::Yes => out.push(one("Press y for yes.".to_owned(), text)),
        Demand::Phrase(phrase) => {
            out.push(one("Type exactly:".to_owned(), dim));
            out.extend(pieces(phrase, room.saturating_sub(2)).into_iter().map(|row| one(format!("  {row}"), key)));
            out.push(Line::Input(&dialog.typed, dialog.focus == Focus::Phrase));
        }
        Demand::Reason => {}
    }
    if let Some(reason) = &dialog.reason {
        out.push(one("Reason:".to_owned(), dim));
        out.push(Line::Input(reason, dialog.focus == Focus::Reason));
    }
    out.push(Line::Blank);
    out.push(match dialog.told {
        Some(told) => one(format!("{} {told}", look.glyphs.warning), look.severity(Severity::Warning)),
        None => Line::Blank,
    });
    out.push(Line::Cancel);
    out
}

fn one<'a>(text: String, style: Style) -> Line<'a> {
    let mut parts = Parts::new();
    parts.push(text, style);
    Line::Parts(parts)
}

/// The whole text in rows of at most `columns` columns: nothing of what is confirmed is left out.
fn pieces(text: &str, columns: u16) -> Vec<String> {
    let mut rows = vec![String::new()];
    for grapheme in text.graphemes(true) {
        if let Some(row) = rows.last_mut()
            && width(row) + width(grapheme) <= columns.max(2)
        {
            row.push_str(grapheme);
            continue;
        }
        rows.push(grapheme.to_owned());
    }
    rows
}

fn too_small(pen: &mut Pen<'_>, below: Rect, screen: Rect, dialog: &Dialog, needs: (u16, u16)) {
    let at = Rect { x: below.x + 1, width: below.width.saturating_sub(2), height: below.height.min(8), ..below };
    let inside = frame::overlay(pen, at, &dialog.title);
    let text = format!(
        "This cannot be confirmed here: it needs {}×{}, the terminal has {}×{}. Make it larger, or esc cancels. \
         Nothing was sent.",
        needs.0, needs.1, screen.width, screen.height
    );
    let look = pen.look;
    let rows = wrap(&text, inside.width.saturating_sub(2), usize::from(inside.height), look.glyphs.cut);
    for (row, y) in rows.iter().zip(inside.y..) {
        pen.text(inside.x + 1, y, inside.width.saturating_sub(2), row, look.severity(Severity::Warning));
    }
}
