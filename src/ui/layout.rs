//! Where things stand: the parts of a screen, and the columns that fit.

use std::ops::Range;

use ratatui::layout::Rect;

/// The narrowest useful column of an environment, with its padding.
pub const NARROWEST: u16 = 15;

/// A column of an environment that is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Which environment, counted from the first.
    pub index: usize,
    /// First column on the screen, padding included.
    pub x: u16,
    /// Width, padding included.
    pub width: u16,
}

/// The columns of a grid inside its outer border.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Width of the label column, padding included; it begins at the left border.
    pub label: u16,
    /// The columns shown, from left to right.
    pub shown: Vec<Column>,
    /// How many are left of the first shown.
    pub before: usize,
    /// How many are right of the last shown.
    pub after: usize,
}

/// Width of the label column where `width` columns are to be divided.
fn label_width(width: u16, wanted: u16) -> u16 {
    if width < 60 { wanted.min(width / 3) } else { wanted.min(width / 2) }
}

/// How many columns of environments fit beside the label column; at least one.
pub fn fitting(width: u16, label: u16) -> usize {
    usize::from(width.saturating_sub(label_width(width, label)) / (NARROWEST + 1)).max(1)
}

/// Divides `width` columns that begin at `x` into a label column as wide as `label` wants and equal columns for the
/// environments in `window`, one column apart, of `count` in all. Spare columns go to those for which `wider` is true.
pub fn columns(
    x: u16,
    width: u16,
    label: u16,
    window: Range<usize>,
    count: usize,
    wider: impl Fn(usize) -> bool,
) -> Columns {
    let label = label_width(width, label);
    // A window is never longer than `fitting`, which fits; a longer one is cut.
    let window = window.start..window.end.min(window.start + fitting(width, label));
    let number = u16::try_from(window.len()).unwrap_or(u16::MAX);
    let (before, after) = (window.start, count.saturating_sub(window.end));
    if number == 0 {
        return Columns { label, shown: Vec::new(), before, after };
    }
    let room = width.saturating_sub(label).saturating_sub(number);
    let each = room / number;
    let mut spare = room - each * number;
    let favoured = u16::try_from(window.clone().filter(|index| wider(*index)).count()).unwrap_or(u16::MAX);
    let bonus = spare.checked_div(favoured).unwrap_or(0);
    let mut at = x + label;
    let mut shown = Vec::with_capacity(window.len());
    for index in window.clone() {
        let last = index + 1 == window.end;
        let extra = if last { spare } else { u16::from(wider(index)) * bonus };
        spare -= extra;
        let width = each + extra;
        shown.push(Column { index, x: at + 1, width });
        at += 1 + width;
    }
    Columns { label, shown, before, after }
}

/// The parts of a screen: header, a box with rows, a rule, details and a footer in its bottom line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panes {
    /// All of it.
    pub area: Rect,
    /// Line of the box's top border.
    pub top: u16,
    /// Inside the box, above the rule.
    pub rows: Rect,
    /// Line of the rule.
    pub rule: u16,
    /// Inside the box, below the rule.
    pub detail: Rect,
    /// Line of the box's bottom border.
    pub bottom: u16,
}

/// Divides `area` for `wanted` rows: they come first, but leave a third, at most eight lines, to the details.
pub fn panes(area: Rect, wanted: usize) -> Panes {
    let inside = area.height.saturating_sub(4);
    let least = if inside < 10 { 1 } else { (inside / 3).min(8) };
    let rows = u16::try_from(wanted).unwrap_or(u16::MAX).clamp(1, inside.saturating_sub(least).max(1));
    let top = area.y + 1;
    let rule = top + 1 + rows;
    let bottom = area.bottom().saturating_sub(1);
    let (x, width) = (area.x + 1, area.width.saturating_sub(2));
    Panes {
        area,
        top,
        rows: Rect::new(x, top + 1, width, rows),
        rule,
        detail: Rect::new(x, rule + 1, width, bottom.saturating_sub(rule + 1)),
        bottom,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_environments_share_80_columns_and_production_gets_the_rest() {
        let grid = columns(1, 78, 20, 0..3, 3, |index| index == 2);
        let widths: Vec<u16> = grid.shown.iter().map(|column| column.width).collect();
        assert_eq!(widths, [18, 18, 19]);
        assert_eq!((grid.before, grid.after), (0, 0));
    }

    #[test]
    fn columns_that_do_not_fit_are_counted() {
        assert_eq!(fitting(78, 20), 3);
        let grid = columns(1, 78, 20, 4..7, 10, |_| false);
        assert_eq!((grid.before, grid.after), (4, 3));
        assert_eq!(grid.shown.iter().map(|column| column.index).collect::<Vec<_>>(), [4, 5, 6]);
    }

    #[test]
    fn rows_come_first_but_leave_lines_to_the_details() {
        let all = panes(Rect::new(0, 0, 80, 24), 6);
        assert_eq!((all.rows.height, all.rule, all.detail.height, all.bottom), (6, 8, 14, 23));
        let many = panes(Rect::new(0, 0, 80, 24), 1000);
        assert_eq!((many.rows.height, many.detail.height), (14, 6));
        let small = panes(Rect::new(0, 0, 40, 10), 6);
        assert_eq!((small.rows.height, small.detail.height), (5, 1));
    }

    proptest! {
        #[test]
        fn columns_never_leave_the_width(width in 0u16..300, label in 0u16..40, start in 0usize..50, count in 0usize..120) {
            let window = start..(start + fitting(width, label)).min(count).max(start);
            let grid = columns(1, width, label, window, count, |index| index % 7 == 3);
            if let Some(last) = grid.shown.last() {
                prop_assert!(last.x + last.width <= 2 + width);
            }
        }

        #[test]
        fn panes_never_leave_the_area(width in 40u16..300, height in 10u16..100, rows in 0usize..300) {
            let panes = panes(Rect::new(0, 0, width, height), rows);
            prop_assert!(panes.detail.height >= 1 && panes.detail.bottom() == panes.bottom);
            prop_assert!(panes.rows.bottom() == panes.rule && panes.bottom == height - 1);
        }
    }
}
