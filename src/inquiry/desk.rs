//! Takes questions, starts their work and stops what is not wanted any more.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::base::Clock;
use crate::changes::Memory;
use crate::compare::Manifests;
use crate::config::Config;
use crate::inquiry::answer::Answer;
use crate::inquiry::question::{Question, Slot};
use crate::inquiry::room::Room;
use crate::poll::environments;
use crate::poll::sessions::Sessions;

/// Answers that may wait for the console before the work waits for it.
const ANSWERS_WAITING: usize = 64;

/// Takes questions. The work ends when this is dropped.
#[derive(Debug)]
pub struct Desk {
    room: Room,
    under_way: HashMap<Slot, AbortHandle>,
    tasks: JoinSet<()>,
}

impl Desk {
    /// A desk without questions, and where its answers arrive.
    pub fn new(config: &Config, sessions: Sessions, clock: Clock) -> (Self, mpsc::Receiver<Answer>) {
        let (answers, receiver) = mpsc::channel(ANSWERS_WAITING);
        let config = Arc::new(config.clone());
        let environments = environments(&config).into();
        let (memory, manifests) = (Memory::default(), Manifests::default());
        let room = Room { sessions, config, environments, memory, manifests, clock, answers };
        (Self { room, under_way: HashMap::new(), tasks: JoinSet::new() }, receiver)
    }

    /// The same with manifests.
    #[must_use]
    pub fn with_manifests(mut self, manifests: Manifests) -> Self {
        self.room.manifests = manifests;
        self
    }

    /// Starts work on a question and stops the one of the same kind before. Must be called within a tokio runtime.
    pub fn ask(&mut self, question: Question) {
        let slot = question.slot();
        self.forget(slot);
        self.is_busy();
        let handle = self.tasks.spawn(question.work(self.room.clone()));
        self.under_way.insert(slot, handle);
    }

    /// True while some work goes on.
    pub fn is_busy(&mut self) -> bool {
        while self.tasks.try_join_next().is_some() {}
        !self.tasks.is_empty()
    }

    /// Stops the question of this kind, where one is under way. Answers that are on their way still arrive.
    pub fn forget(&mut self, slot: Slot) {
        if let Some(handle) = self.under_way.remove(&slot) {
            handle.abort();
        }
    }
}
