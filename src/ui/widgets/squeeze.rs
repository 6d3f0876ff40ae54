//! A line of pieces that give way to each other: each has shorter forms, and the least important one shortens first.

use ratatui::style::Style;

use crate::ui::fit::width;
use crate::ui::widgets::pen::Parts;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// From the longest to the shortest; an empty one leaves the piece out.
    pub forms: Vec<String>,
    /// Its style.
    pub style: Style,
    /// The piece with the highest rank shortens first; of equals the last.
    pub rank: u8,
}

impl Piece {
    /// A piece with these forms, the longest first.
    pub fn new(rank: u8, style: Style, forms: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { forms: forms.into_iter().map(Into::into).collect(), style, rank }
    }
}

/// Chooses the forms so that `left` and `right`, each with `gap` columns between its pieces, fit into `columns`.
pub fn squeeze(left: &[Piece], right: &[Piece], gap: u16, columns: u16) -> (Parts<'static>, Parts<'static>) {
    let mut chosen = vec![0usize; left.len() + right.len()];
    let pieces: Vec<&Piece> = left.iter().chain(right).collect();
    loop {
        let built = build(&pieces, &chosen, left.len(), gap);
        if built.0.width().saturating_add(gap).saturating_add(built.1.width()) <= columns {
            return built;
        }
        let can_shorten = |index: &usize| chosen[*index] + 1 < pieces[*index].forms.len();
        let next = (0..pieces.len()).filter(can_shorten).max_by_key(|index| (pieces[*index].rank, *index));
        match next {
            Some(index) => chosen[index] += 1,
            None => return built,
        }
    }
}

fn build(pieces: &[&Piece], chosen: &[usize], split: usize, gap: u16) -> (Parts<'static>, Parts<'static>) {
    let mut sides = (Parts::new(), Parts::new());
    for (index, (piece, form)) in pieces.iter().zip(chosen).enumerate() {
        let side = if index < split { &mut sides.0 } else { &mut sides.1 };
        if let Some(text) = piece.forms.get(*form).filter(|text| width(text) > 0) {
            side.after(gap, text.clone(), piece.style);
        }
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_important_piece_gives_way_first() {
        let left = [Piece::new(1, Style::new(), ["critical", "c"]), Piece::new(3, Style::new(), ["name", ""])];
        let right = [Piece::new(2, Style::new(), ["12:00:00", "12:00"])];
        let widths = |columns| {
            let (left, right) = squeeze(&left, &right, 2, columns);
            (left.width(), right.width())
        };
        assert_eq!(widths(30), (14, 8));
        assert_eq!(widths(18), (8, 8));
        assert_eq!(widths(17), (8, 5));
        assert_eq!(widths(10), (1, 5));
        assert_eq!(widths(0), (1, 5), "what cannot give way stays");
    }
}
