//! The lists of the resource screen: facts, what happened, alarms.

use ratatui::layout::Rect;

use crate::app::screens::{ResourcePane, ResourceView};
use crate::app::{App, HitMap, Target};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::signals::charts::spec::{number, text};
use crate::ui::fit::width;
use crate::ui::numbers::short;
use crate::ui::views::from_to::from_to;
use crate::ui::when;
use crate::ui::widgets::detail::pair;
use crate::ui::widgets::{Parts, Pen, fault};

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
    let mut at = at;
    if list == ResourcePane::Events {
        let taken = told(pen, at, view);
        at = Rect { y: at.y + taken, height: at.height - taken, ..at };
    }
    if at.height == 0 {
        return;
    }
    if len == 0 {
        let reading = list == ResourcePane::Events && view.told.reading.is_some();
        if !reading {
            pen.text(at.x, at.y, at.width, empty(app, view, list), look.style(Role::Dim));
        }
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

/// How far the changes have been read and what of them could not be. Answers how many lines it took.
fn told(pen: &mut Pen<'_>, at: Rect, view: &ResourceView) -> u16 {
    let look = pen.look;
    let mut lines = 0;
    if let Some((title, first)) = view.told.faults.first() {
        let most = Rect { height: at.height.min(3), ..at };
        lines += fault::draw(pen, most, first, Severity::Unknown);
        let others = view.told.faults.len() - 1;
        if !title.is_empty() && lines < at.height {
            let more = if others > 0 { format!(" and {others} more") } else { String::new() };
            let words = format!("not read: {title}{more}; changes may be missing");
            pen.text(at.x, at.y + lines, at.width, &words, look.style(Role::Dim));
            lines += 1;
        }
    }
    let mut words = Vec::new();
    if let Some((done, of)) = view.told.reading {
        words.push(format!("reading what changed in the last 24 h: {done} of {of} sources"));
    }
    if let Some((title, before)) = view.told.cut {
        words.push(format!("{title} only from {} on", when::clock(before)));
    }
    if !words.is_empty() && lines < at.height {
        pen.text(at.x, at.y + lines, at.width, &words.join("; "), look.style(Role::Dim));
        lines += 1;
    }
    lines
}

fn empty(app: &App, view: &ResourceView, list: ResourcePane) -> &'static str {
    match list {
        _ if !app.resource.filter.is_empty() => "nothing matches the filter",
        ResourcePane::Facts => "nothing more is known of it",
        ResourcePane::Events if !view.told.faults.is_empty() => {
            "no change of it is known; not everything could be read"
        }
        ResourcePane::Events => "nothing of it changed in the last 24 h",
        ResourcePane::Alarms if text(&view.resource, "rule").is_some() => "its rule names no alarm",
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
        let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
        parts.push(glyph, style).after(1, format!("{:1}{}", happening.tilde(), when::dated(happening.at, now)), text);
        parts.after(1, format!("{:>6}", when::ago(happening.at, now)), dim);
        parts.after(2, happening.word(), style);
        if !happening.about.is_empty() {
            parts.after(1, &*happening.about, text);
        }
        let distance = if happening.word().is_empty() { 2 } else { 1 };
        parts.after(distance, &*happening.text, text);
        if let Some(words) = happening.change.as_deref().and_then(|change| from_to(change, look)) {
            parts.after(2, words, dim);
        }
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
