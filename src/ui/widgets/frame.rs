//! The box around a screen: borders, the rule above the details, and marks for what is scrolled out of view.

use ratatui::style::Style;

use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::fit::width;
use crate::ui::layout::{Columns, Panes};
use crate::ui::look::Look;
use crate::ui::widgets::pen::{Parts, Pen};

/// Draws the box of `panes`, with uprights between `columns` where there are any. `focus` styles the border of the
/// details when they have the keys.
pub fn draw(pen: &mut Pen<'_>, panes: &Panes, columns: &Columns, focus: bool) {
    let area = panes.area;
    let (left, right) = (area.x, area.right().saturating_sub(1));
    let glyphs = pen.look.glyphs;
    let border = pen.look.style(Role::Border);
    let strong = if focus { pen.look.style(Role::Focus) } else { border };
    pen.rule(left, panes.top, area.width, border);
    pen.rule(left, panes.rule, area.width, strong);
    pen.rule(left, panes.bottom, area.width, strong);
    pen.upright(left, panes.top + 1, panes.rule, border);
    pen.upright(right, panes.top + 1, panes.rule, border);
    pen.upright(left, panes.rule + 1, panes.bottom, strong);
    pen.upright(right, panes.rule + 1, panes.bottom, strong);
    pen.text(left, panes.top, 1, glyphs.corner[0], border);
    pen.text(right, panes.top, 1, glyphs.corner[1], border);
    pen.text(left, panes.rule, 1, glyphs.joint[0], strong);
    pen.text(right, panes.rule, 1, glyphs.joint[1], strong);
    pen.text(left, panes.bottom, 1, glyphs.corner[2], strong);
    pen.text(right, panes.bottom, 1, glyphs.corner[3], strong);
    for column in &columns.shown {
        let x = column.x - 1;
        pen.text(x, panes.top, 1, glyphs.joint[2], border);
        pen.upright(x, panes.top + 1, panes.rule, border);
        pen.text(x, panes.rule, 1, glyphs.joint[3], strong);
    }
}

/// Writes a title into a border line, with a blank on both sides. Answers the column after it.
pub fn title(pen: &mut Pen<'_>, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
    if columns < 3 || text.is_empty() {
        return x;
    }
    let fitted = crate::ui::fit::fit(text, columns - 2, pen.look.glyphs.cut);
    pen.text(x, y, columns, &format!(" {fitted} "), style)
}

/// Something scrolled out of view: how many, and the worst of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hidden {
    /// How many.
    pub count: usize,
    /// The worst of them.
    pub worst: Severity,
}

/// Marks what is hidden left and right, above and below, in the rule: `‹ 3 more ── ✖ more 4 ›`; in a narrow rule
/// `‹ 3 ── ✖ 4 ›`. The rule's left part also tells `remarks` (a filter in force, an order).
pub fn marks(pen: &mut Pen<'_>, panes: &Panes, sideways: [Hidden; 2], upright: [Hidden; 2], remarks: &[String]) {
    let (left, inside) = (panes.area.x + 2, panes.area.width.saturating_sub(4));
    let build = |word: &str| {
        let [to_left, to_right, up, down] = pen.look.glyphs.more;
        let accent = pen.look.style(Role::Accent);
        let mut before = Parts::new();
        for (hidden, glyph) in [(sideways[0], to_left), (upright[0], up), (upright[1], down)] {
            if hidden.count > 0 {
                before.push(format!(" {glyph} "), accent);
                worst(&mut before, pen.look, hidden);
                before.push(format!("{}{word} ", hidden.count), accent);
            }
        }
        for remark in remarks {
            before.push(format!(" {remark} "), pen.look.style(Role::Match));
        }
        let mut after = Parts::new();
        if sideways[1].count > 0 {
            after.push(" ", accent);
            worst(&mut after, pen.look, sideways[1]);
            after.push(
                format!("{}{} {to_right} ", word.trim_start(), sideways[1].count).replace("more", "more "),
                accent,
            );
        }
        (before, after)
    };
    let (mut before, mut after) = build(" more");
    if before.width() + 1 + after.width() > inside {
        (before, after) = build("");
    }
    let room = inside.saturating_sub(after.width());
    pen.parts(left, panes.rule, room.saturating_sub(1), &before);
    pen.parts(left + room, panes.rule, after.width(), &after);
}

fn worst(parts: &mut Parts<'_>, look: &Look, hidden: Hidden) {
    if hidden.worst > Severity::Ok {
        parts.push(format!("{} ", look.glyphs.severity(hidden.worst)), look.severity(hidden.worst));
    }
}

/// Draws a box for an overlay, blanks it and writes its title. Answers the area inside.
pub fn overlay(pen: &mut Pen<'_>, area: ratatui::layout::Rect, name: &str) -> ratatui::layout::Rect {
    let area = area.intersection(pen.area);
    let style = pen.look.style(Role::Overlay);
    // A blank column on both sides keeps the overlay apart from what it lies on.
    pen.blank(ratatui::layout::Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area });
    pen.shade(area, style);
    if area.width < 2 || area.height < 2 {
        return ratatui::layout::Rect { width: 0, height: 0, ..area };
    }
    let border = style.patch(pen.look.style(Role::Focus));
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    let [top_left, top_right, bottom_left, bottom_right] = pen.look.glyphs.corner;
    pen.rule(area.x, area.y, area.width, border);
    pen.rule(area.x, bottom, area.width, border);
    pen.upright(area.x, area.y + 1, bottom, border);
    pen.upright(right, area.y + 1, bottom, border);
    for (x, y, corner) in [
        (area.x, area.y, top_left),
        (right, area.y, top_right),
        (area.x, bottom, bottom_left),
        (right, bottom, bottom_right),
    ] {
        pen.text(x, y, 1, corner, border);
    }
    title(
        pen,
        area.x + 1,
        area.y,
        width(name).saturating_add(2).min(area.width - 2),
        name,
        pen.look.style(Role::Title),
    );
    ratatui::layout::Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// Tells in an overlay's bottom border how many lines are out of view.
pub fn more_lines(pen: &mut Pen<'_>, at: ratatui::layout::Rect, offset: usize, lines: usize, room: u16) {
    let [.., up, down] = pen.look.glyphs.more;
    let below = lines.saturating_sub(offset + usize::from(room));
    let mut text = String::new();
    if offset > 0 {
        text.push_str(&format!(" {up} {offset} more "));
    }
    if below > 0 {
        text.push_str(&format!(" {down} {below} more "));
    }
    if !text.is_empty() && at.height > 1 {
        pen.text_right(at.x + 1, at.bottom() - 1, at.width.saturating_sub(3), &text, pen.look.style(Role::Accent));
    }
}
