//! Answers that a session remembers for a while, since they are asked for more often than they change.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

type Kept = (Instant, Arc<dyn Any + Send + Sync>);

/// Remembered answers by name.
#[derive(Default)]
pub struct Memo(Mutex<HashMap<&'static str, Kept>>);

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

impl Memo {
    /// What is remembered under `name`, unless it is older than `longest` or of another type.
    pub fn recall<T: Send + Sync + 'static>(&self, name: &str, longest: Duration) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, value) = kept.get(name)?;
        (at.elapsed() < longest).then(|| Arc::clone(value).downcast().ok()).flatten()
    }

    /// Remembers `value` in place of what was there before.
    pub fn remember<T: Send + Sync + 'static>(&self, name: &'static str, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let kept: Kept = (Instant::now(), Arc::clone(&value) as _);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, kept);
        value
    }

    /// Forgets everything: somebody wants it fresh.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
