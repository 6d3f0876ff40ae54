//! Styles, layout, widgets and views: pure functions of the state.

pub mod fit;
pub mod glyphs;
pub mod layout;
pub mod look;
pub mod numbers;
pub mod reason;
pub mod svg;
pub mod views;
pub mod when;
pub mod widgets;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_changes;
#[cfg(test)]
mod tests_compare;
#[cfg(test)]
mod tests_past;
#[cfg(test)]
mod tests_timeline;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{App, HitMap, Screen, Typing};
use crate::config::theme::Role;
pub use look::{Depth, Look};
use views::guarded;
use widgets::{Pen, footer, header};

/// Below this many columns and rows nothing useful can be shown.
pub const SMALLEST: (u16, u16) = (40, 10);

/// Draws the state. Answers where things were drawn.
pub fn draw(app: &App, look: &Look, frame: &mut Frame<'_>) -> HitMap {
    let (hits, cursor) = paint(app, look, frame.buffer_mut());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    hits
}

/// Draws the state into all of `buffer`. Answers where things were drawn, and where the text cursor stands while
/// something is typed.
pub fn paint(app: &App, look: &Look, buffer: &mut Buffer) -> (HitMap, Option<Position>) {
    let area = buffer.area;
    let mut hits = HitMap::default();
    let mut pen = Pen::new(buffer, area, look);
    pen.blank(area);
    let cursor = if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(&mut pen, area);
        None
    } else {
        screen(app, &mut pen, &mut hits, area)
    };
    if look.glyphs.ascii {
        only_ascii(buffer);
    }
    (hits, cursor)
}

fn screen(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) -> Option<Position> {
    header::draw(app, pen, Rect { height: 1, ..area });
    match app.base() {
        Screen::Signal(id) => views::signal::draw(app, pen, hits, area, id),
        Screen::Alarms => views::alarms::draw(app, pen, hits, area),
        Screen::Connections => views::connections::draw(app, pen, hits, area),
        Screen::Environment(id) => views::environment::draw(app, pen, hits, area, id),
        Screen::Resource => views::resource::draw(app, pen, hits, area),
        Screen::Timeline => views::timeline::draw(app, pen, hits, area),
        Screen::Logs => views::logs::draw(app, pen, hits, area),
        Screen::Compare => views::compare::draw(app, pen, hits, area),
        Screen::Runbooks => guarded::runbooks::draw(app, pen, hits, area),
        Screen::Run => guarded::run::draw(app, pen, hits, area),
        Screen::Records => guarded::records::draw(app, pen, hits, area),
        Screen::Wall | Screen::Help | Screen::Describe | Screen::Messages => views::wall::draw(app, pen, hits, area),
    }
    let bottom = Rect::new(area.x + 1, area.bottom() - 1, area.width - 2, 1);
    let cursor = footer::draw(app, pen, hits, bottom);
    let below = Rect { y: area.y + 2, height: area.height - 3, ..area };
    match app.screen() {
        Screen::Help => views::help::draw(app, pen, hits, below),
        Screen::Describe => views::describe::draw(app, pen, hits, below),
        Screen::Messages => views::messages::draw(app, pen, hits, below),
        _ => {}
    }
    match &app.typing {
        Typing::Palette(palette) => Some(views::palette::draw(palette, pen, hits, below)),
        Typing::Form(form) => guarded::form::draw(app, form, pen, hits, below),
        Typing::Dialog(dialog) => guarded::dialog::draw(app, dialog, pen, hits, area),
        Typing::Filter(_) | Typing::Line(_) | Typing::Off => cursor,
    }
}

fn too_small(pen: &mut Pen<'_>, area: Rect) {
    let (columns, rows) = SMALLEST;
    let text = format!("terminal too small: {}×{}, need at least {columns}×{rows}", area.width, area.height);
    let lines = fit::wrap(&text, area.width, usize::from(area.height), pen.look.glyphs.cut);
    let style = pen.look.style(Role::Text);
    for (line, y) in lines.iter().zip(area.y..) {
        pen.text(area.x, y, area.width, line, style);
    }
}

/// Replaces everything that is not ASCII: names from AWS may hold any character.
fn only_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let nearest = glyphs::nearest(cell.symbol());
            cell.set_symbol(nearest);
        }
    }
}
