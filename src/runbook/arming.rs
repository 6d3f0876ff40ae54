//! Which environments may be changed, by whom, and for how long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::model::{EnvId, Identity};

/// Seconds of the operator that an environment stays armed.
pub const ARMED_S: f64 = 15.0 * 60.0;

/// An environment that may be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Armed {
    /// The principal that changes will be sent as.
    pub identity: Identity,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Since when.
    pub since: Timestamp,
}

/// All that are armed.
#[derive(Debug, Default)]
pub struct Arming(Mutex<HashMap<EnvId, Armed>>);

impl Arming {
    /// Arms an environment from `now` on. `pace` is how much faster than the operator's the clock runs.
    pub fn arm(&self, env: EnvId, identity: Identity, now: Timestamp, pace: f64) -> Armed {
        let span = SignedDuration::try_from_secs_f64(ARMED_S * pace.max(1.0)).unwrap_or(SignedDuration::ZERO);
        let armed = Armed { identity, until: now.checked_add(span).unwrap_or(now), since: now };
        self.with(|all| all.insert(env, armed.clone()));
        armed
    }

    /// Disarms; `None` where it was not armed.
    pub fn disarm(&self, env: EnvId) -> Option<Armed> {
        self.with(|all| all.remove(&env))
    }

    /// How an environment is armed at `now`.
    pub fn get(&self, env: EnvId, now: Timestamp) -> Option<Armed> {
        self.with(|all| all.get(&env).filter(|armed| armed.until > now).cloned())
    }

    /// Takes out those whose time is up.
    pub fn expired(&self, now: Timestamp) -> Vec<EnvId> {
        self.with(|all| {
            let over: Vec<EnvId> = all.iter().filter(|(_, armed)| armed.until <= now).map(|(env, _)| *env).collect();
            for env in &over {
                all.remove(env);
            }
            over
        })
    }

    /// All that are armed.
    pub fn all(&self) -> Vec<EnvId> {
        self.with(|all| all.keys().copied().collect())
    }

    fn with<R>(&self, f: impl FnOnce(&mut HashMap<EnvId, Armed>) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn it_ends_by_itself_after_fifteen_minutes_of_the_operator() {
        let (arming, env) = (Arming::default(), EnvId(1));
        let now: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
        let identity = Identity { account: "1".into(), arn: "arn".into() };
        arming.arm(env, identity.clone(), now, 1.0);
        assert!(arming.get(env, now + 899.seconds()).is_some());
        assert!(arming.get(env, now + 900.seconds()).is_none());
        assert!(arming.get(EnvId(2), now).is_none());
        assert!(arming.expired(now + 899.seconds()).is_empty());
        assert_eq!(arming.expired(now + 900.seconds()), [env]);
        arming.arm(env, identity, now, 10.0);
        assert!(arming.get(env, now + 8999.seconds()).is_some(), "ten times as fast");
    }
}
