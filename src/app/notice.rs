//! Messages to the operator: shown for a while, kept for good.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::base::Text;

/// Notices kept.
const KEPT: usize = 500;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeLevel {
    /// Something was done.
    Info,
    /// Something is not as it should be.
    Warning,
    /// Something failed.
    Error,
}

impl NoticeLevel {
    /// Seconds for which a notice is shown.
    fn shown_s(self) -> i64 {
        match self {
            Self::Info => 5,
            Self::Warning => 10,
            Self::Error => 20,
        }
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub level: NoticeLevel,
    /// What it says.
    pub text: Text,
    /// When it came.
    pub at: Timestamp,
    /// When it leaves the notice line.
    pub until: Timestamp,
}

/// All messages, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Notices {
    /// Oldest first; the oldest go when there are too many.
    pub list: VecDeque<Notice>,
    /// How many times faster than the operator's the time runs that is passed in; less than 1 counts as 1. In a drill
    /// at ten times its speed a message would else be gone after half a second.
    pub speed: f64,
}

impl Notices {
    /// Adds a message.
    pub fn add(&mut self, level: NoticeLevel, text: impl Into<Text>, now: Timestamp) {
        let shown = SignedDuration::from_secs_f64(level.shown_s() as f64 * self.speed.clamp(1.0, 1_000.0));
        let until = now.checked_add(shown).unwrap_or(now);
        if self.list.len() == KEPT {
            self.list.pop_front();
        }
        self.list.push_back(Notice { level, text: text.into(), at: now, until });
    }

    /// The message to show at `now`: the newest that has not run out. An older one that lasts longer comes back.
    pub fn current(&self, now: Timestamp) -> Option<&Notice> {
        self.list.iter().rev().find(|notice| now < notice.until)
    }

    /// Takes what is shown off the notice line; it stays in the list.
    pub fn dismiss(&mut self, now: Timestamp) {
        for notice in &mut self.list {
            notice.until = notice.until.min(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_error_comes_back_after_what_was_told_meanwhile_and_none_is_lost() {
        let mut notices = Notices::default();
        notices.add(NoticeLevel::Error, "failed", at(0));
        notices.add(NoticeLevel::Info, "copied", at(1));
        let shown = |notices: &Notices, second| notices.current(at(second)).map(|notice| notice.text.to_string());
        assert_eq!(shown(&notices, 5).as_deref(), Some("copied"));
        assert_eq!(shown(&notices, 6).as_deref(), Some("failed"));
        assert_eq!(shown(&notices, 20), None);
        notices.add(NoticeLevel::Error, "again", at(21));
        notices.dismiss(at(22));
        assert_eq!(shown(&notices, 22), None);
        assert_eq!(notices.list.len(), 3);
    }

    #[test]
    fn a_message_can_be_read_however_fast_a_drill_runs() {
        let mut notices = Notices { speed: 10.0, ..Notices::default() };
        notices.add(NoticeLevel::Info, "copied", at(0));
        assert!(notices.current(at(49)).is_some());
        assert!(notices.current(at(50)).is_none());
    }

    #[test]
    fn the_list_is_bounded() {
        let mut notices = Notices::default();
        for number in 0..KEPT + 10 {
            notices.add(NoticeLevel::Info, number.to_string(), at(0));
        }
        assert_eq!((notices.list.len(), notices.list[0].text.as_str()), (KEPT, "10"));
    }
}
