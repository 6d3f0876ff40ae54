//! Where things were drawn, so that the mouse finds them and paging knows the height.

use ratatui::layout::{Position, Rect};

use crate::app::keymap::Action;
use crate::app::screen::Pane;
use crate::app::screens::ResourcePane;

/// What stands in an area of the screen. Indices are positions in the whole list, not in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of the screen's list.
    Row(usize),
    /// A cell of the wall or of the signal screen: indices into the screen's rows and columns.
    Cell {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
    },
    /// A column's head.
    Column(usize),
    /// A line of the detail pane.
    Detail(usize),
    /// A pane as a whole, for the wheel.
    Pane(Pane),
    /// A line of the command palette: index into [`crate::app::Palette::matches`].
    Palette(usize),
    /// A tab of the resource screen.
    Tab(ResourcePane),
    /// A line of a part of the resource screen.
    Line(ResourcePane, usize),
    /// A key in the footer.
    Action(Action),
}

/// A dialog that stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialogDrawn {
    /// Which.
    pub number: u64,
    /// All of it could be read; else nothing may be confirmed.
    pub whole: bool,
}

/// What the views report of their last frame.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HitMap {
    /// Areas and what is there; where areas overlap the last one counts.
    pub areas: Vec<(Rect, Target)>,
    /// Rows of the base screen's list that fit; 0 when not known.
    pub rows: usize,
    /// Environment columns that fit; 0 when not known.
    pub columns: usize,
    /// Lines of the detail pane that fit.
    pub detail: usize,
    /// Lines of an overlay (help, describe, messages, palette) that fit.
    pub overlay: usize,
    /// The dialog that was drawn.
    pub dialog: Option<DialogDrawn>,
}

impl HitMap {
    /// What stands at a column and row of the terminal.
    pub fn at(&self, column: u16, row: u16) -> Option<Target> {
        let position = Position::new(column, row);
        self.areas.iter().rev().find(|(area, _)| area.contains(position)).map(|(_, target)| *target)
    }
}
