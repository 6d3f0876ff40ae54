//! The head: the last record that was written, remembered beside the log, so that a tail that is cut off is missed.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::paths::write_private;
use crate::runbook::audit::chain::Link;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    seq: u64,
    hash: String,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// Nothing: there is no such file.
    Missing,
    /// The file says nothing that makes sense.
    Unreadable(String),
    /// The last record.
    At(Link),
}

/// Reads what is remembered.
pub fn read(path: &Path) -> Head {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Head::Missing,
        Err(error) => return Head::Unreadable(error.to_string()),
    };
    match serde_json::from_slice::<Stored>(&bytes) {
        Ok(Stored { seq, hash }) => Head::At(Link { seq, hash }),
        Err(error) => Head::Unreadable(error.to_string()),
    }
}

/// Remembers the last record.
pub(super) fn write(path: &Path, link: &Link) -> io::Result<()> {
    let stored = Stored { seq: link.seq, hash: link.hash.clone() };
    write_private(path, &serde_json::to_vec(&stored).map_err(io::Error::other)?)
}
