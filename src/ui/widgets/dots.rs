//! Curves drawn in dots: two by four to a character with braille patterns, one to a character in ASCII.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::ui::widgets::pen::Pen;

/// How a curve is told from others without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// Every dot.
    Solid,
    /// Every second dot.
    Dotted,
    /// Every fourth dot.
    Sparse,
}

impl Stroke {
    /// The strokes of the first, the second and every other curve.
    pub fn of(index: usize) -> Self {
        match index {
            0 => Self::Solid,
            1 => Self::Dotted,
            _ => Self::Sparse,
        }
    }

    fn draws(self, step: usize) -> bool {
        match self {
            Self::Solid => true,
            Self::Dotted => step % 3 != 1,
            Self::Sparse => step.is_multiple_of(4),
        }
    }

    /// Its character in ASCII, and in a legend.
    pub fn mark(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Solid, true) => "*",
            (Self::Dotted, true) => "+",
            (Self::Sparse, true) => "o",
            (Self::Solid, false) => "━",
            (Self::Dotted, false) => "╍",
            (Self::Sparse, false) => "┄",
        }
    }
}

/// Bits of the eight dots of a braille character, by column and row (Unicode, "Braille Patterns").
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Dots over some columns and lines of the terminal.
pub struct Dots {
    columns: usize,
    lines: usize,
    per: (usize, usize),
    cells: Vec<(u8, Style, Stroke)>,
}

impl Dots {
    /// No dots yet.
    pub fn new(columns: u16, lines: u16, ascii: bool) -> Self {
        let (columns, lines) = (usize::from(columns), usize::from(lines));
        let per = if ascii { (1, 1) } else { (2, 4) };
        Self { columns, lines, per, cells: vec![(0, Style::new(), Stroke::Solid); columns * lines] }
    }

    /// Number of dots beside and above each other.
    pub fn size(&self) -> (usize, usize) {
        (self.columns * self.per.0, self.lines * self.per.1)
    }

    /// Draws a curve through values between 0 and 1, evenly spaced, oldest first; `None` is a gap.
    pub fn curve(&mut self, values: impl ExactSizeIterator<Item = Option<f64>>, style: Style, stroke: Stroke) {
        let (wide, high) = self.size();
        let last = values.len().saturating_sub(1).max(1);
        if wide == 0 || high == 0 {
            return;
        }
        let mut before: Option<(usize, usize)> = None;
        let mut step = 0;
        for (index, value) in values.enumerate() {
            let Some(value) = value else {
                before = None;
                continue;
            };
            // Within 0..=high-1, since the value is kept between 0 and 1.
            let row = ((1.0 - value.clamp(0.0, 1.0)) * (high - 1) as f64).round() as usize;
            let here = (index * (wide - 1) / last, row);
            match before {
                Some(from) => self.line(from, here, style, stroke, &mut step),
                None => self.dot(here, style, stroke),
            }
            before = Some(here);
        }
    }

    fn line(&mut self, from: (usize, usize), to: (usize, usize), style: Style, stroke: Stroke, step: &mut usize) {
        let steps = to.0.abs_diff(from.0).max(to.1.abs_diff(from.1)).max(1);
        for i in 1..=steps {
            let between = |a: usize, b: usize| if b >= a { a + (b - a) * i / steps } else { a - (a - b) * i / steps };
            *step += 1;
            if stroke.draws(*step) {
                self.dot((between(from.0, to.0), between(from.1, to.1)), style, stroke);
            }
        }
    }

    fn dot(&mut self, (x, y): (usize, usize), style: Style, stroke: Stroke) {
        let (column, line) = (x / self.per.0, y / self.per.1);
        if let Some(cell) = self.cells.get_mut(line * self.columns + column).filter(|_| column < self.columns) {
            // The first curve keeps its look where curves meet.
            let own = if cell.0 == 0 { (style, stroke) } else { (cell.1, cell.2) };
            *cell = (cell.0 | BITS[x % self.per.0][y % self.per.1], own.0, own.1);
        }
    }

    /// Puts the dots on the screen; what has no dot is left as it is.
    pub fn put(&self, pen: &mut Pen<'_>, at: Rect) {
        let ascii = self.per == (1, 1);
        for (line, y) in (0..self.lines).zip(at.y..at.bottom()) {
            for (column, x) in (0..self.columns).zip(at.x..at.right()) {
                let (bits, style, stroke) = self.cells[line * self.columns + column];
                if bits == 0 {
                    continue;
                }
                if ascii {
                    pen.text(x, y, 1, stroke.mark(true), style);
                } else {
                    let symbol = char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' ');
                    pen.text(x, y, 1, symbol.encode_utf8(&mut [0; 4]), style);
                }
            }
        }
    }

    /// True when there is a dot in a character.
    pub fn has(&self, column: u16, line: u16) -> bool {
        let index = usize::from(line) * self.columns + usize::from(column);
        self.cells.get(index).is_some_and(|(bits, ..)| *bits != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[Option<f64>], ascii: bool) -> Vec<u8> {
        let mut dots = Dots::new(4, 1, ascii);
        dots.curve(values.iter().copied(), Style::new(), Stroke::Solid);
        dots.cells.iter().map(|(bits, ..)| *bits).collect()
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let all = drawn(&[Some(0.0); 8], false);
        assert_eq!(all, [0xc0; 4], "both dots of the lowest row");
        let gap = drawn(&[Some(0.0), Some(0.0), None, None, None, None, Some(0.0), Some(0.0)], false);
        assert_eq!(gap, [0xc0, 0, 0, 0xc0]);
    }

    #[test]
    fn high_is_up_and_what_is_beyond_stays_inside() {
        assert_eq!(drawn(&[Some(1.0); 8], false), [0x09; 4]);
        assert_eq!(drawn(&[Some(9.0), Some(-3.0)], true).len(), 4);
        assert!(drawn(&[Some(1.0); 2], true).iter().all(|bits| *bits == 1));
    }
}
