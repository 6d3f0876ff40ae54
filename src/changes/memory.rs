//! What never changes again and need not be asked twice: task definitions by ARN, updates that have ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::changes::task_definition::TaskDefinition;
use crate::model::Change;

/// Entries kept of each kind; beyond that all are forgotten and asked for again.
const MOST: usize = 2_000;

/// What has been read in this run of the program. All copies share it.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    task_definitions: HashMap<String, Arc<TaskDefinition>>,
    updates: HashMap<String, Change>,
}

impl Memory {
    /// A task definition by its ARN.
    pub fn task_definition(&self, arn: &str) -> Option<Arc<TaskDefinition>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).task_definitions.get(arn).cloned()
    }

    /// Keeps a task definition: a revision never changes.
    pub fn keep_task_definition(&self, arn: &str, definition: Arc<TaskDefinition>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.task_definitions.len() >= MOST {
            kept.task_definitions.clear();
        }
        kept.task_definitions.insert(arn.to_owned(), definition);
    }

    /// An update that has ended, by a key of the source's own.
    pub fn update(&self, key: &str) -> Option<Change> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).updates.get(key).cloned()
    }

    /// Keeps an update that has ended.
    pub fn keep_update(&self, key: String, change: Change) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.updates.len() >= MOST {
            kept.updates.clear();
        }
        kept.updates.insert(key, change);
    }
}
