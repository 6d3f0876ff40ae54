//! Which plans were sent already: a plan is good for one send.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Entry, Record};

/// The fold. A plan is known by its digest and by when it was read: the digest alone is the same for the same change on
/// another day.
#[derive(Debug, Clone, Default)]
pub struct Used(HashSet<(Text, Timestamp)>);

impl Used {
    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        if let Entry::Intent { plan, digest, .. } = &record.entry {
            self.0.insert((digest.clone(), plan.read_at));
        }
    }

    /// True where an intent for the plan that was read at this time is in the records.
    pub fn has(&self, digest: &str, read_at: Timestamp) -> bool {
        self.0.contains(&(Text::new(digest), read_at))
    }
}

/// True where the records have an intent for the plan of this digest that was read at this time.
pub fn used<'a>(records: impl IntoIterator<Item = &'a Record>, digest: &str, read_at: Timestamp) -> bool {
    records.into_iter().any(|record| {
        matches!(&record.entry, Entry::Intent { plan, digest: found, .. } if **found == *digest && plan.read_at == read_at)
    })
}
