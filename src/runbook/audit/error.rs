//! Why a record could not be written or read, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// A failure of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// There is no such log.
    #[error("there are no records in {0}")]
    None(PathBuf),
    /// Another console kept the log for too long.
    #[error("another console is writing to the records in {0} and does not finish")]
    Busy(PathBuf),
    /// The disk, or the rights to it.
    #[error("cannot {doing} {path}: {why}")]
    Disk {
        /// `write`, `read`, `lock`.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// The reason in words.
        why: String,
    },
    /// A record that cannot be written as one line.
    #[error("the record cannot be written down: {0}")]
    Record(String),
}

impl AuditError {
    /// An error of the operating system.
    pub(super) fn disk(doing: &'static str, path: &Path, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::StorageFull => "the disk is full".to_owned(),
            io::ErrorKind::QuotaExceeded => "the quota of the disk is used up".to_owned(),
            io::ErrorKind::FileTooLarge => "the file may not grow any more".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
            io::ErrorKind::PermissionDenied => "no permission".to_owned(),
            _ => error.to_string(),
        };
        Self::Disk { doing, path: path.to_owned(), why }
    }
}
