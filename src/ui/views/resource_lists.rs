//! The lists of the resource screen: facts, what happened, alarms.

use ratatui::layout::Rect;

use crate::app::screens::{ResourcePane, ResourceView};
use crate::app::{App, HitMap, Target};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::signals::charts::spec::{number, text};
use crate::ui::fit::width;
use crate::ui::numbers::short;
use crate::ui::when;
use crate::ui::widgets::detail::pair;
use crate::ui::widgets::{Parts, Pen};

/// Columns that the names of facts may take.
const WIDEST_NAME: u16 = 24;

/// Draws one list into `at`; the selected line stands out while the list has the keys.
pub fn draw(
    app: &App,
    pen: &mut Pen<'_>,
    hits: &mut HitMap,
    at: Rect,
    view: &ResourceView,
    list: ResourcePane,
    active: bool,
) {
    let look = pen.look;
    let len = view.len(list);
    if at.height == 0 {
        return;
    }
    if len == 0 {
        pen.text(at.x, at.y, at.width, empty(app, list), look.style(Role::Dim));
        return;
    }
    if active {
        hits.rows = usize::from(at.height);
    }
    let cursor = app.resource.cursors[list as usize];
    let window = cursor.window(len, usize::from(at.height));
    let names = view.facts.iter().filter_map(pair).map(|(name, _)| width(&name)).max().unwrap_or(0).min(WIDEST_NAME);
    for (index, y) in window.clone().zip(at.y..at.bottom()) {
        let parts = match list {
            ResourcePane::Facts => fact(pen, view, index, names),
            ResourcePane::Events => happening(app, pen, view, index),
            ResourcePane::Alarms => alarm(app, pen, view, index),
            ResourcePane::Charts => Parts::new(),
        };
        pen.parts(at.x, y, at.width, &parts);
        let whole = Rect::new(at.x, y, at.width, 1);
        if active && index == cursor.selected {
            pen.shade(whole, look.style(Role::Selected));
        }
        hits.areas.push((whole, Target::Line(list, index)));
    }
    if window.end < len || window.start > 0 {
        let [.., up, down] = look.glyphs.more;
        let words = format!(" {up}{} {down}{} ", window.start, len - window.end);
        pen.text_right(at.x, at.bottom() - 1, at.width, &words, look.style(Role::Accent));
    }
}

fn empty(app: &App, list: ResourcePane) -> &'static str {
    match list {
        _ if !app.resource.filter.is_empty() => "nothing matches the filter",
        ResourcePane::Facts => "nothing more is known of it",
        ResourcePane::Events => "no change of it is known",
        ResourcePane::Alarms => "no alarm names it: nobody would be told",
        ResourcePane::Charts => "",
    }
}

fn fact<'v>(pen: &Pen<'_>, view: &'v ResourceView, index: usize, names: u16) -> Parts<'v> {
    let look = pen.look;
    let mut parts = Parts::new();
    if let Some((name, value)) = view.facts.get(index).and_then(pair) {
        let blank = " ".repeat(usize::from(names.saturating_sub(width(&name)) + 2));
        parts.push(format!("{name}{blank}"), look.style(Role::Dim)).push(value, look.style(Role::Text));
    }
    parts
}

fn happening<'v>(app: &App, pen: &Pen<'_>, view: &'v ResourceView, index: usize) -> Parts<'v> {
    let look = pen.look;
    let mut parts = Parts::new();
    if let Some(happening) = view.happenings.get(index) {
        let now = app.picture_time();
        let (glyph, style) = match happening.severity {
            Severity::Absent => (look.glyphs.next, look.style(Role::Accent)),
            severity => (look.glyphs.severity(severity), look.severity(severity)),
        };
        parts.push(glyph, style).after(1, when::moment(happening.at, now), look.style(Role::Text));
        parts.after(1, format!("{} ago", when::ago(happening.at, now)), look.style(Role::Dim));
        parts.after(2, &*happening.text, look.style(Role::Text));
    }
    parts
}

fn alarm<'v>(app: &App, pen: &Pen<'_>, view: &'v ResourceView, index: usize) -> Parts<'v> {
    let look = pen.look;
    let mut parts = Parts::new();
    if let Some((alarm, severity)) = view.alarms.get(index) {
        let strong = look.severity(*severity);
        parts.push(format!("{} {}", look.glyphs.severity(*severity), alarm.headline), strong);
        parts.after(2, &*alarm.name, look.style(Role::Text));
        let watched = text(alarm, "metric").zip(number(alarm, "threshold"));
        if let Some((metric, threshold)) = watched {
            let sign = match text(alarm, "comparison") {
                Some("LessThanThreshold") => "<",
                Some("LessThanOrEqualToThreshold") => "≤",
                Some("GreaterThanThreshold") => ">",
                _ => "≥",
            };
            parts.after(2, format!("{metric} {sign} {}", short(threshold)), look.style(Role::Threshold));
        }
        if let Some(since) = alarm.since {
            let now = app.picture_time();
            let words = format!("since {} {} {}", when::moment(since, now), look.glyphs.dot, when::ago(since, now));
            parts.after(2, words, look.style(Role::Dim));
        }
    }
    parts
}
