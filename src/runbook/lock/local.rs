//! Locks of this machine: one small file a target, for all consoles of one user.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::base::Text;
use crate::config::paths::{private_dir, write_private};
use crate::guard::LockState;
use crate::guard::digest::hex;
use crate::runbook::exclusive::{PATIENCE, exclusive};
use crate::runbook::lock::holding::{Claim, Holding};
use crate::runbook::lock::owner::{Life, Owner};

/// Why a lock was not taken or released.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Somebody else has it.
    #[error("{holder} holds it: {reason}")]
    Held {
        /// Who.
        holder: Text,
        /// Why.
        reason: Text,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// It cannot be read or written.
    #[error("the lock {path} {says}")]
    Disk {
        /// Which file.
        path: PathBuf,
        /// Why.
        says: String,
    },
}

/// The locks in one folder.
#[derive(Debug, Clone)]
pub struct Locks {
    folder: PathBuf,
    owner: Owner,
    drill: bool,
}

impl Locks {
    /// The locks in the state folder. The estate of a drill ends with its process: there, only locks of this process
    /// count. Nothing is read or made yet.
    pub fn open(state: &Path, owner: Owner, drill: bool) -> Self {
        Self { folder: state.join(if drill { "locks-drill" } else { "locks" }), owner, drill }
    }

    /// What the lock of a target means for `run`. `reliable` is false where the clock cannot be relied on.
    pub fn state(&self, arn: &str, run: &str, now: Timestamp, reliable: bool) -> LockState {
        match self.read(&self.path(arn)) {
            Ok(found) => self.means(found.as_ref(), run, now, reliable),
            Err(error) => LockState::Unreadable(Text::new(error.to_string())),
        }
    }

    /// Takes the lock, or keeps it for longer where the run has it already.
    ///
    /// # Errors
    /// Somebody else has it, or it cannot be written.
    pub fn take(&self, claim: &Claim, now: Timestamp, reliable: bool) -> Result<(), LockError> {
        self.alone(|| {
            let path = self.path(&claim.arn);
            match self.means(self.read(&path)?.as_ref(), &claim.run, now, reliable) {
                LockState::Ours | LockState::Free => self.write(&path, claim, now),
                LockState::Held { holder, reason, until } => Err(LockError::Held { holder, reason, until }),
                LockState::Unreadable(says) => Err(LockError::Disk { path, says: says.to_string() }),
            }
        })
    }

    /// Takes the lock whoever has it; gives what was there, to be recorded. One that cannot be read is replaced too.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn take_over(&self, claim: &Claim, now: Timestamp) -> Result<Option<Holding>, LockError> {
        self.alone(|| {
            let path = self.path(&claim.arn);
            let before = self.read(&path).ok().flatten();
            self.write(&path, claim, now)?;
            Ok(before)
        })
    }

    /// Lets go of what the run holds; what somebody else has taken over stays theirs.
    ///
    /// # Errors
    /// It cannot be read or removed.
    pub fn release(&self, arn: &str, run: &str) -> Result<(), LockError> {
        self.alone(|| {
            let path = self.path(arn);
            match self.read(&path)? {
                Some(found) if *found.run == *run => fs::remove_file(&path).map_err(|error| disk(&path, &error)),
                Some(_) | None => Ok(()),
            }
        })
    }

    /// The run that has the lock of a target although its process is gone. `None` in a drill, where such locks do not
    /// count.
    pub fn left_behind(&self, arn: &str) -> Option<Text> {
        let found = self.read(&self.path(arn)).ok().flatten().filter(|_| !self.drill)?;
        (found.owner.life(&self.owner) == Life::Gone).then_some(found.run)
    }

    /// True where the run has the lock of a target and its process runs, as far as this machine can tell.
    pub fn is_at_work(&self, arn: &str, run: &str) -> bool {
        let found = self.read(&self.path(arn)).ok().flatten().filter(|found| *found.run == *run);
        found.is_some_and(|found| matches!(found.owner.life(&self.owner), Life::Lives | Life::Unknown))
    }

    /// The file of a target: ARNs have characters that file names have not.
    fn path(&self, arn: &str) -> PathBuf {
        self.folder.join(format!("{}.json", hex(&Sha256::digest(arn.as_bytes()))))
    }

    fn means(&self, found: Option<&Holding>, run: &str, now: Timestamp, reliable: bool) -> LockState {
        match found {
            None => LockState::Free,
            Some(found) if self.drill && found.owner != self.owner => LockState::Free,
            Some(found) => {
                let life = if self.drill { Life::Lives } else { found.owner.life(&self.owner) };
                found.state(run, now, reliable, life)
            }
        }
    }

    fn read(&self, path: &Path) -> Result<Option<Holding>, LockError> {
        match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| LockError::Disk { path: path.to_owned(), says: format!("cannot be read: {error}") }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(disk(path, &error)),
        }
    }

    fn write(&self, path: &Path, claim: &Claim, now: Timestamp) -> Result<(), LockError> {
        let bytes = serde_json::to_vec(&Holding::new(claim, &self.owner, now)).map_err(io::Error::other);
        bytes.and_then(|bytes| write_private(path, &bytes)).map_err(|error| disk(path, &error))
    }

    /// While no other console looks at the locks: between reading one and writing it nothing can come.
    fn alone<T>(&self, work: impl FnOnce() -> Result<T, LockError>) -> Result<T, LockError> {
        let path = self.folder.join("lock");
        let held = private_dir(&self.folder).and_then(|()| exclusive(&path, PATIENCE));
        match held.map_err(|error| disk(&path, &error))? {
            Some(_held) => work(),
            None => Err(LockError::Disk { path, says: "is kept by another console that does not finish".to_owned() }),
        }
    }
}

fn disk(path: &Path, error: &io::Error) -> LockError {
    LockError::Disk { path: path.to_owned(), says: format!("cannot be used: {error}") }
}
