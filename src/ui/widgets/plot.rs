//! A chart with axes: curves in dots, values at the left, times in UTC below, limits as dashed lines, moments of
//! change as upright lines with a mark on the time axis. A missing point is a gap; the newest periods, whose points may be late, are marked.

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::config::theme::Role;
use crate::model::{Series, Severity};
use crate::signals::charts::Unit;
use crate::ui::fit::width;
use crate::ui::look::Look;
use crate::ui::numbers::measured;
use crate::ui::when;
use crate::ui::widgets::dots::{Dots, Stroke};
use crate::ui::widgets::pen::{Parts, Pen};

/// The lowest useful height: title, two lines of curve, axis, times.
pub const LOWEST: u16 = 5;
/// A limit that is this many times as high as the curve is not drawn: the curve would be flat.
const TOO_HIGH: f64 = 4.0;

/// A curve.
pub struct Curve<'a> {
    /// Its word in the legend.
    pub label: &'a str,
    /// Its points; `None` while they are not known.
    pub series: Option<Series>,
}

/// Something to compare with.
pub struct Limit<'a> {
    /// What it is.
    pub label: &'a str,
    /// Its value.
    pub value: f64,
}

/// A moment of change.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// How bad.
    pub severity: Severity,
}

/// What is drawn.
pub struct Plot<'a> {
    /// What it shows.
    pub title: &'a str,
    /// In what.
    pub unit: Unit,
    /// At most three.
    pub curves: Vec<Curve<'a>>,
    /// Thresholds and capacities.
    pub limits: Vec<Limit<'a>>,
    /// What changed when.
    pub marks: &'a [Mark],
    /// The time.
    pub now: Timestamp,
    /// What to say in place of curves when none is known.
    pub empty: &'a str,
}

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, at: Rect, plot: &Plot<'_>) {
    if at.height < LOWEST || at.width < 20 {
        return;
    }
    let look = pen.look;
    let dim = look.style(Role::Dim);
    pen.parts(at.x, at.y, at.width, &legend(pen, plot));
    let known = plot.curves.iter().filter_map(|curve| curve.series.as_ref());
    let Some(first) = known.clone().find(|series| !series.points.is_empty()) else {
        pen.text(at.x + 2, at.y + at.height / 2, at.width - 2, plot.empty, dim);
        return;
    };
    let (start, end) = (first.start, first.time_of(first.points.len()));
    let top = top(plot);
    let labels = [measured(top, plot.unit), measured(top / 2.0, plot.unit), measured(0.0, plot.unit)];
    let left = labels.iter().map(|label| width(label)).max().unwrap_or(0).clamp(3, 9) + 1;
    let body =
        Rect { x: at.x + left + 1, y: at.y + 1, width: at.width.saturating_sub(left + 1), height: at.height - 3 };
    axes(pen, at, body, left, &labels);
    let mut dots = Dots::new(body.width, body.height, look.glyphs.ascii);
    for (index, curve) in plot.curves.iter().enumerate() {
        let Some(series) = &curve.series else { continue };
        let points = series.points.iter().map(|point| point.map(|value| value / top));
        dots.curve(points, look.style(role(index)), Stroke::of(index));
    }
    moments(pen, body, plot, start, end, &dots);
    limits(pen, body, plot, top, &dots);
    dots.put(pen, body);
    if known.clone().all(|series| series.points.iter().all(Option::is_none)) {
        pen.text(body.x + 2, body.y + body.height / 2, body.width - 2, plot.empty, dim);
    }
    times(pen, body, plot, start, end);
    lag(pen, body, first);
}

fn role(index: usize) -> Role {
    match index {
        0 => Role::Chart,
        1 => Role::Accent,
        _ => Role::Dim,
    }
}

/// `Errors  ━ errors 12`: what it shows, and of every curve the newest known value.
fn legend<'p>(pen: &Pen<'_>, plot: &Plot<'p>) -> Parts<'p> {
    let look = pen.look;
    let mut parts = Parts::new();
    parts.push(plot.title, look.style(Role::Title));
    for (index, curve) in plot.curves.iter().enumerate() {
        let newest = curve.series.as_ref().and_then(|series| series.points.iter().rev().find_map(|point| *point));
        let newest = newest.map_or_else(|| "?".to_owned(), |value| measured(value, plot.unit));
        parts.after(2, Stroke::of(index).mark(look.glyphs.ascii), look.style(role(index)));
        parts.push(format!(" {} {newest}", curve.label), look.style(Role::Text));
    }
    let above = plot.limits.iter().filter(|limit| limit.value > top(plot));
    for limit in above {
        let words = format!("{} {} {}", look.glyphs.more[2], measured(limit.value, plot.unit), limit.label);
        parts.after(2, words, look.style(Role::Threshold));
    }
    parts
}

/// The value of the top line: a round number above everything that is drawn.
fn top(plot: &Plot<'_>) -> f64 {
    let points = plot.curves.iter().filter_map(|curve| curve.series.as_ref()).flat_map(|series| &series.points);
    let highest = points.flatten().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let fits = |value: &f64| value.is_finite() && (highest <= 0.0 || *value <= highest * TOO_HIGH);
    let limit = plot.limits.iter().map(|limit| limit.value).filter(fits).fold(0.0, f64::max);
    match highest.max(limit) {
        needed if needed <= 0.0 => 1.0,
        needed if plot.unit == Unit::Percent && needed > 50.0 && needed <= 100.0 => 100.0,
        needed => round_up(needed),
    }
}

/// The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten.
pub fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    // A hair's breadth of room for what the division rounds.
    steps.iter().map(|step| step * power).find(|round| *round * 1.000_001 >= value).unwrap_or(value)
}

fn axes(pen: &mut Pen<'_>, at: Rect, body: Rect, left: u16, labels: &[String; 3]) {
    let look = pen.look;
    let dim = look.style(Role::Dim);
    let border = look.style(Role::Border);
    let lines = [Some(0), (body.height >= 5).then_some((body.height - 1) / 2), Some(body.height - 1)];
    for (label, line) in labels.iter().zip(lines) {
        if let Some(line) = line {
            pen.text_right(at.x, body.y + line, left - 1, label, dim);
        }
    }
    pen.upright(body.x - 1, body.y, body.bottom(), border);
    pen.rule(body.x, body.bottom(), body.width, border);
    pen.text(body.x - 1, body.bottom(), 1, look.glyphs.corner[2], border);
}

fn limits(pen: &mut Pen<'_>, body: Rect, plot: &Plot<'_>, top: f64, dots: &Dots) {
    let look = pen.look;
    let style = look.style(Role::Threshold);
    let dash = if look.glyphs.ascii { "-" } else { "╌" };
    for limit in plot.limits.iter().filter(|limit| limit.value.is_finite() && (0.0..=top).contains(&limit.value)) {
        // Within the body, since the value lies between 0 and the top.
        let line = ((1.0 - limit.value / top) * f64::from(body.height - 1)).round() as u16;
        for column in (0..body.width).filter(|column| !dots.has(*column, line)) {
            if !look.glyphs.ascii || column % 2 == 0 {
                pen.text(body.x + column, body.y + line, 1, dash, style);
            }
        }
        let words = format!(" {} {} ", measured(limit.value, plot.unit), limit.label);
        // Beside the line, where a curve along it stays readable.
        let beside = if line == 0 { 1.min(body.height - 1) } else { line - 1 };
        let shown = crate::ui::fit::fit(&words, body.width.saturating_sub(1), look.glyphs.cut);
        let free = (0..width(&shown)).all(|column| !dots.has(column, beside));
        if free {
            pen.text(body.x, body.y + beside, body.width, &shown, style);
        } else {
            pen.text_right(body.x, body.y + beside, body.width, &shown, style);
        }
    }
}

fn times(pen: &mut Pen<'_>, body: Rect, plot: &Plot<'_>, start: Timestamp, end: Timestamp) {
    let look = pen.look;
    let dim = look.style(Role::Dim);
    let y = body.bottom() + 1;
    let span = end.duration_since(start).as_secs().max(1);
    let middle = Timestamp::from_second(start.as_second() + span / 2).unwrap_or(start);
    let (from, half, to) = (when::moment(start, plot.now), when::moment(middle, plot.now), when::moment(end, plot.now));
    pen.text(body.x, y, body.width, &from, dim);
    if body.width > width(&from) + width(&half) + width(&to) + 6 {
        pen.text(body.x + (body.width - width(&half)) / 2, y, width(&half), &half, dim);
    }
    if body.width > width(&from) + width(&to) + 1 {
        pen.text_right(body.x, y, body.width, &to, dim);
    }
}

/// An upright line for each moment of change, beside the curves, and a mark below it.
fn moments(pen: &mut Pen<'_>, body: Rect, plot: &Plot<'_>, start: Timestamp, end: Timestamp, dots: &Dots) {
    let look = pen.look;
    let span = end.duration_since(start).as_secs().max(1);
    let line = if look.glyphs.ascii { ":" } else { "┆" };
    for change in plot.marks.iter().filter(|mark| mark.at >= start && mark.at < end) {
        let offset = change.at.duration_since(start).as_secs();
        let column = u16::try_from(offset * i64::from(body.width.saturating_sub(1)) / span).unwrap_or(0);
        let style = style_of(change.severity, look);
        for row in (0..body.height).filter(|row| !dots.has(column, *row)) {
            pen.text(body.x + column, body.y + row, 1, line, style);
        }
        pen.text(body.x + column, body.bottom(), 1, mark(look), style);
    }
}

/// The mark below the line of a moment of change.
pub fn mark(look: &Look) -> &'static str {
    if look.glyphs.ascii { "^" } else { "▲" }
}

/// How a moment of change looks.
pub fn style_of(severity: Severity, look: &Look) -> Style {
    match severity {
        Severity::Absent => look.style(Role::Accent),
        severity => look.severity(severity),
    }
}

/// Marks on the axis the newest periods without points: they may only be late.
fn lag(pen: &mut Pen<'_>, body: Rect, series: &Series) {
    let late = series.points.iter().rev().take(crate::signals::charts::spec::LAG).take_while(|point| point.is_none());
    let late = u16::try_from(late.count()).unwrap_or(0);
    let count = u16::try_from(series.points.len()).unwrap_or(u16::MAX).max(1);
    if late > 0 && late < count {
        let columns = (u32::from(late) * u32::from(body.width) / u32::from(count)).max(1);
        let columns = u16::try_from(columns).unwrap_or(1);
        let style = pen.look.style(Role::Dim);
        for column in body.width.saturating_sub(columns)..body.width {
            pen.text(body.x + column, body.bottom() - 1, 1, pen.look.glyphs.waiting, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn plot(points: &[f64], limits: &[f64], unit: Unit) -> f64 {
        let points = points.iter().copied().map(Some).collect();
        let series = Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points };
        let limits = limits.iter().map(|value| Limit { label: "limit", value: *value }).collect();
        let curves = vec![Curve { label: "x", series: Some(series) }];
        let now = Timestamp::UNIX_EPOCH;
        top(&Plot { title: "", unit, curves, limits, marks: &[], now, empty: "" })
    }

    #[rstest]
    #[case(&[0.0], &[], Unit::Count, 1.0)]
    #[case(&[3.4], &[], Unit::Count, 4.0)]
    #[case(&[3.0], &[], Unit::Count, 3.0)]
    #[case(&[61.0], &[], Unit::Percent, 100.0)]
    #[case(&[8.4], &[], Unit::Percent, 10.0)]
    #[case(&[8.0], &[20.0], Unit::Count, 20.0)]
    #[case(&[8.0], &[2000.0], Unit::Count, 8.0)]
    #[case(&[0.0], &[5.0], Unit::Count, 5.0)]
    fn the_scale_is_round_and_holds_the_limits_that_say_something(
        #[case] points: &[f64],
        #[case] limits: &[f64],
        #[case] unit: Unit,
        #[case] expected: f64,
    ) {
        assert!((plot(points, limits, unit) - expected).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn a_round_number_is_not_below_and_not_far_above(value in 1e-6f64..1e15) {
            let round = round_up(value);
            prop_assert!(round * 1.000_01 >= value && round <= value * 2.0);
        }
    }
}
