//! The chain: how a record becomes a line, and how a line proves that it is what was written.
//!
//! A line is the record as JSON with `hash` last. The hash covers the very bytes of the line without `hash`, not their
//! meaning: every changed byte is found, also one that would read the same.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::guard::digest::hex;
use crate::model::Record;

/// The hash before the first record.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const KEY: &str = ",\"hash\":\"";
const DIGITS: usize = 64;

/// The last link of a chain: what the next record follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number; 0 before the first.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

impl Default for Link {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

impl Link {
    /// The link of a record.
    pub fn of(record: &Record) -> Self {
        Self { seq: record.seq, hash: record.hash.clone() }
    }
}

/// What is wrong with one line by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is no finished record at all.
    NotARecord,
    /// It says that it is record `.0` with hash `.1` after `.2`, but its bytes give another hash.
    Changed(u64, String, String),
    /// It is what was written, by a version that knows more: record `.0` with hash `.1` after `.2`.
    Unknown(u64, String, String),
}

#[derive(Deserialize)]
struct Bare {
    seq: u64,
    previous: String,
}

/// Gives the record its hash, and the line that is written, with its end.
pub(super) fn seal(record: &mut Record) -> Result<Vec<u8>, serde_json::Error> {
    record.hash.clear();
    let mut line = serde_json::to_vec(record)?;
    line.truncate(line.len() - KEY.len() - 2);
    record.hash = hash(&line);
    line.extend_from_slice(format!("{KEY}{}\"}}\n", record.hash).as_bytes());
    Ok(line)
}

/// The record in a line without its end, where the line is what was written.
pub(super) fn open(line: &[u8]) -> Result<Record, Flaw> {
    let (body, stated) = split(line).ok_or(Flaw::NotARecord)?;
    let bare = || serde_json::from_slice::<Bare>(line).map_err(|_| Flaw::NotARecord);
    if hash(body) != stated {
        let bare = bare()?;
        return Err(Flaw::Changed(bare.seq, stated.to_owned(), bare.previous));
    }
    match serde_json::from_slice::<Record>(line) {
        Ok(record) => Ok(record),
        Err(_) => {
            let bare = bare()?;
            Err(Flaw::Unknown(bare.seq, stated.to_owned(), bare.previous))
        }
    }
}

/// The bytes that are hashed, without the closing brace, and the hash that the line states.
fn split(line: &[u8]) -> Option<(&[u8], &str)> {
    let end = line.strip_suffix(b"\"}")?;
    let (rest, digits) = end.split_at_checked(end.len().checked_sub(DIGITS)?)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hex.then_some((rest.strip_suffix(KEY.as_bytes())?, digits))
}

/// `body` is the line up to where `hash` begins; closed, it is the record without `hash`.
fn hash(body: &[u8]) -> String {
    hex(&Sha256::new().chain_update(body).chain_update(b"}").finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::audit::testing;

    #[test]
    fn a_line_is_the_record_without_its_hash_and_then_the_hash() {
        let mut record = testing::record(1, GENESIS, testing::armed());
        let line = seal(&mut record).unwrap();
        let text = String::from_utf8(line).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["hash"], record.hash.as_str());
        value.as_object_mut().unwrap().remove("hash");
        let without = text.trim_end().replace(&format!(",\"hash\":\"{}\"", record.hash), "");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&without).unwrap(), value);
        assert_eq!(hex(&Sha256::digest(without.as_bytes())), record.hash);
        assert_eq!(open(text.trim_end().as_bytes()).unwrap(), record);
    }

    #[test]
    fn every_kind_of_entry_comes_back_as_it_was() {
        for entry in testing::every_kind() {
            let mut record = testing::record(7, GENESIS, entry);
            let line = seal(&mut record).unwrap();
            assert_eq!(open(line.strip_suffix(b"\n").unwrap()), Ok(record));
        }
    }

    #[test]
    fn a_line_of_a_later_version_is_known_as_that() {
        let mut record = testing::record(3, GENESIS, testing::armed());
        let line = String::from_utf8(seal(&mut record).unwrap()).unwrap();
        let later = line.trim_end().replace("\"armed\"", "\"teleported\"");
        let (body, _) = split(later.as_bytes()).unwrap();
        let resealed = later.replace(&record.hash, &hash(body));
        assert!(matches!(open(resealed.as_bytes()), Err(Flaw::Unknown(3, _, _))));
        assert!(matches!(open(later.as_bytes()), Err(Flaw::Changed(3, _, _))));
        assert_eq!(open(b"{\"seq\":3}"), Err(Flaw::NotARecord));
    }
}
