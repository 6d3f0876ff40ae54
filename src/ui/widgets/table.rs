//! A list in columns: titles in the box's top border, the least important columns leave first.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{Cursor, HitMap, Pane, Target};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::fit::width;
use crate::ui::layout::{Columns, Panes, panes};
use crate::ui::widgets::frame::{self, Hidden};
use crate::ui::widgets::pen::{Parts, Pen};

/// Columns between two columns.
const GAP: u16 = 2;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// It is never narrower, unless its content is.
    pub least: u16,
    /// It is never wider, however wide its content.
    pub most: u16,
    /// The column with the highest rank is left out first when there is no room; one of rank 0 never is.
    pub rank: u8,
    /// Numbers stand at the right.
    pub right: bool,
}

/// A list.
pub struct Table<'a> {
    /// Its columns; the last one that is shown takes what is left.
    pub columns: &'a [Column],
    /// Number of rows.
    pub rows: usize,
    /// Which one is selected.
    pub cursor: Cursor,
    /// What is in force: a filter, an order.
    pub remarks: &'a [String],
}

/// One place of a row: its text and its style.
pub type Place<'a> = Parts<'a>;

/// Draws the list and its box into `area`. `row` gives the places of a row, one for each column; `worst` the worst
/// severity among some rows. Answers the parts of the screen.
pub fn draw<'a>(
    pen: &mut Pen<'_>,
    hits: &mut HitMap,
    area: Rect,
    table: &Table<'_>,
    row: impl Fn(usize) -> Vec<Place<'a>>,
    worst: impl Fn(std::ops::Range<usize>) -> Severity,
) -> Panes {
    let look = pen.look;
    let panes = panes(area, table.rows.max(3));
    frame::draw(pen, &panes, &Columns::default(), false);
    let room = usize::from(panes.rows.height);
    hits.rows = room;
    hits.areas.push((panes.rows, Target::Pane(Pane::Main)));
    hits.areas.push((panes.detail, Target::Pane(Pane::Detail)));
    let window = table.cursor.window(table.rows, room);
    let rows: Vec<Vec<Place<'a>>> = window.clone().map(&row).collect();
    let inside = Rect { x: panes.rows.x + 1, width: panes.rows.width.saturating_sub(2), ..panes.rows };
    let places = lay(table.columns, &rows, inside.width);
    for (column, x, wide) in &places {
        let title = table.columns.get(*column).map_or("", |column| column.title);
        let right = table.columns.get(*column).is_some_and(|column| column.right);
        let shift = if right { wide.saturating_sub(width(title)) } else { 0 };
        frame::title(pen, inside.x + x + shift - 1, panes.top, wide + 2 - shift, title, look.style(Role::Dim));
    }
    for ((line, y), parts) in window.clone().zip(inside.y..).zip(&rows) {
        for (column, x, wide) in &places {
            let Some(place) = parts.get(*column) else { continue };
            let right = table.columns.get(*column).is_some_and(|column| column.right);
            let shift = if right { wide.saturating_sub(place.width()) } else { 0 };
            pen.parts(inside.x + x + shift, y, wide - shift, place);
        }
        let whole = Rect::new(panes.rows.x, y, panes.rows.width, 1);
        if line == table.cursor.selected {
            pen.shade(whole, look.style(Role::Selected));
            pen.text(panes.rows.x, y, 1, look.glyphs.more[1], look.style(Role::Accent));
        }
        hits.areas.push((whole, Target::Row(line)));
    }
    let hidden = |range: std::ops::Range<usize>| Hidden { count: range.len(), worst: worst(range) };
    let upright = [hidden(0..window.start), hidden(window.end..table.rows.max(window.end))];
    frame::marks(pen, &panes, [Hidden::default(); 2], upright, table.remarks);
    panes
}

/// Which columns are shown, where, and how wide.
fn lay(columns: &[Column], rows: &[Vec<Place<'_>>], room: u16) -> Vec<(usize, u16, u16)> {
    let wanted: Vec<u16> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let content = rows.iter().filter_map(|row| row.get(index)).map(Parts::width).max().unwrap_or(0);
            content.max(width(column.title)).min(column.most)
        })
        .collect();
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let needed = |kept: &[usize]| {
        let least: u16 = kept.iter().map(|index| columns[*index].least.min(wanted[*index])).sum();
        least.saturating_add(GAP * u16::try_from(kept.len().saturating_sub(1)).unwrap_or(0))
    };
    while needed(&kept) > room {
        let Some(least) = kept.iter().copied().filter(|i| columns[*i].rank > 0).max_by_key(|i| columns[*i].rank) else {
            break;
        };
        kept.retain(|index| *index != least);
    }
    let mut widths: Vec<u16> = kept.iter().map(|index| columns[*index].least.min(wanted[*index])).collect();
    let mut spare = room.saturating_sub(needed(&kept));
    for (width, index) in widths.iter_mut().zip(&kept) {
        let more = wanted[*index].saturating_sub(*width).min(spare);
        *width += more;
        spare -= more;
    }
    let mut x = 0;
    let last = kept.len().saturating_sub(1);
    let mut places = Vec::with_capacity(kept.len());
    for (position, (index, mut wide)) in kept.iter().zip(widths).enumerate() {
        if position == last && !columns[*index].right {
            wide += spare;
        }
        wide = wide.min(room.saturating_sub(x));
        places.push((*index, x, wide));
        x += wide + GAP;
    }
    places
}

/// A place with one text.
pub fn place<'a>(text: impl Into<std::borrow::Cow<'a, str>>, style: Style) -> Place<'a> {
    let mut parts = Parts::new();
    parts.push(text, style);
    parts
}

/// A place with a name, of which the middle is left out where it does not fit.
pub fn name<'a>(text: impl Into<std::borrow::Cow<'a, str>>, style: Style) -> Place<'a> {
    let mut parts = Parts::new();
    parts.name(text, style);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { title: "a", least: 4, most: 10, rank: 0, right: false },
        Column { title: "b", least: 6, most: 6, rank: 2, right: true },
        Column { title: "c", least: 5, most: 90, rank: 1, right: false },
    ];

    fn rows() -> Vec<Vec<Place<'static>>> {
        vec![["aaaaaaaa", "bbbbbb", "cccccccccccc"].map(|text| place(text, Style::new())).to_vec()]
    }

    #[test]
    fn columns_are_as_wide_as_their_content_and_the_last_takes_the_rest() {
        assert_eq!(lay(COLUMNS, &rows(), 40), [(0, 0, 8), (1, 10, 6), (2, 18, 22)]);
    }

    #[test]
    fn the_highest_rank_leaves_first() {
        let shown = |room| lay(COLUMNS, &rows(), room).iter().map(|(index, ..)| *index).collect::<Vec<_>>();
        assert_eq!(shown(19), [0, 1, 2]);
        assert_eq!(shown(18), [0, 2]);
        assert_eq!(shown(10), [0]);
        assert_eq!(lay(COLUMNS, &rows(), 3), [(0, 0, 3)]);
    }
}
