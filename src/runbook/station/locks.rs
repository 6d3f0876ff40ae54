//! The lock of a run's target: among the runs of this program, on this machine, and at the team's table.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::guard::{self, LockState};
use crate::model::{Entry, EnvId};
use crate::runbook::audit;
use crate::runbook::lock::{Claim, LockError};
use crate::runbook::machine::Run;
use crate::runbook::station::Station;

/// Seconds that a lock outlives the deadline of its run, should nobody give it back.
const LOCK_MORE_S: i64 = 300;

impl Station {
    /// Takes the lock of a run's target, here and at the team's table; where the operator overrode the lock of somebody
    /// else, it is taken over and written down.
    pub async fn lock(&self, env: EnvId, run: &Run) -> LockState {
        let now = self.clock.now();
        let claim = self.claim(env, run, now);
        let reliable = run.situation.as_ref().is_none_or(guard::Situation::clock_is_reliable);
        let rule = format!("{}/{}", guard::Guard::Lock.word(), run.target.name);
        if let Some(left) = self.left_behind(&run.target.arn) {
            self.release(&run.target.arn, &left);
            self.shared.unlock(&run.target.arn, &left).await;
        }
        let state = match run.given.overridden.iter().find(|given| *given.rule == *rule) {
            None => match self.locks.take(&claim, now, reliable) {
                Ok(()) => self.shared.lock(&claim, now).await.unwrap_or(LockState::Ours),
                Err(error) => lock_state(error),
            },
            Some(given) => self.take_over(env, &claim, &given.reason, now).await,
        };
        if state == LockState::Ours {
            self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(claim.arn, claim.run);
        } else {
            self.release(&run.target.arn, &run.id);
        }
        state
    }

    fn claim(&self, env: EnvId, run: &Run, now: Timestamp) -> Claim {
        let author = self.author(env);
        let span = SignedDuration::from_secs(i64::try_from(run.course.deadline_s).unwrap_or(0) + LOCK_MORE_S);
        Claim {
            arn: run.target.arn.clone(),
            holder: Text::new(format!("{} {}", author.operator, author.principal).trim()),
            run: run.id.clone(),
            reason: Text::new(format!("{} {}", run.course.runbook, run.given.reason).trim()),
            until: now.checked_add(span).unwrap_or(now),
        }
    }

    async fn take_over(&self, env: EnvId, claim: &Claim, reason: &Text, now: Timestamp) -> LockState {
        let here = match self.locks.take_over(claim, now) {
            Ok(before) => before.filter(|before| before.run != claim.run).map(|before| before.holder),
            Err(error) => return lock_state(error),
        };
        let there = match self.shared.take_over(claim, now).await {
            Ok(before) => before,
            Err(fault) => return LockState::Unreadable(fault.to_string().into()),
        };
        for from in [here, there].into_iter().flatten() {
            let entry = Entry::TakenOver { arn: claim.arn.clone(), from, reason: reason.clone() };
            if let Err(error) = self.log.append(entry, &self.author(env), now) {
                return LockState::Unreadable(format!("it could not be put on record: {error}").into());
            }
        }
        LockState::Ours
    }

    /// Gives it back.
    pub async fn unlock(&self, run: &Run) {
        {
            let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
            if busy.get(&run.target.arn) == Some(&run.id) {
                busy.remove(&run.target.arn);
            }
        }
        self.release(&run.target.arn, &run.id);
        self.shared.unlock(&run.target.arn, &run.id).await;
    }

    fn release(&self, arn: &str, run: &str) {
        if let Err(error) = self.locks.release(arn, run) {
            // It ends by itself; until then others see whose it is.
            tracing::warn!(%error, "the lock stays");
        }
    }

    /// Who has the lock of a run's target.
    pub async fn lock_state(&self, run: &Run, reliable: bool) -> LockState {
        let (now, arn) = (self.clock.now(), &run.target.arn);
        if let Some(left) = self.left_behind(arn) {
            return match self.shared.lock_state(arn, &left, now).await {
                None | Some(LockState::Ours) => LockState::Free,
                Some(theirs) => theirs,
            };
        }
        match self.locks.state(arn, &run.id, now, reliable) {
            local @ (LockState::Ours | LockState::Free) => {
                self.shared.lock_state(arn, &run.id, now).await.unwrap_or(local)
            }
            local => local,
        }
    }

    /// The run that still has the lock here although its process was killed, where nothing of it can be under way. An
    /// intent is on the disk before anything is sent, so a run without one has sent nothing.
    fn left_behind(&self, arn: &str) -> Option<Text> {
        let left = self.locks.left_behind(arn)?;
        let at_rest = self.with_books(|books| books.runs.get(&left).is_none_or(audit::Run::is_at_rest));
        at_rest.is_ok_and(|at_rest| at_rest).then_some(left)
    }

    /// Another run of this program that is at the target.
    pub fn busy_with(&self, run: &Run) -> Option<Text> {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.get(&run.target.arn).filter(|other| **other != run.id).cloned()
    }
}

fn lock_state(error: LockError) -> LockState {
    match error {
        LockError::Held { holder, reason, until } => LockState::Held { holder, reason, until },
        error @ LockError::Disk { .. } => LockState::Unreadable(error.to_string().into()),
    }
}
