//! All folds together, kept up to date while a console runs.

use crate::base::Text;
use crate::model::Record;
use crate::runbook::audit::error::AuditError;
use crate::runbook::audit::files::Files;
use crate::runbook::audit::folds::obligations::Obligations;
use crate::runbook::audit::folds::own::OwnChanges;
use crate::runbook::audit::folds::runs::Runs;
use crate::runbook::audit::folds::unresolved::Unresolved;
use crate::runbook::audit::folds::used::Used;
use crate::runbook::audit::reader::Reader;

/// What the records come to.
#[derive(Debug)]
pub struct Books {
    /// Intents without a known outcome.
    pub unresolved: Unresolved,
    /// What must be brought back.
    pub obligations: Obligations,
    /// A summary of each run.
    pub runs: Runs,
    /// Plans that were sent.
    pub used: Used,
    /// Our own actions.
    pub own: OwnChanges,
    reader: Reader,
}

impl Books {
    /// Nothing is read yet. `places` are the environments, `system/name`, in the order of their ids.
    pub fn of(files: Files, places: Vec<Text>) -> Self {
        Self {
            unresolved: Unresolved::default(),
            obligations: Obligations::default(),
            runs: Runs::default(),
            used: Used::default(),
            own: OwnChanges::of(places),
            reader: Reader::open(files),
        }
    }

    /// Takes what has come since the last call, also from other consoles.
    ///
    /// # Errors
    /// The records cannot be read.
    pub fn refresh(&mut self) -> Result<(), AuditError> {
        let Self { unresolved, obligations, runs, used, own, reader } = self;
        reader.read(|record: &Record| {
            unresolved.add(record);
            obligations.add(record);
            runs.add(record);
            used.add(record);
            own.add(record);
        })
    }
}
