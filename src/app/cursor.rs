//! Where the selection stands in a list, and which part of the list is in view.

use std::ops::Range;

/// A selection in a list that may be longer than the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Index of the selected item.
    pub selected: usize,
    /// Index of the first item in view.
    pub offset: usize,
}

impl Cursor {
    /// The items in view when `len` items stand where `room` fit. The selected one is among them.
    pub fn window(&self, len: usize, room: usize) -> Range<usize> {
        if len == 0 || room == 0 {
            return 0..0;
        }
        let selected = self.selected.min(len - 1);
        let lowest = (selected + 1).saturating_sub(room);
        let offset = self.offset.clamp(lowest, selected).min(len.saturating_sub(room));
        offset..(offset + room).min(len)
    }

    /// Keeps the selection within `len` items and the offset where [`Cursor::window`] puts it.
    pub fn settle(&mut self, len: usize, room: usize) {
        self.selected = self.selected.min(len.saturating_sub(1));
        self.offset = self.window(len, room.max(1)).start;
    }
}

/// A selection that stays on the same thing while the list around it changes.
///
/// Until the operator has moved it, it stays where it is, so that the worst stays on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed<K> {
    /// Selection and view.
    pub cursor: Cursor,
    /// What is selected, once the operator has chosen.
    pub key: Option<K>,
}

impl<K> Default for Followed<K> {
    fn default() -> Self {
        Self { cursor: Cursor::default(), key: None }
    }
}

impl<K: PartialEq> Followed<K> {
    /// Index of the selected item.
    pub fn selected(&self) -> usize {
        self.cursor.selected
    }

    /// Chooses one of `len` items and remembers what it is.
    pub fn choose(&mut self, index: usize, len: usize, key_at: impl Fn(usize) -> Option<K>) {
        self.cursor.selected = index.min(len.saturating_sub(1));
        self.key = key_at(self.cursor.selected);
    }

    /// Finds the remembered item again after the list has changed.
    pub fn settle(&mut self, len: usize, room: usize, key_at: impl Fn(usize) -> Option<K>) {
        if self.key.is_some() && key_at(self.cursor.selected) != self.key {
            let found = (0..len).find(|index| key_at(*index) == self.key);
            self.cursor.selected = found.unwrap_or(self.cursor.selected);
        }
        self.cursor.settle(len, room);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 0, 0, 10, 0..0)]
    #[case(0, 0, 5, 10, 0..5)]
    #[case(9, 0, 10, 3, 7..10)]
    #[case(4, 7, 10, 3, 4..7)]
    #[case(5, 4, 10, 3, 4..7)]
    #[case(99, 99, 10, 3, 7..10)]
    fn the_selected_item_is_in_view(
        #[case] selected: usize,
        #[case] offset: usize,
        #[case] len: usize,
        #[case] room: usize,
        #[case] window: Range<usize>,
    ) {
        assert_eq!(Cursor { selected, offset }.window(len, room), window);
    }

    #[test]
    fn a_chosen_item_is_followed_and_an_untouched_selection_stays() {
        let before = ["a", "b", "c"];
        let after = ["x", "y", "a", "b", "c"];
        let mut chosen = Followed::default();
        chosen.choose(1, before.len(), |i| before.get(i).copied());
        chosen.settle(after.len(), 10, |i| after.get(i).copied());
        assert_eq!(chosen.selected(), 3);

        let mut untouched: Followed<&str> = Followed::default();
        untouched.settle(after.len(), 10, |i| after.get(i).copied());
        assert_eq!(untouched.selected(), 0);

        chosen.settle(2, 10, |i| ["x", "y"].get(i).copied());
        assert_eq!(chosen.selected(), 1, "what has gone leaves the selection in range");
    }

    proptest! {
        #[test]
        fn a_window_fits_and_shows_the_selection(selected in 0usize..50, offset in 0usize..50, len in 0usize..50, room in 0usize..20) {
            let window = Cursor { selected, offset }.window(len, room);
            prop_assert!(window.end <= len && window.len() <= room);
            prop_assert_eq!(window.len(), len.min(room));
            if len > 0 && room > 0 {
                prop_assert!(window.contains(&selected.min(len - 1)));
            }
        }
    }
}
