//! What a cell of a grid says: severity, figure, and as much more as there is room for.

use std::borrow::Cow;

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::{Cell, Freshness};
use crate::config::theme::Role;
use crate::model::{Fault, Reading, Resource, Series, Severity};
use crate::ui::fit::width;
use crate::ui::when;
use crate::ui::widgets::pen::Pen;
use crate::ui::widgets::spark::{peak, spark};

/// The shortest sparkline that says anything.
const SHORTEST: u16 = 4;
/// The longest one worth its room.
const LONGEST: u16 = 30;

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub struct CellText<'a> {
    /// Severity as shown.
    pub severity: Severity,
    /// True while the first answer is awaited.
    pub waiting: bool,
    /// The figure.
    pub headline: Cow<'a, str>,
    /// A few words that go before the curve when there is not room for both.
    pub note: Cow<'a, str>,
    /// Since when; goes first.
    pub since: String,
    /// The curve.
    pub series: Option<&'a Series>,
    /// Why the value cannot be taken for fresh: `4 min old`, `expired`. Empty for a fresh one.
    pub doubts: Vec<String>,
    /// Its severity has just changed.
    pub flash: bool,
}

impl<'a> CellText<'a> {
    /// A cell that only says a few words.
    pub fn plain(severity: Severity, words: impl Into<Cow<'a, str>>) -> Self {
        Self {
            severity,
            waiting: false,
            headline: words.into(),
            note: Cow::Borrowed(""),
            since: String::new(),
            series: None,
            doubts: Vec::new(),
            flash: false,
        }
    }

    /// The same with other words.
    #[must_use]
    pub fn saying(self, words: &'a str) -> Self {
        Self { headline: Cow::Borrowed(words), ..self }
    }

    /// A cell of the wall. `fault` is the environment's own, for what nobody has answered yet.
    pub fn of(cell: &'a Cell, now: Timestamp, fault: Option<&Fault>) -> Self {
        let freshness = cell.freshness(now);
        let reading = match (freshness, cell.datum.value()) {
            (Freshness::Failed, _) => {
                return Self::plain(Severity::Unknown, cell.datum.fault().map_or("unknown", |fault| fault.kind.word()));
            }
            (_, None) => {
                let waiting = Self { waiting: true, ..Self::plain(Severity::Unknown, "connecting") };
                return fault.map_or(waiting, |fault| Self::plain(Severity::Unknown, fault.kind.word()));
            }
            (_, Some(reading)) => reading,
        };
        let severity = cell.severity(now);
        Self {
            headline: Cow::Borrowed(&reading.headline),
            note: note(reading),
            since: since(severity, reading.since, now),
            series: reading.series.as_ref().filter(|_| freshness.is_fresh()),
            doubts: doubts(cell, freshness, now),
            flash: cell.flashes(now),
            ..Self::plain(severity, "")
        }
    }

    /// A cell of the signal screen: the worst resource of its name, and how many more have it.
    pub fn of_resource(resource: &'a Resource, severity: Severity, others: usize, fresh: bool, now: Timestamp) -> Self {
        let note = if others > 0 { format!("+{others} more") } else { String::new() };
        Self {
            headline: Cow::Borrowed(&resource.headline),
            note: note.into(),
            since: since(severity, resource.since, now),
            series: resource.series.as_ref().filter(|_| fresh),
            doubts: if fresh { Vec::new() } else { vec!["old".to_owned()] },
            ..Self::plain(severity, "")
        }
    }

    /// The largest value of the curve, to scale the curves of a row alike.
    pub fn peak(&self) -> f64 {
        self.series.map_or(0.0, |series| peak(series, LONGEST))
    }

    fn figure(&self) -> u16 {
        width(&self.headline)
    }

    fn has_more(&self) -> bool {
        self.doubts.is_empty() && (self.series.is_some() || !self.note.is_empty() || !self.since.is_empty())
    }

    /// Note and time, the note, its beginning; or the time, and the time without its `since`.
    fn shorter_words(&self, cut: &str) -> Vec<String> {
        if self.note.is_empty() {
            let bare = self.since.trim_start_matches("since ").to_owned();
            return vec![self.since.clone(), bare];
        }
        let mut forms = vec![self.note.to_string()];
        if !self.since.is_empty() {
            forms.insert(0, format!("{}  {}", self.note, self.since));
        }
        if let Some((first, _)) = self.note.split_once(", ") {
            forms.push(format!("{first}{cut}"));
        }
        forms
    }

    fn words(&self) -> u16 {
        width(if self.note.is_empty() { &self.since } else { &self.note })
    }
}

fn note(reading: &Reading) -> Cow<'_, str> {
    match (&reading.fault, reading.note.is_empty()) {
        (_, false) => Cow::Borrowed(&reading.note),
        (Some(fault), true) => Cow::Owned(format!("part {}", fault.kind.word())),
        (None, true) => Cow::Borrowed(""),
    }
}

fn since(severity: Severity, since: Option<Timestamp>, now: Timestamp) -> String {
    match since {
        Some(at) if severity >= Severity::Warning => {
            format!("since {}", when::moment(at, now).trim_end_matches('Z'))
        }
        _ => String::new(),
    }
}

/// Age and reason, for what is not fresh.
fn doubts(cell: &Cell, freshness: Freshness, now: Timestamp) -> Vec<String> {
    let age = when::age(cell.age_s(now).unwrap_or_default());
    let why = cell.datum.fault().map(|fault| fault.kind.word().to_owned());
    match freshness {
        Freshness::Fresh | Freshness::Waiting | Freshness::Failed => Vec::new(),
        Freshness::Cached => vec![format!("cached {age}")],
        Freshness::Overdue | Freshness::Faulted => std::iter::once(format!("{age} old")).chain(why).collect(),
    }
}

/// How the cells of one column share their room, so that their curves stand below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Columns of the figure.
    figure: u16,
    /// Columns of the curve; 0 for none.
    curve: u16,
}

impl Measure {
    /// Measures the cells of a column that has `room` columns for them, glyph included.
    pub fn of<'a>(cells: impl Iterator<Item = &'a CellText<'a>> + Clone, room: u16) -> Self {
        let text = room.saturating_sub(2);
        let figure = cells.clone().filter(|cell| cell.has_more()).map(CellText::figure).max().unwrap_or(0);
        let figure = if text >= 24 { figure.max(9) } else { figure }.min(text);
        let rest = text.saturating_sub(figure + 1);
        let words = cells.filter(|cell| cell.has_more()).map(CellText::words).max().unwrap_or(0);
        let beside = rest.saturating_sub(words + 2);
        let curve = if words > 0 && beside >= 2 * SHORTEST { beside } else { rest };
        Self { figure, curve: if curve < SHORTEST { 0 } else { curve.min(LONGEST) } }
    }
}

/// Draws a cell into the line `at`. `top` is the value that fills a curve's height.
pub fn draw(pen: &mut Pen<'_>, at: Rect, cell: &CellText<'_>, measure: Measure, top: f64) {
    let look = pen.look;
    let strong = look.severity(cell.severity);
    let doubtful = !cell.doubts.is_empty();
    let dim = look.style(Role::Dim);
    let (glyph, style) = if cell.waiting {
        (look.glyphs.waiting, dim)
    } else if doubtful {
        (look.glyphs.severity(cell.severity), strong.patch(look.style(Role::Stale)))
    } else {
        (look.glyphs.severity(cell.severity), strong)
    };
    let style = if cell.flash { style.patch(look.style(Role::Flash)) } else { style };
    pen.text(at.x, at.y, at.width, glyph, style);
    let (x, room) = (at.x + 2, at.width.saturating_sub(2));
    if doubtful {
        pen.text(x, at.y, room, &doubtful_words(cell, room, look.glyphs.dot), style);
        return;
    }
    if cell.severity == Severity::Absent {
        return;
    }
    let figure = if cell.severity == Severity::Ok { look.style(Role::Text) } else { style };
    let after = pen.text(x, at.y, room, &cell.headline, if cell.waiting { dim } else { figure });
    if !cell.has_more() {
        return;
    }
    let end = at.x + at.width;
    let aligned = x + measure.figure + 1;
    let curve_style = look.curve(cell.severity);
    let curve = cell.series.map(|series| spark(series, measure.curve, top, &look.glyphs)).filter(|s| !s.is_empty());
    let fits = |from: u16, words: &str| !words.is_empty() && from + width(words) <= end;
    if let Some(curve) = curve.filter(|_| aligned + measure.curve <= end) {
        let beside = aligned + measure.curve + 2;
        let words = if cell.note.is_empty() { &*cell.since } else { &*cell.note };
        if cell.note.is_empty() || fits(beside, words) {
            // A curve shorter than its room ends where the others end: the newest period stands at the right.
            pen.text_right(aligned, at.y, measure.curve, &curve, curve_style);
            if fits(beside, words) {
                pen.text(beside, at.y, end - beside, words, dim);
            }
            return;
        }
    }
    let places = [aligned + 1, after + 2, after + 1];
    let chosen = cell.shorter_words(look.glyphs.cut).into_iter().find_map(|words| {
        let from = places.into_iter().find(|from| fits(*from, &words))?;
        Some((from, words))
    });
    if let Some((from, words)) = chosen {
        pen.text(from, at.y, end - from, &words, dim);
    }
}

/// `8.4 % · 4 min old · expired`, or less of it where there is little room; the reason goes last.
fn doubtful_words(cell: &CellText<'_>, room: u16, dot: &str) -> String {
    let joined = |parts: &[&str], between: &str| {
        parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
    };
    let dots = format!(" {dot} ");
    let age = cell.doubts.first().map(String::as_str).unwrap_or_default();
    let short = age.trim_end_matches(" old");
    let why = cell.doubts.get(1).map(String::as_str).unwrap_or_default();
    let forms = [
        joined(&[&cell.headline, age, why], &dots),
        joined(&[&cell.headline, short, why], &dots),
        joined(&[&cell.headline, short, why], " "),
        joined(&[&cell.headline, if why.is_empty() { short } else { why }], &dots),
        joined(&[&cell.headline, if why.is_empty() { short } else { why }], " "),
    ];
    let [.., shortest] = &forms;
    forms.iter().find(|form| width(form) <= room).unwrap_or(shortest).clone()
}
