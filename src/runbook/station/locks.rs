//! The lock of a run's target: among the runs of this program, on this machine, and at the team's table.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

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
        let overrode = |guard: guard::Guard| {
            let rule = format!("{}/{}", guard.word(), run.target.name);
            run.given.overridden.iter().find(|given| *given.rule == *rule)
        };
        if let Some(other) = self.occupy(run)
            && overrode(guard::Guard::Pace).is_none()
        {
            let reason = Text::new(format!("{other} of this console is still at it"));
            return LockState::Held { holder: claim.holder, reason, until: None };
        }
        if let Some(left) = self.left_behind(&run.target.arn) {
            self.release(&run.target.arn, &left);
            self.shared.unlock(&run.target.arn, &left).await;
        }
        let over = overrode(guard::Guard::Lock);
        let state = match over {
            None => match self.locks.take(&claim, now, reliable) {
                Ok(()) => self.shared.lock(&claim, now).await.unwrap_or(LockState::Ours),
                Err(error) => lock_state(error),
            },
            Some(given) => self.take_over(env, &claim, &given.reason, now).await,
        };
        // A run that goes on although the lock could not be read keeps what can be had of it.
        let goes_on = over.is_some() && matches!(state, LockState::Unreadable(_));
        if state != LockState::Ours && !goes_on {
            self.vacate(run);
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
        let (mut state, mut from) = (LockState::Ours, Vec::new());
        let mut unread = |why: Text| {
            from.push(Text::new(format!("somebody unknown, it could not be read: {why}")));
            state = LockState::Unreadable(why);
        };
        let mut known = Vec::new();
        match self.locks.take_over(claim, now) {
            Ok(before) => known.extend(before.filter(|before| before.run != claim.run).map(|before| before.holder)),
            Err(error) => unread(error.to_string().into()),
        }
        match self.shared.take_over(claim, now).await {
            Ok(before) => known.extend(before),
            Err(fault) => match self.shared.lock_state(&claim.arn, &claim.run, now).await {
                // Somebody else was faster: what was overridden was not theirs.
                Some(held @ LockState::Held { .. }) => return held,
                _ => unread(fault.to_string().into()),
            },
        }
        for from in known.into_iter().chain(from) {
            let entry = Entry::TakenOver { arn: claim.arn.clone(), from, reason: reason.clone() };
            if let Err(error) = self.log.append(entry, &self.author(env), now) {
                return LockState::Unreadable(format!("it could not be put on record: {error}").into());
            }
        }
        state
    }

    /// Says that the run is at its target; which other one of this program is, and stays.
    fn occupy(&self, run: &Run) -> Option<Text> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        match busy.get(&run.target.arn) {
            Some(other) if *other != run.id => Some(other.clone()),
            _ => {
                busy.insert(run.target.arn.clone(), run.id.clone());
                None
            }
        }
    }

    fn vacate(&self, run: &Run) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.get(&run.target.arn) == Some(&run.id) {
            busy.remove(&run.target.arn);
        }
    }

    /// A request of the run is about to be sent, or nobody knows what became of one: until that is known the team's lock
    /// has no end.
    pub async fn keep_lock(&self, env: EnvId, run: &Run) {
        let now = self.clock.now();
        self.shared.keep(&self.claim(env, run, now), now).await;
    }

    /// It is known what became of the request: the team's lock ends by itself again, should nobody give it back.
    pub async fn renew_lock(&self, env: EnvId, run: &Run) {
        let now = self.clock.now();
        if let Some(state) = self.shared.lock(&self.claim(env, run, now), now).await
            && state != LockState::Ours
        {
            tracing::warn!(?state, run = %run.id, "the team's lock could not be renewed");
        }
    }

    /// Gives it back. The team's lock stays as long as the outcome of a request of the run is unknown: other machines
    /// have no other way to know.
    pub async fn unlock(&self, env: EnvId, run: &Run) {
        self.vacate(run);
        self.release(&run.target.arn, &run.id);
        if run.sendings.iter().any(|sending| sending.applied.is_none()) {
            self.keep_lock(env, run).await;
        } else if !self.shared.unlock(&run.target.arn, &run.id).await {
            self.stale_locks.store(true, Ordering::Relaxed);
        }
    }

    /// Gives back the team's locks of runs of this machine of which the outcome has become known meanwhile: read back or
    /// told by a person.
    pub async fn release_resolved(&self) {
        let kept = match self.shared.kept().await {
            Ok(kept) => kept,
            Err(fault) => {
                tracing::warn!(%fault, "the team's locks could not be read");
                self.stale_locks.store(true, Ordering::Relaxed);
                return;
            }
        };
        for (arn, run) in kept {
            let resolved = self.with_books(|books| {
                books.runs.get(&run).is_some() && !books.unresolved.open().iter().any(|open| open.run == run)
            });
            let here = self.busy.lock().unwrap_or_else(PoisonError::into_inner).get(&arn) == Some(&run);
            if resolved.is_ok_and(|resolved| resolved) && !here && !self.locks.is_at_work(&arn, &run) {
                self.shared.unlock(&arn, &run).await;
            }
        }
    }

    /// The same, where a lock is known to have been left.
    pub async fn release_left(&self) {
        if self.stale_locks.swap(false, Ordering::Relaxed) {
            self.release_resolved().await;
        }
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
