//! A broken log is set aside, whole, and a new one begins: with what was still open, so that nothing that must be
//! resolved or brought back is lost with it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::base::Text;
use crate::config::paths::private_dir;
use crate::model::{Entry, Sent};
use crate::runbook::audit::author::Author;
use crate::runbook::audit::error::AuditError;
use crate::runbook::audit::files::{Files, sync_folder};
use crate::runbook::audit::folds::obligations::Obligations;
use crate::runbook::audit::folds::unresolved::{Open, Unresolved};
use crate::runbook::audit::log::Log;
use crate::runbook::audit::reader::Reader;
use crate::runbook::audit::verify::verify;
use crate::runbook::exclusive::PATIENCE;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Where the broken log is now.
    pub folder: PathBuf,
    /// What was wrong with it.
    pub says: Text,
    /// Intents without a known outcome that stand in the new log too.
    pub unresolved: usize,
    /// Obligations that do.
    pub owed: usize,
}

/// Moves all files of a broken log into a folder beside it and begins a new one; `None` where the log is whole.
///
/// # Errors
/// There is no log, it cannot be read or moved, or the new one cannot be written.
pub fn set_aside(files: &Files, author: &Author, reason: &Text, now: Timestamp) -> Result<Option<Aside>, AuditError> {
    let Some(says) = verify(files)?.broken() else { return Ok(None) };
    let log = Log::open(files.clone());
    let held = log.hold(PATIENCE)?;
    let (mut unresolved, mut owed) = (Unresolved::default(), Obligations::default());
    Reader::open(files.clone()).read(|record| {
        unresolved.add(record);
        owed.add(record);
    })?;
    let folder = files.aside(&now.strftime("%Y%m%dT%H%M%SZ").to_string());
    move_into(files, &folder)?;
    let name = Text::new(folder.file_name().unwrap_or_default().to_string_lossy());
    let began = Entry::SetAside { folder: name, says: says.clone(), reason: reason.clone() };
    log.write_holding(&held, began, author, now)?;
    for open in unresolved.open() {
        let own = Author {
            principal: open.principal.clone(),
            operator: open.operator.clone(),
            console: open.console.clone(),
        };
        for entry in again(open) {
            log.write_holding(&held, entry, &own, open.at)?;
        }
    }
    for left in owed.all() {
        let own = Author { operator: left.operator.clone(), ..author.clone() };
        let entry = Entry::Owed {
            run: left.run.clone(),
            environment: left.environment.clone(),
            says: left.says.clone(),
            undo: left.undo.clone(),
            arn: left.arn.clone(),
            ends: left.ends,
        };
        log.write_holding(&held, entry, &own, left.since)?;
    }
    Ok(Some(Aside { folder, says, unresolved: unresolved.open().len(), owed: owed.all().len() }))
}

/// The records, and what remembers the last one. The lock stays where other consoles look for it.
fn move_into(files: &Files, folder: &Path) -> Result<(), AuditError> {
    if folder.symlink_metadata().is_ok() {
        let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(AuditError::disk("write", folder, &taken));
    }
    private_dir(folder).map_err(|error| AuditError::disk("write", folder, &error))?;
    let head = Some(files.head()).filter(|head| head.symlink_metadata().is_ok());
    for path in files.all()?.into_iter().chain(head) {
        let to = folder.join(path.file_name().unwrap_or_default());
        std::fs::rename(&path, to).map_err(|error| AuditError::disk("write", &path, &error))?;
    }
    let synced = sync_folder(folder).and_then(|()| sync_folder(files.folder()));
    synced.map_err(|error| AuditError::disk("write", folder, &error))
}

/// An open intent as it stood in the records.
fn again(open: &Open) -> impl Iterator<Item = Entry> {
    let intent = Entry::Intent {
        run: open.run.clone(),
        runbook: open.runbook.clone(),
        step: open.step.clone(),
        plan: open.plan.clone(),
        digest: open.digest.clone(),
        overridden: Vec::new(),
        reason: Text::default(),
        approved_by: Vec::new(),
    };
    let unknown = open.fault.clone().map(|fault| Entry::Outcome {
        run: open.run.clone(),
        step: open.step.clone(),
        sent: Sent::Unknown { fault },
    });
    [intent].into_iter().chain(unknown)
}
