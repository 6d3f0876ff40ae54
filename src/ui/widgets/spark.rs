//! A curve in one line of text: one character a period, newest at the right.

use crate::model::Series;
use crate::ui::glyphs::Glyphs;

/// Newest periods that may be blank because metrics lag (1–3 minutes): they are not drawn as a gap.
const LAG: usize = 2;

/// The newest `width` periods of `series`, drawn between zero and `top`. A period without a point is a blank.
pub fn spark(series: &Series, width: u16, top: f64, glyphs: &Glyphs) -> String {
    let points = settled(series);
    let shown = &points[points.len().saturating_sub(usize::from(width))..];
    let levels = glyphs.spark;
    shown
        .iter()
        .map(|point| match point {
            Some(value) if value.is_finite() => level(*value, top, levels),
            _ => " ",
        })
        .collect()
}

/// The largest point among the newest `width` periods; 0 without any.
pub fn peak(series: &Series, width: u16) -> f64 {
    let points = settled(series);
    let shown = &points[points.len().saturating_sub(usize::from(width))..];
    shown.iter().flatten().copied().filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// The points that will not change any more: the newest period is incomplete.
pub fn settled(series: &Series) -> &[Option<f64>] {
    let points = series.judged(usize::MAX);
    let blank = points.iter().rev().take(LAG).take_while(|point| point.is_none()).count();
    &points[..points.len() - blank]
}

fn level(value: f64, top: f64, levels: &'static [&'static str]) -> &'static str {
    let last = levels.len() - 1;
    if value <= 0.0 || top <= 0.0 {
        return levels[0];
    }
    let share = (value / top).min(1.0);
    // 0 < share ≤ 1, so the product lies within the levels.
    let index = (share * last as f64).ceil() as usize;
    levels[index.min(last)]
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::ui::glyphs::{ASCII, UNICODE};

    fn series(points: &[Option<f64>]) -> Series {
        // The newest period is incomplete and never drawn.
        let points = points.iter().copied().chain([Some(99.0)]).collect();
        Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points }
    }

    #[test]
    fn zero_is_the_lowest_level_and_anything_above_it_is_visible() {
        let curve = series(&[Some(0.0), Some(0.01), Some(4.0), Some(8.0)]);
        assert_eq!(spark(&curve, 8, 8.0, &UNICODE), "▁▂▅█");
        assert_eq!(spark(&curve, 8, 8.0, &ASCII), "_.+#");
    }

    #[test]
    fn a_gap_is_blank_but_the_lag_of_the_newest_periods_is_not_drawn() {
        let curve = series(&[Some(1.0), None, Some(1.0), None, None]);
        assert_eq!(spark(&curve, 8, 1.0, &UNICODE), "█ █");
        let gone = series(&[Some(1.0), None, None, None, None, None]);
        assert_eq!(spark(&gone, 8, 1.0, &UNICODE), "█   ");
    }

    #[test]
    fn the_newest_periods_are_kept() {
        let curve = series(&[Some(9.0), Some(0.0), Some(1.0)]);
        assert_eq!(spark(&curve, 2, 1.0, &UNICODE), "▁█");
        assert!(peak(&curve, 2) <= 1.0);
        assert_eq!(spark(&curve, 0, 1.0, &UNICODE), "");
    }
}
