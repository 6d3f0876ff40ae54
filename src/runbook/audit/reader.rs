//! Reading records one after the other, and going on later with what has come since: memory stays small.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};

use crate::model::Record;
use crate::runbook::audit::chain;
use crate::runbook::audit::error::AuditError;
use crate::runbook::audit::files::Files;

/// A place in a log.
#[derive(Debug)]
pub struct Reader {
    files: Files,
    /// Number of the file that is being read: of a full one, or the next number for the current one.
    number: Option<u32>,
    file: Option<BufReader<File>>,
    line: Vec<u8>,
}

impl Reader {
    /// At the beginning of a log. There need not be one yet.
    pub fn open(files: Files) -> Self {
        Self { files, number: None, file: None, line: Vec::new() }
    }

    /// Hands over every record that has come since the last call, also of other consoles. Lines that are no whole
    /// records are passed over: [`verify`](crate::runbook::audit::verify()) tells of them.
    ///
    /// # Errors
    /// A file cannot be read. What was handed over stays read.
    pub fn read(&mut self, mut each: impl FnMut(&Record)) -> Result<(), AuditError> {
        loop {
            if self.file.is_none() && !self.next_file()? {
                return Ok(());
            }
            self.drain(&mut each)?;
            let numbers = self.files.numbers()?;
            if !self.number.is_some_and(|number| numbers.contains(&number)) {
                return Ok(());
            }
            // It is full: nothing more comes. What came between the two looks is read before the next one.
            self.drain(&mut each)?;
            self.file = None;
        }
    }

    fn drain(&mut self, each: &mut impl FnMut(&Record)) -> Result<(), AuditError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        loop {
            self.line.clear();
            let disk = |error: std::io::Error| AuditError::disk("read", self.files.folder(), &error);
            let read = file.read_until(b'\n', &mut self.line).map_err(disk)?;
            match self.line.strip_suffix(b"\n") {
                Some(line) => {
                    if let Ok(record) = chain::open(line) {
                        each(&record);
                    }
                }
                None => {
                    // It is being written, or it is torn: looked at again next time.
                    let back = i64::try_from(read).unwrap_or_default();
                    file.seek(SeekFrom::Current(-back)).map_err(disk)?;
                    return Ok(());
                }
            }
        }
    }

    /// Opens the file after the one that was read; false where there is none yet.
    fn next_file(&mut self) -> Result<bool, AuditError> {
        loop {
            let numbers = self.files.numbers()?;
            let after = self.number.unwrap_or(0);
            let full = numbers.iter().copied().find(|number| *number > after);
            let path = full.map_or_else(|| self.files.current(), |number| self.files.full(number));
            match File::open(&path) {
                Ok(file) if full.is_none() && self.files.numbers()? != numbers => drop(file),
                Ok(file) => {
                    let next = numbers.last().map_or(1, |last| last.saturating_add(1));
                    self.number = Some(full.unwrap_or(next));
                    self.file = Some(BufReader::new(file));
                    return Ok(true);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(AuditError::disk("read", &path, &error)),
            }
        }
    }
}
