//! What the timeline tells of, and how far back.

use jiff::SignedDuration;

use crate::base::Text;
use crate::changes::Red;

/// What the timeline tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Mode {
    /// Everything that changed, newest first.
    #[default]
    All,
    /// What changed before something turned red.
    Suspects(Box<Subject>),
}

/// What turned red.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// What it is.
    pub red: Red,
    /// Its name for people: `payments/prod Lambda errors`.
    pub title: Text,
}

/// How far back the timeline goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Window {
    /// Three hours.
    #[default]
    Hours3,
    /// Six hours.
    Hours6,
    /// A day.
    Hours24,
    /// Three days.
    Days3,
}

impl Window {
    const ALL: [Self; 4] = [Self::Hours3, Self::Hours6, Self::Hours24, Self::Days3];

    /// How long it is.
    pub fn length(self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Self::Hours3 => 3,
            Self::Hours6 => 6,
            Self::Hours24 => 24,
            Self::Days3 => 72,
        })
    }

    /// `3 h`, `3 d`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hours3 => "3 h",
            Self::Hours6 => "6 h",
            Self::Hours24 => "24 h",
            Self::Days3 => "3 d",
        }
    }

    /// The next longer one, where there is one.
    pub fn longer(self) -> Option<Self> {
        Self::ALL.into_iter().find(|window| *window > self)
    }

    /// The next shorter one, where there is one.
    pub fn shorter(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|window| *window < self)
    }
}
