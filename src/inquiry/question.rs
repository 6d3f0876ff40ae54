//! What can be asked. A new question is one file and one line in each list here.

use futures_util::future::BoxFuture;

use crate::inquiry::changes::{self, ChangesQuestion};
use crate::inquiry::charts::ChartsAsked;
use crate::inquiry::compare::CompareQuestion;
use crate::inquiry::logs::LogsAsked;
use crate::inquiry::past::{self, PastQuestion};
use crate::inquiry::raw::RawAsked;
use crate::inquiry::room::Room;
use crate::inquiry::work;

/// The kinds of questions. One of each kind can be under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// What changed.
    Changes,
    /// One resource.
    Resource,
    /// The lines of a log.
    Logs,
    /// What AWS itself says of a resource.
    Raw,
    /// The wall at a past minute.
    Past,
    /// Configuration side by side.
    Compare,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// What changed.
    Changes(ChangesQuestion),
    /// The metrics of the open resource, again and again.
    Charts(Box<ChartsAsked>),
    /// The lines of a log, on and on.
    Logs(Box<LogsAsked>),
    /// What AWS itself says of a resource.
    Raw(Box<RawAsked>),
    /// The wall at a past minute.
    Past(PastQuestion),
    /// Configuration side by side.
    Compare(CompareQuestion),
}

impl Question {
    /// Which question under way it replaces.
    pub fn slot(&self) -> Slot {
        match self {
            Self::Changes(_) => Slot::Changes,
            Self::Charts(_) => Slot::Resource,
            Self::Logs(_) => Slot::Logs,
            Self::Raw(_) => Slot::Raw,
            Self::Past(_) => Slot::Past,
            Self::Compare(_) => Slot::Compare,
        }
    }

    /// The work: sends its answers, in parts where it takes long. Dropping it cancels it.
    pub fn work(self, room: Room) -> BoxFuture<'static, ()> {
        match self {
            Self::Changes(question) => Box::pin(changes::work(question, room)),
            Self::Charts(asked) => Box::pin(work::charts::work(*asked, room)),
            Self::Logs(asked) => Box::pin(work::logs::work(*asked, room)),
            Self::Raw(asked) => Box::pin(work::raw::work(*asked, room)),
            Self::Past(question) => Box::pin(past::work(question, room)),
            Self::Compare(question) => Box::pin(work::compare::work(question, room)),
        }
    }
}
