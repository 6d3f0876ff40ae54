//! What is known of the selection: a line that sums it up, what is wrong with reading it, its resources, and the whole
//! story of one of them.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::{Cursor, HitMap, Target};
use crate::config::theme::Role;
use crate::model::{Fault, Field, FieldValue, Resource, Severity};
use crate::ui::fit::{width, wrap};
use crate::ui::look::Look;
use crate::ui::numbers::{grouped, short};
use crate::ui::reason;
use crate::ui::when;
use crate::ui::widgets::pen::{Parts, Pen};
use crate::ui::widgets::{chart, fault};

/// Lines of text that a reason, and the facts, may take.
const MOST_STORY: usize = 4;
/// Lines that a chart needs with the blank above it.
const LOWEST_CHART: u16 = 5;

/// What the details are about.
pub struct Detail<'a> {
    /// What is selected and how it is.
    pub title: Parts<'a>,
    /// What is wrong with reading it.
    pub fault: Option<&'a Fault>,
    /// Number of its resources.
    pub len: usize,
    /// A resource by its line, with its severity as shown.
    pub resource: &'a dyn Fn(usize) -> Option<(&'a Resource, Severity)>,
    /// Which line is selected.
    pub cursor: Cursor,
    /// True while the keys move here.
    pub focus: bool,
    /// The time.
    pub now: Timestamp,
    /// What to say when there is no resource.
    pub empty: &'a str,
}

/// Draws the details into `at`.
pub fn draw(pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, detail: &Detail<'_>) {
    let inside = Rect { x: at.x + 1, width: at.width.saturating_sub(2), ..at };
    if inside.height == 1 {
        single(pen, inside, detail);
        hits.detail = 1;
        return;
    }
    pen.parts(inside.x, inside.y, inside.width, &detail.title);
    let mut rest = below(inside, 1);
    if let Some(fault) = detail.fault {
        let most = if detail.len == 0 { rest.height } else { rest.height.min(4) };
        let taken = fault::draw(pen, Rect { height: most, ..rest }, fault, Severity::Unknown);
        rest = below(rest, taken);
    }
    if detail.len == 0 {
        if detail.fault.is_none() && rest.height > 0 {
            pen.text(rest.x, rest.y, rest.width, detail.empty, pen.look.style(Role::Dim));
        }
        return;
    }
    let one = detail.len == 1;
    let story = if one { 0 } else { story_height(rest.height, detail.len) };
    let room = if one { 1 } else { rest.height.saturating_sub(story) };
    let lines = list(pen, hits, Rect { height: room.min(rest.height), ..rest }, detail);
    let mut rest = below(rest, lines);
    let Some((resource, severity)) = (detail.resource)(detail.cursor.selected) else { return };
    if !one {
        if rest.height < 2 {
            return;
        }
        rest = below(rest, 1);
    }
    let told = tell(pen, rest, resource, !one);
    let rest = below(rest, told);
    if let Some(series) = &resource.series
        && rest.height > LOWEST_CHART
    {
        pen.text(rest.x + 2, rest.y, rest.width.saturating_sub(2), &resource.curve, pen.look.style(Role::Dim));
        let rest = below(rest, 1);
        let at = Rect { x: rest.x + 2, width: rest.width.saturating_sub(2), height: rest.height.min(9), ..rest };
        chart::draw(pen, at, series, severity, detail.now);
    }
}

/// Lines to keep for the story of one resource beneath a list of `len`: more where they are free anyway.
fn story_height(height: u16, len: usize) -> u16 {
    if height < 5 {
        return 0;
    }
    let free = height.saturating_sub(u16::try_from(len).unwrap_or(u16::MAX));
    (height / 2).min(6).max(free)
}

/// All in one line: the picture of the selection and its worst resource.
fn single(pen: &mut Pen<'_>, at: Rect, detail: &Detail<'_>) {
    let look = pen.look;
    let x = pen.parts(at.x, at.y, at.width, &detail.title) + 3;
    let room = at.right().saturating_sub(x);
    if room < 8 {
        return;
    }
    let rest = Rect { x, width: room, ..at };
    match ((detail.resource)(detail.cursor.selected), detail.fault) {
        (_, Some(fault)) => {
            fault::draw(pen, rest, fault, Severity::Unknown);
        }
        (Some((resource, severity)), None) => {
            let mut parts = Parts::new();
            parts.name(&*resource.name, look.style(Role::Text));
            parts.after(2, &*resource.headline, look.severity(severity));
            parts.after(2, reason::told(&resource.reason), look.style(Role::Dim));
            pen.parts(rest.x, rest.y, rest.width, &parts);
        }
        (None, None) => {
            pen.text(rest.x, rest.y, rest.width, detail.empty, look.style(Role::Dim));
        }
    }
}

/// The resources, one a line. Answers how many lines were used.
fn list(pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, detail: &Detail<'_>) -> u16 {
    let look = pen.look;
    hits.detail = usize::from(at.height);
    let window = detail.cursor.window(detail.len, usize::from(at.height));
    let shown: Vec<_> = window.clone().filter_map(|line| (detail.resource)(line)).collect();
    let longest = |of: fn(&Resource) -> &str| shown.iter().map(|(r, _)| width(of(r))).max().unwrap_or(0);
    let names = longest(|r| &r.name).min(at.width * 2 / 5);
    let figures = longest(|r| &r.headline).min(at.width / 3);
    let ages = shown.iter().map(|(r, severity)| width(&age(r, *severity, detail.now))).max().unwrap_or(0);
    let mut lines = 0;
    for ((line, (resource, severity)), y) in window.zip(&shown).zip(at.y..) {
        let strong = look.severity(*severity);
        let figure = if *severity == Severity::Ok { look.style(Role::Text) } else { strong };
        let mut x = pen.text(at.x, y, 2, look.glyphs.severity(*severity), strong) + 1;
        pen.name(x, y, names, &resource.name, look.style(Role::Text));
        x += names + 2;
        pen.text(x, y, figures, &resource.headline, figure);
        x += figures + 2;
        if ages > 0 && x + ages < at.right() {
            pen.text_right(x, y, ages, &age(resource, *severity, detail.now), look.style(Role::Dim));
            x += ages + 2;
        }
        if x + 8 < at.right() {
            let words = match (detail.len, resource.reason.is_empty()) {
                // The whole story of an only resource follows.
                (1, _) => String::new(),
                (_, false) => reason::told(&resource.reason),
                (_, true) => measured(resource, look),
            };
            pen.text(x, y, at.right() - x, &words, look.style(Role::Dim));
        }
        let whole = Rect::new(at.x.saturating_sub(1), y, at.width + 2, 1);
        if detail.focus && line == detail.cursor.selected {
            pen.shade(whole, look.style(Role::Selected));
        }
        hits.areas.push((whole, Target::Detail(line)));
        lines += 1;
    }
    lines
}

/// The reason in full, then the facts; beside the name, where several are listed. Answers how many lines it took.
fn tell(pen: &mut Pen<'_>, at: Rect, resource: &Resource, named: bool) -> u16 {
    let look = pen.look;
    let mut y = at.y;
    let name = if named { format!("{}  ", resource.name) } else { "  ".to_owned() };
    let indent = width(&name).min(at.width / 3);
    let room = at.width.saturating_sub(indent);
    let texts = [(reason::told(&resource.reason), Role::Text), (facts(resource, look), Role::Dim)];
    for (text, role) in texts {
        let left = usize::from(at.bottom().saturating_sub(y)).min(MOST_STORY);
        for line in wrap(&text, room, left, look.glyphs.cut) {
            pen.text(at.x + indent, y, room, &line, look.style(role));
            y += 1;
        }
    }
    if at.height > 0 && named {
        pen.name(at.x, at.y, indent.saturating_sub(2), &resource.name, look.style(Role::Title));
        y = y.max(at.y + 1);
    }
    y - at.y
}

fn age(resource: &Resource, severity: Severity, now: Timestamp) -> String {
    match resource.since {
        Some(since) if severity > Severity::Ok => when::ago(since, now),
        _ => String::new(),
    }
}

/// All facts of a resource in one line.
fn facts(resource: &Resource, look: &Look) -> String {
    let dot = format!(" {} ", look.glyphs.dot);
    resource.fields.iter().filter_map(fact).collect::<Vec<_>>().join(&dot)
}

/// The first measurements of a resource in one line: facts with a unit.
fn measured(resource: &Resource, look: &Look) -> String {
    let dot = format!(" {} ", look.glyphs.dot);
    let units = resource.fields.iter().filter(|field| !field.unit.is_empty());
    units.filter_map(fact).take(4).collect::<Vec<_>>().join(&dot)
}

/// `p95 2.1 s`; nothing for a field without content.
pub fn fact(field: &Field) -> Option<String> {
    let (label, value) = pair(field)?;
    Some(format!("{label} {value}"))
}

/// `p95` and `2.1 s`; nothing for a field without content.
pub fn pair(field: &Field) -> Option<(String, String)> {
    let value = match &field.value {
        // An address, not an amount.
        FieldValue::Count(port) if &*field.key == "port" => port.to_string(),
        other => value(other)?,
    };
    let unit = match &*field.unit {
        _ if matches!(field.value, FieldValue::Text(_)) => String::new(),
        "" => String::new(),
        rate if rate.starts_with('/') => rate.to_owned(),
        unit => format!(" {unit}"),
    };
    Some((label(&field.key, &field.unit), format!("{value}{unit}")))
}

/// A field's key in words, without the unit that follows the value anyway: `latency_ms` in `ms` is `latency`.
fn label(key: &str, unit: &str) -> String {
    let ending = match unit.strip_prefix('/') {
        Some(per) => format!("_per_{per}"),
        None => format!("_{}", unit.to_lowercase()),
    };
    key.strip_suffix(&ending).filter(|_| !unit.is_empty()).unwrap_or(key).replace('_', " ")
}

fn value(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Unknown => Some("?".to_owned()),
        FieldValue::Flag(true) => Some("yes".to_owned()),
        FieldValue::Flag(false) => Some("no".to_owned()),
        FieldValue::Count(count) => Some(grouped(*count)),
        FieldValue::Number(number) => Some(short(*number)),
        FieldValue::Text(text) if text.is_empty() => None,
        FieldValue::Text(text) => Some(text.to_string()),
        FieldValue::List(list) if list.is_empty() => None,
        FieldValue::List(list) => Some(list.iter().map(|item| &**item).collect::<Vec<_>>().join(", ")),
    }
}

fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_grouped() {
        assert_eq!(short(8.4), "8.4");
        assert_eq!(short(0.05), "0.05");
        assert_eq!(short(1234.5), "1,234");
        assert_eq!(short(-1_502_194.0), "-1,502,194");
        assert_eq!(short(2.0), "2");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(-999), "-999");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn a_fact_has_its_unit_and_an_empty_one_is_left_out() {
        assert_eq!(fact(&Field::with_unit("latency_p95", 2.1, "s")).as_deref(), Some("latency p95 2.1 s"));
        assert_eq!(fact(&Field::with_unit("memory_mb", 2048, "MB")).as_deref(), Some("memory 2,048 MB"));
        assert_eq!(fact(&Field::with_unit("throttles_per_min", 3, "/min")).as_deref(), Some("throttles 3/min"));
        assert_eq!(fact(&Field::new("muted", FieldValue::Unknown)).as_deref(), Some("muted ?"));
        assert_eq!(fact(&Field::new("suppressed_by", "")), None);
        assert_eq!(fact(&Field::with_unit("max_storage", "none", "GB")).as_deref(), Some("max storage none"));
        assert_eq!(fact(&Field::new("port", 8080)).as_deref(), Some("port 8080"));
    }
}
