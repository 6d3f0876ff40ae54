//! The files of a log: their names, their order, and who may read them.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::runbook::audit::error::AuditError;

/// Real records and those of drills are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ledger {
    /// What was done to real accounts.
    Real,
    /// What was done in drills.
    Drill,
}

impl Ledger {
    /// What the names of its files begin with.
    fn stem(self) -> &'static str {
        match self {
            Self::Real => "audit",
            Self::Drill => "audit-drill",
        }
    }
}

/// The files of one log in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    folder: PathBuf,
    ledger: Ledger,
}

impl Files {
    /// The log in `folder`: the state folder of the user.
    pub fn new(folder: impl Into<PathBuf>, ledger: Ledger) -> Self {
        Self { folder: folder.into(), ledger }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which records.
    pub fn ledger(&self) -> Ledger {
        self.ledger
    }

    /// The file that is written to.
    pub fn current(&self) -> PathBuf {
        self.named(".jsonl")
    }

    /// A full one; the first has number 1.
    pub fn full(&self, number: u32) -> PathBuf {
        self.named(&format!("-{number:06}.jsonl"))
    }

    /// What remembers the last record.
    pub fn head(&self) -> PathBuf {
        self.named(".head.json")
    }

    /// What one console holds while it writes.
    pub fn lock(&self) -> PathBuf {
        self.named(".lock")
    }

    /// Where a broken log is set aside; `stamp` tells it apart from others.
    pub(super) fn aside(&self, stamp: &str) -> PathBuf {
        self.named(&format!("-broken-{stamp}"))
    }

    fn named(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}{end}", self.ledger.stem()))
    }

    /// Numbers of the full files, ascending.
    ///
    /// # Errors
    /// The folder cannot be read. One that does not exist has none.
    pub fn numbers(&self) -> Result<Vec<u32>, AuditError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(AuditError::disk("read", &self.folder, &error)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| AuditError::disk("read", &self.folder, &error))?.file_name();
            let rest = name.to_str().and_then(|name| name.strip_prefix(self.ledger.stem()));
            let digits = rest.and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".jsonl"));
            let digits = digits.filter(|text| text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit()));
            numbers.extend(digits.and_then(|text| text.parse::<u32>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// All files with records, the oldest first; the current one comes last, where it exists.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn all(&self) -> Result<Vec<PathBuf>, AuditError> {
        let mut all: Vec<PathBuf> = self.numbers()?.into_iter().map(|number| self.full(number)).collect();
        if self.current().symlink_metadata().is_ok() {
            all.push(self.current());
        }
        Ok(all)
    }
}

/// Makes a new or renamed entry of a folder outlast a power cut.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// What is wrong with who may read a file or folder; `None` where only its owner may, and that is the user.
#[cfg(unix)]
pub(super) fn exposed(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let found = path.symlink_metadata().ok()?;
    let mode = found.mode() & 0o777;
    if !found.is_file() && !found.is_dir() {
        return Some("it is not an ordinary file".to_owned());
    }
    if mode & 0o077 != 0 {
        let right = if found.is_dir() { "700" } else { "600" };
        return Some(format!("others may use it (mode {mode:04o}): chmod {right}"));
    }
    // The owner of what belongs to this very process, where the system shows it.
    let own = std::fs::metadata("/proc/self").or_else(|_| path.parent().unwrap_or(path).metadata()).ok()?.uid();
    (found.uid() != own).then(|| format!("it belongs to user {}, not to you ({own})", found.uid()))
}

/// Nothing is known of modes here.
#[cfg(not(unix))]
pub(super) fn exposed(_path: &Path) -> Option<String> {
    None
}
