//! What the work on a question may use.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::base::Clock;
use crate::changes::Memory;
use crate::compare::Manifests;
use crate::config::Config;
use crate::inquiry::answer::Answer;
use crate::model::{EnvId, Environment};
use crate::poll::sessions::Sessions;

/// Large answers that may wait for the console before the work waits for it.
const LARGE_WAITING: usize = 4;

/// What the work on a question may use. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Room {
    /// The sessions that are connected.
    pub sessions: Sessions,
    /// The configuration.
    pub config: Arc<Config>,
    /// Its environments, in its order.
    pub environments: Arc<[Environment]>,
    /// What never changes again and need not be asked twice.
    pub memory: Memory,
    /// What may differ between the environments of a system.
    pub manifests: Manifests,
    /// Whose time it is.
    pub clock: Clock,
    /// Where answers go. A full channel makes the work wait: nothing piles up.
    pub answers: mpsc::Sender<Answer>,
}

impl Room {
    /// The environment with this id.
    pub fn environment(&self, env: EnvId) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.id == env)
    }

    /// Waits until nearly all answers have been taken in, for those that are large; false when nobody listens any more.
    pub async fn taken_in(&self) -> bool {
        let most = self.answers.max_capacity().saturating_sub(LARGE_WAITING).max(1);
        self.answers.reserve_many(most).await.is_ok()
    }

    /// Sends an answer; false when nobody listens any more.
    pub async fn tell(&self, answer: Answer) -> bool {
        self.answers.send(answer).await.is_ok()
    }
}
