//! Reading a group from a position on, forwards or backwards, in pages.

use super::line::Line;
use super::lines;
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::logs::LogGroup;

/// Lines that are looked at for one page, and seconds: a page may be empty and still have a next one.
const LINES_PER_PAGE: usize = 60_000;
const SECONDS_PER_PAGE: i64 = 3_600;
/// Bytes of a page, and those that each event counts besides its message (CloudWatch Logs API Reference).
const PAGE_BYTES: usize = 1_048_576;
const EVENT_BYTES: usize = 26;

/// A place between two lines: a second, and how many of its lines stand before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Second since 1970.
    pub second: i64,
    /// Lines of the second before the place.
    pub index: usize,
}

/// Some lines with their places, in the order of time.
#[derive(Debug)]
pub struct Page {
    /// Lines that were wanted.
    pub lines: Vec<(Place, Line)>,
    /// Where to go on.
    pub next: Place,
    /// The end was reached.
    pub done: bool,
}

/// What to read.
pub struct Reader<'a> {
    /// The environment.
    pub world: &'a EnvironmentWorld,
    /// The group.
    pub group: &'a LogGroup,
    /// First millisecond.
    pub from_ms: i64,
    /// The millisecond after the last.
    pub until_ms: i64,
    /// Most lines of a page.
    pub limit: usize,
}

impl Reader<'_> {
    /// The place of the first line.
    pub fn head(&self) -> Place {
        Place { second: self.from_ms.div_euclid(1000), index: 0 }
    }

    /// The place after the last line.
    pub fn tail(&self) -> Place {
        Place { second: (self.until_ms - 1).div_euclid(1000), index: usize::MAX }
    }

    fn within(&self, line: &Line) -> bool {
        (self.from_ms..self.until_ms).contains(&line.at_ms)
    }

    /// Lines that `keep` wants, from `place` on.
    pub fn forwards(&self, place: Place, keep: impl Fn(&Line) -> bool) -> Page {
        let (mut found, mut bytes, mut looked) = (Vec::new(), 0, 0);
        let first = place.max(self.head());
        let last = self.tail().second;
        let mut skip = first.index;
        for second in first.second..=last {
            if looked >= LINES_PER_PAGE || second - first.second >= SECONDS_PER_PAGE {
                return Page { lines: found, next: Place { second, index: 0 }, done: false };
            }
            let all = lines(self.world, self.group, second);
            looked += all.len() + 1;
            for (index, line) in all.into_iter().enumerate().skip(skip) {
                if !self.within(&line) || !keep(&line) {
                    continue;
                }
                let here = Place { second, index };
                let size = line.message.len() + EVENT_BYTES;
                if found.len() == self.limit || (bytes + size > PAGE_BYTES && !found.is_empty()) {
                    return Page { lines: found, next: here, done: false };
                }
                bytes += size;
                found.push((here, line));
            }
            skip = 0;
        }
        // Lines of the last second may be yet to come: the place is after those that were given.
        let next = found.last().map_or(first, |(place, _)| Place { index: place.index + 1, ..*place });
        Page { lines: found, next: next.max(first), done: true }
    }

    /// The last lines before `place` that `keep` wants, in the order of time; `next` is where they begin.
    pub fn backwards(&self, place: Place, keep: impl Fn(&Line) -> bool) -> Page {
        let (mut found, mut bytes, mut looked) = (Vec::new(), 0, 0);
        let from = place.min(self.tail());
        let mut before = from.index;
        let (mut next, mut done) = (self.head(), true);
        'seconds: for second in (self.head().second..=from.second).rev() {
            if looked >= LINES_PER_PAGE || from.second - second >= SECONDS_PER_PAGE {
                (next, done) = (Place { second: second + 1, index: 0 }, false);
                break;
            }
            let all = lines(self.world, self.group, second);
            looked += all.len() + 1;
            let wanted = all.into_iter().enumerate().filter(|(index, line)| *index < before && self.within(line));
            for (index, line) in wanted.collect::<Vec<_>>().into_iter().rev() {
                if !keep(&line) {
                    continue;
                }
                let size = line.message.len() + EVENT_BYTES;
                if found.len() == self.limit || (bytes + size > PAGE_BYTES && !found.is_empty()) {
                    (next, done) = (Place { second, index: index + 1 }, false);
                    break 'seconds;
                }
                bytes += size;
                found.push((Place { second, index }, line));
            }
            before = usize::MAX;
        }
        found.reverse();
        Page { lines: found, next, done }
    }
}
