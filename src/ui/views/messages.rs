//! Every message to the operator so far, newest first.

use ratatui::layout::Rect;

use crate::app::{App, HitMap, NoticeLevel};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::views::nothing;
use crate::ui::when;
use crate::ui::widgets::{Pen, frame};

/// Draws the messages over the screen.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let at = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let inside = frame::overlay(pen, at, "messages, newest first");
    hits.overlay = usize::from(inside.height);
    let list = &app.notices.list;
    frame::more_lines(pen, at, app.messages.offset, list.len(), inside.height);
    let look = pen.look;
    for (notice, y) in list.iter().rev().skip(app.messages.offset).zip(inside.y..inside.bottom()) {
        let (glyph, style) = match notice.level {
            NoticeLevel::Info => (look.glyphs.next, look.style(Role::Accent)),
            NoticeLevel::Warning => (look.glyphs.warning, look.severity(Severity::Warning)),
            NoticeLevel::Error => (look.glyphs.critical, look.severity(Severity::Critical)),
        };
        let x = pen.text(inside.x + 1, y, 14, &when::moment(notice.at, app.now), look.style(Role::Dim)) + 2;
        let x = pen.text(x, y, 1, glyph, style) + 1;
        pen.text(x, y, inside.right().saturating_sub(x), &notice.text, look.style(Role::Text));
    }
    if list.is_empty() {
        nothing(pen, inside, &["No messages so far.".to_owned()]);
    }
}
