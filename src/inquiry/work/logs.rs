//! Reading a log group: FilterLogEvents, page by page, one call at a time, for as long as it is looked at.

use std::sync::Arc;
use std::time::Duration;

use crate::base::Text;
use crate::cloud::Session;
use crate::inquiry::answer::Answer;
use crate::inquiry::logs::{LogsAnswer, LogsAsked, LogsPart};
use crate::inquiry::room::Room;
use crate::inquiry::work::log_groups;
use crate::inquiry::work::tail::{EVERY, Tail, longer};
use crate::inquiry::work::unread::Unread;
use crate::model::{EnvId, Fault, FaultKind};

/// Reading that is this far behind skips ahead.
const BEHIND_S: u64 = 120;
/// Pages with lines before it is asked whether reading is behind.
const PAGES: usize = 20;

/// Finds the groups where none is chosen, then reads, until it is dropped.
pub async fn work(asked: LogsAsked, room: Room) {
    let reader = Reader { env: asked.source.env, number: asked.number, room };
    // An answer that nobody listens to any more ends the work.
    let _ = reader.work(asked).await;
}

/// Nobody listens any more, or there is nothing more to tell.
struct Ended;

struct Reader {
    env: EnvId,
    number: u64,
    room: Room,
}

impl Reader {
    async fn work(&self, asked: LogsAsked) -> Result<(), Ended> {
        let group = match &asked.group {
            Some(group) => group.clone(),
            None => self.only_group(&asked).await?,
        };
        let mut tail = Tail::new(group, asked.pattern, asked.from).knowing(asked.known);
        let mut began = false;
        let mut wait = EVERY;
        loop {
            // Asked for every time: one that has ended is replaced when there are new credentials.
            let session = self.connected().await?;
            match self.look(&mut tail, &session, &mut began).await? {
                None => wait = EVERY,
                Some(Unread::Pattern(fault)) => return self.tell(LogsPart::Refused(fault)).await,
                Some(Unread::Group(fault)) => return self.tell(LogsPart::Fault(fault)).await,
                Some(Unread::Fault(fault)) => {
                    wait = longer(wait);
                    self.may_pass(fault, wait).await?;
                }
            }
            // Real seconds: it is AWS's patience that counts, not the drill's time.
            tokio::time::sleep(wait).await;
        }
    }

    /// The resource's own group. Where there is none or a choice, that is told, and another question follows.
    async fn only_group(&self, asked: &LogsAsked) -> Result<Text, Ended> {
        let configured = self.room.config.environments.get(self.env.0).map(|environment| &*environment.log_groups);
        let mut wait = EVERY;
        loop {
            let session = self.connected().await?;
            match log_groups::find(&session, &asked.source, configured.unwrap_or_default()).await {
                Ok(groups) => {
                    let only = if groups.len() == 1 { groups.first().cloned() } else { None };
                    self.tell(LogsPart::Groups(groups)).await?;
                    return only.ok_or(Ended);
                }
                Err(fault) => {
                    wait = longer(wait);
                    self.may_pass(fault, wait).await?;
                }
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn connected(&self) -> Result<Arc<Session>, Ended> {
        loop {
            if let Some(session) = self.room.sessions.get(self.env) {
                return Ok(session);
            }
            let fault = Fault::new(FaultKind::Unreachable, "FilterLogEvents", "the environment is not connected");
            self.tell(LogsPart::Fault(fault.with_remedy("the connections screen says why"))).await?;
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Reads all pages up to now, or up to what could not be read.
    async fn look(&self, tail: &mut Tail, session: &Session, began: &mut bool) -> Result<Option<Unread>, Ended> {
        let mut full = 0;
        loop {
            let page = match tail.page(session, self.room.clock.now()).await {
                Ok(page) => page,
                Err(unread) => return Ok(Some(unread)),
            };
            if !std::mem::replace(began, true) {
                self.tell(LogsPart::Began).await?;
            }
            let skipped_s = tail.skipped_s();
            if !page.lines.is_empty() || skipped_s > 0 {
                full += 1;
                self.tell(LogsPart::Lines { lines: page.lines, skipped_s }).await?;
                // At most a few pages wait for the console, however fast the log is.
                if !self.room.taken_in().await {
                    return Err(Ended);
                }
            }
            if !page.more {
                return self.tell(LogsPart::CaughtUp).await.map(|()| None);
            }
            // Empty pages are a long search, not a log that outruns us.
            let now = self.room.clock.now();
            if full >= PAGES && tail.behind_s(now) > BEHIND_S {
                tail.skip_to(now);
                full = 0;
            }
        }
    }

    /// Tells of a fault, and when it is tried again; one that stays ends the work.
    async fn may_pass(&self, fault: Fault, wait: Duration) -> Result<(), Ended> {
        let transient = fault.kind.is_transient();
        let again = transient || matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials);
        let fault = match transient {
            true => fault.with_remedy(format!("tried again in {} s", wait.as_secs())),
            false => fault,
        };
        self.tell(LogsPart::Fault(fault)).await?;
        if again { Ok(()) } else { Err(Ended) }
    }

    async fn tell(&self, part: LogsPart) -> Result<(), Ended> {
        let answer = Answer::Logs(Box::new(LogsAnswer { number: self.number, part }));
        if self.room.tell(answer).await { Ok(()) } else { Err(Ended) }
    }
}

#[cfg(test)]
mod tests;
