//! The top line: which system, how many cells are how bad, what time it is, and what this console may do.

use ratatui::layout::Rect;

use crate::app::{App, Counts, Scope};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::look::Look;
use crate::ui::when;
use crate::ui::widgets::armed;
use crate::ui::widgets::pen::Pen;
use crate::ui::widgets::squeeze::{Piece, squeeze};

/// Draws the header into the line `at`.
pub fn draw(app: &App, pen: &mut Pen<'_>, at: Rect) {
    let look = pen.look;
    pen.shade(at, look.style(Role::Header));
    let (left, right) = squeeze(&left(app, look), &right(app, look), 2, at.width.saturating_sub(2));
    let from = (at.x + 1).max(at.right().saturating_sub(right.width() + 1));
    pen.parts(at.x + 1, at.y, from.saturating_sub(at.x + 2), &left);
    pen.parts(from, at.y, at.right().saturating_sub(from), &right);
}

fn left(app: &App, look: &Look) -> Vec<Piece> {
    let mut pieces = vec![
        Piece::new(9, look.style(Role::Title), ["watchfloor", ""]),
        Piece::new(3, look.style(Role::Accent), system_forms(app)),
    ];
    let counts = &app.derived.counts;
    let some = [
        (Severity::Critical, counts.critical),
        (Severity::Warning, counts.warning),
        (Severity::Unknown, counts.unknown),
    ];
    for (severity, count) in some.into_iter().filter(|(_, count)| *count > 0) {
        let glyph = look.glyphs.severity(severity);
        let forms = [format!("{glyph} {count} {severity}"), format!("{glyph} {count}")];
        pieces.push(Piece::new(6, look.severity(severity), forms));
    }
    if counts.waiting > 0 {
        let glyph = look.glyphs.waiting;
        let forms = [format!("{glyph} {} waiting", counts.waiting), format!("{glyph} {}", counts.waiting)];
        pieces.push(Piece::new(7, look.style(Role::Dim), forms));
    }
    if counts.worst == Severity::Ok {
        pieces.push(Piece::new(6, look.severity(Severity::Ok), [format!("{} all {} ok", look.glyphs.ok, counts.ok)]));
    }
    if app.derived.elsewhere.worst > Severity::Ok {
        pieces.extend(elsewhere(&app.derived.elsewhere, look));
    }
    pieces.extend(armed::standing(app, look));
    pieces
}

fn system_forms(app: &App) -> Vec<String> {
    let count = app.systems.len();
    match app.scope {
        Scope::System(index) => {
            let name = app.system().map(|name| name.to_string()).unwrap_or_default();
            if count > 1 { vec![format!("{name} ({} of {count})", index + 1), name] } else { vec![name] }
        }
        Scope::All => vec![format!("all {count} systems"), "all".to_owned()],
    }
}

fn elsewhere(counts: &Counts, look: &Look) -> Option<Piece> {
    let (severity, count) = match counts.worst {
        Severity::Critical => (Severity::Critical, counts.critical),
        Severity::Warning => (Severity::Warning, counts.warning),
        Severity::Unknown if counts.unknown > 0 => (Severity::Unknown, counts.unknown),
        _ => return None,
    };
    let glyph = look.glyphs.severity(severity);
    let forms = [format!("elsewhere {glyph} {count}"), format!("+{glyph} {count}")];
    Some(Piece::new(8, look.severity(severity), forms))
}

fn right(app: &App, look: &Look) -> Vec<Piece> {
    let text = look.style(Role::Text);
    let dim = look.style(Role::Dim);
    let flash = look.style(Role::Flash);
    let mut pieces = Vec::new();
    if let Some(past) = &app.past {
        let minute = when::moment(past.at, app.now);
        let waiting = if past.waiting > 0 { ", reading" } else { "" };
        let forms = [format!(" PAST {minute} reconstructed{waiting} "), format!(" PAST {minute} ")];
        pieces.push(Piece::new(1, flash, forms));
    } else if let Some(paused) = &app.paused {
        let clock = when::clock(paused.at);
        pieces.push(Piece::new(2, flash, [format!(" PAUSED at {clock} "), " PAUSED ".to_owned()]));
    }
    if let Some(drill) = &app.drill {
        let drilled = if drill.is_empty() { "DRILL".to_owned() } else { format!("DRILL {drill}") };
        pieces.push(Piece::new(5, look.style(Role::Match), [drilled, "DRILL".to_owned()]));
    }
    let clock = when::clock(app.now);
    let short = when::moment(app.now, app.now);
    pieces.push(Piece::new(4, text, [clock, short]));
    let age = match app.newest_age_s() {
        Some(seconds) => when::age(seconds).replace(' ', ""),
        None => look.glyphs.waiting.to_owned(),
    };
    if app.past.is_none() {
        pieces.push(Piece::new(10, dim, [format!("{} {age}", look.glyphs.refresh), String::new()]));
    }
    let cost = format!("${:.2}/h", app.usd_per_hour());
    match app.slowed() {
        Some(times) => {
            let slowed = format!("slowed by budget ×{times}");
            pieces.push(Piece::new(
                9,
                dim,
                [format!("{cost} {slowed}"), slowed, format!("slow ×{times}"), format!("×{times}")],
            ));
        }
        None => pieces.push(Piece::new(11, dim, [cost, String::new()])),
    }
    pieces.extend(armed::pieces(app, look));
    pieces
}
