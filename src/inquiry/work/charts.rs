//! The metrics behind the charts: three hours, read again every minute while they are looked at.

use std::time::Duration;

use crate::inquiry::answer::Answer;
use crate::inquiry::charts::{ChartsAnswer, ChartsAsked, PERIODS};
use crate::inquiry::room::Room;
use crate::model::{Fault, FaultKind, MetricSet};
use crate::poll::broker::{Window, fetch_window};

/// A new point is there every minute.
const EVERY: Duration = Duration::from_secs(60);
/// An environment that is not connected yet is looked for this often.
const AGAIN: Duration = Duration::from_secs(2);

/// Asks, answers, waits a minute and asks again, until it is dropped.
pub async fn work(asked: ChartsAsked, room: Room) {
    loop {
        let now = room.clock.now();
        let connected = room.sessions.get(asked.env);
        let metrics = match &connected {
            Some(session) => fetch_window(session, &asked.queries, Window::before(now, PERIODS), now).await,
            None => {
                let fault = Fault::new(FaultKind::Unreachable, "GetMetricData", "the environment is not connected");
                MetricSet { fault: Some(fault), at: Some(now), ..MetricSet::default() }
            }
        };
        let answer = ChartsAnswer { env: asked.env, about: asked.about.clone(), metrics };
        if !room.tell(Answer::Charts(Box::new(answer))).await {
            return;
        }
        room.clock.sleep(if connected.is_some() { EVERY } else { AGAIN }).await;
    }
}
