//! Reading a log group: FilterLogEvents, page by page, one call at a time, for as long as it is looked at.

use std::collections::HashSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::cloud::Session;
use crate::inquiry::answer::Answer;
use crate::inquiry::logs::{LogLine, LogsAnswer, LogsAsked};
use crate::inquiry::room::Room;
use crate::inquiry::work::log_groups;
use crate::model::{Fault, FaultKind};

/// Between two looks at a log that has been read up to now.
const EVERY: Duration = Duration::from_secs(2);
/// The longest wait after being throttled (FilterLogEvents: 5 to 10 calls a second for an account and region).
const LONGEST: Duration = Duration::from_secs(30);
/// Reading that is this far behind skips ahead.
const BEHIND_S: u64 = 120;
/// Events arrive late: every look begins this long before the newest event.
const OVERLAP: SignedDuration = SignedDuration::from_secs(30);
/// Pages of one look before it is asked whether reading is behind.
const PAGES: usize = 20;

/// Finds the groups where none is chosen, then reads, until it is dropped.
pub async fn work(asked: LogsAsked, room: Room) {
    let Some(session) = connected(&asked, &room).await else { return };
    let group = match &asked.group {
        Some(group) => group.clone(),
        None => match log_groups::find(&session, &asked.source).await {
            Ok(groups) => {
                let only = if groups.len() == 1 { groups.first().cloned() } else { None };
                if !room.tell(Answer::Logs(Box::new(LogsAnswer::Groups(groups)))).await {
                    return;
                }
                match only {
                    Some(group) => group,
                    None => return,
                }
            }
            Err(fault) => {
                room.tell(Answer::Logs(Box::new(LogsAnswer::Fault(fault)))).await;
                return;
            }
        },
    };
    let mut tail =
        Tail { group, from: asked.from, newest: asked.from, seen: HashSet::new(), token: None, skipped_s: 0 };
    let mut wait = EVERY;
    loop {
        match tail.look(&session, &room).await {
            Ok(true) => wait = EVERY,
            Ok(false) => return,
            Err(fault) => {
                let again = fault.kind.is_transient() || fault.kind == FaultKind::Expired;
                if !room.tell(Answer::Logs(Box::new(LogsAnswer::Fault(fault)))).await || !again {
                    return;
                }
                tail.token = None;
                wait = (wait * 2).min(LONGEST);
            }
        }
        // Real seconds: it is AWS's patience that counts, not the drill's time.
        tokio::time::sleep(wait).await;
    }
}

async fn connected(asked: &LogsAsked, room: &Room) -> Option<std::sync::Arc<Session>> {
    loop {
        if let Some(session) = room.sessions.get(asked.source.env) {
            return Some(session);
        }
        let fault = Fault::new(FaultKind::Unreachable, "FilterLogEvents", "the environment is not connected");
        if !room.tell(Answer::Logs(Box::new(LogsAnswer::Fault(fault)))).await {
            return None;
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Where reading stands.
struct Tail {
    group: Text,
    /// Start of the present look.
    from: Timestamp,
    /// Time of the newest event.
    newest: Timestamp,
    /// Ids of the events that the next look may meet again.
    seen: HashSet<(i64, String)>,
    /// Of the next page.
    token: Option<String>,
    skipped_s: u64,
}

impl Tail {
    /// Reads all pages up to now; false when nobody listens any more. A page may be empty and still have a next one
    /// (CloudWatch Logs API Reference, FilterLogEvents).
    async fn look(&mut self, session: &Session, room: &Room) -> Result<bool, Fault> {
        for page in 0.. {
            let asked = self.token.take();
            let answer = session
                .logs()
                .filter_log_events()
                .log_group_name(&*self.group)
                .start_time(self.from.as_millisecond())
                .set_next_token(asked.clone())
                .send()
                .await
                .map_err(|error| session.fault("FilterLogEvents", &error))?;
            let events = answer.events().iter().map(|event| {
                let id = event.event_id().map_or_else(|| event.message().unwrap_or_default(), |id| id).to_owned();
                (event.timestamp().unwrap_or_default(), id, event.message().unwrap_or_default())
            });
            let lines = self.fresh(events);
            if !lines.is_empty() {
                let skipped_s = std::mem::take(&mut self.skipped_s);
                let lines = LogsAnswer::Lines { group: self.group.clone(), lines, skipped_s };
                if !room.tell(Answer::Logs(Box::new(lines))).await {
                    return Ok(false);
                }
            }
            let next = answer.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
            if next.is_some() && next == asked {
                return Err(Fault::new(FaultKind::Service, "FilterLogEvents", "the same page came twice"));
            }
            self.token = next;
            let now = room.clock.now();
            if self.token.is_none() {
                break;
            }
            if page >= PAGES && seconds_between(self.newest, now) > BEHIND_S {
                self.skip_to(now);
                return Ok(true);
            }
        }
        self.from = self.newest.checked_sub(OVERLAP).unwrap_or(self.newest).max(self.from);
        let oldest = self.from.as_millisecond();
        self.seen.retain(|(at, _)| *at >= oldest);
        Ok(room.tell(Answer::Logs(Box::new(LogsAnswer::CaughtUp))).await)
    }

    /// The events that have not been met before, as lines.
    fn fresh<'e>(&mut self, events: impl Iterator<Item = (i64, String, &'e str)>) -> Vec<LogLine> {
        let mut lines = Vec::new();
        for (at, id, message) in events {
            if self.seen.insert((at, id)) {
                let at = Timestamp::from_millisecond(at).unwrap_or(self.from);
                self.newest = self.newest.max(at);
                lines.push(LogLine { at, text: Text::new(message.trim_end()) });
            }
        }
        lines
    }

    /// Leaves out what is between the newest event and now.
    fn skip_to(&mut self, now: Timestamp) {
        let to = now.checked_sub(OVERLAP).unwrap_or(now);
        self.skipped_s = seconds_between(self.newest, to);
        (self.from, self.newest, self.token) = (to, to, None);
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tail() -> Tail {
        let at = Timestamp::from_second(1_000).unwrap();
        Tail { group: "/aws/lambda/pay".into(), from: at, newest: at, seen: HashSet::new(), token: None, skipped_s: 0 }
    }

    #[test]
    fn an_event_that_comes_twice_is_one_line() {
        let mut tail = tail();
        let event = |id: &str| (1_000_500, id.to_owned(), "\u{1b}[31mred\n");
        let first: Vec<Text> =
            tail.fresh([event("a"), event("b"), event("a")].into_iter()).into_iter().map(|l| l.text).collect();
        assert_eq!(first, ["[31mred", "[31mred"], "and escape codes are inert");
        assert!(tail.fresh([event("b")].into_iter()).is_empty());
        assert_eq!(tail.newest.as_millisecond(), 1_000_500);
    }

    #[test]
    fn falling_behind_skips_ahead_and_says_how_far() {
        let mut tail = tail();
        tail.skip_to(Timestamp::from_second(2_000).unwrap());
        assert_eq!((tail.skipped_s, tail.from.as_second()), (970, 1_970));
    }
}
