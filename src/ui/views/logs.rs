//! The logs screen.

use ratatui::layout::Rect;

use crate::app::{Action, App, HitMap};
use crate::ui::layout::{Columns, panes};
use crate::ui::views::{key, nothing};
use crate::ui::widgets::{Pen, frame};

/// Draws the screen below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, _hits: &mut HitMap, area: Rect) {
    let panes = panes(area, 3);
    frame::draw(pen, &panes, &Columns::default(), false);
    nothing(pen, panes.rows, &["Nothing is known yet.".to_owned(), format!("{} goes back", key(app, Action::Back))]);
}
