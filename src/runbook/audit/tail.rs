//! The end of a file of records: its last good record, and what stands behind it unfinished.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::runbook::audit::chain::{self, Flaw, Link};

/// Bytes that are looked at first; more where no record is found in them.
const FIRST: u64 = 64 * 1024;

/// The end of a file.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Length of the file.
    pub(super) len: u64,
    /// The last record that is whole.
    pub(super) last: Option<Link>,
    /// What stands after it.
    pub(super) rest: Vec<u8>,
}

/// Reads the end of a file.
pub(super) fn tail(file: &mut File) -> io::Result<Tail> {
    let len = file.seek(SeekFrom::End(0))?;
    let mut wanted = FIRST.min(len);
    loop {
        file.seek(SeekFrom::Start(len - wanted))?;
        let mut bytes = Vec::new();
        file.by_ref().take(wanted).read_to_end(&mut bytes)?;
        if let Some((last, behind)) = last_good(&bytes, wanted == len) {
            return Ok(Tail { len, last: Some(last), rest: bytes.split_off(behind) });
        }
        if wanted == len {
            return Ok(Tail { len, last: None, rest: bytes });
        }
        wanted = wanted.saturating_mul(8).min(len);
    }
}

/// The last good record, and where it ends. A line that begins before the bytes cannot be judged.
fn last_good(bytes: &[u8], from_start: bool) -> Option<(Link, usize)> {
    let mut end = bytes.iter().rposition(|byte| *byte == b'\n')?;
    loop {
        let start = bytes[..end].iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        if start.is_none() && !from_start {
            return None;
        }
        match chain::open(&bytes[start.unwrap_or(0)..end]) {
            Ok(record) => return Some((Link::of(&record), end + 1)),
            Err(Flaw::Unknown(seq, hash, _)) => return Some((Link { seq, hash }, end + 1)),
            Err(_) => end = start?.checked_sub(1)?,
        }
    }
}
