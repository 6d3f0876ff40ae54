//! The command palette: everything that can be done or gone to, found by a few letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use crate::app::cursor::Cursor;
use crate::app::keymap::Action;
use crate::app::screen::Screen;
use crate::base::Text;

/// What choosing an entry does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The same as its key.
    Do(Action),
    /// Go to a screen.
    Show(Screen),
    /// Select an environment, by its index in the fleet, on the wall.
    Environment(usize),
    /// Show a system, by its index.
    System(usize),
    /// Use a theme, by its index.
    Theme(usize),
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is typed for: `refresh`, `signal Lambda errors`, `environment payments/prod`.
    pub label: Text,
    /// Its key or what it does.
    pub hint: Text,
    /// What it does.
    pub command: Command,
}

/// An entry that matches what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Index into [`Palette::entries`].
    pub entry: usize,
    /// Characters of the label that matched, for emphasis; sorted.
    pub indices: Vec<u32>,
}

/// The open palette.
#[derive(Debug, Clone)]
pub struct Palette {
    /// What is being typed.
    pub input: Input,
    /// Everything there is.
    pub entries: Vec<Entry>,
    /// What matches, best first.
    pub matches: Vec<Match>,
    /// Which match is selected.
    pub cursor: Cursor,
}

impl Palette {
    /// An open palette in which nothing has been typed.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut palette = Self { input: Input::default(), entries, matches: Vec::new(), cursor: Cursor::default() };
        palette.search();
        palette
    }

    /// Finds what matches the input; of equals the first in order.
    pub fn search(&mut self) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(self.input.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut characters = Vec::new();
        let mut found: Vec<(u32, Match)> = Vec::new();
        for (entry, candidate) in self.entries.iter().enumerate() {
            let mut indices = Vec::new();
            let label = Utf32Str::new(&candidate.label, &mut characters);
            if let Some(score) = pattern.indices(label, &mut matcher, &mut indices) {
                indices.sort_unstable();
                indices.dedup();
                found.push((score, Match { entry, indices }));
            }
        }
        found.sort_by_key(|(score, found)| (std::cmp::Reverse(*score), found.entry));
        self.matches = found.into_iter().map(|(_, found)| found).collect();
        self.cursor = Cursor::default();
    }

    /// What the selected match does.
    pub fn chosen(&self) -> Option<&Command> {
        let found = self.matches.get(self.cursor.selected)?;
        self.entries.get(found.entry).map(|entry| &entry.command)
    }
}
