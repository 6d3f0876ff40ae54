//! The poller's loop: start what is due, take answers in, report.

use std::time::Duration;

use futures_util::StreamExt;
use jiff::SignedDuration;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::state::{Done, Poller};
use crate::poll::event::PollEvent;
use crate::poll::schedule::Slot;

/// How long the operator's eyes rest somewhere before the pace follows them.
const SETTLE: Duration = Duration::from_secs(2);

impl Poller {
    /// Asks and reports until nobody listens. A message on `commands` asks for everything now.
    pub async fn run(mut self, mut commands: mpsc::Receiver<()>) {
        let mut refreshing = false;
        let mut eyes = self.assignment.attention.clone();
        let mut settles: Option<Instant> = None;
        self.attention = eyes.borrow_and_update().clone();
        loop {
            if !self.govern().await {
                return;
            }
            self.start_what_is_due();
            let busy = !self.jobs.is_empty();
            if busy != refreshing {
                refreshing = busy;
                if !busy && !self.report_connection().await {
                    return;
                }
                if !self.report(PollEvent::Refreshing { env: self.assignment.environment.id, running: busy }).await {
                    return;
                }
            }
            let wake = self.time_to_next();
            let warm_until = self.warm_until;
            let warming = warm_until > Instant::now();
            let settling = settles.unwrap_or(warm_until);
            let clock = self.assignment.clock.clone();
            tokio::select! {
                Some((generation, done)) = self.jobs.next(), if busy => {
                    if generation == self.generation && !self.absorb(done).await {
                        return;
                    }
                }
                () = clock.sleep(wake) => {}
                () = tokio::time::sleep_until(warm_until), if warming => {}
                Ok(()) = eyes.changed() => {
                    // Somebody is back: at once. A cursor on its way: when it has arrived.
                    let wakes = self.attention.away && !eyes.borrow().away;
                    settles = Some(Instant::now() + if wakes { Duration::ZERO } else { SETTLE });
                }
                () = tokio::time::sleep_until(settling), if settles.is_some() => {
                    settles = None;
                    let attention = eyes.borrow_and_update().clone();
                    let wakes = self.attention.away && !attention.away;
                    if !self.attend(attention).await {
                        return;
                    }
                    if wakes {
                        self.request_everything();
                    }
                }
                command = commands.recv() => match command {
                    Some(()) => {
                        if let Some(session) = &self.session {
                            session.memo.forget();
                        }
                        self.request_everything();
                    }
                    None => return,
                },
                () = self.events.closed() => return,
            }
        }
    }

    /// From now to the next due question; long where everything is out.
    fn time_to_next(&self) -> Duration {
        let connected = self.session.is_some();
        let due = self
            .watched
            .iter()
            .map(|watched| &watched.slot)
            .chain([&self.metrics])
            .filter(|_| connected)
            .chain([&self.connect])
            .filter_map(Slot::due)
            .min();
        let now = self.now();
        // A metrics slot that is due but held back by the warm-up is woken by the warm-up's own timer.
        match due.map(|due| due.duration_since(now)) {
            Some(wait) if wait > SignedDuration::ZERO => wait.unsigned_abs().max(Duration::from_millis(50)),
            Some(_) => Duration::from_millis(250),
            None => Duration::from_secs(60),
        }
    }

    /// Takes an answer in and reports what it changes. False when nobody listens any more.
    async fn absorb(&mut self, done: Done) -> bool {
        match done {
            Done::Connected(outcome) => self.connected(outcome).await,
            Done::Inventory(index, outcome) => self.listed(index, outcome).await,
            Done::Metrics { asked, whole, set } => self.measured(asked, whole, set).await,
        }
    }
}
