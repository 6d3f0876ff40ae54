//! Writing records: one line at a time, one console at a time, on disk before anybody is told.

use std::fs::File;
use std::io::Write;
use std::time::Duration;

use jiff::Timestamp;

use crate::base::Text;
use crate::config::paths::private_dir;
use crate::model::{Entry, Record};
use crate::runbook::audit::author::Author;
use crate::runbook::audit::chain::{Link, seal};
use crate::runbook::audit::error::AuditError;
use crate::runbook::audit::files::{Files, Ledger, sync_folder};
use crate::runbook::audit::head::{self, Head};
use crate::runbook::audit::redaction::redacted;
use crate::runbook::audit::tail::{Tail, tail};
use crate::runbook::exclusive::{PATIENCE, exclusive, open_private};

/// Beyond this many bytes the log goes on in a new file.
const FULL: u64 = 16 * 1024 * 1024;
/// The log that is written to. It holds no file open; several consoles, and threads, may write to the same log.
#[derive(Debug, Clone)]
pub struct Log {
    files: Files,
    full: u64,
}

/// While it is there, no other console writes to the log.
pub(super) struct Held(#[allow(dead_code, reason = "the lock ends with the file")] File);

/// Where the next line goes.
struct Place {
    file: File,
    /// Length of the file before.
    len: u64,
    /// What the next record follows.
    link: Link,
    /// The line before was not ended.
    unended: bool,
    /// What must be said first of how the end was found.
    first: Vec<Entry>,
}

impl Log {
    /// The log in the state folder. Nothing is read, made or written before the first record.
    pub fn open(files: Files) -> Self {
        Self { files, full: FULL }
    }

    /// The same with another size at which it goes on in a new file, in bytes.
    #[must_use]
    pub fn rotating_at(self, full: u64) -> Self {
        Self { full, ..self }
    }

    /// Its files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Whether records could be written now: the folder is there or can be made, and is writable.
    ///
    /// # Errors
    /// Why not. That another console is writing is no reason.
    pub fn check(&self) -> Result<(), AuditError> {
        match self.hold(Duration::ZERO) {
            Ok(_) | Err(AuditError::Busy(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes one record and waits until it is on disk. Where it could not be written, nothing of it remains.
    ///
    /// # Errors
    /// The disk is full or read-only, there is no permission, or another console does not let go.
    pub fn append(&self, entry: Entry, author: &Author, at: Timestamp) -> Result<Record, AuditError> {
        self.write(entry, author, at, PATIENCE)
    }

    /// The same, but does not wait where another console is writing.
    ///
    /// # Errors
    /// As [`Log::append`]; [`AuditError::Busy`] at once.
    pub fn try_append(&self, entry: Entry, author: &Author, at: Timestamp) -> Result<Record, AuditError> {
        self.write(entry, author, at, Duration::ZERO)
    }

    fn write(&self, entry: Entry, author: &Author, at: Timestamp, patience: Duration) -> Result<Record, AuditError> {
        let held = self.hold(patience)?;
        self.write_holding(&held, entry, author, at)
    }

    /// Writes one record while no other console can.
    pub(super) fn write_holding(
        &self,
        _held: &Held,
        entry: Entry,
        author: &Author,
        at: Timestamp,
    ) -> Result<Record, AuditError> {
        let unwritable = |error: serde_json::Error| AuditError::Record(error.to_string());
        let entry = redacted(entry).map_err(unwritable)?;
        let folder = self.files.folder();
        let mut place = self.place()?;
        let mut bytes = if place.unended { vec![b'\n'] } else { Vec::new() };
        let mut record = None;
        for entry in place.first.drain(..).chain([entry]) {
            let mut next = self.stamped(&place.link, entry, author, at);
            bytes.extend(seal(&mut next).map_err(unwritable)?);
            place.link = Link::of(&next);
            record = Some(next);
        }
        let path = self.files.current();
        let written = place.file.write_all(&bytes).and_then(|()| place.file.sync_all());
        let written = if place.len == 0 { written.and_then(|()| sync_folder(folder)) } else { written };
        if let Err(error) = written {
            // Nothing half-written stays, as far as the disk lets us; what stays is found as torn.
            let _ = place.file.set_len(place.len);
            return Err(AuditError::disk("write", &path, &error));
        }
        // The record is on disk. A head that lags behind is made good by the next record.
        let _ = head::write(&self.files.head(), &place.link);
        record.ok_or_else(|| AuditError::Record("nothing was to be written".to_owned()))
    }

    fn stamped(&self, link: &Link, entry: Entry, author: &Author, at: Timestamp) -> Record {
        Record {
            seq: link.seq.saturating_add(1),
            at,
            principal: author.principal.clone(),
            operator: author.operator.clone(),
            console: author.console.clone(),
            drill: self.files.ledger() == Ledger::Drill,
            entry,
            previous: link.hash.clone(),
            hash: String::new(),
        }
    }

    /// Keeps other consoles out until what it gives is dropped.
    pub(super) fn hold(&self, patience: Duration) -> Result<Held, AuditError> {
        let folder = self.files.folder();
        private_dir(folder).map_err(|error| AuditError::disk("write", folder, &error))?;
        let path = self.files.lock();
        let held = exclusive(&path, patience).map_err(|error| AuditError::disk("lock", &path, &error))?;
        held.map(Held).ok_or_else(|| AuditError::Busy(folder.to_owned()))
    }

    /// Finds the end of the log, and judges whether it is as it was left.
    fn place(&self) -> Result<Place, AuditError> {
        let path = self.files.current();
        let read = |error: std::io::Error| AuditError::disk("read", &path, &error);
        let mut numbers = self.files.numbers()?;
        let mut file = open_private(&path).map_err(|error| AuditError::disk("write", &path, &error))?;
        let mut end = tail(&mut file).map_err(read)?;
        let mut last = end.last.take();
        if last.is_some() && end.rest.is_empty() && end.len >= self.full {
            let number = numbers.last().map_or(1, |last| last.saturating_add(1));
            let moved = std::fs::rename(&path, self.files.full(number));
            moved.map_err(|error| AuditError::disk("write", &path, &error))?;
            numbers.push(number);
            file = open_private(&path).map_err(|error| AuditError::disk("write", &path, &error))?;
            end = Tail::default();
        } else if last.is_some() {
            // The file has a beginning already.
            numbers.clear();
        } else if let Some(number) = numbers.last() {
            // Killed before the new file had its first record.
            let before = self.files.full(*number);
            let disk = |error: std::io::Error| AuditError::disk("read", &before, &error);
            last = File::open(&before).and_then(|mut file| tail(&mut file)).map_err(disk)?.last;
        }
        let (link, irregular) = self.judged(last)?;
        let mut first = Vec::new();
        let unended = end.rest.last().is_some_and(|byte| *byte != b'\n');
        match irregular {
            Some(says) => first.push(Entry::Irregular { says }),
            None if !end.rest.is_empty() => first.push(torn(&end.rest, unended)),
            None => {}
        }
        if let Some(number) = numbers.last() {
            let from = self.files.full(*number);
            let name = from.file_name().unwrap_or_default().to_string_lossy();
            first.push(Entry::Rotated { from: Text::new(name) });
        }
        Ok(Place { file, len: end.len, link, unended, first })
    }

    /// What the next record follows: the last record, or, where that is not the last one that was written, that one,
    /// so that nothing can be put in its place unseen.
    fn judged(&self, last: Option<Link>) -> Result<(Link, Option<Text>), AuditError> {
        let path = self.files.head();
        let found = last.clone().unwrap_or_default();
        Ok(match (head::read(&path), last) {
            (Head::At(head), Some(last)) if last.seq > head.seq || last == head => (last, None),
            (Head::At(head), None) if head == found => (found, None),
            (Head::At(head), _) => {
                let says = format!("the last record was {} and is {} now", head.seq, found.seq);
                (head, Some(Text::new(says)))
            }
            (Head::Missing, None) => {
                // From the very first record on there is a head: who takes it away later is found out.
                head::write(&path, &found).map_err(|error| AuditError::disk("write", &path, &error))?;
                (found, None)
            }
            (Head::Missing, Some(last)) => (last, Some("what remembers the last record was missing".into())),
            (Head::Unreadable(why), _) => {
                (found, Some(Text::new(format!("what remembers the last record was unreadable: {why}"))))
            }
        })
    }
}

/// The record about what was not finished, with the end that its last line gets now.
fn torn(rest: &[u8], unended: bool) -> Entry {
    use sha2::{Digest, Sha256};
    let end: &[u8] = if unended { b"\n" } else { b"" };
    let digest = Sha256::new().chain_update(rest).chain_update(end).finalize();
    let bytes = u64::try_from(rest.len() + end.len()).unwrap_or(u64::MAX);
    Entry::Torn { bytes, sha256: Text::new(crate::guard::digest::hex(&digest)) }
}
