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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notices {
    /// Oldest first; the oldest go when there are too many.
    pub list: VecDeque<Notice>,
}

impl Notices {
    /// Adds a message.
    pub fn add(&mut self, level: NoticeLevel, text: impl Into<Text>, now: Timestamp) {
        let until = now.checked_add(SignedDuration::from_secs(level.shown_s())).unwrap_or(now);
        if self.list.len() == KEPT {
            self.list.pop_front();
        }
        self.list.push_back(Notice { level, text: text.into(), at: now, until });
    }

    /// The message to show at `now`: the newest of the most important ones that have not run out.
    pub fn current(&self, now: Timestamp) -> Option<&Notice> {
        self.list.iter().filter(|notice| now < notice.until).max_by_key(|notice| (notice.level, notice.at))
    }

    /// Takes what is shown off the notice line; it stays in the list.
    pub fn dismiss(&mut self, now: Timestamp) {
        for notice in &mut self.list {
            notice.until = notice.until.min(now);
        }
    }
}
