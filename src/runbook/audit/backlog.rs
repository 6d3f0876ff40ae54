//! Records that could not be written yet: kept in their order, tried again, and shown until they are written.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::{Entry, Record};
use crate::runbook::audit::author::Author;
use crate::runbook::audit::error::AuditError;
use crate::runbook::audit::log::Log;

/// What waits to be written.
#[derive(Debug, Default)]
pub struct Backlog {
    waiting: VecDeque<(Entry, Author, Timestamp)>,
    why: Option<AuditError>,
}

impl Backlog {
    /// How many records wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// True where all is written.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Why they wait.
    pub fn why(&self) -> Option<&AuditError> {
        self.why.as_ref()
    }

    /// Writes what must be on disk before anything else happens: an intent. What waits is written before it.
    ///
    /// # Errors
    /// It is not on disk, and is not kept.
    pub fn must(&mut self, log: &Log, entry: Entry, author: &Author, at: Timestamp) -> Result<Record, AuditError> {
        self.write_with(|entry, author, at| log.append(entry, author, at))?;
        log.append(entry, author, at)
    }

    /// Writes what has happened already: an outcome. Where it cannot be written it is kept, to be tried again.
    ///
    /// # Errors
    /// It waits.
    pub fn keep(&mut self, log: &Log, entry: Entry, author: &Author, at: Timestamp) -> Result<(), AuditError> {
        self.waiting.push_back((entry, author.clone(), at));
        self.write_with(|entry, author, at| log.append(entry, author, at))
    }

    /// Writes what waits, in its order, as far as it can be written at once.
    ///
    /// # Errors
    /// Something still waits.
    pub fn retry(&mut self, log: &Log) -> Result<(), AuditError> {
        self.write_with(|entry, author, at| log.try_append(entry, author, at))
    }

    fn write_with(
        &mut self,
        write: impl Fn(Entry, &Author, Timestamp) -> Result<Record, AuditError>,
    ) -> Result<(), AuditError> {
        while let Some((entry, author, at)) = self.waiting.front() {
            if let Err(error) = write(entry.clone(), author, *at) {
                self.why = Some(error.clone());
                return Err(error);
            }
            self.waiting.pop_front();
        }
        self.why = None;
        Ok(())
    }
}
