//! Writing into a buffer: clipped to its area, cut with a mark, never outside.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::ui::fit::{fit, fit_name, width};
use crate::ui::look::Look;

/// A line in parts, each with its style.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts<'a>(Vec<(Cow<'a, str>, Style, Cut)>);

/// Where a text that does not fit is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    End,
    Middle,
}

impl<'a> Parts<'a> {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part.
    pub fn push(&mut self, text: impl Into<Cow<'a, str>>, style: Style) -> &mut Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((text, style, Cut::End));
        }
        self
    }

    /// Adds a name: where it does not fit, its middle is left out.
    pub fn name(&mut self, text: impl Into<Cow<'a, str>>, style: Style) -> &mut Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((text, style, Cut::Middle));
        }
        self
    }

    /// Adds a part, with a distance of `columns` from what stands before it.
    pub fn after(&mut self, columns: u16, text: impl Into<Cow<'a, str>>, style: Style) -> &mut Self {
        let text = text.into();
        if !text.is_empty() {
            if !self.0.is_empty() {
                self.0.push((" ".repeat(usize::from(columns)).into(), Style::new(), Cut::End));
            }
            self.0.push((text, style, Cut::End));
        }
        self
    }

    /// Adds the parts of another line, with a distance of `columns` from what stands before them.
    pub fn join(&mut self, columns: u16, other: Self) -> &mut Self {
        if !self.0.is_empty() && !other.0.is_empty() {
            self.0.push((" ".repeat(usize::from(columns)).into(), Style::new(), Cut::End));
        }
        self.0.extend(other.0);
        self
    }

    /// Columns that the line takes.
    pub fn width(&self) -> u16 {
        self.0.iter().fold(0, |sum, (text, ..)| sum.saturating_add(width(text)))
    }

    /// True without any part.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes into `area` of a buffer and nowhere else.
pub struct Pen<'a> {
    /// What is drawn into.
    pub buffer: &'a mut Buffer,
    /// Where drawing is allowed.
    pub area: Rect,
    /// How it looks.
    pub look: &'a Look,
}

impl<'a> Pen<'a> {
    /// A pen for the part of `area` that lies in the buffer.
    pub fn new(buffer: &'a mut Buffer, area: Rect, look: &'a Look) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, look }
    }

    /// A pen for a part of this pen's area.
    pub fn within(&mut self, area: Rect) -> Pen<'_> {
        Pen { area: area.intersection(self.area), buffer: self.buffer, look: self.look }
    }

    /// Writes `text` at `x`, `y` in at most `columns` columns. Answers the column after it.
    pub fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        self.cut(x, y, columns, text, style, Cut::End)
    }

    /// Writes a name like [`Pen::text`]; where it does not fit, its middle is left out.
    pub fn name(&mut self, x: u16, y: u16, columns: u16, name: &str, style: Style) -> u16 {
        self.cut(x, y, columns, name, style, Cut::Middle)
    }

    fn cut(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style, cut: Cut) -> u16 {
        let columns = columns.min(self.area.right().saturating_sub(x));
        if columns == 0 || y < self.area.top() || y >= self.area.bottom() || x < self.area.left() {
            return x;
        }
        let mark = self.look.glyphs.cut;
        let shown = match cut {
            Cut::End => fit(text, columns, mark),
            Cut::Middle => fit_name(text, columns, mark),
        };
        self.buffer.set_stringn(x, y, shown, usize::from(columns), style).0
    }

    /// Writes `text` so that it ends before `x + columns`.
    pub fn text_right(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) {
        let indent = columns.saturating_sub(width(text));
        self.text(x + indent, y, columns - indent, text, style);
    }

    /// Writes a line in parts in at most `columns` columns; the part that does not fit is cut. Answers the column
    /// after it.
    pub fn parts(&mut self, x: u16, y: u16, columns: u16, parts: &Parts<'_>) -> u16 {
        let end = x.saturating_add(columns).min(self.area.right());
        let mut at = x;
        let whole = parts.width() <= end.saturating_sub(x);
        for (index, (text, style, cut)) in parts.0.iter().enumerate() {
            let left = end.saturating_sub(at);
            // Where the line is cut, a column stays free for the mark, unless the part itself is cut and marked.
            let last = index + 1 == parts.0.len();
            if !whole && !last && width(text) == left {
                return self.text(at, y, left, &format!("{text} "), *style);
            }
            at = self.cut(at, y, left, text, *style, *cut);
            if at >= end || width(text) > left {
                break;
            }
        }
        at
    }

    /// Draws a horizontal line over `columns` columns.
    pub fn rule(&mut self, x: u16, y: u16, columns: u16, style: Style) {
        for at in x..x.saturating_add(columns).min(self.area.right()) {
            self.text(at, y, 1, self.look.glyphs.line[0], style);
        }
    }

    /// Draws a vertical line from `top` to before `bottom`.
    pub fn upright(&mut self, x: u16, top: u16, bottom: u16, style: Style) {
        for y in top..bottom.min(self.area.bottom()) {
            self.text(x, y, 1, self.look.glyphs.line[1], style);
        }
    }

    /// Lays a style over an area without changing the text.
    pub fn shade(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area.intersection(self.area), style);
    }

    /// Blanks an area.
    pub fn blank(&mut self, area: Rect) {
        let area = area.intersection(self.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(self.look.ground());
                }
            }
        }
    }
}
