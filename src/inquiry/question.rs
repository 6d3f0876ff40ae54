//! What can be asked. A new question is one file, one line in each list here and one in [`super::answer::Answer`].

use futures_util::future::BoxFuture;

use crate::inquiry::changes::{self, ChangesQuestion};
use crate::inquiry::room::Room;

/// The kinds of questions. One of each kind can be under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// What changed.
    Changes,
    /// One resource.
    Resource,
    /// The lines of a log.
    Logs,
    /// The wall at a past minute.
    Past,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// What changed.
    Changes(ChangesQuestion),
}

impl Question {
    /// Which question under way it replaces.
    pub fn slot(&self) -> Slot {
        match self {
            Self::Changes(_) => Slot::Changes,
        }
    }

    /// The work: sends its answers, in parts where it takes long. Dropping it cancels it.
    pub fn work(self, room: Room) -> BoxFuture<'static, ()> {
        match self {
            Self::Changes(question) => Box::pin(changes::work(question, room)),
        }
    }
}
