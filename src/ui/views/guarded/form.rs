//! The parameters of a runbook, with what can be chosen.

use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use crate::app::screens::guarded::form::Chosen;
use crate::app::screens::guarded::{Form, FormField, Wanted};
use crate::app::{App, HitMap};
use crate::config::theme::Role;
use crate::model::{Severity, Value};
use crate::runbook::desk::OfferParam;
use crate::ui::fit::{width, wrap};
use crate::ui::look::Look;
use crate::ui::views::guarded::band;
use crate::ui::when;
use crate::ui::widgets::footer::tail;
use crate::ui::widgets::{Parts, Pen, frame};

/// Columns of the names of parameters.
const NAMES: u16 = 16;

/// Draws the form over the screen. Answers where the text cursor stands.
pub fn draw(app: &App, form: &Form, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) -> Option<Position> {
    let at = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let inside = frame::overlay(pen, at, &form.offer.title);
    let look = pen.look;
    band(app, pen, Rect { height: 1, ..inside }, Some(form.env));
    let (x, room) = (inside.x + 1, inside.width.saturating_sub(2));
    let mut y = inside.y + 1;
    if let Some(target) = form.target() {
        let mut parts = Parts::new();
        parts.push("target ", look.style(Role::Dim)).name(target.name.to_string(), look.style(Role::Title));
        parts.after(2, target.arn.to_string(), look.style(Role::Dim));
        pen.parts(x, y, room, &parts);
    }
    y += 2;
    let mut cursor = None;
    for (index, field) in form.fields.iter().enumerate() {
        if y >= inside.bottom() {
            break;
        }
        let focused = index == form.at;
        let found = line(pen, Rect::new(x, y, room, 1), form, field, focused);
        y += 1;
        if focused {
            cursor = found;
            let rest = u16::try_from(form.fields.len() - index - 1).unwrap_or(u16::MAX);
            let bottom = inside.bottom().saturating_sub(1).saturating_sub(rest).max(y);
            y = active(app, pen, hits, Rect::new(x + 2, y, room.saturating_sub(2), bottom - y), form, field);
        }
    }
    let hint = "enter takes it, goes on   tab next   shift-tab back   esc drops it all";
    if inside.height > 6 {
        pen.text(x, inside.bottom() - 1, room, hint, look.style(Role::Dim));
    }
    cursor
}

fn line(pen: &mut Pen<'_>, at: Rect, form: &Form, field: &FormField, focused: bool) -> Option<Position> {
    let look = pen.look;
    let name = match field.wanted {
        Wanted::Target => "target".to_owned(),
        Wanted::Param(_) => form.param(field).map(|param| param.name.to_string()).unwrap_or_default(),
    };
    let style = look.style(if focused { Role::Key } else { Role::Text });
    pen.name(at.x, at.y, NAMES.min(at.width / 3), &name, style);
    let x = at.x + NAMES.min(at.width / 3) + 1;
    let room = at.right().saturating_sub(x);
    let typed = field.input.value();
    if focused {
        let place = Rect::new(x, at.y, room.min(50), 1);
        pen.shade(place, look.style(Role::Input));
        let shown = tail(typed, place.width.saturating_sub(2));
        pen.text(x + 1, at.y, place.width.saturating_sub(1), shown, look.style(Role::Input));
        let skipped = width(typed).saturating_sub(width(shown));
        let column = u16::try_from(field.input.visual_cursor()).unwrap_or(u16::MAX).saturating_sub(skipped);
        return Some(Position::new((x + 1 + column).min(place.right().saturating_sub(1)), at.y));
    }
    if typed.is_empty() {
        let words = form.param(field).map_or_else(String::new, default_words);
        pen.text(x + 1, at.y, room, &words, look.style(Role::Dim));
    } else {
        pen.name(x + 1, at.y, room.saturating_sub(1), typed, look.style(Role::Text));
    }
    None
}

fn default_words(param: &OfferParam) -> String {
    match (&param.default, param.required) {
        (Value::None, true) => "needed".to_owned(),
        (Value::None, false) => "may stay empty".to_owned(),
        (default, _) => format!("{default} where nothing is typed"),
    }
}

/// What the field asks for, its bounds, why it is refused, and what can be chosen. Answers the row after it.
fn active(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, form: &Form, field: &FormField) -> u16 {
    let look = pen.look;
    let mut y = at.y;
    let mut say = |pen: &mut Pen<'_>, text: &str, style| {
        for row in wrap(text, at.width, 3, look.glyphs.cut) {
            if y < at.bottom() {
                pen.text(at.x, y, at.width, &row, style);
                y += 1;
            }
        }
    };
    match form.param(field) {
        Some(param) => say(pen, &help(param), look.style(Role::Dim)),
        None => say(pen, "Several resources answer to this name: pick the one that is meant.", look.style(Role::Dim)),
    }
    if let Some(told) = &field.told {
        say(pen, &format!("{} {told}", look.glyphs.critical), look.severity(Severity::Critical));
    }
    if form.param(field).is_some() && form.is_asking() {
        say(pen, "AWS is asked what can be chosen here; a value can be typed.", look.style(Role::Dim));
    }
    let (choices, matches) = (form.choices(field), form.matches(field));
    let list = Rect { y, height: at.bottom().saturating_sub(y), ..at };
    hits.overlay = usize::from(list.height);
    if matches.is_empty() && !choices.is_empty() && list.height > 0 {
        pen.text(list.x, list.y, list.width, "Nothing is called so: delete some letters.", look.style(Role::Dim));
        return list.y + 1;
    }
    let window = field.cursor.window(matches.len(), usize::from(list.height));
    let labels = choices.iter().map(|choice| width(choice.label())).max().unwrap_or(0).min(list.width / 2);
    for (position, y) in window.clone().zip(list.y..) {
        let Some((index, choice)) = matches.get(position).and_then(|i| Some((*i, choices.get(*i)?))) else { continue };
        choice_line(pen, Rect::new(list.x, y, list.width, 1), choice, labels, field.taken == Some(index), app.now);
        if position == field.cursor.selected {
            pen.shade(Rect::new(list.x, y, list.width, 1), look.style(Role::Selected));
            pen.text(list.x, y, 1, look.glyphs.more[1], look.style(Role::Accent));
        }
    }
    list.y + u16::try_from(window.len()).unwrap_or(0)
}

/// Help, type, bounds and default in one line.
fn help(param: &OfferParam) -> String {
    let bound = |value: &Value| match value.number() {
        Some(seconds) if &*param.kind == "duration" => when::age(seconds.max(0.0) as u64),
        _ => value.to_string(),
    };
    let bounds = match (&param.min, &param.max) {
        (Value::None, Value::None) => String::new(),
        (min, Value::None) => format!(", at least {}", bound(min)),
        (Value::None, max) => format!(", at most {}", bound(max)),
        (min, max) => format!(", {} to {}", bound(min), bound(max)),
    };
    let kind = param.kind.replace('_', " ");
    let default = default_words(param);
    let help = if param.help.is_empty() { String::new() } else { format!("{}: ", param.help) };
    format!("{help}{kind}{bounds}; {default}")
}

/// `✔ uex-backend:41  current  03:04Z  image…`.
fn choice_line(pen: &mut Pen<'_>, at: Rect, choice: &Chosen<'_>, labels: u16, taken: bool, now: Timestamp) {
    let look: &Look = pen.look;
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let usable = choice.unusable().is_empty();
    pen.name(at.x + 2, at.y, labels, choice.label(), if usable { text } else { dim });
    let mut parts = Parts::new();
    match choice {
        Chosen::Target(target) => {
            parts.name(target.arn.to_string(), dim);
        }
        Chosen::Value(choice) => {
            if taken {
                parts.after(2, "taken", look.style(Role::Accent));
            }
            if choice.current {
                parts.after(2, format!("{} current", look.glyphs.holds), look.severity(Severity::Ok));
            }
            if choice.last_completed {
                parts.after(2, "last completed", look.style(Role::Match));
            }
            if !choice.unusable.is_empty() {
                let words = format!("{} {}", look.glyphs.critical, choice.unusable);
                parts.after(2, words, look.severity(Severity::Warning));
            }
            if let Some(made) = choice.at {
                parts.after(2, when::moment(made, now), dim);
            }
            parts.after(2, choice.says.to_string(), dim);
        }
    }
    let x = at.x + 2 + labels + 2;
    pen.parts(x, at.y, at.right().saturating_sub(x), &parts);
}
