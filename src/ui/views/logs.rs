//! The lines of a log group: time in UTC and text, the newest at the bottom.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use crate::app::{Action, App, HitMap, Pane, Target};
use crate::base::Text;
use crate::config::theme::Role;
use crate::model::{Fault, Severity};
use crate::ui::fit::width;
use crate::ui::layout::{Columns, Panes};
use crate::ui::numbers::grouped;
use crate::ui::views::{key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::{Parts, Pen, fault, frame};

/// Columns of a time: `03:12:40.123Z`.
const TIME: u16 = 13;
/// Rows that one line may take where lines are wrapped.
const MOST_ROWS: usize = 40;

/// Draws the log below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let logs = &app.logs;
    let look = pen.look;
    let panes = places(area);
    frame::draw(pen, &panes, &Columns::default(), false);
    let group = logs.group.as_deref().unwrap_or("log");
    let room = area.width.saturating_sub(2);
    let x = frame::title(pen, area.x + 1, panes.top, room, &logs.label, look.style(Role::Title));
    frame::title(pen, x, panes.top, area.right().saturating_sub(x + 1), group, look.style(Role::Dim));
    let at = Rect { x: panes.rows.x + 1, width: panes.rows.width.saturating_sub(2), ..panes.rows };
    hits.rows = usize::from(at.height.max(1));
    hits.areas.push((panes.rows, Target::Pane(Pane::Main)));
    if logs.chooses() {
        groups(app, pen, hits, at);
    } else if logs.is_empty() {
        nothing(pen, panes.rows, &why_empty(app));
    } else if logs.wrap {
        wrapped(app, pen, hits, at);
    } else {
        cut(app, pen, hits, at);
    }
    state(app, pen, panes.detail);
    let mut remarks = remarks(app, None);
    match &logs.trying {
        Some(pattern) if pattern.is_empty() => remarks.insert(0, "trying without a pattern".to_owned()),
        Some(pattern) => remarks.insert(0, format!("trying pattern: {pattern}")),
        None if logs.pattern.is_empty() => {}
        None => remarks.insert(0, format!("pattern: {}", logs.pattern)),
    }
    if !logs.search.is_empty() {
        remarks.push(format!("search: {}", logs.search));
    }
    let text: String = remarks.iter().map(|remark| format!(" {remark} ")).collect();
    pen.text(area.x + 2, panes.rule, room.saturating_sub(2), &text, look.style(Role::Match));
}

/// A box with two lines below the rule for how reading goes.
fn places(area: Rect) -> Panes {
    let (top, bottom) = (area.y + 1, area.bottom().saturating_sub(1));
    let rule = bottom.saturating_sub(3).max(top + 1);
    let (x, width) = (area.x + 1, area.width.saturating_sub(2));
    Panes {
        area,
        top,
        rows: Rect::new(x, top + 1, width, rule.saturating_sub(top + 1)),
        rule,
        detail: Rect::new(x, rule + 1, width, bottom.saturating_sub(rule + 1)),
        bottom,
    }
}

fn groups(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect) {
    let look = pen.look;
    let window = app.logs.cursor.window(app.logs.groups.len(), usize::from(at.height));
    for (index, y) in window.zip(at.y..at.bottom()) {
        let name = app.logs.groups.get(index).map_or("", |group| &**group);
        pen.text(at.x, y, at.width, name, look.style(Role::Text));
        let whole = Rect::new(at.x, y, at.width, 1);
        if index == app.logs.cursor.selected {
            pen.shade(whole, look.style(Role::Selected));
        }
        hits.areas.push((whole, Target::Row(index)));
    }
}

/// One row for each line.
fn cut(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect) {
    let window = app.logs.cursor.window(app.logs.len(), usize::from(at.height));
    let room = usize::from(at.width.saturating_sub(TIME + 1));
    for (index, y) in window.zip(at.y..at.bottom()) {
        let Some(line) = app.logs.line(index) else { continue };
        // Only what may be seen is looked at, however long the line is.
        let shown: String = line.text.chars().skip(app.logs.column).take(room).collect();
        row(app, pen, hits, Rect::new(at.x, y, at.width, 1), index, Some(line.at), &shown);
    }
}

/// Long lines go on in the rows below; the selected line is the lowest.
fn wrapped(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect) {
    let room = at.width.saturating_sub(TIME + 1);
    let mut bottom = at.bottom();
    let mut index = app.logs.cursor.selected.min(app.logs.len().saturating_sub(1));
    while let Some(line) = app.logs.line(index) {
        let rows = rows(&line.text, room);
        let tall = u16::try_from(rows.len()).unwrap_or(1);
        let fits = bottom.saturating_sub(at.y).min(tall);
        for (text, offset) in rows.iter().zip(0..fits) {
            let time = (offset == 0).then_some(line.at);
            row(app, pen, hits, Rect::new(at.x, bottom - fits + offset, at.width, 1), index, time, text);
        }
        bottom -= fits;
        if bottom <= at.y || index == 0 {
            break;
        }
        index -= 1;
    }
}

fn rows(text: &str, room: u16) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide > room && used > 0 {
            if rows.len() == MOST_ROWS {
                break;
            }
            rows.push(String::new());
            used = 0;
        }
        if let Some(row) = rows.last_mut() {
            row.push_str(grapheme);
        }
        used += wide;
    }
    rows
}

fn row(
    app: &App,
    pen: &mut Pen<'_>,
    hits: &mut HitMap,
    at: Rect,
    index: usize,
    time: Option<jiff::Timestamp>,
    text: &str,
) {
    let look = pen.look;
    if let Some(time) = time {
        let time = time.strftime("%H:%M:%S%.3fZ").to_string();
        pen.text(at.x, at.y, TIME, &time, look.style(Role::Dim));
    }
    pen.text(at.x + TIME + 1, at.y, at.width.saturating_sub(TIME + 1), text, look.style(weight(text)));
    for (start, columns) in found(text, &app.logs.search) {
        let x = at.x.saturating_add(TIME + 1).saturating_add(start);
        pen.shade(Rect::new(x, at.y, columns, 1).intersection(at), look.style(Role::Match).reversed());
    }
    if index == app.logs.cursor.selected {
        pen.shade(at, look.style(Role::Selected));
    }
    hits.areas.push((at, Target::Row(index)));
}

/// Where a row has what is searched for: first column and columns.
fn found(text: &str, search: &str) -> Vec<(u16, u16)> {
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let wanted: Vec<char> = search.chars().map(lower).collect();
    let have: Vec<char> = text.chars().collect();
    let columns = |part: &[char]| width(&part.iter().collect::<String>());
    let mut found = Vec::new();
    let mut at = 0;
    while !wanted.is_empty() && at + wanted.len() <= have.len() {
        if have[at..at + wanted.len()].iter().copied().map(lower).eq(wanted.iter().copied()) {
            found.push((columns(&have[..at]), columns(&have[at..at + wanted.len()])));
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    found
}

/// Lines that speak of errors stand out.
fn weight(text: &str) -> Role {
    let start: String = text.chars().take(200).collect::<String>().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| start.contains(word));
    if has(&["error", "fatal", "panic", "exception"]) {
        Role::Critical
    } else if has(&["warn"]) {
        Role::Warning
    } else {
        Role::Text
    }
}

/// How reading goes: what is followed, dropped, skipped, and what is wrong.
fn state(app: &App, pen: &mut Pen<'_>, at: Rect) {
    let look = pen.look;
    let logs = &app.logs;
    let dim = look.style(Role::Dim);
    let at = Rect { x: at.x + 1, width: at.width.saturating_sub(2), ..at };
    let mut parts = Parts::new();
    let following = match (app.paused.is_some(), logs.follow) {
        (true, _) => "frozen",
        (false, true) => "following",
        (false, false) => "not following",
    };
    parts.push(following, look.style(Role::Accent));
    parts.after(2, format!("{} lines", count(logs.lines.len() as u64)), dim);
    if !logs.filter.is_empty() {
        parts.after(2, format!("{} shown", count(logs.len() as u64)), dim);
    }
    if logs.dropped > 0 {
        parts.after(2, format!("{} older lines dropped", count(logs.dropped)), look.severity(Severity::Unknown));
    }
    if logs.skipped_s > 0 {
        let words = format!("{} of the log skipped, falling behind", when::age(logs.skipped_s));
        parts.after(2, words, look.severity(Severity::Warning));
    }
    parts.after(2, format!("from {}", when::clock(logs.from)), dim);
    let below = Rect { y: at.y + 1, height: at.height.saturating_sub(1), ..at };
    match &logs.fault {
        // It goes on by itself: how it stands matters as well.
        Some(found) if found.kind.is_transient() => {
            pen.parts(at.x, at.y, at.width, &parts);
            fault::draw(pen, below, found, Severity::Unknown);
        }
        Some(found) => ended(pen, at, found),
        None => {
            pen.parts(at.x, at.y, at.width, &parts);
            let stream = logs.line(logs.cursor.selected).map(|line| &*line.stream).filter(|stream| !stream.is_empty());
            if let (Some(refused), 1..) = (&logs.refused, below.height) {
                let glyph = look.glyphs.severity(Severity::Warning);
                let words = format!("{glyph} {}", refused.message);
                pen.text(below.x, below.y, below.width, &words, look.severity(Severity::Warning));
            } else if let (Some(stream), 1..) = (stream, below.height) {
                pen.text(below.x, below.y, below.width, &format!("stream {stream}"), dim);
            }
        }
    }
}

/// Why no more lines come, and what to do next.
fn ended(pen: &mut Pen<'_>, at: Rect, found: &Fault) {
    let look = pen.look;
    let mut parts = Parts::new();
    let glyph = look.glyphs.severity(Severity::Unknown);
    parts.push(format!("{glyph} {}", found.kind.word()), look.severity(Severity::Unknown));
    parts.after(2, &*found.message, look.style(Role::Text));
    pen.parts(at.x, at.y, at.width, &parts);
    if let (Some(remedy), 2..) = (&found.remedy, at.height) {
        let next = format!("{} {remedy}", look.glyphs.next);
        pen.text(at.x, at.y + 1, at.width, &next, look.style(Role::Accent));
    }
}

fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

fn why_empty(app: &App) -> Vec<String> {
    let logs = &app.logs;
    let back = key(app, Action::Back);
    match (&logs.source, &logs.group, &logs.fault) {
        (None, ..) => {
            vec!["No log is open.".to_owned(), format!("open a resource and press {}", key(app, Action::Logs))]
        }
        (_, _, Some(fault)) => {
            let mut lines =
                vec![format!("The log could not be read: {}", fault.kind.word()), fault.message.to_string()];
            lines.extend(fault.remedy.as_ref().map(Text::to_string));
            lines.push(format!("{} reads it again", key(app, Action::Refresh)));
            lines
        }
        _ if !logs.filter.is_empty() && !logs.lines.is_empty() => {
            vec![format!("No line matches the filter {}", logs.filter.text().trim()), format!("{back} clears it")]
        }
        (_, None, None) if logs.caught_up => {
            vec![
                "No log group of this resource is known.".to_owned(),
                "log_groups of its environment in the configuration are offered here".to_owned(),
                format!("{back} goes back"),
            ]
        }
        (_, None, None) => vec!["Looking for its log groups.".to_owned()],
        (_, Some(group), None) if logs.caught_up => {
            let (from, pattern) = (when::clock(logs.from), &logs.pattern);
            let first = match pattern.is_empty() {
                true => format!("{group} has no line since {from}"),
                false => format!("{group} has no line since {from} that matches the pattern {pattern}"),
            };
            vec![first, "lines appear as they come".to_owned()]
        }
        _ => vec!["Reading.".to_owned()],
    }
}
