//! Whether a log is whole: every line as it was written, none missing, and for its owner's eyes only.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::base::Text;
use crate::model::Record;
use crate::runbook::audit::check::Check;
use crate::runbook::audit::error::AuditError;
use crate::runbook::audit::files::{Files, exposed};
use crate::runbook::audit::head;
use crate::runbook::audit::report::Report;

/// A file as it was when the verification began.
struct Opened {
    name: Text,
    path: PathBuf,
    file: File,
    len: u64,
}

/// Reads the whole log and judges it. A console may write to it meanwhile.
///
/// # Errors
/// There is no log, or it cannot be read.
pub fn verify(files: &Files) -> Result<Report, AuditError> {
    verify_and(files, |_| {})
}

/// The same, and hands over every record that is in its place, so that a log is read only once.
///
/// # Errors
/// As [`verify`].
pub fn verify_and(files: &Files, mut each: impl FnMut(Record)) -> Result<Report, AuditError> {
    let (opened, head) = snapshot(files)?;
    if opened.is_empty() && matches!(head, head::Head::Missing) {
        return Err(AuditError::None(files.folder().to_owned()));
    }
    let mut check = Check::new(head);
    let side = [files.folder().to_owned(), files.head(), files.lock()];
    for path in side.iter().chain(opened.iter().map(|file| &file.path)) {
        if let Some(says) = exposed(path) {
            check.problem_of(name(path), says);
        }
    }
    let mut line = Vec::new();
    for Opened { name, path, file, len } in opened {
        check.begin(name);
        let mut reader = BufReader::new(file.take(len));
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(|error| AuditError::disk("read", &path, &error))?;
            if read == 0 {
                break;
            }
            if let Some(record) = check.line(&line) {
                each(record);
            }
        }
    }
    Ok(check.finish())
}

/// All files and the head as they are together, while nobody writes. Where the log cannot be locked, because it is a
/// copy that may not be written to, nobody else writes to it either.
fn snapshot(files: &Files) -> Result<(Vec<Opened>, head::Head), AuditError> {
    let lock = File::open(files.lock()).ok();
    let _held = lock.as_ref().map(File::lock_shared);
    let mut opened = Vec::new();
    for path in files.all()? {
        let disk = |error: std::io::Error| AuditError::disk("read", &path, &error);
        let file = File::open(&path).map_err(disk)?;
        let len = file.metadata().map_err(disk)?.len();
        opened.push(Opened { name: name(&path), path: path.clone(), file, len });
    }
    Ok((opened, head::read(&files.head())))
}

fn name(path: &Path) -> Text {
    Text::new(path.file_name().unwrap_or_default().to_string_lossy())
}
