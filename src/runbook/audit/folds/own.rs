//! Our own actions as changes of their environments, for the timeline.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::base::Text;
use crate::model::{Change, EnvId, Record};
use crate::runbook::audit::told::Told;

/// Changes kept, the newest.
const KEPT: usize = 500;

/// The fold.
#[derive(Debug, Default)]
pub struct OwnChanges {
    places: Vec<Text>,
    told: Told,
    kept: VecDeque<Arc<Change>>,
}

impl OwnChanges {
    /// Nothing yet. `places` are the environments, `system/name`, in the order of their ids; others are left out.
    pub fn of(places: Vec<Text>) -> Self {
        Self { places, ..Self::default() }
    }

    /// Takes the next record.
    pub fn add(&mut self, record: &Record) {
        let Self { places, told, kept } = self;
        let place = |label: &str| places.iter().position(|known| **known == *label).map(EnvId);
        kept.extend(told.change(record, place).map(Arc::new));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// The oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Change>> {
        self.kept.iter()
    }
}
