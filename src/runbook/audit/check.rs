//! Judges a chain line by line: what was changed, taken away, put in another order or cut off. Pure.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::base::Text;
use crate::guard::digest::hex;
use crate::model::{Entry, Record};
use crate::runbook::audit::chain::{self, Flaw, Link};
use crate::runbook::audit::head::Head;
use crate::runbook::audit::report::{Finding, Report};

/// More findings than this are counted only.
const MOST: usize = 100;

/// Lines that are no records, not yet explained by a [`Entry::Torn`].
struct Junk {
    file: Text,
    line: u64,
    bytes: u64,
    hash: Sha256,
}

/// The judgement so far.
pub(super) struct Check {
    report: Report,
    head: Head,
    head_seen: bool,
    file: Text,
    line: u64,
    last: Link,
    junk: Option<Junk>,
    /// Name of the file before, until the first record of this one has said that it goes on from there.
    from: Option<Text>,
}

impl Check {
    pub(super) fn new(head: Head) -> Self {
        Self {
            report: Report::default(),
            head,
            head_seen: false,
            file: Text::default(),
            line: 0,
            last: Link::default(),
            junk: None,
            from: None,
        }
    }

    /// The lines that follow are of the next file.
    pub(super) fn begin(&mut self, file: Text) {
        let before = std::mem::replace(&mut self.file, file);
        self.from = (self.report.files > 0).then_some(before);
        self.report.files += 1;
        self.line = 0;
    }

    /// A problem of a file as a whole.
    pub(super) fn problem_of(&mut self, file: Text, says: impl Into<Text>) {
        push(&mut self.report.problems, &mut self.report.more, Finding { file, line: None, says: says.into() });
    }

    /// Judges one line as it stands in the file, with its end where it has one. Gives the record, where it is one.
    pub(super) fn line(&mut self, raw: &[u8]) -> Option<Record> {
        self.line += 1;
        let Some(line) = raw.strip_suffix(b"\n") else {
            self.add_junk(raw);
            return None;
        };
        match chain::open(line) {
            Ok(record) => {
                self.follow(record.seq, &record.hash, &record.previous, Some(&record.entry));
                self.note(&record);
                Some(record)
            }
            Err(Flaw::Unknown(seq, hash, previous)) => {
                self.follow(seq, &hash, &previous, None);
                self.problem(format!("record {seq} is of a kind that this version does not know"));
                None
            }
            Err(Flaw::Changed(seq, hash, previous)) => {
                self.problem(format!("record {seq} was changed: its hash does not fit"));
                self.settle_junk(None);
                let fits = previous == self.last.hash && seq == self.last.seq.saturating_add(1);
                let seq = if fits { seq } else { self.last.seq.saturating_add(1) };
                self.last = Link { seq, hash };
                None
            }
            Err(Flaw::NotARecord) => {
                self.add_junk(raw);
                None
            }
        }
    }

    /// What was said, now that all lines were read.
    pub(super) fn finish(mut self) -> Report {
        match std::mem::replace(&mut self.head, Head::Missing) {
            Head::At(head) if head.seq > self.last.seq => {
                let says =
                    format!("the end is missing: {} records were written, {} is the last", head.seq, self.last.seq);
                self.settle_junk(None);
                self.end(says);
            }
            Head::At(head) if head.seq > 0 && !self.head_seen => {
                self.settle_junk(None);
                self.end(format!("record {}, the last that is remembered, is missing", head.seq));
            }
            Head::At(_) => {
                if let Some(junk) = self.junk.take() {
                    let says = format!("the last {} bytes are torn: a console was killed while it wrote", junk.bytes);
                    self.notice(junk.file, junk.line, says);
                }
            }
            Head::Missing if self.report.records > 0 || self.junk.is_some() => {
                self.settle_junk(None);
                self.end(
                    "what remembers the last record is missing: a tail that was cut off cannot be found".to_owned(),
                );
            }
            Head::Missing => {}
            Head::Unreadable(why) => {
                self.settle_junk(None);
                self.end(format!("what remembers the last record is unreadable: {why}"));
            }
        }
        self.report.last_seq = self.last.seq;
        self.report
    }

    /// Holds the next link against the chain so far.
    fn follow(&mut self, seq: u64, hash: &str, previous: &str, entry: Option<&Entry>) {
        let expected = self.last.seq.saturating_add(1);
        let had_junk = self.junk.is_some();
        let explained = self.settle_junk(entry);
        let replaced = had_junk && !explained && seq >= expected;
        if seq > expected && !replaced {
            let missing = if seq - expected == 1 {
                format!("record {expected}")
            } else {
                format!("records {expected} to {}", seq - 1)
            };
            self.problem(format!("{missing} missing before record {seq}"));
        } else if seq < expected {
            self.problem(format!("record {seq} stands after record {}", self.last.seq));
        } else if previous != self.last.hash && !replaced {
            self.problem(format!("record {seq} does not follow from the one before it"));
        }
        if let Head::At(head) = &self.head
            && head.seq == seq
        {
            self.head_seen = true;
            if head.hash != hash {
                self.problem(format!("record {seq} is not the one that was written: another hash is remembered"));
            }
        }
        self.last = Link { seq, hash: hash.to_owned() };
        self.report.records += 1;
        match entry {
            Some(Entry::Irregular { says }) => {
                self.problem(format!("record {seq} was added although {says}"));
            }
            Some(Entry::Torn { .. }) => {}
            Some(Entry::Rotated { from }) => {
                let expected = self.from.take();
                if expected.as_ref() != Some(from) {
                    let before = expected.unwrap_or_else(|| "nothing".into());
                    self.problem(format!("it goes on from {from}, but {before} stands before it"));
                }
            }
            Some(_) | None => {
                if let Some(from) = self.from.take() {
                    self.problem(format!("it does not say that it goes on from {from}"));
                }
            }
        }
    }

    fn note(&mut self, record: &Record) {
        let first: Timestamp = *self.report.first.get_or_insert(record.at);
        self.report.first = Some(first);
        self.report.last = Some(record.at);
    }

    fn add_junk(&mut self, raw: &[u8]) {
        let (file, line) = (self.file.clone(), self.line);
        let junk = self.junk.get_or_insert_with(|| Junk { file, line, bytes: 0, hash: Sha256::new() });
        junk.bytes += u64::try_from(raw.len()).unwrap_or(u64::MAX);
        junk.hash.update(raw);
    }

    /// Lines that are no records were torn where the record behind them says so. True where they were.
    fn settle_junk(&mut self, entry: Option<&Entry>) -> bool {
        let Some(junk) = self.junk.take() else {
            if let Some(Entry::Torn { .. }) = entry {
                self.problem("the torn line that it speaks of is not there".to_owned());
            }
            return false;
        };
        let digest = hex(&junk.hash.finalize());
        if matches!(entry, Some(Entry::Torn { bytes, sha256 }) if *bytes == junk.bytes && **sha256 == *digest) {
            let says = format!("{} bytes are torn: a console was killed, or the disk was full", junk.bytes);
            self.notice(junk.file, junk.line, says);
            return true;
        }
        let finding = Finding { file: junk.file, line: Some(junk.line), says: "this is no record".into() };
        push(&mut self.report.problems, &mut self.report.more, finding);
        false
    }

    fn problem(&mut self, says: String) {
        let finding = Finding { file: self.file.clone(), line: Some(self.line), says: says.into() };
        push(&mut self.report.problems, &mut self.report.more, finding);
    }

    fn end(&mut self, says: String) {
        let file = self.file.clone();
        self.problem_of(file, says);
    }

    fn notice(&mut self, file: Text, line: u64, says: String) {
        let finding = Finding { file, line: Some(line), says: says.into() };
        push(&mut self.report.notices, &mut self.report.more, finding);
    }
}

fn push(list: &mut Vec<Finding>, more: &mut usize, finding: Finding) {
    if list.len() < MOST {
        list.push(finding);
    } else {
        *more += 1;
    }
}
