//! A curve over several lines, with its largest value and its times.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::config::theme::Role;
use crate::model::{Series, Severity};
use crate::ui::fit::width;
use crate::ui::numbers::short;
use crate::ui::when;
use crate::ui::widgets::pen::Pen;
use crate::ui::widgets::spark::settled;

/// The widest that a period is drawn.
const WIDEST: u16 = 3;

/// Draws `series` into `at`: bars between zero and the largest value above a line of times. A period without a point
/// is a gap.
pub fn draw(pen: &mut Pen<'_>, at: Rect, series: &Series, severity: Severity, now: Timestamp) {
    let points = settled(series);
    let top = points.iter().flatten().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let label = short(top);
    let labels = width(&label).max(1) + 1;
    let room = at.width.saturating_sub(labels);
    if at.height < 2 || room < 8 || points.is_empty() {
        return;
    }
    let count = u16::try_from(points.len()).unwrap_or(u16::MAX).min(room);
    let wide = (room / count).clamp(1, WIDEST);
    let first = points.len() - usize::from(count);
    let bars = at.height - 1;
    let dim = pen.look.style(Role::Dim);
    pen.text_right(at.x, at.y, labels - 1, &label, dim);
    pen.text_right(at.x, at.y + bars - 1, labels - 1, "0", dim);
    let x = at.x + labels;
    for (point, column) in points[first..].iter().zip(0u16..) {
        let Some(value) = point.filter(|value| value.is_finite()) else { continue };
        for line in 0..bars {
            let bar = bar(value, top, bars, line, pen.look.glyphs.spark).repeat(usize::from(wide));
            pen.text(x + column * wide, at.y + bars - 1 - line, wide, &bar, pen.look.curve(severity));
        }
    }
    let (from, to) = (when::moment(series.time_of(first), now), when::moment(series.time_of(points.len()), now));
    pen.text(x, at.y + bars, count * wide, &from, dim);
    if count * wide > width(&from) + width(&to) + 1 {
        pen.text_right(x, at.y + bars, count * wide, &to, dim);
    }
}

/// The part of a value's bar in the line that is `line` above the lowest.
fn bar(value: f64, top: f64, bars: u16, line: u16, levels: &'static [&'static str]) -> &'static str {
    if value <= 0.0 || top <= 0.0 {
        return if line == 0 { levels[0] } else { " " };
    }
    // 0 < value / top ≤ 1, so the product lies within the levels of all lines together.
    let filled = ((value / top).min(1.0) * f64::from(bars) * levels.len() as f64).ceil() as usize;
    let here = filled.saturating_sub(usize::from(line) * levels.len()).min(levels.len());
    if here == 0 { " " } else { levels[here - 1] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::glyphs::UNICODE;

    #[test]
    fn a_bar_fills_its_lines_from_below() {
        let column = |value| (0..3).map(|line| bar(value, 10.0, 3, line, UNICODE.spark)).collect::<String>();
        assert_eq!(column(10.0), "███");
        assert_eq!(column(5.0), "█▄ ");
        assert_eq!(column(0.01), "▁  ");
        assert_eq!(column(0.0), "▁  ");
    }
}
