//! The sessions that are connected now, for questions beside the regular ones: same identity, same meter, same limits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cloud::Session;
use crate::model::EnvId;

/// Which environments are connected, and through which session. Cheap to copy; all copies are one register.
#[derive(Debug, Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<EnvId, Arc<Session>>>>);

impl Sessions {
    /// The session of an environment; `None` while it is not connected or its identity is not verified.
    pub fn get(&self, env: EnvId) -> Option<Arc<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&env).cloned()
    }

    /// An environment is connected and is who it should be.
    pub fn connected(&self, env: EnvId, session: Arc<Session>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(env, session);
    }

    /// An environment's session has ended.
    pub fn ended(&self, env: EnvId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&env);
    }
}
