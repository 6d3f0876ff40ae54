//! The log screen: the lines of a log group, the newest at the bottom.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::app::cursor::Cursor;
use crate::app::filter::Filter;
use crate::base::Text;
use crate::inquiry::logs::{LogLine, LogSource};
use crate::model::Fault;

/// Lines that are kept: the oldest are dropped, and it is said how many.
pub const MOST_LINES: usize = 50_000;
/// Bytes of text that are kept.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// What the operator has chosen there, and what has been read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogsState {
    /// Whose log; `None` before one was opened.
    pub source: Option<LogSource>,
    /// What it is called.
    pub label: Text,
    /// The groups to choose from.
    pub groups: Vec<Text>,
    /// The group that is read; `None` while it is looked for or to be chosen.
    pub group: Option<Text>,
    /// From when on.
    pub from: Timestamp,
    /// Selected line or group: index among those that are shown.
    pub cursor: Cursor,
    /// The newest line stays in view.
    pub follow: bool,
    /// Long lines go on in the next row.
    pub wrap: bool,
    /// Columns scrolled to the right.
    pub column: usize,
    /// What to show.
    pub filter: Filter,
    /// The lines read.
    pub lines: VecDeque<LogLine>,
    bytes: usize,
    /// Lines dropped, the oldest.
    pub dropped: u64,
    /// Seconds of the log that were skipped since reading fell behind.
    pub skipped_s: u64,
    /// Everything up to now was read at least once.
    pub caught_up: bool,
    /// Why it could not be read at last.
    pub fault: Option<Fault>,
    /// The numbers of the lines that pass the filter, counted from the first ever read.
    shown: VecDeque<u64>,
}

impl LogsState {
    /// The log of something, from a time on.
    pub fn of(source: LogSource, label: Text, from: Timestamp) -> Self {
        Self { source: Some(source), label, from, follow: true, ..Self::default() }
    }

    /// True while a group is to be chosen.
    pub fn chooses(&self) -> bool {
        self.group.is_none() && !self.groups.is_empty()
    }

    /// How many lines or groups are shown.
    pub fn len(&self) -> usize {
        if self.chooses() { self.groups.len() } else { self.shown.len() }
    }

    /// True when nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line by its index among those that are shown.
    pub fn line(&self, index: usize) -> Option<&LogLine> {
        let place = self.shown.get(index)?.checked_sub(self.dropped)?;
        self.lines.get(usize::try_from(place).ok()?)
    }

    /// Takes lines in; only they are looked at, however many there are already.
    pub fn take(&mut self, lines: Vec<LogLine>) {
        for line in lines {
            let number = self.dropped + self.lines.len() as u64;
            if passes(&self.filter, &line) {
                self.shown.push_back(number);
            }
            self.bytes += line.text.len();
            self.lines.push_back(line);
        }
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(line) = self.lines.pop_front() else { break };
            self.bytes -= line.text.len();
            self.dropped += 1;
        }
        while self.shown.front().is_some_and(|number| *number < self.dropped) {
            self.shown.pop_front();
            self.cursor.selected = self.cursor.selected.saturating_sub(1);
            self.cursor.offset = self.cursor.offset.saturating_sub(1);
        }
    }

    /// Another filter: every line is looked at once.
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        let numbered = (self.dropped..).zip(&self.lines);
        self.shown = numbered.filter(|(_, line)| passes(&self.filter, line)).map(|(number, _)| number).collect();
        self.cursor = Cursor::default();
    }

    /// Puts the selection in range; on the newest line while it is followed.
    pub fn settle(&mut self, room: usize) {
        let len = self.len();
        if self.follow && !self.chooses() {
            self.cursor.selected = len.saturating_sub(1);
        }
        self.cursor.settle(len, room);
    }
}

fn passes(filter: &Filter, line: &LogLine) -> bool {
    filter.is_empty() || filter.passes(std::iter::once(&*line.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(from: usize, count: usize) -> Vec<LogLine> {
        let line = |index: usize| LogLine { at: Timestamp::UNIX_EPOCH, text: Text::new(format!("line {index} ok")) };
        (from..from + count).map(line).collect()
    }

    #[test]
    fn the_oldest_lines_are_dropped_and_counted() {
        let mut logs = LogsState { follow: true, ..LogsState::default() };
        logs.take(lines(0, MOST_LINES));
        logs.take(lines(MOST_LINES, 12_340));
        logs.settle(20);
        assert_eq!((logs.lines.len(), logs.dropped, logs.len()), (MOST_LINES, 12_340, MOST_LINES));
        assert_eq!(logs.line(0).map(|line| line.text.to_string()), Some("line 12340 ok".to_owned()));
        assert_eq!(logs.cursor.selected, MOST_LINES - 1);
    }

    #[test]
    fn a_filter_holds_for_what_is_there_and_for_what_comes() {
        let mut logs = LogsState::default();
        logs.take(lines(0, 20));
        logs.set_filter(Filter::parse("line 1"));
        assert_eq!(logs.len(), 11);
        logs.take(lines(100, 3));
        assert_eq!(logs.len(), 14);
        logs.set_filter(Filter::default());
        assert_eq!(logs.len(), 23);
    }

    #[test]
    fn a_line_stays_where_it_is_while_older_ones_are_dropped() {
        let mut logs = LogsState::default();
        logs.take(lines(0, MOST_LINES));
        logs.cursor.selected = 500;
        let before = logs.line(500).cloned();
        logs.take(lines(MOST_LINES, 100));
        assert_eq!(logs.line(logs.cursor.selected).cloned(), before);
    }
}
