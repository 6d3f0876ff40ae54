//! The wall at a past minute, environment by environment.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::inquiry::answer::Answer;
use crate::inquiry::room::Room;
use crate::model::{Environment, Fault, FaultKind};
use crate::poll::past::{PastTold, Source};
use crate::poll::thresholds;
use crate::signals::naming::Naming;
use crate::signals::{self, AnySignal, Inventory, rows};

/// Stepping quickly asks only for the minute at which one stops.
const SETTLE: Duration = Duration::from_millis(300);
/// How long an environment that connects is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// How old a listing may be that stands for what there is now.
const LISTED: Duration = Duration::from_secs(900);

/// Asks for a past minute.
#[derive(Debug, Clone, PartialEq)]
pub struct PastQuestion {
    /// Its beginning.
    pub at: Timestamp,
}

/// Answers environment by environment, as they come.
pub async fn work(question: PastQuestion, room: Room) {
    tokio::time::sleep(SETTLE).await;
    let naming = Naming::new(room.environments.iter(), &room.config.naming.ignore);
    let (naming, room, at) = (&naming, &room, question.at);
    join_all(room.environments.iter().map(|environment| async move {
        let cells = match tokio::time::timeout(PATIENCE, source(environment, room)).await {
            Ok(Some(source)) => source.at(naming, at, room.clock.now()).await,
            Ok(None) | Err(_) => {
                let fault = Fault::new(FaultKind::Unreachable, "past", "not connected: nothing could be asked");
                watched(room).iter().map(|signal| (signal.id(), Err(fault.clone()))).collect()
            }
        };
        room.tell(Answer::Past(Box::new(PastTold { at, env: environment.id, cells }))).await;
    }))
    .await;
}

/// The rows that the configuration shows.
fn watched(room: &Room) -> Vec<&'static dyn AnySignal> {
    rows::watched(signals::ALL, &room.config.display)
}

/// What the pollers have listed, or a new listing where they have not.
async fn source(environment: &Environment, room: &Room) -> Option<Source> {
    let session = loop {
        match room.sessions.get(environment.id) {
            Some(session) => break session,
            None => tokio::time::sleep(SETTLE).await,
        }
    };
    let own = room.config.environments.get(environment.id.0)?;
    let signals = watched(room);
    let listed = signals.iter().map(|signal| {
        let session = &session;
        async move {
            match session.memo.recall::<Inventory>(signal.id().0, LISTED) {
                Some(known) => (*signal, Ok(Inventory::clone(&known))),
                None => (*signal, signal.inventory(session).await),
            }
        }
    });
    let live = join_all(listed).await;
    Some(Source { environment: session.environment.clone(), thresholds: thresholds(&room.config, own), session, live })
}
