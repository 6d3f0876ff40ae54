//! A fault in words: what failed and why, and what to do next.

use ratatui::layout::Rect;

use crate::config::theme::Role;
use crate::model::{Fault, Severity};
use crate::ui::fit::wrap;
use crate::ui::widgets::pen::{Parts, Pen};

/// Draws a fault, which is as bad as `severity`, into the top of `at`, the remedy never left out. Answers how many lines it took.
pub fn draw(pen: &mut Pen<'_>, at: Rect, fault: &Fault, severity: Severity) -> u16 {
    if at.height == 0 || at.width < 8 {
        return 0;
    }
    let look = pen.look;
    let (strong, text, dim) = (look.severity(severity), look.style(Role::Text), look.style(Role::Dim));
    let remedy = fault.remedy.as_ref();
    let mut lines = 0;
    let head = format!("{} {}", look.glyphs.severity(severity), fault.kind.word());
    let mut what = Parts::new();
    what.push(head, strong).after(2, &*fault.operation, dim);
    if at.height == 1 {
        let mut only = Parts::new();
        only.push(format!("{} {}", look.glyphs.severity(severity), fault.kind.word()), strong);
        only.after(2, remedy.map_or(&*fault.message, |remedy| &**remedy), text);
        pen.parts(at.x, at.y, at.width, &only);
        return 1;
    }
    let beside = at.width.saturating_sub(what.width() + 2);
    let message_fits = crate::ui::fit::width(&fault.message) <= beside;
    if message_fits {
        what.after(2, &*fault.message, text);
    }
    pen.parts(at.x, at.y, at.width, &what);
    lines += 1;
    let reserved = u16::from(remedy.is_some());
    if !message_fits {
        let room = at.height.saturating_sub(lines + reserved).min(3);
        for line in wrap(&fault.message, at.width - 2, usize::from(room), look.glyphs.cut) {
            pen.text(at.x + 2, at.y + lines, at.width - 2, &line, text);
            lines += 1;
        }
    }
    if let Some(remedy) = remedy {
        let room = usize::from(at.height.saturating_sub(lines).min(3));
        for (index, line) in wrap(remedy, at.width - 2, room, look.glyphs.cut).iter().enumerate() {
            let mark = if index == 0 { look.glyphs.next } else { " " };
            pen.text(at.x, at.y + lines, 1, mark, look.style(Role::Accent));
            pen.text(at.x + 2, at.y + lines, at.width - 2, line, look.style(Role::Accent));
            lines += 1;
        }
    }
    lines
}
