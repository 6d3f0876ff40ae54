//! The log screen: the lines of a log group, the newest at the bottom.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::app::cursor::Cursor;
use crate::app::filter::{Filter, contains};
use crate::base::Text;
use crate::inquiry::logs::{LogLine, LogSource};
use crate::model::Fault;

/// Lines that are kept: the oldest are dropped, and it is said how many.
pub const MOST_LINES: usize = 50_000;
/// Bytes of text that are kept.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Lines that are handed over as known when a log is read on.
const MOST_KNOWN: usize = 20_000;

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
    /// CloudWatch's own filter pattern: only what matches it is read; empty for every line.
    pub pattern: Text,
    /// The pattern that is asked for; the lines of the one before stay until CloudWatch accepts it.
    pub trying: Option<Text>,
    /// Why the last pattern was not accepted, until another is tried.
    pub refused: Option<Fault>,
    /// What is searched for among the lines that are shown; empty for nothing.
    pub search: Text,
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
            self.bytes += line.bytes();
            self.lines.push_back(line);
        }
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(line) = self.lines.pop_front() else { break };
            self.bytes -= line.bytes();
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

    /// Forgets the lines, to read them again by another pattern. Group, filter and search stay.
    pub fn read_again(&mut self, pattern: Text) {
        *self = Self {
            source: self.source.take(),
            label: std::mem::take(&mut self.label),
            groups: std::mem::take(&mut self.groups),
            group: self.group.take(),
            from: self.from,
            follow: true,
            wrap: self.wrap,
            filter: std::mem::take(&mut self.filter),
            search: std::mem::take(&mut self.search),
            pattern,
            ..Self::default()
        };
    }

    /// From when on to read on, for events that come late up to `overlap` before the newest line, and the ids and times
    /// of the lines since then.
    pub fn resume(&self, overlap: SignedDuration) -> (Timestamp, Vec<(Timestamp, Text)>) {
        let last = || self.lines.iter().rev().take(MOST_KNOWN);
        let Some(newest) = last().map(|line| line.at).max() else { return (self.from, Vec::new()) };
        let mut from = newest.checked_sub(overlap).unwrap_or(newest).max(self.from);
        // Nothing is read again that is not known to have been read: dropped lines, or those without an id.
        let unknown = self.lines.iter().rev().nth(MOST_KNOWN).or(last().find(|line| line.id.is_empty()));
        let unknown = unknown.or(self.lines.front().filter(|_| self.dropped > 0)).map(|line| line.at);
        if let Some(after) = unknown.and_then(|at| at.checked_add(SignedDuration::from_millis(1)).ok()) {
            from = from.max(after);
        }
        (from, last().filter(|line| line.at >= from).map(|line| (line.at, line.id.clone())).collect())
    }

    /// Selects the next shown line, or the one before, that has what is searched for; without a search, of those that
    /// pass the filter. From the end it goes on at the beginning. False when there is none.
    pub fn find(&mut self, backwards: bool) -> bool {
        let nothing = self.search.is_empty() && self.filter.is_empty();
        let len = if self.chooses() || nothing { 0 } else { self.shown.len() };
        let word = self.search.to_lowercase();
        let found = (1..=len).find_map(|step| {
            let index = (self.cursor.selected + if backwards { len - step } else { step }) % len;
            self.line(index).is_some_and(|line| contains(&line.text, &word)).then_some(index)
        });
        if let Some(index) = found {
            self.follow = false;
            self.cursor.selected = index;
        }
        found.is_some()
    }

    /// Puts the selection in range; on the newest line while it is followed, unless the picture is frozen.
    pub fn settle(&mut self, room: usize, frozen: bool) {
        let len = self.len();
        if self.follow && !frozen && !self.chooses() {
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
        let line = |index: usize| LogLine { text: Text::new(format!("line {index} ok")), ..LogLine::default() };
        (from..from + count).map(line).collect()
    }

    #[test]
    fn the_oldest_lines_are_dropped_and_counted() {
        let mut logs = LogsState { follow: true, ..LogsState::default() };
        logs.take(lines(0, MOST_LINES));
        logs.take(lines(MOST_LINES, 12_340));
        logs.settle(20, false);
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
    fn a_search_goes_round_among_the_lines_that_are_shown() {
        let mut logs = LogsState { follow: true, search: "LINE 1".into(), ..LogsState::default() };
        logs.take(lines(0, 13));
        logs.set_filter(Filter::parse("!11"));
        let mut selected = |backwards| {
            let found = logs.find(backwards);
            (found, logs.line(logs.cursor.selected).map(|line| line.text.to_string()).unwrap_or_default())
        };
        assert_eq!(selected(false), (true, "line 1 ok".to_owned()));
        assert_eq!(selected(false), (true, "line 10 ok".to_owned()));
        assert_eq!(selected(false), (true, "line 12 ok".to_owned()));
        assert_eq!(selected(false), (true, "line 1 ok".to_owned()));
        assert_eq!(selected(true), (true, "line 12 ok".to_owned()));
        assert!(!logs.follow, "what was found stays in view");
        logs.search = "nowhere".into();
        assert!(!logs.find(false));
    }

    #[test]
    fn another_pattern_forgets_the_lines_and_keeps_the_group() {
        let mut logs = LogsState { group: Some("/ecs/pay".into()), wrap: true, ..LogsState::default() };
        logs.take(lines(0, MOST_LINES + 1));
        logs.read_again("ERROR".into());
        assert_eq!((logs.lines.len(), logs.dropped, logs.len()), (0, 0, 0));
        assert_eq!((logs.group.as_deref(), &*logs.pattern, logs.wrap), (Some("/ecs/pay"), "ERROR", true));
    }

    #[test]
    fn reading_on_meets_late_events_and_knows_those_that_are_there() {
        let overlap = SignedDuration::from_secs(30);
        let at = |second| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second);
        let mut logs = LogsState { from: at(0), ..LogsState::default() };
        assert_eq!(logs.resume(overlap), (at(0), vec![]));
        let line = |second: i64| LogLine { at: at(second), id: Text::new(format!("{second}")), ..LogLine::default() };
        logs.take(vec![line(5), line(80), line(100), line(90)]);
        let known = vec![(at(90), "90".into()), (at(100), "100".into()), (at(80), "80".into())];
        assert_eq!(logs.resume(overlap), (at(70), known));
        logs.take(vec![LogLine { at: at(95), ..LogLine::default() }]);
        let (from, known) = logs.resume(overlap);
        assert!(from > at(95) && known == [(at(100), "100".into())], "without ids only what is newer: {known:?}");
    }

    #[test]
    fn what_passes_the_filter_is_gone_through_where_nothing_is_searched_for() {
        let mut logs = LogsState::default();
        logs.take(lines(0, 13));
        assert!(!logs.find(false), "every line would be one");
        logs.set_filter(Filter::parse("line 1"));
        assert!(logs.find(false) && logs.cursor.selected == 1);
        assert!(logs.find(true) && logs.find(true) && logs.cursor.selected == 3);
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
