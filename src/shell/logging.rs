//! The log: a private file, never the terminal.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// A log larger than this is set aside once, at start.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Writes the program's own events to `path` until the guard is dropped. Events of libraries are left out: the SDK
/// may put request details into its own.
pub fn start(path: &Path) -> io::Result<WorkerGuard> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > LARGEST) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    let file = private_append(path)?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let level = std::env::var("WATCHFLOOR_LOG").ok().filter(|level| level.chars().all(|c| c.is_ascii_alphabetic()));
    let filter = EnvFilter::new(format!("watchfloor={}", level.as_deref().unwrap_or("info")));
    // A second call in one process (tests) keeps the first subscriber.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false).try_init();
    Ok(guard)
}

fn private_append(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(file)
}
