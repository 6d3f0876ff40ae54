//! The keys of the screen below, from the same table as the footer.

use ratatui::layout::Rect;

use crate::app::{App, HitMap};
use crate::config::theme::Role;
use crate::ui::views::key;
use crate::ui::widgets::{Pen, frame};

/// Columns for the keys of an action.
const KEYS: u16 = 18;

/// Draws the help over the screen.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let base = app.base().kind();
    let sections = app.keymap.help(base);
    let lines: Vec<Line<'_>> = sections
        .iter()
        .flat_map(|section| {
            let items = section.items.iter().map(|item| Line::Item(&item.keys, item.help));
            std::iter::once(Line::Title(section.title)).chain(items).chain([Line::Blank])
        })
        .collect();
    // The last section's blank line is not worth a row.
    let needed = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(1);
    let wide = area.width.saturating_sub(4).min(76);
    let tall = needed.min(area.height);
    let at = Rect::new(area.x + (area.width - wide) / 2, area.y, wide, tall);
    let close = key(app, crate::app::Action::Back);
    let inside = frame::overlay(pen, at, &format!("keys on the {} screen, {close} closes", base.title()));
    hits.overlay = usize::from(inside.height);
    frame::more_lines(pen, at, app.help.offset, lines.len().saturating_sub(1), inside.height);
    let look = pen.look;
    for (line, y) in lines.iter().skip(app.help.offset).zip(inside.y..inside.bottom()) {
        match line {
            Line::Title(title) => {
                pen.text(inside.x + 1, y, inside.width - 2, title, look.style(Role::Accent));
            }
            Line::Item(keys, help) => {
                let keys = if keys.is_empty() { "no key".to_owned() } else { keys.join(" ") };
                pen.text(inside.x + 3, y, KEYS, &keys, look.style(Role::Key));
                let x = inside.x + 3 + KEYS + 1;
                pen.text(x, y, inside.right().saturating_sub(x), help, look.style(Role::Text));
            }
            Line::Blank => {}
        }
    }
}

enum Line<'a> {
    Title(&'a str),
    Item(&'a [String], &'a str),
    Blank,
}
